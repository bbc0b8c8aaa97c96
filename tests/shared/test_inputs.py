"""Odd, oversized and hostile input: a problem that names field and reason, never a 500."""

import secrets
from typing import Any

import pytest

from tests.support.identities import bearer, person_token
from tests.support.service import ServiceUnderTest

MOVE = "/probe/v1/counters"
TOKEN = person_token("ann", "hotline.counter.move", "hotline.counter.read")


async def send(probe: ServiceUnderTest, body: bytes, **headers: str) -> Any:
    """Send raw bytes as a command."""
    sent = bearer(TOKEN, key=secrets.token_hex(16)) | {"Content-Type": "application/json"}
    sent |= {name.replace("_", "-"): value for name, value in headers.items()}
    return await probe.client.post(MOVE, content=body, headers=sent)


@pytest.mark.parametrize(
    ("body", "pointer", "code"),
    [
        (b"{", "", "not_json"),
        (b'{"name":"a","by":1,}', "", "not_json"),
        (b"\xff\xfe", "", "not_utf8"),
        (b'{"name":"a","by":NaN}', "", "not_a_number"),
        (b'{"name":"a","by":1e400}', "", "number_out_of_range"),
        (b'{"name":"a","by":' + b"9" * 5000 + b"}", "", "number_out_of_range"),
        (b'{"name":"a","name":"b","by":1}', "", "duplicate_name"),
        (b'{"name":"a\\u0000b","by":1}', "", "bad_character"),
        (b'{"name":"a\\ud800","by":1}', "", "bad_character"),
        (b"[" * 100_000, "", "too_deep"),
        (b'{"a":' * 1000 + b"1" + b"}" * 1000, "", "too_deep"),
        (b'{"by":1}', "/name", "missing"),
        (b'{"name":"a","by":true}', "/by", "int_type"),
        (b'{"name":"a","by":"5"}', "/by", "int_type"),
        (b'{"name":"a","by":5.0}', "/by", "int_type"),
        (b'{"name":"a","by":-1}', "/by", "greater_than_equal"),
        (b'{"name":"a","by":99999999999999999999}', "/by", "less_than_equal"),
        (b'{"name":"a","by":1,"urgent":"true"}', "/urgent", "bool_type"),
        (b'{"name":"a","by":1,"urgent":1}', "/urgent", "bool_type"),
        (b'{"name":"a","by":1,"due_on":20260302}', "/due_on", "string_type"),
        (b'{"name":"a","by":1,"due_on":"2026-02-30"}', "/due_on", "date_from_datetime_parsing"),
        (b'{"name":"a","by":1,"due_on":"0001-01-01"}', "/due_on", "year_out_of_range"),
        (b'{"name":"a","by":1,"due_on":"9999-12-31"}', "/due_on", "year_out_of_range"),
        (b'{"name":"a","by":1,"colour":"blue"}', "/colour", "enum"),
        (b'{"name":"a","by":1,"status":"approved"}', "/status", "extra_forbidden"),
        (b'{"name":"a","by":1,"tags":["1","2","3","4"]}', "/tags", "too_long"),
        (b'{"name":"' + b"x" * 1000 + b'","by":1}', "/name", "string_too_long"),
    ],
    ids=lambda value: str(value)[:40] if isinstance(value, bytes) else value,
)
async def test_bad_input_is_named_by_field_and_reason(
    probe: ServiceUnderTest, body: bytes, pointer: str, code: str
) -> None:
    answer = await send(probe, body, Accept_Language="en")

    assert answer.status_code == 400
    assert answer.headers["content-type"] == "application/problem+json"
    [fault] = answer.json()["errors"]
    assert (fault["pointer"], fault["code"]) == (pointer, code)
    assert fault["detail"].isascii()


@pytest.mark.parametrize("body", [b"[]", b'"x"', b"null", b"5", b""])
async def test_a_body_that_is_no_object_is_refused(probe: ServiceUnderTest, body: bytes) -> None:
    answer = await send(probe, body)

    assert answer.status_code == 400
    assert answer.json()["type"] == "/problems/invalid-input"


@pytest.mark.parametrize("media", ["text/plain", "application/xml", ""])
async def test_another_content_type_is_not_taken(probe: ServiceUnderTest, media: str) -> None:
    answer = await send(probe, b'{"name":"a","by":1}', Content_Type=media)

    assert answer.status_code == 415


async def test_a_body_over_one_mebibyte_is_refused_with_and_without_length(probe: ServiceUnderTest) -> None:
    big = b'{"name":"' + b"x" * (1024 * 1024) + b'","by":1}'

    async def chunks() -> Any:
        for start in range(0, len(big), 65536):
            yield big[start : start + 65536]

    announced = await send(probe, big)
    chunked = await probe.client.post(
        MOVE,
        content=chunks(),
        headers=bearer(TOKEN, key=secrets.token_hex(16)) | {"Content-Type": "application/json"},
    )

    assert (announced.status_code, chunked.status_code) == (413, 413)
    assert announced.json()["type"] == "/problems/body-too-large"


async def test_the_reason_comes_in_the_callers_language(probe: ServiceUnderTest) -> None:
    chinese = await send(probe, b'{"by":1}')
    english = await send(probe, b'{"by":1}', Accept_Language="en-GB,zh;q=0.4")

    assert chinese.json()["errors"][0]["detail"] == "此项必填"
    assert chinese.headers["content-language"] == "zh-CN"
    assert english.json()["errors"][0]["detail"] == "this field is required"


async def test_several_faults_are_told_at_once(probe: ServiceUnderTest) -> None:
    answer = await send(probe, b'{"by":"x","colour":"blue","more":1}')

    assert {e["pointer"] for e in answer.json()["errors"]} == {"/name", "/by", "/colour", "/more"}


@pytest.mark.parametrize("method", ["TRACE", "PATCH", "DELETE"])
async def test_a_method_that_is_not_offered_is_refused(probe: ServiceUnderTest, method: str) -> None:
    answer = await probe.client.request(method, MOVE, headers=bearer(TOKEN))

    assert answer.status_code == 405
    assert "POST" in answer.headers["allow"]


@pytest.mark.parametrize("text", ["' or '1'='1", "%", "_", "\\", ";drop table counter", "%00"])
async def test_hostile_text_in_a_path_is_only_text(probe: ServiceUnderTest, text: str) -> None:
    answer = await probe.client.put(
        f"{MOVE}/{text.replace('%', '%25')}",
        json={"name": "a", "by": 1},
        headers=bearer(TOKEN) | {"If-Match": '"1"'},
    )

    assert answer.status_code == 404
    assert answer.json()["type"] == "/problems/counter-missing"


async def test_headers_and_addresses_have_limits(probe: ServiceUnderTest) -> None:
    headers = await probe.client.get(MOVE, headers=bearer(TOKEN) | {"X-Long": "x" * 20_000})
    address = await probe.client.get(MOVE + "?limit=" + "1" * 5000, headers=bearer(TOKEN))

    assert (headers.status_code, address.status_code) == (431, 414)


async def test_every_reachable_refusal_is_documented(probe: ServiceUnderTest) -> None:
    document = (await probe.client.get("/openapi.json")).json()

    move = document["paths"][MOVE]["post"]["responses"]

    assert set(move) >= {
        "201",
        "400",
        "401",
        "403",
        "409",
        "413",
        "415",
        "422",
        "429",
        "500",
        "503",
        "default",
    }
    assert all("application/problem+json" in move[s]["content"] for s in move if s not in ("201",))
