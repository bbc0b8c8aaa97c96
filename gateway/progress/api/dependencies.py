"""What routes of this part ask for beyond the common: the region's wording, who is calling, what the caller holds."""

import hashlib
from typing import Annotated, Any

from fastapi import Depends
from pydantic import BaseModel
from starlette.requests import Request
from starlette.responses import Response

from gateway.progress.use_cases.wording import Wording
from shared.security.principal import Principal, SubjectKind
from shared.web.problems import FORBIDDEN, Refusal
from shared.web.routes import Caller

NOT_MODIFIED: dict[int | str, dict[str, Any]] = {
    304: {"description": "Nothing has changed since (If-None-Match)"}
}


async def _wording(request: Request) -> Wording:
    return Wording(request.app.state.region)


InWords = Annotated[Wording, Depends(_wording)]


async def _applicant(caller: Caller) -> Principal:
    if caller.kind is SubjectKind.CLIENT:
        raise Refusal(FORBIDDEN)
    return caller


Applicant = Annotated[Principal, Depends(_applicant)]


def private(request: Request, told: BaseModel, link: str | None = None) -> Response:
    """Write an answer about a person; 304 where the caller has just this one. Source: RFC 9110 section 13.1.2."""
    written = told.model_dump_json().encode()
    etag = f'"{hashlib.sha256(written).hexdigest()[:32]}"'
    headers = {"ETag": etag, "Cache-Control": "no-store"} | ({"Link": link} if link else {})
    held = {tag.strip().removeprefix("W/") for tag in request.headers.get("if-none-match", "").split(",")}
    if etag in held:
        return Response(status_code=304, headers=headers)
    return Response(written, media_type="application/json", headers=headers)
