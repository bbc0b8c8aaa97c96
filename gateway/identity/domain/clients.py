"""Clients: who may ask for tokens, how they prove who they are, and where a person is sent back to."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import urlsplit


class ClientKind(StrEnum):
    """What a client stands for."""

    AGENCY = "agency"
    APP = "app"
    SERVICE = "service"


@dataclass(frozen=True)
class Client:
    """A registered client; one without a key is public and proves itself by PKCE alone."""

    client_id: str
    name: str
    kind: ClientKind
    agency_uscc: str | None
    jwk: Mapping[str, str] | None
    scopes: frozenset[str]
    redirect_uris: tuple[str, ...] = ()
    post_logout_redirect_uris: tuple[str, ...] = ()

    @property
    def is_public(self) -> bool:
        """True where the client has no key of its own."""
        return self.jwk is None

    def may_return_to(self, redirect_uri: str) -> bool:
        """Compare character by character. Source: RFC 9700 section 4.1.3."""
        return redirect_uri in self.redirect_uris


def origin_of(uri: str) -> str:
    """Scheme, host and port of a registered URI."""
    parts = urlsplit(uri)
    return f"{parts.scheme}://{parts.netloc}"
