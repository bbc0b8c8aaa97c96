"""Everything about an enterprise is filed under its code; what cannot be, waits and is never dropped."""

from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any
from uuid import uuid4

from gateway.progress.store.retention import HISTORIES
from shared.retention import purge_due
from tests.gateway.acting import a_uscc
from tests.gateway.progress.conftest import City
from tests.support.identities import enterprise_token
from tests.support.waiting import eventually

READ = "progress.record.read"
EXCEPTIONS = "/progress/v1/exceptions"
SEARCH = "bankruptcy_property_search"
GIVEN = "cn.tongban.gateway.consent.given.v1"
WITHDRAWN = "cn.tongban.gateway.consent.withdrawn.v1"
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


async def test_a_court_sees_what_is_held_of_an_enterprise_as_long_as_its_proceedings_run(city: City) -> None:
    uscc, other = a_uscc(), a_uscc()
    owner = enterprise_token(uscc, "ann", READ, "catalogue.consent.manage")
    for each in (uscc, other):
        await _known(city, each)
        await city.records(each, enterprise_token(each, "ann", READ), 5)
    court = city.agency("court")
    opened = {"registration", "permit", "credit_evaluation", "credit_record"}
    public = {"registration", "permit"}

    async def seen(whose: str, purpose: str | None = SEARCH) -> set[str]:
        query = {"purpose": purpose} if purpose else {}
        answer = await city.gateway.get(f"/progress/v1/subjects/{whose}/records", court, **query)
        return {each["type"] for each in answer.json()["entries"]}

    async def is_seen(expected: set[str]) -> bool:
        return await seen(uscc) == expected

    before = await seen(uscc)
    await _ruled(city, uscc, "bankruptcy", "（2026）晋0881破申1号")
    await eventually(partial(is_seen, opened))
    given = [e["data"] for e in await city.gateway.events(GIVEN) if e["data"]["subject"] == uscc]
    path = f"/catalogue/v1/consents/{given[0]['consent_id']}/withdrawal"
    withdrawal = await city.gateway.post(path, None, owner)

    assert before == await seen(other) == await seen(uscc, None) == await seen(uscc, "supervision") == public
    court_uscc = city.pack.agency("court").uscc
    resources = {"registration.enterprise", "licensing.permit", "credit.evaluation"}
    assert {each["resource"] for each in given} == resources
    assert {(each["agency_uscc"], each["purpose"]) for each in given} == {(court_uscc, SEARCH)}
    assert (withdrawal.status_code, withdrawal.json()["type"]) == (409, "/problems/consent-by-ruling")
    recorded = (await city.gateway.events(ACCESSED, uscc))[-1]["data"]
    assert (recorded["agency_uscc"], recorded["purpose"]) == (court_uscc, SEARCH)

    await _ruled(city, uscc, "bankrupt", "（2026）晋0881破1号之二")
    await _ruled(city, uscc, "ended", "（2026）晋0881破1号之三")

    await eventually(partial(is_seen, public))
    given_again = [e for e in await city.gateway.events(GIVEN) if e["data"]["subject"] == uscc]
    assert len(given_again) == len(given)
    assert {len(await city.gateway.events(WITHDRAWN, each["consent_id"])) for each in given} == {1}


async def _ruled(city: City, uscc: str, proceedings: str, number: str) -> None:
    details = {"ruling": "told", "ruling_no": number, "proceedings": proceedings}
    details["agency_uscc"] = city.pack.agency("court").uscc
    told = {"uscc": uscc, "name": "蒲津渡", "act": "court_ruled", "details": details}
    await city.tell("registration.enterprise.court_ruled", uscc, told)


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


async def test_a_report_a_listing_and_a_ruling_are_filed_under_the_enterprise(city: City) -> None:
    uscc, report, listing = a_uscc(), str(uuid4()), str(uuid4())

    await city.tell("registration.annual_report.submitted", report, {"report_id": report, "uscc": uscc})
    await city.tell("registration.abnormal_list.entered", listing, {"listing_id": listing, "uscc": uscc})
    await city.tell("registration.name.ruled", uscc, {"dispute_id": str(uuid4()), "uscc": uscc})

    await city.records(uscc, enterprise_token(uscc, "ann", READ), 3)


async def test_what_was_said_of_an_ended_case_is_purged_when_its_time_is_over(city: City) -> None:
    ann, long_after = f"ann-{uuid4()}", datetime.now(UTC) + timedelta(days=366 * 100)
    ended, running = await city.filed(ann), await city.filed(ann)
    await city.returned(ended)
    await city.returned(running)
    await city.tell("registration.filing.withdrawn", ended["filing_id"], ended)
    await city.until(ann, "withdrawn", ended["case_no"])
    await city.until(ann, "returned", running["case_no"])
    transactions = city.gateway.app.state.backend.transactions

    for each in HISTORIES:
        await transactions.run(lambda uow, each=each: purge_due(each, city.pack, uow, long_after))

    query = "SELECT count(note_zh) AS notes FROM progress_entry WHERE case_id = :id"
    notes = [(await city.gateway.rows(query, id=f["filing_id"]))[0]["notes"] for f in (ended, running)]
    assert notes == [0, 1]
