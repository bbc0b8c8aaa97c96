"""What identity keeps only for a while is forgotten: assertions, failures, codes, withdrawals."""

from datetime import timedelta

from gateway.identity.store.accounts import AccountStore
from gateway.identity.store.clients import ClientStore
from gateway.identity.store.grants import GrantStore
from gateway.identity.store.withdrawals import WithdrawalStore
from shared.database.unit_of_work import UnitOfWork

_KEPT = timedelta(days=1)


async def forget_expired(uow: UnitOfWork) -> int:
    """Forget; asked again in an hour."""
    await ClientStore(uow.session).forget_assertions(uow.now)
    await AccountStore(uow.session).forget_failures(uow.now - _KEPT)
    await GrantStore(uow.session).forget_expired(uow.now - _KEPT)
    await WithdrawalStore(uow.session).forget(uow.now)
    return 0
