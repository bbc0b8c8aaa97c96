"""Puts the reference pages on the front office: `/openapi.json`, `/docs`, `/problems/{slug}`."""

import secrets
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Annotated, Any, Final

from fastapi import APIRouter, FastAPI
from fastapi import Path as PathParameter
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response

from gateway.parts import PROBLEMS
from gateway.proxy.paths import Upstream
from gateway.proxy.problems import PROXY_PROBLEMS
from gateway.proxy.upstream import UpstreamClient
from gateway.reference.documents import Document, ServiceDocuments
from gateway.reference.merging import merge
from gateway.reference.problem_pages import ExplainedProblem, declared, explained
from shared.security.access import public
from shared.web.problems import CORE_PROBLEMS, NOT_FOUND, Refusal, prefers_english
from shared.web.routes import ServiceRoute

_READERS = public("developers read it before they have a client")
_METHODS: Final = ("get", "post", "put", "patch", "delete")
_templates: Final = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


class Reference:
    """Answers what developers look up, from the gateway's own tables and the services' documents."""

    def __init__(
        self, upstreams: Sequence[Upstream], client: UpstreamClient, own: Callable[[], Document]
    ) -> None:
        self._names = [upstream.name for upstream in upstreams]
        self._documents = ServiceDocuments(upstreams, client)
        self._own = own
        self._known = explained([*CORE_PROBLEMS, *PROXY_PROBLEMS, *PROBLEMS.values()])

    async def document(self) -> Document:
        """Return the merged OpenAPI document."""
        services = await self._documents.all()
        return merge(self._own(), services, [name for name in self._names if name not in services])

    async def problem(self, slug: str) -> ExplainedProblem | None:
        """Explain a problem type of the gateway or of a service."""
        known = self._known.get(slug)
        return known or declared(await self._documents.all()).get(slug)


def serve_reference(app: FastAPI, reference: Reference) -> None:
    """Add the pages; the merged document takes the place of the front office's own."""
    app.router.routes[:] = [
        route for route in app.router.routes if getattr(route, "path", None) != "/openapi.json"
    ]
    app.include_router(_router(reference))


def _router(reference: Reference) -> APIRouter:
    router = APIRouter(route_class=ServiceRoute, include_in_schema=False)

    @router.get("/", dependencies=[_READERS])
    async def front_door() -> Response:
        return RedirectResponse("/docs", status_code=303)

    @router.get("/openapi.json", dependencies=[_READERS])
    async def openapi() -> Response:
        return JSONResponse(await reference.document(), headers={"Cache-Control": "public, max-age=60"})

    @router.get("/docs", dependencies=[_READERS])
    async def docs(request: Request) -> Response:
        document = await reference.document()
        values = {"document": document, "groups": _groups(document)}
        return _page("docs.html", request, values)

    @router.get("/problems/{slug}", dependencies=[_READERS])
    async def problem(
        request: Request,
        slug: Annotated[str, PathParameter(max_length=80, pattern=r"^[a-z0-9-]+$")],
    ) -> Response:
        found = await reference.problem(slug)
        if found is None:
            raise Refusal(NOT_FOUND)
        if "text/html" in request.headers.get("accept", ""):
            return _page("problem.html", request, {"problem": found})
        return JSONResponse(_plain(found), headers={"Cache-Control": "public, max-age=60"})

    return router


def _plain(problem: ExplainedProblem) -> dict[str, Any]:
    return {
        "type": f"/problems/{problem.slug}",
        "status": problem.status,
        "service": problem.service,
        "title": {"zh-CN": problem.title_zh, "en": problem.title_en},
        "detail": {"zh-CN": problem.detail_zh, "en": problem.detail_en},
    }


def _groups(document: Document) -> dict[str, list[dict[str, Any]]]:
    """Operations by the first part of their path, in order."""
    groups: dict[str, list[dict[str, Any]]] = {}
    for path, operations in sorted(document["paths"].items()):
        for method in _METHODS:
            if method in operations:
                listed = {"method": method.upper(), "path": path, **operations[method]}
                groups.setdefault(path.split("/")[1], []).append(listed)
    return groups


def _page(template: str, request: Request, values: dict[str, Any]) -> Response:
    english = prefers_english(request.query_params.get("lang") or request.headers.get("accept-language"))
    nonce = secrets.token_urlsafe(16)
    html = _templates.get_template(template).render(
        **values, english=english, language="en" if english else "zh-CN", style_nonce=nonce
    )
    headers = {
        "Content-Security-Policy": f"default-src 'none'; style-src 'nonce-{nonce}'; form-action 'none'; "
        "frame-ancestors 'none'; base-uri 'none'",
        "Content-Language": "en" if english else "zh-CN",
        "Cache-Control": "no-cache",
        "Vary": "Accept, Accept-Language",
    }
    return HTMLResponse(html, headers=headers)
