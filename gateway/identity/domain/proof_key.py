"""Proof Key for Code Exchange, S256 only. Source: RFC 7636 section 4; RFC 9700 section 2.1.1."""

import base64
import hashlib
import hmac
import re

_CHALLENGE = re.compile(r"[A-Za-z0-9_-]{43}")
_VERIFIER = re.compile(r"[A-Za-z0-9._~-]{43,128}")


def is_challenge(text: str) -> bool:
    """Tell whether this can be the SHA-256 of a verifier, in base64url."""
    return _CHALLENGE.fullmatch(text) is not None


def answers_challenge(verifier: str, challenge: str) -> bool:
    """Tell whether a verifier is the one whose challenge came with the authorization request."""
    if _VERIFIER.fullmatch(verifier) is None:
        return False
    digest = hashlib.sha256(verifier.encode()).digest()
    return hmac.compare_digest(base64.urlsafe_b64encode(digest).rstrip(b"=").decode(), challenge)
