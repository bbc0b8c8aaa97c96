"""What the one-time notice tells, at the edges of every condition, and how wrong answers are refused."""

import itertools
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.licensing.domain.notice import compose_notice
from services.licensing.use_cases.rulebook import industry_for
from shared.region import RegionPack, load_region_pack
from tests.licensing.restaurant import ANSWERS
from tests.support.service import REGION_PACK, ServiceUnderTest

NOTICE = "/licensing/v1/industries/restaurant/notice"
PACK = load_region_pack(REGION_PACK)


async def told(service: ServiceUnderTest, **changes: Any) -> dict[str, Any]:
    answer = await ask(service, ANSWERS | changes)
    assert answer.status_code == 200, answer.text
    notice: dict[str, Any] = answer.json()
    return notice


async def ask(service: ServiceUnderTest, answers: dict[str, Any]) -> httpx.Response:
    return await service.client.post(NOTICE, json={"answers": answers}, headers={"Accept-Language": "en"})


def items(entries: list[dict[str, Any]]) -> set[str]:
    return {entry["item"] for entry in entries}


@pytest.mark.parametrize(
    ("changes", "item", "is_required"),
    [
        ({"floor_area_m2": 50}, "fire_check", True),
        ({"floor_area_m2": 49}, "fire_check", False),
        ({"is_assembly_place": False}, "fire_check", False),
        ({"sells_tobacco": True}, "tobacco", True),
        ({"sells_tobacco": False}, "tobacco", False),
        ({"discharges_to_sewer": True}, "drainage", True),
        ({"discharges_to_sewer": False}, "drainage", False),
        ({"floor_area_m2": 1, "is_assembly_place": False}, "food_operation", True),
    ],
)
async def test_a_permit_is_asked_for_exactly_where_its_condition_holds(
    licensing: ServiceUnderTest, changes: dict[str, Any], item: str, is_required: bool
) -> None:
    notice = await told(licensing, **changes)

    assert (item in items(notice["required"])) is is_required
    assert (item in items(notice["not_required"])) is not is_required


async def test_what_is_not_needed_is_told_with_its_agency_and_reason(licensing: ServiceUnderTest) -> None:
    notice = await told(licensing)

    [drainage] = [entry for entry in notice["not_required"] if entry["item"] == "drainage"]
    assert "sewers" in drainage["reason"]["en"]
    assert drainage["agency"]["uscc"] == "11140881MB9Y00120Q"


async def test_a_needed_permit_tells_agency_mode_limits_and_inspection(licensing: ServiceUnderTest) -> None:
    notice = await told(licensing)

    [fire] = [entry for entry in notice["required"] if entry["item"] == "fire_check"]
    assert fire["agency"]["uscc"] == "11140881MB9Y00083J"
    assert fire["mode"] == "commitment"
    assert fire["offers_commitment"] is True
    assert fire["promised_limit"] == {"value": "13", "unit": "working_day"}
    assert (fire["onsite_check"], fire["onsite_within"]["value"]) == ("after", "20")


async def test_a_paper_that_the_suite_has_is_waived_and_says_who_has_it(licensing: ServiceUnderTest) -> None:
    notice = await told(licensing)

    [licence] = [m for m in notice["materials_waived"] if m["key"] == "business_licence"]
    assert licence["shared_from"] == "registration.enterprise"
    assert licence["needed_for"] == ["food_operation", "signboard", "fire_check"]
    assert "business_licence" not in {m["key"] for m in notice["materials"]}


@given(
    area=st.integers(1, 100_000),
    tobacco=st.booleans(),
    sewer=st.booleans(),
    assembly=st.booleans(),
)
def test_a_notice_repeats_nothing_and_drops_nothing(
    area: int, tobacco: bool, sewer: bool, assembly: bool
) -> None:
    answers: dict[str, bool | int] = {
        "floor_area_m2": area,
        "sells_tobacco": tobacco,
        "discharges_to_sewer": sewer,
        "is_assembly_place": assembly,
    }

    industry = industry_for(PACK, "restaurant", answers)
    notice = compose_notice(industry, answers, PACK.version)

    texts = [condition.text for condition in notice.conditions]
    papers = [(m.key, m.name, m.shared_from) for m in (*notice.materials, *notice.waived)]
    assert len(set(texts)) == len(texts)
    assert len(set(papers)) == len(papers)
    assert set(texts) == {c for rule in industry.required for c in rule.conditions}
    assert set(papers) == {
        (m.key, m.name, m.shared_from) for rule in industry.required for m in rule.materials
    }
    whole = len(industry.required) + len(industry.not_required)
    assert whole == len(PACK.scheme("restaurant").component_permits)


async def test_the_notice_has_another_version_for_other_answers(licensing: ServiceUnderTest) -> None:
    first = await told(licensing)
    again = await told(licensing)
    other = await told(licensing, floor_area_m2=181)

    assert first["notice_version"] == again["notice_version"] != other["notice_version"]
    assert first["pack_version"] == other["pack_version"]


@pytest.mark.parametrize(
    ("answers", "pointer", "code"),
    [
        ({k: v for k, v in ANSWERS.items() if k != "sells_tobacco"}, "/answers/sells_tobacco", "missing"),
        (ANSWERS | {"floor_area_m2": True}, "/answers/floor_area_m2", "type"),
        (ANSWERS | {"floor_area_m2": 0}, "/answers/floor_area_m2", "minimum"),
        (ANSWERS | {"floor_area_m2": 100_001}, "/answers/floor_area_m2", "maximum"),
        (ANSWERS | {"floor_area_m2": "180"}, "/answers/floor_area_m2", "type"),
        (ANSWERS | {"floor_area_m2": 180.0}, "/answers/floor_area_m2", "type"),
        (ANSWERS | {"sells_tobacco": 1}, "/answers/sells_tobacco", "type"),
        (ANSWERS | {"moon": True}, "/answers/moon", "extra_forbidden"),
    ],
)
async def test_a_wrong_answer_is_refused_with_its_pointer(
    licensing: ServiceUnderTest, answers: dict[str, Any], pointer: str, code: str
) -> None:
    refused = await ask(licensing, answers)

    assert refused.status_code == 400
    assert refused.json()["errors"][0] | {"detail": ""} == {"pointer": pointer, "code": code, "detail": ""}


async def test_odd_answers_never_break_the_service(licensing: ServiceUnderTest) -> None:
    odd: tuple[Any, ...] = (None, "180", 1.5, -1, 10**30, [1], {"a": 1}, "")
    for value, name in itertools.product(odd, ("floor_area_m2", "sells_tobacco")):
        assert (await ask(licensing, ANSWERS | {name: value})).status_code == 400


async def test_an_industry_that_the_region_does_not_have_is_not_found(licensing: ServiceUnderTest) -> None:
    answer = await licensing.client.post(
        "/licensing/v1/industries/moon_base/notice", json={"answers": {}}, headers={"Accept-Language": "en"}
    )

    assert answer.status_code == 404
    assert answer.json()["type"] == "/problems/industry-unknown"


async def test_the_directory_lists_every_scheme_of_the_pack(
    licensing: ServiceUnderTest, pack: RegionPack
) -> None:
    listed = (await licensing.get("/licensing/v1/industries")).json()["industries"]
    detail = (await licensing.get("/licensing/v1/industries/restaurant")).json()

    assert [entry["code"] for entry in listed] == [scheme.key for scheme in pack.schemes]
    assert set(detail["questions"]["required"]) == set(ANSWERS)
    assert {i["item"] for i in detail["items"] if not i["is_conditional"]} == {"food_operation", "signboard"}
