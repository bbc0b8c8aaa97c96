"""The front office's own pages: ready, documented, and every problem explained."""

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
