"""Events about appeals with a precedent (有先例可办)."""

from datetime import datetime
from typing import Final

from pydantic import Field

from services.registration.domain.precedent_appeal import AppealStatus, PrecedentAppeal
from services.registration.published import examples
from shared.messaging.contracts import Published
from shared.messaging.events import Announcement, EventType, Payload

MADE: Final = EventType("registration", "appeal", "made")
ANSWERED: Final = EventType("registration", "appeal", "answered")
WITHDRAWN: Final = EventType("registration", "appeal", "withdrawn")
OVERDUE: Final = EventType("registration", "appeal", "overdue")


class AppealTold(Payload):
    """Where an appeal against a refusal stands; `applicant` is an opaque id."""

    appeal_id: str
    filing_id: str
    applicant: str
    status: AppealStatus
    region: str = Field(description="Where the precedent was (先例地区)")
    item: str = Field(description="Which matter it was (先例事项)")
    division_code: str
    due_at: datetime | None = Field(None, description="When the written answer is due")
    answer_zh: str | None = None
    answer_en: str | None = None


def appeal_told(kind: EventType, one: PrecedentAppeal, due_at: datetime | None = None) -> Announcement:
    """Tell what became of an appeal."""
    payload = AppealTold(
        appeal_id=str(one.id),
        filing_id=str(one.filing_id),
        applicant=one.applicant,
        status=one.status,
        region=one.precedent.region,
        item=one.precedent.item,
        division_code=one.division_code,
        due_at=due_at,
        answer_zh=one.answer.zh if one.answer else None,
        answer_en=one.answer.en if one.answer else None,
    )
    return Announcement(kind, str(one.id), payload)


_MADE: Final = AppealTold(
    appeal_id=examples.APPEAL,
    filing_id=examples.FILING,
    applicant=examples.APPLICANT,
    status=AppealStatus.OPEN,
    region="运城市盐湖区",
    item="名称使用行业表述“曲艺”",
    division_code="140881001",
    due_at=examples.AT,
)
_ANSWERED: Final = _MADE.model_copy(
    update={
        "status": AppealStatus.UPHELD,
        "due_at": None,
        "answer_zh": "参照先例可以办理，撤销原不予登记决定",
        "answer_en": "it can be done as there: the refusal is set aside",
    }
)

PUBLISHED: tuple[Published, ...] = (
    Published(MADE, AppealTold, _MADE, "A refusal was appealed with a precedent; a written answer is owed."),
    Published(ANSWERED, AppealTold, _ANSWERED, "The registrar answered an appeal in writing."),
    Published(
        WITHDRAWN,
        AppealTold,
        _MADE.model_copy(update={"status": AppealStatus.WITHDRAWN, "due_at": None}),
        "The applicant took an appeal back.",
    ),
    Published(OVERDUE, AppealTold, _MADE, "The time for the answer to an appeal ran out."),
)
