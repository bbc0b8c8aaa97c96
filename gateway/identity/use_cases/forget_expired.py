"""What identity keeps only for a while is forgotten: assertions, failures, codes, withdrawals."""

from datetime import timedelta

from gateway.identity.store.account_events import AccountEventStore
from gateway.identity.store.clients import ClientStore
from gateway.identity.store.face_checks import FaceCheckStore
from gateway.identity.store.failures import FailureStore
from gateway.identity.store.grants import GrantStore
from gateway.identity.store.proofs import ProofStore
from gateway.identity.store.pushed_requests import PushedRequestStore
from gateway.identity.store.sessions import SessionStore
from gateway.identity.store.used_once import UsedOnce
from gateway.identity.store.withdrawals import WithdrawalStore
from shared.database.unit_of_work import UnitOfWork

_KEPT = timedelta(days=1)
_HISTORY = timedelta(days=180)  # of an account, for its holder; the audit chain keeps its own


async def forget_expired(uow: UnitOfWork) -> int:
    """Forget; asked again in an hour."""
    await ClientStore(uow.session).forget_assertions(uow.now)
    await FailureStore(uow.session).forget(uow.now - _KEPT)
    await SessionStore(uow.session).forget_pending(before=uow.now)
    await FaceCheckStore(uow.session).forget(uow.now - _KEPT)
    await AccountEventStore(uow.session).forget(uow.now - _HISTORY)
    await GrantStore(uow.session).forget_expired(uow.now - _KEPT)
    await WithdrawalStore(uow.session).forget(uow.now)
    await ProofStore(uow.session).forget_expired(uow.now)
    await PushedRequestStore(uow.session).forget_expired(uow.now)
    await UsedOnce(uow.session).forget(uow.now)
    return 0
