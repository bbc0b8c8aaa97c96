"""A name for a natural person by which two services mean the same one without telling each other the number.

A plain digest of an identity number can be tried out (a birth date, a division, three digits and a check character
leave few), so the digest is keyed, under a key that only those services hold.
"""

import hashlib
import hmac
from typing import Final, NewType

PersonReference = NewType("PersonReference", str)

_DOMAIN: Final = b"tongban/person-reference/citizen-id:"


def person_reference(citizen_id: str, key: bytes) -> PersonReference:
    """Return 64 hexadecimal digits: HMAC-SHA-256 of the citizen identity number (公民身份号码). Source: RFC 2104."""
    written = citizen_id.strip().upper().encode()
    return PersonReference(hmac.new(key, _DOMAIN + written, hashlib.sha256).hexdigest())
