"""Where a person goes on to once signed in: a client's authorization request, or a page of our own."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final

from gateway.identity.api.parameters import parse_parameters, with_parameters
from gateway.identity.api.sign_in import safe_redirect
from gateway.identity.domain.clients import origin_of
from shared.database.unit_of_work import UnitOfWork


class OwnPage(StrEnum):
    """Pages that a person is brought back to; nobody is sent to an address that came with a request."""

    ACCOUNT = "account"
    PASSWORD = "password"  # noqa: S105 - a page, no secret
    SECOND_FACTOR = "second_factor"
    LINK = "link"
    IDENTITIES = "identities"
    CASES = "cases"
    DESK = "desk"

    @property
    def path(self) -> str:
        """Where the page is."""
        return _PATHS[self]


_PATHS: Final = {
    OwnPage.ACCOUNT: "/account",
    OwnPage.PASSWORD: "/account/password",
    OwnPage.SECOND_FACTOR: "/account/second-factor",
    OwnPage.LINK: "/login/link",
    OwnPage.IDENTITIES: "/account/identities",
    OwnPage.CASES: "/my/cases",
    OwnPage.DESK: "/desk",
}


@dataclass(frozen=True)
class Onward:
    """The way on; `again` asks who is signed in already to prove it afresh."""

    request_text: str = ""
    page: OwnPage | None = None
    again: bool = False
    client_name: str | None = None
    leads_to: str | None = None

    @property
    def parameters(self) -> dict[str, str]:
        """As query or form carries it from page to page."""
        carried = {
            "request": self.request_text,
            "then": self.page.value if self.page else "",
            "again": "1" if self.again else "",
        }
        return {name: value for name, value in carried.items() if value}

    @property
    def url(self) -> str:
        """Where to go now that nothing more is to be proven here."""
        if self.page is not None:
            return with_parameters(self.page.path, {"request": self.request_text or None})
        return f"/oauth2/authorize?{self.request_text}" if self.request_text else "/oauth2/signed-in"

    def through(self, path: str) -> str:
        """The address of a page on the way."""
        return with_parameters(path, self.parameters) if self.parameters else path

    def by_way_of(self, page: OwnPage) -> "Onward":
        """The same way, with a page of ours before."""
        return replace(self, page=page)


async def onward_of(parameters: Mapping[str, str], uow: UnitOfWork) -> Onward:
    """Read the way on; raises OAuthRefusal or NoSafeRedirect for a request that could not be answered."""
    then = parameters.get("then", "")
    page = OwnPage(then) if then in OwnPage.__members__.values() else None
    again = bool(parameters.get("again"))
    text = parameters.get("request", "")
    if not text:
        return Onward(page=page, again=again)
    client, redirect_uri = await safe_redirect(parse_parameters(text), uow)
    return Onward(text, page, again, client.name, origin_of(redirect_uri))
