"""What of the history of ended cases is personal: what was said to the applicant in words."""

from typing import Final

from gateway.progress.domain.case import CaseKind
from shared.region.retention import RecordKind
from shared.retention import Purgeable

_KINDS: Final = {
    CaseKind.MATTER: RecordKind.MATTER,
    CaseKind.FILING: RecordKind.FILING,
    CaseKind.APPLICATION: RecordKind.PERMIT_APPLICATION,
    CaseKind.TICKET: RecordKind.HOTLINE_TICKET,
}
_OF_CASE: Final = """
    UPDATE progress_entry SET note_zh = NULL, note_en = NULL FROM unnest(:references) AS reference
    WHERE service = split_part(reference, ':', 1) AND case_id = split_part(reference, ':', 2)
"""
_OF_PARTS: Final = """
    UPDATE progress_entry AS e SET note_zh = NULL, note_en = NULL
    FROM progress_case AS c, unnest(:references) AS reference
    WHERE c.matter_id = split_part(reference, ':', 2) AND c.kind IN ('task', 'payment', 'delivery')
    AND e.service = c.service AND e.case_id = c.case_id
"""

HISTORIES: Final = tuple(
    Purgeable(
        record,
        ended="SELECT service || ':' || case_id AS reference, ended_at FROM progress_case"  # noqa: S608 - constants of the code
        f" WHERE kind = '{kind.value}' AND ended_at IS NOT NULL",
        purge=(_OF_CASE, _OF_PARTS),
    )
    for kind, record in _KINDS.items()
)
"""References name the service too, and so never meet those of the service's own records."""
