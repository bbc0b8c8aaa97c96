"""From a commit in one service to its effect in another, beside JetStream itself."""

from collections.abc import Sequence
from typing import Final

from benchmarks.bench import Bench
from benchmarks.figures import Figures, Row, median_ratio, percentile
from benchmarks.pacing import send_all
from benchmarks.plain_messages import messaging
from benchmarks.registered_enterprises import registering

NAME: Final = "event_delay"
FROM_OUTBOX: Final = "an event of registration, from its outbox row until credit applies it"
FROM_ANSWER: Final = "the same events, from the answer to the request, right after its commit"


async def measure(bench: Bench) -> list[Row]:
    """Raises: Refused where registration registers nothing or credit does not hear of it."""
    return [*await _rows(bench, None), *await _rows(bench, bench.extent.events_per_second)]


async def _rows(bench: Bench, per_second: int | None) -> list[Row]:
    case = "one at a time" if per_second is None else f"{per_second} per second"
    count = bench.extent.events
    bench.advance(f"event_delay: {case}, registration to credit")
    async with registering(bench) as enterprises:
        await send_all(enterprises, count=count, per_second=per_second)
    size = enterprises.usual_size()
    bench.advance(f"event_delay: {case}, JetStream alone")
    async with messaging(bench.around, size) as messages:
        await send_all(messages, count=count, per_second=per_second)
    peer = Figures.of_durations("JetStream publish, fetch", messages.delays)
    requests = [percentile(enterprises.request_seconds, percent) * 1000 for percent in (50, 99)]
    notes = (
        f"{count} events of about {size} bytes; the peer's messages have that size, on the same broker",
        "an outbox row and its application are stamped as their transactions begin: the rest of the request, relay, "
        "publish with fsync and fetch lie between; the follower's own work does not",
        f"the registering request took p50 {requests[0]:.0f} ms, p99 {requests[1]:.0f} ms",
    )
    return [
        _row(f"{case}, from the outbox", FROM_OUTBOX, enterprises.delays(), peer, notes),
        _row(f"{case}, from the answer", FROM_ANSWER, enterprises.delays_since_answer(), peer, notes),
    ]


def _row(case: str, explanation: str, delays: Sequence[float], peer: Figures, notes: tuple[str, ...]) -> Row:
    ours = Figures.of_durations("registration to credit", delays)
    return Row(
        benchmark=NAME,
        case=case,
        explanation=explanation,
        ours=ours,
        peer=peer,
        ratio=median_ratio(ours, peer),
        ratio_of="median delay",
        higher_is_better=False,
        notes=notes,
    )
