"""A page of another origin reads answers where its app is registered and served; nobody else's page does."""

import asyncio
from collections.abc import Iterable

import httpx
import pytest

from gateway.identity.domain.clients import origin_of
from gateway.proxy.cross_origin import CrossOrigin
from gateway.proxy.paths import is_api
from gateway.proxy.straight import StraightWay
from tests.gateway.identity.registering import ADMINISTRATOR, CLIENTS, registered
from tests.gateway.proxy.raw_service import always, get, proxy_before, raw_service
from tests.gateway.serving import RawAnswer, raw_request
from tests.support.identities import bearer, person_token
from tests.support.service import ServiceUnderTest
from tests.support.waiting import eventually

APP = "https://app.example"
AUTHORIZATION = f"Authorization: {bearer(person_token('ann'))['Authorization']}"
ASKS = ("Access-Control-Request-Method: POST", "Access-Control-Request-Headers: authorization, dpop")
ALLOW = "access-control-allow-origin"
EXPOSED = {
    *("etag", "link", "location", "ratelimit", "ratelimit-policy", "retry-after", "www-authenticate"),
    *("x-request-id", "x-tongban-origin"),
}
PERMISSIVE = (
    b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nVary: Authorization\r\nAccess-Control-Allow-Origin: *\r\n"
    b"Access-Control-Allow-Credentials: true\r\n\r\nok"
)
STREAMED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nVary: Accept\r\n\r\n2\r\nok\r\n0\r\n\r\n"
STRANGERS = (
    *("https://evil.example", "null", "https://App.Example", "https://app.example:443", "http://app.example"),
    *("https://app.example/", "https://app.example.evil.example", "https://sub.app.example", "*", ""),
)


def _names(listed: str) -> set[str]:
    return {name.strip() for name in listed.split(",")}


def _cors(headers: Iterable[str]) -> set[str]:
    return {name for name in headers if name.startswith("access-control-")}


async def _over_one_connection(port: int, *requests: bytes) -> list[list[bytes]]:
    """The header lines of each answer, sorted."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    heads = []
    for request in requests:
        writer.write(request)
        heads.append(await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), 5))
        await asyncio.wait_for(reader.readuntil(b"0\r\n\r\n" if b"chunked" in heads[-1] else b"ok"), 5)
    writer.close()
    return [sorted(head.lower().split(b"\r\n")) for head in heads]


async def test_a_registered_page_may_read_the_answer_on_both_ways_and_the_service_has_no_say(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    taken, take = [], StraightWay.take

    def noting(self: StraightWay, *offered: object) -> bool:
        taken.append(take(self, *offered))  # type: ignore[arg-type]
        return taken[-1]

    monkeypatch.setattr(StraightWay, "take", noting)
    request = get("/x", AUTHORIZATION, f"Origin: {APP}")

    async with raw_service(always(PERMISSIVE)) as service, proxy_before(service.port, origins=[APP]) as port:
        long, straight = await _over_one_connection(port, request, request)

    assert taken == [False, True]
    for lines in (long, straight):
        ours = [line for line in lines if line.startswith((b"access-control-", b"vary"))]
        assert ours[0] == b"access-control-allow-origin: https://app.example"
        assert _names(ours[1].decode().partition(": ")[2]) == EXPOSED
        assert ours[2:] == [b"vary: authorization", b"vary: origin"]


async def test_a_long_answer_is_given_permission_once_however_it_came() -> None:
    request = get("/x", AUTHORIZATION, f"Origin: {APP}")

    async with raw_service(always(STREAMED)) as service, proxy_before(service.port, origins=[APP]) as port:
        answers = await _over_one_connection(port, request, request)

    for lines in answers:
        given = [line.partition(b":")[0] for line in lines if line.startswith((b"access-control", b"vary"))]
        assert given == [b"access-control-allow-origin", b"access-control-expose-headers", b"vary", b"vary"]


@pytest.mark.parametrize("stranger", STRANGERS)
async def test_any_other_origin_is_served_without_permission(stranger: str) -> None:
    request = get("/x", AUTHORIZATION, f"Origin: {stranger}")
    preflight = get("/x", AUTHORIZATION, f"Origin: {stranger}", *ASKS, method="OPTIONS")

    async with raw_service(always(PERMISSIVE)) as service, proxy_before(service.port, origins=[APP]) as port:
        answers = await _over_one_connection(port, request, request, preflight)

    for lines in answers:
        assert lines.count(b"vary: origin") == 1
        assert not any(line.startswith(b"access-control-") for line in lines)
    assert len(service.requests) == 3


async def test_an_answer_to_no_page_varies_with_the_origin_too() -> None:
    async with raw_service(always(PERMISSIVE)) as service, proxy_before(service.port, origins=[APP]) as port:
        answers = await _over_one_connection(port, get(), get())

    assert [lines.count(b"vary: origin") for lines in answers] == [1, 1]
    assert not any(line.startswith(b"access-control-") for lines in answers for line in lines)


async def test_a_preflight_is_answered_here_and_counts() -> None:
    preflight = get("/x", f"Origin: {APP}", *ASKS, "Connection: close", method="OPTIONS")

    async with (
        raw_service(always(PERMISSIVE)) as service,
        proxy_before(service.port, origins=[APP], burst=3) as port,
    ):
        await raw_request(port, get("/x", "Connection: close"))  # from here on a connection waits to be used
        allowed = await raw_request(port, preflight)
        await raw_request(port, preflight)
        refused = await raw_request(port, preflight)

    assert (allowed.status, allowed.body, len(service.requests)) == (204, b"", 1)
    assert allowed.headers[ALLOW] == APP
    assert _names(allowed.headers["access-control-allow-methods"]) == {
        *("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE")
    }
    assert _names(allowed.headers["access-control-allow-headers"]) == {
        *("authorization", "dpop", "content-type", "idempotency-key", "if-match", "if-none-match"),
        *("accept-language", "traceparent", "x-request-id", "last-event-id"),
    }
    assert (allowed.headers["access-control-max-age"], allowed.headers["vary"]) == ("600", "Origin")
    assert "access-control-allow-credentials" not in allowed.headers
    assert (refused.status, refused.headers[ALLOW]) == (429, APP)


async def test_what_the_gateway_refuses_can_be_read() -> None:
    origin = f"Origin: {APP}"
    bad_token = get("/x", origin, "Authorization: Bearer wrong", "Connection: close")
    too_large = get("/x", origin, "Content-Length: 99999999", "Connection: close", method="POST")
    two_ways = get("/x/../y", origin, "Connection: close")
    away = get("/x", origin, "Connection: close")

    async with raw_service(always(PERMISSIVE)) as service:
        port_of_nobody = service.port
    async with proxy_before(port_of_nobody, origins=[APP]) as port:
        answers: list[RawAnswer] = [
            await raw_request(port, request) for request in (bad_token, too_large, two_ways, away)
        ]

    assert [answer.status for answer in answers] == [401, 413, 400, 502]
    assert [answer.headers[ALLOW] for answer in answers] == [APP] * 4
    assert "www-authenticate" in answers[0].headers


@pytest.mark.parametrize(
    ("uri", "origin"),
    [
        ("https://app.example/callback?x=1", "https://app.example"),
        ("https://App.Example:443/callback", "https://app.example"),
        ("https://app.example:8443/", "https://app.example:8443"),
        ("http://127.0.0.1:80/", "http://127.0.0.1"),
        ("http://[::1]:8080/back", "http://[::1]:8080"),
    ],
)
def test_a_registered_uri_is_of_the_origin_that_a_browser_writes(uri: str, origin: str) -> None:
    assert origin_of(uri) == origin


def _asked(client: httpx.AsyncClient, method: str, path: str, origin: str) -> httpx.Request:
    return client.build_request(method, path, headers={"Origin": origin})


async def test_a_page_gets_at_tokens_and_the_gateways_apis_and_never_at_what_persons_open(
    gateway: ServiceUnderTest,
) -> None:
    client = gateway.client

    async def is_known() -> bool:
        answer = await client.send(_asked(client, "GET", "/oauth2/userinfo", APP))
        return answer.status_code == 401 and answer.headers.get(ALLOW) == APP

    assert await eventually(is_known, within=5)
    own = {
        path: (await client.send(_asked(client, method, path, APP))).headers
        for method, path in (
            ("POST", "/oauth2/token"),
            ("POST", "/oauth2/par"),
            ("GET", "/identity/v1/clients/self"),
            ("GET", "/catalogue/services"),
            ("GET", "/matters/v1/themes"),
        )
    }
    pages = [
        (await client.send(_asked(client, method, path, APP))).headers
        for path in ("/login", "/consent", "/account", "/oauth2/authorize", "/oauth2/logout", "/docs")
        for method in ("GET", "OPTIONS")
    ]
    for_anyone = [
        (await client.send(_asked(client, "GET", path, "null"))).headers[ALLOW]
        for path in ("/.well-known/openid-configuration", "/.well-known/jwks.json")
    ]

    assert {path: (each.get(ALLOW), each.get("vary")) for path, each in own.items()} == dict.fromkeys(
        own, (APP, "Origin")
    )
    assert [_cors(each) for each in pages] == [set()] * 12
    assert for_anyone == ["*", "*"]


def test_every_documented_path_is_open_to_pages_but_for_what_only_services_and_browsers_ask(
    gateway: ServiceUnderTest,
) -> None:
    documented = gateway.app.front_office.openapi()["paths"]  # type: ignore[attr-defined]
    rules = CrossOrigin(lambda _origin: True)

    closed = {path for path in documented if not rules.lines(path.encode(), APP.encode())}
    unlisted = {
        route.path
        for route in gateway.app.router.routes
        if hasattr(route, "path") and route.path not in documented and is_api(route.path.encode())
    }

    assert closed == {"/oauth2/introspect", "/oauth2/withdrawals"}
    assert unlisted == set()


async def test_a_suspended_apps_pages_are_strangers_within_seconds(gateway: ServiceUnderTest) -> None:
    client_id = await registered(
        gateway,
        None,
        kind="app",
        scopes=["registration.enterprise.read"],
        redirect_uris=["http://127.0.0.1:5173/callback"],
    )

    async def permission() -> str | None:
        asked = _asked(gateway.client, "POST", "/oauth2/token", "http://127.0.0.1:5173")
        found: str | None = (await gateway.client.send(asked)).headers.get(ALLOW)
        return found

    async def is_open() -> bool:
        return await permission() == "http://127.0.0.1:5173"

    async def is_closed() -> bool:
        return await permission() is None

    assert await eventually(is_open, within=5)
    suspended = await gateway.post(f"{CLIENTS}/{client_id}/suspension", {"reason": "异常"}, ADMINISTRATOR)
    assert suspended.status_code == 200, suspended.text
    assert await eventually(is_closed, within=5)
