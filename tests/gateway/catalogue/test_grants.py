"""Grants: issued and withdrawn by the data bureau, seen by those they are for, told to the services."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from gateway.catalogue.data.domain.grant import Terms
from gateway.catalogue.data.domain.grant_rules import Grantee, ResourceOnOffer, flaws_of
from gateway.catalogue.data.sweeps import EXPIRY_SWEEP
from tests.support.identities import agency_token, person_token
from tests.support.service import ServiceUnderTest

GRANTS = "/catalogue/v1/grants"
TAX, POLICE, BUREAU = "11140881MB9Y000405", "11140881MB9Y00032A", "11140881MB9Y00155B"
BANK = "91140881MB9Y00075F"
BUREAU_CLIENT = agency_token("data_bureau", BUREAU, "catalogue.grant.manage", "catalogue.grant.read")
TAX_CLIENT = agency_token("tax", TAX, "catalogue.grant.read")
POLICE_CLIENT = agency_token("police", POLICE, "catalogue.grant.read")
ISSUED = "cn.tongban.gateway.grant.issued.v1"
WITHDRAWN = "cn.tongban.gateway.grant.withdrawn.v1"


def terms(**changed: Any) -> dict[str, Any]:
    return {
        "agency": TAX,
        "resource": "registration.enterprise",
        "fields": ["uscc", "contact_phone"],
        "purpose": "tax_registration",
        "valid_until": "2039-12-31T16:00:00Z",
    } | changed


async def issued(gateway: ServiceUnderTest, **changed: Any) -> dict[str, Any]:
    answer = await gateway.post(GRANTS, terms(**changed), BUREAU_CLIENT)
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def test_a_grant_is_issued_told_and_withdrawn_once(gateway: ServiceUnderTest) -> None:
    grant = await issued(
        gateway,
        region_code="140881",
        basis="税收征收管理法第十五条",
        valid_until="2040-01-01T00:00:00+08:00",
    )
    grant_id = grant["grant_id"]

    withdrawal = await gateway.post(f"{GRANTS}/{grant_id}/withdrawal", None, BUREAU_CLIENT)
    again = await gateway.post(f"{GRANTS}/{grant_id}/withdrawal", None, BUREAU_CLIENT, accept_language="en")

    assert grant["status"] == "issued"
    assert (await gateway.event(ISSUED, grant_id))["data"] == {
        "grant_id": grant_id,
        "agency_uscc": TAX,
        "resource": "registration.enterprise",
        "fields": ["uscc", "contact_phone"],
        "purpose": "tax_registration",
        "region_code": "140881",
        "valid_until": "2039-12-31T16:00:00Z",
        "regions": ["140881"],
        "scenes": [],
        "ways": ["copy"],
        "needs_consent": False,
        "needs_case_number": False,
        "version": 1,
    }
    assert withdrawal.status_code == 200, withdrawal.text
    assert withdrawal.json()["status"] == "withdrawn"
    told = await gateway.event(WITHDRAWN, grant_id)
    assert told["data"]["grant_id"] == grant_id
    assert told["sequence"] == "2"
    assert again.status_code == 409
    assert again.json()["type"] == "/problems/grant-action-not-allowed"
    assert len(await gateway.events(WITHDRAWN, grant_id)) == 1


async def test_of_many_withdrawals_at_once_one_is_told(gateway: ServiceUnderTest) -> None:
    grant_id = (await issued(gateway))["grant_id"]

    answers = await asyncio.gather(
        *(gateway.post(f"{GRANTS}/{grant_id}/withdrawal", None, BUREAU_CLIENT) for _ in range(8))
    )

    assert sorted(answer.status_code for answer in answers) == [200] + [409] * 7
    assert len(await gateway.events(WITHDRAWN, grant_id)) == 1


@pytest.mark.parametrize(
    ("changed", "pointer"),
    [
        ({"fields": ["*"]}, "/fields/0"),
        ({"fields": ["uscc", "legal_representative.*"]}, "/fields/1"),
        ({"fields": []}, "/fields"),
        ({"fields": ["uscc", "shoe_size"]}, "/fields/1"),
        ({"fields": ["uscc", "uscc"]}, "/fields/1"),
        ({"resource": "registration.nothing"}, "/resource"),
        ({"agency": "91110000600037341L"}, "/agency"),
        ({"agency": "11140881MB9Y000406"}, "/agency"),
        ({"purpose": ""}, "/purpose"),
        ({"region_code": "999999"}, "/region_code"),
        ({"regions": ["140881", "999999"]}, "/regions/1"),
        ({"ways": []}, "/ways"),
        ({"scenes": ["*"]}, "/scenes/0"),
        ({"agency": BANK}, "/needs_consent"),
        ({"agency": BANK, "resource": "hotline.ticket", "fields": ["status"]}, "/resource"),
        ({"valid_until": "2020-01-01T00:00:00Z"}, "/valid_until"),
        ({"valid_until": "2039-12-31T16:00:00"}, "/valid_until"),
        ({"issued_by": "me"}, "/issued_by"),
    ],
)
async def test_what_cannot_be_granted_is_refused_with_its_place(
    gateway: ServiceUnderTest, changed: dict[str, Any], pointer: str
) -> None:
    before = len(await gateway.events(ISSUED))

    answer = await gateway.post(GRANTS, terms(**changed), BUREAU_CLIENT)

    assert answer.status_code == 400, answer.text
    assert answer.json()["errors"][0]["pointer"] == pointer
    assert len(await gateway.events(ISSUED)) == before


async def test_all_reasons_against_a_grant_come_in_one_answer(gateway: ServiceUnderTest) -> None:
    answer = await gateway.post(
        GRANTS, terms(fields=["shoe_size"], valid_until="2020-01-01T00:00:00Z"), BUREAU_CLIENT
    )

    assert {error["pointer"] for error in answer.json()["errors"]} == {"/fields/0", "/valid_until"}


TICKET = ResourceOnOffer("hotline.ticket", is_shareable=True, field_names=frozenset({"status"}))
THIRD_PARTY = Grantee(is_known=True, whitelist=frozenset({"hotline.ticket"}))


@pytest.mark.parametrize(
    ("resource", "grantee", "code"),
    [
        (replace(TICKET, is_shareable=False), Grantee(is_known=True), "not_shared"),
        (replace(TICKET, is_state_secret=True), Grantee(is_known=True), "state_secret"),
        (replace(TICKET, secret_fields=TICKET.field_names), THIRD_PARTY, "secret_field"),
        (replace(TICKET, key="credit.record"), THIRD_PARTY, "not_whitelisted"),
    ],
    ids=["not shared", "state secret", "trade secret to a third party", "not on the third party's list"],
)
def test_what_its_owner_does_not_share_is_not_granted(
    resource: ResourceOnOffer, grantee: Grantee, code: str
) -> None:
    until = datetime(2039, 1, 1, tzinfo=UTC)
    asked = Terms(BANK, resource.key, ("status",), "loan_review", until, needs_consent=True)

    flaws = flaws_of(
        asked, resource=resource, grantee=grantee, unknown_regions=(), now=until - timedelta(days=1)
    )

    assert [flaw.code for flaw in flaws] == [code]


@pytest.mark.parametrize(
    "token",
    [
        agency_token("tax", TAX, "catalogue.grant.manage"),
        person_token("p-1", "catalogue.grant.manage"),
    ],
    ids=["another agency", "a person"],
)
async def test_only_the_data_bureau_issues_and_withdraws(gateway: ServiceUnderTest, token: str) -> None:
    grant_id = (await issued(gateway))["grant_id"]

    issuing = await gateway.post(GRANTS, terms(), token)
    withdrawing = await gateway.post(f"{GRANTS}/{grant_id}/withdrawal", None, token)
    without_scope = await gateway.post(GRANTS, terms(), TAX_CLIENT)

    assert (issuing.status_code, withdrawing.status_code, without_scope.status_code) == (403, 403, 403)
    assert (await gateway.get(f"{GRANTS}/{grant_id}", BUREAU_CLIENT)).json()["status"] == "issued"


async def test_an_agency_sees_its_own_grants_only(gateway: ServiceUnderTest) -> None:
    for_tax = (await issued(gateway))["grant_id"]
    for_police = (await issued(gateway, agency=POLICE, purpose="seal_filing"))["grant_id"]

    async def ids(token: str, **params: Any) -> set[str]:
        page = await gateway.get(GRANTS, token, limit=200, **params)
        return {grant["grant_id"] for grant in page.json()["entries"]}

    assert for_tax in await ids(TAX_CLIENT)
    assert for_police not in await ids(TAX_CLIENT)
    assert await ids(TAX_CLIENT, agency=POLICE) == set()
    assert {for_tax, for_police} <= await ids(BUREAU_CLIENT)
    assert for_tax not in await ids(BUREAU_CLIENT, agency=POLICE)
    assert await ids(person_token("p-1", "catalogue.grant.read")) == set()
    assert (await gateway.get(f"{GRANTS}/{for_tax}", TAX_CLIENT)).status_code == 200


async def test_anothers_grant_looks_like_an_absent_one(gateway: ServiceUnderTest) -> None:
    for_tax = (await issued(gateway))["grant_id"]

    anothers = await gateway.get(f"{GRANTS}/{for_tax}", POLICE_CLIENT)
    absent_id = str(uuid4())
    absent = await gateway.get(f"{GRANTS}/{absent_id}", POLICE_CLIENT)

    def shape(body: dict[str, Any], its_id: str) -> dict[str, Any]:
        return {k: str(v).replace(its_id, "ID") for k, v in body.items() if k != "instance"}

    assert anothers.status_code == absent.status_code == 404
    assert shape(anothers.json(), for_tax) == shape(absent.json(), absent_id)


async def test_a_grant_expires_by_itself(gateway: ServiceUnderTest) -> None:
    until = (datetime.now(UTC) + timedelta(hours=1)).isoformat()
    grant_id = (await issued(gateway, valid_until=until))["grant_id"]

    gateway.clock.advance(timedelta(hours=2))
    expired = await gateway.get(GRANTS, TAX_CLIENT, status="expired")
    in_force = await gateway.get(GRANTS, TAX_CLIENT, status="issued", limit=200)
    gateway.clock.advance(timedelta(hours=-2))

    assert [grant["grant_id"] for grant in expired.json()["entries"]] == [grant_id]
    assert expired.json()["entries"][0]["status"] == "expired"
    assert grant_id not in {grant["grant_id"] for grant in in_force.json()["entries"]}


async def test_a_grant_is_narrowed_suspended_and_resumed_and_each_is_told(gateway: ServiceUnderTest) -> None:
    grant_id = (await issued(gateway, regions=["140800"], ways=["copy", "verify"]))["grant_id"]

    async def do(action: str, body: dict[str, Any] | None, token: str = BUREAU_CLIENT) -> tuple[int, Any]:
        answer = await gateway.post(f"{GRANTS}/{grant_id}/{action}", body, token)
        return answer.status_code, answer.json()

    less = {"fields": ["contact_phone"], "regions": ["140881"], "ways": ["verify"], "needs_consent": True}
    _, narrowed = await do("narrowing", less)
    _, suspended = await do("suspension", {"reason": "数据安全检查"})
    twice, _ = await do("suspension", {"reason": "数据安全检查"})
    _, resumed = await do("resumption", None)
    foreign, _ = await do("suspension", {"reason": "x"}, agency_token("tax", TAX, "catalogue.grant.manage"))

    assert (narrowed["fields"], narrowed["regions"], narrowed["version"]) == (
        ["contact_phone"],
        ["140881"],
        2,
    )
    assert (suspended["status"], suspended["suspended_because"]) == ("suspended", "数据安全检查")
    assert (resumed["status"], resumed["version"]) == ("issued", 4)
    assert (twice, foreign) == (409, 403)
    told = await gateway.event("cn.tongban.gateway.grant.narrowed.v1", grant_id)
    assert (told["data"]["ways"], told["data"]["needs_consent"]) == (["verify"], True)
    for past in ("suspended", "resumed"):
        told = await gateway.event(f"cn.tongban.gateway.grant.{past}.v1", grant_id)
        assert told["data"]["agency_uscc"] == TAX


@pytest.mark.parametrize(
    ("wider", "pointer"),
    [
        ({"fields": ["uscc", "name"]}, "/fields"),
        ({"regions": ["140000"]}, "/regions"),
        ({"scenes": ["open_hotel"]}, "/scenes"),
        ({"ways": ["verify"]}, "/ways"),
        ({"valid_until": "2041-01-01T00:00:00Z"}, "/valid_until"),
        ({}, ""),
    ],
)
async def test_what_is_not_narrower_needs_a_new_grant(
    gateway: ServiceUnderTest, wider: dict[str, Any], pointer: str
) -> None:
    grant = await issued(gateway, regions=["140881"], scenes=["open_restaurant"])

    answer = await gateway.post(f"{GRANTS}/{grant['grant_id']}/narrowing", wider, BUREAU_CLIENT)

    assert answer.status_code == 400
    assert answer.json()["errors"][0]["pointer"] == pointer


async def test_the_end_of_a_term_is_told_once(gateway: ServiceUnderTest) -> None:
    until = (gateway.clock() + timedelta(hours=1)).isoformat()
    grant_id = (await issued(gateway, valid_until=until))["grant_id"]
    sweep = gateway.app.state.backend.transactions.run

    gateway.clock.advance(timedelta(hours=2))
    await sweep(EXPIRY_SWEEP.run)
    again = await sweep(EXPIRY_SWEEP.run)
    withdrawal = await gateway.post(f"{GRANTS}/{grant_id}/withdrawal", None, BUREAU_CLIENT)
    gateway.clock.advance(timedelta(hours=-2))

    told = await gateway.events("cn.tongban.gateway.grant.expired.v1", grant_id)
    assert [event["data"]["agency_uscc"] for event in told] == [TAX]
    assert (again, withdrawal.status_code) == (0, 409)


async def test_grants_are_paged_the_newest_first(gateway: ServiceUnderTest) -> None:
    made = [(await issued(gateway, purpose="paged"))["grant_id"] for _ in range(3)]

    first = (await gateway.get(GRANTS, TAX_CLIENT, limit=2)).json()
    second = (await gateway.get(GRANTS, TAX_CLIENT, limit=2, cursor=first["next_cursor"])).json()

    shown = [grant["grant_id"] for grant in first["entries"] + second["entries"]]
    assert shown[:3] == made[::-1]
