"""Which events an agency may follow, and which of them are addressed to one agency alone."""

from collections.abc import Iterable
from fnmatch import fnmatchcase
from typing import Final

OPEN_TO_ALL: Final = ("cn.tongban.registration.enterprise.*", "cn.tongban.credit.subject.evaluated.*")
"""Open to every agency of the region pack: public facts of the register, grades (DS-25, CRD-16)."""

OWN_ONLY: Final = ("cn.tongban.gateway.task.*",)
"""Open to every agency, but only what is addressed to it: the tasks of its own queue."""

AGGREGATES: Final = (("registration", "enterprise"), ("credit", "subject"), ("gateway", "task"))
"""The aggregates of the patterns above, which the gateway keeps in its event log."""


def is_open(event_type: str) -> bool:
    """Whether an agency may follow this type at all; tickets, filings and readings are nobody else's."""
    return _matches(event_type, OPEN_TO_ALL) or is_own_only(event_type)


def is_own_only(event_type: str) -> bool:
    """Whether an agency gets only those events of the type that are addressed to it."""
    return _matches(event_type, OWN_ONLY)


def _matches(event_type: str, patterns: Iterable[str]) -> bool:
    return any(fnmatchcase(event_type, pattern) for pattern in patterns)
