"""What the endpoints have in common that clients call with a form: proof of the client, refusals, description."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, Final

from pydantic import Field
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from gateway.identity.api.dependencies import Identity
from gateway.identity.api.parameters import FORM_MEDIA_TYPE
from gateway.identity.domain.clients import Client
from gateway.identity.domain.electronic_licence import LicenceRefused
from gateway.identity.domain.refusals import OAuthError, OAuthRefusal
from gateway.identity.use_cases.authenticate_client import ClientProof, authenticate_client
from gateway.identity.use_cases.prove_possession import prove_possession
from shared.database.unit_of_work import UnitOfWork
from shared.security.access import public
from shared.web.fields import ResponseModel

PROVES_ITSELF: Final = public("the client proves itself in the form, before it has any token")
NO_STORE: Final = {"Cache-Control": "no-store", "Pragma": "no-cache"}
PROOF: Final = ("client_id", "client_assertion_type", "client_assertion")


class OAuthErrorOut(ResponseModel):
    """A refusal of the protocol (RFC 6749 section 5.2)."""

    error: str = Field(examples=["invalid_grant"])
    error_description: str = Field(examples=["the code was used before; its tokens are withdrawn"])


REFUSED: Final[dict[int | str, dict[str, Any]]] = {
    400: {"model": OAuthErrorOut},
    401: {"model": OAuthErrorOut},
}


def form_body(*required: str, optional: tuple[str, ...] = ()) -> dict[str, Any]:
    """Describe an endpoint that takes a form."""
    names = {name: {"type": "string", "maxLength": 16384} for name in (*required, *optional)}
    schema = {"type": "object", "required": list(required), "properties": names}
    return {
        "x-idempotent": True,
        "requestBody": {"required": True, "content": {FORM_MEDIA_TYPE: {"schema": schema}}},
    }


async def client_of(request: Request, form: Mapping[str, str], identity: Identity, uow: UnitOfWork) -> Client:
    """Return the client that proves itself in the form; raises OAuthRefusal."""
    if "authorization" in request.headers or "client_secret" in form:
        raise OAuthRefusal(OAuthError.INVALID_CLIENT, "clients prove themselves by private_key_jwt")
    proof = ClientProof(
        form.get("client_id"), form.get("client_assertion_type"), form.get("client_assertion")
    )
    # RFC 9126 section 2 lets a client name the endpoint that it calls, beside the issuer and the token endpoint.
    audiences = {identity.issuer.url, f"{identity.issuer.url}/oauth2/token", _address(request, identity)}
    return await authenticate_client(proof, audiences, uow, uow.now)


async def key_of(request: Request, client: Client, identity: Identity, uow: UnitOfWork) -> str | None:
    """Return the thumbprint of the key that the client proves to hold, if it does; raises OAuthRefusal."""
    return await prove_possession(request.headers.get("dpop"), client, _address(request, identity), uow)


def refusal_answer(refusal: OAuthRefusal) -> Response:
    """Tell a client why it is refused."""
    is_client = refusal.error is OAuthError.INVALID_CLIENT or isinstance(refusal, LicenceRefused)
    status = HTTPStatus.UNAUTHORIZED if is_client else HTTPStatus.BAD_REQUEST
    body = OAuthErrorOut(error=refusal.error.value, error_description=refusal.why)
    challenge = {"WWW-Authenticate": "Bearer"} if is_client else {}
    return JSONResponse(body.model_dump(), status_code=status, headers=NO_STORE | challenge)


def _address(request: Request, identity: Identity) -> str:
    return f"{identity.issuer.url}{request.url.path}"
