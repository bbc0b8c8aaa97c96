"""Deletes addresses some time after the parcel arrived, and says how many."""

from datetime import timedelta
from typing import Final

from gateway.deliveries.published import addresses_purged
from gateway.deliveries.store.choices import ChoiceStore
from shared.database.unit_of_work import UnitOfWork
from shared.region import RegionPack

KEPT_DAYS: Final = "deliveries.address_kept_days"


class PurgeAddresses:
    """The sweep."""

    def __init__(self, region: RegionPack) -> None:
        self._days = int(str(region.parameter(KEPT_DAYS).value))

    async def __call__(self, uow: UnitOfWork) -> int:
        """Return how many addresses were deleted."""
        gone = await ChoiceStore(uow.session).purge_addresses(uow.now - timedelta(days=self._days))
        if gone:
            uow.announce(addresses_purged(gone, self._days))
        return gone
