"""Sign-in through an upper platform: what is asked, what its ID token must say, whom it speaks of.

Source: OpenID Connect Core 1.0 sections 3.1.2 and 3.1.3.7; RFC 9700; RFC 9207.
"""

import base64
import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any, Final

from gateway.identity.domain.outside_signatures import CompactJws, OutsideKey, UnreadableJws, is_signed_by
from gateway.identity.domain.providers import UpperPlatform
from shared.identifiers import InvalidCitizenId, parse_citizen_id
from shared.security.strength import Strength

METHOD: Final = "fed"
RETURN_WITHIN: Final = timedelta(minutes=10)
LINK_WITHIN: Final = timedelta(minutes=15)
LONGEST_TOKEN: Final = 16_384
LEEWAY_SECONDS: Final = 30
_OLDEST_SECONDS: Final = 600
_HEADER_NAMES: Final = frozenset({"alg", "kid", "typ"})


class FederationFault(StrEnum):
    """Why a sign-in through an upper platform came to nothing; shown to the person as a code."""

    UNKNOWN_PLATFORM = "unknown_platform"
    PLATFORM_AWAY = "platform_away"
    NOT_BEGUN_HERE = "not_begun_here"
    MIXED_UP = "mixed_up"
    DENIED = "denied"
    REFUSED = "refused"
    BAD_TOKEN = "bad_token"  # noqa: S105 - a code, no secret
    NO_CITIZEN_ID = "no_citizen_id"
    ACCOUNT_CLOSED = "account_closed"
    LINKED_OTHERWISE = "linked_otherwise"
    REQUEST_TOO_LONG = "request_too_long"


@dataclass(eq=False)
class FederationRefused(Exception):
    """The sign-in came to nothing; `why` is for logs."""

    fault: FederationFault
    why: str = ""


@dataclass(frozen=True)
class BegunSignIn:
    """A sign-in under way at an upper platform, as the browser that began it carries it, sealed."""

    platform: str
    state: str = field(repr=False)
    nonce: str = field(repr=False)
    verifier: str = field(repr=False)
    begun_at: datetime
    way: Mapping[str, str]
    """Where to go afterwards."""

    @property
    def wants_fresh(self) -> bool:
        """Whether the person is to prove afresh who it is."""
        return bool(self.way.get("again"))


@dataclass(frozen=True)
class Vouched:
    """Whom an upper platform speaks of, and how strongly it identified that person."""

    issuer: str
    outside_subject: str
    strength: Strength
    citizen_id: str | None = field(default=None, repr=False)
    name: str | None = field(default=None, repr=False)
    phone: str | None = field(default=None, repr=False)
    methods: tuple[str, ...] = (METHOD,)


@dataclass(frozen=True)
class PendingLink:
    """An identity that is to be linked once its holder has proven the account; carried sealed by the browser."""

    issuer: str
    outside_subject: str
    subject: str
    begun_at: datetime


@dataclass(frozen=True)
class LinkedIdentity:
    """An identity at an upper platform that signs in to an account here."""

    issuer: str
    outside_subject: str
    subject: str
    linked_at: datetime
    last_used_at: datetime


@dataclass(frozen=True)
class ExpectedToken:
    """What an ID token is compared with."""

    platform: UpperPlatform
    nonce: str
    access_token: str
    begun_at: datetime
    wants_fresh: bool
    now: int


def read_id_token(jws: CompactJws, key: OutsideKey, expected: ExpectedToken) -> Mapping[str, Any]:
    """Verify an ID token; raises FederationRefused for anything but the platform's word for this sign-in."""
    platform = expected.platform
    if jws.header.get("alg") != platform.algorithm or not set(jws.header) <= _HEADER_NAMES:
        raise bad_token("algorithm or header")
    if not is_signed_by(key, platform.algorithm, jws.signature, jws.signed):
        raise bad_token("signature")
    try:
        claims = jws.claims()
    except UnreadableJws as error:
        raise bad_token("claims") from error
    _check_parties(claims, platform)
    _check_times(claims, expected)
    if not _same(claims.get("nonce"), expected.nonce):
        raise bad_token("nonce")
    if "at_hash" in claims and not _same(claims["at_hash"], _half_hash(expected.access_token)):
        raise bad_token("at_hash")
    return claims


def vouched(
    platform: UpperPlatform, claims: Mapping[str, Any], told: Mapping[str, Any], today: date
) -> Vouched:
    """Read whom the verified claims speak of; `told` is what user information adds. Raises: FederationRefused."""
    subject = claims["sub"]
    if told and not _same(told.get("sub"), subject):
        raise bad_token("user information of somebody else")
    everything = {**told, **claims}
    acr = claims.get("acr")
    names = platform.claims
    return Vouched(
        issuer=platform.issuer,
        outside_subject=subject,
        strength=platform.strength_of(acr if isinstance(acr, str) else None),
        citizen_id=_citizen_id(everything.get(names.citizen_id), today) if names.citizen_id else None,
        name=_short(everything.get(names.name)),
        phone=_short(everything.get(names.phone)),
    )


def bad_token(why: str) -> FederationRefused:
    """The platform's answer does not prove what it should."""
    return FederationRefused(FederationFault.BAD_TOKEN, why)


def _check_parties(claims: Mapping[str, Any], platform: UpperPlatform) -> None:
    audience = claims.get("aud")
    audiences = audience if isinstance(audience, list) else [audience]
    if claims.get("iss") != platform.issuer:
        raise bad_token("iss")
    if platform.client_id not in audiences:
        raise bad_token("aud")
    if (len(audiences) > 1 or "azp" in claims) and claims.get("azp") != platform.client_id:
        raise bad_token("azp")
    subject = claims.get("sub")
    if not isinstance(subject, str) or not 1 <= len(subject) <= 255 or "\x00" in subject:
        raise bad_token("sub")


def _check_times(claims: Mapping[str, Any], expected: ExpectedToken) -> None:
    until, since, now = claims.get("exp"), claims.get("iat"), expected.now
    if type(until) is not int or type(since) is not int:
        raise bad_token("exp or iat")
    if until <= now - LEEWAY_SECONDS or since > now + LEEWAY_SECONDS or since < now - _OLDEST_SECONDS:
        raise bad_token("expired or not good yet")
    if expected.wants_fresh:
        proven = claims.get("auth_time")
        if type(proven) is not int or proven < expected.begun_at.timestamp() - LEEWAY_SECONDS:
            raise bad_token("auth_time")


def _half_hash(access_token: str) -> str:
    """All three algorithms hash with SHA-256. Source: OpenID Connect Core 3.1.3.6."""
    half = hashlib.sha256(access_token.encode()).digest()[:16]
    return base64.urlsafe_b64encode(half).rstrip(b"=").decode()


def _same(found: object, wanted: str) -> bool:
    return isinstance(found, str) and hmac.compare_digest(found.encode(), wanted.encode())


def _citizen_id(value: object, today: date) -> str | None:
    if value is None:
        return None
    try:
        return parse_citizen_id(value, today=today) if isinstance(value, str) else None
    except InvalidCitizenId as error:
        raise bad_token("citizen id") from error


def _short(value: object) -> str | None:
    return value[:64] if isinstance(value, str) and value and "\x00" not in value else None
