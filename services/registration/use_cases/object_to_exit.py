"""Object to the end of an enterprise (提出异议), and withdraw one's objection."""

from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from services.registration.domain.exit_errors import NotAnAgency, NoticeNotFound
from services.registration.domain.exit_notice import (
    ExitNotice,
    NoticeKind,
    Objection,
    ObjectionGround,
    object_to,
    settled,
    take_back,
)
from services.registration.domain.filing import FilingAction, FilingStatus, advance
from services.registration.domain.wording import Wording
from services.registration.published.exits import notice_objected
from services.registration.published.filings import filing_returned
from services.registration.store.exit_notices import ExitNoticeStore
from services.registration.store.filings import FilingStore
from services.registration.use_cases.decide_filing import save_filing, stopped
from services.registration.use_cases.registrar_desk import RegistrarDesk
from shared.database.unit_of_work import UnitOfWork
from shared.identifiers import new_uuid7
from shared.security.principal import Principal, SubjectKind


@dataclass(frozen=True)
class ObjectToExit:
    """Which notice, on which ground, in which words."""

    notice_id: UUID
    ground: ObjectionGround
    reason: str
    caller: Principal


async def object_to_exit(
    command: ObjectToExit, uow: UnitOfWork, now: datetime, desk: RegistrarDesk
) -> ExitNotice:
    """The simple way is closed at once; whoever has objected already changes nothing by objecting again.

    Raises: NoticeNotFound, also for a person where departments alone are heard; NotAnAgency; NoticeMoveNotAllowed
    once its time is over.
    """
    objector, is_by_agency = objector_of(command.caller)
    store = ExitNoticeStore(uow.session)
    found = await store.find(command.notice_id)
    if found.kind is NoticeKind.TOLD:
        if not is_by_agency:
            raise NoticeNotFound
        await FilingStore(uow.session).lock(_filing_of(found))
    notice = await store.lock(command.notice_id)
    if any(one.objector == objector and one.withdrawn_at is None for one in notice.objections):
        return notice
    objection = Objection(new_uuid7(), objector, is_by_agency, command.ground, command.reason, now)
    objected = object_to(settled(notice, now), objection)
    await store.save(objected)
    uow.announce(notice_objected(objected))
    if objected.kind is NoticeKind.TOLD:
        await _send_back(objected, uow, now, desk)
    return objected


async def withdraw_objection(
    notice_id: UUID, objection_id: UUID, caller: Principal, uow: UnitOfWork, now: datetime
) -> ExitNotice:
    """What it was about is settled. Raises: NoticeNotFound, NotAnAgency, ObjectionNotFound."""
    objector, _ = objector_of(caller)
    store = ExitNoticeStore(uow.session)
    notice = take_back(await store.lock(notice_id), objection_id, objector, now)
    await store.save(notice)
    return notice


def objector_of(caller: Principal) -> tuple[str, bool]:
    """How an objection names who made it, and whether an agency did.

    Raises: NotAnAgency for a system of nobody.
    """
    if caller.agency is not None:
        return caller.agency, True
    if caller.kind is SubjectKind.CLIENT:
        raise NotAnAgency
    return caller.subject, False


async def _send_back(notice: ExitNotice, uow: UnitOfWork, now: datetime, desk: RegistrarDesk) -> None:
    """The filing of an individual business goes back with what was said against it."""
    filing = await FilingStore(uow.session).lock(_filing_of(notice))
    if filing.status is not FilingStatus.UNDER_REVIEW:
        return
    said = notice.objections[-1].reason
    reason = Wording(f"有关部门提出异议：{said}", f"a department objected: {said}")
    returned = replace(stopped(advance(filing, FilingAction.RETURN), now), reason=reason)
    await save_filing(returned, uow, desk)
    uow.announce(filing_returned(returned))


def _filing_of(notice: ExitNotice) -> UUID:
    assert notice.filing_id is not None  # noqa: S101 - the schema says so of its kind
    return notice.filing_id
