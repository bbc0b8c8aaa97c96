"""A certificate's document (PDF) that carries its signed content, and a signature over every byte of itself.

The content is attached as the compact JWS that was issued. A second attachment holds an ES256 signature over the whole
file with that signature's own place filled with noughts: whoever changes what the page shows breaks it. This is a check
by this suite's own verifiers; it is no signature of the PDF standard, and no electronic seal.
"""

import re
from dataclasses import dataclass
from typing import Final

from shared.certificates.canonical import canonical_json
from shared.certificates.issuing import JWS_TYPE
from shared.security.keys import ALGORITHM, SigningKey, decode_base64url, encode_base64url

MAX_FILE_BYTES: Final = 1024 * 1024
_MAGIC: Final = b"%PDF-"
_SIGNATURE_CHARACTERS: Final = 86
_EMPTY: Final = b"0" * _SIGNATURE_CHARACTERS
_SIGNATURE: Final = re.compile(rb"tongban-file-signature:v1:([A-Za-z0-9_-]{1,128}):([A-Za-z0-9_-]{86})\n")
# Every JWS of a certificate begins with the same header, in canonical form, up to the key's name.
_BEGINNING: Final = encode_base64url(canonical_json({"alg": ALGORITHM, "kid": "", "typ": JWS_TYPE})[:21])
_JWS: Final = re.compile(rf"{_BEGINNING}[\w-]+\.[\w-]+\.[\w-]{{{_SIGNATURE_CHARACTERS}}}".encode(), re.ASCII)


@dataclass(eq=False)
class UnreadableFile(ValueError):
    """The file is no certificate's document of this suite."""

    reason: str

    def __str__(self) -> str:
        return f"not a certificate's file: {self.reason}"


@dataclass(frozen=True)
class SignedFile:
    """A document taken apart, not yet verified."""

    jws: str
    kid: str
    signed: bytes
    signature: bytes


def place_of_signature(key: SigningKey) -> bytes:
    """What a document holds, uncompressed and once, where its signature will be."""
    return b"tongban-file-signature:v1:" + key.kid.encode() + b":" + _EMPTY + b"\n"


def sign_file(unsigned: bytes, key: SigningKey) -> bytes:
    """Put the signature over the whole document in its place; raises UnreadableFile without one such place."""
    place = place_of_signature(key)
    if unsigned.count(place) != 1:
        raise UnreadableFile("the place of its signature is not to be found")
    signature = encode_base64url(key.sign(unsigned)).encode()
    return unsigned.replace(place, place.replace(_EMPTY, signature))


def open_file(content: bytes) -> SignedFile:
    """Take a document apart; raises UnreadableFile."""
    if not content.startswith(_MAGIC):
        raise UnreadableFile("it is no PDF")
    if len(content) > MAX_FILE_BYTES:
        raise UnreadableFile("it is too large")
    signatures, contents = list(_SIGNATURE.finditer(content)), _JWS.findall(content)
    if len(signatures) != 1 or len(contents) != 1:
        raise UnreadableFile("it carries no signed content, or more than one")
    [found] = signatures
    begin, end = found.span(2)
    try:
        signature = decode_base64url(found.group(2).decode())
    except ValueError as error:
        raise UnreadableFile("its signature cannot be read") from error
    return SignedFile(
        jws=contents[0].decode(),
        kid=found.group(1).decode(),
        signed=content[:begin] + _EMPTY + content[end:],
        signature=signature,
    )
