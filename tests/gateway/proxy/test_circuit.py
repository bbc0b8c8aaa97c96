"""The circuit of a service: when it opens, what callers are told meanwhile, how it closes."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from prometheus_client import REGISTRY

from gateway.proxy import circuit as circuit_module
from gateway.proxy.circuit import FAILURES_TO_OPEN, OPEN_SECONDS, Circuit
from tests.gateway.proxy.raw_service import OK, Seen, always, get, proxy_before, raw_service
from tests.gateway.serving import RawAnswer, raw_request
from tests.support.waiting import eventually

COMMAND = get("/x", "Connection: close", "Accept-Language: en", method="POST")


def _is_open() -> bool:
    return REGISTRY.get_sample_value("tongban_gateway_circuit_open", {"upstream": "registration"}) == 1


def _slug(answer: RawAnswer) -> str:
    return str(json.loads(answer.body)["type"]).rpartition("/")[2]


async def test_a_service_that_is_away_is_not_asked_for_a_while_and_found_when_it_is_back(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(circuit_module, "OPEN_SECONDS", 0.5)
    async with raw_service(always(OK)) as reserved:
        free = reserved.port

    async with proxy_before(free) as port:
        away = [await raw_request(port, COMMAND) for _ in range(FAILURES_TO_OPEN)]
        refused = await raw_request(port, COMMAND)
        was_open = _is_open()
        async with raw_service(always(OK), free) as service:

            async def is_back() -> bool:
                return (await raw_request(port, COMMAND)).status == 200

            not_yet = len(service.connections)
            await eventually(is_back)

    assert {_slug(answer) for answer in away} == {"upstream-unreachable"}
    assert (refused.status, _slug(refused)) == (503, "circuit-open")
    assert refused.headers["retry-after"] == "1"
    assert refused.headers["x-tongban-origin"] == "gateway"
    assert refused.headers["ratelimit"]
    assert (was_open, _is_open(), not_yet) == (True, False, 0)


async def test_a_service_that_is_silent_opens_its_circuit_one_that_answers_errors_does_not() -> None:
    async def silent_or_broken(seen: Seen) -> None:
        head = await seen.head()
        if b"/error" in head:
            await seen.say(b"HTTP/1.1 500 No\r\nContent-Length: 0\r\n\r\n")
        elif b"/silent" in head:
            await seen.reader.read()

    async with (
        raw_service(silent_or_broken) as service,
        proxy_before(service.port, answer_seconds=0.05) as port,
    ):

        async def ask(path: str) -> int:
            return (await raw_request(port, get(path, "Connection: close", method="POST"))).status

        errors = [await ask("/error") for _ in range(FAILURES_TO_OPEN)]
        cut = [await ask("/cut") for _ in range(FAILURES_TO_OPEN)]
        silent = [await ask("/silent") for _ in range(FAILURES_TO_OPEN - 1)]
        between = await ask("/error")
        again = [await ask("/silent") for _ in range(FAILURES_TO_OPEN)]
        refused = await ask("/error")

    assert set(errors) == {500}
    assert set(cut) == {502}
    assert set(silent) == set(again) == {504}
    assert (between, refused) == (500, 503)


def test_an_open_circuit_lets_one_try_and_the_next_when_that_came_to_nothing() -> None:
    now = 0.0
    circuit = Circuit("of-a-table", lambda: now)
    for _ in range(FAILURES_TO_OPEN):
        circuit.failed()

    now = OPEN_SECONDS - 0.1
    assert circuit.seconds_to_wait() == 1
    now = OPEN_SECONDS
    assert [circuit.seconds_to_wait() for _ in range(2)] == [0, OPEN_SECONDS]
    now = 2 * OPEN_SECONDS
    assert circuit.seconds_to_wait() == 0
    circuit.failed()
    assert circuit.seconds_to_wait() == OPEN_SECONDS
    circuit.answered()
    assert circuit.is_closed


@given(st.lists(st.tuples(st.sampled_from(["asked", "failed", "answered"]), st.integers(0, 40)), max_size=60))
def test_an_open_circuit_lets_no_more_than_one_through_in_its_time(steps: list[tuple[str, int]]) -> None:
    now, failures, passed_at = 0.0, 0, [-OPEN_SECONDS]
    circuit = Circuit("of-a-property", lambda: now)

    for step, tenths in steps:
        now += tenths / 10
        if step == "failed":
            circuit.failed()
            failures += 1
        elif step == "answered":
            circuit.answered()
            failures, passed_at = 0, [now - OPEN_SECONDS]
        else:
            wait = circuit.seconds_to_wait()
            assert circuit.is_closed == (failures < FAILURES_TO_OPEN)
            assert circuit.is_closed <= (wait == 0)
            if not circuit.is_closed and wait == 0:
                assert now - passed_at[-1] >= OPEN_SECONDS
                passed_at.append(now)
            assert wait <= OPEN_SECONDS
