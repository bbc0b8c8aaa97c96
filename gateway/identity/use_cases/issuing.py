"""The issuer: the one place that signs tokens, with a key read once."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from gateway.identity.domain.scopes import GATEWAY, audience_of
from gateway.settings import GatewaySettings
from shared.security.facts import NO_FACTS
from shared.security.key_set import FixedKeySet
from shared.security.keys import SigningKey
from shared.security.principal import Facts, Principal
from shared.security.tokens import (
    ACCESS_TOKEN_SECONDS,
    TokenVerifier,
    access_claims,
    issue_token,
    prepare_key,
)

MATTERS_CLIENT: Final = "gateway-matters"


@dataclass(frozen=True)
class AccessToken:
    """A signed access token, with what is kept of it: its id and its end, never the token."""

    text: str = field(repr=False)
    token_id: str
    expires_at: int
    scopes: tuple[str, ...]

    @property
    def lifetime(self) -> int:
        """Seconds for which it was issued."""
        return ACCESS_TOKEN_SECONDS


@dataclass(frozen=True)
class Issuer:
    """Signs access and ID tokens (ES256) in the name of the gateway's public URL."""

    url: str
    key: SigningKey

    def access_token(
        self,
        *,
        subject: str,
        client_id: str,
        scopes: Collection[str],
        now: datetime,
        facts: Facts = NO_FACTS,
    ) -> AccessToken:
        """Issue an access token (RFC 9068) for the services that the scopes touch; good for 10 minutes."""
        claims = access_claims(
            issuer=self.url,
            subject=subject,
            client_id=client_id,
            audience=audience_of(scopes),
            scopes=sorted(scopes),
            now=int(now.timestamp()),
            facts=facts,
        )
        text = issue_token(claims, self.key)
        return AccessToken(text, claims["jti"], claims["exp"], tuple(sorted(scopes)))

    def id_token(self, claims: Mapping[str, Any], *, now: datetime) -> str:
        """Issue an ID token (OpenID Connect Core 2); its type keeps it from passing as an access token."""
        issued_at = int(now.timestamp())
        timed = {"iss": self.url, "iat": issued_at, "exp": issued_at + ACCESS_TOKEN_SECONDS}
        return issue_token({**claims, **timed}, self.key, token_type="JWT")  # noqa: S106 - a type, no secret

    def delegated_token(
        self, *, subject: str, scopes: Collection[str], now: datetime, client_id: str = MATTERS_CLIENT
    ) -> str:
        """An access token for a person, used by a part of the gateway that acts for that person (`act`)."""
        return self.access_token(
            subject=subject, client_id=client_id, scopes=scopes, now=now, facts=Facts(actors=(client_id,))
        ).text

    async def verify(self, token: str) -> Principal:
        """Return what an access token of ours says, withdrawn or not; raises TokenRefused."""
        return await TokenVerifier(issuer=self.url, audience=GATEWAY, keys=self.key_source()).verify(token)

    def key_set(self) -> dict[str, Any]:
        """The public keys as a JWK set (RFC 7517)."""
        return {"keys": [self.key.public_jwk()]}

    def key_source(self) -> FixedKeySet:
        """The public keys, prepared for verification."""
        return FixedKeySet([prepare_key(self.key.public_jwk())])


def issuer_from(settings: GatewaySettings) -> Issuer:
    """Read the signing key; raises UnusableKey or OSError, and the process does not start."""
    return Issuer(settings.issuer, SigningKey.from_pem(settings.signing_key_file.read_bytes()))
