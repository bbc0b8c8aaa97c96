"""A person with an authenticator app: enrols, and shows codes by the clock of the gateway under test."""

import base64
import html
import re
from dataclasses import dataclass
from datetime import timedelta

import httpx

from gateway.identity.domain.one_time_code import code_at, step_at
from tests.gateway.browser import Asked, hidden_fields, sign_in
from tests.gateway.seed import PASSWORD
from tests.support.service import ServiceUnderTest

STEP = timedelta(seconds=30)


@dataclass
class Authenticator:
    """The app on the telephone, with the secret that it was given."""

    gateway: ServiceUnderTest
    secret: bytes

    def code(self) -> str:
        """What it shows now."""
        return code_at(self.secret, step_at(self.gateway.clock()))

    def next_code(self) -> str:
        """The next one that was not shown yet: half a minute goes by."""
        self.gateway.clock.advance(STEP)
        return self.code()


def key_on(page: httpx.Response) -> bytes:
    """The key as a person types it off the page."""
    found = re.search(r'<code id="key">([A-Z2-7 ]+)</code>', page.text)
    assert found is not None, page.text
    text = found[1].replace(" ", "")
    return base64.b32decode(text + "=" * (-len(text) % 8))


def recovery_codes_on(page: httpx.Response) -> list[str]:
    """The recovery codes that the page shows."""
    return re.findall(r"<li><code>([a-z2-7-]{19})</code></li>", page.text)


def alert_on(page: httpx.Response) -> str:
    """What the page warns of."""
    found = re.search(r'role="alert" id="alert">([^<]+)</p>', page.text)
    return html.unescape(found[1]) if found else ""


async def follow(client: httpx.AsyncClient, answer: httpx.Response) -> httpx.Response:
    """Go where a browser goes, as long as it stays with the gateway."""
    while answer.status_code == 303 and answer.headers["location"].startswith("/"):
        answer = await client.get(answer.headers["location"])
    return answer


async def log_in(
    client: httpx.AsyncClient, username: str, password: str = PASSWORD, then: str = "account"
) -> httpx.Response:
    """Sign in at the gateway's own pages; returns what follows."""
    page = await client.get("/login", params={"then": then, "again": "1"})
    form = hidden_fields(page) | {"username": username, "password": password}
    return await follow(client, await client.post("/login", data=form))


async def give_code(client: httpx.AsyncClient, page: httpx.Response, code: str) -> httpx.Response:
    """Answer the page that asks for a code."""
    answer = await client.post("/login/code", data=hidden_fields(page) | {"code": code})
    return await follow(client, answer)


async def enrol(
    client: httpx.AsyncClient, gateway: ServiceUnderTest, username: str
) -> tuple[Authenticator, list[str]]:
    """Sign in and turn on the second factor; returns the app and the recovery codes."""
    page = await log_in(client, username, then="second_factor")
    assert "/account/second-factor/enrolment" in page.text, page.text
    page = await client.post("/account/second-factor/enrolment", data=hidden_fields(page))
    app = Authenticator(gateway, key_on(page))
    done = await client.post("/account/second-factor", data=hidden_fields(page) | {"code": app.code()})
    assert done.status_code == 200, done.text
    return app, recovery_codes_on(done)


async def sign_in_with_code(
    client: httpx.AsyncClient, asked: Asked, username: str, app: Authenticator
) -> httpx.Response:
    """Sign in for a client with password and code; returns what follows."""
    page = await sign_in(client, asked, username)
    return await give_code(client, page, app.next_code())
