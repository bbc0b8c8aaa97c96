"""A certificate's document (PDF) that carries its signed content, and a signature over every byte of itself.

The content is attached as the compact JWS that was issued. The file is signed as the PDF standard has it
(`pdf_signing`), or, where no certificate is configured and in older files, by a platform signature: an attachment that
holds ES256 over the whole file with that signature's own place filled with noughts. Only verifiers of this suite check
the latter. Neither is an electronic seal.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from shared.certificates.canonical import canonical_json
from shared.certificates.issuing import JWS_TYPE, Statement
from shared.security.keys import ALGORITHM, SigningKey, VerificationKey, decode_base64url, encode_base64url

MAX_FILE_BYTES: Final = 1024 * 1024
PDF_SIGNATURE: Final = b"/ByteRange"
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


class FileFinding(StrEnum):
    """What the signatures over a document say of it."""

    WHOLE = "whole"
    PLATFORM_SIGNED = "platform_signed"
    CHANGED = "changed"
    FOREIGN = "foreign"
    UNSIGNED = "unsigned"

    @property
    def statement(self) -> Statement:
        """The finding for people."""
        return _FINDINGS[self]


_FINDINGS: Final[Mapping[FileFinding, Statement]] = MappingProxyType(
    {
        FileFinding.WHOLE: Statement(
            "文件带有登记机关的 PDF 数字签名，签名覆盖整个文件，签名后未被改动。",
            "The file carries the issuer's PDF signature over all of it, and was not changed since.",
        ),
        FileFinding.PLATFORM_SIGNED: Statement(
            "文件没有 PDF 数字签名（较早生成，或签发时未配置签名证书）；平台自有的文件签名有效，文件未被改动。",
            "The file has no PDF signature: it is an older one, or no certificate was configured when it was made. "
            "The platform's own signature over all of it holds: it was not changed.",
        ),
        FileFinding.CHANGED: Statement(
            "文件在签名后被改动或添加过内容，请勿采信版面内容。",
            "The file was changed after it was signed, or something was added: do not rely on what its page shows.",
        ),
        FileFinding.FOREIGN: Statement(
            "文件上的签名不是签发机关的，而是他人的，请勿采信版面内容。",
            "The file was signed by somebody else, not by the issuer: do not rely on what its page shows.",
        ),
        FileFinding.UNSIGNED: Statement(
            "文件没有覆盖整个文件的签名（可能经打印、另存或转换，也可能由他人制作），不能证明版面内容，请以登记机关的核验结果为准。",
            "The file has no signature over all of it: it was printed, saved anew or converted, or somebody else made "
            "it. It proves nothing of what its page shows; go by what the register says.",
        ),
    }
)


@dataclass(frozen=True)
class FileReport:
    """What was found of a document, and whose certificate signed it, where one did."""

    finding: FileFinding
    signer: str | None = None

    @property
    def is_unaltered(self) -> bool:
        """Whether it is, byte for byte, what the issuer made."""
        return self.finding in (FileFinding.WHOLE, FileFinding.PLATFORM_SIGNED)


@dataclass(frozen=True)
class PlatformSignature:
    """A signature of the platform's own kind, not yet verified."""

    kid: str
    signed: bytes
    signature: bytes


@dataclass(frozen=True)
class SignedFile:
    """A document taken apart, not yet verified."""

    jws: str
    content: bytes
    platform_signature: PlatformSignature | None

    def by_platform_signature(self, keys: Mapping[str, VerificationKey]) -> FileReport:
        """What the platform's own signature says; `keys` by their `kid`."""
        found = self.platform_signature
        if found is None:
            return FileReport(FileFinding.UNSIGNED)
        key = keys.get(found.kid)
        if key is None:
            return FileReport(FileFinding.FOREIGN)
        holds = key.verify(found.signature, found.signed)
        return FileReport(FileFinding.PLATFORM_SIGNED if holds else FileFinding.CHANGED)


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
    """Take a document apart; raises UnreadableFile.

    Where something was added after a PDF signature, the signed content is the first: the signature tells the rest.
    """
    if not content.startswith(_MAGIC):
        raise UnreadableFile("it is no PDF")
    if len(content) > MAX_FILE_BYTES:
        raise UnreadableFile("it is too large")
    contents = _JWS.findall(content)
    if not contents or (len(contents) > 1 and PDF_SIGNATURE not in content):
        raise UnreadableFile("it carries no signed content, or more than one")
    return SignedFile(contents[0].decode(), content, _platform_signature(content))


def _platform_signature(content: bytes) -> PlatformSignature | None:
    signatures = list(_SIGNATURE.finditer(content))
    if not signatures:
        return None
    if len(signatures) > 1:
        raise UnreadableFile("it carries more than one signature of the platform")
    [found] = signatures
    begin, end = found.span(2)
    try:
        signature = decode_base64url(found.group(2).decode())
    except ValueError as error:
        raise UnreadableFile("its signature cannot be read") from error
    return PlatformSignature(found.group(1).decode(), content[:begin] + _EMPTY + content[end:], signature)
