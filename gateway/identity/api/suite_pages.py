"""The suite's own pages that are not about the account: shown by other parts to whoever is signed in here.

A part gives its templates (which extend `layout.html`) and its words; who is signed in, the look, the form token and
the content security policy come from here. Source of what a page may do: `gateway/identity/api/pages.py`.
"""

from collections.abc import Callable, Coroutine, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from gateway.identity.api import cookies
from gateway.identity.api.dependencies import identity_of
from gateway.identity.api.forms import PageRoute, SignInFirst, StaleForm, read_own_form, signed_in_here
from gateway.identity.api.onward import OwnPage
from gateway.identity.api.pages import Page, TemplateSet, Words, render, speaks_english
from shared.database.unit_of_work import UnitOfWork
from shared.security.principal import Facts, Principal, SubjectKind
from shared.web.backend import backend_of

__all__ = [
    "PAGES_CLIENT",
    "OwnPage",
    "Page",
    "PageRoute",
    "SentFile",
    "StaleForm",
    "TemplateSet",
    "Visitor",
    "Words",
    "read_page_form",
    "read_page_upload",
    "route_for",
    "show_page",
    "speaks_english_here",
    "visitor_here",
]

PAGES_CLIENT: Final = "suite-pages"
"""The client id under which what a person does on these pages is recorded."""


@dataclass(frozen=True)
class Visitor:
    """Who is signed in in this browser; `principal` holds the scopes that the account itself has."""

    principal: Principal
    display_name: str


async def visitor_here(request: Request, page: OwnPage, uow: UnitOfWork, now: datetime) -> Visitor:
    """Return who is signed in. Raises: SignInFirst, which `PageRoute` turns into a visit to the login page."""
    signed_in = await signed_in_here(request, await identity_of(request), page, uow, now)
    session, account = signed_in.session, signed_in.account
    facts = Facts(
        subject_kind=SubjectKind.PERSON,
        agency=account.agency_uscc,
        office=account.office,
        acr=session.strength.acr,
        methods=session.methods,
        authenticated_at=int(session.authenticated_at.timestamp()),
    )
    principal = Principal(
        subject=account.subject,
        client_id=PAGES_CLIENT,
        scopes=frozenset(account.scopes),
        token_id=str(session.session_id),
        expires_at=int(session.expires_at.timestamp()),
        issued_at=int(now.timestamp()),
        facts=facts,
    )
    return Visitor(principal, account.display_name)


@dataclass(frozen=True)
class SentFile:
    """A file that came with a form; without a name where the person chose none."""

    name: str
    media_type: str
    content: bytes


def route_for(page: OwnPage) -> type[PageRoute]:
    """A route that reads what is sent from nobody but who is signed in: it may be a large file."""

    class SignedInRoute(PageRoute):
        def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
            """Look for the session before the body is read."""
            serve = super().get_route_handler()

            async def guarded(request: Request) -> Response:
                transactions = backend_of(request).transactions
                try:
                    await transactions.run(lambda uow: visitor_here(request, page, uow, uow.now))
                except SignInFirst as first:
                    return RedirectResponse(first.onward.through("/login"), 303)
                return await serve(request)

            return guarded

    return SignedInRoute


async def read_page_upload(request: Request, field: str) -> tuple[Mapping[str, str], SentFile]:
    """Return the fields of a form with a file that a page of ours sent, and the file. Raises: StaleForm."""
    async with request.form(max_files=1, max_fields=20) as form:
        fields = {name: value for name, value in form.multi_items() if isinstance(value, str)}
        if not cookies.comes_from_our_page(request, fields.get("form_token", ""), await identity_of(request)):
            raise StaleForm
        sent = form.get(field)
        if not isinstance(sent, UploadFile):
            return fields, SentFile("", "", b"")
        return fields, SentFile(sent.filename or "", sent.content_type or "", await sent.read())


async def read_page_form(request: Request, uow: UnitOfWork) -> Mapping[str, str]:
    """Return the fields of a form that a page of ours sent. Raises: StaleForm, which `PageRoute` shows as a page."""
    return (await read_own_form(request, await identity_of(request), uow)).fields


async def show_page(page: Page, request: Request) -> Response:
    """Render a page of another part, in the visitor's language."""
    return render(page, request, await identity_of(request))


async def speaks_english_here(request: Request) -> bool:
    """Whether the page for this request is in English."""
    return speaks_english(request, await identity_of(request))
