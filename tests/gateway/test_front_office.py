"""The front office's own pages: ready, documented, and every problem explained."""

import json
import re

import httpx

from gateway.app import create_app
from gateway.reference.merging import merge
from gateway.reference.problem_pages import declared
from tests.gateway.serving import served
from tests.probe.document import probe_document
from tests.support.service import ServiceUnderTest
from tests.support.waiting import eventually


async def test_the_gateway_becomes_ready(gateway: ServiceUnderTest) -> None:
    async def ready() -> bool:
        return (await gateway.client.get("/readyz")).status_code == 200

    assert await eventually(ready)


async def test_the_merged_document_names_the_services_that_are_away(gateway: ServiceUnderTest) -> None:
    answer = await gateway.client.get("/openapi.json")

    document = answer.json()
    assert document["openapi"].startswith("3.1")
    assert set(document["x-unavailable"]) == {"registration", "credit", "licensing", "hotline"}
    assert "/oauth2/token" in document["paths"]


async def test_the_front_door_leads_to_what_can_be_called(gateway: ServiceUnderTest) -> None:
    answer = await gateway.get("/")

    assert (answer.status_code, answer.headers["location"]) == (303, "/docs")


async def test_the_documentation_page_loads_nothing_from_elsewhere(gateway: ServiceUnderTest) -> None:
    answer = await gateway.client.get("/docs", headers={"Accept-Language": "en"})

    assert answer.status_code == 200
    assert "/oauth2/token" in answer.text
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    assert "<script" not in answer.text
    assert "http://" not in answer.text
    assert "https://" not in answer.text


async def test_a_problem_type_is_explained_in_both_languages(gateway: ServiceUnderTest) -> None:
    plain = await gateway.client.get("/problems/upstream-timeout")
    page = await gateway.client.get(
        "/problems/upstream-timeout", headers={"Accept": "text/html", "Accept-Language": "en"}
    )

    assert plain.json()["status"] == 504
    assert set(plain.json()["title"]) == {"zh-CN", "en"}
    assert "did not answer in time" in page.text


async def test_an_unknown_problem_type_is_not_found(gateway: ServiceUnderTest) -> None:
    answer = await gateway.client.get("/problems/no-such-problem")

    assert answer.status_code == 404


async def test_the_gateway_starts_under_uvicorn_as_in_production(gateway: ServiceUnderTest) -> None:
    app = create_app(gateway.settings)

    async with served(app, lifespan="on") as port, httpx.AsyncClient(timeout=20) as client:

        async def ready() -> bool:
            return (await client.get(f"http://127.0.0.1:{port}/readyz")).status_code == 200

        assert await eventually(ready)


def test_a_services_problems_are_read_from_what_its_document_declares() -> None:
    found = declared({"hotline": probe_document()})

    stuck = found["counter-stuck"]
    assert (stuck.status, stuck.title_zh, stuck.title_en) == (409, "计数器不能再走", "The counter is stuck")
    assert found["idempotency-key-missing"].status == 400


def test_merging_keeps_schemas_of_the_same_name_apart() -> None:
    document = probe_document()

    merged = merge({"openapi": "3.1.0", "info": {}}, {"hotline": document, "credit": document}, [])

    schemas = merged["components"]["schemas"]
    assert {"HotlineCounterOut", "CreditCounterOut", "Problem"} <= set(schemas)
    references = set(re.findall(r"#/components/schemas/(\w+)", json.dumps(merged)))
    assert references <= set(schemas)
