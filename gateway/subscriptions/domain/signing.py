"""Signatures of webhooks by the Standard Webhooks scheme (version 1.0): HMAC-SHA256 over id, time and body."""

import base64
import hashlib
import hmac
import secrets
from collections.abc import Iterable
from datetime import datetime
from typing import Final

SECRET_PREFIX: Final = "whsec_"  # noqa: S105 - what secrets of the scheme begin with
_SECRET_BYTES: Final = 32


def new_secret() -> bytes:
    """Make a secret; 24 to 64 bytes are allowed."""
    return secrets.token_bytes(_SECRET_BYTES)


def shown(secret: bytes) -> str:
    """The secret as it is given to the subscriber, once."""
    return SECRET_PREFIX + base64.b64encode(secret).decode()


def signature_headers(message_id: str, body: bytes, at: datetime, keys: Iterable[bytes]) -> dict[str, str]:
    """The three headers; during a rotation one signature for each secret, separated by spaces."""
    timestamp = str(int(at.timestamp()))
    signed = f"{message_id}.{timestamp}.".encode() + body
    signatures = (base64.b64encode(hmac.digest(key, signed, hashlib.sha256)).decode() for key in keys)
    return {
        "webhook-id": message_id,
        "webhook-timestamp": timestamp,
        "webhook-signature": " ".join(f"v1,{signature}" for signature in signatures),
    }
