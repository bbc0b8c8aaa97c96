"""How much each client may send, known to every gateway process within a second of its change."""

from collections.abc import Mapping

from gateway.identity.domain.clients import RateTier
from gateway.identity.store.clients import ClientStore
from shared.database.unit_of_work import UnitOfWork


class FollowedTiers:
    """Read again and again from the database; `of` is a look-up in memory."""

    def __init__(self) -> None:
        self._tiers: Mapping[str, RateTier] = {}

    def of(self, client_id: str | None) -> RateTier:
        """Return a client's tier; who is not registered has the standard one."""
        if client_id is None:
            return RateTier.STANDARD
        return self._tiers.get(client_id, RateTier.STANDARD)

    async def refresh(self, uow: UnitOfWork) -> None:
        """Read the tiers as they are now."""
        self._tiers = await ClientStore(uow.session).tiers()
