"""Open a record for each event that a department must take, close it when it shows to hold it, tell what is late."""

from collections.abc import Collection
from itertools import groupby
from typing import Final

from gateway.subscriptions.domain.acknowledgement import Duties, Expected, Way
from gateway.subscriptions.domain.errors import PositionUnknown
from gateway.subscriptions.domain.event_log import LoggedEvent
from gateway.subscriptions.domain.subscription import Subscription
from gateway.subscriptions.published import acknowledgement_overdue
from gateway.subscriptions.store.acknowledgements import AcknowledgementStore
from gateway.subscriptions.store.event_log import EventLog
from gateway.subscriptions.store.subscriptions import SubscriptionStore
from shared.database.unit_of_work import UnitOfWork
from shared.region import RegionPack

_EVENTS: Final = 500
_LATE: Final = 1000
_WITHIN: Final = "subscriptions.acknowledge_within"


def duties_of(region: RegionPack) -> Duties:
    """Who must take which events here, and within which time."""
    types_of: dict[str, frozenset[str]] = {}
    for rule in region.must_follow:
        for key in rule.agencies:
            uscc = region.agency(key).uscc
            types_of[uscc] = types_of.get(uscc, frozenset()) | frozenset(rule.event_types)
    return Duties(types_of, region.limit(_WITHIN).limit, region.calendar())


async def open_records(duties: Duties, uow: UnitOfWork) -> int:
    """Open records for what came to the log since the last time; returns how many events that were.

    The time runs from here: the worker that fills the log opens the records.
    """
    store = AcknowledgementStore(uow.session)
    mark = await store.lock_mark()
    newest = await EventLog(uow.session).newest_position()
    found = await store.next_of(duties.event_types, mark, newest, _EVENTS)
    due_at = duties.due_at(uow.now)
    await store.open(
        [Expected(uscc, position, due_at) for position, name in found for uscc in duties.agencies_of(name)]
    )
    upto = found[-1][0] if len(found) == _EVENTS else newest
    if upto > mark:
        await store.move_mark(upto)
    return len(found)


async def acknowledge_event(
    agency_uscc: str, event: LoggedEvent, way: Way, duties: Duties, uow: UnitOfWork
) -> None:
    """An agency holds one event; of what it need not take there is no record."""
    if event.type in duties.types_of.get(agency_uscc, ()):
        expected = Expected(agency_uscc, event.position, duties.due_at(uow.now))
        await AcknowledgementStore(uow.session).close(expected, way, uow.now)


async def acknowledge_upto(
    agency_uscc: str, types: Collection[str], position: int, way: Way, region: RegionPack, uow: UnitOfWork
) -> int:
    """An agency holds every event of these types up to a position; returns how many were open until now.

    A position that the log has not reached proves nothing.
    """
    duties = duties_of(region)
    concerned = duties.types_of.get(agency_uscc, frozenset()) & frozenset(types)
    if not concerned or position > await EventLog(uow.session).newest_position():
        return 0
    while await open_records(duties, uow) == _EVENTS:
        pass
    return await AcknowledgementStore(uow.session).close_upto(agency_uscc, concerned, position, way, uow.now)


async def state_held(subscription: Subscription, upto: int, region: RegionPack, uow: UnitOfWork) -> int:
    """A subscriber says that it holds everything up to a position; returns how many were open until now.

    Raises: PositionUnknown for a position that the log has not reached.
    """
    if upto > await EventLog(uow.session).newest_position():
        raise PositionUnknown(str(upto))
    return await acknowledge_upto(
        subscription.agency_uscc, subscription.event_types, upto, Way.STATED, region, uow
    )


async def not_subscribed(agency_uscc: str, types: Collection[str], uow: UnitOfWork) -> tuple[str, ...]:
    """The types among these that an agency has no active subscription to."""
    followed = await SubscriptionStore(uow.session).followed_types(agency_uscc)
    return tuple(sorted(frozenset(types) - followed))


async def tell_overdue(duties: Duties, told_too: tuple[str, ...], uow: UnitOfWork) -> int:
    """Tell what was not acknowledged in time, each event once for each agency; returns how many."""
    store = AcknowledgementStore(uow.session)
    late = await store.lock_late(duties.types_of.keys(), uow.now, _LATE)
    for uscc, of_agency in groupby(sorted(late, key=_agency), key=_agency):
        told = list(of_agency)
        missing = await not_subscribed(uscc, duties.types_of[uscc], uow)
        uow.announce(acknowledgement_overdue(uscc, told, missing, tuple(dict.fromkeys((uscc, *told_too)))))
        await store.mark_told(uscc, [each.position for each in told], uow.now)
    return len(late)


def _agency(expected: Expected) -> str:
    return expected.agency_uscc
