"""Where a client pushes an authorization request before it sends the browser. Source: RFC 9126."""

from http import HTTPStatus

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
from gateway.identity.use_cases.prove_possession import prove_possession
from gateway.identity.use_cases.push_request import PUSHED_LIFETIME, push_request
from shared.web.fields import ResponseModel
from shared.web.routes import InTransaction

router = APIRouter(route_class=ProtocolRoute, tags=["identity"])

_ASKED = (
    *(
        "redirect_uri",
        "scope",
        "state",
        "nonce",
        "code_challenge",
        "code_challenge_method",
        "prompt",
        "max_age",
    ),
    *("acr_values", "ui_locales", "dpop_jkt", "response_mode"),
)


class PushedOut(ResponseModel):
    """Where the request is kept (RFC 9126 section 2.2)."""

    request_uri: str = Field(examples=["urn:ietf:params:oauth:request_uri:6esc_11ACC5bwc014ltc14eY22c"])
    expires_in: int = Field(examples=[60])


@router.post(
    "/oauth2/par",
    summary="Push an authorization request (推送授权请求)",
    status_code=HTTPStatus.CREATED,
    dependencies=[PROVES_ITSELF],
    response_model=PushedOut,
    responses=REFUSED,
    openapi_extra=form_body("response_type", "client_id", optional=(*PROOF, *_ASKED)),
)
async def push(request: Request, identity: InIdentity, uow: InTransaction) -> Response:
    """Keep a request for the browser that comes with its `request_uri` within a minute."""
    try:
        form = await form_of(request)
        client = await client_of(request, form, identity, uow)
        proof = request.headers.get("dpop")
        key = (
            await prove_possession(proof, client, f"{identity.issuer.url}/oauth2/par", uow) if proof else None
        )
        request_uri = await push_request(client, form, key, uow)
    except OAuthRefusal as refusal:
        return refusal_answer(refusal)
    body = PushedOut(request_uri=request_uri, expires_in=int(PUSHED_LIFETIME.total_seconds()))
    return JSONResponse(body.model_dump(), HTTPStatus.CREATED, headers=NO_STORE)
