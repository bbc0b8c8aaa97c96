"""Codes under which results wait at a window (取件码)."""

import secrets
from typing import Final

# Without letters and digits that are read for one another.
_ALPHABET: Final = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
LENGTH: Final = 8


def new_pickup_code() -> str:
    """Return a code that nobody guesses: 31 to the power of 8 ways."""
    return "".join(secrets.choice(_ALPHABET) for _ in range(LENGTH))
