"""The endpoints that clients call: token, revocation, user information."""

from collections.abc import Mapping
from datetime import timedelta

from fastapi import APIRouter
from pydantic import Field
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from gateway.identity.api.dependencies import Identity, InIdentity
from gateway.identity.api.licence_sign_in import shown_licence
from gateway.identity.api.outside import InOutside
from gateway.identity.api.parameters import form_of
from gateway.identity.api.protocol import (
    NO_STORE,
    PROOF,
    PROVES_ITSELF,
    REFUSED,
    client_of,
    form_body,
    key_of,
    refusal_answer,
)
from gateway.identity.api.routing import ProtocolRoute
from gateway.identity.domain.clients import Client
from gateway.identity.domain.electronic_licence import LicenceRegisterAway
from gateway.identity.domain.refusals import OAuthError, OAuthRefusal
from gateway.identity.domain.scopes import OPENID, PHONE, PROFILE, REAL_NAME
from gateway.identity.store.accounts import AccountStore
from gateway.identity.use_cases.exchange_code import ExchangeCode, exchange_code
from gateway.identity.use_cases.exchange_token import ACCESS_TOKEN, ExchangeToken, exchange_token
from gateway.identity.use_cases.exchange_token import GRANT_TYPE as TOKEN_EXCHANGE
from gateway.identity.use_cases.follow_systems import note_sign_of_life
from gateway.identity.use_cases.issue_client_token import issue_client_token
from gateway.identity.use_cases.issue_licence_token import IssueLicenceToken, issue_licence_token
from gateway.identity.use_cases.issuing import Issuer
from gateway.identity.use_cases.rotate_refresh_token import RotateRefreshToken, rotate_refresh_token
from gateway.identity.use_cases.tell_citizen_id import tell_citizen_id
from gateway.identity.use_cases.token_answers import TokenAnswer
from gateway.identity.use_cases.withdraw_token import withdraw_token
from shared.database.unit_of_work import UnitOfWork
from shared.security.access import public
from shared.web.fields import ResponseModel
from shared.web.openapi import refuses
from shared.web.problems import UNAUTHENTICATED, Refusal
from shared.web.routes import Caller, InTransaction, Now, ServiceRoute

router = APIRouter(route_class=ProtocolRoute, tags=["identity"])
userinfo_router = APIRouter(route_class=ServiceRoute, tags=["identity"])


class TokensOut(ResponseModel):
    """Tokens (RFC 6749 section 5.1)."""

    access_token: str = Field(examples=["eyJhbGciOiJFUzI1NiIsInR5cCI6ImF0K2p3dCJ9.eyJzdWIiOiJ0YXgifQ.c2ln"])
    token_type: str = Field(examples=["Bearer"])
    expires_in: int = Field(examples=[600])
    scope: str = Field(examples=["registration.enterprise.read credit.subject.read"])
    refresh_token: str | None = Field(default=None, examples=["Jt1sJ0o9m3oCwq2m5R4wqf3Yt3X7bQe1f0uK8o1c2aA"])
    id_token: str | None = Field(default=None, examples=["eyJhbGciOiJFUzI1NiIsInR5cCI6IkpXVCJ9.e30.c2ln"])
    issued_token_type: str | None = Field(default=None, examples=[ACCESS_TOKEN])


class UserInfoOut(ResponseModel):
    """What a client may know of the person (OpenID Connect Core 5.3)."""

    sub: str = Field(examples=["018f5d0e-7c1f-7b43-9a0e-3d1f7a0c2b11"])
    name: str | None = Field(default=None, examples=["张三"])
    preferred_username: str | None = Field(default=None, examples=["zhangsan"])
    phone_number: str | None = Field(default=None, examples=["13900000001"])
    citizen_id: str | None = Field(default=None, examples=["140881199001010010"])


_GRANT = (
    *("code", "redirect_uri", "code_verifier", "refresh_token", "assertion", "scope"),
    *("subject_token", "subject_token_type", "requested_token_type", "actor_token", "actor_token_type"),
    *("audience", "resource", "requested_subject", "mandate_id"),
)


@router.post(
    "/oauth2/token",
    summary="Tokens for a code, a refresh token or a client (换取令牌)",
    dependencies=[PROVES_ITSELF],
    response_model=TokensOut,
    responses=REFUSED,
    openapi_extra=form_body("grant_type", optional=(*PROOF, *_GRANT)),
)
@refuses(LicenceRegisterAway)
async def token(
    request: Request, identity: InIdentity, outside: InOutside, uow: InTransaction, now: Now
) -> Response:
    """Issue tokens; a refusal is committed too, because what it withdraws must stay withdrawn."""
    try:
        form = await form_of(request)
        licence = await shown_licence(form, identity, outside, now)
        client = await client_of(request, form, identity, uow)
        issuer = identity.issuer.bound_to(await key_of(request, client, identity, uow))
        if licence is not None:
            command = IssueLicenceToken(licence, client, form.get("scope", ""))
            answer = await issue_licence_token(command, issuer, uow, now)
        else:
            answer = await _answer(form, client, identity, issuer, uow)
    except OAuthRefusal as refusal:
        return refusal_answer(refusal)
    body = TokensOut(
        access_token=answer.access.text,
        token_type="DPoP" if issuer.key_thumbprint else "Bearer",
        expires_in=answer.access.lifetime,
        scope=" ".join(answer.access.scopes),
        refresh_token=answer.refresh_token,
        id_token=answer.id_token,
        issued_token_type=ACCESS_TOKEN if form["grant_type"] == TOKEN_EXCHANGE else None,
    )
    return JSONResponse(body.model_dump(exclude_none=True), headers=NO_STORE)


@router.post(
    "/oauth2/revoke",
    summary="Withdraw a token and all of its grant (撤销令牌)",
    dependencies=[PROVES_ITSELF],
    response_model=None,
    responses=REFUSED,
    openapi_extra=form_body("token", optional=(*PROOF, "token_type_hint")),
)
async def revoke(request: Request, identity: InIdentity, uow: InTransaction, now: Now) -> Response:
    """Withdraw a token (RFC 7009); one that is not there is withdrawn already."""
    try:
        form = await form_of(request)
        client = await client_of(request, form, identity, uow)
    except OAuthRefusal as refusal:
        return refusal_answer(refusal)
    await withdraw_token(form.get("token", ""), client, identity.issuer, uow, now)
    return Response(status_code=200, headers=NO_STORE)


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
    citizen_id = await tell_citizen_id(caller, uow, uow.now) if REAL_NAME in caller.scopes else None
    return UserInfoOut(
        sub=account.subject,
        name=account.display_name if profile or citizen_id else None,
        preferred_username=account.username if profile else None,
        phone_number=account.phone if phone else None,
        citizen_id=citizen_id,
    )


async def _answer(
    form: Mapping[str, str], client: Client, identity: Identity, issuer: Issuer, uow: UnitOfWork
) -> TokenAnswer:
    match form.get("grant_type"):
        case "authorization_code":
            command = ExchangeCode(
                form.get("code", ""), form.get("code_verifier", ""), form.get("redirect_uri", "")
            )
            return await exchange_code(command, client, issuer, uow, uow.now)
        case "refresh_token":
            renewal = RotateRefreshToken(form.get("refresh_token", ""), form.get("scope", ""))
            return await rotate_refresh_token(renewal, client, issuer, uow, uow.now)
        case "client_credentials":
            patience = timedelta(minutes=identity.settings.heartbeat_minutes)
            await note_sign_of_life(client.client_id, patience, uow, uow.now)
            return issue_client_token(client, form.get("scope", ""), issuer, uow.now)
        case grant_type if grant_type == TOKEN_EXCHANGE:
            reference_key = identity.settings.person_reference_key.get_secret_value().encode()
            return await exchange_token(_exchange(form), client, reference_key, issuer, uow)
        case None:
            raise OAuthRefusal(OAuthError.INVALID_REQUEST, "grant_type is required")
        case _:
            raise OAuthRefusal(OAuthError.UNSUPPORTED_GRANT_TYPE, "this grant_type is not offered")


def _exchange(form: Mapping[str, str]) -> ExchangeToken:
    return ExchangeToken(
        subject_token=form.get("subject_token", ""),
        subject_token_type=form.get("subject_token_type", ""),
        scope=form.get("scope", ""),
        requested_token_type=form.get("requested_token_type", ACCESS_TOKEN),
        actor_token=form.get("actor_token"),
        audience=form.get("audience"),
        resource=form.get("resource"),
        requested_subject=form.get("requested_subject"),
        mandate_id=form.get("mandate_id"),
    )
