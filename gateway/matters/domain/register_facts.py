"""What the register has to do with a matter: which filing, what it changed, what comes with it, who filed it."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class FilingKind(StrEnum):
    """What a filing asks of the register (登记申请的种类)."""

    ESTABLISHMENT = "establishment"
    ALTERATION = "alteration"
    RELOCATION = "relocation"
    SIMPLE_DEREGISTRATION = "simple_deregistration"
    DEREGISTRATION = "deregistration"


@dataclass(frozen=True)
class FactChange:
    """A field of the register as it was and as it is (变更前后内容)."""

    field: str
    before: Any
    after: Any


@dataclass(frozen=True)
class MergedFiling:
    """A filing that the licence takes in (多证合一): its agency is told, nobody applies for it."""

    key: str
    title_zh: str
    title_en: str
    agency_uscc: str


@dataclass(frozen=True)
class FilingAgent:
    """The institution that filed for the applicant (代办机构), and its client."""

    client_id: str
    agency_uscc: str


def told_changes(changes: Sequence[FactChange], told_of: Sequence[str]) -> tuple[FactChange, ...]:
    """What of the changes concerns a department that is told of these fields."""
    return tuple(change for change in changes if change.field in told_of)
