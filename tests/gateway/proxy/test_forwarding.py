"""What passes through the gateway, what is taken off, and what is put on."""

import asyncio
import json
import logging
import secrets
from typing import Any

import pytest

from tests.gateway.proxy.upstreams import Echo
from tests.gateway.serving import raw_request
from tests.support.identities import bearer, person_token
from tests.support.service import ServiceUnderTest
from tests.support.waiting import eventually

TOKEN = person_token("ann", "registration.filing.read")
PATH = "/registration/v1/echo"


def _headers(seen: dict[str, Any]) -> dict[str, str]:
    return dict(seen["headers"])


async def test_a_request_reaches_the_service_as_it_was_sent(gateway: ServiceUnderTest) -> None:
    sent = bearer(TOKEN, key="k" * 16, language="en") | {"If-Match": '"3"', "Accept-Encoding": "gzip"}
    answer = await gateway.client.post(f"{PATH}/%E5%90%8D?a=1&b=%20|&a=2", json={"name": "x"}, headers=sent)

    seen = answer.json()
    assert (seen["method"], seen["path"], seen["query"]) == ("POST", f"{PATH}/%E5%90%8D", "a=1&b=%20|&a=2")
    assert seen["length"] == len(json.dumps({"name": "x"}, separators=(",", ":")))
    headers = _headers(seen)
    assert headers["authorization"] == sent["Authorization"]
    assert headers["idempotency-key"] == "k" * 16
    assert (headers["if-match"], headers["accept-language"]) == ('"3"', "en")
    assert headers["accept-encoding"] == "gzip"


FORGED = {
    "X-Forwarded-For": "6.6.6.6",
    "X-Forwarded-Proto": "gopher",
    "X-Forwarded-Host": "evil.example",
    "X-Forwarded-Prefix": "/x",
    "X-Real-IP": "6.6.6.6",
    "Forwarded": "for=6.6.6.6",
    "X-User-Id": "root",
    "X-Agency": "11140881MB00000000",
    "X-Internal": "1",
    "X-Original-URL": "/admin",
    "X-Rewrite-URL": "/admin",
    "X-HTTP-Method-Override": "DELETE",
    "X-Tongban-Principal": "person:root",
    "Cookie": "tongban_session=stolen",
    "Connection": "close, X-Secret-Hop",
    "X-Secret-Hop": "1",
    "TE": "trailers",
    "Upgrade": "h2c",
    "Proxy-Authorization": "Basic eA==",
}


async def test_forged_headers_and_cookies_do_not_reach_the_service(gateway: ServiceUnderTest) -> None:
    answer = await gateway.client.get(PATH, headers=bearer(TOKEN) | FORGED)

    headers = _headers(answer.json())
    assert headers["x-forwarded-for"] == "127.0.0.1"
    assert headers["x-forwarded-proto"] == "http"
    gone = {name.lower() for name in FORGED} - {"x-forwarded-for", "x-forwarded-proto"}
    assert not gone & set(headers)
    assert "evil" not in str(headers)
    assert "6.6.6.6" not in str(headers)


async def test_the_trace_and_the_request_id_go_on_to_the_service(gateway: ServiceUnderTest) -> None:
    trace = secrets.token_hex(16)
    sent = {"traceparent": f"00-{trace}-{secrets.token_hex(8)}-01", "X-Request-Id": "request-of-mine"}

    answer = await gateway.client.get(PATH, headers=bearer(TOKEN) | sent)

    headers = _headers(answer.json())
    assert headers["traceparent"].split("-")[1] == trace
    assert headers["x-request-id"] == "request-of-mine"
    assert answer.headers["x-request-id"] == "request-of-mine"


async def test_the_answer_keeps_its_headers_but_not_the_hops_and_cookies(gateway: ServiceUnderTest) -> None:
    answer = await gateway.client.get(PATH, headers=bearer(TOKEN))

    assert answer.headers["etag"] == '"7"'
    assert len(answer.headers.get_list("link")) == 2
    assert answer.headers.get_list("x-tongban-origin") == ["registration"]
    assert not {"set-cookie", "x-hop", "connection", "server"} & set(answer.headers)
    assert answer.headers["ratelimit-policy"].startswith('"caller";q=')


async def test_without_a_token_the_service_decides(gateway: ServiceUnderTest) -> None:
    answer = await gateway.client.get(PATH)

    assert answer.status_code == 200
    assert "authorization" not in _headers(answer.json())


async def test_a_token_that_does_not_verify_is_not_forwarded(gateway: ServiceUnderTest, echo: Echo) -> None:
    before = len(echo.received)

    answer = await gateway.client.get(PATH, headers=bearer(TOKEN[:-4] + "AAAA"))

    assert answer.status_code == 401
    assert answer.headers["www-authenticate"] == "Bearer"
    assert answer.headers["x-tongban-origin"] == "gateway"
    assert len(echo.received) == before


@pytest.mark.parametrize(
    "path",
    [
        *("/livez", "/readyz", "/metrics", "/openapi.json", "/v1/echo", "/v2/echo", "", "/v1livez"),
        "/v1/../../livez",
    ],
)
async def test_what_a_service_keeps_to_itself_cannot_be_reached(port: int, echo: Echo, path: str) -> None:
    before = len(echo.received)
    target = f"/registration{path}" if path != "/v1/echo" else "/REGISTRATION/v1/echo"

    answer = await raw_request(port, f"GET {target} HTTP/1.1\r\nHost: g\r\n\r\n".encode())

    assert answer.status in (400, 404)
    assert len(echo.received) == before


@pytest.mark.parametrize(
    "path",
    [
        "/registration/v1/../../credit/v1/subjects",
        "/registration/v1/%2e%2e/%2e%2e/credit/v1/subjects",
        "/registration/v1/..%2fcredit",
        "/registration/v1/%2E%2E%2Fcredit",
        "/registration/v1/a%5cb",
        "/registration/v1/a\\b",
        "/registration/v1;a=b/echo",
        "/registration/v1/echo;a=b",
        "//registration/v1/echo",
        "/registration//v1/echo",
        "/registration/v1//echo",
        "/registration/v1/./echo",
        "/registration/v1/%252e%252e/echo",
        "/registration/v1/echo%0d%0aX-Agency:1",
    ],
)
async def test_an_ambiguous_path_goes_nowhere(port: int, echo: Echo, path: str) -> None:
    before = len(echo.received)

    answer = await raw_request(port, f"GET {path} HTTP/1.1\r\nHost: g\r\n\r\n".encode())

    assert answer.status == 400
    assert json.loads(answer.body)["type"] == "/problems/ambiguous-path"
    assert len(echo.received) == before


@pytest.mark.parametrize(
    "lines",
    [
        "Content-Length: 4\r\nTransfer-Encoding: chunked",
        "Content-Length: 4\r\nContent-Length: 5",
        "Content-Length: +4",
        "Transfer-Encoding: chunked, identity",
        "Host: other",
        "Authorization: Bearer a\r\nAuthorization: Bearer b",
        "X-Na\x01me: 1",
        "Authori_zation: Bearer a",
    ],
)
async def test_headers_that_two_readers_understand_differently_are_refused(
    port: int, echo: Echo, lines: str
) -> None:
    before = len(echo.received)
    request = f"POST {PATH} HTTP/1.1\r\nHost: g\r\n{lines}\r\n\r\n0\r\n\r\n"

    answer = await raw_request(port, request.encode())

    assert 400 <= answer.status < 500
    assert len(echo.received) == before


async def test_a_method_that_no_api_offers_is_refused(port: int) -> None:
    for method in ("TRACE", "CONNECT", "PROPFIND"):
        answer = await raw_request(port, f"{method} {PATH} HTTP/1.1\r\nHost: g\r\n\r\n".encode())
        assert answer.status in (400, 405)


async def test_an_answer_streams_as_it_comes(port: int, echo: Echo) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(b"GET /registration/v1/gate HTTP/1.1\r\nHost: g\r\nConnection: close\r\n\r\n")
    await writer.drain()

    first = await asyncio.wait_for(reader.readuntil(b'["first"'), 5)
    echo.gate.set()
    rest = await asyncio.wait_for(reader.read(), 5)

    assert b"200 OK" in first
    assert b',"second"]' in rest
    writer.close()


async def test_a_large_body_streams_as_it_comes(port: int, echo: Echo) -> None:
    echo.first_piece.clear()
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(b"POST /registration/v1/echo HTTP/1.1\r\nHost: g\r\nContent-Length: 200000\r\n\r\n")
    writer.write(b"x" * 100_000)
    await writer.drain()

    await asyncio.wait_for(echo.first_piece.wait(), 5)
    writer.write(b"x" * 100_000)
    head = await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), 5)

    assert b"200 OK" in head
    assert echo.received[-1]["length"] == 200_000
    assert _headers(echo.received[-1])["content-length"] == "200000"
    writer.close()


def _chunked(size: int) -> bytes:
    piece = b"10000\r\n" + b"x" * 65536 + b"\r\n"
    return piece * (size // 65536) + (b"%x\r\n" % (size % 65536)) + b"x" * (size % 65536) + b"\r\n0\r\n\r\n"


async def test_a_body_over_one_mebibyte_is_refused_however_it_is_sent(port: int, echo: Echo) -> None:
    head = f"POST {PATH} HTTP/1.1\r\nHost: g\r\nContent-Type: application/json\r\n".encode()
    before = len(echo.received)

    announced = await raw_request(port, head + b"Content-Length: 1048577\r\n\r\n")
    chunked = await raw_request(port, head + b"Transfer-Encoding: chunked\r\n\r\n" + _chunked(1048577))
    allowed = await raw_request(port, head + b"Transfer-Encoding: chunked\r\n\r\n" + _chunked(1048576))

    assert (announced.status, chunked.status) == (413, 413)
    assert json.loads(chunked.body)["type"] == "/problems/body-too-large"
    assert allowed.status == 200
    assert [seen["length"] for seen in echo.received[before:]] == [1048576]


@pytest.mark.parametrize(
    ("request_line", "lines", "status"),
    [
        (f"GET {PATH}/../x HTTP/1.1", "", 400),
        (f"GET {PATH}?{'x' * 5000} HTTP/1.1", "", 414),
        (f"GET {PATH} HTTP/1.1", f"X: {'x' * 20_000}\r\n", 431),
        (f"GET {PATH} HTTP/1.1", f"X: {'x' * 70_000}\r\n", 431),
        (f"POST {PATH} HTTP/1.1", "Content-Length: 9999999\r\n", 413),
        (f"TRACE {PATH} HTTP/1.1", "", 405),
        (f"GET {PATH} HTTP/1.1", "Authorization: Bearer x\r\n", 401),
        ("GET /hotline/v1/tickets HTTP/1.1", "", 502),
        ("GET /nothing/here HTTP/1.1", "", 404),
        ("nonsense", "", 400),
    ],
)
async def test_each_refusal_says_that_it_arose_here(
    port: int, request_line: str, lines: str, status: int
) -> None:
    answer = await raw_request(port, f"{request_line}\r\nHost: g\r\n{lines}\r\n".encode())

    assert (answer.status, answer.headers["x-tongban-origin"]) == (status, "gateway")


async def test_a_caller_is_told_to_go_on_before_it_sends_its_body(port: int, echo: Echo) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(
        f"POST {PATH} HTTP/1.1\r\nHost: g\r\nExpect: 100-continue\r\nContent-Length: 4\r\n\r\n".encode()
    )
    told = await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), 5)
    writer.write(b"body")
    head = await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), 5)
    writer.close()

    assert (told.split()[1], head.split()[1]) == (b"100", b"200")
    assert echo.received[-1]["length"] == 4
    assert "expect" not in _headers(echo.received[-1])


async def test_each_request_leaves_one_line_that_holds_no_secret(
    gateway: ServiceUnderTest, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    written: list[str] = []

    async def line_of_this_request() -> list[dict[str, Any]]:
        written.append(capsys.readouterr().out)
        lines = [json.loads(line) for line in "".join(written).splitlines() if '"event": "request"' in line]
        return [line for line in lines if line["request_id"] == "request-with-line"]

    with caplog.at_level(logging.INFO):
        headers = bearer(TOKEN) | {"X-Request-Id": "request-with-line"}
        await gateway.client.get(f"{PATH}/张三?access_token={TOKEN}", headers=headers)
    (line,) = await eventually(line_of_this_request)

    assert (line["route"], line["status"]) == ("/registration/v1/*", 200)
    assert line["principal"] == "person:ann"
    everything = "".join(written) + str([r.__dict__ for r in caplog.records if r.name != "httpx"])
    assert TOKEN not in everything
    assert "张三" not in everything
