"""Events about what authorities do to enterprises: forced deregistrations on their way, false registrations.

What becomes of the enterprise itself is told by `enterprise.licence_revoked`, `.closed_by_order`,
`.forcibly_deregistered`, `.registration_revoked`, `.court_ruled` and `.restored`.
"""

from datetime import date, datetime
from typing import Final

from pydantic import Field

from services.registration.domain.false_registration import CaseStatus, FalseRegistration
from services.registration.domain.forced_exit import ForcedExit, ForcedExitState
from services.registration.published import examples
from shared.messaging.contracts import Published
from shared.messaging.events import Announcement, EventType, Payload

FORCED_EXIT_DUE: Final = EventType("registration", "forced_exit", "due")
FORCED_EXIT_NOTICED: Final = EventType("registration", "forced_exit", "noticed")
FORCED_EXIT_OBJECTED: Final = EventType("registration", "forced_exit", "objected")
FORCED_EXIT_RESUMED: Final = EventType("registration", "forced_exit", "resumed")
FORCED_EXIT_ELAPSED: Final = EventType("registration", "forced_exit", "elapsed")
FORCED_EXIT_TERMINATED: Final = EventType("registration", "forced_exit", "terminated")
CASE_SUBMITTED: Final = EventType("registration", "false_registration", "submitted")
CASE_ACCEPTED: Final = EventType("registration", "false_registration", "accepted")
CASE_REJECTED: Final = EventType("registration", "false_registration", "rejected")
CASE_WITHDRAWN: Final = EventType("registration", "false_registration", "withdrawn")
CASE_PUBLISHED: Final = EventType("registration", "false_registration", "published")
CASE_OBJECTED: Final = EventType("registration", "false_registration", "objected")
CASE_ELAPSED: Final = EventType("registration", "false_registration", "elapsed")
CASE_OVERDUE: Final = EventType("registration", "false_registration", "overdue")
CASE_DECIDED: Final = EventType("registration", "false_registration", "decided")
CASE_SET_ASIDE: Final = EventType("registration", "false_registration", "set_aside")


class ForcedExitTold(Payload):
    """A forced deregistration as it stands; objections are read at the registrar."""

    forced_exit_id: str
    uscc: str
    name: str
    state: ForcedExitState
    division_code: str = Field(description="The town of the address")
    registrar_uscc: str
    closed_on: date = Field(description="Since when the enterprise does no business")
    noticed_at: datetime | None
    ends_on: date | None = Field(description="Last day of the notice")
    is_provisional: bool = Field(description="Whether the day hangs on a calendar that is not published yet")
    reason_zh: str | None
    reason_en: str | None


class CaseTold(Payload):
    """A case of a false registration as it stands; what was stated in it stays with the registrar."""

    case_id: str
    uscc: str
    name: str
    status: CaseStatus
    division_code: str = Field(description="The town of the address")
    target_version: int = Field(description="The version of the register in question; 1 is the establishment")
    applicant: str | None = Field(
        description="Opaque id of whose name was used; null where the registrar began"
    )
    submitted_at: datetime
    due_at: datetime | None = Field(description="When what is next is due: acceptance, the decision")
    ends_on: date | None = Field(description="Last day of the publication of the facts")
    reason_zh: str | None
    reason_en: str | None


def forced_exit_told(type_: EventType, one: ForcedExit) -> Announcement:
    """Tell what became of a forced deregistration."""
    payload = ForcedExitTold(
        forced_exit_id=str(one.id),
        uscc=one.uscc,
        name=one.name,
        state=one.state,
        division_code=one.division_code,
        registrar_uscc=one.registrar_uscc,
        closed_on=one.closed_on,
        noticed_at=one.noticed_at,
        ends_on=one.ends_on,
        is_provisional=one.is_provisional,
        reason_zh=one.reason.zh if one.reason else None,
        reason_en=one.reason.en if one.reason else None,
    )
    return Announcement(type_, one.uscc, payload)


def case_told(type_: EventType, case: FalseRegistration, due_at: datetime | None) -> Announcement:
    """Tell what became of a case."""
    payload = CaseTold(
        case_id=str(case.id),
        uscc=case.uscc,
        name=case.name,
        status=case.status,
        division_code=case.division_code,
        target_version=case.target_version,
        applicant=case.applicant,
        submitted_at=case.submitted_at,
        due_at=due_at,
        ends_on=case.ends_on,
        reason_zh=case.reason.zh if case.reason else None,
        reason_en=case.reason.en if case.reason else None,
    )
    return Announcement(type_, case.uscc, payload)


def _exit(state: ForcedExitState) -> ForcedExitTold:
    is_noticed = state is not ForcedExitState.DUE
    return ForcedExitTold(
        forced_exit_id="0198c0de-0000-7000-8000-000000000061",
        uscc=examples.USCC,
        name="永济市蒲津渡餐饮有限公司",
        state=state,
        division_code="140881001",
        registrar_uscc="11140881MB9Y00016L",
        closed_on=date(2023, 2, 28),
        noticed_at=examples.AT if is_noticed else None,
        ends_on=date(2026, 6, 1) if is_noticed else None,
        is_provisional=False,
        reason_zh=None,
        reason_en=None,
    )


def _case(status: CaseStatus) -> CaseTold:
    return CaseTold(
        case_id="0198c0de-0000-7000-8000-000000000062",
        uscc=examples.USCC,
        name="永济市蒲津渡餐饮有限公司",
        status=status,
        division_code="140881001",
        target_version=1,
        applicant=examples.APPLICANT,
        submitted_at=examples.AT,
        due_at=None,
        ends_on=None,
        reason_zh=None,
        reason_en=None,
    )


_EXITS: Final = (
    (FORCED_EXIT_DUE, ForcedExitState.DUE, "An enterprise is without its licence for three years."),
    (FORCED_EXIT_NOTICED, ForcedExitState.NOTICED, "Its forced deregistration is under public notice."),
    (FORCED_EXIT_OBJECTED, ForcedExitState.OBJECTED, "Somebody objected: it stands still."),
    (FORCED_EXIT_RESUMED, ForcedExitState.NOTICED, "The objections were dismissed: it goes on."),
    (FORCED_EXIT_ELAPSED, ForcedExitState.ELAPSED, "The notice ended: the registrar may decide."),
    (FORCED_EXIT_TERMINATED, ForcedExitState.TERMINATED, "It was given up: the enterprise stays as it is."),
)
_CASES: Final = (
    (CASE_SUBMITTED, CaseStatus.SUBMITTED, "Somebody says that a registration is false."),
    (CASE_ACCEPTED, CaseStatus.INVESTIGATING, "The registrar looks into it."),
    (CASE_REJECTED, CaseStatus.REJECTED, "The registrar does not take it up."),
    (CASE_WITHDRAWN, CaseStatus.WITHDRAWN, "Who applied took it back."),
    (CASE_PUBLISHED, CaseStatus.PUBLISHED, "The facts are published; nothing is registered meanwhile."),
    (CASE_OBJECTED, CaseStatus.INVESTIGATING, "Somebody objected: the investigation goes on."),
    (CASE_ELAPSED, CaseStatus.UNOPPOSED, "Nobody objected while the facts were published."),
    (CASE_OVERDUE, CaseStatus.INVESTIGATING, "The registrar is late."),
    (CASE_DECIDED, CaseStatus.REVOKED, "The registration was revoked, or stays."),
    (CASE_SET_ASIDE, CaseStatus.SET_ASIDE, "The revocation was set aside: what was registered stands again."),
)
PUBLISHED: tuple[Published, ...] = (
    *(Published(type_, ForcedExitTold, _exit(state), what) for type_, state, what in _EXITS),
    *(Published(type_, CaseTold, _case(status), what) for type_, status, what in _CASES),
)
