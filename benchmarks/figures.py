"""What a run measured: rows of figures beside a peer's, the machine, and what was left out and why."""

from collections.abc import Sequence
from datetime import datetime
from statistics import median
from typing import Self

from pydantic import BaseModel, ConfigDict, Field


class _Value(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Figures(_Value):
    """One side of a comparison. `errors` are answers that the rate leaves out."""

    who: str
    count: int = Field(ge=0)
    per_second: float | None = Field(ge=0)
    p50_ms: float | None = Field(ge=0)
    p99_ms: float | None = Field(ge=0)
    errors: int = Field(0, ge=0)

    @classmethod
    def of_durations(cls, who: str, seconds: Sequence[float], *, errors: int = 0) -> Self:
        """From single durations; they say nothing about a rate. Raises: ValueError without any."""
        return cls(
            who=who,
            count=len(seconds),
            per_second=None,
            p50_ms=percentile(seconds, 50) * 1000,
            p99_ms=percentile(seconds, 99) * 1000,
            errors=errors,
        )

    @classmethod
    def middle(cls, rounds: Sequence[Self]) -> Self:
        """The middle of several rounds of the same: medians of rates and latencies, sums of counts."""
        return cls(
            who=rounds[0].who,
            count=sum(one.count for one in rounds),
            per_second=_median_of([one.per_second for one in rounds]),
            p50_ms=_median_of([one.p50_ms for one in rounds]),
            p99_ms=_median_of([one.p99_ms for one in rounds]),
            errors=sum(one.errors for one in rounds),
        )


class Row(_Value):
    """One comparison. The ratio is ours divided by the peer's, of what `ratio_of` names."""

    benchmark: str
    case: str
    explanation: str
    ours: Figures
    peer: Figures
    ratio: float = Field(gt=0)
    ratio_of: str
    higher_is_better: bool
    notes: tuple[str, ...] = ()


class Skipped(_Value):
    """A comparison that was not made: what would make it possible, or what went wrong."""

    benchmark: str
    reason: str
    is_failure: bool


class Machine(_Value):
    """Where it ran, with what, and how busy it was with other things: noise is part of a result."""

    cores: int = Field(ge=1)
    cpu_model: str
    memory_gib: float
    system: str
    load_average_before: float
    load_average_after: float
    versions: dict[str, str]


class Report(_Value):
    """The whole of `latest.json`."""

    made_at: datetime
    commit: str | None
    has_uncommitted_changes: bool
    is_quick: bool
    seconds: float = Field(ge=0)
    machine: Machine
    rows: tuple[Row, ...]
    skipped: tuple[Skipped, ...]


def percentile(values: Sequence[float], percent: float) -> float:
    """The smallest value that at least `percent` of all do not exceed. Raises: ValueError without values."""
    if not values:
        raise ValueError("no values")
    ordered = sorted(values)
    rank = -(-len(ordered) * percent // 100)  # rounded up
    return ordered[max(0, int(rank) - 1)]


def rate_ratio(ours: Figures, peer: Figures) -> float:
    """Our rate in the peer's. Raises: ValueError where one of them has none."""
    if not ours.per_second or not peer.per_second:
        raise ValueError(f"no rate: {ours.who} {ours.per_second}, {peer.who} {peer.per_second}")
    return ours.per_second / peer.per_second


def median_ratio(ours: Figures, peer: Figures) -> float:
    """Our median latency in the peer's. Raises: ValueError where one of them has none."""
    if not ours.p50_ms or not peer.p50_ms:
        raise ValueError(f"no latency: {ours.who} {ours.p50_ms}, {peer.who} {peer.p50_ms}")
    return ours.p50_ms / peer.p50_ms


def _median_of(values: Sequence[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return median(known) if known else None
