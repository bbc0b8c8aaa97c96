"""What the services ask for every second: which tokens are no longer good."""

import hashlib
import json

from fastapi import APIRouter, Request, Response
from pydantic import Field

from gateway.identity.store.withdrawals import WithdrawalStore
from shared.security.access import public
from shared.web.fields import ResponseModel
from shared.web.routes import InTransaction, ServiceRoute

router = APIRouter(route_class=ServiceRoute, tags=["identity"])


class WithdrawalOut(ResponseModel):
    """A digest of what was withdrawn, and the second up to which tokens of that name are refused."""

    digest: str = Field(examples=["2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c"], max_length=40)
    until: int = Field(examples=[1772416800], ge=0)


class WithdrawalsOut(ResponseModel):
    """All withdrawals that can still name a living token."""

    withdrawals: list[WithdrawalOut]


@router.get(
    "/oauth2/withdrawals",
    summary="Withdrawn tokens, by digest (已撤回的令牌)",
    dependencies=[
        public("a digest says nothing to whoever does not hold the token; services ask without one")
    ],
    response_model=WithdrawalsOut,
    responses={304: {"description": "Nothing has changed since this ETag"}},
)
async def withdrawals(request: Request, uow: InTransaction) -> Response:
    """Tell which tokens are refused before they expire; 304 where nothing has changed."""
    current = await WithdrawalStore(uow.session).current(uow.now)
    entries = [{"digest": digest, "until": until} for digest, until in sorted(current.items())]
    body = json.dumps({"withdrawals": entries}).encode()
    etag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
    headers = {"ETag": etag, "Cache-Control": "no-cache"}
    if request.headers.get("if-none-match") == etag:
        return Response(status_code=304, headers=headers)
    return Response(body, media_type="application/json", headers=headers)
