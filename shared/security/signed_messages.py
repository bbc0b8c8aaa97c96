"""Messages between systems, signed under a shared secret as the Standard Webhooks scheme has it.

What is signed is `{id}.{timestamp}.{body}` by HMAC-SHA256; the three headers are `webhook-id`, `webhook-timestamp`
and `webhook-signature`. Source: Standard Webhooks specification 1.0 (standardwebhooks.com).
"""

import base64
import binascii
import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

ID_HEADER: Final = "webhook-id"
TIMESTAMP_HEADER: Final = "webhook-timestamp"
SIGNATURE_HEADER: Final = "webhook-signature"
TOLERANCE: Final = timedelta(minutes=5)
_SECRET_PREFIX: Final = "whsec_"  # noqa: S105 - how the scheme marks a secret
_VERSION: Final = "v1"
_LONGEST_ID: Final = 128


class SignatureFault(StrEnum):
    """Why a message is not taken for its sender's."""

    MISSING = "missing"
    STALE = "stale"
    WRONG = "wrong"


@dataclass(eq=False)
class SignatureRefused(Exception):
    """The message is not the sender's, or not of now."""

    reason: SignatureFault


def secret_bytes(secret: str) -> bytes:
    """Return the key of a secret: `whsec_` and base64, or any other text as it is. Raises: ValueError."""
    if not secret.startswith(_SECRET_PREFIX):
        return secret.encode()
    try:
        return base64.b64decode(secret.removeprefix(_SECRET_PREFIX), validate=True)
    except binascii.Error as error:
        raise ValueError("what follows whsec_ is not base64") from error


def signed_headers(secret: bytes, message_id: str, at: datetime, body: bytes) -> dict[str, str]:
    """Return the headers under which a message goes out; the same id for every attempt at the same message."""
    timestamp = str(int(at.timestamp()))
    signature = base64.b64encode(_mac(secret, message_id, timestamp, body)).decode()
    return {
        ID_HEADER: message_id,
        TIMESTAMP_HEADER: timestamp,
        SIGNATURE_HEADER: f"{_VERSION},{signature}",
    }


def verify_signed(secret: bytes, headers: Mapping[str, str], body: bytes, now: datetime) -> str:
    """Return the message's id, by which a replay is known. Raises: SignatureRefused."""
    message_id = headers.get(ID_HEADER, "")
    timestamp = headers.get(TIMESTAMP_HEADER, "")
    signatures = headers.get(SIGNATURE_HEADER, "").split()
    is_whole = 0 < len(message_id) <= _LONGEST_ID and timestamp.isascii() and timestamp.isdigit()
    if not is_whole or len(timestamp) > 12 or not signatures:
        raise SignatureRefused(SignatureFault.MISSING)
    expected = base64.b64encode(_mac(secret, message_id, timestamp, body)).decode()
    wanted = f"{_VERSION},{expected}".encode()
    if not any(hmac.compare_digest(wanted, given.encode()) for given in signatures[:8]):
        raise SignatureRefused(SignatureFault.WRONG)
    if abs(now.timestamp() - int(timestamp)) > TOLERANCE.total_seconds():
        raise SignatureRefused(SignatureFault.STALE)
    return message_id


def _mac(secret: bytes, message_id: str, timestamp: str, body: bytes) -> bytes:
    return hmac.new(secret, f"{message_id}.{timestamp}.".encode() + body, hashlib.sha256).digest()
