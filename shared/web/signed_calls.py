"""Calls to systems outside the suite that know us by a shared secret: JSON out, signed; JSON back; nothing raises.

Every attempt at one message goes out under the same id (also as `Idempotency-Key`), so that the other side can tell
it was there before.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Any, Final

import httpx

from shared.security.signed_messages import signed_headers

TIMEOUT: Final = httpx.Timeout(10.0, connect=2.0)
_LONGEST_ANSWER: Final = 64 * 1024
_FOR_ANOTHER_TIME: Final = frozenset(
    {
        HTTPStatus.UNAUTHORIZED,
        HTTPStatus.FORBIDDEN,
        HTTPStatus.NOT_FOUND,
        HTTPStatus.REQUEST_TIMEOUT,
        HTTPStatus.CONFLICT,
        HTTPStatus.TOO_MANY_REQUESTS,
    }
)


@dataclass(frozen=True)
class OutsideSystem:
    """Where a system outside is, and the secret that both sides share."""

    url: str
    secret: bytes = field(repr=False)


@dataclass(frozen=True)
class Taken:
    """The other side took it, and answered with this."""

    told: Mapping[str, Any]


@dataclass(frozen=True)
class NotTaken:
    """The other side did not take it; trying the same again is of use unless it `is_final`."""

    fault: str
    is_final: bool = False


async def post_signed(
    http: httpx.AsyncClient,
    system: OutsideSystem,
    path: str,
    told: Mapping[str, Any],
    *,
    message_id: str,
    now: datetime,
) -> Taken | NotTaken:
    """Send one message to `path` of a system."""
    body = json.dumps(told, ensure_ascii=False).encode()
    headers = {
        "Content-Type": "application/json",
        "Idempotency-Key": message_id,
        **signed_headers((system.secret,), message_id, now, body),
    }
    try:
        answer = await http.post(
            f"{system.url.rstrip('/')}{path}",
            content=body,
            headers=headers,
            timeout=TIMEOUT,
            follow_redirects=False,
        )
    except httpx.HTTPError as error:
        return NotTaken(type(error).__name__)
    if answer.is_success:
        return _read(answer)
    fault = f"{answer.status_code} {answer.text[:300]}".replace("\x00", "").strip()
    return NotTaken(fault, answer.is_client_error and answer.status_code not in _FOR_ANOTHER_TIME)


def _read(answer: httpx.Response) -> Taken | NotTaken:
    if not answer.content:
        return Taken({})
    try:
        told = answer.json() if len(answer.content) <= _LONGEST_ANSWER else None
    except ValueError:
        told = None
    return Taken(told) if isinstance(told, dict) else NotTaken("an answer that is no JSON object")


def delay_after(attempts: int, first: timedelta, longest: timedelta) -> timedelta:
    """Return how long to wait after failed attempts in a row: `first`, doubling, at most `longest`."""
    return min(first * (1 << min(max(attempts, 1) - 1, 20)), longest)


def short_text(told: Mapping[str, Any], name: str, longest: int = 200) -> str | None:
    """Return a text of an answer, None where there is none of this length."""
    value = told.get(name)
    return value if isinstance(value, str) and 0 < len(value) <= longest and value.isprintable() else None
