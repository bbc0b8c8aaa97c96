"""Simple deregistration (简易注销登记): after a notice without objection, or after departments were heard."""

from dataclasses import replace
from datetime import datetime
from typing import ClassVar, Final

from services.registration.domain.acts.simple_deregistration import SimpleDeregistration
from services.registration.domain.enterprise import EnterpriseFile
from services.registration.domain.exit_errors import (
    NoticeLapsed,
    NoticeMissing,
    NoticeNotOver,
    NoticeRunning,
    SimpleExitBarred,
    SimpleWayClosed,
)
from services.registration.domain.exit_notice import (
    ExitNotice,
    NoticeKind,
    NoticeMove,
    NoticeState,
    advance,
    hold,
    is_closed,
    let_go,
    settled,
)
from services.registration.domain.exit_policy import CountsFrom
from services.registration.domain.exit_rules import (
    HEARD,
    NOTICE,
    review_bars,
    review_commitments,
)
from services.registration.domain.filing import Filing, FilingStatus
from services.registration.domain.filing_kinds import FilingContent, FilingKind
from services.registration.domain.kinds import IN_BUSINESS, EnterpriseKind
from services.registration.domain.rule import RuleResult, passed, referred
from services.registration.published.exits import NOTICE_PUBLISHED, NOTICE_WITHDRAWN, notice_told
from services.registration.store.exit_notices import ExitNoticeStore
from services.registration.store.exit_standing import ExitStanding
from services.registration.use_cases.acts.base import ActOnRegistered, Entered
from services.registration.use_cases.faults import faults_of
from services.registration.use_cases.give_exit_notice import Given, new_notice
from services.registration.use_cases.leave_register import (
    ExitMethod,
    Leaving,
    leave_register,
    require_nothing_else,
)
from services.registration.use_cases.registrar_desk import RegistrarDesk
from services.registration.use_cases.settle_notices import save_settled
from shared.calendar import DeadlineLedger, Limit, local_date
from shared.database.unit_of_work import UnitOfWork

HEARING: Final = "征求税务等部门意见"


class SimpleDeregistrationAct(ActOnRegistered):
    """Source: 市场主体登记管理条例 art. 33; 实施细则 arts. 47 to 49; 公司法 art. 240."""

    kind: ClassVar[FilingKind] = FilingKind.SIMPLE_DEREGISTRATION
    states = IN_BUSINESS

    async def review(
        self, filing: Filing, uow: UnitOfWork, now: datetime, desk: RegistrarDesk
    ) -> tuple[RuleResult, ...]:
        """Raises: EnterpriseStateForbids, FilingInProgress, SimpleExitBarred, and what says how the notice stands."""
        file, said = await self.lock(filing, uow), _said(filing.content)
        await require_nothing_else(filing, said.uscc, uow)
        notice = await ExitNoticeStore(uow.session).lock_running(said.uscc)
        if is_individual(file):
            told = await self._heard(filing, notice, uow, now, desk)
        else:
            told = await self._noticed(said.uscc, notice, uow, now)
        standing = await ExitStanding(uow.session).of(said.uscc)
        bars = tuple(review_bars(file, standing, desk.policy))
        if filing.status is not FilingStatus.UNDER_REVIEW and (faults := faults_of(bars)):
            raise SimpleExitBarred(faults)
        commitments = (*(notice.commitments if notice else ()), *said.commitments)
        return (told, *review_commitments(file, commitments, local_date(now)), *bars)

    async def enter(self, filing: Filing, uow: UnitOfWork, now: datetime, desk: RegistrarDesk) -> Entered:
        """Raises: EnterpriseStateForbids; NoticeMissing, NoticeNotOver where it cannot be used."""
        file, said = await self.lock(filing, uow), _said(filing.content)
        store = ExitNoticeStore(uow.session)
        notice = await store.lock_running(said.uscc)
        if notice is None:
            raise NoticeMissing
        notice = await save_settled(notice, uow, now)
        if notice.state is NoticeState.PUBLISHED:
            raise NoticeNotOver(notice.term.ends_on)
        await store.save(replace(advance(notice, NoticeMove.USE), filing_id=filing.id))
        leaving = Leaving(ExitMethod.SIMPLE, said.joint)
        licence = await leave_register(file, filing, leaving, uow, now, desk)
        return Entered(said.uscc, licence)

    async def begin(
        self, filing: Filing, uow: UnitOfWork, now: datetime, desk: RegistrarDesk
    ) -> DeadlineLedger:
        """Hold the notice, or let departments be heard while the clock stands still."""
        file, policy = await self.lock(filing, uow), desk.policy.exits.simple
        store = ExitNoticeStore(uow.session)
        notice = await store.lock_running(file.enterprise.uscc)
        if notice is not None:
            notice = await save_settled(notice, uow, now)
        started = DeadlineLedger.started(policy.decision, now)
        if notice is not None and notice.is_running:
            await store.save(hold(notice, filing.id))
        if is_individual(file):
            if notice is None or not notice.is_running:
                notice = await self._tell(filing, file, uow, now, desk)
            is_heard = notice.state is NoticeState.ELAPSED
            return started if is_heard else started.pause(now, reason=HEARING)
        if notice is None:
            return started
        if policy.counts_from is CountsFrom.NOTICE_END:
            counted = DeadlineLedger.started(policy.decision, notice.ended_at)
            # An application that comes when that time has run out has its own.
            return started if counted.is_overdue(now, desk.calendar) else counted
        return started

    async def release(self, filing: Filing, uow: UnitOfWork) -> None:
        """The notice may be used by another filing; one that was told to departments alone is withdrawn."""
        store = ExitNoticeStore(uow.session)
        notice = await store.lock_running(_said(filing.content).uscc)
        if notice is None or notice.filing_id != filing.id:
            return
        if notice.kind is NoticeKind.PUBLIC:
            await store.save(let_go(notice))
            return
        withdrawn = advance(notice, NoticeMove.WITHDRAW)
        await store.save(withdrawn)
        uow.announce(notice_told(NOTICE_WITHDRAWN, withdrawn))

    async def send_back(self, filing: Filing, uow: UnitOfWork) -> None:
        """The notice serves until its own last day again: nobody keeps it by leaving a filing returned."""
        store = ExitNoticeStore(uow.session)
        notice = await store.lock_running(_said(filing.content).uscc)
        if notice is not None and notice.filing_id == filing.id:
            await store.save(let_go(notice))

    def limit(self, desk: RegistrarDesk) -> Limit:
        return desk.policy.exits.simple.decision

    async def _noticed(
        self, uscc: str, running: ExitNotice | None, uow: UnitOfWork, now: datetime
    ) -> RuleResult:
        notice = settled(running, now) if running else None
        if notice is None:
            earlier = await ExitNoticeStore(uow.session).of_enterprise(uscc)
            notice = earlier[0] if earlier else None
        if notice is None or notice.state in (NoticeState.USED, NoticeState.WITHDRAWN):
            raise NoticeMissing
        if notice.state is NoticeState.OBJECTED:
            raise SimpleWayClosed
        if notice.state is NoticeState.LAPSED:
            raise NoticeLapsed(notice.term.apply_until)
        if notice.state is NoticeState.PUBLISHED:
            raise NoticeNotOver(notice.term.ends_on)
        return passed(NOTICE, "/uscc")

    async def _heard(
        self,
        filing: Filing,
        running: ExitNotice | None,
        uow: UnitOfWork,
        now: datetime,
        desk: RegistrarDesk,
    ) -> RuleResult:
        notice = settled(running, now) if running else None
        is_running = notice is not None and notice.is_running
        if notice is not None and is_running and notice.filing_id != filing.id:
            raise NoticeRunning(notice.term.ends_on)
        if notice is not None and notice.state is NoticeState.ELAPSED:
            return passed(HEARD, "/uscc")
        if not is_running and is_closed(
            await ExitNoticeStore(uow.session).of_enterprise(_said(filing.content).uscc),
            desk.policy.exits.simple,
        ):
            raise SimpleWayClosed
        return referred(
            HEARD,
            "/uscc",
            "已推送税务等部门征求意见，期满无异议即准予注销",
            "tax and other departments are heard; without objection it is approved when their time ends",
        )

    async def _tell(
        self, filing: Filing, file: EnterpriseFile, uow: UnitOfWork, now: datetime, desk: RegistrarDesk
    ) -> ExitNotice:
        said = _said(filing.content)
        given = Given(NoticeKind.TOLD, filing.applicant, said.commitments, filing.matter_id, filing.id)
        notice = new_notice(file, given, now, desk)
        await ExitNoticeStore(uow.session).save(notice)
        uow.announce(notice_told(NOTICE_PUBLISHED, notice))
        return notice


def is_individual(file: EnterpriseFile) -> bool:
    """An individual business gives no public notice."""
    return file.enterprise.enterprise_kind is EnterpriseKind.INDIVIDUAL_BUSINESS


def _said(content: FilingContent) -> SimpleDeregistration:
    assert isinstance(content, SimpleDeregistration)  # noqa: S101 - the kind says so
    return content
