"""Follow the register: changes after a position, and where an export begins."""

from collections.abc import Mapping
from dataclasses import dataclass

from services.registration.domain.enterprise import Enterprise
from services.registration.domain.register_errors import PositionUnknown
from services.registration.store.changes import Change, RegisterChanges
from shared.database.unit_of_work import UnitOfWork


@dataclass(frozen=True)
class Stretch:
    """Changes in order with the enterprises as they are now; everything up to `position` has been told."""

    changes: tuple[Change, ...]
    enterprises: Mapping[str, Enterprise]
    position: int
    has_more: bool


@dataclass(frozen=True)
class ExportBegins:
    """As of which change the register is exported, and after which event of the broker's stream one goes on.

    Whoever goes on with an export was told the latter when it began.
    """

    position: int
    stream_sequence: int | None


async def changes_after(position: int, limit: int, uow: UnitOfWork) -> Stretch:
    """Raises: PositionUnknown where the register has not come so far."""
    log = RegisterChanges(uow.session)
    bound = await _known(position, log)
    found = await log.after(position, bound, limit + 1)
    has_more = len(found) > limit
    changes = tuple(found[:limit])
    last = changes[-1].position if has_more else max(position, bound)
    return Stretch(changes, await log.enterprises([one.uscc for one in changes]), last, has_more)


async def export_begins(position: int | None, uow: UnitOfWork) -> ExportBegins:
    """Where the register stands now, or at a position that an earlier export named. Raises: PositionUnknown."""
    log = RegisterChanges(uow.session)
    if position is not None:
        await _known(position, log)
        return ExportBegins(position, None)
    begins = await log.bound()
    return ExportBegins(begins, await log.stream_position(begins))


async def _known(position: int, log: RegisterChanges) -> int:
    """The bound. A reader may be ahead of a bound that somebody still writing holds back, never of what was given."""
    bound = await log.bound()
    if position > bound and position > await log.given_out():
        raise PositionUnknown(bound)
    return bound
