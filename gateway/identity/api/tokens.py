"""The endpoints that clients call: token, revocation, user information."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from fastapi import APIRouter
from pydantic import Field
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from gateway.identity.api.dependencies import Identity, InIdentity
from gateway.identity.api.parameters import FORM_MEDIA_TYPE, form_of
from gateway.identity.api.routing import ProtocolRoute
from gateway.identity.domain.clients import Client
from gateway.identity.domain.refusals import OAuthError, OAuthRefusal
from gateway.identity.domain.scopes import OPENID, PHONE, PROFILE
from gateway.identity.store.accounts import AccountStore
from gateway.identity.use_cases.authenticate_client import ClientProof, authenticate_client
from gateway.identity.use_cases.exchange_code import ExchangeCode, exchange_code
from gateway.identity.use_cases.issue_client_token import issue_client_token
from gateway.identity.use_cases.rotate_refresh_token import RotateRefreshToken, rotate_refresh_token
from gateway.identity.use_cases.token_answers import TokenAnswer
from gateway.identity.use_cases.withdraw_token import withdraw_token
from shared.database.unit_of_work import UnitOfWork
from shared.security.access import public
from shared.web.fields import ResponseModel
from shared.web.problems import UNAUTHENTICATED, Refusal
from shared.web.routes import Caller, InTransaction, Now, ServiceRoute

router = APIRouter(route_class=ProtocolRoute, tags=["identity"])
userinfo_router = APIRouter(route_class=ServiceRoute, tags=["identity"])

_CLIENT = public("the client proves itself in the form, before it has any token")
_NO_STORE = {"Cache-Control": "no-store", "Pragma": "no-cache"}


class OAuthErrorOut(ResponseModel):
    """A refusal of the protocol (RFC 6749 section 5.2)."""

    error: str = Field(examples=["invalid_grant"])
    error_description: str = Field(examples=["the code was used before; its tokens are withdrawn"])


class TokensOut(ResponseModel):
    """Tokens (RFC 6749 section 5.1)."""

    access_token: str = Field(examples=["eyJhbGciOiJFUzI1NiIsInR5cCI6ImF0K2p3dCJ9.eyJzdWIiOiJ0YXgifQ.c2ln"])
    token_type: str = Field(examples=["Bearer"])
    expires_in: int = Field(examples=[600])
    scope: str = Field(examples=["registration.enterprise.read credit.subject.read"])
    refresh_token: str | None = Field(default=None, examples=["Jt1sJ0o9m3oCwq2m5R4wqf3Yt3X7bQe1f0uK8o1c2aA"])
    id_token: str | None = Field(default=None, examples=["eyJhbGciOiJFUzI1NiIsInR5cCI6IkpXVCJ9.e30.c2ln"])


class UserInfoOut(ResponseModel):
    """What a client may know of the person (OpenID Connect Core 5.3)."""

    sub: str = Field(examples=["018f5d0e-7c1f-7b43-9a0e-3d1f7a0c2b11"])
    name: str | None = Field(default=None, examples=["张三"])
    preferred_username: str | None = Field(default=None, examples=["zhangsan"])
    phone_number: str | None = Field(default=None, examples=["13900000001"])


def _form(*required: str, **optional: str) -> dict[str, Any]:
    names = {name: {"type": "string", "maxLength": 16384} for name in (*required, *optional)}
    schema = {"type": "object", "required": list(required), "properties": names}
    return {
        "x-idempotent": True,
        "requestBody": {"required": True, "content": {FORM_MEDIA_TYPE: {"schema": schema}}},
    }


_PROOF = ("client_id", "client_assertion_type", "client_assertion")
_GRANT = ("code", "redirect_uri", "code_verifier", "refresh_token", "scope")
_REFUSED: dict[int | str, dict[str, Any]] = {400: {"model": OAuthErrorOut}, 401: {"model": OAuthErrorOut}}


@router.post(
    "/oauth2/token",
    summary="Tokens for a code, a refresh token or a client (换取令牌)",
    dependencies=[_CLIENT],
    response_model=TokensOut,
    responses=_REFUSED,
    openapi_extra=_form("grant_type", **dict.fromkeys((*_PROOF, *_GRANT), "")),
)
async def token(request: Request, identity: InIdentity, uow: InTransaction, now: Now) -> Response:
    """Issue tokens; a refusal is committed too, because what it withdraws must stay withdrawn."""
    try:
        form = await form_of(request)
        client = await _client(request, form, identity, uow)
        answer = await _answer(form, client, identity, uow)
    except OAuthRefusal as refusal:
        return _refusal(refusal)
    body = TokensOut(
        access_token=answer.access.text,
        token_type="Bearer",  # noqa: S106 - a type, no secret
        expires_in=answer.access.lifetime,
        scope=" ".join(answer.access.scopes),
        refresh_token=answer.refresh_token,
        id_token=answer.id_token,
    )
    return JSONResponse(body.model_dump(exclude_none=True), headers=_NO_STORE)


@router.post(
    "/oauth2/revoke",
    summary="Withdraw a token and all of its grant (撤销令牌)",
    dependencies=[_CLIENT],
    response_model=None,
    responses=_REFUSED,
    openapi_extra=_form(
        "token", "client_id", token_type_hint="", client_assertion="", client_assertion_type=""
    ),
)
async def revoke(request: Request, identity: InIdentity, uow: InTransaction, now: Now) -> Response:
    """Withdraw a token (RFC 7009); one that is not there is withdrawn already."""
    try:
        form = await form_of(request)
        client = await _client(request, form, identity, uow)
    except OAuthRefusal as refusal:
        return _refusal(refusal)
    await withdraw_token(form.get("token", ""), client, identity.issuer, uow, now)
    return Response(status_code=200, headers=_NO_STORE)


@userinfo_router.get(
    "/oauth2/userinfo",
    summary="Who is signed in (用户信息)",
    dependencies=[public("needs a person's access token with the scope openid, which it checks itself")],
    response_model=UserInfoOut,
    response_model_exclude_none=True,
)
async def userinfo(caller: Caller, uow: InTransaction) -> UserInfoOut:
    """Return what the token's scopes allow."""
    account = await AccountStore(uow.session).find(caller.subject) if OPENID in caller.scopes else None
    if account is None:
        raise Refusal(UNAUTHENTICATED, headers={"WWW-Authenticate": 'Bearer error="insufficient_scope"'})
    profile, phone = PROFILE in caller.scopes, PHONE in caller.scopes
    return UserInfoOut(
        sub=account.subject,
        name=account.display_name if profile else None,
        preferred_username=account.username if profile else None,
        phone_number=account.phone if phone else None,
    )


async def _client(request: Request, form: Mapping[str, str], identity: Identity, uow: UnitOfWork) -> Client:
    if "authorization" in request.headers or "client_secret" in form:
        raise OAuthRefusal(OAuthError.INVALID_CLIENT, "clients prove themselves by private_key_jwt")
    proof = ClientProof(
        form.get("client_id"), form.get("client_assertion_type"), form.get("client_assertion")
    )
    audiences = (identity.issuer.url, f"{identity.issuer.url}/oauth2/token")
    return await authenticate_client(proof, audiences, uow, uow.now)


async def _answer(
    form: Mapping[str, str], client: Client, identity: Identity, uow: UnitOfWork
) -> TokenAnswer:
    match form.get("grant_type"):
        case "authorization_code":
            command = ExchangeCode(
                form.get("code", ""), form.get("code_verifier", ""), form.get("redirect_uri", "")
            )
            return await exchange_code(command, client, identity.issuer, uow, uow.now)
        case "refresh_token":
            renewal = RotateRefreshToken(form.get("refresh_token", ""), form.get("scope", ""))
            return await rotate_refresh_token(renewal, client, identity.issuer, uow, uow.now)
        case "client_credentials":
            return issue_client_token(client, form.get("scope", ""), identity.issuer, uow.now)
        case None:
            raise OAuthRefusal(OAuthError.INVALID_REQUEST, "grant_type is required")
        case _:
            raise OAuthRefusal(OAuthError.UNSUPPORTED_GRANT_TYPE, "this grant_type is not offered")


def _refusal(refusal: OAuthRefusal) -> Response:
    is_client = refusal.error is OAuthError.INVALID_CLIENT
    status = HTTPStatus.UNAUTHORIZED if is_client else HTTPStatus.BAD_REQUEST
    body = OAuthErrorOut(error=refusal.error.value, error_description=refusal.why)
    challenge = {"WWW-Authenticate": "Bearer"} if is_client else {}
    return JSONResponse(body.model_dump(), status_code=status, headers=_NO_STORE | challenge)
