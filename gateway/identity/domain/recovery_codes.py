"""Recovery codes (恢复码): ten texts, each good once in place of a one-time code."""

import base64
from typing import Final

HOW_MANY: Final = 10
RECOVERY_CODE_BYTES: Final = 10
_GROUP: Final = 4
_LENGTH: Final = 16


def recovery_code(random: bytes) -> str:
    """Write 80 random bits as a person can copy them; raises ValueError for another number of bits."""
    if len(random) != RECOVERY_CODE_BYTES:
        raise ValueError(f"a recovery code is made of {RECOVERY_CODE_BYTES} bytes")
    text = base64.b32encode(random).decode().lower()
    return "-".join(text[start : start + _GROUP] for start in range(0, _LENGTH, _GROUP))


def normalised(text: str) -> str:
    """Return a code as it was written out, whatever case, spaces or hyphens a person typed."""
    bare = "".join(text.split()).replace("-", "").lower()
    return "-".join(bare[start : start + _GROUP] for start in range(0, len(bare), _GROUP))
