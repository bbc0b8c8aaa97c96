"""The demo's clients: a person with a browser, agencies with keys; both know only what any client outside knows."""

import asyncio
import base64
import hashlib
import json
import secrets
import time
from collections.abc import Awaitable, Callable, Mapping
from html.parser import HTMLParser
from typing import Any, Final, TypeVar
from urllib.parse import parse_qs, urlencode, urlsplit

import httpx

from deploy.local.access_token import ASSERTION_TYPE, client_assertion
from deploy.local.layout import DataDirectory
from deploy.local.refusals import Refused
from deploy.local.secrets import client_key_file
from deploy.local.seed import LOOPBACK_REDIRECT, read_client

Json = dict[str, Any]
T = TypeVar("T")
PATIENCE_SECONDS: Final = 60.0
AWAY: Final = frozenset({502, 503, 504})
LANGUAGES: Final = {"zh": "zh-CN", "en": "en"}


class Away(Refused):
    """The gateway or a service is away for a moment."""


async def until(
    what: str, condition: Callable[[], Awaitable[T | None]], *, within: float = PATIENCE_SECONDS
) -> T:
    """Wait for a condition. Raises: Refused, naming what was waited for."""
    deadline = time.monotonic() + within
    while (found := await condition()) is None:
        if time.monotonic() > deadline:
            raise Refused(f"the demo waited {within:.0f} s in vain for {what}")
        await asyncio.sleep(0.15)
    return found


class Client:
    """Calls the gateway with an access token; a refusal ends the demo with its problem document."""

    def __init__(self, http: httpx.AsyncClient, token: Callable[[], Awaitable[str]]) -> None:
        self._http = http
        self._token = token

    async def get(self, path: str, **params: str | int) -> Json:
        answer = await self._http.get(path, params=params, headers=await self._headers())
        return _body(answer)

    async def post(self, path: str, body: Mapping[str, Any] | None = None) -> Json:
        """Send a command under a key of its own; asked to come back later, it does, with the same key."""
        key = secrets.token_hex(16)

        async def answered() -> Json | None:
            headers = {**await self._headers(), "Idempotency-Key": key}
            answer = await self._http.post(path, json=body, headers=headers)
            if answer.status_code in (409, 429, 503) and "retry-after" in answer.headers:
                return None
            return _body(answer)

        return await until(f"an answer to POST {path}", answered)

    async def try_post(self, path: str, body: Mapping[str, Any]) -> httpx.Response:
        """Send a command once and leave its refusal to the caller."""
        headers = {**await self._headers(), "Idempotency-Key": secrets.token_hex(16)}
        return await self._http.post(path, json=body, headers=headers)

    async def _headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {await self._token()}"}


class PatientTransport(httpx.AsyncHTTPTransport):
    """Asks again where the gateway or a service is away for a moment and asking again does no harm.

    That is so for reads, and for commands under their idempotency key.
    """

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        deadline = time.monotonic() + PATIENCE_SECONDS
        is_repeatable = request.method == "GET" or "idempotency-key" in request.headers
        while True:
            try:
                answer = await super().handle_async_request(request)
            except httpx.TransportError:
                if not is_repeatable or time.monotonic() > deadline:
                    raise
            else:
                if answer.status_code not in AWAY or not is_repeatable or time.monotonic() > deadline:
                    return answer
                await answer.aclose()
            await asyncio.sleep(0.3)


def open_http(base_url: str, language: str) -> httpx.AsyncClient:
    headers = {"Accept-Language": LANGUAGES[language]}
    return httpx.AsyncClient(base_url=base_url, timeout=30, headers=headers, transport=PatientTransport())


async def patiently(what: str, attempt: Callable[[], Awaitable[T]]) -> T:
    """Begin something anew that cannot be taken up in the middle, when the gateway goes away meanwhile."""

    async def tried() -> T | None:
        try:
            return await attempt()
        except (httpx.TransportError, Away):
            return None

    return await until(what, tried)


def agency_client(http: httpx.AsyncClient, data: DataDirectory, agency: str, issuer: str) -> Client:
    """An agency's own system: client credentials with `private_key_jwt`."""
    token: list[str] = []

    async def issued() -> str:
        if not token:
            token.append(
                await patiently(
                    f"a token for {agency}", lambda: _client_credentials(http, data, agency, issuer)
                )
            )
        return token[0]

    return Client(http, issued)


async def _client_credentials(
    http: httpx.AsyncClient, data: DataDirectory, client_id: str, issuer: str
) -> str:
    client = await asyncio.to_thread(read_client, data, client_id)
    if client.jwk is None:
        raise Refused(f"{client_id!r} has no key")
    pem = await asyncio.to_thread(client_key_file, data, client_id)
    form = {
        "grant_type": "client_credentials",
        "scope": " ".join(client.scopes),
        "client_assertion_type": ASSERTION_TYPE,
        "client_assertion": client_assertion(pem, client_id, client.jwk["kid"], audience=issuer),
    }
    answer = _body(await http.post("/oauth2/token", data=form))
    return str(answer["access_token"])


async def sign_in(
    http: httpx.AsyncClient, data: DataDirectory, username: str, password: str
) -> tuple[Json, Client]:
    """Sign a person in with a browser; returns the tokens and a client that uses them."""
    tokens = await patiently("the sign-in", lambda: _sign_in(http, data, username, password))

    async def token() -> str:
        return str(tokens["access_token"])

    return tokens, Client(http, token)


async def _sign_in(http: httpx.AsyncClient, data: DataDirectory, username: str, password: str) -> Json:
    """Discovery, login page, consent page, callback, code, tokens."""
    endpoints = _body(await http.get("/.well-known/openid-configuration"))
    scopes = await asyncio.to_thread(_scopes_of, data, username)
    verifier = secrets.token_urlsafe(48)
    state = secrets.token_urlsafe(16)
    digest = hashlib.sha256(verifier.encode()).digest()
    asked = {
        "response_type": "code",
        "client_id": "portal",
        "redirect_uri": LOOPBACK_REDIRECT,
        "scope": f"openid profile {' '.join(scopes)}",
        "state": state,
        "nonce": secrets.token_urlsafe(16),
        "code_challenge": base64.urlsafe_b64encode(digest).rstrip(b"=").decode(),
        "code_challenge_method": "S256",
    }
    page = await http.get(f"{_path(endpoints['authorization_endpoint'])}?{urlencode(asked)}")
    back = await _through_pages(http, page, {"username": username, "password": password})
    if back.get("state") != state or "code" not in back:
        raise Refused(f"the gateway does not sign {username} in: {back.get('error', 'no code')}")
    form = {
        "grant_type": "authorization_code",
        "code": back["code"],
        "redirect_uri": LOOPBACK_REDIRECT,
        "client_id": "portal",
        "code_verifier": verifier,
    }
    return _body(await http.post(_path(endpoints["token_endpoint"]), data=form))


async def _through_pages(
    http: httpx.AsyncClient, answer: httpx.Response, credentials: Mapping[str, str]
) -> dict[str, str]:
    """Fill the login and consent pages, as far as they come, until the browser is sent back to the client."""
    for _ in range(8):
        if answer.is_redirect:
            location = answer.headers["location"]
            if location.startswith(LOOPBACK_REDIRECT):
                query = parse_qs(urlsplit(location).query)
                return {name: values[0] for name, values in query.items()}
            answer = await http.get(location)
            continue
        if answer.status_code != httpx.codes.OK:
            _body(answer)
        form = _Form()
        form.feed(answer.text)
        typed = dict(credentials) if "password" in form.names else {"decision": "allow"}
        entries = form.hidden | typed
        answer = await http.post(form.action or answer.url.path, data=entries)
    raise Refused("the gateway's sign-in pages do not come to an end")


class _Form(HTMLParser):
    """What a page's form would send by itself, and where."""

    def __init__(self) -> None:
        super().__init__()
        self.hidden: dict[str, str] = {}
        self.names: set[str] = set()
        self.action: str | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        if tag == "form" and self.action is None:
            self.action = found.get("action")
        if tag == "input" and found.get("name"):
            self.names.add(str(found["name"]))
            if found.get("type") == "hidden":
                self.hidden[str(found["name"])] = found.get("value") or ""


def _scopes_of(data: DataDirectory, username: str) -> list[str]:
    accounts = json.loads(data.seed_file.read_text())["accounts"]
    return next(list(each["scopes"]) for each in accounts if each["username"] == username)


def _path(url: str) -> str:
    return urlsplit(url).path


def _body(answer: httpx.Response) -> Json:
    if not answer.is_success:
        method, path = answer.request.method, answer.request.url.path
        kind = Away if answer.status_code in AWAY else Refused
        raise kind(f"{method} {path} answers {answer.status_code}: {answer.text[:800]}")
    body: Json = answer.json()
    return body
