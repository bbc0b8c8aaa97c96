"""Clients: who may ask for tokens, how they prove who they are, and where a person is sent back to."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from functools import lru_cache
from typing import Final
from urllib.parse import urlsplit

from gateway.identity.domain.client_refusals import ClientActionNotAllowed

TRIAL: Final = timedelta(days=90)
"""How long a test client gets tokens; our own rule."""
MOST_LIVE_KEYS: Final = 3
"""The key in use, its successor, and one of a second system: enough to rotate with overlap."""

_USUAL_PORTS: Final = {"http": 80, "https": 443}


class ClientKind(StrEnum):
    """What a client stands for."""

    AGENCY = "agency"
    """An agency itself (部门)."""
    APP = "app"
    """A portal, an app or a mini program that signs people in (应用)."""
    SERVICE = "service"
    """One system of an agency, with less than the agency may do (部门业务系统)."""


class Environment(StrEnum):
    """Whether a client tries things out or works."""

    TEST = "test"
    LIVE = "live"


class Standing(StrEnum):
    """Whether a client is served."""

    ACTIVE = "active"
    SUSPENDED = "suspended"
    CLOSED = "closed"


class ClientAction(StrEnum):
    """What the data bureau does to a client's standing."""

    SUSPEND = "suspend"
    RESUME = "resume"
    CLOSE = "close"


TRANSITIONS: Final = {
    (Standing.ACTIVE, ClientAction.SUSPEND): Standing.SUSPENDED,
    (Standing.SUSPENDED, ClientAction.RESUME): Standing.ACTIVE,
    (Standing.ACTIVE, ClientAction.CLOSE): Standing.CLOSED,
    (Standing.SUSPENDED, ClientAction.CLOSE): Standing.CLOSED,
}


class RateTier(StrEnum):
    """How much a client may send; the settings say how much that is."""

    SMALL = "small"
    STANDARD = "standard"
    LARGE = "large"
    INTERNAL = "internal"
    """Without limit: a system of the data bureau's own."""


@dataclass(frozen=True)
class ClientKey:
    """A public key of a client, good from one instant to another; none was good again once it was removed."""

    kid: str
    jwk: Mapping[str, str]
    not_before: datetime
    not_after: datetime | None = None
    removed_at: datetime | None = None

    def has_ended(self, now: datetime) -> bool:
        """Tell whether it will never be good again."""
        return self.removed_at is not None or (self.not_after is not None and self.not_after <= now)

    def is_good(self, now: datetime) -> bool:
        """Tell whether it proves something now."""
        return self.not_before <= now and not self.has_ended(now)


@dataclass(frozen=True)
class Client:
    """A registered client; a public one has no key and proves itself by PKCE alone."""

    client_id: str
    name: str
    kind: ClientKind
    agency_uscc: str | None
    scopes: frozenset[str]
    redirect_uris: tuple[str, ...] = ()
    post_logout_redirect_uris: tuple[str, ...] = ()
    keys: tuple[ClientKey, ...] = ()
    is_public: bool = False
    environment: Environment = Environment.LIVE
    standing: Standing = Standing.ACTIVE
    standing_reason: str | None = None
    tier: RateTier = RateTier.STANDARD
    region_code: str | None = None
    expires_at: datetime | None = None
    requires_dpop: bool = False
    requires_pushed_requests: bool = False
    registered_at: datetime | None = None
    version: int = 1

    @property
    def speaks_for(self) -> str | None:
        """The agency whose name its own tokens carry.

        A test client's carry none, so no grant holds for it and protected fields stay masked; an app's carry none,
        because it speaks for people.
        """
        is_agencys = self.kind is not ClientKind.APP and self.environment is Environment.LIVE
        return self.agency_uscc if is_agencys else None

    def is_served(self, now: datetime) -> bool:
        """Tell whether it gets tokens: active, and no test client whose trial is over."""
        is_over = self.expires_at is not None and self.expires_at <= now
        return self.standing is Standing.ACTIVE and not is_over

    def key(self, kid: str) -> ClientKey | None:
        """Return the key of this name, good or not."""
        return next((key for key in self.keys if key.kid == kid), None)

    def good_keys(self, now: datetime) -> tuple[ClientKey, ...]:
        """The keys that prove something now."""
        return tuple(key for key in self.keys if key.is_good(now))

    def may_return_to(self, redirect_uri: str) -> bool:
        """Compare character by character. Source: RFC 9700 section 4.1.3."""
        return redirect_uri in self.redirect_uris


def move(client: Client, action: ClientAction, *, reason: str | None) -> Client:
    """Change a client's standing. Raises: ClientActionNotAllowed."""
    target = TRANSITIONS.get((client.standing, action))
    if target is None:
        raise ClientActionNotAllowed(client.standing.value, action.value)
    return replace(client, standing=target, standing_reason=reason, version=client.version + 1)


@lru_cache(4096)
def origin_of(uri: str) -> str:
    """Scheme, host and port of a registered URI, as a browser writes them. Source: RFC 6454 section 6.2."""
    parts = urlsplit(uri)
    host = f"[{parts.hostname}]" if ":" in (parts.hostname or "") else parts.hostname or ""
    is_usual = parts.port in (None, _USUAL_PORTS.get(parts.scheme))
    return f"{parts.scheme}://{host}" + ("" if is_usual else f":{parts.port}")
