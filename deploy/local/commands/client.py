"""`tongban client`: register those who call the gateway, replace their keys, suspend them."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any, Final

import typer
from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table

from deploy.local.access_token import request_token
from deploy.local.client_registry import SCOPE, Registry, new_key, read_public_jwk
from deploy.local.commands.options import AsJson, Data, data_directory, refusals, refuse_outside_local_mode
from deploy.local.refusals import Refused
from deploy.local.suite import surroundings_of_running

app = typer.Typer(no_args_is_help=True)

LOCAL_ADMINISTRATOR: Final = "data_bureau"
Id = Annotated[str, typer.Argument(help="The client's id, such as tax-filing.")]
Jwk = Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="The public key as JWK.")]
Scope = Annotated[list[str] | None, typer.Option("--scope", help="What it may do; may be repeated.")]
Reason = Annotated[str, typer.Option("--reason", help="Why; kept on record and shown to the client.")]
Tier = Annotated[str | None, typer.Option("--tier", help="small, standard, large or internal.")]


@dataclass(frozen=True)
class Administrator:
    """Whose register it is, and by which client; of the local suite, where nothing is named."""

    gateway: str | None
    client_id: str | None
    key: Path | None


@app.callback()
def group(
    context: typer.Context,
    gateway: Annotated[str | None, typer.Option("--gateway", help="Another gateway: https://...")] = None,
    client_id: Annotated[str | None, typer.Option("--as", help="The administrator's client there.")] = None,
    key: Annotated[
        Path | None, typer.Option("--key", exists=True, dir_okay=False, help="Its private key (PEM).")
    ] = None,
) -> None:
    """Clients (接入方): who may call the gateway; kept by the data bureau, here of the local suite."""
    context.obj = Administrator(gateway, client_id, key)


@app.command("new-key")
def make_key(
    file: Annotated[
        Path, typer.Argument(help="Where the private key goes (PEM); it never leaves its owner.")
    ],
) -> None:
    """Make a key pair and print its public half as a JWK, to be given to the data bureau."""
    with refusals():
        print(json.dumps(new_key(file)))


@app.command("list")
def list_clients(
    context: typer.Context,
    agency: Annotated[str | None, typer.Option("--agency", help="Credit code of their agency.")] = None,
    standing: Annotated[str | None, typer.Option("--standing", help="active, suspended or closed.")] = None,
    data: Data = None,
    as_json: AsJson = False,
) -> None:
    """List clients by their ids."""
    asked = {"agency": agency, "standing": standing}
    with _registry(context, data) as registry:
        found = registry.list_clients({name: value for name, value in asked.items() if value})
    if as_json:
        print(json.dumps(found, ensure_ascii=False))
        return
    table = Table(box=SIMPLE_HEAD, pad_edge=False)  # fits 80 columns: ids whole; `show` tells the rest
    table.add_column("client", no_wrap=True)
    table.add_column("name", overflow="fold")
    for heading in ("kind", "serves", "tier", "keys"):
        table.add_column(heading)
    for client in found:
        is_active = client["standing"] == "active"
        table.add_row(
            client["client_id"],
            client["name"],
            client["kind"],
            client["environment"] if is_active else client["standing"],
            client["tier"],
            "public" if client["is_public"] else str(len(client["keys"])),
        )
    Console(highlight=False).print(table)


@app.command()
def show(
    context: typer.Context,
    client_id: Id,
    data: Data = None,
    as_json: AsJson = False,
) -> None:
    """Show how a client is registered and how it stands."""
    with _registry(context, data) as registry:
        _tell(registry.read(client_id), as_json)


@app.command()
def register(
    context: typer.Context,
    client_id: Id,
    name: Annotated[str, typer.Option("--name", help="As people read it.")],
    agency: Annotated[str, typer.Option("--agency", help="Credit code of the agency that owns it.")],
    scope: Annotated[list[str], typer.Option("--scope", help="What it may do; may be repeated.")],
    kind: Annotated[str, typer.Option("--kind", help="agency, service or app.")] = "service",
    jwk: Annotated[
        list[Path] | None,
        typer.Option("--jwk", exists=True, dir_okay=False, help="Public key; an app may go without."),
    ] = None,
    redirect: Annotated[
        list[str] | None, typer.Option("--redirect", help="Where an app's people come back to.")
    ] = None,
    live: Annotated[bool, typer.Option("--live", help="Live at once, without trial.")] = False,
    tier: Tier = None,
    region: Annotated[str | None, typer.Option("--region", help="Division code of where it serves.")] = None,
    data: Data = None,
    as_json: AsJson = False,
) -> None:
    """Register a client: for trial, unless --live."""
    body = {
        "client_id": client_id,
        "name": name,
        "kind": kind,
        "agency": agency,
        "environment": "live" if live else "test",
        "scopes": scope,
        "redirect_uris": redirect or [],
        "tier": tier,
        "region_code": region,
    }
    with _registry(context, data) as registry:
        keys = [read_public_jwk(file) for file in jwk or ()]
        _tell(registry.register(body | {"jwks": keys}), as_json)


@app.command()
def release(
    context: typer.Context,
    client_id: Id,
    scope: Scope = None,
    tier: Tier = None,
    data: Data = None,
    as_json: AsJson = False,
) -> None:
    """Let a test client work: in its agency's name, without end, with the scopes given here or those it has."""
    body = ({"scopes": scope} if scope else {}) | ({"tier": tier} if tier else {})
    with _registry(context, data) as registry:
        _tell(registry.act(client_id, "release", body), as_json)


@app.command("add-key")
def add_key(
    context: typer.Context,
    client_id: Id,
    jwk: Jwk,
    not_before: Annotated[datetime | None, typer.Option("--from", help="Good from then on (UTC).")] = None,
    not_after: Annotated[datetime | None, typer.Option("--until", help="Good until then (UTC).")] = None,
    data: Data = None,
    as_json: AsJson = False,
) -> None:
    """Add a public key; the older ones stay good until they are removed."""
    times = {"not_before": _instant(not_before), "not_after": _instant(not_after)}
    with _registry(context, data) as registry:
        body: dict[str, object] = {"jwk": read_public_jwk(jwk), **times}
        _tell(registry.act(client_id, "keys", body), as_json)


@app.command("remove-key")
def remove_key(
    context: typer.Context,
    client_id: Id,
    kid: Annotated[str, typer.Argument(help="The key's id, as `tongban client show` tells it.")],
    compromised: Annotated[
        bool, typer.Option("--compromised", help="Others may have it: refuse the client's tokens too.")
    ] = False,
    data: Data = None,
    as_json: AsJson = False,
) -> None:
    """End a key for good."""
    body = {"because": "compromised" if compromised else "replaced"}
    with _registry(context, data) as registry:
        _tell(registry.act(client_id, f"keys/{kid}/removal", body), as_json)


@app.command()
def suspend(
    context: typer.Context,
    client_id: Id,
    reason: Reason,
    data: Data = None,
    as_json: AsJson = False,
) -> None:
    """Refuse a client at once, its living tokens within seconds."""
    with _registry(context, data) as registry:
        _tell(registry.act(client_id, "suspension", {"reason": reason}), as_json)


@app.command()
def resume(
    context: typer.Context,
    client_id: Id,
    data: Data = None,
    as_json: AsJson = False,
) -> None:
    """Serve a suspended client again."""
    with _registry(context, data) as registry:
        _tell(registry.act(client_id, "resumption"), as_json)


@app.command()
def close(
    context: typer.Context,
    client_id: Id,
    reason: Reason,
    data: Data = None,
    as_json: AsJson = False,
) -> None:
    """Close a client for good; its id is not given again."""
    with _registry(context, data) as registry:
        _tell(registry.act(client_id, "closure", {"reason": reason}), as_json)


@contextmanager
def _registry(context: typer.Context, data: Path | None) -> Iterator[Registry]:
    """The register of another gateway, or of the local suite; refusals become one line."""
    with refusals():
        administrator: Administrator = context.obj
        if administrator.gateway is not None:
            if administrator.client_id is None or administrator.key is None:
                raise Refused("--gateway needs --as CLIENT and --key FILE of an administrator's client")
            yield Registry.behind(administrator.gateway, administrator.client_id, administrator.key)
            return
        refuse_outside_local_mode()
        around = surroundings_of_running(data_directory(data))
        token = request_token(around, LOCAL_ADMINISTRATOR, (SCOPE,))["access_token"]
        yield Registry(around.public_url, token)


def _tell(client: dict[str, Any], as_json: bool) -> None:
    if as_json:
        print(json.dumps(client, ensure_ascii=False))
        return
    table = Table(show_header=False)
    for name in ("client_id", "name", "kind", "agency_uscc", "environment", "expires_at", "standing"):
        if client[name] is not None:
            table.add_row(name, str(client[name]))
    if client["standing_reason"]:
        table.add_row("reason", client["standing_reason"])
    table.add_row("tier", client["tier"])
    table.add_row("scopes", "\n".join(client["scopes"]))
    for uri in client["redirect_uris"]:
        table.add_row("redirect", uri)
    for number, each in enumerate(client["keys"], start=1):
        until = f" to {each['not_after']}" if each["not_after"] else ""
        table.add_row(f"key {number}", f"{each['kid']}\nfrom {each['not_before']}{until}")
    Console(highlight=False).print(table)


def _instant(at: datetime | None) -> str | None:
    return None if at is None else f"{at.isoformat(timespec='seconds')}Z"
