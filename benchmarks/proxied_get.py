"""A proxied GET with a bearer token: through the gateway, beside HAProxy checking the same token."""

import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass
from functools import partial
from typing import Final

from benchmarks import haproxy
from benchmarks.bench import Bench
from benchmarks.figures import Row, rate_ratio
from benchmarks.load import WITHOUT_WRK, HttpLoad, run_load
from benchmarks.programs import running
from benchmarks.tools import Tool, find, need
from deploy.local import secrets
from deploy.local.blueprint import api
from deploy.local.environment import environment_of
from deploy.local.layout import GATEWAY, HOST, SERVICES, free_port

NAME: Final = "proxied_get"
CONNECTIONS: Final = 16
LICENSING: Final = next(part for part in SERVICES if part.name == "licensing")
REAL_PATH: Final = "/licensing/v1/industries"
# The gateway's way to credit leads to the constant upstream here.
CONSTANT_PATH: Final = "/credit/v1/constant"
CONSTANT_ANSWER: Final = '{"industries":[{"code":"restaurant","name":"constant answer of the benchmark"}]}'
UNLIMITED: Final = {"TONGBAN_GATEWAY_RATE_PER_SECOND": "1000000", "TONGBAN_GATEWAY_RATE_BURST": "1000000"}


@dataclass(frozen=True)
class _Case:
    """An upstream, and the two ways to it."""

    name: str
    explanation: str
    path: str
    checked: haproxy.CheckedRoute


async def measure(bench: Bench) -> list[Row]:
    """Raises: Missing where there is no HAProxy."""
    need(Tool.HAPROXY)
    bench.advance("proxied_get: starting HAProxy and a gateway without rate limit")
    constant, gateway = free_port(), free_port()
    cases = (
        _Case(
            "constant upstream",
            "GET with an ES256 token, to an upstream that costs nothing: the proxy alone",
            CONSTANT_PATH,
            haproxy.CheckedRoute("constant", free_port(), constant),
        ),
        _Case(
            "licensing service",
            "the same to a service, which verifies the token too",
            REAL_PATH,
            haproxy.CheckedRoute("service", free_port(), bench.around.ports.api(LICENSING)),
        ),
    )
    headers = {"Authorization": f"Bearer {bench.token('benchmark-reader', 'licensing.application.read')}"}
    rows = []
    async with _proxies(bench, cases, constant, gateway):
        for case in cases:
            load = partial(
                HttpLoad,
                connections=CONNECTIONS,
                seconds=bench.extent.seconds,
                at_most=bench.extent.at_most,
                headers=headers,
            )
            through_us = load(url=f"http://{HOST}:{gateway}{case.path}")
            through_peer = load(url=f"http://{HOST}:{case.checked.port}{case.path}")
            ours, peer = await bench.in_turns(
                f"proxied_get: {case.name}",
                partial(run_load, "gateway", through_us, bench.folder),
                partial(run_load, "HAProxy, jwt_verify", through_peer, bench.folder),
            )
            rows.append(
                Row(
                    benchmark=NAME,
                    case=case.name,
                    explanation=case.explanation,
                    ours=ours,
                    peer=peer,
                    ratio=rate_ratio(ours, peer),
                    ratio_of="requests per second",
                    higher_is_better=True,
                    notes=(f"GET {case.path}", *_notes()),
                )
            )
    return rows


@contextlib.asynccontextmanager
async def _proxies(
    bench: Bench, cases: tuple[_Case, ...], constant: int, gateway: int
) -> AsyncIterator[None]:
    """The constant upstream, HAProxy checking tokens, and a second API process of the gateway."""
    folder, around = bench.folder, bench.around
    program = need(Tool.HAPROXY)
    public_key = folder / "gateway-public.pem"
    haproxy.write_public_key(secrets.signing_key_file(around.data, GATEWAY.name), public_key)
    constant_file, checking_file = folder / "constant.cfg", folder / "checking.cfg"
    constant_file.write_text(haproxy.constant_configuration(constant, CONSTANT_ANSWER))
    checked = tuple(case.checked for case in cases)
    checking_file.write_text(
        haproxy.checking_configuration(checked, issuer=around.public_url, public_key=public_key)
    )
    environment = environment_of(GATEWAY, around) | UNLIMITED
    environment["TONGBAN_GATEWAY_CREDIT_URL"] = f"http://{HOST}:{constant}"
    command = api(GATEWAY, around).command
    command[command.index("--port") + 1] = str(gateway)
    async with contextlib.AsyncExitStack() as stack:
        for configuration, port in ((constant_file, constant), (checking_file, checked[0].port)):
            log = folder / f"{configuration.stem}.log"
            arguments = haproxy.command(program, configuration)
            await stack.enter_async_context(running(arguments, port=port, log=log))
        await stack.enter_async_context(
            running(command, port=gateway, log=folder / "gateway.log", environment=environment)
        )
        yield


def _notes() -> tuple[str, ...]:
    notes = [
        f"{CONNECTIONS} kept connections, one process of one thread each, the gateway's rate limit raised",
        "the gateway remembers a verified token and asks whether it was withdrawn, limits and keeps metrics; "
        "HAProxy verifies the signature each time, and does none of the rest",
    ]
    return tuple(notes) if find(Tool.WRK) else (*notes, WITHOUT_WRK)
