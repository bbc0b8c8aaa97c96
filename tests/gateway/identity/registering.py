"""Clients and systems as a test registers them: by the data bureau's own client, over the API."""

import secrets
from typing import Any

import httpx

from shared.security.keys import SigningKey
from tests.gateway.identity.test_clients import ask, assertion
from tests.support.identities import agency_token
from tests.support.service import ServiceUnderTest

BUREAU = "11140881MB9Y00155B"
TAX = "11140881MB9Y000405"
CLIENTS = "/identity/v1/clients"
SYSTEMS = "/identity/v1/systems"
ADMINISTRATOR = agency_token("data_bureau", BUREAU, "identity.client.manage")
KEEPER = agency_token("data_bureau", BUREAU, "identity.system.manage", "identity.system.read")


def registration(key: SigningKey | None, **given: Any) -> dict[str, Any]:
    """A test client of the tax bureau with a fresh id, but for what is given otherwise."""
    body = {
        "client_id": f"tax-{secrets.token_hex(4)}",
        "name": "电子税务局",
        "kind": "service",
        "agency": TAX,
        "scopes": ["registration.enterprise.read", "identity.client.self"],
        "jwks": [] if key is None else [jwk_of(key)],
    }
    return body | given


def jwk_of(key: SigningKey) -> dict[str, str]:
    """The public half, as its owner sends it."""
    return key.public_jwk()


async def registered(gateway: ServiceUnderTest, key: SigningKey | None, **given: Any) -> str:
    """Register a client; returns its id."""
    answer = await gateway.post(CLIENTS, registration(key, **given), ADMINISTRATOR)
    assert answer.status_code == 201, answer.text
    found: str = answer.json()["client_id"]
    return found


async def token_of(gateway: ServiceUnderTest, client_id: str, key: SigningKey, *scopes: str) -> str:
    """The token that a client gets in its own name."""
    answer = await ask(
        gateway, assertion(client_id, key=key), **({"scope": " ".join(scopes)} if scopes else {})
    )
    assert answer.status_code == 200, answer.text
    found: str = answer.json()["access_token"]
    return found


def codes(answer: httpx.Response) -> list[tuple[str, str]]:
    """Where and why a registration was refused."""
    return [(each["pointer"], each["code"]) for each in answer.json()["errors"]]


async def a_system(gateway: ServiceUnderTest, **given: Any) -> str:
    """Register a system of the tax bureau; returns its id."""
    body = {
        "system_id": f"tax-{secrets.token_hex(4)}",
        "name": "金税系统",
        "agency": TAX,
        "level": "nation",
        "link": "api",
    }
    answer = await gateway.post(SYSTEMS, body | given, KEEPER)
    assert answer.status_code == 201, answer.text
    found: str = answer.json()["system_id"]
    return found
