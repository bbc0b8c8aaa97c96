"""What happens to a mandate is told to the audit chain, and ends its tokens where it ends."""

from datetime import datetime

from gateway.identity.domain.mandates import Mandate, MandateState
from gateway.identity.published import SecurityRecord, security_recorded
from gateway.identity.store.withdrawals import WithdrawalStore
from shared.database.unit_of_work import UnitOfWork
from shared.security.principal import Principal
from shared.security.withdrawals import WithdrawalKind

GATEWAY = "gateway"


def tell(mandate: Mandate, what: str, caller: Principal | None, uow: UnitOfWork, now: datetime) -> None:
    """Announce it; without a caller the suite itself did it."""
    record = SecurityRecord(
        thing="mandate",
        key=str(mandate.mandate_id),
        what=what,
        by=caller.reference if caller else GATEWAY,
        client_id=caller.client_id if caller else GATEWAY,
        owner_subject=mandate.principal,
        on_behalf_of=caller.on_behalf_of if caller else None,
        matter_id=str(mandate.matter_id) if mandate.matter_id else None,
    )
    uow.announce(security_recorded(record, now))


async def tell_end(mandate: Mandate, caller: Principal | None, uow: UnitOfWork, now: datetime) -> None:
    """Announce an end, and have every token that was issued under the mandate refused within seconds."""
    if mandate.state in (MandateState.WITHDRAWN, MandateState.EXPIRED):
        await WithdrawalStore(uow.session).add(WithdrawalKind.MANDATE, str(mandate.mandate_id), now)
    tell(mandate, mandate.state.value, caller, uow, now)
