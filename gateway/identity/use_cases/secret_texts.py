"""Secrets that are handed out once and kept as SHA-256 only: session ids, codes, refresh tokens."""

import hashlib
import secrets


def new_secret() -> str:
    """Return 256 random bits as text."""
    return secrets.token_urlsafe(32)


def digest_of(secret: str) -> str:
    """Return what is kept of a secret."""
    return hashlib.sha256(secret.encode()).hexdigest()
