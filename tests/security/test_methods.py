"""Methods that are not offered, and methods in disguise (W12)."""

import json
import secrets

import pytest

from tests.gateway.serving import raw_request
from tests.security.conftest import Target
from tests.support.identities import bearer, person_token, still_good

TOKEN = person_token("ann", "hotline.counter.move", "hotline.counter.read")
OVERRIDES = ("X-HTTP-Method-Override", "X-HTTP-Method", "X-Method-Override")


@pytest.mark.parametrize("method", ["TRACE", "CONNECT", "PUT", "PROPFIND"])
@pytest.mark.parametrize("name", ["service", "gateway", "front_office"])
async def test_a_method_that_is_not_offered_is_refused_and_nothing_is_echoed(
    targets: dict[str, Target], name: str, method: str
) -> None:
    target, canary = targets[name], secrets.token_hex(8)
    lines = f"Host: g\r\nAuthorization: Bearer {still_good(TOKEN)}\r\nX-Canary: {canary}\r\nConnection: close"

    answer = await raw_request(target.port, f"{method} {target.path} HTTP/1.1\r\n{lines}\r\n\r\n".encode())

    assert answer.status == 405
    offered = {each.strip() for each in answer.headers["allow"].split(",")}
    assert "GET" in offered
    assert not {"TRACE", "CONNECT"} & offered
    assert json.loads(answer.body)["type"] == "/problems/method-not-allowed"
    assert canary.encode() not in answer.body


@pytest.mark.parametrize("header", OVERRIDES)
@pytest.mark.parametrize("name", ["service", "gateway"])
async def test_a_header_does_not_make_another_method_of_a_request(
    targets: dict[str, Target], name: str, header: str
) -> None:
    target = targets[name]
    counter = f"counter-{secrets.token_hex(4)}"
    async with target.client() as client:
        headers = bearer(TOKEN, key=secrets.token_hex(16))

        made = await client.post(
            target.path, json={"name": counter, "by": 1}, headers=headers | {header: "DELETE"}
        )
        read = await client.get(target.path, headers=headers | {header: "POST"}, params={"limit": 200})

    assert made.status_code == 201
    assert read.status_code == 200
    assert counter in read.text
