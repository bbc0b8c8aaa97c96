"""Ordinary deregistration (注销登记): after a liquidation, or straight away where none is needed."""

from dataclasses import replace
from datetime import datetime
from typing import ClassVar, Final

from services.registration.domain.acts.deregistration import Deregistration
from services.registration.domain.enterprise import EnterpriseFile
from services.registration.domain.exit_errors import NoticeRunning
from services.registration.domain.exit_notice import settled
from services.registration.domain.filing import Filing
from services.registration.domain.filing_kinds import FilingContent, FilingKind
from services.registration.domain.kinds import EnterpriseState
from services.registration.domain.liquidation import (
    REASONS,
    Liquidation,
    LiquidationMove,
    LiquidationState,
    advance,
    application_due,
)
from services.registration.domain.liquidation_rules import OrdinaryStanding, review_ordinary
from services.registration.domain.rule import RuleResult
from services.registration.published.liquidations import ABANDONED, liquidation_told
from services.registration.store.exit_notices import ExitNoticeStore
from services.registration.store.exit_standing import ExitStanding
from services.registration.store.liquidations import LiquidationStore
from services.registration.use_cases.acts.base import ActOnRegistered, Entered
from services.registration.use_cases.leave_register import (
    ExitMethod,
    Leaving,
    leave_register,
    require_nothing_else,
)
from services.registration.use_cases.registrar_desk import RegistrarDesk
from shared.calendar import DueDate, Limit, local_date
from shared.database.unit_of_work import UnitOfWork

_STATES: Final = frozenset(set(EnterpriseState) - {EnterpriseState.DEREGISTERED, EnterpriseState.MOVED_OUT})


class DeregistrationAct(ActOnRegistered):
    """Source: 市场主体登记管理条例 arts. 31, 32 and 34; 实施细则 arts. 44 to 46."""

    kind: ClassVar[FilingKind] = FilingKind.DEREGISTRATION
    states = _STATES

    async def review(
        self, filing: Filing, uow: UnitOfWork, now: datetime, desk: RegistrarDesk
    ) -> tuple[RuleResult, ...]:
        """Raises: EnterpriseStateForbids, FilingInProgress, NoticeRunning."""
        file, said = await self.lock(filing, uow), _said(filing.content)
        await require_nothing_else(filing, said.uscc, uow)
        notice = await ExitNoticeStore(uow.session).lock_running(said.uscc)
        if notice is not None and settled(notice, now).is_running:
            raise NoticeRunning(notice.term.ends_on)
        known = await self._known(file, uow, desk)
        return tuple(review_ordinary(file, said, known, desk.policy, local_date(now)))

    async def enter(self, filing: Filing, uow: UnitOfWork, now: datetime, desk: RegistrarDesk) -> Entered:
        """The liquidation is closed with it. Raises: EnterpriseStateForbids."""
        file, said = await self.lock(filing, uow), _said(filing.content)
        store = LiquidationStore(uow.session)
        found = await store.lock_unfinished(said.uscc)
        if found is not None:
            move = (
                LiquidationMove.CLOSE
                if found.state is LiquidationState.CONCLUDED
                else LiquidationMove.ABANDON
            )
            ended = replace(advance(found, move), ended_at=now)
            await store.save(ended)
            if ended.state is LiquidationState.ABANDONED:
                uow.announce(liquidation_told(ABANDONED, ended))
        leaving = Leaving(ExitMethod.ORDINARY, said.joint, REASONS[said.reason])
        licence = await leave_register(file, filing, leaving, uow, now, desk)
        return Entered(said.uscc, licence)

    def limit(self, desk: RegistrarDesk) -> Limit:
        return desk.policy.exits.ordinary.decision

    async def _known(self, file: EnterpriseFile, uow: UnitOfWork, desk: RegistrarDesk) -> OrdinaryStanding:
        uscc = file.enterprise.uscc
        standing = ExitStanding(uow.session)
        liquidation = await LiquidationStore(uow.session).lock_unfinished(uscc)
        return OrdinaryStanding(
            liquidation=liquidation,
            application_due=_application_due(liquidation, desk),
            clearance=await standing.clearance(uscc),
            others=await standing.of(uscc),
        )


def _application_due(liquidation: Liquidation | None, desk: RegistrarDesk) -> DueDate | None:
    if liquidation is None or liquidation.report is None:
        return None
    ended_on, policy = liquidation.report.ended_on, desk.policy.exits.ordinary
    return application_due(ended_on, liquidation.enterprise_kind, policy, desk.calendar)


def _said(content: FilingContent) -> Deregistration:
    assert isinstance(content, Deregistration)  # noqa: S101 - the kind says so
    return content
