"""Idempotency keys: the same key and body give the same answer again, byte for byte, for 24 hours.

The answer is stored in the transaction of the command, so that both are there or neither. A lock per key keeps a
second request from starting while the first runs; the primary key decides if both pass the lock.
"""

import hashlib
import json
import re
from dataclasses import dataclass

from sqlalchemy import text
from starlette.responses import Response

from shared.database.unit_of_work import UnitOfWork
from shared.web.problems import IN_FLIGHT, KEY_MISSING, KEY_REUSED, Refusal

_KEY = re.compile(r"^[\x21-\x7e]{8,128}$")
# One round trip: the lock of the key, and what is stored under it. The statement sees what was committed before it
# began; an answer committed in between meets the primary key when this command stores its own, and is then replayed.
_LOCK_AND_FIND = text("""
    SELECT held.is_locked, k.fingerprint, k.status, k.headers, k.body
    FROM (SELECT pg_try_advisory_xact_lock(hashtextextended(:caller || chr(31) || :key, 0)) AS is_locked) AS held
    LEFT JOIN idempotency_key k ON k.caller = :caller AND k.key = :key
""")
_STORE = text("""
    INSERT INTO idempotency_key (caller, key, fingerprint, status, headers, body, stored_at)
    VALUES (:caller, :key, :fingerprint, :status, CAST(:headers AS jsonb), :body, :now)
""")
_KEPT_HEADERS = ("content-type", "location", "etag", "content-language")


@dataclass(frozen=True)
class KeyedRequest:
    """A command with its key: who sent it and what it says."""

    caller: str
    key: str
    fingerprint: str


def keyed_request(*, caller: str, key: str | None, method: str, target: str, body: bytes) -> KeyedRequest:
    """Read the key of a command; raises Refusal where it is missing or malformed."""
    if key is None or not _KEY.match(key):
        raise Refusal(KEY_MISSING)
    digest = hashlib.sha256(f"{method} {target}\n".encode() + body).hexdigest()
    return KeyedRequest(caller, key, digest)


async def stored_answer(keyed: KeyedRequest, uow: UnitOfWork) -> Response | None:
    """Lock the key for this transaction and return the stored answer, if the command was done before."""
    found = await uow.session.execute(_LOCK_AND_FIND, {"caller": keyed.caller, "key": keyed.key})
    row = found.one()
    if not row.is_locked:
        raise Refusal(IN_FLIGHT, headers={"Retry-After": "1"})
    if row.fingerprint is None:
        return None
    if row.fingerprint != keyed.fingerprint:
        raise Refusal(KEY_REUSED)
    return Response(row.body, status_code=row.status, headers={**row.headers, "Idempotency-Replayed": "true"})


async def store_answer(keyed: KeyedRequest, response: Response, uow: UnitOfWork) -> None:
    """Keep the answer with the command."""
    headers = {name: response.headers[name] for name in _KEPT_HEADERS if name in response.headers}
    await uow.session.execute(
        _STORE,
        {
            "caller": keyed.caller,
            "key": keyed.key,
            "fingerprint": keyed.fingerprint,
            "status": response.status_code,
            "headers": json.dumps(headers),
            "body": bytes(response.body),
            "now": uow.now,
        },
    )
