"""`tongban audit`: fetch an export of the local suite's audit log; verify an export anywhere, without a suite."""

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Final

import httpx
import typer

from deploy.local.access_token import request_token
from deploy.local.commands.options import Data, data_directory, refusals, refuse_outside_local_mode
from deploy.local.refusals import Refused
from deploy.local.suite import surroundings_of_running
from gateway.audit.domain.export_file import Verified, keys_of, verify_export
from shared.security.keys import UnusableKey, VerificationKey

app = typer.Typer(help="The audit log: fetch an export, verify one.", no_args_is_help=True)

AUDITOR: Final = "data_bureau"
_PROGRESS: Final = 50_000

File = Annotated[Path, typer.Argument(help="The export, one JSON object a line.")]
Keys = Annotated[
    Path | None,
    typer.Option("--keys", help="A key set that you had before (/audit/v1/keys), not the file's own."),
]


@app.command()
def export(file: File, data: Data = None) -> None:
    """Fetch the whole log of the local suite, with its signed roots, as the data bureau."""
    with refusals():
        refuse_outside_local_mode()
        if file.exists():
            raise Refused(f"{file} is there already; name another file")
        around = surroundings_of_running(data_directory(data))
        token = request_token(around, AUDITOR, ("audit.record.read",))["access_token"]
        written = _fetch(f"{around.public_url}/audit/v1/export", token, file)
    print(f"{written} lines in {file}; check them with `tongban audit verify {file}`")


@app.command()
def verify(file: File, keys: Keys = None) -> None:
    """Check an export offline and name the first bad entry; exit code 1 if there is one."""
    with refusals():
        trusted = None if keys is None else _read_keys(keys)
        try:
            with file.open("rb") as lines:
                found = verify_export(_counted(lines), trusted)
        except OSError as error:
            raise Refused(f"{file} cannot be read: {error.strerror}") from error
    print(_told(found))
    raise typer.Exit(0 if found.broken is None else 1)


def _fetch(url: str, token: str, file: Path) -> int:
    count = 0
    try:
        with (
            httpx.stream("GET", url, headers={"Authorization": f"Bearer {token}"}, timeout=60) as answer,
            file.open("xb") as out,
        ):
            if answer.status_code != httpx.codes.OK:
                answer.read()
                raise Refused(f"the gateway refuses: {answer.text[:300]}")
            for part in answer.iter_bytes():
                out.write(part)
                count += part.count(b"\n")
    except httpx.HTTPError as error:
        raise Refused(f"the gateway does not answer: {error}") from error
    return count


def _read_keys(file: Path) -> dict[str, VerificationKey]:
    try:
        return keys_of(json.loads(file.read_bytes())["keys"])
    except (OSError, ValueError, KeyError, TypeError, UnusableKey) as error:
        raise Refused(f"{file} is no key set: {error}") from error


def _counted(lines: Iterator[bytes]) -> Iterator[bytes]:
    for number, line in enumerate(lines, start=1):
        if number % _PROGRESS == 0:
            print(f"{number:,} lines checked", file=sys.stderr)
        yield line


def _told(found: Verified) -> str:
    if found.broken is not None:
        return f"broken at entry {found.broken.number}: {found.broken.why}"
    whose = (
        "keys of the file itself: name those you had before with --keys"
        if found.keys_from_file
        else "your keys"
    )
    return (
        f"whole: {found.entries} entries up to {found.head.number}, {found.under_root} under {found.roots} signed"
        f" roots, head {found.head.hash} ({whose})"
    )
