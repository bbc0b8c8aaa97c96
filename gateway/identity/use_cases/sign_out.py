"""A person signs out: the session ends, and what was granted in it is withdrawn."""

from datetime import datetime

from gateway.identity.domain.accounts import Session
from gateway.identity.store.grants import GrantStore
from gateway.identity.store.sessions import SessionStore
from shared.database.unit_of_work import UnitOfWork


async def sign_out(session: Session, uow: UnitOfWork, now: datetime) -> None:
    """End the session for every client."""
    await SessionStore(uow.session).end([session.id_digest], now)
    await GrantStore(uow.session).withdraw_of_session(session.id_digest, now)
