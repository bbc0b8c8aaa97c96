"""Puts an API together: problems, authentication, idempotency, limits, telemetry, health, OpenAPI; the same for all."""

import asyncio
import contextlib
import hashlib
import inspect
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any

from fastapi import APIRouter, FastAPI
from fastapi.dependencies.models import Dependant
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from nats.aio.client import Client
from pydantic import BaseModel
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Match, Route

from shared.clock import Clock, system_clock
from shared.database.engine import create_engine, is_unavailable
from shared.database.unit_of_work import UnitOfWorkFactory
from shared.messaging import faultpoints
from shared.messaging.connection import connect
from shared.messaging.events import EventSource
from shared.security.access import access_of
from shared.security.key_set import RemoteKeySet
from shared.security.possession import PossessionChecker
from shared.security.tokens import KeySource, TokenVerifier
from shared.security.withdrawals import RemoteWithdrawals
from shared.settings import Mode, ServiceSettings
from shared.telemetry.logs import configure_logs
from shared.web import problems
from shared.web.backend import Backend
from shared.web.fields import check_request_model
from shared.web.health import Measure, health_router
from shared.web.middleware import BodyTooLarge, Guard
from shared.web.openapi import describe
from shared.web.problems import ProblemTable, ProblemType, Refusal, prefers_english, problem_response
from shared.web.routes import ServiceRoute
from shared.web.validation import faults_from_pydantic

log = logging.getLogger(__name__)

Startup = Callable[[FastAPI], Awaitable[None]]


def build_app(
    *,
    service: str,
    package: str,
    title: str,
    settings: ServiceSettings,
    region_code: str,
    routers: Sequence[APIRouter],
    problem_table: ProblemTable,
    state: Mapping[str, Any] | None = None,
    keys: KeySource | None = None,
    clock: Clock = system_clock,
    startup: Sequence[Startup] = (),
    larger_bodies: dict[str, int] | None = None,
    other_media: dict[str, tuple[str, ...]] | None = None,
    measures: Sequence[Measure] = (),
) -> FastAPI:
    """Build a service's ASGI app.

    Every route must be declared with `requires(scope)` or `public(reason)`, and every request model be strict:
    otherwise this raises TypeError and the process does not start. `package` holds the migrations whose head
    readiness compares with; `state` is put on `app.state`; `keys` replaces the remote key set (the issuer itself);
    `measures` set gauges beside the common ones.
    """
    faultpoints.check_configuration(local=settings.mode is Mode.LOCAL)
    configure_logs(service)
    problems.check_table(problem_table)
    engine = create_engine(
        settings.database_url.get_secret_value(),
        f"{service}.api",
        pool_size=settings.pool_size,
        overflow=settings.pool_overflow,
    )
    key_set = keys or RemoteKeySet(settings.jwks_url)
    withdrawals = None if keys else RemoteWithdrawals(settings.withdrawals_url)
    backend = Backend(
        service=service,
        transactions=UnitOfWorkFactory(engine, EventSource(service, region_code), clock),
        verifier=TokenVerifier(
            issuer=settings.issuer, audience=service, keys=key_set, withdrawals=withdrawals
        ),
        possession=PossessionChecker(settings.issuer),
        clock=clock,
        problems=problem_table,
        broker_monitoring=settings.nats_monitoring_url,
        cursor_secret=hashlib.sha256(b"cursor:" + settings.secret.get_secret_value().encode()).digest(),
    )

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        async with AsyncExitStack() as stack:
            stack.push_async_callback(engine.dispose)
            if isinstance(key_set, RemoteKeySet):
                stack.push_async_callback(key_set.close)
            if withdrawals is not None:
                stack.push_async_callback(withdrawals.close)
                stack.push_async_callback(_cancel, asyncio.create_task(withdrawals.follow()))
            connecting = asyncio.create_task(_connect_broker(backend, settings))
            stack.push_async_callback(_disconnect_broker, connecting)
            for start in startup:
                await start(app)
            yield

    app = FastAPI(
        title=title,
        version="1.0.0",
        docs_url=None,
        redoc_url=None,
        openapi_url="/openapi.json",
        lifespan=lifespan,
        redirect_slashes=False,
    )
    app.router.route_class = ServiceRoute
    app.state.backend = backend
    app.state.settings = settings
    for name, value in (state or {}).items():
        setattr(app.state, name, value)
    app.include_router(health_router(package, service, measures))
    for router in routers:
        app.include_router(router)
    _check_routes(routers)
    _handle_errors(app, problem_table, routers)
    describe(app, service, problem_table, routers)
    app.add_middleware(Guard, service=service, larger=larger_bodies, other_media=other_media)
    return app


async def _connect_broker(backend: Backend, settings: ServiceSettings) -> Client:
    """Connect in the background: an API starts and takes commands while the broker is away."""
    backend.broker = await connect(
        settings.nats_url,
        user=settings.nats_user,
        password=settings.nats_password.get_secret_value(),
        name=f"{backend.service}.api",
    )
    return backend.broker


async def _cancel(task: "asyncio.Task[None]") -> None:
    task.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await task


async def _disconnect_broker(connecting: "asyncio.Task[Client]") -> None:
    if connecting.done() and not connecting.cancelled() and connecting.exception() is None:
        await connecting.result().close()
    else:
        connecting.cancel()


def _check_routes(routers: Sequence[APIRouter]) -> None:
    faults = []
    for router in routers:
        for route in router.routes:
            if not isinstance(route, APIRoute):
                continue
            name = f"{sorted(route.methods or ())} {route.path}"
            if not isinstance(route, ServiceRoute):
                faults.append(f"{name}: not a ServiceRoute (give the router route_class=ServiceRoute)")
            if access_of(route.dependencies) is None:
                faults.append(f"{name}: no access rule (requires(...) or public(...))")
            faults += [f"{name}: {d} runs in a thread: make it async" for d in _threaded(route.dependant)]
            if route.body_field is not None:
                model = route.body_field.field_info.annotation
                if isinstance(model, type) and issubclass(model, BaseModel):
                    faults += [f"{name}: {fault}" for fault in check_request_model(model)]
    if faults:
        raise TypeError("routes that may not be served:\n" + "\n".join(faults))


def _threaded(dependant: Dependant) -> list[str]:
    """Dependencies that FastAPI would hand to a thread, three switches a request for nothing."""
    found = []
    for inner in dependant.dependencies:
        call = inner.call
        target = call if inspect.isfunction(call) else type(call).__call__
        if not inspect.iscoroutinefunction(target):
            found.append(getattr(call, "__name__", repr(call)))
        found += _threaded(inner)
    return found


def _handle_errors(app: FastAPI, table: ProblemTable, routers: Sequence[APIRouter]) -> None:
    async def refuse(request: Request, error: Exception) -> Response:
        english = prefers_english(request.headers.get("accept-language"))
        problem, values, faults, headers = _explain(error, table)
        if problem is problems.METHOD_NOT_ALLOWED:
            headers = {**headers, "Allow": _offered(request, routers) or headers.get("Allow", "")}
        return problem_response(problem, english=english, values=values, faults=faults, headers=headers)

    for kind in (Refusal, RequestValidationError, HTTPException, *table):
        app.add_exception_handler(kind, refuse)

    async def unexpected(request: Request, error: Exception) -> Response:
        english = prefers_english(request.headers.get("accept-language"))
        if is_unavailable(error):
            log.warning("unavailable", extra={"reason": type(error).__name__})
            return problem_response(problems.UNAVAILABLE, english=english, headers={"Retry-After": "2"})
        log.error("unhandled_error", exc_info=error)
        return problem_response(problems.INTERNAL, english=english)

    app.add_middleware(_LastResort, answer=unexpected)


def _offered(request: Request, routers: Sequence[APIRouter]) -> str:
    """The methods of a path; Starlette itself names those of the first route that fits only."""
    routes = (route for router in routers for route in router.routes if isinstance(route, Route))
    fitting = (route for route in routes if route.matches(request.scope)[0] is not Match.NONE)
    return ", ".join(sorted({method for route in fitting for method in route.methods or ()}))


class _LastResort:
    """Answers what no handler knows, inside the guard: unavailable where the database is away, 500 otherwise."""

    def __init__(self, app: Any, answer: Callable[[Request, Exception], Awaitable[Response]]) -> None:
        self._app = app
        self._answer = answer

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        started = False

        async def sending(message: Any) -> None:
            nonlocal started
            started = started or message["type"] == "http.response.start"
            await send(message)

        try:
            await self._app(scope, receive, sending)
        except Exception as error:
            if started or scope["type"] != "http" or isinstance(error, BodyTooLarge):
                raise
            response = await self._answer(Request(scope), error)
            await response(scope, receive, send)


def _explain(
    error: Exception, table: ProblemTable
) -> tuple[ProblemType, Mapping[str, object], Sequence[problems.FieldFault], Mapping[str, str]]:
    if isinstance(error, Refusal):
        return error.problem, error.values, error.faults, error.headers
    if isinstance(error, RequestValidationError):
        return problems.INVALID_INPUT, {}, faults_from_pydantic(error.errors(), error.body), {}
    if isinstance(error, HTTPException):
        known = {
            400: problems.INVALID_INPUT,
            404: problems.NOT_FOUND,
            405: problems.METHOD_NOT_ALLOWED,
            413: problems.BODY_TOO_LARGE,
        }
        return known.get(error.status_code, problems.INTERNAL), {}, (), error.headers or {}
    problem = next(table[kind] for kind in type(error).__mro__ if kind in table)
    headers: Mapping[str, str] = getattr(error, "headers", {})
    return problem, problems.values_of(error), problems.faults_of(error), headers
