"""One-time codes by the clock (一次性动态口令): RFC 6238 with SHA-1, six digits, 30 seconds."""

import base64
import hmac
from datetime import datetime
from typing import Final
from urllib.parse import quote, urlencode

STEP_SECONDS: Final = 30
DIGITS: Final = 6
SECRET_BYTES: Final = 20
_STEPS_APART: Final = 1


def step_at(now: datetime) -> int:
    """Return the number of the time step."""
    return int(now.timestamp()) // STEP_SECONDS


def code_at(secret: bytes, step: int, *, digits: int = DIGITS) -> str:
    """Return the code of a time step. Source: RFC 4226 section 5.3; RFC 6238 section 4.2."""
    mac = hmac.digest(secret, step.to_bytes(8, "big"), "sha1")
    offset = mac[-1] & 0x0F
    number = int.from_bytes(mac[offset : offset + 4], "big") & 0x7FFFFFFF
    return str(number % 10**digits).zfill(digits)


def matching_step(secret: bytes, code: str, now: datetime, *, after: int) -> int | None:
    """Return the step whose code this is, one before to one after now, later than the last that was taken.

    A code is good once. Source: RFC 6238 section 5.2.
    """
    current = step_at(now)
    candidates = range(current - _STEPS_APART, current + _STEPS_APART + 1)
    matching = [step for step in candidates if hmac.compare_digest(code_at(secret, step), code)]
    return next((step for step in matching if step > after), None)


def is_one_time_code(text: str) -> bool:
    """Tell whether a text has the form of a code."""
    return len(text) == DIGITS and text.isascii() and text.isdigit()


def secret_as_text(secret: bytes) -> str:
    """Write the secret as an authenticator app takes it by hand, in groups of four."""
    text = base64.b32encode(secret).decode().rstrip("=")
    return " ".join(text[start : start + 4] for start in range(0, len(text), 4))


def enrolment_uri(secret: bytes, *, issuer: str, account: str) -> str:
    """Return what an authenticator app reads from the QR code (the Key URI format)."""
    label = quote(f"{issuer}:{account}", safe="")
    values = {
        "secret": base64.b32encode(secret).decode().rstrip("="),
        "issuer": issuer,
        "algorithm": "SHA1",
        "digits": DIGITS,
        "period": STEP_SECONDS,
    }
    return f"otpauth://totp/{label}?{urlencode(values)}"
