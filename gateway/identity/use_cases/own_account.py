"""What a person sees and ends of the own account: sessions, and what was allowed to applications."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from gateway.identity.domain.account_refusals import ConsentNotFound, PeopleOnly, SessionNotFound
from gateway.identity.domain.accounts import AccountEventKind, Session
from gateway.identity.domain.authorization import WithdrawalReason
from gateway.identity.store.accounts import AccountStore
from gateway.identity.store.grants import GrantStore
from gateway.identity.store.sessions import SessionStore
from gateway.identity.store.withdrawals import WithdrawalStore
from gateway.identity.use_cases.account_history import Happening, record
from gateway.identity.use_cases.sign_out import sign_out
from shared.database.unit_of_work import UnitOfWork
from shared.security.principal import Principal
from shared.security.withdrawals import WithdrawalKind


@dataclass(frozen=True)
class OwnSession:
    """A session of the person who asks, and whether it is the one in which they do."""

    session: Session
    is_current: bool


def own_subject(caller: Principal) -> str:
    """Return whose account it is that a caller may look after: nobody looks after another's.

    Raises: PeopleOnly for a client, for whoever acts for an enterprise, and for whoever acts for a person.
    """
    if not caller.is_person or any(actor != caller.client_id for actor in caller.facts.actors):
        raise PeopleOnly
    return caller.subject


async def sessions_of(caller: Principal, uow: UnitOfWork, now: datetime) -> list[OwnSession]:
    """Return the caller's living sessions, the newest first. Raises: PeopleOnly."""
    store = SessionStore(uow.session)
    grant_id = caller.facts.grant_id
    current = await store.of_grant(UUID(grant_id)) if grant_id else None
    living = await store.of_subject(own_subject(caller), now)
    return [OwnSession(session, session.session_id == current) for session in living]


async def end_session(subject: str, session_id: str, uow: UnitOfWork, now: datetime) -> None:
    """End a session of a person, with what was granted in it. Raises: SessionNotFound."""
    living = await SessionStore(uow.session).of_subject(subject, now)
    session = next((each for each in living if str(each.session_id) == session_id), None)
    if session is None:
        raise SessionNotFound(session_id)
    await _end([session], subject, uow, now)


async def end_other_sessions(session: Session, uow: UnitOfWork, now: datetime) -> None:
    """End every session of the person but this one."""
    living = await SessionStore(uow.session).of_subject(session.subject, now)
    others = [each for each in living if each.session_id != session.session_id]
    await _end(others, session.subject, uow, now)


async def withdraw_consent(subject: str, client_id: str, uow: UnitOfWork, now: datetime) -> None:
    """Take back what a person allowed a client: its tokens are refused within seconds. Raises: ConsentNotFound."""
    consent_id = await AccountStore(uow.session).forget_consent(subject, client_id)
    if consent_id is None:
        raise ConsentNotFound(client_id)
    grants = GrantStore(uow.session)
    await grants.withdraw_of_client(subject, client_id, WithdrawalReason.CONSENT_WITHDRAWN, now)
    # What the client got by exchange belongs to another client's grant, and ends as well.
    await WithdrawalStore(uow.session).add(WithdrawalKind.CONSENT, str(consent_id), now)
    await record(Happening(AccountEventKind.CONSENT_WITHDRAWN, subject), uow, now)


async def _end(sessions: list[Session], subject: str, uow: UnitOfWork, now: datetime) -> None:
    for session in sessions:
        await sign_out(session, uow, now)
    if sessions:
        await record(Happening(AccountEventKind.SESSIONS_ENDED, subject), uow, now)
