"""CPU time that all followers need for an establishment, beside what the establishment itself costs."""

import asyncio
import secrets
import time
from typing import Final

import asyncpg
import httpx

from benchmarks.bench import Bench
from benchmarks.figures import Figures, Row, rate_ratio
from benchmarks.followers import cpu_seconds
from benchmarks.registered_enterprises import FILINGS, REGISTRATION, a_filing
from deploy.local.blueprint import cluster_of
from deploy.local.refusals import Refused

NAME: Final = "following_cost"
PER_SECOND: Final = 8
WARM_UP: Final = 16
IDLE_SECONDS: Final = 8.0
SETTLE_SECONDS: Final = 120.0
_OWN: Final = "registration."
_FOLLOWERS: Final = ("credit", "licensing", "gateway")
_APPLIED: Final = "SELECT count(*) FROM inbox WHERE state = 'applied' AND durable ~ '^(REGISTRATION|CREDIT)/'"


async def measure(bench: Bench) -> list[Row]:
    """Raises: Refused where the rules do not approve a filing, or followers do not come to rest."""
    cluster = cluster_of(bench.around)
    token = bench.token("benchmark-founder", "registration.filing.submit")
    followers = [await asyncpg.connect(cluster.url(name)) for name in _FOLLOWERS]
    try:
        async with httpx.AsyncClient(
            base_url=bench.around.ports.url(REGISTRATION),
            headers={"Authorization": f"Bearer {token}"},
            timeout=30,
        ) as client:
            await _established(client, WARM_UP)
            before = await _at_rest(followers)
            bench.advance(f"{NAME}: nothing happens")
            idle, began = cpu_seconds(cluster.directory), time.monotonic()
            await asyncio.sleep(IDLE_SECONDS)
            started, since = cpu_seconds(cluster.directory), time.monotonic()
            idling = {k: (started[k] - idle.get(k, 0.0)) / (since - began) for k in started}
            count = bench.extent.establishments
            bench.advance(f"{NAME}: {count} establishments")
            await _established(client, count)
            applied = await _at_rest(followers) - before
            ended, seconds = cpu_seconds(cluster.directory), time.monotonic() - since
    finally:
        for follower in followers:
            await follower.close()
    cost = {k: max(ended[k] - started.get(k, 0.0) - idling.get(k, 0.0) * seconds, 0.0) / count for k in ended}
    return [_row(cost, idling, count, applied / count)]


def _row(cost: dict[str, float], idling: dict[str, float], count: int, applied: float) -> Row:
    own = sum(each for name, each in cost.items() if name.startswith(_OWN))
    following = sum(each for name, each in cost.items() if name.partition(".")[0] in _FOLLOWERS)
    ours = _figures("the followers", count, following)
    peer = _figures("registration itself", count, own)
    return Row(
        benchmark=NAME,
        case="credit, licensing, gateway",
        explanation="establishments that one second of CPU time pays for: all followers, beside registration",
        ours=ours,
        peer=peer,
        ratio=rate_ratio(ours, peer),
        ratio_of="establishments per CPU second",
        higher_is_better=True,
        notes=(
            f"{applied:.0f} deliveries applied for each establishment",
            "milliseconds each: " + _shares(cost),
            "idle, milliseconds a second, taken off: " + _shares(idling),
        ),
    )


def _shares(seconds: dict[str, float]) -> str:
    ordered = sorted(seconds.items(), key=lambda each: each[1], reverse=True)
    return ", ".join(f"{name} {1000 * each:.1f}" for name, each in ordered)


def _figures(who: str, count: int, cost: float) -> Figures:
    return Figures(who=who, count=count, per_second=1 / max(cost, 1e-6), p50_ms=None, p99_ms=None)


async def _established(client: httpx.AsyncClient, count: int) -> None:
    began = time.monotonic()

    async def one(number: int) -> None:
        await asyncio.sleep(max(0.0, began + number / PER_SECOND - time.monotonic()))
        answer = await client.post(
            FILINGS, json=a_filing(), headers={"Idempotency-Key": secrets.token_hex(16)}
        )
        if answer.status_code != httpx.codes.CREATED:
            raise Refused(f"registration answers {answer.status_code}: {answer.text[:500]}")

    await asyncio.gather(*(one(number) for number in range(count)))


async def _at_rest(followers: "list[asyncpg.Connection]") -> int:
    """Wait until nothing more is applied for two seconds; how much was applied so far."""
    deadline = time.monotonic() + SETTLE_SECONDS
    last, still = -1, 0
    while still < 4:
        if time.monotonic() > deadline:
            raise Refused(f"the followers did not come to rest within {SETTLE_SECONDS:.0f} s")
        found = sum([await follower.fetchval(_APPLIED) for follower in followers])
        last, still = found, still + 1 if found == last else 0
        await asyncio.sleep(0.5)
    return last
