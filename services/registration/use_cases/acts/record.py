"""Record (备案): what the register keeps beside what is registered; no licence changes by it."""

from datetime import datetime
from typing import ClassVar

from services.registration.domain.acts.record import Record, as_established_with, recorded
from services.registration.domain.filing import Filing
from services.registration.domain.filing_kinds import FilingContent, FilingKind
from services.registration.domain.kinds import IN_BUSINESS, EnterpriseState
from services.registration.domain.name_rules import NameConflicts
from services.registration.domain.record_rules import days_late, review_record
from services.registration.domain.register_acts import Cause, RegisterAct
from services.registration.domain.review import review_establishment, settled_by_mode
from services.registration.domain.rule import RuleResult
from services.registration.store.follow_ups import FollowUpStore
from services.registration.use_cases.acts.base import ActOnRegistered, Entered
from services.registration.use_cases.applied import applied_on
from services.registration.use_cases.change_register import change_register
from services.registration.use_cases.known_facts import known_facts
from services.registration.use_cases.noted_follow_ups import follow_ups_of
from services.registration.use_cases.registrar_desk import RegistrarDesk
from shared.calendar import local_date
from shared.database.unit_of_work import UnitOfWork


class RecordAct(ActOnRegistered):
    """Also while it is wound up: who receives papers and whom to call may change. Source: 条例 art. 29."""

    kind: ClassVar[FilingKind] = FilingKind.RECORD
    states = IN_BUSINESS | {EnterpriseState.IN_LIQUIDATION}

    async def review(
        self, filing: Filing, uow: UnitOfWork, now: datetime, desk: RegistrarDesk
    ) -> tuple[RuleResult, ...]:
        """Raises: EnterpriseStateForbids."""
        before, filed = await self.lock(filing, uow), _said(filing.content)
        view = as_established_with(before, filed)
        known = await known_facts(view, filing, uow, now, desk, before)
        reviewed = review_establishment(view, desk.policy, NameConflicts(), local_date(now), known)
        established = settled_by_mode(reviewed, desk.policy.establishment.mode, is_committed=True)
        return review_record(before, filed, view, established, desk.policy, applied_on(filing, now, desk))

    async def enter(self, filing: Filing, uow: UnitOfWork, now: datetime, desk: RegistrarDesk) -> Entered:
        """Raises: EnterpriseStateForbids."""
        before, filed = await self.lock(filing, uow), _said(filing.content)
        details = {"items": ",".join(filed.items()), "decided_on": filed.decided_on.isoformat()}
        late = days_late(before, filed, desk.policy, applied_on(filing, now, desk))
        if late:
            details["days_late"] = str(late)
        cause = Cause(RegisterAct.RECORDED, filing_id=filing.id, matter_id=filing.matter_id, details=details)
        entered = await change_register(before, recorded(before, filed), cause, uow, now, desk)
        await FollowUpStore(uow.session).add(follow_ups_of(filing, filed.uscc, now))
        return Entered(filed.uscc, entered.enterprise.licence_identifier)


def _said(content: FilingContent) -> Record:
    assert isinstance(content, Record)  # noqa: S101 - the kind says so
    return content
