"""From a commit in one service to its effect in another, beside JetStream itself."""

import asyncio
import secrets
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import asyncpg
import httpx
import nats
from nats.js import JetStreamContext
from nats.js.api import ConsumerConfig, StreamConfig

from benchmarks.bench import Bench
from benchmarks.figures import Figures, Row, median_ratio
from deploy.local.blueprint import cluster_of
from deploy.local.broker_access import provisioner
from deploy.local.layout import SERVICES
from deploy.local.refusals import Refused

NAME: Final = "event_delay"
REGISTRATION: Final = next(part for part in SERVICES if part.name == "registration")
FILINGS: Final = "/registration/v1/filings"
EVENT_TYPE: Final = "cn.tongban.registration.enterprise.registered.v1"
INBOX: Final = "REGISTRATION/credit_opening"
STREAM: Final = "BENCHMARK"
SUBJECT: Final = "benchmark.round"
ARRIVE_SECONDS: Final = 60.0
# Characters for made-up names; none of them is a division, a trade or a word that a name may not hold.
SYLLABLES: Final = "云溪兰舟青禾松月梅雨荷风竹影桐秋枫晚霞晨露星河清泉石涧柳岸莺歌雁书鹤鸣"

RECORDED: Final = """
    SELECT event_id::text AS id, recorded_at AS at, octet_length(event::text) AS bytes FROM outbox
    WHERE type = $1 AND subject = ANY($2::text[])
"""
APPLIED: Final = """
    SELECT event_id AS id, applied_at AS at FROM inbox
    WHERE durable = $1 AND state = 'applied' AND event_id = ANY($2::text[])
"""

Send = Callable[[], Awaitable[None]]
Arrived = Callable[[], Awaitable[bool]]


@dataclass(frozen=True)
class _Recorded:
    """An event in the publisher's outbox."""

    at: datetime
    size: int


async def measure(bench: Bench) -> list[Row]:
    """Raises: Refused where registration registers nothing or credit does not hear of it."""
    pace = 1 / bench.extent.events_per_second
    rows = []
    for case, seconds in (("idle", None), (f"{bench.extent.events_per_second} per second", pace)):
        bench.advance(f"event_delay: {case}, registration to credit")
        ours, size = await _enterprises(bench, seconds)
        bench.advance(f"event_delay: {case}, JetStream alone")
        peer = await _messages(bench, seconds, size)
        rows.append(
            Row(
                benchmark=NAME,
                case=case,
                explanation="an enterprise is registered: from the event in registration's outbox to its "
                "application at credit; the peer publishes and fetches a message of that size",
                ours=ours,
                peer=peer,
                ratio=median_ratio(ours, peer),
                ratio_of="median delay",
                higher_is_better=False,
                notes=(
                    f"{ours.count} events of about {size} bytes; " + _meaning(seconds),
                    "both ends are the instants at which the transactions began: outbox row, relay, publish "
                    "with fsync and fetch lie between, the follower's own work does not",
                ),
            )
        )
    return rows


def _meaning(seconds: float | None) -> str:
    return "the next one when the last has arrived" if seconds is None else "sent at a steady pace"


async def _enterprises(bench: Bench, pace: float | None) -> tuple[Figures, int]:
    """Register enterprises; return how long their events took, and their median size."""
    headers = {"Authorization": f"Bearer {bench.token('benchmark-founder', 'registration.filing.submit')}"}
    registered: list[str] = []
    recorded: dict[str, _Recorded] = {}
    applied: dict[str, datetime] = {}
    cluster = cluster_of(bench.around)
    publisher, follower = [await asyncpg.connect(cluster.url(n)) for n in ("registration", "credit")]
    try:
        async with httpx.AsyncClient(base_url=bench.around.ports.url(REGISTRATION), timeout=15) as client:

            async def submit() -> None:
                answer = await client.post(
                    FILINGS, json=_filing(), headers=headers | {"Idempotency-Key": secrets.token_hex(16)}
                )
                if answer.status_code != 201:
                    raise Refused(f"registration answers {answer.status_code}: {answer.text[:300]}")
                # A name that chance made too like another one is left to a registrar: no event, not counted.
                if answer.json()["uscc"]:
                    registered.append(answer.json()["uscc"])

            async def arrived() -> bool:
                missing = [uscc for uscc in registered if uscc not in known_subjects]
                for row in await publisher.fetch(RECORDED, EVENT_TYPE, missing):
                    recorded[row["id"]] = _Recorded(row["at"], row["bytes"])
                known_subjects.update(missing)
                for row in await follower.fetch(APPLIED, INBOX, list(recorded.keys() - applied.keys())):
                    applied[row["id"]] = row["at"]
                return len(applied) == len(recorded) == len(registered)

            known_subjects: set[str] = set()
            await _send(submit, arrived, count=bench.extent.events, pace=pace)
    finally:
        await publisher.close()
        await follower.close()
    if not recorded:
        raise Refused("registration approved none of the filings; see its log")
    delays = [(applied[key] - event.at).total_seconds() for key, event in recorded.items()]
    sizes = sorted(event.size for event in recorded.values())
    return Figures.of_durations("registration to credit", delays), sizes[len(sizes) // 2]


async def _messages(bench: Bench, pace: float | None, size: int) -> Figures:
    """Publish to a stream of the same broker and fetch from it, as the relay and the consumers do."""
    delays: list[float] = []
    sent = 0
    async with provisioner(bench.around) as client:
        jetstream = client.jetstream()
        await jetstream.add_stream(StreamConfig(name=STREAM, subjects=[SUBJECT], max_bytes=2**26))
        await jetstream.add_consumer(STREAM, ConsumerConfig(durable_name=STREAM, ack_policy="explicit"))  # type: ignore[arg-type]
        subscription = await jetstream.pull_subscribe_bind(durable=STREAM, stream=STREAM)
        fetching = asyncio.create_task(_fetch(subscription, delays))
        try:

            async def publish() -> None:
                nonlocal sent
                stamp = f"{time.time_ns()} ".encode()
                await jetstream.publish(SUBJECT, stamp.ljust(size, b"x"), stream=STREAM)
                sent += 1

            async def arrived() -> bool:
                if fetching.done():
                    fetching.result()
                return len(delays) == sent

            await _send(publish, arrived, count=bench.extent.events, pace=pace)
        finally:
            fetching.cancel()
            await asyncio.gather(fetching, return_exceptions=True)
            await jetstream.delete_stream(STREAM)
    return Figures.of_durations("JetStream publish and fetch", delays)


async def _fetch(subscription: JetStreamContext.PullSubscription, delays: list[float]) -> None:
    while True:
        try:
            messages = await subscription.fetch(100, timeout=1)
        except (TimeoutError, nats.errors.TimeoutError):
            continue
        now = time.time_ns()
        delays += [(now - int(message.data.split(b" ", 1)[0])) / 1e9 for message in messages]
        for message in messages:
            await message.ack()


async def _send(
    send: Send, arrived: Callable[[], Awaitable[bool]], *, count: int, pace: float | None
) -> None:
    """Send `count` times, at a pace or each after the last has arrived; return when all have arrived."""
    if pace is None:
        for _ in range(count):
            await send()
            await _until(arrived)
        return
    under_way: set[asyncio.Task[None]] = set()
    started = time.monotonic()
    for number in range(count):
        await asyncio.sleep(max(0.0, started + number * pace - time.monotonic()))
        under_way.add(asyncio.create_task(_awaited(send)))
    await asyncio.gather(*under_way)
    await _until(arrived)


async def _awaited(send: Send) -> None:
    await send()


async def _until(condition: Arrived) -> None:
    deadline = time.monotonic() + ARRIVE_SECONDS
    while not await condition():
        if time.monotonic() > deadline:
            raise Refused(f"not everything arrived within {ARRIVE_SECONDS:.0f} s")
        await asyncio.sleep(0.002)


def _filing() -> dict[str, object]:
    """An establishment that the rules approve; the person is made up."""
    distinctive = "".join(secrets.choice(SYLLABLES) for _ in range(5))
    return {
        "kind": "establishment",
        "enterprise_kind": "limited_company",
        "name": {"division": "永济市", "distinctive": distinctive, "trade": "餐饮", "form": "有限公司"},
        "domicile": {"division_code": "140881001", "street": "河东大道12号", "commitment": True},
        "service_address_confirmed": True,
        "scope": ["H6210-01"],
        "registered_capital_fen": 10_000_000,
        "people": _people(("legal_representative", "shareholder")),
    }


def _people(roles: Sequence[str]) -> list[dict[str, object]]:
    return [
        {
            "roles": list(roles),
            "name": "张三丰",
            "id_number": "140881199001010016",
            "phone": "13800000000",
            "subscribed_fen": 10_000_000,
        }
    ]
