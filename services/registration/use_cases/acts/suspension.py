"""Suspension of business (歇业备案), for longer too, and resumption (恢复营业)."""

from dataclasses import replace
from datetime import datetime
from typing import ClassVar

from services.registration.domain.acts.suspension import (
    Resuming,
    Suspending,
    review_resuming,
    review_suspending,
)
from services.registration.domain.enterprise import EnterpriseFile
from services.registration.domain.errors import EnterpriseStateForbids
from services.registration.domain.filing import Filing
from services.registration.domain.filing_kinds import FilingContent, FilingKind
from services.registration.domain.kinds import EnterpriseState
from services.registration.domain.rule import RuleResult
from services.registration.domain.suspension import (
    Suspension,
    SuspensionEnd,
    SuspensionMove,
    SuspensionState,
    move,
)
from services.registration.store.suspensions import SuspensionStore
from services.registration.use_cases.acts.base import ActOnRegistered, Entered
from services.registration.use_cases.registrar_desk import RegistrarDesk
from services.registration.use_cases.suspend import put_in_suspension, resume_business, unfinished
from shared.calendar import local_date
from shared.database.unit_of_work import UnitOfWork
from shared.identifiers import new_uuid7


class SuspensionAct(ActOnRegistered):
    """Source: 市场主体登记管理条例 art. 30."""

    kind: ClassVar[FilingKind] = FilingKind.SUSPENSION
    states = frozenset({EnterpriseState.ACTIVE, EnterpriseState.SUSPENDED})

    async def review(
        self, filing: Filing, uow: UnitOfWork, now: datetime, desk: RegistrarDesk
    ) -> tuple[RuleResult, ...]:
        """Raises: EnterpriseStateForbids, also while another suspension is still to begin."""
        file, said = await self.lock(filing, uow), _suspending(filing.content)
        held = await SuspensionStore(uow.session).of(said.uscc)
        running = unfinished(held)
        if running is not None and running.state is SuspensionState.PLANNED:
            raise EnterpriseStateForbids(file.enterprise.state.value, self.kind.value)
        before = [each for each in held if each.state is SuspensionState.ENDED]
        today = local_date(now)
        return tuple(review_suspending(said, running, before, desk.policy.suspension, today))

    async def enter(self, filing: Filing, uow: UnitOfWork, now: datetime, desk: RegistrarDesk) -> Entered:
        """At once where its first day has come, else on that day."""
        file, said = await self.lock(filing, uow), _suspending(filing.content)
        store = SuspensionStore(uow.session)
        running = unfinished(await store.of(said.uscc))
        if running is not None:
            suspension = replace(move(running, SuspensionMove.EXTEND), until_on=said.until_on)
            if said.papers_to is not None:
                suspension = replace(suspension, papers_to=said.papers_to)
            await store.save(suspension)
            await put_in_suspension(file, suspension, filing.id, local_date(now), uow, now, desk)
            return Entered(said.uscc, file.enterprise.licence_identifier)
        suspension = Suspension(
            new_uuid7(),
            said.uscc,
            filing.id,
            said.cause,
            said.begins_on,
            said.until_on,
            SuspensionState.PLANNED,
            papers_to=said.papers_to,
        )
        if said.begins_on <= local_date(now):
            suspension = move(suspension, SuspensionMove.BEGIN)
            await put_in_suspension(file, suspension, filing.id, said.begins_on, uow, now, desk)
        await store.save(suspension)
        return Entered(said.uscc, file.enterprise.licence_identifier)


class ResumptionAct(ActOnRegistered):
    """Source: 市场主体登记管理条例实施细则 art. 43."""

    kind: ClassVar[FilingKind] = FilingKind.RESUMPTION
    states = frozenset({EnterpriseState.ACTIVE, EnterpriseState.SUSPENDED})

    async def review(
        self, filing: Filing, uow: UnitOfWork, now: datetime, desk: RegistrarDesk
    ) -> tuple[RuleResult, ...]:
        """Raises: EnterpriseStateForbids where nothing is suspended."""
        said, (_, held) = _resuming(filing.content), await self._held(filing, uow)
        return (review_resuming(said, held, desk.policy.suspension, local_date(now)),)

    async def enter(self, filing: Filing, uow: UnitOfWork, now: datetime, desk: RegistrarDesk) -> Entered:
        said, (file, held) = _resuming(filing.content), await self._held(filing, uow)
        end, on = SuspensionEnd.RESUMED, said.resumed_on
        await resume_business(file, held, end, on, uow, now, desk, filing_id=filing.id)
        return Entered(said.uscc, file.enterprise.licence_identifier)

    async def _held(self, filing: Filing, uow: UnitOfWork) -> tuple[EnterpriseFile, Suspension | None]:
        """The suspension that runs or is to begin; none where it was suspended before it came to this register."""
        file = await self.lock(filing, uow)
        one = file.enterprise
        held = unfinished(await SuspensionStore(uow.session).of(one.uscc))
        if held is None and one.state is not EnterpriseState.SUSPENDED:
            raise EnterpriseStateForbids(one.state.value, self.kind.value)
        return file, held


def _suspending(content: FilingContent) -> Suspending:
    assert isinstance(content, Suspending)  # noqa: S101 - the kind says so
    return content


def _resuming(content: FilingContent) -> Resuming:
    assert isinstance(content, Resuming)  # noqa: S101 - the kind says so
    return content
