"""A filing's way through the register, over HTTP."""

import pytest

from tests.registration.builders import (
    ANN,
    BOB,
    FILINGS,
    OFFICER,
    OTHER_OFFICER,
    REGISTRAR,
    distinctive,
    filing,
    person,
)
from tests.support.identities import bearer
from tests.support.service import ServiceUnderTest

REASON = {"reason_zh": "字号近似", "reason_en": "the name misleads"}
PREFIX = "cn.tongban.registration."


async def test_a_sound_filing_is_approved_in_the_call_by_rules_alone(registration: ServiceUnderTest) -> None:
    body = filing(matter_id="0198c0de-0000-7000-8000-000000000002")

    answer = await registration.post(FILINGS, body, ANN)

    assert answer.status_code == 201, answer.text
    out = answer.json()
    assert (out["status"], out["decided_by"], out["findings"]) == ("approved", "system", [])
    assert out["uscc"].startswith("91140881MAE")
    assert all(check["basis_zh"] and check["text_en"] for check in out["checks"])
    assert len({check["rule"] for check in out["checks"]}) >= 15
    assert [need["item"] for need in out["required_permits"]] == ["food_operation"]
    assert answer.headers["cache-control"] == "no-store"


async def test_approval_enters_the_enterprise_issues_a_licence_and_tells_both(
    registration: ServiceUnderTest,
) -> None:
    body = filing(matter_id="0198c0de-0000-7000-8000-000000000002")

    out = (await registration.post(FILINGS, body, ANN)).json()

    registered = await registration.event(f"{PREFIX}enterprise.registered.v1", out["uscc"])
    assert registered["data"]["name"] == out["name"]
    assert registered["data"]["scope"] == [{"code": "H6210-01", "text": "餐饮服务"}]
    assert registered["data"]["registrar_uscc"] == REGISTRAR
    assert registered["data"]["industry_code"] == "H6210"
    assert registered["data"]["matter_id"] == body["matter_id"]
    assert body["people"][0]["name"] not in str(registered)
    [approved] = await registration.events(f"{PREFIX}filing.approved.v1", out["id"])
    assert approved["data"]["licence_identifier"] == out["licence_identifier"]
    [submitted] = await registration.events(f"{PREFIX}filing.submitted.v1", out["id"])
    assert submitted["data"]["applicant"] == "ann"
    verified = (await registration.get(f"/registration/v1/verify/{out['licence_identifier']}")).json()
    assert verified["is_valid"] is True
    assert all(check["passed"] for check in verified["checks"])
    assert (verified["uscc"], verified["holder_name"]) == (out["uscc"], out["name"])


async def test_a_licence_that_was_altered_or_withdrawn_does_not_verify(
    registration: ServiceUnderTest,
) -> None:
    out = (await registration.post(FILINGS, filing(), ANN)).json()
    path = f"/registration/v1/verify/{out['licence_identifier']}"

    await registration.rows_changed(
        "UPDATE licence SET state = '07', digest = 'f' || substr(digest, 2) || '0' WHERE uscc = :u",
        u=out["uscc"],
    )
    verified = (await registration.get(path)).json()
    unknown = await registration.get(path[:-1] + ("0" if path[-1] != "0" else "1"))

    failed = {check["check"] for check in verified["checks"] if not check["passed"]}
    assert (verified["is_valid"], failed) == (False, {"state", "digest"})
    assert unknown.status_code == 404


async def test_all_faults_are_told_at_once_and_a_corrected_filing_passes(
    registration: ServiceUnderTest,
) -> None:
    wrong = filing(
        name__form="大厦",
        domicile__division_code="140802001",
        domicile__commitment=False,
        service_address_confirmed=False,
        scope=["H6210-01", "free text"[:4]],
        registered_capital_fen=0,
    )

    returned = (await registration.post(FILINGS, wrong, ANN)).json()
    path = f"{FILINGS}/{returned['id']}"
    headers = bearer(ANN)
    right = filing(name__distinctive=wrong["name"]["distinctive"])
    stale = await registration.client.put(path, json=right, headers=headers | {"If-Match": '"7"'})
    missing = await registration.client.put(path, json=right, headers=headers)
    amended = await registration.client.put(path, json=right, headers=headers | {"If-Match": '"1"'})
    again = (await registration.post(f"{path}/submission", None, ANN)).json()

    assert returned["status"] == "returned"
    assert {f["pointer"] for f in returned["findings"]} >= {
        "/name/form",
        "/domicile/division_code",
        "/domicile/commitment",
        "/service_address_confirmed",
        "/scope/1",
        "/registered_capital_fen",
    }
    [event] = await registration.events(f"{PREFIX}filing.returned.v1", returned["id"])
    assert {f["pointer"] for f in event["data"]["findings"]} == {f["pointer"] for f in returned["findings"]}
    assert (stale.status_code, missing.status_code, amended.status_code) == (412, 428, 200)
    assert amended.json()["status"] == "draft"
    assert (again["status"], again["version"]) == ("approved", 3)
    assert len(await registration.events(f"{PREFIX}filing.submitted.v1", returned["id"])) == 2


async def a_filing_under_review(registration: ServiceUnderTest) -> str:
    answer = await registration.post(FILINGS, filing(name__trade="曲艺"), ANN)
    assert answer.json()["status"] == "under_review", answer.text
    found: str = answer.json()["id"]
    return found


async def test_what_rules_cannot_settle_waits_for_an_officer_of_the_registrar(
    registration: ServiceUnderTest,
) -> None:
    waiting = await a_filing_under_review(registration)

    queue = (await registration.get("/registration/v1/review-queue", OFFICER, limit=200)).json()
    elsewhere = await registration.get("/registration/v1/review-queue", OTHER_OFFICER)
    foreign = await registration.post(f"{FILINGS}/{waiting}/approval", None, OTHER_OFFICER)
    by_applicant = await registration.post(f"{FILINGS}/{waiting}/approval", None, ANN)
    approved = await registration.post(f"{FILINGS}/{waiting}/approval", None, OFFICER)

    [entry] = [f for f in queue["entries"] if f["id"] == waiting]
    assert [(f["rule"], f["outcome"]) for f in entry["findings"]] == [("name.trade", "referred")]
    assert (elsewhere.status_code, foreign.status_code, by_applicant.status_code) == (403, 404, 403)
    assert (approved.json()["status"], approved.json()["decided_by"]) == ("approved", "officer")
    assert (
        await registration.get(f"/registration/v1/enterprises/{approved.json()['uscc']}")
    ).status_code == 200


async def test_an_officer_refuses_or_sends_back_with_a_reason(registration: ServiceUnderTest) -> None:
    one, other = await a_filing_under_review(registration), await a_filing_under_review(registration)

    refused = (await registration.post(f"{FILINGS}/{one}/refusal", REASON, OFFICER)).json()
    returned = (await registration.post(f"{FILINGS}/{other}/return", REASON, OFFICER)).json()

    assert (refused["status"], refused["reason"]["zh"]) == ("refused", "字号近似")
    assert returned["status"] == "returned"
    [event] = await registration.events(f"{PREFIX}filing.refused.v1", one)
    assert event["data"]["reason_en"] == "the name misleads"
    [event] = await registration.events(f"{PREFIX}filing.returned.v1", other)
    assert event["data"]["findings"][-1]["text_zh"] == "字号近似"


@pytest.mark.parametrize("action", ["approval", "refusal", "return", "withdrawal", "submission"])
async def test_a_decided_filing_takes_no_action(registration: ServiceUnderTest, action: str) -> None:
    done = (await registration.post(FILINGS, filing(), ANN)).json()

    body = REASON if action in ("refusal", "return") else None
    token = ANN if action in ("withdrawal", "submission") else OFFICER
    answer = await registration.post(f"{FILINGS}/{done['id']}/{action}", body, token)

    assert answer.status_code == 409
    assert answer.json()["type"] == "/problems/action-not-allowed"


async def test_a_filing_is_known_to_its_applicant_and_the_registrar_only(
    registration: ServiceUnderTest,
) -> None:
    own = (await registration.post(FILINGS, filing(), ANN)).json()
    absent = f"{FILINGS}/0198c0de-0000-7000-8000-00000000dead"

    foreign = await registration.get(f"{FILINGS}/{own['id']}", BOB)
    nowhere = await registration.get(absent, BOB)
    listed = (await registration.get(FILINGS, BOB)).json()

    assert (await registration.get(f"{FILINGS}/{own['id']}", ANN)).status_code == 200
    assert (await registration.get(f"{FILINGS}/{own['id']}", OFFICER)).status_code == 200
    assert (foreign.status_code, nowhere.status_code) == (404, 404)
    assert {k: v for k, v in foreign.json().items() if k != "instance"} == {
        k: v for k, v in nowhere.json().items() if k != "instance"
    }
    assert own["id"] not in str(listed)
    assert (await registration.post(f"{FILINGS}/{own['id']}/withdrawal", None, BOB)).status_code == 404


async def test_own_filings_are_listed_newest_first_by_cursor(registration: ServiceUnderTest) -> None:
    made = [(await registration.post(FILINGS, filing(), BOB)).json()["id"] for _ in range(3)]

    first = (await registration.get(FILINGS, BOB, limit=2)).json()
    second = (await registration.get(FILINGS, BOB, limit=2, cursor=first["next_cursor"])).json()

    assert [f["id"] for f in (*first["entries"], *second["entries"])][:3] == made[::-1]


async def test_a_withdrawn_filing_frees_its_name(registration: ServiceUnderTest) -> None:
    name = distinctive()
    held = (await registration.post(FILINGS, filing(name__distinctive=name, scope=["X0000-00"]), ANN)).json()
    taken = await registration.post(FILINGS, filing(name__distinctive=name), BOB)

    withdrawn = (await registration.post(f"{FILINGS}/{held['id']}/withdrawal", None, ANN)).json()
    free = await registration.post(FILINGS, filing(name__distinctive=name), BOB)

    assert (held["status"], taken.status_code, withdrawn["status"]) == ("returned", 409, "withdrawn")
    assert free.json()["status"] == "approved"
    assert len(await registration.events(f"{PREFIX}filing.withdrawn.v1", held["id"])) == 1


async def test_bad_input_names_its_fields_and_leaves_nothing(registration: ServiceUnderTest) -> None:
    body = filing(registered_capital_fen="1", extra_field=1)
    body["people"][0]["roles"] = ["king"]

    answer = await registration.post(FILINGS, body, ANN, accept_language="en")

    assert answer.status_code == 400
    pointers = {error["pointer"] for error in answer.json()["errors"]}
    assert pointers == {"/registered_capital_fen", "/extra_field", "/people/0/roles/0"}
    assert (
        await registration.rows("SELECT * FROM filing WHERE content->'name' = CAST(:n AS jsonb)", n="{}")
        == []
    )


async def test_an_individual_business_has_an_operator_and_no_shareholders(
    registration: ServiceUnderTest,
) -> None:
    body = filing(
        enterprise_kind="individual_business",
        name__form="店",
        registered_capital_fen=0,
        people=[person("operator", subscribed_fen=None) | {"residence": "永济市城西街道河东大道12号"}],
    )

    out = (await registration.post(FILINGS, body, ANN)).json()

    assert out["status"] == "approved", out["findings"]
    assert out["uscc"][:2] == "92"
