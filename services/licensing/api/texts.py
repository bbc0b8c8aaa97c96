"""Small answers that several resources share."""

from decimal import Decimal
from typing import Annotated

from pydantic import Field

from services.licensing.domain.rules import AgencyName, Wording
from shared.calendar import Limit
from shared.web.fields import ResponseModel


class TextOut(ResponseModel):
    """A text in both languages."""

    zh: Annotated[str, Field(examples=["食品经营许可"])]
    en: Annotated[str, Field(examples=["Food operation permit"])]

    @classmethod
    def of(cls, text: Wording) -> "TextOut":
        """From the domain."""
        return cls(zh=text.zh, en=text.en)


class AgencyOut(ResponseModel):
    """An agency."""

    uscc: str
    name: TextOut

    @classmethod
    def of(cls, agency: AgencyName) -> "AgencyOut":
        """From the domain."""
        return cls(uscc=agency.uscc, name=TextOut.of(agency.name))


class LimitOut(ResponseModel):
    """A time limit; `immediate` goes with 0."""

    value: Decimal
    unit: str

    @classmethod
    def of(cls, limit: Limit) -> "LimitOut":
        """From the domain."""
        return cls(value=limit.value, unit=limit.unit.value)
