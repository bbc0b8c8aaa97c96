"""What the gateway tells of the services: which there are, their documents, what a token may call."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import jsonschema
import pytest_asyncio
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from gateway.reference.documents import ServiceDocuments
from gateway.reference.offered import offered
from gateway.reference.services import services_of
from shared.security.principal import Facts, Principal, SubjectKind
from tests.gateway.serving import served
from tests.probe.document import probe_document
from tests.support.identities import person_token
from tests.support.service import ServiceUnderTest

SERVICES = "/catalogue/services"
ALLOWED = "/catalogue/allowed"
READS = person_token("ann", "hotline.counter.read", "matters.matter.read")


@dataclass
class Telling:
    """A service that tells its document, byte for byte, unless it is made to fail."""

    body: bytes
    status: int = 200
    asked: int = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        self.asked += 1
        await Response(self.body, self.status, media_type="application/json")(scope, receive, send)


@asynccontextmanager
async def telling(document: dict[str, Any]) -> AsyncIterator[tuple[Telling, str]]:
    """Serve a document; yields the service and its base URL."""
    service = Telling(json.dumps(document, ensure_ascii=False, indent=1).encode())
    async with served(service) as port:
        yield service, f"http://127.0.0.1:{port}"


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def _hotline() -> AsyncIterator[tuple[Telling, str]]:
    async with telling(probe_document()) as running:
        yield running


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def hotline(_hotline: tuple[Telling, str]) -> Telling:
    """The one service that is there."""
    return _hotline[0]


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def extra_settings(_hotline: tuple[Telling, str]) -> dict[str, Any]:
    """Where it is."""
    return {"hotline_url": _hotline[1]}


async def test_everybody_sees_which_services_there_are_and_which_answer(gateway: ServiceUnderTest) -> None:
    listed = (await gateway.get(SERVICES)).json()["entries"]

    by_name = {service["name"]: service for service in listed}
    assert list(by_name) == ["credit", "gateway", "hotline", "licensing", "registration"]
    assert by_name["hotline"] == {
        "name": "hotline",
        "title_zh": "12345 工单",
        "title_en": "12345 hotline",
        "version": "1.0.0",
        "path_prefix": "/hotline/v1",
        "openapi": "/catalogue/services/hotline/openapi.json",
        "answered_last": True,
    }
    assert (by_name["credit"]["answered_last"], by_name["credit"]["version"]) == (False, None)
    assert by_name["gateway"]["answered_last"]


async def test_the_list_of_services_goes_on_page_by_page(gateway: ServiceUnderTest) -> None:
    first = await gateway.get(SERVICES, limit=3)
    second = await gateway.get(SERVICES, limit=3, cursor=first.json()["next_cursor"])

    assert [len(page.json()["entries"]) for page in (first, second)] == [3, 2]
    assert (second.json()["entries"][0]["name"], second.json()["next_cursor"]) == ("licensing", None)


async def test_a_services_own_document_is_served_as_it_wrote_it(
    gateway: ServiceUnderTest, hotline: Telling
) -> None:
    path = f"{SERVICES}/hotline/openapi.json"
    answer = await gateway.get(path)
    again = await gateway.client.get(path, headers={"If-None-Match": f'"other", {answer.headers["etag"]}'})
    changed = await gateway.client.get(path, headers={"If-None-Match": '"other"'})

    assert answer.content == hotline.body
    assert answer.headers["content-type"] == "application/json"
    assert answer.headers["cache-control"] == "public, max-age=60"
    assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", answer.headers["etag"])
    assert changed.status_code == 200
    assert hotline.asked <= 2  # kept for a minute, whoever asks


async def test_the_gateways_own_document_tells_of_these_very_routes(gateway: ServiceUnderTest) -> None:
    own = (await gateway.get(f"{SERVICES}/gateway/openapi.json")).json()
    merged = (await gateway.get("/openapi.json")).json()

    told = {SERVICES, f"{SERVICES}/{{name}}/openapi.json", ALLOWED}
    assert told <= set(own["paths"])
    assert told <= set(merged["paths"])
    assert "/probe/v1/counters" in merged["paths"]
    assert "/probe/v1/counters" not in own["paths"]


async def test_an_unknown_service_and_one_that_cannot_be_had_are_told_apart(
    gateway: ServiceUnderTest,
) -> None:
    unknown = await gateway.get(f"{SERVICES}/treasury/openapi.json")
    away = await gateway.get(f"{SERVICES}/credit/openapi.json")

    assert (unknown.status_code, unknown.json()["type"]) == (404, "/problems/service-not-found")
    assert (away.status_code, away.json()["type"]) == (503, "/problems/service-document-unavailable")
    assert away.json()["service"] == "credit"
    assert int(away.headers["retry-after"]) >= 1
    for refused in (unknown, away):
        assert (await gateway.get(refused.json()["type"])).json()["status"] == refused.status_code


async def test_a_token_is_told_every_operation_that_it_opens_and_no_other(gateway: ServiceUnderTest) -> None:
    document = probe_document()

    answer = await gateway.get(ALLOWED, READS, service="hotline", limit=200)

    page = answer.json()
    allowed = {(each["method"], each["path"]): each for each in page["entries"]}
    expected = {
        (method.upper(), path)
        for path, operations in document["paths"].items()
        for method, operation in operations.items()
        if operation["security"] in ([], [{"tongban": ["hotline.counter.read"]}])
    }
    assert set(allowed) == expected
    read = allowed["GET", "/probe/v1/counters"]
    assert (read["service"], read["scope"], read["acr"]) == ("hotline", "hotline.counter.read", None)
    assert read["summary"] == document["paths"]["/probe/v1/counters"]["get"]["summary"]
    assert ("POST", "/probe/v1/counters") not in allowed
    assert page["unreachable"] == []


async def test_what_is_allowed_covers_all_services_and_names_those_that_are_away(
    gateway: ServiceUnderTest,
) -> None:
    entries: list[dict[str, Any]] = []
    cursor: dict[str, str] = {}
    while True:
        page = (await gateway.get(ALLOWED, READS, limit=7, **cursor)).json()
        entries += page["entries"]
        if page["next_cursor"] is None:
            break
        cursor = {"cursor": page["next_cursor"]}

    keys = [(each["service"], each["path"], each["method"]) for each in entries]
    assert keys == sorted(set(keys))
    assert {each["scope"] for each in entries} == {None, "hotline.counter.read", "matters.matter.read"}
    assert page["unreachable"] == ["credit", "licensing", "registration"]


async def test_without_a_good_token_nothing_is_said_of_tokens(gateway: ServiceUnderTest) -> None:
    without = await gateway.get(ALLOWED)
    forged = await gateway.get(ALLOWED, READS[:-4] + "AAAA")

    assert [answer.status_code for answer in (without, forged)] == [401, 401]
    assert without.headers["www-authenticate"] == "Bearer"


def test_an_operation_that_asks_for_a_stronger_sign_in_is_not_open_to_a_weaker_one() -> None:
    rule = {"scope": "a.b.c", "acr": "urn:tongban:acr:two-factor"}
    [operation] = offered("x", {"paths": {"/x": {"get": {"summary": "x", "x-tongban-access": rule}}}})

    def open_to(acr: str | None, kind: SubjectKind = SubjectKind.PERSON, scope: str = "a.b.c") -> bool:
        facts = Facts(subject_kind=kind, acr=acr)
        return operation.is_open_to(Principal("ann", "app", frozenset({scope}), "t", 0, facts=facts))

    assert [open_to(acr) for acr in (None, "urn:other", "urn:tongban:acr:password")] == [False] * 3
    assert open_to("urn:tongban:acr:two-factor")
    assert open_to("urn:tongban:acr:face")
    assert not open_to("urn:tongban:acr:face", scope="a.b.d")
    assert open_to(None, SubjectKind.CLIENT)


def test_every_operation_states_its_rule_in_the_standard_way_and_in_ours() -> None:
    document = probe_document()

    rules = [
        (operation["x-tongban-access"], operation["security"])
        for operations in document["paths"].values()
        for operation in operations.values()
    ]
    assert rules
    for rule, security in rules:
        assert security == ([{"tongban": [rule["scope"]]}] if "scope" in rule else [])
        assert ("public" in rule) != ("scope" in rule)


def test_every_problem_that_an_answer_names_is_explained_in_the_document() -> None:
    document = probe_document()
    schema = {
        "type": "object",
        "required": ["status", "title", "detail"],
        "properties": {name: {"required": ["zh-CN", "en"]} for name in ("title", "detail")},
    }

    assert document["x-problems"]["counter-stuck"]["status"] == 409
    for kind in document["x-problems"].values():
        jsonschema.validate(kind, schema)
    for operations in document["paths"].values():
        for operation in operations.values():
            for status, answer in operation["responses"].items():
                named = [part.split("`")[1] for part in answer["description"].split("; ") if "`" in part]
                assert all(str(document["x-problems"][slug]["status"]) == status for slug in named)


async def test_a_service_that_goes_away_is_known_by_its_last_document_until_it_comes_back() -> None:
    now = 1000.0
    async with telling({"openapi": "3.1.0", "paths": {}, "info": {"version": "1"}}) as (service, url):
        documents = ServiceDocuments(services_of({"hotline": url}), clock=lambda: now)
        first = await documents.of("hotline")
        service.status = 503
        now += 59
        fresh = await documents.of("hotline")
        now += 2
        away = await documents.of("hotline")
        service.status, service.body = 200, b'{"openapi": "3.1.0", "paths": {}, "info": {"version": "2"}}'
        still = await documents.of("hotline")
        now += 4
        back = await documents.of("hotline")

    assert [standing.answered_last for standing in (first, fresh, away, still, back)] == [
        *(True, True, False, False, True)
    ]
    assert first.told is away.told is still.told
    assert back.told is not None
    assert back.told.document["info"]["version"] == "2"
    assert service.asked == 3


async def test_what_is_no_document_counts_as_no_answer() -> None:
    async with telling({}) as (service, url):
        for body in (b"[]", b"{}", b"<html>", b'{"paths": []}'):
            service.body = body
            standing = await ServiceDocuments(services_of({"hotline": url})).of("hotline")
            assert (standing.told, standing.answered_last) == (None, False)


async def test_one_service_that_hangs_does_not_hold_up_the_document_of_another() -> None:
    async def silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()
        writer.close()

    hanging = await asyncio.start_server(silent, "127.0.0.1", 0)
    nowhere = f"http://127.0.0.1:{hanging.sockets[0].getsockname()[1]}"
    async with telling({"openapi": "3.1.0", "paths": {}}) as (_, url):
        documents = ServiceDocuments(services_of({"hotline": url, "credit": nowhere}))
        waiting = asyncio.create_task(documents.of("credit"))
        told = await documents.of("hotline")
        is_still_waiting = not waiting.done()
        waiting.cancel()
    hanging.close()

    assert told.answered_last
    assert is_still_waiting
