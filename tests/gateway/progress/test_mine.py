"""All one's cases in one place, whichever service has them, from events alone."""

from uuid import uuid4

from shared.security.office import Office
from tests.gateway.acting import a_uscc
from tests.gateway.browser import Asked, browser, tokens_of
from tests.gateway.matters.forms import THEME, restaurant_form
from tests.gateway.progress.conftest import City, a_case_no
from tests.support.identities import bearer, enterprise_token, officer_token, person_token
from tests.support.waiting import eventually

MINE = "/matters/v1/mine"


async def test_cases_of_all_services_stand_in_one_list_newest_first_and_nobody_elses(city: City) -> None:
    ann, bob = f"ann-{uuid4()}", f"bob-{uuid4()}"
    filing = await city.filed(ann)
    await city.filed(bob)
    application = {"application_id": str(uuid4()), "uscc": a_uscc(), "applicant": ann}
    await city.tell(
        "licensing.application.submitted",
        application["application_id"],
        application | {"industry_code": "restaurant", "components": [], "case_no": a_case_no("XK")},
    )
    ticket = {"ticket_number": a_case_no("HT"), "applicant": ann}
    await city.tell("hotline.ticket.received", ticket["ticket_number"], ticket | {"kind": "consult"})
    await city.tell("hotline.ticket.received", other := a_case_no("HT"), {"ticket_number": other})

    async def all_there() -> bool:
        return len(await city.mine(ann)) == 3

    await eventually(all_there)
    cases = {case["service"]: case for case in await city.mine(ann)}
    assert set(cases) == {"registration", "licensing", "hotline"}
    assert cases["registration"]["case_no"] == filing["case_no"]
    assert cases["registration"]["title"]["zh"] == "设立登记：永济市蒲津渡餐饮有限公司"
    assert cases["registration"]["handling_unit"]["uscc"] == city.pack.agency("administrative_approval").uscc
    assert cases["licensing"]["state"] == "in_progress"
    assert cases["hotline"]["path"] == f"/hotline/v1/tickets/{ticket['ticket_number']}"
    assert [each["service"] for each in await city.mine(ann, service="hotline")] == ["hotline"]
    assert await city.mine(ann, state="completed") == []
    assert await city.mine(ann, since="2099-01-01T00:00:00Z") == []
    assert len(await city.mine(bob)) == 1


async def test_a_case_tells_where_it_stands_what_comes_next_and_all_that_happened(city: City) -> None:
    ann = f"ann-{uuid4()}"
    filing = await city.filed(ann)
    await city.returned(filing)
    waiting = await city.until(ann, "returned", filing["case_no"])
    await city.tell("registration.filing.submitted", filing["filing_id"], filing)
    uscc = a_uscc()
    await city.approved(filing, uscc)

    done = await city.until(ann, "completed", filing["case_no"])

    assert waiting["waits_for_applicant"]
    assert waiting["next_step"]["zh"] == "请按清单补正后重新提交"
    assert waiting["history"][-1]["note"] == {"zh": "字号缺少", "en": "no distinctive part"}
    own = [each["sequence"] for each in done["history"] if each["case_id"] == filing["filing_id"]]
    assert own == [1, 2, 3, 4]
    assert done["uscc"] == uscc
    assert done["ended_at"] is not None
    assert done["documents"] == [
        {"kind": "filing", "number": filing["filing_id"], "path": "/registration/v1/verify/1.2.156.1"}
    ]


async def test_who_has_the_newest_answer_is_told_so_and_gets_no_other(city: City) -> None:
    ann = f"ann-{uuid4()}"
    filing = await city.filed(ann)
    await city.until(ann, "submitted", filing["case_no"])
    first = await city.progress(filing["case_no"], city.person(ann))
    known = bearer(city.person(ann)) | {"If-None-Match": first.headers["etag"]}

    again = await city.gateway.client.get(f"/matters/v1/progress/{filing['case_no']}", headers=known)
    await city.returned(filing)
    await city.until(ann, "returned", filing["case_no"])
    changed = await city.gateway.client.get(f"/matters/v1/progress/{filing['case_no']}", headers=known)

    assert (again.status_code, again.content) == (304, b"")
    assert changed.status_code == 200


async def test_a_matter_shows_its_parts_once_and_nothing_that_a_stranger_files_under_its_id(
    city: City,
) -> None:
    ann, bob = f"ann-{uuid4()}", f"bob-{uuid4()}"
    token = person_token(ann, "matters.matter.submit", "matters.matter.read")
    opened = await city.gateway.post(
        "/matters/v1/matters", {"theme": THEME, "form": restaurant_form(), "channel": "portal"}, token
    )
    matter_id = opened.json()["id"]
    own = await city.filed(ann, matter_id=matter_id)
    await city.filed(bob, matter_id=matter_id)

    async def complete() -> bool:
        cases = await city.mine(ann)
        return len(await city.mine(bob)) == 1 and bool(cases) and len(cases[0]["parts"]) == 1

    await eventually(complete)
    [case] = await city.mine(ann)
    assert (case["id"], case["kind"], case["theme"]) == (matter_id, "matter", THEME)
    assert [part["id"] for part in case["parts"]] == [own["filing_id"]]
    assert case["current_step"]["zh"].startswith("设立登记")
    assert case["next_step"] == {"zh": "行业综合许可", "en": "Comprehensive permit"}
    [strange] = await city.mine(bob)
    assert strange["kind"] == "filing"


async def test_a_fee_to_be_paid_makes_the_whole_matter_wait_for_its_applicant(city: City) -> None:
    ann = f"ann-{uuid4()}"
    token = person_token(ann, "matters.matter.submit", "matters.matter.read")
    opened = await city.gateway.post(
        "/matters/v1/matters", {"theme": THEME, "form": restaurant_form(), "channel": "portal"}, token
    )
    matter_id, payment_id = opened.json()["id"], str(uuid4())
    due = {"payment_id": payment_id, "case_id": matter_id, "part": "seal", "payer": ann, "amount_fen": 30_000}
    due |= {"title_zh": "公章刻制费", "title_en": "Fee for seals"}

    await city.tell("gateway.payment.requested", payment_id, due)

    async def asked() -> bool:
        cases = await city.mine(ann)
        return bool(cases) and cases[0]["waits_for_applicant"]

    await eventually(asked)
    [case] = await city.mine(ann)
    assert case["parts"][0]["title"] == {"zh": "缴费：公章刻制费", "en": "Payment: Fee for seals"}
    await city.tell("gateway.payment.paid", payment_id, due)

    async def paid() -> bool:
        return not (await city.mine(ann))[0]["waits_for_applicant"]

    assert await eventually(paid)


async def test_pages_follow_each_other_without_gap_or_repetition(city: City) -> None:
    ann = f"ann-{uuid4()}"
    made = [(await city.filed(ann))["filing_id"] for _ in range(5)]

    async def all_there() -> bool:
        return len(await city.mine(ann)) == 5

    await eventually(all_there)
    seen: list[str] = []
    cursor: dict[str, str] = {}
    while True:
        page = (await city.gateway.get(MINE, city.person(ann), limit=2, **cursor)).json()
        seen += [each["id"] for each in page["entries"]]
        if page["next_cursor"] is None:
            break
        cursor = {"cursor": page["next_cursor"]}

    assert seen == made[::-1]


async def test_strangers_are_told_of_no_case_and_the_handling_unit_is_recorded(city: City) -> None:
    ann = f"ann-{uuid4()}"
    filing = await city.filed(ann)
    await city.until(ann, "submitted", filing["case_no"])
    absent = await city.progress(a_case_no("DJ"), city.person("bob"))
    approval = city.pack.agency("administrative_approval").uscc
    county = officer_token("officer", approval, "matters.matter.read", office=Office("140881"))
    elsewhere = officer_token("officer", approval, "matters.matter.read", office=Office("140882"))

    strangers = [
        await city.progress(filing["case_no"], token)
        for token in (city.person("bob"), city.agency("tax"), elsewhere)
    ]
    handling = await city.progress(filing["case_no"], county)

    for answer in strangers:
        assert answer.status_code == 404
        own = {"instance": "", "reference": ""}
        assert answer.json() | own == absent.json() | own
    assert handling.status_code == 200, handling.text
    [recorded] = await city.gateway.events("cn.tongban.gateway.access.recorded.v1", filing["case_no"])
    assert recorded["data"]["owner_subject"] == ann
    assert recorded["data"]["purpose"] == "case_handling"


async def test_a_system_has_no_cases_of_its_own(city: City) -> None:
    answer = await city.gateway.get(MINE, city.agency("tax"))

    assert answer.status_code == 403


async def test_an_enterprise_sees_what_was_asked_in_its_name_and_its_permit_applications(city: City) -> None:
    uscc, ann = a_uscc(), f"ann-{uuid4()}"
    ours = await city.filed(uscc)
    application = {"application_id": str(uuid4()), "uscc": uscc, "applicant": ann, "case_no": a_case_no("XK")}
    await city.tell(
        "licensing.application.submitted",
        application["application_id"],
        application | {"industry_code": "restaurant"},
    )
    claimed = {"ticket_number": a_case_no("HT"), "kind": "complaint", "uscc": uscc, "applicant": ann}
    await city.tell("hotline.ticket.received", claimed["ticket_number"], claimed)
    token = enterprise_token(uscc, ann, "matters.matter.read")

    async def known() -> bool:
        return len(await city.mine(ann)) == 2

    await eventually(known)
    listed = (await city.gateway.get(MINE, token)).json()["entries"]
    assert {each["id"] for each in listed} == {ours["filing_id"], application["application_id"]}


async def test_an_app_sees_ones_cases_only_while_the_person_consents(city: City) -> None:
    async with browser(city.gateway.app) as person:
        asked = Asked(scope="openid matters.matter.read identity.account.self")
        token = (await tokens_of(person, asked, "lisi"))["access_token"]
    allowed = await city.gateway.get(MINE, token)

    await city.gateway.client.delete("/identity/v1/consents/portal", headers=bearer(token))

    async def refused() -> bool:
        return (await city.gateway.get(MINE, token)).status_code in (401, 403)

    assert allowed.status_code == 200
    assert await eventually(refused, within=5)
