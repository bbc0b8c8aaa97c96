"""Names like those of related enterprises: investment excepts from art. 17, consent is weighed, the same is barred."""

import asyncio
from datetime import timedelta
from typing import Any

from shared.calendar import local_date
from tests.registration.builders import ANN, FILINGS, OFFICER, distinctive, filing, person, uscc
from tests.registration.changing import registered
from tests.registration.kind_builders import organisation
from tests.support.service import ServiceUnderTest

PAPER = "ab" * 32


def of(owner: dict[str, Any], part: str, division: str = "永济") -> dict[str, Any]:
    """A filing under a distinctive part, with an enterprise among its shareholders."""
    holding = person("shareholder", serial=2, subscribed_fen=5_000_000)
    people = [
        person("legal_representative", "shareholder", "beneficial_owner", subscribed_fen=5_000_000),
        holding | organisation(owner["uscc"], owner["name"]),
    ]
    return filing(
        name__distinctive=part, name__division=division, people=people, exempt_from_beneficial_owners=False
    )


def related(out: dict[str, Any]) -> list[tuple[str, str]]:
    """What was found of the name."""
    return [(f["rule"], f["outcome"]) for f in out["findings"] if f["rule"].startswith("name.")]


async def test_an_investor_s_like_name_is_noted_and_a_stranger_s_is_a_fault(
    registration: ServiceUnderTest,
) -> None:
    part = distinctive()
    owner = await registered(registration, name__distinctive=part)

    own = (await registration.post(FILINGS, of(owner, part), ANN)).json()
    stranger = (
        await registration.post(FILINGS, filing(name__distinctive=part, name__division="运城"), ANN)
    ).json()
    same = await registration.post(FILINGS, of(owner, part, "永济市"), ANN)

    assert (own["status"], related(own)) == ("approved", [("name.related", "noted")]), own["findings"]
    assert (stranger["status"], related(stranger)) == ("returned", [("name.alike", "fault")])
    assert (same.status_code, same.json()["type"]) == (409, "/problems/name-taken")


async def test_a_written_consent_without_investment_is_an_officer_s_to_weigh(
    registration: ServiceUnderTest,
) -> None:
    part, today = distinctive(), local_date(registration.clock())
    owner = await registered(registration, name__distinctive=part)

    async def filed(code: str, days: int) -> dict[str, Any]:
        agreed = (today + timedelta(days=days)).isoformat()
        consent = {"uscc": code, "agreed_on": agreed, "sha256": PAPER}
        body = filing(name__distinctive=part, name__division="永济", name_consent=consent)
        found: dict[str, Any] = (await registration.post(FILINGS, body, ANN)).json()
        return found

    tomorrow, unknown = await filed(owner["uscc"], 1), await filed(uscc(880_001), 0)
    weighed = await filed(owner["uscc"], 0)
    approved = (await registration.post(f"{FILINGS}/{weighed['id']}/approval", None, OFFICER)).json()

    assert ("name.consent", "fault") in related(tomorrow)
    assert related(unknown) == [("name.alike", "fault"), ("name.consent", "fault")]
    assert (weighed["status"], related(weighed)) == ("under_review", [("name.related", "referred")])
    assert weighed["content"]["name_consent"]["uscc"] == owner["uscc"]
    assert approved["status"] == "approved"


async def test_who_owns_part_of_an_enterprise_may_take_a_name_like_its_own(
    registration: ServiceUnderTest,
) -> None:
    owner, part = await registered(registration), distinctive()
    owned = (await registration.post(FILINGS, of(owner, part, "永济市"), ANN)).json()
    name = {"division": "永济", "distinctive": part, "trade": "餐饮", "form": "有限公司"}
    wish = {"name": name, "enterprise_kind": "limited_company", "scope": ["H6210-01"]}
    reservations = "/registration/v1/names/reservations"
    today = local_date(registration.clock()).isoformat()
    alteration = {"kind": "alteration", "decided_on": today, "resolution_signed": True, "name": name}

    nobody = await registration.post(reservations, wish, ANN)
    reserved = await registration.post(reservations, wish | {"for_uscc": owner["uscc"]}, ANN)
    used = {"uscc": owner["uscc"], "name_reservation_id": reserved.json()["id"]}
    altered = (await registration.post(FILINGS, alteration | used, ANN)).json()

    assert owned["status"] == "approved", owned["findings"]
    assert (nobody.status_code, reserved.status_code) == (409, 201), reserved.text
    assert (altered["status"], related(altered)) == ("approved", [("name.related", "noted")]), altered


async def test_of_two_that_one_invests_in_one_at_a_time_gets_the_like_name(
    registration: ServiceUnderTest,
) -> None:
    part = distinctive()
    owner = await registered(registration, name__distinctive=part)

    answers = await asyncio.gather(
        *(registration.post(FILINGS, of(owner, part, each), ANN) for each in ("永济", "运城", "运城市"))
    )

    assert sorted(answer.json()["status"] for answer in answers) == ["approved", "returned", "returned"]
