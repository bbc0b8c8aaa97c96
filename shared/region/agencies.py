"""Agencies (部门): who takes part, under which credit code, with which duties."""

from enum import StrEnum
from typing import Annotated

from pydantic import AfterValidator, Field
from pydantic_core import PydanticCustomError

from shared.identifiers.uscc import InvalidUscc, parse_uscc
from shared.region.facts import Fact, Key, Record, Text
from shared.region.names import DivisionRef


def _sound_code(code: str) -> str:
    try:
        parse_uscc(code)
    except InvalidUscc as refusal:
        raise PydanticCustomError("unsound_code", "{why}", {"why": str(refusal)}) from None
    return code


CreditCode = Annotated[str, AfterValidator(_sound_code)]
"""A unified social credit code with correct check characters. Source: GB 32100-2015."""


class AgencyLevel(StrEnum):
    NATION = "nation"
    PROVINCE = "province"
    PREFECTURE = "prefecture"
    COUNTY = "county"


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
    is_state_organ: bool = True
    duties: Annotated[tuple[Duty, ...], Field(min_length=1, max_length=50)]
    contact_unit: Text
