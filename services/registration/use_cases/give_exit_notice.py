"""Give notice of a simple deregistration (简易注销公告), and take it back."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from services.registration.domain.enterprise import EnterpriseFile
from services.registration.domain.errors import EnterpriseStateForbids, FilingInProgress
from services.registration.domain.exit_errors import (
    NoticeNotNeeded,
    NoticeRunning,
    SimpleExitBarred,
    SimpleWayClosed,
)
from services.registration.domain.exit_notice import (
    Commitment,
    ExitNotice,
    NoticeKind,
    NoticeMove,
    NoticeState,
    advance,
    is_closed,
    settled,
    term_of,
)
from services.registration.domain.exit_rules import review_bars, review_commitments
from services.registration.domain.filing_kinds import FilingKind
from services.registration.domain.kinds import IN_BUSINESS, EnterpriseKind
from services.registration.published.exits import NOTICE_PUBLISHED, NOTICE_WITHDRAWN, notice_told
from services.registration.store.enterprises import EnterpriseStore
from services.registration.store.exit_notices import ExitNoticeStore
from services.registration.store.exit_standing import ExitStanding
from services.registration.use_cases.exit_filer import applicant_for
from services.registration.use_cases.faults import faults_of
from services.registration.use_cases.ownership import is_owner, require_owner
from services.registration.use_cases.registrar_desk import RegistrarDesk
from services.registration.use_cases.settle_notices import save_settled
from shared.calendar import local_date
from shared.database.unit_of_work import UnitOfWork
from shared.identifiers import new_uuid7
from shared.security.principal import Principal

_ACT: Final = FilingKind.SIMPLE_DEREGISTRATION.value


@dataclass(frozen=True)
class GiveNotice:
    """The enterprise, and what its investors signed; `on_behalf_of` is who came to the caller's counter."""

    uscc: str
    commitments: tuple[Commitment, ...]
    caller: Principal
    matter_id: UUID | None = None
    on_behalf_of: str | None = None


async def give_notice(command: GiveNotice, uow: UnitOfWork, now: datetime, desk: RegistrarDesk) -> ExitNotice:
    """Publish it at once where nothing stands against it.

    Raises: EnterpriseNotFound, NotTheOwner, NotEmpowered, EnterpriseStateForbids, NoticeNotNeeded, NoticeRunning,
    SimpleWayClosed, SimpleExitBarred with all that stands against it.
    """
    file = await EnterpriseStore(uow.session).lock(command.uscc)
    one = file.enterprise
    applicant = applicant_for(command.caller, one, command.on_behalf_of, desk)
    if one.state not in IN_BUSINESS:
        raise EnterpriseStateForbids(one.state.value, _ACT)
    if one.enterprise_kind is EnterpriseKind.INDIVIDUAL_BUSINESS:
        raise NoticeNotNeeded
    await require_simple_way(one.uscc, uow, now, desk)
    standing = await ExitStanding(uow.session).of(one.uscc)
    results = (
        *review_commitments(file, command.commitments, local_date(now)),
        *review_bars(file, standing, desk.policy),
    )
    if faults := faults_of(results):
        raise SimpleExitBarred(faults)
    given = Given(NoticeKind.PUBLIC, applicant, command.commitments, command.matter_id)
    notice = new_notice(file, given, now, desk)
    await ExitNoticeStore(uow.session).save(notice)
    uow.announce(notice_told(NOTICE_PUBLISHED, notice))
    return notice


async def require_simple_way(uscc: str, uow: UnitOfWork, now: datetime, desk: RegistrarDesk) -> None:
    """No notice runs, and no objection closed the way. The enterprise is locked.

    Raises: NoticeRunning, SimpleWayClosed.
    """
    store = ExitNoticeStore(uow.session)
    running = await store.lock_running(uscc)
    if running is not None:
        after = await save_settled(running, uow, now)
        if after.is_running:
            raise NoticeRunning(after.term.ends_on)
    if is_closed(await store.of_enterprise(uscc), desk.policy.exits.simple):
        raise SimpleWayClosed


@dataclass(frozen=True)
class Given:
    """To whom notice is given, for whom, and what was signed; `filing_id` is what departments alone are told of."""

    kind: NoticeKind
    applicant: str
    commitments: tuple[Commitment, ...]
    matter_id: UUID | None
    filing_id: UUID | None = None


def new_notice(file: EnterpriseFile, given: Given, now: datetime, desk: RegistrarDesk) -> ExitNotice:
    """A notice given now, with its days."""
    one = file.enterprise
    return ExitNotice(
        id=new_uuid7(),
        uscc=one.uscc,
        name=one.name,
        enterprise_kind=one.enterprise_kind,
        division_code=one.domicile_division_code,
        kind=given.kind,
        state=NoticeState.PUBLISHED,
        version=1,
        applicant=given.applicant,
        commitments=given.commitments,
        published_at=now,
        term=term_of(now, given.kind, desk.policy.exits.simple, desk.calendar),
        matter_id=given.matter_id,
        filing_id=given.filing_id,
    )


async def withdraw_notice(
    notice_id: UUID, caller: Principal, expects: Callable[[int], None], uow: UnitOfWork, now: datetime
) -> ExitNotice:
    """The enterprise stays. What a filing holds goes with the filing: that is withdrawn.

    Raises: NoticeNotFound, NotTheOwner, FilingInProgress, NoticeMoveNotAllowed; whatever `expects` raises.
    """
    store = ExitNoticeStore(uow.session)
    notice = await store.lock(notice_id)
    require_owner(caller, (await EnterpriseStore(uow.session).find(notice.uscc)).enterprise)
    expects(notice.version)
    notice = settled(notice, now)
    if notice.is_running and notice.filing_id is not None:
        raise FilingInProgress(str(notice.filing_id))
    withdrawn = advance(notice, NoticeMove.WITHDRAW)
    await store.save(withdrawn)
    uow.announce(notice_told(NOTICE_WITHDRAWN, withdrawn))
    return withdrawn


async def reads_objections(notice: ExitNotice, caller: Principal | None, uow: UnitOfWork) -> bool:
    """Whether the words of objections are the caller's to read: the enterprise's own people."""
    if caller is None:
        return False
    if notice.applicant == caller.subject:
        return True
    return is_owner(caller, (await EnterpriseStore(uow.session).find(notice.uscc)).enterprise)
