"""A back end exchanges a person's access token for one with which it acts for that person itself. Source: RFC 8693.

Delegation, never impersonation: the new token names the client as the one who acts. It carries no scope that the
shown token, the client's registration and the person's consent to this client do not all cover, belongs to the same
grant, so that it ends with it, and lives no longer than the shown one.
"""

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Final
from uuid import UUID

from gateway.identity.domain.clients import Client
from gateway.identity.domain.refusals import OAuthError, OAuthRefusal
from gateway.identity.domain.scopes import IDENTITY_SCOPES, audience_of, parse_scopes
from gateway.identity.store.accounts import AccountStore
from gateway.identity.use_cases.act_under_mandate import Acting, ActUnderMandate, act_under_mandate
from gateway.identity.use_cases.good_token import good_token
from gateway.identity.use_cases.issuing import Issuer
from gateway.identity.use_cases.token_answers import TokenAnswer
from shared.database.unit_of_work import UnitOfWork
from shared.security.facts import MOST_ACTORS
from shared.security.principal import Principal, SubjectKind
from shared.security.tokens import TokenRefused

GRANT_TYPE: Final = "urn:ietf:params:oauth:grant-type:token-exchange"
ACCESS_TOKEN: Final = "urn:ietf:params:oauth:token-type:access_token"  # noqa: S105 - a type, no token


@dataclass(frozen=True)
class ExchangeToken:
    """What the client sends; `requested_subject` is the one in whose name the person acts under a mandate."""

    subject_token: str = field(repr=False)
    subject_token_type: str
    scope: str = ""
    requested_token_type: str = ACCESS_TOKEN
    actor_token: str | None = field(default=None, repr=False)
    audience: str | None = None
    resource: str | None = None
    requested_subject: str | None = None
    mandate_id: str | None = None


async def exchange_token(
    command: ExchangeToken, client: Client, reference_key: bytes, issuer: Issuer, uow: UnitOfWork
) -> TokenAnswer:
    """Issue the token; raises OAuthRefusal."""
    _check_types(command)
    try:
        shown = await good_token(command.subject_token, issuer, uow)
    except TokenRefused as refused:
        raise OAuthRefusal(OAuthError.INVALID_GRANT, "subject_token is not good, or no longer") from refused
    await _check_actor(command, client, issuer, uow)
    _check_who(command, client, shown)
    acting = await _in_whose_name(command, shown, reference_key, uow)
    consent_id, scopes = await _scopes(command, client, shown, acting, issuer, uow)
    facts = replace(
        acting.facts,
        actors=_actors(client, acting.facts.actors),
        consents=(*acting.facts.consents, str(consent_id)) if consent_id else acting.facts.consents,
    )
    until = min(shown.expires_at, int(acting.not_after.timestamp()) if acting.not_after else shown.expires_at)
    access = issuer.access_token(
        subject=acting.subject,
        client_id=client.client_id,
        scopes=scopes,
        now=uow.now,
        facts=facts,
        not_after=datetime.fromtimestamp(until, UTC),
    )
    return TokenAnswer(access)


def _check_types(command: ExchangeToken) -> None:
    if not command.subject_token or command.subject_token_type != ACCESS_TOKEN:
        raise OAuthRefusal(OAuthError.INVALID_REQUEST, f"subject_token must be a {ACCESS_TOKEN}")
    if command.requested_token_type != ACCESS_TOKEN:
        raise OAuthRefusal(OAuthError.INVALID_REQUEST, f"requested_token_type can only be {ACCESS_TOKEN}")


async def _check_actor(command: ExchangeToken, client: Client, issuer: Issuer, uow: UnitOfWork) -> None:
    """The one who acts is the client that calls; an actor_token can say nothing else."""
    if command.actor_token is None:
        return
    try:
        actor = await good_token(command.actor_token, issuer, uow)
    except TokenRefused as refused:
        raise OAuthRefusal(OAuthError.INVALID_REQUEST, "actor_token is not good, or no longer") from refused
    if actor.kind is not SubjectKind.CLIENT or actor.subject != client.client_id:
        raise OAuthRefusal(OAuthError.INVALID_REQUEST, "actor_token must be the client's own")


def _check_who(command: ExchangeToken, client: Client, shown: Principal) -> None:
    """A client without a key proves nothing: it only changes in whose name its own person acts."""
    if person_of(shown) is None:
        raise OAuthRefusal(OAuthError.INVALID_GRANT, "subject_token must be a person's")
    is_own_change = shown.client_id == client.client_id and command.requested_subject is not None
    if client.is_public and not is_own_change:
        raise OAuthRefusal(OAuthError.UNAUTHORIZED_CLIENT, "a client without a key acts for nobody itself")


async def _in_whose_name(
    command: ExchangeToken, shown: Principal, reference_key: bytes, uow: UnitOfWork
) -> Acting:
    """In the name that the shown token says, or under a mandate in another's."""
    if command.requested_subject is None:
        return Acting(shown.subject, tuple(sorted(shown.scopes)), shown.facts, None)
    asked = ActUnderMandate(
        caller=shown,
        requested_subject=command.requested_subject,
        scopes=parse_scopes(command.scope),
        mandate_id=command.mandate_id,
    )
    return await act_under_mandate(asked, reference_key, uow, uow.now)


async def _scopes(
    command: ExchangeToken,
    client: Client,
    shown: Principal,
    acting: Acting,
    issuer: Issuer,
    uow: UnitOfWork,
) -> tuple[UUID | None, tuple[str, ...]]:
    """The consent, where one is needed, and what token, registration and it cover together, narrowed to the target."""
    possible = set(acting.scopes) & client.scopes - IDENTITY_SCOPES
    consent_id = None
    if shown.client_id != client.client_id:
        person = person_of(shown) or ""
        consent_id, consented = await AccountStore(uow.session).consent(person, client.client_id)
        if not consented:
            raise OAuthRefusal(OAuthError.INVALID_GRANT, "the person has not allowed this client to act")
        possible &= consented
    wanted = set(parse_scopes(command.scope)) or possible
    if not wanted or not wanted <= possible:
        raise OAuthRefusal(
            OAuthError.INVALID_SCOPE, "token, registration and consent do not cover every scope asked for"
        )
    return consent_id, tuple(sorted(_narrowed(wanted, command, issuer)))


def _narrowed(scopes: set[str], command: ExchangeToken, issuer: Issuer) -> set[str]:
    """Keep what the target serves: `audience` names a service, `resource` its address. Source: RFC 8707."""
    kept = scopes
    resource = command.resource if command.resource != issuer.url else None
    for target in (command.audience, resource and resource.removeprefix(f"{issuer.url}/")):
        if target is not None:
            kept = {scope for scope in kept if audience_of([scope])[-1] == target.partition("/")[0]}
    if not kept:
        raise OAuthRefusal(OAuthError.INVALID_TARGET, "no scope of the token is for this target")
    return kept


def _actors(client: Client, actors: tuple[str, ...]) -> tuple[str, ...]:
    """The client acts now, for those who did; a client without a key is a browser, in which the person acts."""
    if client.is_public or actors[:1] == (client.client_id,):
        return actors
    if len(actors) >= MOST_ACTORS:
        raise OAuthRefusal(OAuthError.INVALID_REQUEST, f"at most {MOST_ACTORS} act for one another")
    return (client.client_id, *actors)


def person_of(shown: Principal) -> str | None:
    """The person who signed in: the subject, or under a mandate the one who has acted longest."""
    if shown.facts.grant_id is None:
        return None
    if shown.facts.mandate_id is not None:
        return shown.facts.actors[-1] if shown.facts.actors else None
    return shown.subject if shown.is_person else None
