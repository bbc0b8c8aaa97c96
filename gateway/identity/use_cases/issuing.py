"""The issuer: the one place that signs tokens, with a key read once."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from gateway.identity.domain.scopes import audience_of
from gateway.settings import GatewaySettings
from shared.security.key_set import FixedKeySet
from shared.security.keys import SigningKey
from shared.security.tokens import ACCESS_TOKEN_SECONDS, access_claims, issue_token, prepare_key

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
        agency: str | None = None,
        acr: str | None = None,
        acted_by: str | None = None,
    ) -> AccessToken:
        """Issue an access token (RFC 9068) for the services that the scopes touch; good for 10 minutes."""
        claims = access_claims(
            issuer=self.url,
            subject=subject,
            client_id=client_id,
            audience=audience_of(scopes),
            scopes=sorted(scopes),
            now=int(now.timestamp()),
            agency=agency,
            acr=acr,
            acted_by=acted_by,
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
            subject=subject, client_id=client_id, scopes=scopes, now=now, acted_by=client_id
        ).text

    def key_set(self) -> dict[str, Any]:
        """The public keys as a JWK set (RFC 7517)."""
        return {"keys": [self.key.public_jwk()]}

    def key_source(self) -> FixedKeySet:
        """The public keys, prepared for verification."""
        return FixedKeySet([prepare_key(self.key.public_jwk())])


def issuer_from(settings: GatewaySettings) -> Issuer:
    """Read the signing key; raises UnusableKey or OSError, and the process does not start."""
    return Issuer(settings.issuer, SigningKey.from_pem(settings.signing_key_file.read_bytes()))
