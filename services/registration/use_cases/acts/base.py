"""What an act of registration is to the life that all filings share: rules to review by, and an effect."""

from abc import ABC, abstractmethod
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, Final

from services.registration.domain.enterprise import EnterpriseFile
from services.registration.domain.errors import EnterpriseStateForbids
from services.registration.domain.filing import Filing
from services.registration.domain.filing_kinds import Concerns, FilingContent, FilingKind
from services.registration.domain.kinds import EnterpriseState
from services.registration.domain.rule import RuleResult
from services.registration.store.enterprises import EnterpriseStore
from services.registration.use_cases.frozen_changes import require_not_frozen
from services.registration.use_cases.registrar_desk import RegistrarDesk
from shared.calendar import DeadlineLedger, Limit
from shared.database.unit_of_work import UnitOfWork


@dataclass(frozen=True)
class Entered:
    """What came of an approved filing: the enterprise's code, and its licence where it has one."""

    uscc: str
    licence_identifier: str | None


class Act(ABC):
    """One act: its filing's content is reviewed by rules, and enters the register once it is approved."""

    kind: ClassVar[FilingKind]

    @abstractmethod
    async def concerns(self, content: FilingContent, uow: UnitOfWork) -> Concerns:
        """Which enterprise it is about. Raises: EnterpriseNotFound."""

    @abstractmethod
    async def review(
        self, filing: Filing, uow: UnitOfWork, now: datetime, desk: RegistrarDesk
    ) -> tuple[RuleResult, ...]:
        """Apply every rule, and reserve what the filing asks for. Raises the act's own conflicts."""

    @abstractmethod
    async def enter(self, filing: Filing, uow: UnitOfWork, now: datetime, desk: RegistrarDesk) -> Entered:
        """Carry out what was approved, in the same transaction."""

    async def release(self, filing: Filing, uow: UnitOfWork) -> None:
        """Give back what was reserved: the filing was refused or withdrawn."""
        return

    async def send_back(self, filing: Filing, uow: UnitOfWork) -> None:
        """Let go of what waited with the filing: an officer, or the end of a hearing, returned it."""
        return

    def limit(self, desk: RegistrarDesk) -> Limit:
        """How long an officer has for it."""
        return desk.policy.review.limit

    async def begin(
        self, filing: Filing, uow: UnitOfWork, now: datetime, desk: RegistrarDesk
    ) -> DeadlineLedger:
        """Start the officer's clock, and whatever else begins when the rules leave a filing to an officer."""
        return DeadlineLedger.started(self.limit(desk), now)


_ABOUT: Final = "uscc"


class ActOnRegistered(Act):
    """An act about an enterprise that stands in the register; its content names the code in `uscc`."""

    states: ClassVar[Collection[EnterpriseState]]
    """In which states it is possible."""

    async def concerns(self, content: FilingContent, uow: UnitOfWork) -> Concerns:
        one = (await EnterpriseStore(uow.session).find(getattr(content, _ABOUT))).enterprise
        return Concerns(one.name, one.enterprise_kind, one.domicile_division_code, one.uscc)

    async def lock(self, filing: Filing, uow: UnitOfWork) -> EnterpriseFile:
        """The enterprise as it stands; others wait.

        Raises: EnterpriseNotFound, EnterpriseStateForbids; ChangesFrozen while it is looked into.
        """
        file = await EnterpriseStore(uow.session).lock(getattr(filing.content, _ABOUT))
        await require_not_frozen(file.enterprise.uscc, uow)
        if file.enterprise.state not in self.states:
            raise EnterpriseStateForbids(file.enterprise.state.value, self.kind.value)
        return file
