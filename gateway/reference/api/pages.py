"""Pages for people: the front door, the merged document and its page, and a page for every problem type."""

import secrets
from pathlib import Path
from typing import Annotated, Any, Final

from fastapi import APIRouter
from fastapi import Path as PathParameter
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response

from gateway.reference.api.dependencies import InReference, serve_document
from gateway.reference.documents import Document
from gateway.reference.offered import METHODS
from gateway.reference.problem_pages import ExplainedProblem
from shared.security.access import public
from shared.web.problems import NOT_FOUND, Refusal, prefers_english
from shared.web.routes import ServiceRoute

router = APIRouter(route_class=ServiceRoute, include_in_schema=False)

_READERS = public("developers read it before they have a client")
_templates: Final = Environment(
    loader=FileSystemLoader(Path(__file__).parents[1] / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


@router.get("/", dependencies=[_READERS])
async def front_door() -> Response:
    """Lead to what can be called."""
    return RedirectResponse("/docs", status_code=303)


@router.get("/openapi.json", dependencies=[_READERS])
async def openapi(reference: InReference, request: Request) -> Response:
    """Return the merged document."""
    return serve_document(request, await reference.merged())


@router.get("/docs", dependencies=[_READERS])
async def docs(reference: InReference, request: Request) -> Response:
    """Show the merged document."""
    document = (await reference.merged()).document
    return _page("docs.html", request, {"document": document, "groups": _groups(document)})


@router.get("/problems/{slug}", dependencies=[_READERS])
async def problem(
    reference: InReference,
    request: Request,
    slug: Annotated[str, PathParameter(max_length=80, pattern=r"^[a-z0-9-]+$")],
) -> Response:
    """Explain a problem type, to people and to programs."""
    found = await reference.problem(slug)
    if found is None:
        raise Refusal(NOT_FOUND)
    if "text/html" in request.headers.get("accept", ""):
        return _page("problem.html", request, {"problem": found})
    return JSONResponse(_plain(found), headers={"Cache-Control": "public, max-age=60"})


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
        for method in METHODS:
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
