"""What of a closed ticket (工单) is personal."""

from typing import Final

from shared.region.retention import RecordKind
from shared.retention import PURGED, Purgeable

TICKETS: Final = Purgeable(
    RecordKind.HOTLINE_TICKET,
    ended="SELECT number AS reference, closed_at AS ended_at FROM ticket WHERE state = 'closed'",
    purge=(
        # A confidential ticket names nobody, and must not begin to.
        f"""
        UPDATE ticket SET content = '{PURGED}', reply = '{PURGED}', place_text = NULL, rating_comment = NULL,
            requester = NULL, contact_name = CASE WHEN contact_name IS NOT NULL THEN '{PURGED}' END,
            contact_phone = CASE WHEN contact_phone IS NOT NULL THEN '{PURGED}' END, version = version + 1
        WHERE number = ANY (:references)
        """,  # noqa: S608 - constants only
        "DELETE FROM ticket_identity WHERE ticket_number = ANY (:references)",
        "UPDATE ticket_history SET note = NULL WHERE ticket_number = ANY (:references)",
        f"UPDATE ticket_history SET actor = '{PURGED}'"  # noqa: S608 - constants only
        " WHERE role = 'requester' AND ticket_number = ANY (:references)",
    ),
)
