"""Alterations (变更登记) over HTTP: what changes, what is refused, what is told."""

import asyncio
from datetime import date, timedelta
from typing import Any

import pytest

from shared.calendar import local_date
from tests.registration import reporting
from tests.registration.builders import (
    ANN,
    BOB,
    FILINGS,
    OFFICER,
    distinctive,
    filing,
    id_number,
    person,
)
from tests.support.identities import bearer, enterprise_token
from tests.support.service import ServiceUnderTest

PREFIX = "cn.tongban.registration."
ENTERPRISES = "/registration/v1/enterprises"
REASON = {"reason_zh": "材料不实", "reason_en": "the material is false"}
DOMICILE = {"division_code": "140881104", "street": "鹳雀路8号", "commitment": True}


async def an_enterprise(registration: ServiceUnderTest, **changes: Any) -> str:
    """An enterprise that ann established."""
    made = (await registration.post(FILINGS, filing(**changes), ANN)).json()
    assert made["status"] == "approved", made["findings"]
    code: str = made["uscc"]
    return code


def today(registration: ServiceUnderTest) -> date:
    return local_date(registration.clock())


def alteration(registration: ServiceUnderTest, uscc: str, **items: Any) -> dict[str, Any]:
    """An alteration decided today."""
    decided = {"decided_on": today(registration).isoformat(), "resolution_signed": True}
    return {"kind": "alteration", "uscc": uscc} | decided | items


async def alter(registration: ServiceUnderTest, uscc: str, **items: Any) -> dict[str, Any]:
    answer = await registration.post(FILINGS, alteration(registration, uscc, **items), ANN)
    assert answer.status_code == 201, answer.text
    out: dict[str, Any] = answer.json()
    return out


def faults(out: dict[str, Any]) -> set[tuple[str, str]]:
    return {(f["rule"], f["pointer"]) for f in out["findings"] if f["outcome"] == "fault"}


async def test_a_new_address_is_entered_at_once_with_licence_and_event(
    registration: ServiceUnderTest,
) -> None:
    uscc = await an_enterprise(registration)
    before = (await registration.get(f"{ENTERPRISES}/{uscc}")).json()

    out = await alter(registration, uscc, domicile=DOMICILE)

    assert (out["status"], out["uscc"], out["decided_by"]) == ("approved", uscc, "system"), out
    assert out["licence_identifier"] != before["licence_identifier"]
    [event] = await registration.events(f"{PREFIX}enterprise.altered.v1", uscc)
    told = {c["field"]: (c["before"], c["after"]) for c in event["data"]["changes"]}
    assert told["domicile_text"] == ("永济市城西街道河东大道12号", "永济市蒲州镇鹳雀路8号")
    assert told["domicile_division_code"] == ("140881001", "140881104")
    assert event["data"]["details"] == {"items": "domicile", "decided_on": out["content"]["decided_on"]}
    assert (event["data"]["version"], event["data"]["filing_id"]) == (2, out["id"])


async def test_several_items_change_in_one_filing(registration: ServiceUnderTest) -> None:
    uscc = await an_enterprise(registration)
    name = {"division": "永济市", "distinctive": distinctive(), "trade": "餐饮", "form": "有限公司"}
    owners = [
        person("shareholder", serial=1, subscribed_fen=15_000_000),
        person("shareholder", serial=2, subscribed_fen=5_000_000),
    ]

    out = await alter(
        registration,
        uscc,
        name=name,
        scope=["H6210-01", "H6210-03"],
        registered_capital_fen=20_000_000,
        owners=owners,
        principal=person("legal_representative", serial=2, subscribed_fen=None) | {"account": "bob"},
    )

    assert out["status"] == "approved", out["findings"]
    public = (await registration.get(f"{ENTERPRISES}/{uscc}")).json()
    assert (public["name"], public["registered_capital_fen"]) == ("".join(name.values()), 20_000_000)
    people = await registration.rows(
        "SELECT roles, id_number, subscribed_fen FROM enterprise_person WHERE uscc = :u ORDER BY position",
        u=uscc,
    )
    assert [(p["id_number"], p["roles"], p["subscribed_fen"]) for p in people] == [
        (id_number(1), ["shareholder"], 15_000_000),
        (id_number(2), ["shareholder", "legal_representative"], 5_000_000),
    ]
    assert len(await registration.events(f"{PREFIX}representative.determined.v1", uscc)) == 2
    by_the_former = await registration.post(FILINGS, alteration(registration, uscc, domicile=DOMICILE), ANN)
    by_the_new = await registration.post(FILINGS, alteration(registration, uscc, domicile=DOMICILE), BOB)
    assert (by_the_former.status_code, by_the_new.json()["status"]) == (403, "approved")


async def test_who_stands_for_the_enterprise_no_more_goes_on_with_no_filing_of_theirs(
    registration: ServiceUnderTest,
) -> None:
    uscc = await an_enterprise(registration)
    body = alteration(registration, uscc, domicile=DOMICILE)
    draft = (await registration.post(f"{FILINGS}/drafts", body, ANN)).json()
    waiting = (await registration.post(FILINGS, body | {"wants_person": True}, ANN)).json()
    own = enterprise_token(uscc, "ann", "registration.filing.submit", "registration.filing.read")
    kept = (await registration.post(f"{FILINGS}/drafts", body, own)).json()
    principal = person("legal_representative", serial=2, subscribed_fen=None) | {"account": "bob"}
    assert (await alter(registration, uscc, principal=principal))["status"] == "approved"
    path = f"{FILINGS}/{draft['id']}"

    answers = [
        await registration.client.put(
            path,
            json=body,
            headers=bearer(ANN, key="an-old-draft-01") | {"If-Match": '"1"'},
        ),
        await registration.get(f"{path}/check", ANN),
        await registration.post(f"{path}/submission", None, ANN),
    ]
    taken_back = await registration.post(f"{path}/withdrawal", None, ANN)
    approval = await registration.post(f"{FILINGS}/{waiting['id']}/approval", None, OFFICER)
    in_its_name = await registration.post(f"{FILINGS}/{kept['id']}/submission", None, own)

    assert [(a.status_code, a.json()["type"]) for a in answers] == [(403, "/problems/not-the-owner")] * 3
    assert taken_back.json()["status"] == "withdrawn"
    assert (approval.status_code, approval.json()["type"]) == (409, "/problems/faults-remain")
    assert [fault["code"] for fault in approval.json()["errors"]] == ["review.applicant"]
    assert in_its_name.json()["status"] == "approved"


async def test_a_successor_without_an_account_leaves_the_predecessor_no_say(
    registration: ServiceUnderTest,
) -> None:
    uscc = await an_enterprise(registration)
    same = person("legal_representative", subscribed_fen=None) | {"name": "张改名"}
    successor = person("legal_representative", serial=2, subscribed_fen=None)

    renamed = await alter(registration, uscc, principal=same)
    replaced = await alter(registration, uscc, principal=successor)
    after = await registration.post(FILINGS, alteration(registration, uscc, domicile=DOMICILE), ANN)
    own = enterprise_token(uscc, "bob", "registration.filing.submit")
    in_its_name = await registration.post(FILINGS, alteration(registration, uscc, domicile=DOMICILE), own)

    assert [renamed["status"], replaced["status"]] == ["approved"] * 2
    assert (after.status_code, after.json()["type"]) == (403, "/problems/not-the-owner")
    assert in_its_name.json()["status"] == "approved"


async def test_the_old_name_is_kept_from_others_and_the_new_one_is_taken(
    registration: ServiceUnderTest,
) -> None:
    old, new = filing()["name"], filing()["name"]
    uscc = await an_enterprise(registration, name=old)

    assert (await alter(registration, uscc, name=new))["status"] == "approved"

    for name in (old, new):
        answer = await registration.post(FILINGS, filing(name=name), BOB)
        assert answer.json()["type"] == "/problems/name-taken"
    back = await alter(registration, uscc, name=old)
    assert back["status"] == "approved", back["findings"]


@pytest.mark.parametrize(
    ("items", "expected"),
    [
        ({}, {("alteration.items", "")}),
        ({"domicile": DOMICILE | {"commitment": False}}, {("domicile.commitment", "/domicile/commitment")}),
        (
            {"domicile": DOMICILE | {"division_code": "140882001"}},
            {("domicile.in_region", "/domicile/division_code")},
        ),
        (
            {"domicile": DOMICILE, "resolution_signed": False},
            {("alteration.resolution", "/resolution_signed")},
        ),
        ({"scope": ["H6210-01"]}, {("alteration.items", "/scope")}),
        ({"scope": ["X0000-00"]}, {("scope.standard_codes", "/scope/0")}),
        (
            {
                "registered_capital_fen": 9_000_000,
                "owners": [person("shareholder", subscribed_fen=9_000_000)],
            },
            {("capital.creditors_told", "/creditors_told_on")},
        ),
        ({"new_kind": {"enterprise_kind": "individual_business"}}, {("kind.conversion", "/new_kind")}),
        (
            {"principal": person("legal_representative", serial=3, subscribed_fen=None) | {"id_number": "1"}},
            {("people.identity_numbers", "/principal/id_number")},
        ),
    ],
    ids=["nothing", "promise", "elsewhere", "unsigned", "same", "unknown", "creditors", "kind", "identity"],
)
async def test_what_breaks_a_rule_is_returned_with_its_place(
    registration: ServiceUnderTest, items: dict[str, Any], expected: set[tuple[str, str]]
) -> None:
    uscc = await an_enterprise(registration)

    out = await alter(registration, uscc, **items)

    assert out["status"] == "returned"
    assert expected <= faults(out), faults(out)
    assert not await registration.events(f"{PREFIX}enterprise.altered.v1", uscc)


async def test_a_company_becomes_one_by_shares_with_a_name_that_says_so(
    registration: ServiceUnderTest,
) -> None:
    uscc = await an_enterprise(registration)

    without_name = await alter(registration, uscc, new_kind={"enterprise_kind": "joint_stock_company"})

    assert ("name.form_of_kind", "/name") in faults(without_name)


async def test_what_comes_late_is_registered_and_supervision_is_told(registration: ServiceUnderTest) -> None:
    uscc = await an_enterprise(registration)
    decided = today(registration) - timedelta(days=60)

    out = await alter(registration, uscc, domicile=DOMICILE, decided_on=decided.isoformat())

    assert out["status"] == "approved"
    [note] = [f for f in out["findings"] if f["rule"] == "alteration.in_time"]
    assert note["outcome"] == "noted"
    [event] = await registration.events(f"{PREFIX}enterprise.altered.v1", uscc)
    assert 20 <= int(event["data"]["details"]["days_late"]) <= 30
    followed = await registration.rows("SELECT rule FROM follow_up WHERE uscc = :u", u=uscc)
    assert [row["rule"] for row in followed] == ["alteration.in_time"]


async def test_an_officers_way_through_return_amendment_and_approval(registration: ServiceUnderTest) -> None:
    uscc = await an_enterprise(registration)
    asked = alteration(registration, uscc, domicile=DOMICILE) | {"wants_person": True}
    waiting = (await registration.post(FILINGS, asked, ANN)).json()
    path = f"{FILINGS}/{waiting['id']}"
    second = await registration.post(FILINGS, asked, ANN)

    returned = await registration.post(f"{path}/return", REASON, OFFICER)
    better = alteration(registration, uscc, domicile=DOMICILE | {"street": "鹳雀路9号"})
    amended = await registration.client.put(
        path,
        json=better,
        headers=bearer(ANN) | {"If-Match": returned.headers["etag"]},
    )
    again = (await registration.post(f"{path}/submission", None, ANN)).json()
    approved = (await registration.post(f"{path}/approval", None, OFFICER)).json()

    assert (waiting["status"], second.status_code) == ("under_review", 409)
    assert second.json()["type"] == "/problems/filing-in-progress"
    assert (amended.status_code, again["status"], approved["status"]) == (200, "under_review", "approved")
    public = (await registration.get(f"{ENTERPRISES}/{uscc}")).json()
    assert public["domicile"]["text"].endswith("鹳雀路9号")


async def test_nobody_is_kept_from_moving_by_a_refusal(registration: ServiceUnderTest) -> None:
    uscc = await an_enterprise(registration)
    asked = alteration(registration, uscc, domicile=DOMICILE) | {"wants_person": True}
    path = f"{FILINGS}/{(await registration.post(FILINGS, asked, ANN)).json()['id']}"

    restricted = await registration.post(
        f"{path}/refusal", REASON | {"reason_code": "restrict_migration"}, OFFICER
    )
    unknown = await registration.post(f"{path}/refusal", REASON | {"reason_code": "dislike"}, OFFICER)
    refused = await registration.post(f"{path}/refusal", REASON | {"reason_code": "false_material"}, OFFICER)

    assert (restricted.status_code, restricted.json()["type"]) == (422, "/problems/migration-restricted")
    assert (unknown.status_code, unknown.json()["type"]) == (422, "/problems/reason-unknown")
    assert (refused.json()["status"], refused.json()["reason"]["code"]) == ("refused", "false_material")


async def test_of_two_alterations_at_once_each_counts_once(registration: ServiceUnderTest) -> None:
    uscc = await an_enterprise(registration)
    body = alteration(registration, uscc, domicile=DOMICILE)

    answers = await asyncio.gather(*(registration.post(FILINGS, body, ANN) for _ in range(6)))

    statuses = [answer.json()["status"] for answer in answers]
    assert (statuses.count("approved"), statuses.count("returned")) == (1, 5)
    [row] = await registration.rows("SELECT version FROM enterprise WHERE uscc = :u", u=uscc)
    assert row["version"] == 2
    in_force = await registration.rows("SELECT 1 FROM licence WHERE uscc = :u AND state = '01'", u=uscc)
    assert len(in_force) == 1


async def test_another_enterprises_items_are_not_anybodys_to_change(registration: ServiceUnderTest) -> None:
    uscc = await an_enterprise(registration)

    answer = await registration.post(FILINGS, alteration(registration, uscc, domicile=DOMICILE), BOB)

    assert (answer.status_code, answer.json()["type"]) == (403, "/problems/not-the-owner")


async def test_bad_input_of_an_alteration_names_its_fields(registration: ServiceUnderTest) -> None:
    uscc = await an_enterprise(registration)
    body = alteration(registration, uscc, domicile={"division_code": "1"}, capital=1)

    answer = await registration.post(FILINGS, body, ANN)

    pointers = {error["pointer"] for error in answer.json()["errors"]}
    assert answer.status_code == 400
    assert pointers >= {"/capital", "/domicile/division_code", "/domicile/street", "/domicile/commitment"}


@pytest.mark.parametrize("state", ["deregistered", "moved_out", "revoked", "in_liquidation"])
async def test_who_is_not_in_business_alters_nothing(registration: ServiceUnderTest, state: str) -> None:
    uscc = await an_enterprise(registration)
    asked = alteration(registration, uscc, domicile=DOMICILE) | {"wants_person": True}
    waiting = (await registration.post(FILINGS, asked, ANN)).json()
    await registration.rows_changed("UPDATE enterprise SET state = :s WHERE uscc = :u", s=state, u=uscc)

    filed = await registration.post(FILINGS, alteration(registration, uscc, domicile=DOMICILE), ANN)
    approved = await registration.post(f"{FILINGS}/{waiting['id']}/approval", None, OFFICER)

    assert [filed.json()["type"], approved.json()["type"]] == ["/problems/state-forbids"] * 2
    assert (filed.status_code, approved.status_code) == (409, 409)
    assert not await registration.events(f"{PREFIX}enterprise.altered.v1", uscc)


async def test_an_individual_business_changes_its_operator_and_has_no_capital(
    registration: ServiceUnderTest,
) -> None:
    operator = person("operator", subscribed_fen=None) | {"residence": "永济市城西街道河东大道12号"}
    uscc = await an_enterprise(
        registration,
        enterprise_kind="individual_business",
        name__form="店",
        registered_capital_fen=0,
        people=[operator],
    )
    successor = operator | {"id_number": id_number(6), "name": "李四"}

    with_capital = await alter(registration, uscc, registered_capital_fen=5)
    out = await alter(registration, uscc, principal=successor)

    assert ("items.registered_capital_fen", "/registered_capital_fen") in faults(with_capital)
    assert out["status"] == "approved", out["findings"]
    people = await registration.rows("SELECT id_number FROM enterprise_person WHERE uscc = :u", u=uscc)
    assert [row["id_number"] for row in people] == [id_number(6)]


async def test_an_enterprise_of_an_old_register_alters_what_it_knows_of_itself(
    registration: ServiceUnderTest,
) -> None:
    uscc = await reporting.enterprise(registration, 7400)
    owner = enterprise_token(uscc, "ann", "registration.filing.submit")
    body = alteration(registration, uscc, domicile=DOMICILE, scope=["H6220-01"])

    out = (await registration.post(FILINGS, body, owner)).json()

    assert out["status"] == "approved", out["findings"]
    public = (await registration.get(f"{ENTERPRISES}/{uscc}")).json()
    assert [entry["code"] for entry in public["scope"]] == ["H6220-01"]
    assert (out["licence_identifier"], public["licence_identifier"]) == (None, None)


async def test_an_enterprise_of_an_old_register_gets_its_first_licence_once_the_face_is_whole(
    registration: ServiceUnderTest,
) -> None:
    uscc = await reporting.enterprise(registration, 7401)
    owner = enterprise_token(uscc, "ann", "registration.filing.submit")
    someone = {"name": "李四光", "id_number": id_number(74)}
    await registration.post(f"{ENTERPRISES}/{uscc}/representative", someone, OFFICER)
    entered = (await registration.get(f"{ENTERPRISES}/{uscc}")).json()

    body = alteration(registration, uscc, domicile=DOMICILE)
    out = (await registration.post(FILINGS, body, owner)).json()

    assert entered["licence_identifier"] is None
    assert out["status"] == "approved", out["findings"]
    [licence] = await registration.rows(
        "SELECT identifier, version, state FROM licence WHERE uscc = :u", u=uscc
    )
    assert (licence["identifier"], licence["version"], licence["state"]) == (
        out["licence_identifier"],
        1,
        "01",
    )
    told = await registration.event(f"{PREFIX}licence.issued.v1", uscc)
    assert told["data"]["version"] == 1


@pytest.mark.parametrize(
    "items",
    [
        {
            "principal": person("legal_representative", subscribed_fen=None)
            | {"id_number": id_number(1, "20200101")}
        },
        {"registered_capital_fen": 1},
        {"owners": [person("shareholder", subscribed_fen=1)]},
    ],
    ids=["principal", "capital", "owners"],
)
async def test_people_and_capital_of_a_kind_without_rules_are_not_altered(
    registration: ServiceUnderTest, items: dict[str, Any]
) -> None:
    uscc = await an_enterprise(registration)
    await registration.rows_changed(
        "UPDATE enterprise SET enterprise_kind = 'other', licence_identifier = NULL WHERE uscc = :u", u=uscc
    )

    out = await alter(registration, uscc, **items)
    moved = await alter(registration, uscc, domicile=DOMICILE)

    assert out["status"] == "returned"
    assert ("kind.offered", "/uscc") in faults(out)
    assert moved["status"] == "approved", moved["findings"]


async def test_a_draft_is_checked_in_one_list_and_nothing_is_asked_or_kept(
    registration: ServiceUnderTest,
) -> None:
    uscc = await an_enterprise(registration)
    body = alteration(registration, uscc, domicile=DOMICILE | {"commitment": False}, resolution_signed=False)
    draft = (await registration.post(f"{FILINGS}/drafts", body, ANN)).json()

    checked = (await registration.get(f"{FILINGS}/{draft['id']}/check", ANN)).json()

    assert {check["pointer"] for check in checked["missing"]} == {
        "/domicile/commitment",
        "/resolution_signed",
    }
    assert (await registration.get(f"{FILINGS}/{draft['id']}", ANN)).json()["status"] == "draft"
