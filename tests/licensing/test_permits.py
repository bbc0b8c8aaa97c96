"""From application to permits: decisions of agencies, 1 + N certificates, public verification."""

import asyncio
import json
import re
from typing import Any

from shared.certificates import certificate_from_json, qr_svg
from shared.certificates.issuing import open_jws
from shared.security.keys import VerificationKey
from tests.licensing.restaurant import (
    FIRE,
    HEALTH,
    MARKET,
    POLICE,
    PREPACKED_ONLY,
    SIGNS,
    Restaurants,
    component,
)
from tests.support.identities import ISSUER
from tests.support.service import ServiceUnderTest

ISSUED = "cn.tongban.licensing.permit.issued.v1"
APPROVED = "cn.tongban.licensing.application.approved.v1"
REFUSED = "cn.tongban.licensing.application.refused.v1"
DECIDED = "cn.tongban.licensing.application.component_decided.v1"
APPROVAL_BUREAU = "11140881MB9Y00016L"


async def granted(licensing: ServiceUnderTest, restaurants: Restaurants) -> dict[str, Any]:
    """A comprehensive permit of a restaurant, as anyone reads it."""
    uscc = await restaurants.registered(grade="A")
    application = (await restaurants.apply(uscc, commitments=["fire_check"], matter_id="m-9")).json()
    for item, by in (("food_operation", MARKET), ("signboard", SIGNS)):
        assert (await restaurants.decide(application["id"], item, by)).status_code == 200
    approved = await licensing.event(APPROVED, application["id"])
    permit = await licensing.get(f"/licensing/v1/permits/{approved['data']['permit_number']}")
    assert permit.status_code == 200, permit.text
    found: dict[str, Any] = permit.json()
    return found | {"application_id": application["id"]}


async def test_when_all_have_granted_one_comprehensive_and_all_component_permits_are_issued(
    licensing: ServiceUnderTest, restaurants: Restaurants
) -> None:
    permit = await granted(licensing, restaurants)

    application = await restaurants.read(permit["application_id"])
    assert (application["status"], application["permit_number"]) == ("approved", permit["permit_number"])
    assert [part["item"] for part in permit["components"]] == ["food_operation", "signboard", "fire_check"]
    assert permit["issuer_uscc"] == APPROVAL_BUREAU
    assert permit["supervising_uscc"] == MARKET
    assert [part["supervising_uscc"] for part in permit["components"]] == [MARKET, SIGNS, FIRE]
    shortest = min(p["valid_to"] for p in permit["components"] if p["valid_to"])
    assert permit["valid_to"] == shortest
    rows = await licensing.rows(
        "SELECT issued_at FROM permit WHERE application_id = :i", i=permit["application_id"]
    )
    assert len(rows) == 4
    assert len({row["issued_at"] for row in rows}) == 1


async def test_each_permit_is_told_of_by_an_event_with_its_supervisor(
    licensing: ServiceUnderTest, restaurants: Restaurants
) -> None:
    permit = await granted(licensing, restaurants)

    whole = await licensing.event(ISSUED, permit["permit_number"])
    assert whole["data"]["kind"] == "comprehensive"
    assert whole["data"]["matter_id"] == "m-9"
    assert whole["data"]["components"] == [part["permit_number"] for part in permit["components"]]
    assert whole["data"]["verify_path"] == permit["verify_path"]
    for part in permit["components"]:
        event = await licensing.event(ISSUED, part["permit_number"])
        assert event["data"]["item"] == part["item"]
        assert event["data"]["supervising_uscc"] == part["supervising_uscc"]
    decided = await licensing.events(DECIDED, permit["application_id"])
    assert [(e["data"]["item"], e["data"]["by"]) for e in decided] == [
        ("fire_check", "commitment"),
        ("food_operation", "officer"),
        ("signboard", "officer"),
    ]


async def test_the_certificate_lists_number_authority_and_validity_of_each_permit(
    licensing: ServiceUnderTest, restaurants: Restaurants
) -> None:
    permit = await granted(licensing, restaurants)

    keys = (await licensing.get("/licensing/v1/signing-keys")).json()["keys"]
    content = open_jws(permit["jws"])
    face = certificate_from_json(content.payload).face

    assert VerificationKey.from_jwk(keys[0]).verify(content.signature, content.signing_input)
    for part, line in zip(permit["components"], face["component_permits"], strict=True):
        assert part["permit_number"] in line
        assert part["issuer_name"]["zh"] in line
        assert (part["valid_to"] or "长期") in line
    assert "永济市消防救援大队" in face["supervising_agencies"]


async def test_anyone_can_verify_each_permit_as_json(
    licensing: ServiceUnderTest, restaurants: Restaurants
) -> None:
    permit = await granted(licensing, restaurants)

    for path in (permit["verify_path"], *(part["verify_path"] for part in permit["components"])):
        answer = await licensing.get(path)
        assert answer.headers["content-type"] == "application/json"
        found = answer.json()
        assert found["is_valid"] is True
        assert [check["passed"] for check in found["checks"]] == [True] * 7


async def test_a_browser_gets_a_page_that_needs_nothing_from_elsewhere(
    licensing: ServiceUnderTest, restaurants: Restaurants
) -> None:
    permit = await granted(licensing, restaurants)
    accept = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"

    pages = {
        language: await licensing.client.get(
            permit["verify_path"], headers={"Accept": accept, "Accept-Language": language}
        )
        for language in ("zh-CN", "en")
    }

    assert "真实有效" in pages["zh-CN"].text
    assert '<html lang="zh-CN">' in pages["zh-CN"].text
    assert "Genuine and in force" in pages["en"].text
    assert '<html lang="en">' in pages["en"].text
    for page in pages.values():
        policy = page.headers["content-security-policy"]
        assert page.headers["content-type"].startswith("text/html")
        assert policy.startswith("default-src 'none'; style-src 'sha256-")
        assert "unsafe" not in policy
        assert "<script" not in page.text
        assert not re.findall(r"(?:src|href)=\"(?:https?:)?//", page.text)
        assert " style=" not in page.text
        assert page.headers["vary"] == "Accept, Accept-Language"
    chosen = await licensing.client.get(
        permit["verify_path"] + "?language=en", headers={"Accept": accept, "Accept-Language": "zh"}
    )
    assert "Genuine and in force" in chosen.text


async def test_names_are_escaped_on_the_page(licensing: ServiceUnderTest, restaurants: Restaurants) -> None:
    uscc = await restaurants.registered(grade="A", name="<script>alert(1)</script>餐饮店")
    application = (await restaurants.apply(uscc, commitments=["fire_check", "signboard"])).json()
    await restaurants.decide(application["id"], "food_operation", MARKET)
    number = (await licensing.event(APPROVED, application["id"]))["data"]["permit_number"]
    path = (await licensing.get(f"/licensing/v1/permits/{number}")).json()["verify_path"]

    page = await licensing.client.get(path, headers={"Accept": "text/html"})

    assert "&lt;script&gt;" in page.text
    assert "<script" not in page.text


async def test_one_byte_altered_fails_verification(
    licensing: ServiceUnderTest, restaurants: Restaurants
) -> None:
    permit = await granted(licensing, restaurants)
    head, payload, signature = permit["jws"].split(".")
    flipped = "A" if payload[40] != "A" else "B"
    altered = f"{head}.{payload[:40]}{flipped}{payload[41:]}.{signature}"
    await licensing.rows_changed(
        "UPDATE permit SET jws = :j WHERE number = :n", j=altered, n=permit["permit_number"]
    )

    answer = await licensing.get(permit["verify_path"])
    page = await licensing.client.get(permit["verify_path"], headers={"Accept": "text/html"})

    failed = {check["check"] for check in answer.json()["checks"] if not check["passed"]}
    assert answer.json()["is_valid"] is False
    assert {"signature", "digest"} <= failed
    assert "未通过核验" in page.text


async def test_a_permit_out_of_force_or_past_its_end_is_not_valid(
    licensing: ServiceUnderTest, restaurants: Restaurants
) -> None:
    permit = await granted(licensing, restaurants)
    fire = permit["components"][2]
    await licensing.rows_changed(
        "UPDATE permit SET certificate_state = '03' WHERE number = :n", n=fire["permit_number"]
    )

    found = (await licensing.get(fire["verify_path"])).json()
    whole = (await licensing.get(permit["verify_path"])).json()

    assert [c["check"] for c in found["checks"] if not c["passed"]] == ["state"]
    assert whole["components"][2]["certificate_state_name"] == "撤销"


async def test_an_identifier_that_nobody_issued_is_not_found(licensing: ServiceUnderTest) -> None:
    known_shape = "1.2.156.3005.2.11140881MB9Y00016L002.11140881MB9Y00016L.ZH140881202603020000017.001.S"

    absent = await licensing.get(f"/licensing/v1/verify/{known_shape}")
    malformed = await licensing.get("/licensing/v1/verify/x")

    assert (absent.status_code, malformed.status_code) == (404, 400)


async def test_the_qr_code_leads_to_the_public_page(
    licensing: ServiceUnderTest, restaurants: Restaurants
) -> None:
    permit = await granted(licensing, restaurants)

    qr = await licensing.get(f"/licensing/v1/permits/{permit['permit_number']}/qr.svg")

    assert qr.headers["content-type"].startswith("image/svg+xml")
    assert qr.text.startswith("<svg")
    assert qr.text == qr_svg(f"{ISSUER}{permit['verify_path']}")


async def test_two_decisions_at_the_same_moment_have_one_winner(
    licensing: ServiceUnderTest, restaurants: Restaurants
) -> None:
    for _ in range(10):
        application = (await restaurants.apply(await restaurants.registered())).json()

        answers = await asyncio.gather(
            restaurants.decide(application["id"], "signboard", SIGNS),
            restaurants.decide(application["id"], "signboard", SIGNS, "refused", reason="样式不符"),
        )

        assert sorted(a.status_code for a in answers) == [200, 409]
        assert len(await licensing.events(DECIDED, application["id"])) == 1


async def test_the_last_decisions_at_once_issue_the_permits_once(
    licensing: ServiceUnderTest, restaurants: Restaurants
) -> None:
    application = (await restaurants.apply(await restaurants.registered())).json()

    answers = await asyncio.gather(
        restaurants.decide(application["id"], "food_operation", MARKET),
        restaurants.decide(application["id"], "signboard", SIGNS),
        restaurants.decide(application["id"], "fire_check", FIRE),
    )

    assert [a.status_code for a in answers] == [200, 200, 200]
    assert len(await licensing.events(APPROVED, application["id"])) == 1
    rows = await licensing.rows("SELECT 1 FROM permit WHERE application_id = :i", i=application["id"])
    assert len(rows) == 4


async def test_another_agencys_component_is_as_absent(restaurants: Restaurants) -> None:
    application = (await restaurants.apply(await restaurants.registered())).json()

    others = await restaurants.decide(application["id"], "fire_check", SIGNS)
    absent = await restaurants.decide(application["id"], "no_such_item", SIGNS)
    strangers = await restaurants.decide(application["id"], "fire_check", POLICE)

    assert {others.status_code, absent.status_code, strangers.status_code} == {404}
    assert others.json() | {"instance": ""} == absent.json() | {"instance": ""}


async def test_a_refusal_needs_its_reason(restaurants: Restaurants) -> None:
    application = (await restaurants.apply(await restaurants.registered())).json()

    refused = await restaurants.decide(application["id"], "fire_check", FIRE, "refused")

    assert refused.status_code == 400
    assert refused.json()["type"] == "/problems/refusal-reason-missing"


async def test_the_registered_scope_is_no_ground_for_a_refusal(restaurants: Restaurants) -> None:
    application = (await restaurants.apply(await restaurants.registered())).json()
    ground = {"reason": "经营范围未登记餐饮服务", "reason_code": "scope_mismatch"}

    refused = await restaurants.decide(application["id"], "fire_check", FIRE, "refused", **ground)
    otherwise = await restaurants.decide(
        application["id"], "fire_check", FIRE, "refused", **ground | {"reason_code": "fire_safety"}
    )

    assert (refused.status_code, refused.json()["type"]) == (422, "/problems/scope-is-no-ground")
    assert otherwise.status_code == 200


async def test_an_application_is_refused_with_all_reasons_once_everyone_has_decided(
    licensing: ServiceUnderTest, restaurants: Restaurants
) -> None:
    uscc = await restaurants.registered()
    application = (await restaurants.apply(uscc)).json()
    for item, by in (("fire_check", FIRE), ("signboard", SIGNS)):
        answer = await restaurants.decide(
            application["id"], item, by, "refused", reason=f"{item}不符", reason_en=f"{item} is wrong"
        )
        assert answer.status_code == 200
    assert await licensing.events(REFUSED, application["id"]) == []

    await restaurants.decide(application["id"], "food_operation", MARKET)

    event = await licensing.event(REFUSED, application["id"])
    assert [reason["item"] for reason in event["data"]["reasons"]] == ["signboard", "fire_check"]
    assert event["data"]["reasons"][1]["reason_en"] == "fire_check is wrong"
    rows = await licensing.rows("SELECT 1 FROM permit WHERE application_id = :i", i=application["id"])
    assert rows == []
    late = await restaurants.decide(application["id"], "signboard", SIGNS)
    assert late.status_code == 409
    assert (await restaurants.apply(uscc)).status_code == 201  # another application may begin now


async def test_a_permit_that_needs_another_waits_for_it(
    licensing: ServiceUnderTest, restaurants: Restaurants
) -> None:
    uscc = await restaurants.registered(scope="H6110-01", grade="A")
    application = (await restaurants.apply_for_hotel(uscc, commitments=["hygiene"])).json()
    assert component(application, "special_trade_hotel")["comes_after"] == ["fire_check"]
    assert component(application, "hygiene")["status"] == "granted"

    early = await restaurants.decide(application["id"], "special_trade_hotel", POLICE)
    await restaurants.decide(application["id"], "fire_check", FIRE)
    later = await restaurants.decide(application["id"], "special_trade_hotel", POLICE)

    assert early.status_code == 409
    assert early.json()["type"] == "/problems/predecessor-pending"
    assert early.json()["waits_for"] == ["fire_check"]
    assert later.status_code == 200
    await licensing.event(APPROVED, application["id"])


async def test_a_permit_whose_predecessor_is_refused_ends_without_a_decision(
    licensing: ServiceUnderTest, restaurants: Restaurants
) -> None:
    uscc = await restaurants.registered(scope="H6110-01")
    application = (await restaurants.apply_for_hotel(uscc)).json()
    await restaurants.decide(application["id"], "hygiene", HEALTH)

    await restaurants.decide(application["id"], "fire_check", FIRE, "refused", reason="安全出口被堵塞")

    event = await licensing.event(REFUSED, application["id"])
    assert [r["item"] for r in event["data"]["reasons"]] == ["fire_check", "special_trade_hotel"]
    ended = component(await restaurants.read(application["id"]), "special_trade_hotel")
    assert (ended["status"], ended["decided_by"]) == ("discontinued", None)
    decided = await licensing.events(DECIDED, application["id"])
    assert "special_trade_hotel" not in {e["data"]["item"] for e in decided}


async def test_a_filing_is_taken_on_record_at_once_and_ends_the_application(
    licensing: ServiceUnderTest, restaurants: Restaurants
) -> None:
    uscc = await restaurants.registered(scope="F5213-01")
    form = {
        "legal_representative_name": "测试甲",
        "legal_representative_id_number": "110105194912310021",
        "contact_phone": "13800000000",
        "premises_area_m2": 60,
        "permits": {},
    }

    application = (
        await restaurants.apply(uscc, industry_code="convenience_store", answers=PREPACKED_ONLY, form=form)
    ).json()

    assert application["status"] == "approved", json.dumps(application, ensure_ascii=False)
    assert [c["status"] for c in application["components"]] == ["filed"]
    permit = (await licensing.get(f"/licensing/v1/permits/{application['permit_number']}")).json()
    assert permit["valid_to"] is None
    assert len(permit["components"]) == 1
