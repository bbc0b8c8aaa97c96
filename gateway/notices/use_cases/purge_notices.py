"""Deletes notices whose time is over, and says how many."""

from datetime import timedelta
from typing import Final

from gateway.notices.published import notices_purged
from gateway.notices.store.notices import NoticeStore
from shared.database.unit_of_work import UnitOfWork
from shared.region import RegionPack

BATCH: Final = 1000
KEPT_DAYS: Final = "notices.kept_days"


class PurgeNotices:
    """The sweep."""

    def __init__(self, region: RegionPack) -> None:
        self._days = int(str(region.parameter(KEPT_DAYS).value))

    async def __call__(self, uow: UnitOfWork) -> int:
        """Return how many notices were deleted; not one a day early."""
        gone = await NoticeStore(uow.session).purge(uow.now - timedelta(days=self._days), BATCH)
        if gone:
            uow.announce(notices_purged(gone, self._days))
        return gone
