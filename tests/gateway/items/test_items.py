"""Items in the hands of their departments: drafted, checked, published in versions, withdrawn."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest

from gateway.catalogue.items.public import item_version_in_force
from shared.calendar import local_date
from shared.security.office import Office
from tests.gateway.items.builders import (
    BUREAU_CLIENT,
    ITEMS,
    MARKET_CLIENT,
    SKETCH,
    URBAN,
    URBAN_CLIENT,
    codes,
    drafted,
    published,
    revised,
    standard,
)
from tests.support.identities import bearer, officer_token, person_token
from tests.support.service import ServiceUnderTest

PUBLISHED = "cn.tongban.gateway.item.published.v1"
WITHDRAWN = "cn.tongban.gateway.item.withdrawn.v1"
LICENCE = {"code": "licence_copy", "title": {"zh": "营业执照副本复印件"}, "source": "applicant"}
PROOF = {"code": "noise_proof", "title": {"zh": "无噪声扰民证明"}, "source": "applicant"}


def today_in(gateway: ServiceUnderTest) -> date:
    at: datetime = gateway.clock()
    return local_date(at)


async def test_a_version_holds_from_its_day_and_the_one_before_stays_readable(
    gateway: ServiceUnderTest,
) -> None:
    today = today_in(gateway)
    tomorrow = (today + timedelta(days=1)).isoformat()
    await drafted(gateway, "urban.versions")
    await published(gateway, "urban.versions")
    await revised(gateway, "urban.versions", promised={"value": "3", "unit": "working_day"})
    await published(gateway, "urban.versions", tomorrow)

    now = (await gateway.get(f"{ITEMS}/urban.versions")).json()
    then = (await gateway.get(f"{ITEMS}/urban.versions", at=tomorrow)).json()
    before = await gateway.get(f"{ITEMS}/urban.versions", at=(today - timedelta(days=1)).isoformat())
    history = (await gateway.get(f"{ITEMS}/urban.versions/versions")).json()["entries"]

    assert (now["version"], now["promised"]) == (1, "5 working_day")
    assert (then["version"], then["promised"]) == (2, "3 working_day")
    assert before.status_code == 404
    assert [(each["version"], each["effective_until"]) for each in history] == [(2, None), (1, tomorrow)]
    told = await gateway.events(PUBLISHED, "urban.versions")
    assert [event["data"]["version"] for event in told] == [1, 2]
    assert told[0]["data"]["owner_uscc"] == URBAN


@pytest.mark.parametrize(
    ("changed", "pointer", "code"),
    [
        ({"steps": []}, "/steps", "missing"),
        ({"channels": []}, "/channels", "missing"),
        ({"criteria": []}, "/criteria", "missing"),
        ({"promised": {"value": "21", "unit": "working_day"}}, "/promised", "longer"),
        ({"channels": ["portal"]}, "/channels", "no_offline_channel"),
        ({"online_full": False, "online_depth": 3}, "/legal_exception", "no_exception"),
        ({"presence_basis": "某法第一条"}, "/online_full", "contradiction"),
        ({"classification": "secret"}, "/classification", "secret"),
        ({"zero_material": True}, "/zero_material", "contradiction"),
        ({"materials": [SKETCH, LICENCE]}, "/materials/1/source", "shareable_material"),
        ({"materials": [PROOF]}, "/materials/0/proof", "proof_not_listed"),
        (
            {"is_free": True, "fees": [{"title": {"zh": "工本费"}, "amount_fen": 500, "basis": "x"}]},
            "/fees",
            "free_of_charge",
        ),
        ({"places": ["140882100"]}, "/places/0", "not_a_place"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
async def test_a_standard_that_may_not_stand_is_refused_with_its_place(
    gateway: ServiceUnderTest, changed: dict[str, Any], pointer: str, code: str
) -> None:
    body = {"code": "urban.flawed", "standard": standard(**changed)}

    answer = await gateway.post(ITEMS, body, URBAN_CLIENT)

    assert answer.status_code == 422, answer.text
    assert [(each["pointer"], each["code"]) for each in answer.json()["errors"]] == [(pointer, code)]
    assert await gateway.rows("SELECT 1 FROM catalogue_item WHERE code = 'urban.flawed'") == []


async def test_a_shareable_paper_is_refused_with_the_source_of_its_content(gateway: ServiceUnderTest) -> None:
    body = {"code": "urban.licence", "standard": standard(materials=[LICENCE])}

    answer = await gateway.post(ITEMS, body, URBAN_CLIENT, accept_language="en")

    [told] = answer.json()["errors"]
    assert "registration.enterprise" in told["detail"]
    assert "Administrative Approval Service Bureau" in told["detail"]


async def test_only_the_owning_department_as_a_whole_changes_an_item(gateway: ServiceUnderTest) -> None:
    await drafted(gateway, "urban.owned")
    await published(gateway, "urban.owned")
    town_office = officer_token("of-town", URBAN, "catalogue.item.manage", office=Office("140881100"))
    override = {"standard": standard(conditions=[{"zh": "本镇另有规定"}])}
    strangers = (MARKET_CLIENT, BUREAU_CLIENT, town_office, person_token("p", "catalogue.item.manage"))

    answers = [
        await gateway.client.put(
            f"{ITEMS}/urban.owned/draft", json=override, headers=bearer(token) | {"If-Match": "*"}
        )
        for token in strangers
    ]
    again = await gateway.post(ITEMS, {"code": "urban.owned", "standard": standard()}, MARKET_CLIENT)
    ending = await gateway.post(f"{ITEMS}/urban.owned/withdrawal", {"reason": "x"}, BUREAU_CLIENT)

    assert {(each.status_code, each.json()["type"]) for each in (*answers, ending)} == {
        (403, "/problems/not-item-owner")
    }
    assert (again.status_code, again.json()["type"]) == (409, "/problems/item-exists")
    guide = (await gateway.get(f"{ITEMS}/urban.owned")).json()
    assert (guide["version"], guide["conditions"]) == (1, ["符合城市容貌标准"])


async def test_a_draft_is_its_owners_and_changes_only_for_who_knows_it(gateway: ServiceUnderTest) -> None:
    etag = await drafted(gateway, "urban.draft")
    path, body = f"{ITEMS}/urban.draft/draft", {"standard": standard(needs=["招贴"])}

    read = await gateway.get(path, URBAN_CLIENT)
    hidden = await gateway.get(path, MARKET_CLIENT)
    first = await gateway.client.put(path, json=body, headers=bearer(URBAN_CLIENT) | {"If-Match": etag})
    stale = await gateway.client.put(path, json=body, headers=bearer(URBAN_CLIENT) | {"If-Match": etag})

    assert read.json()["standard"]["title"]["zh"] == "户外广告设施设置审批"
    assert (hidden.status_code, first.status_code, stale.status_code) == (403, 200, 412)
    assert (await gateway.get(f"{ITEMS}/urban.draft")).status_code == 404
    assert "urban.draft" not in await codes(gateway, department=URBAN)


async def test_a_version_does_not_begin_in_the_past_nor_before_the_last_one(
    gateway: ServiceUnderTest,
) -> None:
    today = today_in(gateway)
    later, path = (today + timedelta(days=9)).isoformat(), f"{ITEMS}/urban.days/publication"
    await drafted(gateway, "urban.days")

    past = {"effective_from": (today - timedelta(days=1)).isoformat()}
    refused = await gateway.post(path, past, URBAN_CLIENT)
    await published(gateway, "urban.days", later)
    await revised(gateway, "urban.days")
    overtaking = await gateway.post(path, {"effective_from": today.isoformat()}, URBAN_CLIENT)

    assert [(each.status_code, each.json()["errors"][0]["code"]) for each in (refused, overtaking)] == [
        (422, "too_early")
    ] * 2


async def test_a_withdrawn_item_is_offered_no_longer_and_stays_readable(gateway: ServiceUnderTest) -> None:
    today = today_in(gateway)
    end = (today + timedelta(days=3)).isoformat()
    await drafted(gateway, "urban.gone", needs=["临时灯箱"])
    await published(gateway, "urban.gone")

    withdrawal = {"effective_from": end, "reason": "改为事中事后监管"}
    answer = await gateway.post(f"{ITEMS}/urban.gone/withdrawal", withdrawal, URBAN_CLIENT)
    twice = await gateway.post(f"{ITEMS}/urban.gone/withdrawal", withdrawal, URBAN_CLIENT)

    assert (answer.status_code, answer.json()["status"], twice.status_code) == (200, "withdrawn", 409)
    assert (await gateway.get(f"{ITEMS}/urban.gone")).status_code == 200
    assert (await gateway.get(f"{ITEMS}/urban.gone", at=end)).status_code == 404
    assert "urban.gone" in await codes(gateway, q="临时灯箱")
    assert "urban.gone" not in await codes(gateway, q="临时灯箱", at=end)
    [told] = await gateway.events(WITHDRAWN, "urban.gone")
    assert told["data"]["effective_from"] == end


async def test_what_is_in_force_is_told_to_the_other_parts(gateway: ServiceUnderTest) -> None:
    await drafted(gateway, "urban.told")
    await published(gateway, "urban.told")
    today = today_in(gateway)

    async with gateway.app.state.backend.transactions.open() as uow:
        known = await item_version_in_force("urban.told", today, uow)
        early = await item_version_in_force("urban.told", today - timedelta(days=1), uow)
        absent = await item_version_in_force("urban.nothing", today, uow)

    assert known is not None
    assert (known.version, known.title_zh, known.online_full) == (1, "户外广告设施设置审批", True)
    assert (early, absent) == (None, None)
