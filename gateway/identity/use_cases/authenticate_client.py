"""A client proves who it is: by an assertion signed with its key, or, being public, by PKCE alone.

Source: RFC 7523 section 3; draft-ietf-oauth-rfc7523bis (audience); RFC 8725 (type, algorithm).
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final

from gateway.identity.domain.clients import Client, ClientKey
from gateway.identity.domain.refusals import OAuthError, OAuthRefusal
from gateway.identity.store.clients import ClientStore
from shared.database.unit_of_work import UnitOfWork
from shared.security.keys import UnusableKey, VerificationKey, decode_base64url
from shared.security.tokens import LEEWAY_SECONDS, TokenRefused, split_token

ASSERTION_TYPE: Final = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
LONGEST_ASSERTION_SECONDS: Final = 300
_TYPES: Final = frozenset({"JWT", "client-authentication+jwt"})
_HEADER_NAMES: Final = frozenset({"alg", "kid", "typ"})


@dataclass(frozen=True)
class ClientProof:
    """What a client sends to prove itself."""

    client_id: str | None
    assertion_type: str | None = None
    assertion: str | None = field(default=None, repr=False)


async def authenticate_client(
    proof: ClientProof, audiences: Collection[str], uow: UnitOfWork, now: datetime
) -> Client:
    """Return the client; raises OAuthRefusal(invalid_client) for whoever is not who it says."""
    store = ClientStore(uow.session)
    if proof.assertion is None:
        client = await store.find(proof.client_id or "")
        if client is None or not client.is_public:
            raise _refused("the client is unknown, or must authenticate by private_key_jwt")
        return _served(client, now)
    if proof.assertion_type != ASSERTION_TYPE:
        raise _refused(f"client_assertion_type must be {ASSERTION_TYPE}")
    try:
        header, claims = split_token(proof.assertion)
    except TokenRefused as refused:
        raise _refused("client_assertion is not a JWT") from refused
    client = await store.find(_text(claims, "sub"))
    if client is None or client.is_public or claims.get("iss") != client.client_id:
        raise _refused("iss and sub must be the id of a client that has a key")
    if proof.client_id not in (None, client.client_id):
        raise _refused("client_id is another than the assertion's")
    _check_signature(proof.assertion, header, client.good_keys(now))
    until = _check_claims(claims, audiences, int(now.timestamp()))
    if not await store.take_note_of_assertion(client.client_id, _text(claims, "jti"), until):
        raise _refused("jti was used before")
    return _served(client, now)


def _served(client: Client, now: datetime) -> Client:
    if not client.is_served(now):
        raise _refused("the client is suspended or closed, or its trial is over")
    return client


def _check_signature(assertion: str, header: Mapping[str, Any], keys: Sequence[ClientKey]) -> None:
    """One of the client's good keys signed: the one that `kid` names, or any where the header names none."""
    if not set(header) <= _HEADER_NAMES or header.get("alg") != "ES256":
        raise _refused("alg must be ES256, and the header hold alg, kid and typ only")
    if header.get("typ", "JWT") not in _TYPES:
        raise _refused("typ must be client-authentication+jwt")
    signed, _, signature = assertion.rpartition(".")
    named = [key for key in keys if header.get("kid", key.kid) == key.kid]
    if not any(_signed_with(key, decode_base64url(signature), signed.encode()) for key in named):
        raise _refused("the assertion is not signed with a registered key")


def _signed_with(key: ClientKey, signature: bytes, signed: bytes) -> bool:
    try:
        return VerificationKey.from_jwk(key.jwk).verify(signature, signed)
    except UnusableKey as error:
        raise _refused("the registered key cannot be used") from error


def _check_claims(claims: Mapping[str, Any], audiences: Collection[str], now: int) -> datetime:
    audience = claims.get("aud")
    if isinstance(audience, list) and len(audience) == 1:
        [audience] = audience
    if not isinstance(audience, str) or audience not in audiences:
        raise _refused("aud must be the issuer")
    times = {name: claims.get(name, now) for name in ("iat", "nbf")} | {"exp": claims.get("exp")}
    if any(type(value) is not int for value in times.values()):
        raise _refused("exp, iat and nbf must be whole seconds")
    if times["exp"] <= now - LEEWAY_SECONDS:
        raise _refused("the assertion has expired")
    if times["exp"] > now + LONGEST_ASSERTION_SECONDS + LEEWAY_SECONDS:
        raise _refused(f"the assertion may be good for {LONGEST_ASSERTION_SECONDS} s at most")
    if times["iat"] > now + LEEWAY_SECONDS or times["nbf"] > now + LEEWAY_SECONDS:
        raise _refused("the assertion is not good yet")
    if not 8 <= len(_text(claims, "jti")) <= 128:
        raise _refused("jti must have 8 to 128 characters")
    return datetime.fromtimestamp(times["exp"] + 2 * LEEWAY_SECONDS, UTC)


def _text(claims: Mapping[str, Any], name: str) -> str:
    value = claims.get(name)
    return value if isinstance(value, str) else ""


def _refused(why: str) -> OAuthRefusal:
    return OAuthRefusal(OAuthError.INVALID_CLIENT, why)
