"""Events about enterprises that leave: notices and objections, bars and clearances, liquidations."""

from datetime import date, datetime
from typing import Final

from pydantic import Field

from services.registration.domain.exit_bars import BarKind, ExitBar
from services.registration.domain.exit_notice import ExitNotice, NoticeKind, NoticeState, ObjectionGround
from services.registration.domain.kinds import EnterpriseKind
from services.registration.domain.liquidation_rules import ClearanceOutcome
from services.registration.published import examples
from shared.messaging.contracts import Published
from shared.messaging.events import Announcement, EventType, Payload

NOTICE_PUBLISHED: Final = EventType("registration", "notice", "published")
NOTICE_OBJECTED: Final = EventType("registration", "notice", "objected")
NOTICE_ENDED: Final = EventType("registration", "notice", "ended")
NOTICE_WARNED: Final = EventType("registration", "notice", "warned")
NOTICE_LAPSED: Final = EventType("registration", "notice", "lapsed")
NOTICE_WITHDRAWN: Final = EventType("registration", "notice", "withdrawn")
BAR_ENTERED: Final = EventType("registration", "exit_bar", "entered")
BAR_LIFTED: Final = EventType("registration", "exit_bar", "lifted")
CLEARANCE_TOLD: Final = EventType("registration", "clearance", "told")


class NoticeTold(Payload):
    """A notice of simple deregistration as it stands.

    `kind` is `told` for an individual business, which gives no public notice: departments object within the same
    time. Objections go to `POST /registration/v1/notices/{notice_id}/objections`, until `ends_on` included.
    """

    notice_id: str
    uscc: str
    name: str
    enterprise_kind: EnterpriseKind
    kind: NoticeKind
    state: NoticeState
    division_code: str = Field(description="The town of the address")
    published_at: datetime
    ends_on: date
    apply_until: date
    is_provisional: bool = Field(description="Whether the days hang on a calendar that is not published yet")
    applicant: str = Field(
        description="Opaque id of the person, or credit code of the enterprise, who applied"
    )
    matter_id: str | None
    filing_id: str | None


class NoticeObjected(NoticeTold):
    """Somebody objected: the simple way is closed. The words of the objection are for the enterprise to read."""

    objection_id: str
    ground: ObjectionGround
    agency_uscc: str | None = Field(description="Null where a person objected")


class BarTold(Payload):
    """A fact that an agency holds against the simple way out, entered or lifted; its own number is not told."""

    bar_id: str
    uscc: str
    kind: BarKind
    agency_uscc: str


class ClearanceTold(Payload):
    """What the tax agency says of the taxes of an enterprise that leaves."""

    uscc: str
    outcome: ClearanceOutcome
    agency_uscc: str
    reference: str
    told_at: datetime


def _told(notice: ExitNotice) -> NoticeTold:
    return NoticeTold(
        notice_id=str(notice.id),
        uscc=notice.uscc,
        name=notice.name,
        enterprise_kind=notice.enterprise_kind,
        kind=notice.kind,
        state=notice.state,
        division_code=notice.division_code,
        published_at=notice.published_at,
        ends_on=notice.term.ends_on,
        apply_until=notice.term.apply_until,
        is_provisional=notice.term.is_provisional,
        applicant=notice.applicant,
        matter_id=str(notice.matter_id) if notice.matter_id else None,
        filing_id=str(notice.filing_id) if notice.filing_id else None,
    )


def notice_told(type_: EventType, notice: ExitNotice) -> Announcement:
    """Tell what became of a notice."""
    return Announcement(type_, notice.uscc, _told(notice))


def notice_objected(notice: ExitNotice) -> Announcement:
    """Tell the newest objection."""
    objection = notice.objections[-1]
    payload = NoticeObjected(
        **_told(notice).model_dump(),
        objection_id=str(objection.id),
        ground=objection.ground,
        agency_uscc=objection.objector if objection.is_by_agency else None,
    )
    return Announcement(NOTICE_OBJECTED, notice.uscc, payload)


def bar_told(type_: EventType, bar: ExitBar) -> Announcement:
    """Tell that a bar was entered or lifted."""
    payload = BarTold(
        bar_id=str(bar.id),
        uscc=bar.uscc,
        kind=bar.kind,
        agency_uscc=bar.agency_uscc,
    )
    return Announcement(type_, bar.uscc, payload)


def clearance_told(
    uscc: str, outcome: ClearanceOutcome, agency_uscc: str, reference: str, at: datetime
) -> Announcement:
    """Tell that taxes are cleared."""
    payload = ClearanceTold(
        uscc=uscc, outcome=outcome, agency_uscc=agency_uscc, reference=reference, told_at=at
    )
    return Announcement(CLEARANCE_TOLD, uscc, payload)


_TAX: Final = "11140881MB9Y000405"


def _example(state: NoticeState) -> NoticeTold:
    return NoticeTold(
        notice_id="0198c0de-0000-7000-8000-000000000051",
        uscc=examples.USCC,
        name="永济市蒲津渡餐饮有限公司",
        enterprise_kind=EnterpriseKind.LIMITED_COMPANY,
        kind=NoticeKind.PUBLIC,
        state=state,
        division_code="140881001",
        published_at=examples.AT,
        ends_on=date(2026, 3, 23),
        apply_until=date(2026, 4, 13),
        is_provisional=False,
        applicant=examples.APPLICANT,
        matter_id=examples.MATTER,
        filing_id=None,
    )


_BAR: Final = BarTold(
    bar_id="0198c0de-0000-7000-8000-000000000053",
    uscc=examples.USCC,
    kind=BarKind.TAXES_OWED,
    agency_uscc=_TAX,
)
PUBLISHED: tuple[Published, ...] = (
    Published(
        NOTICE_PUBLISHED,
        NoticeTold,
        _example(NoticeState.PUBLISHED),
        "An enterprise wants to leave by the simple way: whoever has something against it objects in time.",
    ),
    Published(
        NOTICE_OBJECTED,
        NoticeObjected,
        NoticeObjected(
            **_example(NoticeState.OBJECTED).model_dump(),
            objection_id="0198c0de-0000-7000-8000-000000000052",
            ground=ObjectionGround.TAXES,
            agency_uscc=_TAX,
        ),
        "Somebody objected: the enterprise cannot leave by the simple way now.",
    ),
    Published(
        NOTICE_ENDED,
        NoticeTold,
        _example(NoticeState.ELAPSED),
        "A notice ended without objection: the enterprise may apply until the day named.",
    ),
    Published(
        NOTICE_WARNED,
        NoticeTold,
        _example(NoticeState.ELAPSED),
        "A notice soon serves no more: the enterprise has not applied yet.",
    ),
    Published(
        NOTICE_LAPSED,
        NoticeTold,
        _example(NoticeState.LAPSED),
        "Nobody applied in time after a notice; another one may be published.",
    ),
    Published(
        NOTICE_WITHDRAWN,
        NoticeTold,
        _example(NoticeState.WITHDRAWN),
        "An enterprise took its notice back: it stays.",
    ),
    Published(BAR_ENTERED, BarTold, _BAR, "An agency holds something against the simple way out."),
    Published(BAR_LIFTED, BarTold, _BAR, "An agency holds it against the simple way out no more."),
    Published(
        CLEARANCE_TOLD,
        ClearanceTold,
        ClearanceTold(
            uscc=examples.USCC,
            outcome=ClearanceOutcome.CLEARED,
            agency_uscc=_TAX,
            reference="永税清〔2026〕31号",
            told_at=examples.AT,
        ),
        "The tax agency says that the taxes of an enterprise are cleared.",
    ),
)
