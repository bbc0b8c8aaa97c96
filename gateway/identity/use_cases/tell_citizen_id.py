"""A client that is registered for real names learns the person's citizen number, and that is recorded."""

from datetime import datetime

from gateway.identity.published import SecurityRecord, security_recorded
from gateway.identity.store.accounts import AccountStore
from shared.database.unit_of_work import UnitOfWork
from shared.security.principal import Principal


async def tell_citizen_id(caller: Principal, uow: UnitOfWork, now: datetime) -> str | None:
    """Return the number of the person whose token it is."""
    on_file = await AccountStore(uow.session).on_file(caller.subject)
    if on_file is None:
        return None
    told = SecurityRecord(
        thing="account",
        key=caller.subject,
        what="citizen_id",
        by=f"client:{caller.client_id}",
        client_id=caller.client_id,
        owner_subject=caller.subject,
        on_behalf_of=caller.subject,
    )
    uow.announce(security_recorded(told, now))
    return on_file.citizen_id
