"""Decide a draft by rules alone: approve, return with all faults at once, or leave it to a registrar."""

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from services.registration.domain.errors import NameTaken
from services.registration.domain.establishment import Establishment
from services.registration.domain.filing import SUBMITTED, DecidedBy, Filing, FilingStatus, advance
from services.registration.domain.name_rules import NameConflicts
from services.registration.domain.name_terms import freed_on, reserved_until
from services.registration.domain.names import keys_of_parts
from services.registration.domain.review import review_establishment, verdict
from services.registration.domain.rule import Outcome, RuleResult
from services.registration.published import filing_returned, filing_submitted
from services.registration.store.filings import FilingStore
from services.registration.store.names import NameClaim, NameStore
from services.registration.use_cases.register_enterprise import register_enterprise
from services.registration.use_cases.registrar_desk import RegistrarDesk
from shared.calendar import local_date
from shared.database.unit_of_work import UnitOfWork
from shared.web.problems import FieldFault

_ROUNDS = 3


async def decide_filing(draft: Filing, uow: UnitOfWork, now: datetime, desk: RegistrarDesk) -> Filing:
    """Review, take the name, decide, announce. Raises: NameTaken, CodesExhausted."""
    results = await _review_and_claim(draft, uow, now, desk)
    filing = advance(replace(draft, results=results, submitted_at=now), SUBMITTED[verdict(results)])
    uow.announce(filing_submitted(filing))
    if filing.status is FilingStatus.APPROVED:
        return await register_enterprise(filing, DecidedBy.SYSTEM, uow, now, desk)
    await FilingStore(uow.session).save(filing)
    if filing.status is FilingStatus.RETURNED:
        uow.announce(filing_returned(filing))
    return filing


async def claim_name(
    filing_id: UUID, content: Establishment, uow: UnitOfWork, now: datetime, desk: RegistrarDesk
) -> bool:
    """Reserve the name for the filing; False where another was first."""
    until = reserved_until(now, desk.policy.names.reservation, local_date(now))
    claim = name_claim(filing_id, content, now, desk)
    return await NameStore(uow.session).reserve(claim, until, now)


def name_claim(filing_id: UUID, content: Establishment, now: datetime, desk: RegistrarDesk) -> NameClaim:
    """The claim that a filing makes on its name."""
    names = desk.policy.names
    return NameClaim(
        keys=keys_of_parts(content.name, names),
        division_code=desk.policy.division_code,
        filing_id=filing_id,
        freed_on=freed_on(local_date(now), names.conflict_window),
    )


async def _review_and_claim(
    draft: Filing, uow: UnitOfWork, now: datetime, desk: RegistrarDesk
) -> tuple[RuleResult, ...]:
    """Another filing may take the name between look and claim: then look again, and see its claim."""
    store, policy = NameStore(uow.session), desk.policy
    for _ in range(_ROUNDS):
        conflicts = await store.conflicts(name_claim(draft.id, draft.content, now, desk), policy.names, now)
        results = review_establishment(draft.content, policy, conflicts, local_date(now))
        if conflicts.same:
            raise NameTaken(_faults(results))
        if _has_name_fault(results):
            await store.release(draft.id)
            return results
        if await claim_name(draft.id, draft.content, uow, now, desk):
            return results
    lost = review_establishment(draft.content, policy, NameConflicts(same=True), local_date(now))
    raise NameTaken(_faults(lost))


def _has_name_fault(results: tuple[RuleResult, ...]) -> bool:
    return any(r.outcome is Outcome.FAULT and r.rule.startswith("name.") for r in results)


def _faults(results: tuple[RuleResult, ...]) -> tuple[FieldFault, ...]:
    return tuple(
        FieldFault(r.pointer, r.rule, r.text_zh, r.text_en) for r in results if r.outcome is Outcome.FAULT
    )
