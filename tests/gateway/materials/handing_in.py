"""Handing files in, as a portal does it."""

import secrets
from typing import Any
from urllib.parse import quote

import httpx

from tests.support.identities import bearer, enterprise_token, person_token
from tests.support.service import ServiceUnderTest

FILES = "/materials/v1/files"
SCOPES = ("materials.file.submit", "materials.file.read")


def hand(person: str = "ann") -> str:
    """A person's token for files."""
    return person_token(person, *SCOPES)


def company(uscc: str, person: str = "ann") -> str:
    """A token of somebody who acts in an enterprise's name."""
    return enterprise_token(uscc, person, *SCOPES)


async def send_file(
    gateway: ServiceUnderTest,
    content: bytes,
    token: str,
    *,
    path: str = FILES,
    kind: str = "lease_contract",
    media: str = "application/pdf",
    name: str | None = None,
    key: str | None = None,
    **query: Any,
) -> httpx.Response:
    """Send a file as the body of a request."""
    headers = bearer(token, key=key or secrets.token_hex(16)) | {"Content-Type": media}
    if name is not None:
        headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}"
    return await gateway.client.post(path, content=content, headers=headers, params={"kind": kind, **query})


async def handed_in(gateway: ServiceUnderTest, content: bytes, token: str, **more: Any) -> dict[str, Any]:
    """A file that is there."""
    answer = await send_file(gateway, content, token, **more)
    assert answer.status_code in (200, 201), answer.text
    found: dict[str, Any] = answer.json()
    return found
