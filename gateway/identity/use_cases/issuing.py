"""The issuer: the one place that signs tokens, with whichever key of the ring signs now."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Final

from gateway.identity.domain.scopes import GATEWAY, audience_of
from gateway.identity.use_cases.signing_keys import SigningKeys, first_key, sealer_of
from gateway.settings import GatewaySettings
from shared.database.unit_of_work import UnitOfWork
from shared.identifiers.uscc import examine_uscc
from shared.security.facts import NO_FACTS
from shared.security.principal import Facts, Principal, SubjectKind
from shared.security.tokens import (
    ACCESS_TOKEN_SECONDS,
    TokenVerifier,
    access_claims,
    issue_token,
)

MATTERS_CLIENT: Final = "gateway-matters"


@dataclass(frozen=True)
class AccessToken:
    """A signed access token, with what is kept of it: its id and its end, never the token."""

    text: str = field(repr=False)
    token_id: str
    expires_at: int
    scopes: tuple[str, ...]
    lifetime: int = ACCESS_TOKEN_SECONDS


@dataclass(frozen=True)
class Issuer:
    """Signs access and ID tokens (ES256) in the name of the gateway's public URL.

    With a `key_thumbprint` its access tokens are good only together with proof of that key (RFC 9449 section 6).
    """

    url: str
    keys: SigningKeys
    key_thumbprint: str | None = None

    def bound_to(self, key_thumbprint: str | None) -> "Issuer":
        """Return the issuer of tokens that are bound to this key, or to none."""
        return replace(self, key_thumbprint=key_thumbprint)

    async def refresh(self, uow: UnitOfWork) -> None:
        """Learn which key signs now; raises CannotUnseal."""
        await self.keys.refresh(uow)

    def access_token(
        self,
        *,
        subject: str,
        client_id: str,
        scopes: Collection[str],
        now: datetime,
        facts: Facts = NO_FACTS,
        not_after: datetime | None = None,
    ) -> AccessToken:
        """Issue an access token (RFC 9068) for the services that the scopes touch; good for 10 minutes at most."""
        seconds = ACCESS_TOKEN_SECONDS
        if not_after is not None:
            seconds = max(1, min(seconds, int(not_after.timestamp()) - int(now.timestamp())))
        claims = access_claims(
            issuer=self.url,
            subject=subject,
            client_id=client_id,
            audience=audience_of(scopes),
            scopes=sorted(scopes),
            now=int(now.timestamp()),
            lifetime=seconds,
            facts=replace(facts, key_thumbprint=self.key_thumbprint),
        )
        text = issue_token(claims, self.keys.signing(now))
        return AccessToken(text, claims["jti"], claims["exp"], tuple(sorted(scopes)), seconds)

    def id_token(self, claims: Mapping[str, Any], *, now: datetime) -> str:
        """Issue an ID token (OpenID Connect Core 2); its type keeps it from passing as an access token."""
        issued_at = int(now.timestamp())
        timed = {"iss": self.url, "iat": issued_at, "exp": issued_at + ACCESS_TOKEN_SECONDS}
        return issue_token({**claims, **timed}, self.keys.signing(now), token_type="JWT")  # noqa: S106 - a type, no secret

    def delegated_token(
        self, *, subject: str, scopes: Collection[str], now: datetime, client_id: str = MATTERS_CLIENT
    ) -> str:
        """An access token for a person or an enterprise, used by a part of the gateway that acts for it (`act`)."""
        kind = SubjectKind.ENTERPRISE if not examine_uscc(subject).errors else None
        facts = Facts(subject_kind=kind, actors=(client_id,))
        return self.access_token(
            subject=subject, client_id=client_id, scopes=scopes, now=now, facts=facts
        ).text

    def signed_document(self, content: Mapping[str, Any], document_type: str, *, now: datetime) -> str:
        """Sign what another part states (a receipt) as a JWS of a type of its own, which is no token."""
        stated = {"iss": self.url, "iat": int(now.timestamp()), **content}
        return issue_token(stated, self.keys.signing(now), token_type=document_type)

    async def verify(self, token: str) -> Principal:
        """Return what an access token of ours says, withdrawn or not; raises TokenRefused."""
        return await TokenVerifier(issuer=self.url, audience=GATEWAY, keys=self.keys).verify(token)

    def key_set(self) -> dict[str, Any]:
        """The public keys as a JWK set (RFC 7517)."""
        return {"keys": self.keys.public()}


def issuer_from(settings: GatewaySettings) -> Issuer:
    """Make an issuer that reads its keys before it signs; raises UnusableKey or OSError for the first key's file."""
    return Issuer(settings.issuer, SigningKeys(sealer_of(settings), first_key(settings)))
