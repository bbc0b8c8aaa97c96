"""What of an approved filing somebody looks at afterwards (登记后核查)."""

from datetime import datetime

from services.registration.domain.filing import Filing
from services.registration.domain.follow_up import FollowUp, to_follow
from shared.identifiers import new_uuid7


def follow_ups_of(filing: Filing, uscc: str, now: datetime) -> list[FollowUp]:
    """One for each note that is looked at."""
    return [
        FollowUp(
            id=new_uuid7(),
            uscc=uscc,
            filing_id=filing.id,
            rule=note.rule,
            pointer=note.pointer,
            text_zh=note.text_zh,
            text_en=note.text_en,
            division_code=filing.concerns.division_code,
            noted_at=now,
        )
        for note in to_follow(filing.results)
    ]
