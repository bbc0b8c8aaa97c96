"""Agencies (部门): who takes part, under which credit code, with which duties."""

from collections.abc import Iterator
from enum import StrEnum
from typing import Annotated, Final

from pydantic import AfterValidator, Field
from pydantic_core import PydanticCustomError

from shared.identifiers.uscc import InvalidUscc, parse_uscc
from shared.region.facts import Fact, Key, Record, Text, TownCode
from shared.region.names import DivisionRef


def _sound_code(code: str) -> str:
    try:
        parse_uscc(code)
    except InvalidUscc as refusal:
        raise PydanticCustomError("unsound_code", "{why}", {"why": str(refusal)}) from None
    return code


GOVERNS_SHARING: Final = "govern_data_sharing"
"""The duty of the data bureau (政务数据共享主管部门), which runs the suite."""

CreditCode = Annotated[str, AfterValidator(_sound_code)]
"""A unified social credit code with correct check characters. Source: GB 32100-2015."""


class AgencyLevel(StrEnum):
    NATION = "nation"
    PROVINCE = "province"
    PREFECTURE = "prefecture"
    COUNTY = "county"
    ZONE = "zone"
    """A development zone or park (开发区、园区), to which powers are delegated item by item."""


class Duty(Record):
    """One thing that the agency answers for; requests about it go to this agency."""

    key: Key
    text: Text


class Agency(Fact):
    key: Key
    name: Text
    uscc: CreditCode
    level: AgencyLevel
    division: DivisionRef
    towns: Annotated[tuple[TownCode, ...], Field(max_length=50)] = ()
    """The towns that a zone looks after; only a zone has them."""
    is_state_organ: bool = True
    duties: Annotated[tuple[Duty, ...], Field(min_length=1, max_length=50)]
    contact_unit: Text

    def has_duty(self, key: str) -> bool:
        return any(duty.key == key for duty in self.duties)

    def incoherences(self) -> Iterator[tuple[tuple[str | int, ...], str]]:
        if bool(self.towns) is not (self.level is AgencyLevel.ZONE):
            yield ("towns",), "a zone has towns, another agency has none"
