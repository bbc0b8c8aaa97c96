"""Where a client asks what its token is worth. Source: RFC 7662."""

from typing import Any

from fastapi import APIRouter
from pydantic import Field
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from gateway.identity.api.dependencies import InIdentity
from gateway.identity.api.parameters import form_of
from gateway.identity.api.protocol import (
    NO_STORE,
    PROOF,
    PROVES_ITSELF,
    REFUSED,
    client_of,
    form_body,
    refusal_answer,
)
from gateway.identity.api.routing import ProtocolRoute
from gateway.identity.domain.refusals import OAuthRefusal
from gateway.identity.use_cases.introspect_token import introspect_token
from shared.web.fields import ResponseModel
from shared.web.routes import InTransaction

router = APIRouter(route_class=ProtocolRoute, tags=["identity"])


class IntrospectionOut(ResponseModel):
    """What a token says, or only that it is good for nothing."""

    active: bool = Field(examples=[True])
    token_type: str | None = Field(default=None, examples=["Bearer"])
    client_id: str | None = Field(default=None, examples=["tax"])
    sub: str | None = Field(default=None, examples=["018f5d0e-7c1f-7b43-9a0e-3d1f7a0c2b11"])
    scope: str | None = Field(default=None, examples=["registration.enterprise.read"])
    exp: int | None = Field(default=None, examples=[1772416800])
    act: dict[str, Any] | None = Field(default=None, examples=[{"sub": "app"}])
    cnf: dict[str, str] | None = None


@router.post(
    "/oauth2/introspect",
    summary="What a token is worth (令牌自省)",
    dependencies=[PROVES_ITSELF],
    response_model=IntrospectionOut,
    responses=REFUSED,
    openapi_extra=form_body("token", optional=(*PROOF, "token_type_hint")),
)
async def introspect(request: Request, identity: InIdentity, uow: InTransaction) -> Response:
    """Tell a client about its own token; of everything else only that it is not active."""
    try:
        form = await form_of(request)
        client = await client_of(request, form, identity, uow)
        told = await introspect_token(form.get("token", ""), client, identity.issuer, uow)
    except OAuthRefusal as refusal:
        return refusal_answer(refusal)
    return JSONResponse(dict(told), headers=NO_STORE)
