"""Publicity by the enterprise: instant information, its correction; orders to publish and what lapses of them."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from services.registration.domain.abnormal_list import Cause
from services.registration.domain.annual_report import REPORTING_STATES
from services.registration.domain.errors import EnterpriseNotFound, EnterpriseStateForbids
from services.registration.domain.kinds import GONE
from services.registration.domain.publicity import (
    DisclosedContent,
    Disclosure,
    DisclosureKind,
    OrderState,
    PublicationOrder,
    corrected,
    fulfilled,
    is_late,
)
from services.registration.domain.publicity_errors import DisclosureNotFound
from services.registration.domain.publicity_policy import PublicityPolicy
from services.registration.domain.wording import Wording
from services.registration.published.annual_reports import disclosure_published
from services.registration.store.abnormal_list import AbnormalListStore
from services.registration.store.enterprises import EnterpriseStore
from services.registration.store.publicity import PublicityStore
from services.registration.use_cases.end_listings import cure_listing
from services.registration.use_cases.list_abnormal import proposal_for
from services.registration.use_cases.ownership import is_owner
from services.registration.use_cases.registrar_desk import RegistrarDesk
from services.registration.use_cases.supervision import require_region, require_supervisor, supervises
from shared.calendar import DeadlineLedger, WorkingCalendar
from shared.database.unit_of_work import UnitOfWork
from shared.identifiers import new_uuid7
from shared.security.office import within
from shared.security.principal import Principal

_MET = Wording("已按责令公示有关信息", "what was ordered was published")
_AT_ONCE = 200


@dataclass(frozen=True)
class Disclose:
    """What an enterprise makes known, and the order that it meets, if it meets one."""

    uscc: str
    kind: DisclosureKind
    content: DisclosedContent
    order_id: UUID | None
    caller: Principal


@dataclass(frozen=True)
class CorrectDisclosure:
    """Puts right what was made known; `expects` refuses a version that is not the one that was read."""

    disclosure_id: UUID
    content: DisclosedContent
    caller: Principal
    expects: Callable[[int], None]


@dataclass(frozen=True)
class OrderPublication:
    """The supervisor orders something to be made known."""

    uscc: str
    kind: DisclosureKind
    wanted: Wording
    caller: Principal


async def disclose(command: Disclose, uow: UnitOfWork, now: datetime, desk: RegistrarDesk) -> Disclosure:
    """Public at once, marked where it is late.

    Raises: EnterpriseNotFound, EnterpriseStateForbids of who has left, DisclosureNotFound (the order).
    """
    file = await EnterpriseStore(uow.session).lock(command.uscc)
    if not is_owner(command.caller, file.enterprise):
        raise EnterpriseNotFound
    if file.enterprise.state in GONE:
        raise EnterpriseStateForbids(file.enterprise.state.value, "disclosure")
    disclosure = Disclosure(
        id=new_uuid7(),
        uscc=command.uscc,
        kind=command.kind,
        version=1,
        content=command.content,
        is_late=is_late(command.content, desk.policy.publicity, desk.calendar, now),
        published_at=now,
        order_id=command.order_id,
    )
    await PublicityStore(uow.session).save(disclosure)
    if command.order_id is not None:
        await _fulfil(command.order_id, disclosure, uow, desk)
    uow.announce(disclosure_published(disclosure))
    return disclosure


async def correct_disclosure(command: CorrectDisclosure, uow: UnitOfWork, now: datetime) -> Disclosure:
    """Both are shown from now on. Raises: DisclosureNotFound."""
    store = PublicityStore(uow.session)
    found = await store.lock(command.disclosure_id)
    one = (await EnterpriseStore(uow.session).find(found.uscc)).enterprise
    if not is_owner(command.caller, one):
        raise DisclosureNotFound
    command.expects(found.version)
    after = corrected(found, command.content, now)
    await store.save(after, replaces=found)
    uow.announce(disclosure_published(after))
    return after


async def order_publication(
    command: OrderPublication, uow: UnitOfWork, now: datetime, desk: RegistrarDesk
) -> PublicationOrder:
    """Start the time of an order. Raises: NotTheSupervisor, EnterpriseNotFound."""
    require_supervisor(command.caller, desk)
    one = (await EnterpriseStore(uow.session).lock(command.uscc)).enterprise
    require_region(command.caller, one.domicile_division_code)
    order = PublicationOrder(
        id=new_uuid7(),
        uscc=one.uscc,
        kind=command.kind,
        wanted=command.wanted,
        state=OrderState.OPEN,
        clock=DeadlineLedger.started(desk.policy.publicity.order, now),
        ordered_by=command.caller.reference,
    )
    await PublicityStore(uow.session).save_order(order, _due_at(order, desk.calendar, now))
    return order


async def orders_for(
    uscc: str, reader: Principal, uow: UnitOfWork, desk: RegistrarDesk
) -> list[PublicationOrder]:
    """For the enterprise and the supervisor. Raises: EnterpriseNotFound, as for one that is not there."""
    one = (await EnterpriseStore(uow.session).find(uscc)).enterprise
    oversees = supervises(reader, desk) and within(reader.office, one.domicile_division_code)
    if not (oversees or is_owner(reader, one)):
        raise EnterpriseNotFound
    return await PublicityStore(uow.session).orders_of(uscc)


async def lapse_orders(policy: PublicityPolicy, calendar: WorkingCalendar, uow: UnitOfWork) -> int:
    """Turn each order whose time is over into a proposal for the list, once. Returns how many changed.

    A due time that hung on an unpublished calendar is computed anew, and waited for where it moved.
    """
    orders, listings, now = PublicityStore(uow.session), AbnormalListStore(uow.session), uow.now
    changed = 0
    for order_id, uscc in await orders.due_orders(now, _AT_ONCE):
        one = (await EnterpriseStore(uow.session).lock(uscc)).enterprise
        order = await orders.lock_order(order_id)
        if order.state is not OrderState.OPEN:
            continue  # it was met between look and lock
        is_over = order.clock.is_overdue(now, calendar)
        after = replace(order, state=OrderState.LAPSED) if is_over else order
        await orders.save_order(after, _due_at(order, calendar, now))
        if is_over and one.state in REPORTING_STATES:
            clock = DeadlineLedger.started(policy.listing.decision, now)
            listing = proposal_for(one, Cause.NOT_PUBLISHED_AS_ORDERED, clock, now)
            await listings.add([(replace(listing, order_id=order.id, facts=order.wanted), None)])
        changed += 1
    return changed


async def _fulfil(order_id: UUID, disclosure: Disclosure, uow: UnitOfWork, desk: RegistrarDesk) -> None:
    store, now = PublicityStore(uow.session), uow.now
    order = await store.lock_order(order_id)
    met = fulfilled(order, disclosure.uscc, disclosure.kind, now)
    await store.save_order(met, _due_at(order, desk.calendar, now))
    lapsed = [each for each in await store.orders_of(disclosure.uscc) if each.state is OrderState.LAPSED]
    if order.state is OrderState.LAPSED and not lapsed:
        await cure_listing(disclosure.uscc, Cause.NOT_PUBLISHED_AS_ORDERED, _MET, uow, desk)


def _due_at(order: PublicationOrder, calendar: WorkingCalendar, now: datetime) -> datetime:
    return order.clock.due_if_resumed(now, calendar).at
