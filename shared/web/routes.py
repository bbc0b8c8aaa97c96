"""The route class of every API: authenticates, opens the transaction, replays, commits before it answers.

FastAPI's own `yield` dependencies commit after the answer or cannot see it; here one place holds the order:
token, scope, idempotency key, body, command, stored answer, commit, answer. A deadlock or serialization failure runs
the whole command again.
"""

import logging
from collections.abc import Awaitable, Callable, Coroutine
from datetime import datetime
from typing import Annotated, Any, ClassVar

from fastapi import Depends
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from shared.database.engine import is_transient, is_unique_violation
from shared.database.unit_of_work import UnitOfWork
from shared.messaging.access import RecordedRefusal
from shared.security.access import Access, access_of
from shared.security.possession import SCHEMES, Presented, ProofRefused
from shared.security.principal import Principal, SubjectKind
from shared.security.strength import Strength
from shared.security.strict_json import UnreadableJson, loads_strict
from shared.security.tokens import TokenRefused
from shared.telemetry import metrics
from shared.telemetry.context import bind_actor
from shared.web.backend import Backend, backend_of
from shared.web.idempotency import KeyedRequest, keyed_request, store_answer, stored_answer
from shared.web.problems import (
    INVALID_INPUT,
    SCOPE_MISSING,
    STRONGER_SIGN_IN_NEEDED,
    UNAUTHENTICATED,
    Refusal,
)
from shared.web.validation import fault

log = logging.getLogger(__name__)

_ATTEMPTS = 3


class StrictRequest(Request):
    """A request whose JSON is read strictly and once."""

    async def json(self) -> Any:
        """Parse the body; what two readers could understand differently is refused with 400."""
        if not hasattr(self, "_json"):
            try:
                self._json = loads_strict(await self.body())
            except UnreadableJson as error:
                raise BadJson(error.reason) from error
        return self._json


class BadJson(RequestValidationError):
    """The body is not JSON that this suite takes."""

    def __init__(self, reason: str) -> None:
        super().__init__([{"type": reason, "loc": ("body",), "msg": reason, "input": None}])


class ServiceRoute(APIRoute):
    """Route of a service's API. `openapi_extra={"x-idempotent": True}` frees a POST that only reads from the key.

    `reads_token` says whether a token that is sent is verified, also where none is needed.
    """

    reads_token: ClassVar[bool] = True

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Wrap FastAPI's handler with authentication, transaction and idempotency."""
        handler = super().get_route_handler()
        access = access_of(self.dependencies)
        takes_json = self.body_field is not None
        free = bool((self.openapi_extra or {}).get("x-idempotent"))

        async def serve(request: Request) -> Response:
            request.scope["tongban.route"] = self.path_format
            strict = StrictRequest(request.scope, request.receive)
            backend = backend_of(strict)
            await _authorise(strict, backend, access)
            await _read(strict, is_json=takes_json)
            keyed = await _keyed(strict) if strict.method == "POST" and not free else None
            for attempt in range(1, _ATTEMPTS + 1):
                try:
                    return await _transact(strict, backend, handler, keyed)
                except Exception as error:
                    again = is_transient(error) or is_unique_violation(error, "idempotency_key")
                    if attempt == _ATTEMPTS or not again:
                        raise
            raise AssertionError("unreachable")

        return serve


async def _read(request: StrictRequest, *, is_json: bool) -> None:
    """Read the body before anything begins: too long or not JSON, it fails here."""
    body = await request.body()
    media = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if is_json and body and media == "application/json":
        await request.json()


async def _transact(
    request: StrictRequest,
    backend: Backend,
    handler: Callable[[Request], Awaitable[Response]],
    keyed: KeyedRequest | None,
) -> Response:
    async with backend.transactions.open() as uow:
        if keyed is not None:
            stored = await stored_answer(keyed, uow)
            if stored is not None:
                return stored
        request.state.uow = uow
        try:
            response = await handler(request)
        except RecordedRefusal as refusal:
            await _keep_record(refusal, uow)
            raise
        if response.status_code >= 400:
            return response  # nothing half-done stays behind a refusal
        await uow.flush()
        if keyed is not None and not isinstance(response, StreamingResponse):
            await store_answer(keyed, response, uow)
        await uow.commit()
        return response


async def _keep_record(refusal: RecordedRefusal, uow: UnitOfWork) -> None:
    """Undo what was begun, and keep that it was refused (DS-15: each query, allowed or denied, is registered)."""
    uow.discard_announcements()
    await uow.session.rollback()
    if refusal.record is not None:
        uow.announce(refusal.record)
        await uow.commit()


async def _keyed(request: StrictRequest) -> KeyedRequest:
    principal: Principal | None = request.state.principal
    caller = f"{principal.reference}/{principal.client_id}" if principal else "anonymous"
    query = request.url.query
    return keyed_request(
        caller=caller,
        key=request.headers.get("idempotency-key"),
        method=request.method,
        target=request.url.path + (f"?{query}" if query else ""),
        body=await request.body(),
    )


async def _authorise(request: StrictRequest, backend: Backend, access: Access | None) -> None:
    """Verify the token that came, and the scope that the route asks for."""
    header = request.headers.get("authorization")
    request.state.principal = None
    if header is None and access is not None and access.public_reason is not None:
        return
    principal = await _principal(request, header, backend)
    request.state.principal = principal
    bind_actor(principal.reference)
    request.scope["tongban.principal"] = principal.reference
    if access is None:
        return
    if access.scope is not None and access.scope not in principal.scopes:
        raise Refusal(
            SCOPE_MISSING,
            headers={"WWW-Authenticate": f'Bearer error="insufficient_scope", scope="{access.scope}"'},
            values={"scope": access.scope},
        )
    if access.at_least is not None:
        _check_strength(principal, access.at_least)


def _check_strength(principal: Principal, at_least: Strength) -> None:
    """Ask a person to step up; a system that speaks for itself proved its key. Source: RFC 9470 section 3."""
    is_system = principal.kind is SubjectKind.CLIENT
    if is_system or (principal.strength is not None and principal.strength >= at_least):
        return
    challenge = f'Bearer error="insufficient_user_authentication", acr_values="{at_least.acr}"'
    raise Refusal(
        STRONGER_SIGN_IN_NEEDED, headers={"WWW-Authenticate": challenge}, values={"acr": at_least.acr}
    )


async def _principal(request: StrictRequest, header: str | None, backend: Backend) -> Principal:
    scheme, _, token = (header or "").partition(" ")
    scheme = scheme.lower()
    try:
        if scheme not in SCHEMES or not token:
            raise TokenRefused("no_bearer_token")
        principal = await backend.verifier.verify(token)
        backend.possession.check(principal, scheme, token, _presented(request))
        return principal
    except TokenRefused as refused:
        metrics.TOKENS_REFUSED.labels(backend.service, refused.reason).inc()
        log.info("token_refused", extra={"reason": refused.reason})
        challenge = refused.challenge if isinstance(refused, ProofRefused) else "Bearer"
        raise Refusal(UNAUTHENTICATED, headers={"WWW-Authenticate": challenge}) from refused


def _presented(request: StrictRequest) -> Presented:
    raw_path: bytes = request.scope.get("raw_path") or request.scope["path"].encode()
    return Presented(request.method, raw_path.decode("latin-1"), request.headers.get("dpop"))


def invalid(pointer: str, code: str, **values: object) -> Refusal:
    """Refuse an input that only the use of several fields together shows to be wrong."""
    return Refusal(INVALID_INPUT, faults=[fault(pointer, code, **values)])


async def _uow(request: Request) -> UnitOfWork:
    uow: UnitOfWork = request.state.uow
    return uow


async def _now(request: Request) -> datetime:
    now: datetime = request.state.uow.now
    return now


async def _caller(request: Request) -> Principal:
    principal: Principal | None = request.state.principal
    if principal is None:
        raise Refusal(UNAUTHENTICATED, headers={"WWW-Authenticate": "Bearer"})
    return principal


async def _caller_if_any(request: Request) -> Principal | None:
    principal: Principal | None = request.state.principal
    return principal


InTransaction = Annotated[UnitOfWork, Depends(_uow)]
Now = Annotated[datetime, Depends(_now)]
Caller = Annotated[Principal, Depends(_caller)]
CallerIfAny = Annotated[Principal | None, Depends(_caller_if_any)]
