"""Every operation of every document: who gets in, what an absent or another's record says, what bad input does.

The cases come from the documents that the apps themselves serve, so a new route is tried the day it is written. It
needs an example for its body, and a record in `populated.py` where its path names a new kind of thing.
"""

import json
import re
from collections.abc import AsyncIterator
from itertools import product
from typing import Any
from urllib.parse import quote

import pytest
import pytest_asyncio

from deploy.local.postgres import Cluster
from tests.security.operations import ABSENT_USCC, ABSENT_UUID, FORM, Operation
from tests.security.populated import SERVICES, Populated, populated
from tests.security.wire import Answer
from tests.support.identities import person_token

# Nobody's own. The licence: whoever has the scope reads it, its signed content stays hidden without a grant. Imports:
# the officers who take over the old registers go on with each other's files. Claims: that there is an enterprise or a
# permit is public, what it holds is told under a grant only. Files of outside systems: which there are is public.
OPEN_RECORDS = (
    "GET /registration/v1/enterprises/{uscc}/licence",
    "GET /progress/v1/subjects/{uscc}/records",
    "POST /registration/v1/enterprises/{uscc}/verification",
    "/registration/v1/enterprises/{uscc}/exit-bars",
    "/registration/v1/notices/{notice_id}",
    "/registration/v1/liquidations/{liquidation_id}",
    "POST /credit/v1/subjects/{uscc}/verification",
    "POST /licensing/v1/permits/{number}/verification",
    "POST /integrations/v1/files/{system}",
)
# Public, and yet it asks for a token, of any person.
ASKS_ITSELF = {"GET /oauth2/userinfo", "GET /catalogue/allowed"}
# Filters whose names are not those of records, and the record whose key is tried there.
ANY_KEY = {"record_key": "uscc", "subject": "uscc"}
# Streams that go on, and browsers' ways that only lead elsewhere.
NO_ANSWER_OF_THEIR_OWN = ("GET /subscriptions/v1/events",)
PERSONAL = re.compile(
    "id_?(number|no|card)|phone|mobile|mail|address|birth|surname|(person|legal|real|given|full|user)_?name|account_no"
)
HOSTILE = {
    "nul": "%00",
    "lone percent sign": "%",
    "no number after the percent sign": "%zz",
    "not UTF-8": "%ff%fe",
    "surrogate": "%ed%a0%80",
    "very long": "a" * 3000,
    "SQL condition": "%27%20OR%20%271%27%3D%271",
    "SQL command": "%27%3B%20drop%20table%20outbox%3B--",
    "wildcards": "%25_%5C",
    "unicode": "%E5%BC%A0%E2%80%AE%F0%A0%AE%B7%EF%BB%BF",
    "another line": "1%0d%0aX-Injected:%20yes",
    "path": "..%2f..%2f..%2fetc%2fpasswd",
    "empty": "",
    "huge number": "9" * 40,
    "negative number": "-1",
    "no number": "NaN",
    "year zero": "0000-00-00",
}


@pytest_asyncio.fixture(scope="module", loop_scope="session", params=SERVICES)
async def suite(
    request: pytest.FixtureRequest, cluster: Cluster, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Populated]:
    """One service after the other, filled."""
    async with populated(request.param, cluster, tmp_path_factory.mktemp(request.param)) as running:
        yield running


def secured(suite: Populated) -> list[Operation]:
    """Operations that ask for a scope."""
    return [each for each in suite.operations if each.is_secured]


def encoded(body: Any) -> bytes | None:
    """A JSON body."""
    return None if body is None else json.dumps(body, ensure_ascii=False).encode()


def refused(answer: Answer, status: int, slug: str) -> bool:
    """Whether an answer is this problem."""
    return answer.status == status and json.loads(answer.body)["type"] == f"/problems/{slug}"


async def test_nobody_without_a_token_gets_past_a_guarded_door(suite: Populated) -> None:
    faults = []
    for operation in suite.operations:
        answer = await suite.ask(operation, operation.target(), None, encoded(operation.sample_body()))
        faults.append(operation.fault_of(answer))
        needs_token = operation.is_secured or operation.name in ASKS_ITSELF
        if needs_token != (answer.status == 401) and not operation.takes_form:
            faults.append(f"{operation.name} without a token: {answer.status}")
        if answer.status == 401 and "www-authenticate" not in answer.headers:
            faults.append(f"{operation.name}: no challenge")

    assert [fault for fault in faults if fault] == []


async def test_a_token_that_is_none_is_refused_at_every_door(suite: Populated) -> None:
    faults = []
    for operation in suite.operations:
        answer = await suite.ask(operation, operation.target(), "x.y.z", encoded(operation.sample_body()))
        faults.append(operation.fault_of(answer))
        if operation.is_secured and not refused(answer, 401, "unauthenticated"):
            faults.append(f"{operation.name} with a forged token: {answer.status}")

    assert [fault for fault in faults if fault] == []


async def test_a_token_without_the_scope_opens_nothing(suite: Populated) -> None:
    token, faults = person_token("ann"), []
    for operation in secured(suite):
        target = operation.target(_own(suite, operation))
        answer = await suite.ask(operation, target, token, encoded(operation.sample_body()))
        faults.append(operation.fault_of(answer))
        if not refused(answer, 403, "insufficient-scope"):
            faults.append(f"{operation.name} without {operation.scope}: {answer.status}")

    assert [fault for fault in faults if fault] == []


async def test_what_is_absent_is_said_to_be_absent(suite: Populated) -> None:
    faults = []
    for operation in suite.operations:
        for token in (suite.insider, *suite.strangers.values()):
            answer = await suite.ask(operation, operation.target(), token, encoded(operation.sample_body()))
            faults.append(operation.fault_of(answer))
            if operation.names("path") and answer.status not in (403, 404):
                faults.append(f"{operation.name} on nothing: {answer.status} {answer.body[:200]!r}")

    assert [fault for fault in faults if fault] == []


async def test_anothers_record_looks_like_an_absent_one(suite: Populated) -> None:
    faults = []
    for operation in secured(suite):
        own = _own(suite, operation)
        if not own or any(each in operation.name for each in OPEN_RECORDS):
            continue
        first = operation.names("path")[0]
        without = {name: value for name, value in own.items() if name != first}
        for who, token in suite.strangers.items():
            body = encoded(operation.sample_body())
            of_another = await suite.ask(operation, operation.target(own), token, body)
            of_nobody = await suite.ask(operation, operation.target(without), token, body)
            told = [_said(of_another, own[first]), _said(of_nobody, operation.absent(first))]
            if told[0] != told[1] or of_another.status not in (403, 404):
                faults.append(f"{operation.name} to a strange {who}: {told}")

    assert faults == []


async def test_a_filter_by_anothers_record_finds_as_little_as_one_by_nothing(suite: Populated) -> None:
    faults = []
    for operation in secured(suite):
        if operation.method != "GET" or operation.names("path"):
            continue
        for name in {*operation.names("query")} & {*suite.records, *ANY_KEY}:
            own = suite.records.get(name) or suite.records[ANY_KEY[name]]
            nothing = ABSENT_UUID if "-" in own else ABSENT_USCC
            for who, token in suite.strangers.items():
                found = await suite.ask(operation, operation.target(None, **{name: quote(own)}), token)
                none = await suite.ask(operation, operation.target(None, **{name: quote(nothing)}), token)
                told = [_said(found, own), _said(none, nothing)]
                if told[0] != told[1]:
                    faults.append(f"{operation.name} by {name} to a strange {who}: {told}")

    assert faults == []


async def test_no_cache_keeps_what_is_not_told_to_everybody_alike(suite: Populated) -> None:
    faults, personal = [], 0
    for operation in suite.operations:
        if operation.method != "GET" or operation.name in NO_ANSWER_OF_THEIR_OWN:
            continue
        target = operation.target(_own(suite, operation))
        answer = await suite.ask(operation, target, suite.insider)
        if "no-store" in answer.headers["cache-control"]:
            personal += answer.status == 200
        elif operation.is_secured or answer.body != (await suite.ask(operation, target, None)).body:
            faults.append(f"{operation.name}: {answer.status} {answer.headers['cache-control']}")

    assert faults == []
    assert personal > 0


def test_no_address_takes_a_personal_value(suite: Populated) -> None:
    taken = [
        f"{operation.name}: {name}"
        for operation in suite.operations
        for place in ("path", "query")
        for name in operation.names(place)
        if PERSONAL.search(name)
    ]

    assert taken == []


async def test_hostile_values_break_no_door(suite: Populated) -> None:
    faults = []
    for turn, operation in enumerate(suite.operations):
        names = [(place, name) for place in ("path", "query") for name in operation.names(place)]
        tried = list(product(names, HOSTILE.items()))
        # What no operation knows meets the same code everywhere: each tries one value, and all together all.
        tried.append((("query", "no_such_parameter"), list(HOSTILE.items())[turn % len(HOSTILE)]))
        for (place, name), (what, value) in tried:
            target = _hostile_target(operation, place, name, value)
            answer = await suite.ask(operation, target, suite.insider, encoded(operation.sample_body()))
            elsewhere = place == "path" and answer.status in (404, 405)
            fault = None if elsewhere else operation.fault_of(answer)
            if fault or "x-injected" in answer.headers:
                faults.append(f"{name} = {what}: {fault}")

    assert faults == []


async def test_a_body_of_another_shape_is_refused_with_its_place(suite: Populated) -> None:
    faults = []
    for operation in suite.operations:
        if operation.body is None:
            continue
        for body, pointer in _misshapen(operation):
            answer = await suite.ask(
                operation, operation.target(_own(suite, operation)), suite.insider, encoded(body)
            )
            faults.append(operation.fault_of(answer))
            pointers = [each["pointer"] for each in json.loads(answer.body).get("errors", ())]
            if answer.status != 400 or not any(found.startswith(pointer) for found in pointers):
                faults.append(f"{operation.name} {pointer}: {answer.status} {answer.body[:300]!r}")

    assert [fault for fault in faults if fault] == []


async def test_bytes_that_are_no_body_are_refused(suite: Populated) -> None:
    faults = []
    for operation in suite.operations:
        if operation.method not in ("POST", "PUT", "PATCH"):
            continue
        for body, media in ((b"{", "application/json"), (b"<a/>", "application/xml"), (b"\xff", FORM)):
            answer = await suite.ask(operation, operation.target(), suite.insider, body, media)
            faults.append(operation.fault_of(answer))
            if operation.body is not None and answer.status not in (400, 415):
                faults.append(f"{operation.name} with {media}: {answer.status}")

    assert [fault for fault in faults if fault] == []


def test_every_kind_of_record_has_one_of_somebodys(suite: Populated) -> None:
    named = {name for operation in secured(suite) for name in operation.names("path")}

    assert named - set(suite.records) - {"code"} == set()


def _own(suite: Populated, operation: Operation) -> dict[str, str]:
    return {name: suite.records[name] for name in operation.names("path") if name in suite.records}


def _said(answer: Answer, record: str) -> dict[str, Any]:
    body = answer.body.decode()
    told: dict[str, Any] = json.loads(body if record.isdigit() else body.replace(record, "{record}"))
    return {
        name: "{record}" if str(value) == record else value
        for name, value in told.items()
        if name != "instance"
    }


def _hostile_target(operation: Operation, place: str, name: str, value: str) -> str:
    if place == "query":
        return operation.target(None, **{name: value})
    marked = operation.target({name: "MARKED"})
    return marked.replace("MARKED", value)


def _misshapen(operation: Operation) -> list[tuple[Any, str]]:
    schema = operation.body or {}
    whole = operation.sample_body()
    made: list[tuple[Any, str]] = [
        ([], ""),
        ("text", ""),
        (7, ""),
        (whole | {"no_such_field": 1}, "/no_such_field"),
    ]
    for name, inner in schema.get("properties", {}).items():
        wrong: Any = "x" if inner.get("type") == "array" else [[]]
        made.append((whole | {name: wrong}, f"/{name}"))
    made += [
        ({each: value for each, value in whole.items() if each != name}, f"/{name}")
        for name in schema.get("required", ())
    ]
    return made
