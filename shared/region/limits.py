"""Time limits and other numbers that a city's policies set, each with the words that set it."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Annotated, Final, Self

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from shared.calendar import InvalidLimit, Limit, LimitUnit
from shared.region.facts import DottedKey, Fact, Key, Line

STATUTORY_DAYS: Final[Mapping[str, int]] = {"dereg.general.limit": 15}
"""Limits that a city may promise to be shorter and never longer, in working days. Source: REG-30."""
_IN_DAYS: Final = (LimitUnit.WORKING_DAY, LimitUnit.CALENDAR_DAY, LimitUnit.IMMEDIATE)


class Term(Fact):
    """A span of time as its source has it; `immediate` goes with the value 0."""

    value: Annotated[Decimal, Field(ge=0, le=1000, decimal_places=2)]
    unit: LimitUnit

    @model_validator(mode="after")
    def _is_a_limit(self) -> Self:
        try:
            Limit(self.value, self.unit)
        except InvalidLimit as refusal:
            raise PydanticCustomError("no_limit", "{why}", {"why": str(refusal)}) from None
        return self

    @property
    def limit(self) -> Limit:
        """The span as the calendar counts it."""
        return Limit(self.value, self.unit)


class TimeLimit(Term):
    """A named time limit, with the words of its source: `quote` exactly, `restated` in our own words.

    `taken_from` is the region whose document sets the value, the pack's own or one to fall back on.
    """

    key: DottedKey
    quote: Line | None = None
    restated: Line | None = None
    taken_from: Key

    @model_validator(mode="after")
    def _has_its_words(self) -> Self:
        if (self.quote is None) is (self.restated is None):
            raise PydanticCustomError("words", "a limit has either a quote or its rule restated")
        return self

    def incoherences(self) -> Iterator[tuple[tuple[str | int, ...], str]]:
        at_most = STATUTORY_DAYS.get(self.key)
        if at_most is not None and (self.unit not in _IN_DAYS or self.value > at_most):
            yield ("value",), f"the statutory limit is {at_most} working days"


class Parameter(Fact):
    """A named policy value that is not a span of time: a fee in fen, a list of things, a yes or no."""

    key: DottedKey
    value: bool | Annotated[int, Field(ge=0, le=10**15)] | Line | tuple[Line, ...]
    unit: Key
    quote: Line
    taken_from: Key
