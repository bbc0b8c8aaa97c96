"""The suite's own pages that are not about the account: shown by other parts to whoever is signed in here.

A part gives its templates (which extend `layout.html`) and its words; who is signed in, the look, the form token and
the content security policy come from here. Source of what a page may do: `gateway/identity/api/pages.py`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from starlette.requests import Request
from starlette.responses import Response

from gateway.identity.api.dependencies import identity_of
from gateway.identity.api.forms import PageRoute, StaleForm, read_own_form, signed_in_here
from gateway.identity.api.onward import OwnPage
from gateway.identity.api.pages import Page, TemplateSet, Words, render, speaks_english
from shared.database.unit_of_work import UnitOfWork
from shared.security.principal import Facts, Principal, SubjectKind

__all__ = [
    "PAGES_CLIENT",
    "OwnPage",
    "Page",
    "PageRoute",
    "StaleForm",
    "TemplateSet",
    "Visitor",
    "Words",
    "read_page_form",
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


async def read_page_form(request: Request, uow: UnitOfWork) -> Mapping[str, str]:
    """Return the fields of a form that a page of ours sent. Raises: StaleForm, which `PageRoute` shows as a page."""
    return (await read_own_form(request, await identity_of(request), uow)).fields


async def show_page(page: Page, request: Request) -> Response:
    """Render a page of another part, in the visitor's language."""
    return render(page, request, await identity_of(request))


async def speaks_english_here(request: Request) -> bool:
    """Whether the page for this request is in English."""
    return speaks_english(request, await identity_of(request))
