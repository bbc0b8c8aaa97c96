"""Server-rendered pages: no script, no external asset, a policy that allows neither."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlencode

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from gateway.identity.api import cookies
from gateway.identity.api.dependencies import Identity
from gateway.identity.api.wording import scope_wording, wording
from shared.web.problems import prefers_english

_LANGUAGES: Final = ("zh", "en")
_OURS: Final = Path(__file__).parent / "templates"

Words = Mapping[str, tuple[str, str]]
"""Texts by key: Chinese first, then English."""


class TemplateSet:
    """Templates of one part, which find the layout that all pages share, and the part's own words."""

    def __init__(self, folder: Path, words: Words | None = None) -> None:
        self.words = words or {}
        self.templates = Environment(
            loader=FileSystemLoader((folder, _OURS)),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )


_OWN: Final = TemplateSet(_OURS)


@dataclass(frozen=True)
class Page:
    """A page to render: its template, the values it shows, and where its form may lead."""

    template: str
    values: Mapping[str, Any]
    status: int = 200
    leads_to: str | None = None
    path: str = "/login"
    parameters: Mapping[str, str] | None = None
    template_set: TemplateSet = _OWN


def render(page: Page, request: Request, identity: Identity) -> Response:
    """Render a page in the caller's language, with its form token and its content security policy."""
    chosen = request.query_params.get("lang")
    english = speaks_english(request, identity)
    nonce = secrets.token_urlsafe(16)
    form_secret = cookies.form_secret(request, identity)
    other = {**(page.parameters or {}), "lang": "zh" if english else "en"}
    html = page.template_set.templates.get_template(page.template).render(
        **page.values,
        text=wording(english) | {key: pair[english] for key, pair in page.template_set.words.items()},
        scope_text=lambda scope: scope_wording(scope, english),
        language="en" if english else "zh-CN",
        other_language="zh-CN" if english else "en",
        switch_url=f"{page.path}?{urlencode(other)}",
        style_nonce=nonce,
        form_token=cookies.form_token(form_secret, identity),
    )
    response = HTMLResponse(html, status_code=page.status, headers=_headers(page, nonce, english))
    cookies.set_form_secret(response, form_secret, identity)
    if chosen in _LANGUAGES:
        cookies.set_language(response, chosen, identity)
    return response


def told_to_wait(response: Response, seconds: int) -> Response:
    """Say in the header too when the next attempt may come."""
    if seconds:
        response.headers["Retry-After"] = str(seconds)
    return response


def speaks_english(request: Request, identity: Identity) -> bool:
    """Whether the page for this request is in English; Chinese is the default."""
    chosen = request.query_params.get("lang") or cookies.language_cookie(request, identity)
    if chosen in _LANGUAGES:
        return chosen == "en"
    return prefers_english(request.headers.get("accept-language"))


def _headers(page: Page, nonce: str, english: bool) -> dict[str, str]:
    # A form's redirect to the client counts as the form's target in browsers, so its origin is named.
    targets = f"'self' {page.leads_to}" if page.leads_to else "'self'"
    policy = (
        f"default-src 'none'; style-src 'nonce-{nonce}'; form-action {targets}; "
        "frame-ancestors 'none'; base-uri 'none'"
    )
    return {
        "Content-Security-Policy": policy,
        "Content-Language": "en" if english else "zh-CN",
        "Cache-Control": "no-store",
        "Referrer-Policy": "same-origin",
        "X-Frame-Options": "DENY",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Vary": "Accept-Language, Cookie",
    }
