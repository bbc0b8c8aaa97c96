"""Who sees which record: anybody, agencies by its sharing attribute (共享属性), the subject itself."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from services.credit.domain.catalogue import Sharing
from services.credit.domain.records import Record


class Relation(StrEnum):
    """What the viewer is to the subject."""

    STRANGER = "stranger"
    AGENCY = "agency"
    OWNER = "owner"


@dataclass(frozen=True)
class Viewer:
    """The viewer; `agency` is the credit code of an agency that views, `granted` what a grant opens to it."""

    relation: Relation
    agency: str | None = None
    granted: frozenset[str] = frozenset()

    @property
    def sees_score(self) -> bool:
        """The score is the owner's, and an agency's by grant; the grade is everybody's."""
        return self.relation is Relation.OWNER or SCORE in self.granted


SCORE: Final = "score"
CONDITIONAL_RECORDS: Final = "conditional_records"
"""Records that are shared on conditions only (有条件共享): an agency sees them by grant."""

STRANGER = Viewer(Relation.STRANGER)


def may_see(record: Record, viewer: Viewer, today: date) -> bool:
    """Decide on one record.

    Source: 黑龙江信用措施 一（二）(共享属性、公开属性), 二（三）(publication within the period).
    """
    if viewer.relation is Relation.OWNER or record.is_public(today):
        return True
    if viewer.relation is Relation.AGENCY:
        by_grant = CONDITIONAL_RECORDS in viewer.granted and record.elements.sharing is Sharing.CONDITIONAL
        unconditional = record.elements.sharing is Sharing.UNCONDITIONAL
        return unconditional or by_grant or record.provider_uscc == viewer.agency
    return False


def is_foreign(record: Record, viewer: Viewer, today: date) -> bool:
    """Tell whether an agency sees here what is not public and not its own: such a read is recorded."""
    return (
        viewer.relation is Relation.AGENCY
        and record.provider_uscc != viewer.agency
        and not record.is_public(today)
    )
