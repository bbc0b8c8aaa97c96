"""Messages between systems, signed under a shared secret as the Standard Webhooks scheme has it.

What is signed is `{id}.{timestamp}.{body}` by HMAC-SHA256; the three headers are `webhook-id`, `webhook-timestamp`
and `webhook-signature`. Source: Standard Webhooks specification 1.0 (standardwebhooks.com).
"""

import base64
import binascii
import hashlib
import hmac
import secrets
from collections.abc import Mapping, Sequence
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
_SECRET_BYTES: Final = 32  # the scheme allows 24 to 64


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


def new_secret() -> bytes:
    """Make a secret."""
    return secrets.token_bytes(_SECRET_BYTES)


def shown_secret(secret: bytes) -> str:
    """The secret as it is given to the other side: `whsec_` and base64."""
    return _SECRET_PREFIX + base64.b64encode(secret).decode()


def signed_headers(keys: Sequence[bytes], message_id: str, at: datetime, body: bytes) -> dict[str, str]:
    """Return the headers under which a message goes out; the same id for every attempt at the same message.

    During a change of secrets it carries a signature by each of `keys`.
    """
    timestamp = str(int(at.timestamp()))
    return {
        ID_HEADER: message_id,
        TIMESTAMP_HEADER: timestamp,
        SIGNATURE_HEADER: " ".join(
            f"{_VERSION},{_signature(key, message_id, timestamp, body)}" for key in keys
        ),
    }


def verify_signed(secret: bytes, headers: Mapping[str, str], body: bytes, now: datetime) -> str:
    """Return the message's id, by which a replay is known. Raises: SignatureRefused."""
    message_id = headers.get(ID_HEADER, "")
    timestamp = headers.get(TIMESTAMP_HEADER, "")
    signatures = headers.get(SIGNATURE_HEADER, "").split()
    is_whole = 0 < len(message_id) <= _LONGEST_ID and timestamp.isascii() and timestamp.isdigit()
    if not is_whole or len(timestamp) > 12 or not signatures:
        raise SignatureRefused(SignatureFault.MISSING)
    wanted = f"{_VERSION},{_signature(secret, message_id, timestamp, body)}".encode()
    if not any(hmac.compare_digest(wanted, given.encode()) for given in signatures[:8]):
        raise SignatureRefused(SignatureFault.WRONG)
    if abs(now.timestamp() - int(timestamp)) > TOLERANCE.total_seconds():
        raise SignatureRefused(SignatureFault.STALE)
    return message_id


def _signature(secret: bytes, message_id: str, timestamp: str, body: bytes) -> str:
    signed = f"{message_id}.{timestamp}.".encode() + body
    return base64.b64encode(hmac.digest(secret, signed, hashlib.sha256)).decode()
