"""Where one's cases stand, in all services (审批进度一网查询), from events alone. Sources: GW-06, GW-22."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from gateway.progress.domain.case import Case, CaseKey, CaseKind, CaseState, Document, Followed, Happening
from gateway.progress.domain.errors import CaseNotFound
from gateway.progress.store.cases import ProgressStore, Wanted
from gateway.progress.use_cases.wording import Wording
from shared.database.unit_of_work import UnitOfWork
from shared.messaging.access import AccessRecorded
from shared.messaging.events import Announcement, EventType
from shared.security.deciding import is_at_window
from shared.security.office import within
from shared.security.principal import Principal, SubjectKind

ACCESS: Final = EventType("gateway", "access", "recorded")
RESOURCE: Final = "gateway.progress"


@dataclass(frozen=True)
class ListCases:
    """Which of the caller's cases; `after` is the time and id of the last one seen."""

    caller: Principal
    state: CaseState | None = None
    service: str | None = None
    since: datetime | None = None
    after: tuple[str, str] | None = None
    limit: int = 50


@dataclass(frozen=True)
class Told:
    """A case with its parts, what happened to each, and what can be collected."""

    followed: Followed
    history: tuple[tuple[Case, Happening], ...]
    documents: tuple[Document, ...]


async def list_cases(command: ListCases, uow: UnitOfWork) -> list[Followed]:
    """The caller's own, newest first; to a helper the one matter of the mandate."""
    store, caller = ProgressStore(uow.session), command.caller
    wanted = Wanted(
        applicant=caller.subject,
        of_enterprise=caller.enterprise,
        only_matter=caller.facts.matter_id,
        state=command.state,
        service=command.service,
        since=command.since,
    )
    return await _with_parts(await store.mine(wanted, command.after, command.limit), store)


async def read_progress(
    reference: str, caller: Principal, wording: Wording, uow: UnitOfWork, now: datetime
) -> Told:
    """By number or id. Raises: CaseNotFound, for a stranger too. A look at another's case is recorded."""
    store = ProgressStore(uow.session)
    for followed in await _with_parts(await store.find(reference), store):
        if _is_own(followed.case, caller):
            if caller.facts.mandate_id is not None:
                _record(followed.case, caller, "assisted_reading", uow, now)
            return await _told(followed, store)
        if _is_handled_by(followed, caller, wording):
            _record(followed.case, caller, "case_handling", uow, now)
            return await _told(followed, store)
    raise CaseNotFound(reference)


async def _with_parts(cases: list[Case], store: ProgressStore) -> list[Followed]:
    parts = await store.parts_of(cases)
    return [Followed(case, tuple(parts.get(case.key.case_id, ()))) for case in cases]


async def _told(followed: Followed, store: ProgressStore) -> Told:
    by_key: dict[CaseKey, Case] = {case.key: case for case in followed.all_cases}
    history = await store.history(followed.all_cases)
    documents = await store.documents(followed.all_cases)
    return Told(followed, tuple((by_key[key], happening) for key, happening in history), tuple(documents))


def _is_own(case: Case, caller: Principal) -> bool:
    """Whether it is the caller's, and within the mandate under which somebody else acts."""
    if caller.kind is SubjectKind.CLIENT:
        return False
    if caller.facts.matter_id not in (None, case.key.case_id, case.matter_id):
        return False
    of_enterprise = (
        case.kind is CaseKind.APPLICATION and case.uscc is not None and case.uscc == caller.enterprise
    )
    return case.applicant == caller.subject or of_enterprise


def _is_handled_by(followed: Followed, caller: Principal, wording: Wording) -> bool:
    """Whether the caller works for an agency that handles it or a part of it, in an office of that region."""
    if caller.agency is None or caller.kind is SubjectKind.ENTERPRISE or caller.on_behalf_of is not None:
        return False
    if not within(caller.office, wording.division(followed.case)):
        return False
    units = {unit[0] for case in followed.all_cases if (unit := wording.unit(case)) is not None}
    return caller.agency in units or caller.agency == wording.dutiful(followed.case) or is_at_window(caller)


def _record(case: Case, caller: Principal, purpose: str, uow: UnitOfWork, now: datetime) -> None:
    payload = AccessRecorded.of(
        caller,
        resource=RESOURCE,
        record_key=case.reference,
        owner_subject=case.applicant,
        fields=("state", "history"),
        purpose=purpose,
        matter_id=case.key.case_id if case.kind is CaseKind.MATTER else case.matter_id,
        at=now,
    )
    uow.announce(Announcement(ACCESS, case.reference, payload))
