"""An access token that a client shows: ours, not expired, not withdrawn as far as the database knows this moment."""

from gateway.identity.store.withdrawals import WithdrawalStore
from gateway.identity.use_cases.issuing import Issuer
from shared.database.unit_of_work import UnitOfWork
from shared.security.principal import Principal
from shared.security.tokens import TokenRefused
from shared.security.withdrawals import Withdrawals


async def good_token(text: str, issuer: Issuer, uow: UnitOfWork) -> Principal:
    """Return what the token says; raises TokenRefused."""
    principal = await issuer.verify(text)
    withdrawals = Withdrawals()
    withdrawals.replace(await WithdrawalStore(uow.session).current(uow.now))
    if withdrawals.refuses(principal):
        raise TokenRefused("withdrawn")
    return principal
