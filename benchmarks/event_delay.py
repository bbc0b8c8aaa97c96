"""From a commit in one service to its effect in another, beside JetStream itself."""

from typing import Final

from benchmarks.bench import Bench
from benchmarks.figures import Figures, Row, median_ratio, percentile
from benchmarks.pacing import send_all
from benchmarks.plain_messages import messaging
from benchmarks.registered_enterprises import registering

NAME: Final = "event_delay"
EXPLANATION: Final = (
    "an enterprise is registered: from the event in registration's outbox until credit applies it; "
    "the peer publishes and fetches a message of that size on the same broker"
)


async def measure(bench: Bench) -> list[Row]:
    """Raises: Refused where registration registers nothing or credit does not hear of it."""
    return [await _row(bench, None), await _row(bench, bench.extent.events_per_second)]


async def _row(bench: Bench, per_second: int | None) -> Row:
    case = "one at a time" if per_second is None else f"{per_second} per second"
    count = bench.extent.events
    bench.advance(f"event_delay: {case}, registration to credit")
    async with registering(bench) as enterprises:
        await send_all(enterprises, count=count, per_second=per_second)
    size = enterprises.usual_size()
    bench.advance(f"event_delay: {case}, JetStream alone")
    async with messaging(bench.around, size) as messages:
        await send_all(messages, count=count, per_second=per_second)
    ours = Figures.of_durations("registration to credit", enterprises.delays())
    peer = Figures.of_durations("JetStream publish, fetch", messages.delays)
    request_ms = percentile(enterprises.request_seconds, 50) * 1000
    return Row(
        benchmark=NAME,
        case=case,
        explanation=EXPLANATION,
        ours=ours,
        peer=peer,
        ratio=median_ratio(ours, peer),
        ratio_of="median delay",
        higher_is_better=False,
        notes=(
            f"{count} events of about {size} bytes",
            "both ends are the instants at which the transactions began: the rest of the registering one, relay, "
            "publish with fsync and fetch lie between; the follower's own work does not",
            f"the request that registered took {request_ms:.0f} ms in the median, most of it inside the delay",
        ),
    )
