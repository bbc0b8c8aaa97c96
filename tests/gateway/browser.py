"""A person with a browser, as far as signing in needs one: keeps cookies, fills forms, follows when told."""

import base64
import hashlib
import secrets
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import httpx

from tests.gateway.seed import PASSWORD, REDIRECT
from tests.support.identities import ISSUER

CITIZEN_SCOPE = "openid profile matters.matter.submit registration.filing.read"


def browser(app: Any, *, address: str = "127.0.0.1") -> httpx.AsyncClient:
    """A fresh browser, without cookies."""
    transport = httpx.ASGITransport(app=app, raise_app_exceptions=False, client=(address, 50000))
    return httpx.AsyncClient(transport=transport, base_url=ISSUER)


@dataclass
class Asked:
    """An authorization request as a client library would send it."""

    client_id: str = "portal"
    redirect_uri: str = REDIRECT
    scope: str = CITIZEN_SCOPE
    verifier: str = field(default_factory=lambda: secrets.token_urlsafe(48))
    state: str = field(default_factory=lambda: secrets.token_urlsafe(16))
    nonce: str = field(default_factory=lambda: secrets.token_urlsafe(16))
    extra: dict[str, str | None] = field(default_factory=dict)

    def url(self) -> str:
        """Where the client sends the browser; `extra` replaces parameters, None leaves one out."""
        digest = hashlib.sha256(self.verifier.encode()).digest()
        parameters: dict[str, str | None] = {
            "response_type": "code",
            "client_id": self.client_id,
            "redirect_uri": self.redirect_uri,
            "scope": self.scope,
            "state": self.state,
            "nonce": self.nonce,
            "code_challenge": base64.urlsafe_b64encode(digest).rstrip(b"=").decode(),
            "code_challenge_method": "S256",
            **self.extra,
        }
        return "/oauth2/authorize?" + urlencode({k: v for k, v in parameters.items() if v is not None})


class _Form(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.fields: dict[str, str] = {}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Take note of what a form would send by itself."""
        found = dict(attrs)
        if tag == "input" and found.get("type") == "hidden":
            self.fields[str(found["name"])] = str(found["value"])


def hidden_fields(page: httpx.Response) -> dict[str, str]:
    """The fields that the page's form sends along."""
    form = _Form()
    form.feed(page.text)
    return form.fields


async def sign_in(
    client: httpx.AsyncClient, asked: Asked, username: str = "zhangsan", password: str = PASSWORD
) -> httpx.Response:
    """Go from the authorization request through the login page; returns what follows the login form."""
    to_login = await client.get(asked.url())
    assert to_login.status_code == 303, to_login.text
    page = await client.get(to_login.headers["location"])
    form = hidden_fields(page) | {"username": username, "password": password}
    answer = await client.post("/login", data=form)
    return await client.get(answer.headers["location"]) if answer.status_code == 303 else answer


async def consent(client: httpx.AsyncClient, page: httpx.Response, decision: str = "allow") -> httpx.Response:
    """Decide on the consent page."""
    return await client.post("/consent", data=hidden_fields(page) | {"decision": decision})


async def get_code(client: httpx.AsyncClient, asked: Asked, username: str = "zhangsan") -> str:
    """The whole way from the request to the code, whatever pages lie between."""
    answer = await client.get(asked.url())
    if "/login" in answer.headers.get("location", ""):
        answer = await sign_in(client, asked, username)
    if answer.status_code == 200:
        answer = await consent(client, answer)
    return callback(answer)["code"]


def callback(answer: httpx.Response) -> dict[str, str]:
    """The parameters with which the browser comes back to the client."""
    assert answer.status_code == 303, answer.text
    return {name: values[0] for name, values in parse_qs(urlsplit(answer.headers["location"]).query).items()}


async def exchange(client: httpx.AsyncClient, code: str, asked: Asked, **extra: str) -> httpx.Response:
    """Exchange a code at the token endpoint."""
    form = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": asked.redirect_uri,
        "client_id": asked.client_id,
        "code_verifier": asked.verifier,
    }
    return await client.post("/oauth2/token", data=form | extra)


async def tokens_of(client: httpx.AsyncClient, asked: Asked, username: str = "zhangsan") -> dict[str, Any]:
    """Sign in and return the token endpoint's answer."""
    answer = await exchange(client, await get_code(client, asked, username), asked)
    assert answer.status_code == 200, answer.text
    tokens: dict[str, Any] = answer.json()
    return tokens
