"""From which origins the pages of apps come, known to every gateway process within a second of its change."""

from gateway.identity.domain.clients import origin_of
from gateway.identity.store.clients import ClientStore
from shared.database.unit_of_work import UnitOfWork


class FollowedOrigins:
    """Read again and again from the database; `holds` is a look-up in memory."""

    def __init__(self) -> None:
        self._origins: frozenset[str] = frozenset()

    def holds(self, origin: str) -> bool:
        """Tell whether a served app registered a redirect URI of just this origin."""
        return origin in self._origins

    async def refresh(self, uow: UnitOfWork) -> None:
        """Read the origins as they are now."""
        uris = await ClientStore(uow.session).redirect_uris_of_served_apps(uow.now)
        self._origins = frozenset(map(origin_of, uris))
