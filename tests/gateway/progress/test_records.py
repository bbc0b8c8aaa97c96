"""Everything about an enterprise is filed under its code; what cannot be, waits and is never dropped."""

from typing import Any
from uuid import uuid4

from tests.gateway.acting import a_uscc
from tests.gateway.progress.conftest import City
from tests.support.identities import enterprise_token
from tests.support.waiting import eventually

READ = "progress.record.read"
EXCEPTIONS = "/progress/v1/exceptions"
ACCESSED = "cn.tongban.gateway.access.recorded.v1"


async def _entered(city: City, uscc: str, item: str = "penalty_general") -> dict[str, Any]:
    record_id = str(uuid4())
    told = {
        "record_id": record_id,
        "uscc": uscc,
        "catalogue_item": item,
        "nature": "negative",
        "happened_on": "2026-05-06",
        "provider_uscc": city.pack.agency("market_supervision").uscc,
    }
    return await city.tell("credit.record.entered", record_id, told)


async def _known(city: City, uscc: str) -> None:
    """Registered, permitted, evaluated, penalised; and it asked the hotline itself."""
    await city.tell("registration.enterprise.registered", uscc, {"uscc": uscc, "name": "蒲津渡"})
    number = str(uuid4())
    permit = {"permit_number": number, "uscc": uscc, "kind": "comprehensive", "industry_code": "restaurant"}
    await city.tell("licensing.permit.issued", number, permit | {"verify_path": "/licensing/v1/verify/1.2"})
    await city.tell("credit.subject.evaluated", uscc, {"uscc": uscc, "grade": "B", "score": "70.00"})
    await _entered(city, uscc)
    ticket = {"ticket_number": str(uuid4()), "uscc": uscc, "applicant": uscc, "kind": "consult"}
    await city.tell("hotline.ticket.received", ticket["ticket_number"], ticket)


async def test_an_enterprise_sees_all_that_is_filed_under_it_with_source_time_and_version(city: City) -> None:
    uscc = a_uscc()
    await _known(city, uscc)

    records = await city.records(uscc, enterprise_token(uscc, "ann", READ), 5)

    assert {each["service"] for each in records} == {"registration", "licensing", "credit", "hotline"}
    permit = next(each for each in records if each["type"] == "permit")
    assert (permit["version"], permit["path"]) == (1, "/licensing/v1/verify/1.2")
    assert [each["at"] for each in records] == sorted((each["at"] for each in records), reverse=True)
    only = await city.gateway.get(
        f"/progress/v1/subjects/{uscc}/records", enterprise_token(uscc, "ann", READ), type="permit"
    )
    assert [each["type"] for each in only.json()["entries"]] == ["permit"]


async def test_a_person_sees_the_public_part_and_a_granted_agency_what_it_may_on_the_record(
    city: City,
) -> None:
    uscc = a_uscc()
    await _known(city, uscc)
    await city.records(uscc, enterprise_token(uscc, "ann", READ), 5)

    public = await city.records(uscc, city.person("bob"), 2)
    ungranted = await city.records(uscc, city.agency("bank"), 2)
    provider = await city.records(uscc, city.agency("credit_office"), 4)

    assert (
        {each["type"] for each in public}
        == {each["type"] for each in ungranted}
        == {"registration", "permit"}
    )
    assert "ticket" not in {each["type"] for each in provider}
    [recorded, *_] = await city.gateway.events(ACCESSED, uscc)
    assert recorded["data"]["fields"] == ["credit_evaluation", "credit_record"]
    assert recorded["data"]["client_id"] == "credit_office"


async def test_a_fact_without_a_sound_code_waits_until_the_bureau_says_whose_it_is(city: City) -> None:
    uscc = a_uscc()
    wrong = uscc[:-1] + ("0" if uscc[-1] != "0" else "1")
    envelope = await _entered(city, wrong)
    bureau = city.agency("data_bureau", "progress.exception.manage")

    async def waits() -> dict[str, Any]:
        found = (await city.gateway.get(EXCEPTIONS, bureau)).json()["entries"]
        return next((each for each in found if each["event_id"] == envelope["id"]), {})

    waiting = await eventually(waits)
    body = {"uscc": uscc, "reason": "原记录末位校验码误录"}
    path = f"{EXCEPTIONS}/{envelope['id']}/resolution"
    elsewhere = await city.gateway.post(path, body, city.agency("tax", "progress.exception.manage"))
    resolved = await city.gateway.post(path, body, bureau)
    again = await city.gateway.post(path, body, bureau)

    assert waiting["stated"] == wrong
    assert (elsewhere.status_code, resolved.status_code, again.status_code) == (403, 200, 404)
    assert await waits() == {}
    [record] = await city.records(uscc, enterprise_token(uscc, "ann", READ), 1)
    assert record["event_id"] == envelope["id"]
    told = await city.gateway.events("cn.tongban.gateway.record.resolved.v1", envelope["id"])
    assert [each["data"]["uscc"] for each in told] == [uscc]
