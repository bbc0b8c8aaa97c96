"""The list of abnormal operations: propose, confirm, discard, remove, revoke; objections and their answers."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from services.registration.domain.abnormal_list import (
    CURED_BY_ITSELF,
    Attempt,
    Cause,
    Listing,
    ListingMove,
    ListingState,
    answer_objection,
    ask_removal,
    confirmed,
    effect_on,
    ended,
    object_to,
    require_unreachable,
)
from services.registration.domain.annual_report import REPORTING_STATES
from services.registration.domain.enterprise import Enterprise
from services.registration.domain.publicity_errors import GroundsMissing, ListedAlready, ListingNotFound
from services.registration.domain.wording import Wording
from services.registration.published.abnormal_list import (
    abnormal_list_entered,
    abnormal_list_three_years,
    objection_answered,
)
from services.registration.store.abnormal_list import AbnormalListStore
from services.registration.store.enterprises import EnterpriseStore
from services.registration.use_cases.end_listings import save_end, serious_on
from services.registration.use_cases.ownership import is_owner
from services.registration.use_cases.registrar_desk import RegistrarDesk
from services.registration.use_cases.seen_by_rules import is_uncured
from services.registration.use_cases.supervision import require_region, require_supervisor, supervises
from shared.calendar import DeadlineLedger, local_date
from shared.database.unit_of_work import UnitOfWork
from shared.identifiers import new_uuid7
from shared.security.office import within
from shared.security.principal import Principal

_AT_ONCE = 500


@dataclass(frozen=True)
class ProposeListing:
    """An officer has found a cause; the facts found, how the enterprise was sought, the year of a missing report."""

    uscc: str
    cause: Cause
    facts: Wording
    attempts: tuple[Attempt, ...]
    caller: Principal
    year: int | None = None


@dataclass(frozen=True)
class DecideListing:
    """What an officer does with an entry; `expects` refuses a version that is not the one that was read."""

    listing_id: UUID
    caller: Principal
    expects: Callable[[int], None]


async def propose_listing(
    command: ProposeListing, uow: UnitOfWork, now: datetime, desk: RegistrarDesk
) -> Listing:
    """Of what rules see they propose first; an officer proposes it anew where it holds and nothing stands for it.

    Raises: NotTheSupervisor, EnterpriseNotFound, GroundsMissing, ListedAlready.
    """
    require_supervisor(command.caller, desk)
    one = (await EnterpriseStore(uow.session).lock(command.uscc)).enterprise
    require_region(command.caller, one.domicile_division_code)
    policy, store = desk.policy.publicity.listing, AbnormalListStore(uow.session)
    _require_existing(one)
    year = command.year if command.cause is Cause.NO_ANNUAL_REPORT else None
    report = desk.policy.publicity.report
    if command.cause in CURED_BY_ITSELF and not await is_uncured(one, command.cause, year, report, uow, now):
        raise GroundsMissing("该事由不成立或者已经改正", "it is not so, or was put right")
    if command.cause is Cause.UNREACHABLE:
        require_unreachable(command.attempts, policy, local_date(now))
    if standing := await store.standing(one.uscc, command.cause, year):
        raise ListedAlready(str(standing.id))
    clock = DeadlineLedger.started(policy.decision, now)
    listing = replace(
        proposal_for(one, command.cause, clock, now),
        facts=command.facts,
        attempts=command.attempts,
        year=year,
    )
    await store.add([(listing, None)])
    return listing


async def confirm_listing(
    command: DecideListing, uow: UnitOfWork, now: datetime, desk: RegistrarDesk
) -> Listing:
    """Put the enterprise on the list.

    Raises: NotTheSupervisor, ListingNotFound, ListingMoveNotAllowed, GroundsMissing.
    """
    listing = await _locked(command, uow, desk)
    entered = confirmed(listing, desk.policy.publicity.authority_uscc, now)
    _require_existing((await EnterpriseStore(uow.session).find(listing.uscc)).enterprise)
    await _save(entered, uow, desk)
    uow.announce(abnormal_list_entered(entered, now, entered.decided_by or ""))
    return entered


async def end_listing(
    command: DecideListing,
    move: ListingMove,
    reason: Wording,
    uow: UnitOfWork,
    now: datetime,
    desk: RegistrarDesk,
) -> Listing:
    """Discard a proposal, or remove or revoke an entry; nobody is let off a report or an order that is still owed.

    Raises: NotTheSupervisor, ListingNotFound, ListingMoveNotAllowed, GroundsMissing.
    Source: 企业经营异常名录管理暂行办法 arts. 10 and 11 (removal after the report is made up, the order met).
    """
    listing = await _locked(command, uow, desk)
    if move is ListingMove.REMOVE:
        one = (await EnterpriseStore(uow.session).find(listing.uscc)).enterprise
        if await is_uncured(one, listing.cause, listing.year, desk.policy.publicity.report, uow, now):
            raise GroundsMissing(
                "尚未补报或者公示，不予移出", "what is owed was not made up or published yet"
            )
    return await save_end(ended(listing, move, reason, desk.policy.publicity.authority_uscc, now), uow, now)


async def answer_to_objection(
    command: DecideListing,
    is_upheld: bool,
    answer: Wording,
    uow: UnitOfWork,
    now: datetime,
    desk: RegistrarDesk,
) -> Listing:
    """Raises: NotTheSupervisor, ListingNotFound, ListingMoveNotAllowed."""
    listing = await _locked(command, uow, desk)
    authority = desk.policy.publicity.authority_uscc
    answered = answer_objection(listing, is_upheld, answer, authority, now)
    if answered.is_in_force:
        await _save(answered, uow, desk)
    else:
        await save_end(answered, uow, now)
    uow.announce(objection_answered(answered))
    return answered


async def raise_objection(
    listing_id: UUID, grounds: str, caller: Principal, uow: UnitOfWork, now: datetime, desk: RegistrarDesk
) -> Listing:
    """By the enterprise. Raises: ListingNotFound, ListingMoveNotAllowed, ObjectionTooLate."""
    listing = await _own(listing_id, caller, uow)
    raised = object_to(listing, grounds, desk.policy.publicity.listing, desk.calendar, now)
    return await _save(raised, uow, desk)


async def request_removal(
    listing_id: UUID, grounds: str, caller: Principal, uow: UnitOfWork, now: datetime, desk: RegistrarDesk
) -> Listing:
    """By the enterprise, where an officer has to see that it is cured. Raises: ListingNotFound,
    ListingMoveNotAllowed.
    """
    listing = await _own(listing_id, caller, uow)
    return await _save(ask_removal(listing, grounds, desk.policy.publicity.listing, now), uow, desk)


async def read_listing(listing_id: UUID, reader: Principal, uow: UnitOfWork, desk: RegistrarDesk) -> Listing:
    """For the supervisor and the enterprise, with objection and requests. Raises: ListingNotFound."""
    listing = await AbnormalListStore(uow.session).find(listing_id)
    one = (await EnterpriseStore(uow.session).find(listing.uscc)).enterprise
    if is_owner(reader, one) and listing.state is not ListingState.PROPOSED:
        return listing
    if supervises(reader, desk) and within(reader.office, listing.division_code):
        return listing
    raise ListingNotFound


async def tell_three_years(uow: UnitOfWork) -> int:
    """Tell each entry that has lasted for three years, once. Returns how many."""
    store, today = AbnormalListStore(uow.session), local_date(uow.now)
    lasting = await store.take_serious(today, uow.now, _AT_ONCE)
    for listing in lasting:
        uow.announce(abnormal_list_three_years(listing, listing.entered_at or listing.proposed_at, today))
    return len(lasting)


def proposal_for(one: Enterprise, cause: Cause, clock: DeadlineLedger, now: datetime) -> Listing:
    """An entry that waits to be confirmed."""
    return Listing(
        id=new_uuid7(),
        uscc=one.uscc,
        name=one.name,
        division_code=one.domicile_division_code,
        cause=cause,
        effect=effect_on(one.enterprise_kind),
        state=ListingState.PROPOSED,
        version=1,
        proposed_at=now,
        clock=clock,
    )


def _require_existing(one: Enterprise) -> None:
    if one.state not in REPORTING_STATES:
        raise GroundsMissing("该经营主体已不在存续", "the enterprise does no business any more")


async def _locked(command: DecideListing, uow: UnitOfWork, desk: RegistrarDesk) -> Listing:
    """The enterprise's row first, here as everywhere, then the entry."""
    require_supervisor(command.caller, desk)
    store = AbnormalListStore(uow.session)
    found = await store.find(command.listing_id)
    if not within(command.caller.office, found.division_code):
        raise ListingNotFound
    await EnterpriseStore(uow.session).lock(found.uscc)
    listing = await store.lock(command.listing_id)
    command.expects(listing.version)
    return listing


async def _own(listing_id: UUID, caller: Principal, uow: UnitOfWork) -> Listing:
    store = AbnormalListStore(uow.session)
    found = await store.find(listing_id)
    file = await EnterpriseStore(uow.session).lock(found.uscc)
    if not is_owner(caller, file.enterprise) or found.state is ListingState.PROPOSED:
        raise ListingNotFound
    return await store.lock(listing_id)


async def _save(listing: Listing, uow: UnitOfWork, desk: RegistrarDesk) -> Listing:
    await AbnormalListStore(uow.session).save(listing, serious_on(listing, desk.policy.publicity.listing))
    return listing
