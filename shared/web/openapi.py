"""The OpenAPI document: every refusal that an operation can answer with, as problem+json, and its scope."""

from collections.abc import Callable, Sequence
from typing import Any, Final, TypeVar

from fastapi import APIRouter, FastAPI
from fastapi.openapi.utils import get_openapi
from fastapi.routing import APIRoute

from shared.security.access import Access, access_of
from shared.web import problems
from shared.web.problems import MEDIA_TYPE, ProblemTable, ProblemType

Endpoint = TypeVar("Endpoint", bound=Callable[..., object])

ACCESS_KEY: Final = "x-tongban-access"
PROBLEMS_KEY: Final = "x-problems"

_SCHEMA: dict[str, Any] = {
    "type": "object",
    "title": "Problem (RFC 9457)",
    "required": ["type", "title", "status", "instance"],
    "properties": {
        "type": {"type": "string", "maxLength": 200, "description": "Path of the page that explains it"},
        "title": {"type": "string", "maxLength": 200},
        "status": {"type": "integer", "format": "int32", "minimum": 400, "maximum": 599},
        "detail": {"type": "string", "maxLength": 2000},
        "instance": {"type": "string", "maxLength": 64, "description": "Request id"},
        "errors": {
            "type": "array",
            "maxItems": 50,
            "items": {
                "type": "object",
                "required": ["pointer", "code", "detail"],
                "properties": {
                    "pointer": {"type": "string", "maxLength": 500},
                    "code": {"type": "string", "maxLength": 100},
                    "detail": {"type": "string", "maxLength": 500},
                },
            },
        },
    },
    "example": {
        "type": "/problems/invalid-input",
        "title": "The request is not as expected",
        "status": 400,
        "instance": "5f0c6b8f2d3e4a5b6c7d8e9f",
        "errors": [{"pointer": "/name", "code": "missing", "detail": "this field is required"}],
    },
}


def describe(app: FastAPI, service: str, table: ProblemTable, routers: Sequence[APIRouter]) -> None:
    """Give the app an OpenAPI 3.1 document in which every reachable answer is documented."""

    def openapi() -> dict[str, Any]:
        if app.openapi_schema is None:
            app.openapi_schema = _document(app, service, table, routers)
        return app.openapi_schema

    app.openapi = openapi  # type: ignore[method-assign]


def _document(
    app: FastAPI, service: str, table: ProblemTable, routers: Sequence[APIRouter]
) -> dict[str, Any]:
    document = get_openapi(
        title=app.title,
        version=app.version,
        openapi_version="3.1.0",
        routes=app.routes,
        description=f"The {service} API of Tongban (通办). Errors are RFC 9457 problems; times are RFC 3339 UTC.",
    )
    document["servers"] = [{"url": "/", "description": "through the gateway"}]
    components = document.setdefault("components", {})
    schemas = components.setdefault("schemas", {})
    schemas["Problem"] = _SCHEMA
    for name in ("HTTPValidationError", "ValidationError"):
        schemas.pop(name, None)
    components["securitySchemes"] = {
        "tongban": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT (RFC 9068)"}
    }
    by_operation = {
        (route.path_format, method.lower()): route
        for router in routers
        for route in router.routes
        if isinstance(route, APIRoute)
        for method in route.methods or ()
    }
    declared: dict[str, ProblemType] = {}
    for path, operations in document.get("paths", {}).items():
        for method, operation in operations.items():
            route = by_operation.get((path, method))
            if route is not None:
                declared |= _complete(operation, route, method, table)
    document[PROBLEMS_KEY] = {slug: _explained(kind) for slug, kind in sorted(declared.items())}
    for schema in schemas.values():
        _exemplify(schema)
    return document


def _exemplify(schema: dict[str, Any]) -> None:
    """Give an object whose fields all have examples a whole one, for who copies and sends it."""
    if "examples" in schema or schema.get("type") != "object" or not schema.get("properties"):
        return
    shown = {name: part["examples"][0] for name, part in schema["properties"].items() if part.get("examples")}
    if shown and set(schema.get("required", ())) <= set(shown):
        schema["examples"] = [shown]


def _complete(
    operation: dict[str, Any], route: APIRoute, method: str, table: ProblemTable
) -> dict[str, ProblemType]:
    """Say what an operation asks of its caller and how it refuses; returns its problems by slug."""
    answers = operation.setdefault("responses", {})
    answers.pop("422", None)
    kinds: list[ProblemType] = [
        problems.INVALID_INPUT,
        problems.TOO_MANY,
        problems.INTERNAL,
        problems.UNAVAILABLE,
        *_asked_of_caller(operation, route),
    ]
    if "{" in route.path_format:
        kinds.append(problems.NOT_FOUND)
    if method in ("post", "put", "patch"):
        kinds += [problems.BODY_TOO_LARGE, problems.MEDIA_UNSUPPORTED]
    if method == "post" and not (route.openapi_extra or {}).get("x-idempotent"):
        kinds += [problems.KEY_MISSING, problems.KEY_REUSED, problems.IN_FLIGHT]
        operation.setdefault("parameters", []).append(_KEY_PARAMETER)
    for parameter in operation.get("parameters", []):
        if parameter["name"] == "if-match":
            parameter |= _IF_MATCH
            kinds += [problems.PRECONDITION_MISSING, problems.STALE]
    kinds += _declared(route, table)
    by_status: dict[int, list[ProblemType]] = {}
    for kind in kinds:
        by_status.setdefault(int(kind.status), []).append(kind)
    for status, of_status in sorted(by_status.items()):
        refusal = _answer(of_status)
        content = answers.setdefault(str(status), refusal).setdefault("content", {})
        content |= refusal["content"]  # beside what a protocol answers in its own way
    answers.setdefault("default", _answer([problems.INTERNAL], "Any other refusal"))
    return {kind.slug: kind for kind in kinds}


def _asked_of_caller(operation: dict[str, Any], route: APIRoute) -> list[ProblemType]:
    """State the operation's access rule; returns the refusals that follow from it."""
    rule = access_of(route.dependencies)
    if rule is not None:
        operation[ACCESS_KEY] = _rule(rule)
    if rule is None or rule.scope is None:
        operation["security"] = []
        # None is needed, but one that is sent must be good.
        return [problems.UNAUTHENTICATED] if getattr(route, "reads_token", True) else []
    operation["security"] = [{"tongban": [rule.scope]}]
    stronger = [problems.STRONGER_SIGN_IN_NEEDED] if rule.at_least is not None else []
    return [problems.UNAUTHENTICATED, problems.SCOPE_MISSING, *stronger]


def _rule(rule: Access) -> dict[str, str]:
    """The access rule as declared on the route: a scope, of people perhaps a strength; or why it needs none."""
    stated = {
        "scope": rule.scope,
        "acr": rule.at_least.acr if rule.at_least is not None else None,
        "public": rule.public_reason,
    }
    return {name: value for name, value in stated.items() if value is not None}


def _explained(kind: ProblemType) -> dict[str, Any]:
    return {
        "status": int(kind.status),
        "title": {"zh-CN": kind.title_zh, "en": kind.title_en},
        "detail": {"zh-CN": kind.detail_zh, "en": kind.detail_en},
    }


def _declared(route: APIRoute, table: ProblemTable) -> list[ProblemType]:
    listed = getattr(route.endpoint, "__problems__", ())
    return [table[e] if isinstance(e, type) else e for e in listed]


def refuses(*errors: ProblemType | type[Exception]) -> Callable[[Endpoint], Endpoint]:
    """Decorate an endpoint with the domain refusals that it can answer with."""

    def mark(endpoint: Endpoint) -> Endpoint:
        endpoint.__problems__ = errors  # type: ignore[attr-defined]
        return endpoint

    return mark


def _answer(kinds: list[ProblemType], description: str | None = None) -> dict[str, Any]:
    unique = {kind.slug: kind for kind in kinds}
    text = description or "; ".join(f"{k.title_en} ({k.title_zh}, `{k.slug}`)" for k in unique.values())
    return {
        "description": text,
        "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
    }


_IF_MATCH = {
    "required": True,
    "schema": {"type": "string", "maxLength": 256},
    "example": '"1"',
}
_KEY_PARAMETER = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": True,
    "description": "The same key and body give the same answer again for 24 hours (幂等键)",
    "schema": {"type": "string", "minLength": 8, "maxLength": 128, "pattern": "^[\\x21-\\x7e]+$"},
    "example": "7f9c2ba4-e88f-11ef-9cd2-0242ac120002",
}
