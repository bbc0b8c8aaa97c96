"""What the part's routes take from the app."""

from typing import Annotated

from fastapi import Depends, Request
from starlette.responses import Response

from gateway.reference.documents import Rendered
from gateway.reference.reference import Reference

_A_MINUTE = "public, max-age=60"


async def _reference(request: Request) -> Reference:
    reference: Reference = request.app.state.reference
    return reference


InReference = Annotated[Reference, Depends(_reference)]


def serve_document(request: Request, told: Rendered) -> Response:
    """Answer with a document, or with 304 where the caller has just this one. Source: RFC 9110 section 13.1.2."""
    headers = {"ETag": told.etag, "Cache-Control": _A_MINUTE}
    asked = request.headers.get("if-none-match", "")
    held = {tag.strip().removeprefix("W/") for tag in asked.split(",")}
    if told.etag in held or "*" in held:
        return Response(status_code=304, headers=headers)
    return Response(told.body, media_type="application/json", headers=headers)
