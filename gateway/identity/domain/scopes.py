"""Scopes: which service each one touches, and what a client and a person together may have."""

from collections.abc import Collection
from typing import Final

SERVICES: Final = ("registration", "credit", "licensing", "hotline")
GATEWAY: Final = "gateway"
OPENID: Final = "openid"
PROFILE: Final = "profile"
PHONE: Final = "phone"
OFFLINE: Final = "offline_access"
REAL_NAME: Final = "real_name"
"""Name and citizen number, by user information only; for clients that are registered for it, as a lower platform is."""
IDENTITY_SCOPES: Final = frozenset({OPENID, PROFILE, PHONE, OFFLINE})


def parse_scopes(text: str) -> tuple[str, ...]:
    """Split a scope parameter; the order is kept, repetitions are dropped. Source: RFC 6749 section 3.3."""
    return tuple(dict.fromkeys(text.split()))


def audience_of(scopes: Collection[str]) -> tuple[str, ...]:
    """Name the services that the scopes touch, and the gateway through which all go."""
    touched = {scope.partition(".")[0] for scope in scopes}
    return (GATEWAY, *(service for service in SERVICES if service in touched))


def unknown_to_client(requested: Collection[str], client_scopes: Collection[str]) -> tuple[str, ...]:
    """Return what a client asks for without being registered for it."""
    allowed = IDENTITY_SCOPES | set(client_scopes)
    return tuple(scope for scope in requested if scope not in allowed)


def held_by_person(requested: Collection[str], person_scopes: Collection[str]) -> tuple[str, ...]:
    """Narrow a request to what the person may do; the token names what was left."""
    allowed = IDENTITY_SCOPES | {REAL_NAME} | set(person_scopes)
    return tuple(scope for scope in requested if scope in allowed)
