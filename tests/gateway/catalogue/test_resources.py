"""The data-sharing catalogue is there for everybody to read."""

from typing import Any

from tests.support.service import ServiceUnderTest


async def test_anybody_sees_resources_with_owner_class_and_fields(gateway: ServiceUnderTest) -> None:
    answer = await gateway.get("/catalogue/v1/resources")

    assert answer.status_code == 200, answer.text
    resources = {resource["key"]: resource for resource in answer.json()["entries"]}
    enterprise = resources["registration.enterprise"]
    assert enterprise["owner_uscc"] == "11140881MB9Y00016L"
    assert enterprise["sharing_class"] == "conditional"
    fields = {field["name"]: field["field_class"] for field in enterprise["fields"]}
    assert fields["name"] == "public"
    assert fields["contact_phone"] == "personal"


async def test_resources_are_paged_in_a_stable_order(gateway: ServiceUnderTest) -> None:
    everything = [r["key"] for r in (await gateway.get("/catalogue/v1/resources")).json()["entries"]]

    seen: list[str] = []
    cursor = None
    while cursor is not None or not seen:
        params: dict[str, Any] = {"limit": 1} | ({"cursor": cursor} if cursor else {})
        page = (await gateway.get("/catalogue/v1/resources", **params)).json()
        seen += [r["key"] for r in page["entries"]]
        cursor = page["next_cursor"]

    assert seen == everything == sorted(everything)


async def test_an_unknown_resource_is_not_there(gateway: ServiceUnderTest) -> None:
    answer = await gateway.get("/catalogue/v1/resources/registration.nothing")

    assert answer.status_code == 404
    assert answer.json()["type"] == "/problems/resource-not-found"
