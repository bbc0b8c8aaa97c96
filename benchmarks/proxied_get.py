"""A proxied GET with a bearer token: through the gateway, beside HAProxy checking the same token."""

import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import psutil

from benchmarks import haproxy
from benchmarks.bench import Bench
from benchmarks.cores import own_core
from benchmarks.figures import Figures, Row, rate_ratio
from benchmarks.load import WITHOUT_WRK, HttpLoad, run_load
from benchmarks.programs import running
from benchmarks.tools import Tool, find, need
from deploy.local import secrets
from deploy.local.blueprint import api
from deploy.local.environment import environment_of
from deploy.local.layout import GATEWAY, HOST, SERVICES, free_port

NAME: Final = "proxied_get"
CONNECTIONS: Final = 16
# At half load each caller waits a while between its requests, so there are more of them.
PACED_CONNECTIONS: Final = 64
MOST_ADDED_MS: Final = 5.0
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


@dataclass(frozen=True)
class _Processes:
    """The two proxies."""

    gateway: int
    haproxy: int


@dataclass
class _Side:
    """A way to an upstream through a proxy, and what its process has spent on it."""

    who: str
    load: HttpLoad
    process: psutil.Process
    folder: Path
    requests: int = 0
    cpu_seconds: float = 0.0

    async def measure(self) -> Figures:
        """Send the load, and see what it cost the proxy."""
        before = _cpu_seconds(self.process)
        figures = await run_load(self.who, self.load, self.folder)
        self.cpu_seconds += _cpu_seconds(self.process) - before
        self.requests += figures.count
        return figures

    def per_core(self) -> Figures:
        """Requests for each second that one core works."""
        rate = self.requests / self.cpu_seconds
        return Figures(who=self.who, count=self.requests, per_second=rate, p50_ms=None, p99_ms=None)


async def measure(bench: Bench) -> list[Row]:
    """Raises: Missing where there is no HAProxy."""
    need(Tool.HAPROXY)
    bench.advance("proxied_get: starting HAProxy and a gateway without rate limit")
    constant, gateway = free_port(), free_port()
    alone = _Case(
        "constant upstream",
        "GET with an ES256 token, to an upstream that costs nothing: the proxy alone",
        CONSTANT_PATH,
        haproxy.CheckedRoute("constant", free_port(), constant),
    )
    service = _Case(
        "licensing service",
        "the same to a service, which verifies the token too",
        REAL_PATH,
        haproxy.CheckedRoute("service", free_port(), bench.around.ports.api(LICENSING)),
    )
    async with _proxies(bench, (alone, service), constant, gateway) as processes:
        ours, peer = _sides(bench, alone, gateway, processes)
        throughput = await _throughput(bench, alone, ours, peer)
        return [
            throughput,
            _per_core(alone, ours, peer),
            await _added_at_half_load(bench, alone, (ours, peer), constant, throughput.ours),
            await _throughput(bench, service, *_sides(bench, service, gateway, processes)),
        ]


def _sides(bench: Bench, case: _Case, gateway: int, processes: _Processes) -> tuple[_Side, _Side]:
    load = HttpLoad(
        url=f"http://{HOST}:{gateway}{case.path}",
        connections=CONNECTIONS,
        seconds=bench.extent.seconds,
        at_most=bench.extent.at_most,
        headers={"Authorization": f"Bearer {bench.token('benchmark-reader', 'licensing.application.read')}"},
    )
    through_peer = replace(load, url=f"http://{HOST}:{case.checked.port}{case.path}")
    return (
        _Side("gateway", load, psutil.Process(processes.gateway), bench.folder),
        _Side("HAProxy, jwt_verify", through_peer, psutil.Process(processes.haproxy), bench.folder),
    )


async def _throughput(bench: Bench, case: _Case, ours: _Side, peer: _Side) -> Row:
    our_figures, peer_figures = await bench.in_turns(f"proxied_get: {case.name}", ours.measure, peer.measure)
    return Row(
        benchmark=NAME,
        case=case.name,
        explanation=case.explanation,
        ours=our_figures,
        peer=peer_figures,
        ratio=rate_ratio(our_figures, peer_figures),
        ratio_of="requests per second",
        higher_is_better=True,
        notes=(f"GET {case.path}", *_notes()),
    )


def _per_core(case: _Case, ours: _Side, peer: _Side) -> Row:
    our_figures, peer_figures = ours.per_core(), peer.per_core()
    return Row(
        benchmark=NAME,
        case=f"{case.name}, per core",
        explanation="of the same runs: requests for each second of a core that the proxy's process used",
        ours=our_figures,
        peer=peer_figures,
        ratio=rate_ratio(our_figures, peer_figures),
        ratio_of="requests per second of a core",
        higher_is_better=True,
        notes=("what else the machine does takes time from both, but is not counted",),
    )


async def _added_at_half_load(
    bench: Bench, case: _Case, sides: tuple[_Side, _Side], constant: int, fastest: Figures
) -> Row:
    """Compare with a limit: how much later the slowest hundredth comes than without a proxy, at half its best rate."""
    pace = (fastest.per_second or 1.0) / 2
    paused = PACED_CONNECTIONS / pace * 1000 - (fastest.p50_ms or 0.0) / 2
    ours, peer = (
        replace(side, load=replace(side.load, connections=PACED_CONNECTIONS, pause_ms=round(paused, 3)))
        for side in sides
    )
    direct = replace(
        ours, who="no proxy", load=replace(ours.load, url=f"http://{HOST}:{constant}{case.path}")
    )
    measured: tuple[list[Figures], list[Figures], list[Figures]] = ([], [], [])
    with own_core([ours.process, peer.process]) as has_own_core:
        for number in range(1, bench.extent.rounds + 1):
            for side, figures in zip((ours, peer, direct), measured, strict=True):
                bench.advance(f"proxied_get: at half load, round {number} of {bench.extent.rounds}")
                figures.append(await side.measure())
    through_us, through_peer, straight = (Figures.middle(figures) for figures in measured)
    added = max(0.001, (through_us.p99_ms or 0.0) - (straight.p99_ms or 0.0))
    added_by_peer = (through_peer.p99_ms or 0.0) - (straight.p99_ms or 0.0)
    return Row(
        benchmark=NAME,
        case="added at half load",
        explanation="how much later the 99th of 100 answers comes through the gateway than without it",
        ours=through_us.model_copy(update={"p50_ms": None, "p99_ms": added}),
        peer=Figures(who="limit", count=0, per_second=None, p50_ms=None, p99_ms=MOST_ADDED_MS),
        ratio=added / MOST_ADDED_MS,
        ratio_of="p99 added",
        higher_is_better=False,
        notes=(
            f"{PACED_CONNECTIONS} connections that pause at random, aiming at {pace:.0f} requests per second",
            f"p99 without a proxy {straight.p99_ms:.2f} ms, added by HAProxy {added_by_peer:.2f} ms",
            "the proxy had a core to itself" if has_own_core else "the proxy shared its core with all else",
        ),
    )


def _cpu_seconds(process: psutil.Process) -> float:
    times = process.cpu_times()
    return float(times.user + times.system)


@contextlib.asynccontextmanager
async def _proxies(
    bench: Bench, cases: tuple[_Case, ...], constant: int, gateway: int
) -> AsyncIterator[_Processes]:
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
        pids = []
        for configuration, port in ((constant_file, constant), (checking_file, checked[0].port)):
            log = folder / f"{configuration.stem}.log"
            arguments = haproxy.command(program, configuration)
            pids.append(await stack.enter_async_context(running(arguments, port=port, log=log)))
        pid = await stack.enter_async_context(
            running(command, port=gateway, log=folder / "gateway.log", environment=environment)
        )
        yield _Processes(gateway=pid, haproxy=pids[1])


def _notes() -> tuple[str, ...]:
    notes = [
        f"{CONNECTIONS} kept connections, one process of one thread each, the gateway's rate limit raised",
        "the gateway remembers a verified token and asks whether it was withdrawn, limits and keeps metrics; "
        "HAProxy verifies the signature each time, and does none of the rest",
    ]
    return tuple(notes) if find(Tool.WRK) else (*notes, WITHOUT_WRK)
