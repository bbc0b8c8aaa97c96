"""What was proven becomes a session, a stronger session, or a sign-in that is still to be completed."""

from dataclasses import dataclass, replace
from datetime import datetime

from gateway.identity.domain.accounts import (
    PENDING_LIFETIME,
    SESSION_LIFETIME,
    Account,
    AccountEventKind,
    PendingSignIn,
    Session,
    strength_of,
)
from gateway.identity.store.accounts import AccountStore
from gateway.identity.store.second_factors import SecondFactorStore
from gateway.identity.store.sessions import SessionStore
from gateway.identity.use_cases.account_history import Happening, remember
from gateway.identity.use_cases.secret_texts import digest_of, new_secret
from gateway.identity.use_cases.sign_out import sign_out
from shared.database.unit_of_work import UnitOfWork
from shared.identifiers.uuid7 import new_uuid7
from shared.security.strength import Strength


@dataclass(frozen=True)
class Proven:
    """Who somebody has proven to be, how, and how strongly that identifies."""

    account: Account
    methods: tuple[str, ...]
    strength: Strength

    def and_also(self, method: str) -> "Proven":
        """The same with a further method."""
        methods = tuple(dict.fromkeys((*self.methods, method)))
        return replace(self, methods=methods, strength=max(self.strength, strength_of(methods)))


@dataclass(frozen=True)
class Browser:
    """Where somebody signs in: its coarse name, and the session that it has, if any."""

    device: str
    session: Session | None = None


async def needs_code(proven: Proven, uow: UnitOfWork) -> bool:
    """Whether the account has a second factor that was not proven yet."""
    if proven.strength >= Strength.TWO_FACTOR:
        return False
    return await SecondFactorStore(uow.session).has_one(proven.account.subject)


async def begin_session(proven: Proven, browser: Browser, uow: UnitOfWork, now: datetime) -> str:
    """Begin the person's session in this browser and return its secret id.

    The person's session that is there goes on under a new secret; another person's ends.
    """
    store = SessionStore(uow.session)
    secret = new_secret()
    before = browser.session
    if before is not None and before.subject != proven.account.subject:
        await sign_out(before, uow, now)
        before = None
    session = Session(
        session_id=before.session_id if before else new_uuid7(),
        id_digest=digest_of(secret),
        subject=proven.account.subject,
        authenticated_at=now,
        expires_at=now + SESSION_LIFETIME,
        strength=proven.strength,
        methods=proven.methods,
        device=browser.device,
    )
    await (store.renew(session) if before else store.begin(session))
    await _remember(AccountEventKind.SIGNED_IN, session, uow, now)
    return secret


async def strengthen(session: Session, method: str, uow: UnitOfWork, now: datetime) -> str:
    """Let a session grow stronger by a further method; returns its new secret id.

    The time of the sign-in stays that of the first proof, so nothing counts as fresher than it is.
    """
    secret = new_secret()
    methods = tuple(dict.fromkeys((*session.methods, method)))
    if method == "face" and session.strength >= Strength.TWO_FACTOR:
        strength = Strength.FACE
    else:
        strength = max(session.strength, strength_of(methods))
    stronger = replace(session, id_digest=digest_of(secret), strength=strength, methods=methods)
    await SessionStore(uow.session).renew(stronger)
    await _remember(AccountEventKind.STEPPED_UP, stronger, uow, now)
    return secret


async def leave_pending(proven: Proven, uow: UnitOfWork, now: datetime) -> str:
    """Keep what was proven so far for five minutes; returns the secret that this browser gets."""
    secret = new_secret()
    pending = PendingSignIn(digest_of(secret), proven.account.subject, proven.strength, proven.methods)
    await SessionStore(uow.session).leave_pending(pending, now + PENDING_LIFETIME)
    return secret


async def find_pending(secret: str | None, uow: UnitOfWork, now: datetime) -> Proven | None:
    """Return what was proven so far in the browser that holds this secret."""
    if not secret:
        return None
    pending = await SessionStore(uow.session).find_pending(digest_of(secret), now)
    account = await AccountStore(uow.session).find(pending.subject) if pending else None
    return Proven(account, pending.methods, pending.strength) if pending and account else None


async def take_pending(secret: str, uow: UnitOfWork) -> bool:
    """End the sign-in under way because it is complete; False where that happened already."""
    return await SessionStore(uow.session).take_pending(digest_of(secret))


async def _remember(what: AccountEventKind, session: Session, uow: UnitOfWork, now: datetime) -> None:
    await remember(Happening(what, session.subject, session.methods, session.device), uow, now)
