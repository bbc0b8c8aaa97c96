"""A file as the body of a request: its type, its name, its bytes; and a file as an answer."""

import base64
from dataclasses import dataclass
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import Response

from gateway.materials.domain.file_names import disposition_of, name_in
from gateway.materials.domain.material import File, MediaType
from shared.web.problems import MEDIA_UNSUPPORTED, Refusal

MEDIA_TYPES: Final = tuple(each.value for each in MediaType)
_BINARY: Final[dict[str, Any]] = {"schema": {"type": "string", "format": "binary"}}
UPLOAD: Final[dict[str, Any]] = {
    "requestBody": {
        "required": True,
        "description": "The file itself; its type in Content-Type, data of a certificate also as JSON",
        "content": {each.value: _BINARY for each in MediaType if each is not MediaType.JSON},
    },
    "parameters": [
        {
            "name": "Content-Disposition",
            "in": "header",
            "required": False,
            "description": "The file's name, as RFC 6266 writes it (文件名)",
            "schema": {"type": "string", "maxLength": 500},
            "example": "attachment; filename*=UTF-8''%E7%A7%9F%E8%B5%81%E5%90%88%E5%90%8C.pdf",
        }
    ],
}
DOWNLOAD: Final[dict[int | str, dict[str, Any]]] = {
    200: {"description": "The file", "content": dict.fromkeys(MEDIA_TYPES, _BINARY)}
}


@dataclass(frozen=True)
class Upload:
    """A file as it was sent."""

    name: str
    media_type: MediaType
    content: bytes


async def read_upload(request: Request, otherwise: str) -> Upload:
    """Read the body as a file; raises Refusal for a type that is not taken."""
    media = media_type_of(request.headers.get("content-type", ""))
    name = name_in(request.headers.get("content-disposition"), otherwise)
    return Upload(name, media, await request.body())


def media_type_of(header: str) -> MediaType:
    """Raises: Refusal for a type that is not taken."""
    told = header.partition(";")[0].strip().lower()
    if told not in MEDIA_TYPES:
        raise Refusal(MEDIA_UNSUPPORTED)
    return MediaType(told)


def file_answer(file: File) -> Response:
    """Send a file so that no browser runs it or keeps it."""
    headers = {
        "Content-Disposition": disposition_of(file.material.name),
        "Content-Security-Policy": "default-src 'none'; sandbox",
        "Cache-Control": "no-store",
        "Repr-Digest": f"sha-256=:{_base64_of(file.material.digest)}:",
    }
    return Response(file.content, media_type=file.material.media_type, headers=headers)


def _base64_of(hexadecimal: str) -> str:
    """As RFC 9530 writes a digest."""
    return base64.b64encode(bytes.fromhex(hexadecimal)).decode()
