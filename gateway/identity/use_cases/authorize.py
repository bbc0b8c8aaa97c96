"""A person allows a client to act: an authorization code, good once and for a minute."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from gateway.identity.domain.accounts import Account, Session
from gateway.identity.domain.authorization import CODE_LIFETIME, AuthorizationRequest, Grant, Prompt
from gateway.identity.domain.refusals import OAuthError, OAuthRefusal
from gateway.identity.domain.scopes import held_by_person
from gateway.identity.store.accounts import AccountStore
from gateway.identity.store.grants import Code, GrantStore
from gateway.identity.store.sessions import SessionStore
from gateway.identity.use_cases.secret_texts import digest_of, new_secret
from shared.database.unit_of_work import UnitOfWork
from shared.identifiers.uuid7 import new_uuid7


class NextStep(StrEnum):
    """What a request for authorization needs next."""

    SIGN_IN = "sign_in"
    CONSENT = "consent"
    CODE = "code"


@dataclass(frozen=True)
class SignedIn:
    """A session and whose it is."""

    session: Session
    account: Account


async def who_is_signed_in(session_secret: str | None, uow: UnitOfWork, now: datetime) -> SignedIn | None:
    """Return who is behind a session cookie."""
    if not session_secret:
        return None
    session = await SessionStore(uow.session).find(digest_of(session_secret), now)
    account = await AccountStore(uow.session).find(session.subject) if session else None
    return SignedIn(session, account) if session and account else None


async def next_step(
    request: AuthorizationRequest, signed_in: SignedIn | None, uow: UnitOfWork, now: datetime
) -> NextStep:
    """Tell what comes next; raises OAuthRefusal where the person may not be asked (prompt=none)."""
    silent = Prompt.NONE in request.prompts
    if signed_in is None or wants_fresh_sign_in(request, signed_in.session, now):
        if silent:
            raise OAuthRefusal(OAuthError.LOGIN_REQUIRED, "nobody is signed in, or too long ago")
        return NextStep.SIGN_IN
    if is_too_weak(request, signed_in.session):
        if silent:
            raise _unmet()
        return NextStep.SIGN_IN
    wanted = held_by_person(request.scopes, signed_in.account.scopes)
    allowed = await AccountStore(uow.session).consented(signed_in.account.subject, request.client.client_id)
    if set(wanted) <= allowed and Prompt.CONSENT not in request.prompts:
        return NextStep.CODE
    if silent:
        raise OAuthRefusal(OAuthError.CONSENT_REQUIRED, "the person has not allowed this yet")
    return NextStep.CONSENT


def wants_fresh_sign_in(request: AuthorizationRequest, session: Session, now: datetime) -> bool:
    """Whether the person is to prove again who it is, however strong the session."""
    is_too_old = request.max_age is not None and now - session.authenticated_at > request.max_age
    return is_too_old or bool(request.prompts & {Prompt.LOGIN, Prompt.SELECT_ACCOUNT})


def is_too_weak(request: AuthorizationRequest, session: Session) -> bool:
    """Whether the client asks for a stronger sign-in than there was."""
    return request.at_least is not None and session.strength < request.at_least


def _unmet() -> OAuthRefusal:
    why = "the person is not signed in as strongly as was asked for"
    return OAuthRefusal(OAuthError.UNMET_AUTHENTICATION_REQUIREMENTS, why)


async def issue_code(
    request: AuthorizationRequest, signed_in: SignedIn, uow: UnitOfWork, now: datetime
) -> str:
    """Remember the consent, record the grant and return the code; raises OAuthRefusal for too weak a session."""
    account, session = signed_in.account, signed_in.session
    if is_too_weak(request, session):
        raise _unmet()
    scopes = held_by_person(request.scopes, account.scopes)
    accounts = AccountStore(uow.session)
    before = await accounts.consented(account.subject, request.client.client_id)
    await accounts.remember_consent(account.subject, request.client.client_id, before | set(scopes), now)
    grant = Grant(
        grant_id=new_uuid7(),
        subject=account.subject,
        client_id=request.client.client_id,
        session_digest=session.id_digest,
        scopes=scopes,
        authenticated_at=session.authenticated_at,
        strength=session.strength,
        methods=session.methods,
    )
    secret = new_secret()
    code = Code(
        digest=digest_of(secret),
        grant_id=grant.grant_id,
        redirect_uri=request.redirect_uri,
        challenge=request.challenge,
        nonce=request.nonce,
        key_thumbprint=request.key_thumbprint,
        expires_at=now + CODE_LIFETIME,
    )
    await GrantStore(uow.session).add(grant, code, now)
    return secret
