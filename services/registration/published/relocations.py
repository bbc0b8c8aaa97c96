"""Events about enterprises on their way between registrars (跨登记机关迁移)."""

from datetime import date, datetime
from typing import Final

from pydantic import Field

from services.registration.domain.hand_over import Direction, HandOver
from services.registration.published import examples
from shared.calendar import DueInstant
from shared.messaging.contracts import Published
from shared.messaging.events import Announcement, EventType, Payload

REQUESTED: Final = EventType("registration", "relocation", "requested")
HANDED_OVER: Final = EventType("registration", "relocation", "handed_over")
REFUSED: Final = EventType("registration", "relocation", "refused")
WITHDRAWN: Final = EventType("registration", "relocation", "withdrawn")
TAKEN_BACK: Final = EventType("registration", "relocation", "taken_back")
OVERDUE: Final = EventType("registration", "relocation", "overdue")
PAPER_FILES_MOVED: Final = EventType("registration", "relocation", "paper_files_moved")


class MatterPart(Payload):
    """What is open about the enterprise before its file is handed over."""

    kind: str
    text_zh: str
    text_en: str
    reference: str | None


class RelocationPart(Payload):
    """Which enterprise is on its way, between this registrar and which other one, in which direction."""

    relocation_id: str
    direction: Direction
    uscc: str
    name: str
    other_registrar_uscc: str
    division_code: str = Field(description="Where it goes")
    filing_id: str | None


class RelocationRequested(RelocationPart):
    """A file is asked for: `in`, of the other registrar; `out`, of this one, which could not hand it over at once."""

    due_at: datetime | None
    is_provisional: bool
    open_matters: list[MatterPart]


class RelocationHandedOver(RelocationPart):
    """The enterprise stands in the register of the one it moved to, under its code; its paper files follow."""

    handed_over_at: datetime
    paper_files_due_on: date


class RelocationRefused(RelocationPart):
    """The file is kept back, for one of the city's reasons."""

    reason_code: str
    reason_zh: str
    reason_en: str


class RelocationWithdrawn(RelocationPart):
    """It is not asked for any more."""


class RelocationTakenBack(RelocationPart):
    """The new registrar did not enter it: the enterprise stands in this register as before."""


class RelocationOverdue(RelocationPart):
    """The time to hand the file over ran out."""

    due_at: datetime


class PaperFilesMoved(RelocationPart):
    """The paper files are with the new registrar too."""

    moved_on: date


def relocation_requested(one: HandOver, due: DueInstant | None) -> Announcement:
    """Tell what is asked for, and until when."""
    matters = [
        MatterPart(kind=m.kind.value, text_zh=m.text.zh, text_en=m.text.en, reference=m.reference)
        for m in one.open_matters
    ]
    payload = RelocationRequested(
        **_part(one),
        due_at=due.at if due else None,
        is_provisional=due.provisional if due else False,
        open_matters=matters,
    )
    return Announcement(REQUESTED, str(one.id), payload)


def relocation_handed_over(one: HandOver) -> Announcement:
    """Tell that the file is with the new registrar."""
    assert one.handed_over_at and one.paper_files_due_on  # noqa: S101 - both stand once it is handed over
    payload = RelocationHandedOver(
        **_part(one), handed_over_at=one.handed_over_at, paper_files_due_on=one.paper_files_due_on
    )
    return Announcement(HANDED_OVER, str(one.id), payload)


def relocation_refused(one: HandOver) -> Announcement:
    """Tell that the file is kept back, and why."""
    assert one.refused is not None  # noqa: S101 - it says why
    payload = RelocationRefused(
        **_part(one),
        reason_code=one.refused.code,
        reason_zh=one.refused.reason.zh,
        reason_en=one.refused.reason.en,
    )
    return Announcement(REFUSED, str(one.id), payload)


def relocation_withdrawn(one: HandOver) -> Announcement:
    """Tell that it is not asked for any more."""
    return Announcement(WITHDRAWN, str(one.id), RelocationWithdrawn(**_part(one)))


def relocation_taken_back(one: HandOver) -> Announcement:
    """Tell that the enterprise is here again."""
    return Announcement(TAKEN_BACK, str(one.id), RelocationTakenBack(**_part(one)))


def relocation_overdue(one: HandOver, due_at: datetime) -> Announcement:
    """Tell that the time ran out."""
    return Announcement(OVERDUE, str(one.id), RelocationOverdue(**_part(one), due_at=due_at))


def paper_files_moved(one: HandOver, moved_on: date) -> Announcement:
    """Tell that the paper files are there."""
    return Announcement(PAPER_FILES_MOVED, str(one.id), PaperFilesMoved(**_part(one), moved_on=moved_on))


def _part(one: HandOver) -> dict[str, str | None]:
    return {
        "relocation_id": str(one.id),
        "direction": one.direction,
        "uscc": one.uscc,
        "name": one.name,
        "other_registrar_uscc": one.other_registrar,
        "division_code": one.division_code,
        "filing_id": str(one.filing_id) if one.filing_id else None,
    }


_PART: Final = {
    "relocation_id": examples.FILING,
    "direction": Direction.OUT,
    "uscc": examples.USCC,
    "name": "永济市蒲津渡餐饮有限公司",
    "other_registrar_uscc": "11140882MB9Y00016F",
    "division_code": "140882001",
    "filing_id": None,
}
PUBLISHED: tuple[Published, ...] = (
    Published(
        REQUESTED,
        RelocationRequested,
        RelocationRequested(
            **_PART,
            due_at=examples.AT,
            is_provisional=False,
            open_matters=[
                MatterPart(
                    kind="filing",
                    text_zh="登记申请尚未办结",
                    text_en="a filing is not decided yet",
                    reference=examples.CASE_NO,
                )
            ],
        ),
        "A registrar was asked for an enterprise's file and has not handed it over yet.",
    ),
    Published(
        HANDED_OVER,
        RelocationHandedOver,
        RelocationHandedOver(**_PART, handed_over_at=examples.AT, paper_files_due_on=date(2026, 6, 2)),
        "The file of an enterprise was handed from one registrar to another.",
    ),
    Published(
        REFUSED,
        RelocationRefused,
        RelocationRefused(
            **_PART,
            reason_code="identity_not_proven",
            reason_zh="不能证明是该企业的申请",
            reason_en="It is not proven that the enterprise asks for it",
        ),
        "A registrar keeps an enterprise's file back, and says why.",
    ),
    Published(
        WITHDRAWN, RelocationWithdrawn, RelocationWithdrawn(**_PART), "A file is not asked for any more."
    ),
    Published(
        TAKEN_BACK,
        RelocationTakenBack,
        RelocationTakenBack(**_PART),
        "A file that was handed over came back: the new registrar did not enter the enterprise.",
    ),
    Published(
        OVERDUE,
        RelocationOverdue,
        RelocationOverdue(**_PART, due_at=examples.AT),
        "The time to hand an enterprise's file over ran out.",
    ),
    Published(
        PAPER_FILES_MOVED,
        PaperFilesMoved,
        PaperFilesMoved(**_PART, moved_on=date(2026, 5, 6)),
        "The paper files of an enterprise that moved are with the new registrar.",
    ),
)
