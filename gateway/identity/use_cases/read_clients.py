"""Read the register of clients: the data bureau all, a client itself."""

from gateway.identity.domain.client_refusals import ClientNotFound, ClientsOnly
from gateway.identity.domain.clients import Client
from gateway.identity.store.clients import ClientStore
from shared.database.unit_of_work import UnitOfWork
from shared.security.principal import Principal, SubjectKind


async def read_client(client_id: str, uow: UnitOfWork) -> Client:
    """Raises: ClientNotFound."""
    client = await ClientStore(uow.session).find(client_id)
    if client is None:
        raise ClientNotFound(client_id)
    return client


def own_client_id(caller: Principal) -> str:
    """Return which client calls in its own name. Raises: ClientsOnly."""
    if caller.kind is not SubjectKind.CLIENT or caller.acted_by is not None:
        raise ClientsOnly
    return caller.client_id
