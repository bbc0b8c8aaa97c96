"""Grants: issued and withdrawn by the data bureau, seen by those they are for, told to the services."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from shared.region import SharingClass
from tests.support.identities import agency_token, person_token
from tests.support.service import ServiceUnderTest

GRANTS = "/catalogue/v1/grants"
TAX, POLICE, BUREAU = "11140881MB9Y000405", "11140881MB9Y00032A", "11140881MB9Y00155B"
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


async def test_what_its_owner_does_not_share_is_not_granted(gateway: ServiceUnderTest) -> None:
    region = gateway.app.state.region
    closed = tuple(
        resource.model_copy(update={"sharing_class": SharingClass.NONE})
        if resource.key == "hotline.ticket"
        else resource
        for resource in region.resources
    )
    gateway.app.state.region = region.model_copy(update={"resources": closed})

    answer = await gateway.post(GRANTS, terms(resource="hotline.ticket", fields=["status"]), BUREAU_CLIENT)

    gateway.app.state.region = region
    assert answer.status_code == 400
    assert [error["code"] for error in answer.json()["errors"]] == ["not_shared"]


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


async def test_grants_are_paged_the_newest_first(gateway: ServiceUnderTest) -> None:
    made = [(await issued(gateway, purpose="paged"))["grant_id"] for _ in range(3)]

    first = (await gateway.get(GRANTS, TAX_CLIENT, limit=2)).json()
    second = (await gateway.get(GRANTS, TAX_CLIENT, limit=2, cursor=first["next_cursor"])).json()

    shown = [grant["grant_id"] for grant in first["entries"] + second["entries"]]
    assert shown[:3] == made[::-1]
