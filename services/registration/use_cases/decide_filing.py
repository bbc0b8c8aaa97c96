"""Decide a draft by rules alone: approve, return with all faults at once, or leave it to a registrar."""

from dataclasses import replace
from datetime import datetime
from typing import Final

from services.registration.domain.errors import FilingInProgress
from services.registration.domain.filing import SUBMITTED, DecidedBy, Filing, FilingStatus, advance
from services.registration.domain.legal_basis import regulation
from services.registration.domain.policy import Wording
from services.registration.domain.review import verdict
from services.registration.domain.rule import Rule, RuleResult, fault, referred
from services.registration.published.filings import filing_approved, filing_returned, filing_submitted
from services.registration.store.filings import FilingStore
from services.registration.use_cases.acts import ACTS
from services.registration.use_cases.ownership import is_still_theirs
from services.registration.use_cases.registrar_desk import RegistrarDesk
from shared.calendar import ClockState
from shared.database.unit_of_work import UnitOfWork

BY_PERSON: Final = Rule(
    "review.by_person",
    Wording("当事人选择人工审查", "the applicant's choice of a person"),
    Wording("无需人工审查", "no person is asked for"),
)
BY_OWNER: Final = Rule(
    "review.applicant",
    regulation("十六", "16"),
    Wording("申请人代表该企业", "the applicant acts for the enterprise"),
)


async def decide_filing(draft: Filing, uow: UnitOfWork, now: datetime, desk: RegistrarDesk) -> Filing:
    """Review, reserve, decide, announce. Raises: FilingInProgress; whatever the act's review raises."""
    results = await review_filing(draft, uow, now, desk)
    outcome = verdict(results)
    filing = advance(replace(draft, results=results, submitted_at=now), SUBMITTED[outcome])
    if filing.status is FilingStatus.UNDER_REVIEW:
        filing = await take_up(filing, uow, now, desk)
    uow.announce(filing_submitted(filing))
    if filing.status is FilingStatus.APPROVED:
        return await carry_out(filing, DecidedBy.SYSTEM, uow, now, desk)
    await save_filing(filing, uow, desk)
    if filing.status is FilingStatus.RETURNED:
        uow.announce(filing_returned(filing))
    return filing


async def review_filing(
    filing: Filing, uow: UnitOfWork, now: datetime, desk: RegistrarDesk
) -> tuple[RuleResult, ...]:
    """The act's rules, whether the applicant acts for the enterprise still, and their wish for a person."""
    results = await ACTS[filing.kind].review(filing, uow, now, desk)
    if not await is_still_theirs(filing, uow):
        zh, en = "申请人已不再代表该企业", "the applicant acts for the enterprise no more"
        results = (*results, fault(BY_OWNER, "", zh, en))
    if filing.wants_person:
        zh, en = "申请人要求人工审查", "the applicant asks for a person"
        results = (*results, referred(BY_PERSON, "/wants_person", zh, en))
    return results


async def take_up(filing: Filing, uow: UnitOfWork, now: datetime, desk: RegistrarDesk) -> Filing:
    """Start the officer's clock; about one enterprise one filing at a time. Raises: FilingInProgress."""
    if filing.uscc is not None:
        other = await FilingStore(uow.session).under_review_for(filing.uscc, filing.id)
        if other is not None:
            raise FilingInProgress(str(other))
    return replace(filing, clock=await ACTS[filing.kind].begin(filing, uow, now, desk))


async def carry_out(
    approved: Filing, decided_by: DecidedBy, uow: UnitOfWork, now: datetime, desk: RegistrarDesk
) -> Filing:
    """Let an approved filing have its effect on the register. Raises whatever the act's effect raises."""
    entered = await ACTS[approved.kind].enter(approved, uow, now, desk)
    filing = replace(
        stopped(approved, now),
        concerns=replace(approved.concerns, uscc=entered.uscc),
        licence_identifier=entered.licence_identifier,
        decided_by=decided_by,
        decided_at=now,
    )
    await save_filing(filing, uow, desk)
    uow.announce(filing_approved(filing))
    return filing


async def save_filing(filing: Filing, uow: UnitOfWork, desk: RegistrarDesk) -> None:
    """Write the filing, with the time at which a running clock runs out."""
    is_running = filing.status is FilingStatus.UNDER_REVIEW and filing.clock is not None
    due = filing.clock.due_at(desk.calendar) if is_running and filing.clock else None
    await FilingStore(uow.session).save(filing, uow.now, due)


def stopped(filing: Filing, now: datetime) -> Filing:
    """The filing with its clock at rest: it was decided, sent back or taken back."""
    if filing.clock is None or filing.clock.state is ClockState.STOPPED:
        return filing
    return replace(filing, clock=filing.clock.stop(now))
