"""The walk through all who owe a report: reminded before 30 June, put on the list after it; each once."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Final

from services.registration.domain.abnormal_list import Cause, Listing, ListingState, confirmed, effect_on
from services.registration.domain.annual_report import Debtor, Window, last_year, window_of
from services.registration.domain.publicity_policy import PublicityPolicy, ReportPolicy
from services.registration.published.abnormal_list import abnormal_list_entered
from services.registration.published.annual_reports import annual_report_due
from services.registration.store.abnormal_list import AbnormalListStore
from services.registration.store.annual_reports import ReportWalkStore, Walk
from services.registration.use_cases.end_listings import serious_on
from shared.calendar import DeadlineLedger
from shared.database.unit_of_work import UnitOfWork
from shared.identifiers import new_uuid7

AT_ONCE: Final = 500
_OVERDUE: Final = "overdue"


async def walk_reports(policy: PublicityPolicy, uow: UnitOfWork, at_once: int = AT_ONCE) -> int:
    """Do the next batch of whatever walk is due. Returns how many enterprises it got past: each once."""
    store, now = ReportWalkStore(uow.session), uow.now
    for walk in walks_due(policy.report, now):
        reached = await store.take(walk)
        if reached is None:
            continue
        seen, reached, debtors = await store.next_debtors(walk, reached, at_once)
        if walk.step == _OVERDUE:
            await _list(debtors, walk, policy, uow)
        else:
            _remind(debtors, walk, now, uow)
        await store.advance(walk, reached, now if seen < at_once else None)
        if seen:
            return seen
    return 0


def walks_due(policy: ReportPolicy, now: datetime) -> Iterator[Walk]:
    """What is to be walked for now: the missed entries of the last two years, and the latest prompt.

    A prompt whose day went by while nobody worked is left out where a later one is due.
    """
    year = last_year(now)
    for each in (year - 1, year):
        window = window_of(each, policy)
        if now >= window.closes_at:
            yield Walk(each, _OVERDUE, window.closes_at)
        elif days := [days for days in policy.prompts if now >= window.closes_at - timedelta(days=days)]:
            yield Walk(each, f"prompt_{min(days)}", window.closes_at)


def _remind(debtors: tuple[Debtor, ...], walk: Walk, now: datetime, uow: UnitOfWork) -> None:
    window = Window(now, walk.closes_at)
    left = (walk.closes_at - now).days
    for debtor in debtors:
        uow.announce(annual_report_due(debtor, walk.year, window.last_day, left))


async def _list(debtors: tuple[Debtor, ...], walk: Walk, policy: PublicityPolicy, uow: UnitOfWork) -> None:
    store, rules, now = AbnormalListStore(uow.session), policy.listing, uow.now
    # Counted from the last day of the window, which is day 0 (公示: 20 working days from when it arose).
    clock = DeadlineLedger.started(rules.decision, walk.closes_at - timedelta(microseconds=1))
    listings = [_proposal(debtor, walk, clock, now) for debtor in debtors]
    if rules.is_automatic:
        listings = [confirmed(listing, policy.authority_uscc, now) for listing in listings]
    await store.add([(listing, serious_on(listing, rules)) for listing in listings])
    if rules.is_automatic:
        for listing in listings:
            uow.announce(abnormal_list_entered(listing, now, policy.authority_uscc))


def _proposal(debtor: Debtor, walk: Walk, clock: DeadlineLedger, now: datetime) -> Listing:
    return Listing(
        id=new_uuid7(),
        uscc=debtor.uscc,
        name=debtor.name,
        division_code=debtor.division_code,
        cause=Cause.NO_ANNUAL_REPORT,
        effect=effect_on(debtor.enterprise_kind),
        state=ListingState.PROPOSED,
        version=1,
        proposed_at=now,
        clock=clock,
        year=walk.year,
    )
