"""A service that is away, slow or broken: the caller is told what happened and where."""

import pytest

from tests.gateway.proxy.upstreams import Misbehaving
from tests.gateway.serving import raw_request
from tests.support.identities import bearer, person_token
from tests.support.service import ServiceUnderTest

TOKEN = person_token("ann", "credit.subject.read")


async def test_a_service_that_is_away_is_told_as_bad_gateway(gateway: ServiceUnderTest) -> None:
    answer = await gateway.client.get("/hotline/v1/tickets", headers=bearer(TOKEN, language="en"))

    assert answer.status_code == 502
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["x-tongban-origin"] == "gateway"
    assert int(answer.headers["retry-after"]) >= 1
    problem = answer.json()
    assert (problem["type"], problem["upstream"]) == ("/problems/upstream-unreachable", "hotline")
    assert "127.0.0.1" not in answer.text


async def test_a_service_that_does_not_answer_in_time_is_told_as_timeout(
    gateway: ServiceUnderTest, bad: Misbehaving
) -> None:
    before = bad.requests

    answer = await gateway.client.get("/credit/v1/slow", headers=bearer(TOKEN))

    assert answer.status_code == 504
    assert answer.json()["type"] == "/problems/upstream-timeout"
    assert answer.headers["retry-after"]
    assert bad.requests == before + 1


@pytest.mark.parametrize("path", ["close", "nonsense"])
async def test_a_command_that_the_service_may_have_seen_is_not_sent_twice(
    gateway: ServiceUnderTest, bad: Misbehaving, path: str
) -> None:
    before = bad.requests

    answer = await gateway.client.post(
        f"/credit/v1/{path}", json={}, headers=bearer(TOKEN, key="key-of-this-command")
    )

    assert answer.status_code == 502
    assert bad.requests == before + 1


async def test_an_answer_that_is_cut_does_not_look_whole(port: int) -> None:
    answer = await raw_request(port, b"GET /credit/v1/cut HTTP/1.1\r\nHost: g\r\n\r\n")

    assert answer.status == 200
    assert answer.body == b"half"
    assert not answer.complete


async def test_the_gateway_itself_stays_ready_while_services_are_away(gateway: ServiceUnderTest) -> None:
    answer = await gateway.client.get("/livez")

    assert answer.status_code == 200
