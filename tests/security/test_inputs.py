"""Input that must be refused, at the gateway and at a service's own port (W01 to W07, W10)."""

import json
import secrets
import time

import httpx
import pytest

from tests.gateway.serving import RawAnswer, raw_request
from tests.security.conftest import Target
from tests.support.identities import bearer, person_token, still_good
from tests.support.service import ServiceUnderTest

TOKEN = person_token("ann", "hotline.counter.move", "hotline.counter.read")
TARGETS = ("service", "gateway")
MEBIBYTE = 1024 * 1024


async def send(target: Target, body: bytes, media: str | None = "application/json") -> httpx.Response:
    """Send a command with any bytes as its body."""
    headers = bearer(TOKEN, key=secrets.token_hex(16)) | ({"Content-Type": media} if media else {})
    async with target.client() as client:
        return await client.post(target.path, content=body, headers=headers)


async def send_raw(target: Target, lines: bytes, body: bytes) -> RawAnswer:
    """Send a command over a bare socket."""
    head = (
        f"POST {target.path} HTTP/1.1\r\nHost: g\r\nAuthorization: Bearer {still_good(TOKEN)}\r\n"
        f"Idempotency-Key: {secrets.token_hex(16)}\r\nContent-Type: application/json\r\n"
    )
    return await raw_request(target.port, head.encode() + lines + b"\r\n\r\n" + body)


def chunked(size: int) -> bytes:
    """A body of this size, in chunks."""
    piece = b"8000\r\n" + b" " * 0x8000 + b"\r\n"
    rest = size % 0x8000
    last = (b"%x\r\n" % rest) + b" " * rest + b"\r\n" if rest else b""
    return piece * (size // 0x8000) + last + b"0\r\n\r\n"


@pytest.mark.parametrize("name", TARGETS)
async def test_a_body_over_one_mebibyte_is_refused(
    targets: dict[str, Target], service: ServiceUnderTest, name: str
) -> None:
    announced = await send_raw(targets[name], b"Content-Length: %d" % (MEBIBYTE + 1), b"")
    in_chunks = await send_raw(targets[name], b"Transfer-Encoding: chunked", chunked(MEBIBYTE + 1))
    afterwards = await send(targets[name], b'{"name": "still-there", "by": 1}')

    for answer in (announced, in_chunks):
        assert answer.status == 413
        assert json.loads(answer.body)["type"] == "/problems/body-too-large"
    assert afterwards.status_code == 201


@pytest.mark.parametrize("name", TARGETS)
@pytest.mark.parametrize(
    "body",
    [
        *(b"{", b"[]", b'"x"', b"null", b"", b'{"name": "a", "by": 1,}', b"\xff\xfe", b"{} {}"),
        b'{"name": "a", "name": "b", "by": 1}',
    ],
)
async def test_what_is_no_json_object_is_refused(targets: dict[str, Target], name: str, body: bytes) -> None:
    answer = await send(targets[name], body)

    assert answer.status_code == 400, answer.text
    assert answer.json()["errors"][0]["code"]


@pytest.mark.parametrize("name", TARGETS)
@pytest.mark.parametrize("text", ["a\\u0000b", "a\\ud800b", "a\\udfff"])
async def test_characters_that_no_text_has_are_refused(
    targets: dict[str, Target], name: str, text: str
) -> None:
    answer = await send(targets[name], f'{{"name": "a", "by": 1, "label": "{text}"}}'.encode())

    assert answer.status_code == 400
    assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize("name", TARGETS)
@pytest.mark.parametrize("value", ["true", '"5"', "5.0", "NaN", "1e400", "Infinity", "-1", "null", "[]"])
async def test_a_number_is_a_number(targets: dict[str, Target], name: str, value: str) -> None:
    answer = await send(targets[name], f'{{"name": "a", "by": {value}}}'.encode())

    assert answer.status_code == 400
    assert answer.json()["type"] == "/problems/invalid-input"


@pytest.mark.parametrize("name", TARGETS)
@pytest.mark.parametrize(
    "body", [b"[" * 100_000, b'{"a":' * 1000 + b"1" + b"}" * 1000], ids=["arrays", "objects"]
)
async def test_nesting_without_end_is_refused_at_once(
    targets: dict[str, Target], name: str, body: bytes
) -> None:
    began = time.process_time()

    answer = await send(targets[name], body)

    assert answer.status_code == 400
    assert time.process_time() - began < 1


@pytest.mark.parametrize("name", TARGETS)
@pytest.mark.parametrize(
    "media", ["text/plain", None, "application/xml", "application/x-www-form-urlencoded"]
)
async def test_json_says_that_it_is_json(targets: dict[str, Target], name: str, media: str | None) -> None:
    answer = await send(targets[name], b'{"name": "a", "by": 1}', media)

    assert answer.status_code == 415
    assert answer.json()["type"] == "/problems/unsupported-media-type"


@pytest.mark.parametrize("name", TARGETS)
async def test_endless_lists_and_texts_are_refused(targets: dict[str, Target], name: str) -> None:
    array = json.dumps({"name": "a", "by": 1, "tags": ["x"] * 100_001}).encode()
    text = json.dumps({"name": "n" * (MEBIBYTE - 100), "by": 1}).encode()

    answers = [await send(targets[name], body) for body in (array, text)]

    assert [answer.status_code for answer in answers] == [400, 400]
    assert all(len(answer.content) < 10_000 for answer in answers)


@pytest.mark.parametrize("name", TARGETS)
async def test_paging_takes_its_own_cursors_and_limits_only(targets: dict[str, Target], name: str) -> None:
    async with targets[name].client() as client:
        for number in range(3):
            await send(targets[name], json.dumps({"name": f"{name}-{number}", "by": 1}).encode())
        first = await client.get(targets[name].path, params={"limit": 1}, headers=bearer(TOKEN))
        cursor = first.json()["next_cursor"]

        answers = [
            await client.get(targets[name].path, params=params, headers=bearer(TOKEN))
            for params in (
                *({"limit": "201"}, {"limit": "0"}, {"limit": "-1"}, {"limit": "1e2"}),
                *({"cursor": cursor[:-2] + "zz"}, {"cursor": "AAAA" * 8}, {"cursor": ""}),
            )
        ]

    assert [answer.status_code for answer in answers] == [400] * len(answers)
