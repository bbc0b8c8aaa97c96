"""Work around sharing by the clock: what is due or late is told once."""

from collections.abc import Awaitable, Callable
from typing import Final

from gateway.catalogue.data.use_cases.handle_corrections import tell_overdue_corrections
from gateway.catalogue.data.use_cases.handle_needs import tell_overdue_needs
from gateway.catalogue.data.use_cases.handle_requests import tell_overdue_requests, warn_of_due_requests
from gateway.catalogue.data.use_cases.keep_fresh import tell_late_changes, tell_stale
from shared.database.unit_of_work import UnitOfWork
from shared.region import RegionPack
from shared.worker import Sweep

_SECONDS: Final = 60.0


def sharing_sweeps(region: RegionPack) -> tuple[Sweep, ...]:
    """What falls due around resources, requests, needs and corrections."""

    def of_region(
        work: Callable[[RegionPack, UnitOfWork], Awaitable[int]],
    ) -> Callable[[UnitOfWork], Awaitable[int]]:
        async def run(uow: UnitOfWork) -> int:
            return await work(region, uow)

        return run

    return (
        Sweep("tell_stale_resources", _SECONDS, of_region(tell_stale)),
        Sweep("tell_late_entries", _SECONDS, of_region(tell_late_changes)),
        Sweep("warn_of_due_requests", _SECONDS, warn_of_due_requests),
        Sweep("tell_overdue_requests", _SECONDS, tell_overdue_requests),
        Sweep("tell_overdue_needs", _SECONDS, tell_overdue_needs),
        Sweep("tell_overdue_corrections", _SECONDS, tell_overdue_corrections),
    )
