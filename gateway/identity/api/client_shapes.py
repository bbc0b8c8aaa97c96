"""Clients as they are sent and shown."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Annotated, Literal, Self

from fastapi import Path
from pydantic import Field, StringConstraints

from gateway.identity.domain.clients import (
    MOST_LIVE_KEYS,
    Client,
    ClientKey,
    ClientKind,
    Environment,
    RateTier,
    Standing,
)
from gateway.identity.use_cases.client_keys import RemovalReason, client_key
from gateway.identity.use_cases.register_client import ClientChanges
from shared.security.keys import UnusableKey
from shared.web.fields import (
    DivisionCode,
    Flag,
    Instant,
    RequestModel,
    ResponseModel,
    ShortText,
    UsccField,
)
from shared.web.problems import INVALID_INPUT, FieldFault, Refusal

_X, _Y = "nskwwwVgS37CL7V-DbmAz9bhblxHtZu-m5hREEZzLMk", "xbTcIniKJ7wMLQ0rp2Ka_kzFj-3P45fssVMkZVAgZiQ"
_KID = "UATD3KLZBifpgJm59GfDW54oKFRvcZZF7GTYpk_Yad4"
_SCOPES = ["registration.enterprise.read", "identity.client.self"]

ClientSlug = Annotated[str, StringConstraints(min_length=3, max_length=64, pattern=r"^[a-z][a-z0-9_-]*$")]
ClientId = Annotated[str, Path(min_length=3, max_length=64, pattern=r"^[a-z][a-z0-9_-]*$")]
Kid = Annotated[str, Path(min_length=1, max_length=128, pattern=r"^[A-Za-z0-9_-]+$")]
Scope = Annotated[
    str, StringConstraints(min_length=3, max_length=99, pattern=r"^[a-z][a-z0-9_]*(\.[a-z0-9_]+)+$")
]
Uri = Annotated[str, StringConstraints(min_length=8, max_length=500)]
Coordinate = Annotated[str, StringConstraints(min_length=43, max_length=43, pattern=r"^[A-Za-z0-9_-]+$")]
Scopes = Annotated[tuple[Scope, ...], Field(min_length=1, max_length=100, examples=[_SCOPES])]
Uris = Annotated[tuple[Uri, ...], Field(max_length=20, examples=[[]])]


class JwkIn(RequestModel):
    """The public half of an EC P-256 key; a private half, or any other member, is refused."""

    kty: Literal["EC"]
    crv: Literal["P-256"]
    x: Annotated[Coordinate, Field(examples=[_X])]
    y: Annotated[Coordinate, Field(examples=[_Y])]
    kid: Annotated[
        str | None, Field(min_length=1, max_length=128, pattern=r"^[A-Za-z0-9_-]+$", examples=[None])
    ] = None
    alg: Literal["ES256"] = "ES256"
    use: Literal["sig"] = "sig"

    def key(self, pointer: str, not_before: datetime, not_after: datetime | None = None) -> ClientKey:
        """Read the key; refuses one that is no point of the curve."""
        try:
            return client_key(self.model_dump(exclude_none=True), not_before=not_before, not_after=not_after)
        except UnusableKey as unusable:
            wrong = FieldFault(pointer, "unusable_key", "不是有效的 P-256 公钥", unusable.reason)
            raise Refusal(INVALID_INPUT, faults=[wrong]) from unusable


class ClientIn(RequestModel):
    """A client to be registered; without keys it is an app that proves itself by PKCE alone."""

    client_id: Annotated[ClientSlug, Field(examples=["tax-filing"])]
    name: Annotated[ShortText, Field(examples=["电子税务局"])]
    kind: Annotated[ClientKind, Field(examples=["service"])]
    agency: Annotated[UsccField, Field(examples=["11140881MB9Y000405"], description="Whose client it is")]
    environment: Annotated[Environment, Field(examples=["test"])] = Environment.TEST
    scopes: Scopes
    redirect_uris: Uris = ()
    post_logout_redirect_uris: Uris = ()
    jwks: Annotated[tuple[JwkIn, ...], Field(max_length=MOST_LIVE_KEYS)] = ()
    tier: Annotated[
        RateTier | None, Field(examples=[None], description="small for test, otherwise standard")
    ] = None
    region_code: Annotated[DivisionCode | None, Field(examples=["140881"])] = None
    requires_dpop: Annotated[Flag, Field(examples=[False])] = False
    requires_pushed_requests: Annotated[Flag, Field(examples=[False])] = False

    def client(self, now: datetime) -> Client:
        """Return it as the register keeps it."""
        usual = RateTier.SMALL if self.environment is Environment.TEST else RateTier.STANDARD
        return Client(
            client_id=self.client_id,
            name=self.name,
            kind=self.kind,
            agency_uscc=self.agency,
            scopes=frozenset(self.scopes),
            redirect_uris=self.redirect_uris,
            post_logout_redirect_uris=self.post_logout_redirect_uris,
            keys=tuple(jwk.key(f"/jwks/{place}", now) for place, jwk in enumerate(self.jwks)),
            is_public=not self.jwks,
            environment=self.environment,
            tier=self.tier or usual,
            region_code=self.region_code,
            requires_dpop=self.requires_dpop,
            requires_pushed_requests=self.requires_pushed_requests,
        )


class ChangesIn(RequestModel):
    """What changes; what is left out stays."""

    name: Annotated[ShortText | None, Field(examples=["电子税务局"])] = None
    scopes: Scopes | None = None
    redirect_uris: Uris | None = None
    post_logout_redirect_uris: Uris | None = None
    tier: Annotated[RateTier | None, Field(examples=["small"])] = None
    region_code: Annotated[DivisionCode | None, Field(examples=["140881"])] = None
    requires_dpop: Annotated[Flag | None, Field(examples=[False])] = None
    requires_pushed_requests: Annotated[Flag | None, Field(examples=[False])] = None

    def changes(self) -> ClientChanges:
        """Return them as the use case takes them."""
        given = dict(self)
        return ClientChanges(**given | {"scopes": None if self.scopes is None else frozenset(self.scopes)})


class ReleaseIn(RequestModel):
    """What a test client may do once it is live."""

    tier: Annotated[RateTier, Field(examples=["standard"])] = RateTier.STANDARD
    scopes: Annotated[Scopes | None, Field(description="instead of those of the trial")] = None
    redirect_uris: Annotated[Uris | None, Field(description="instead of those of the trial")] = None
    post_logout_redirect_uris: Uris | None = None

    def changes(self) -> ClientChanges:
        """Return them as the use case takes them."""
        given = dict(self)
        return ClientChanges(**given | {"scopes": None if self.scopes is None else frozenset(self.scopes)})


class ReasonIn(RequestModel):
    """Why; the data bureau's record, shown to the client too."""

    reason: Annotated[ShortText, Field(examples=["调用异常，待查明"])]


class KeyIn(RequestModel):
    """A further public key; both are good until the older one is removed or ends."""

    jwk: Annotated[JwkIn, Field(examples=[{"kty": "EC", "crv": "P-256", "x": _X, "y": _Y}])]
    not_before: Annotated[
        Instant | None, Field(examples=[None], description="now, where nothing is given")
    ] = None
    not_after: Annotated[Instant | None, Field(examples=[None])] = None

    def key(self, now: datetime) -> ClientKey:
        """Read the key."""
        until = self.not_after.astimezone(UTC) if self.not_after else None
        return self.jwk.key("/jwk", self.not_before.astimezone(UTC) if self.not_before else now, until)


class RemovalIn(RequestModel):
    """Why a key is removed; tokens got with a compromised one are refused at once."""

    because: Annotated[RemovalReason, Field(examples=["replaced"])]


class KeyOut(ResponseModel):
    """A key that was not removed."""

    kid: Annotated[str, Field(examples=[_KID])]
    jwk: dict[str, str]
    not_before: Annotated[datetime, Field(examples=["2026-03-02T01:30:00Z"])]
    not_after: datetime | None

    @classmethod
    def all_of(cls, keys: Sequence[ClientKey]) -> list[Self]:
        """Shape a client's keys."""
        return [
            cls(
                kid=key.kid,
                jwk=_public(key.jwk),
                not_before=key.not_before.astimezone(UTC),
                not_after=key.not_after.astimezone(UTC) if key.not_after else None,
            )
            for key in keys
            if key.removed_at is None
        ]


class ClientOut(ResponseModel):
    """A client as it stands."""

    client_id: Annotated[str, Field(examples=["tax-filing"])]
    name: Annotated[str, Field(examples=["电子税务局"])]
    kind: ClientKind
    agency_uscc: Annotated[str | None, Field(examples=["11140881MB9Y000405"])]
    environment: Environment
    standing: Standing
    standing_reason: str | None
    expires_at: Annotated[datetime | None, Field(description="end of a test client's trial")]
    scopes: Annotated[list[str], Field(examples=[_SCOPES])]
    redirect_uris: list[str]
    post_logout_redirect_uris: list[str]
    is_public: bool
    keys: list[KeyOut]
    tier: RateTier
    region_code: Annotated[str | None, Field(examples=["140881"])]
    requires_dpop: bool
    requires_pushed_requests: bool
    registered_at: datetime | None

    @classmethod
    def of(cls, client: Client) -> Self:
        """Shape a client."""
        return cls(
            client_id=client.client_id,
            name=client.name,
            kind=client.kind,
            agency_uscc=client.agency_uscc,
            environment=client.environment,
            standing=client.standing,
            standing_reason=client.standing_reason,
            expires_at=client.expires_at.astimezone(UTC) if client.expires_at else None,
            scopes=sorted(client.scopes),
            redirect_uris=list(client.redirect_uris),
            post_logout_redirect_uris=list(client.post_logout_redirect_uris),
            is_public=client.is_public,
            keys=KeyOut.all_of(client.keys),
            tier=client.tier,
            region_code=client.region_code,
            requires_dpop=client.requires_dpop,
            requires_pushed_requests=client.requires_pushed_requests,
            registered_at=client.registered_at.astimezone(UTC) if client.registered_at else None,
        )


def _public(jwk: Mapping[str, str]) -> dict[str, str]:
    return {name: jwk[name] for name in ("kty", "crv", "x", "y", "kid", "alg", "use") if name in jwk}
