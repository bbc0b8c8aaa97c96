"""The catalogue as everybody sees it: searched by need, filtered, guided in two languages, counted."""

from typing import Any

import pytest

from gateway.catalogue.items.sweeps import seed_sweep
from shared.region import RegionPack
from tests.gateway.items.builders import ITEMS, MARKET, URBAN_CLIENT, codes, published, revised, until_seeded
from tests.support.service import ServiceUnderTest

ACCESS = "/catalogue/v1/market-access"
PUBLISHED = "cn.tongban.gateway.item.published.v1"
TOWN = "140881100"


async def test_who_wants_to_open_a_restaurant_finds_the_theme_and_its_permits(
    gateway: ServiceUnderTest,
) -> None:
    await until_seeded(gateway)

    plain = await codes(gateway, q="开饭店")
    wordy = await codes(gateway, q="我想开一家小吃店，需要办理什么手续？")
    english = await codes(gateway, q="Restaurant")

    assert plain[0] == "matters.open_restaurant"
    assert {"licensing.food_operation", "licensing.fire_check", "licensing.signboard"} <= set(plain)
    assert wordy == english == plain
    assert "registration.establishment" not in plain


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("公司注销", "registration.deregistration"),
        ("卖烟", "licensing.tobacco"),
        ("社保开户", "human_resources.social_insurance"),
        ("食品经营许可证", "licensing.food_operation"),
        ("刻章", "police.seal_filing"),
        ("派出所", "licensing.special_trade_hotel"),
        ("12345", "hotline.request"),
    ],
)
async def test_people_find_items_by_their_own_words(
    gateway: ServiceUnderTest, words: str, expected: str
) -> None:
    await until_seeded(gateway)

    found = await codes(gateway, q=words)

    assert expected in found
    assert len(found) < len(await codes(gateway))


async def test_words_of_nothing_find_nothing(gateway: ServiceUnderTest) -> None:
    await until_seeded(gateway)

    assert await codes(gateway, q="月球采矿") == []
    assert await codes(gateway, q="？！") == []


@pytest.mark.parametrize(
    ("filters", "inside", "outside"),
    [
        ({"level": "village"}, "hotline.request", "licensing.tobacco"),
        ({"department": MARKET}, "licensing.food_operation", "licensing.signboard"),
        ({"type": "one_thing"}, "matters.open_restaurant", "licensing.tobacco"),
        ({"town": TOWN}, "licensing.signboard", "licensing.tobacco"),
        ({"life_event": "close_a_business"}, "registration.deregistration", "licensing.tobacco"),
        ({"cross_region": "multi_site"}, "registration.relocation", "registration.establishment"),
        ({"subject": "person"}, "hotline.request", "licensing.tobacco"),
        ({"zero_material": "true"}, "hotline.request", "licensing.tobacco"),
        ({"online_full": "false"}, "bank.account", "licensing.tobacco"),
        ({"level": "town", "instant": "true"}, "licensing.signboard", "licensing.food_operation"),
        ({"channel": "hall", "department": MARKET}, "licensing.drug_retail", "bank.account"),
    ],
    ids=lambda value: next(iter(value)) if isinstance(value, dict) else "",
)
async def test_lists_narrow_by_each_filter(
    gateway: ServiceUnderTest, filters: dict[str, str], inside: str, outside: str
) -> None:
    await until_seeded(gateway)

    found = await codes(gateway, **filters)

    assert inside in found
    assert outside not in found
    assert found == sorted(found)


@pytest.mark.parametrize("words", [{}, {"q": "许可"}], ids=["by code", "by need"])
async def test_pages_follow_one_another_without_gap_or_repetition(
    gateway: ServiceUnderTest, words: dict[str, str]
) -> None:
    await until_seeded(gateway)
    everything = await codes(gateway, **words)
    seen: list[str] = []
    cursor = None

    while cursor is not None or not seen:
        params: dict[str, Any] = {"limit": 3, **words} | ({"cursor": cursor} if cursor else {})
        page = (await gateway.get(ITEMS, **params)).json()
        seen += [entry["code"] for entry in page["entries"]]
        cursor = page["next_cursor"]

    assert seen == everything
    assert len(everything) > 6


async def test_a_guide_is_told_in_the_callers_language_and_says_what_need_not_be_brought(
    gateway: ServiceUnderTest,
) -> None:
    await until_seeded(gateway)
    path = f"{ITEMS}/licensing.food_operation"

    chinese = await gateway.client.get(path)
    english = await gateway.client.get(path, headers={"Accept-Language": "en"})

    assert chinese.json()["title"] == "食品经营许可"
    assert english.json()["title"] == "Food operation permit"
    assert (chinese.headers["content-language"], english.headers["content-language"]) == ("zh-CN", "en")
    assert chinese.headers["etag"] != english.headers["etag"]
    papers = {paper["code"]: paper for paper in english.json()["materials"]}
    licence = papers["business_licence"]
    assert (licence["is_demanded"], licence["shared_from"]) == (False, "registration.enterprise")
    assert licence["provided_by"] == "Administrative Approval Service Bureau of Yongji"
    assert papers["health_certificates"]["proof"] == "health_certificate"


async def test_figures_stand_beside_the_policys_targets_and_say_what_is_not_met(
    gateway: ServiceUnderTest,
) -> None:
    await until_seeded(gateway)
    total, in_town = len(await codes(gateway)), len(await codes(gateway, town=TOWN))
    offline = await codes(gateway, online_full="false")

    figures = (await gateway.get(f"{ITEMS}/stats")).json()["figures"]
    of_market = (await gateway.get(f"{ITEMS}/stats", department=MARKET)).json()["figures"]

    by_place = {(figure["figure"], figure["place"]): figure for figure in figures}
    online = by_place["online_rate", "140881"]
    assert (online["numerator"], online["denominator"]) == (total - len(offline), total)
    assert (online["target"], online["target_year"], online["met"]) == ("90", 2021, True)
    town = by_place["town_items", TOWN]
    assert (town["value"], town["target"], town["met"]) == (str(in_town), "60", False)
    coverage = by_place["town_coverage", "140881"]
    assert (coverage["numerator"], coverage["denominator"], coverage["met"]) == (0, 10, False)
    assert of_market[0]["denominator"] == len(await codes(gateway, department=MARKET))


async def test_an_industry_outside_the_national_list_is_free_and_nobody_adds_to_it(
    gateway: ServiceUnderTest,
) -> None:
    await until_seeded(gateway)

    free = (await gateway.get(ACCESS, industry="F5232")).json()
    food = (await gateway.get(ACCESS, industry="H6210")).json()
    everything = (await gateway.get(ACCESS)).json()
    added = await gateway.post(ACCESS, {"title": "本地限制", "industry": "F5232"}, URBAN_CLIENT)

    assert (free["result"], free["entries"]) == ("allowed", [])
    assert food["result"] == "permit_needed"
    assert food["entries"][0]["items"][0]["code"] == "licensing.food_operation"
    assert all(item["online_full"] for entry in everything["entries"] for item in entry["items"])
    assert (added.status_code, added.json()["type"]) == (403, "/problems/national-list-only")


async def test_the_packs_items_follow_the_pack_until_a_department_speaks(gateway: ServiceUnderTest) -> None:
    await until_seeded(gateway)
    region: RegionPack = gateway.app.state.region
    signboard = region.permit_item("signboard")
    renamed = signboard.model_copy(update={"name": signboard.name.model_copy(update={"zh": "门头招牌设置"})})
    others = tuple(item for item in region.permit_items if item.key not in ("signboard", "drainage"))

    async def seeded(pack: RegionPack) -> int:
        did: int = await gateway.app.state.backend.transactions.run(seed_sweep(pack).run)
        return did

    listed = region.service_items.model_copy(
        update={"permits": tuple(p for p in region.service_items.permits if p.permit != "drainage")}
    )
    without = region.model_copy(
        update={"permit_items": (*others, renamed), "service_items": listed, "schemes": (), "matters": ()}
    )

    unchanged = await seeded(region)
    did = await seeded(without)
    by_pack = (await gateway.get(f"{ITEMS}/licensing.signboard")).json()
    await revised(gateway, "licensing.signboard")
    by_department = await published(gateway, "licensing.signboard")
    left_alone = await seeded(without)

    assert unchanged == 0
    assert did == 2 + len(region.matters)  # one renamed; a permit and the themes gone
    assert (by_pack["version"], by_pack["title"]) == (2, "门头招牌设置")
    assert (await gateway.get(f"{ITEMS}/licensing.drainage")).status_code == 404
    assert (by_department["version"], left_alone) == (3, 0)
    assert len(await gateway.events(PUBLISHED, "licensing.signboard")) == 3
