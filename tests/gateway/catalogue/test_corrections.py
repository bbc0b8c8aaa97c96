"""Corrections: raised by who holds a datum or whom it is about, answered by its owner, told to all who hold it."""

from datetime import timedelta

from tests.gateway.catalogue.sharing import (
    APPROVAL,
    APPROVAL_CLIENT,
    BUREAU_CLIENT,
    CORRECTIONS,
    HEALTH_CLIENT,
    POLICE_CLIENT,
    TAX,
    TAX_CLIENT,
    done,
    doubt,
)
from tests.gateway.catalogue.test_entries import swept
from tests.support.identities import enterprise_token, person_token
from tests.support.service import ServiceUnderTest
from tests.support.waiting import eventually

USCC = "91140881MAE000002E"
ANSWERED = "cn.tongban.gateway.correction.answered.v1"


async def _grants_are_seeded(gateway: ServiceUnderTest) -> None:
    async def seeded() -> bool:
        return bool(await gateway.rows("SELECT 1 FROM catalogue_grant WHERE agency_uscc = :tax", tax=TAX))

    await eventually(seeded)


async def test_a_correction_is_answered_by_the_owner_and_told_to_every_holder_without_the_value(
    gateway: ServiceUnderTest,
) -> None:
    await _grants_are_seeded(gateway)

    raised = await done(await gateway.post(CORRECTIONS, doubt(), TAX_CLIENT), 201)
    path = f"{CORRECTIONS}/{raised['correction_id']}"
    to_owner = await gateway.get(path, APPROVAL_CLIENT)
    to_bureau = await gateway.get(path, BUREAU_CLIENT)
    to_another = await gateway.get(path, HEALTH_CLIENT)
    by_reporter = await gateway.post(f"{path}/answer", {"outcome": "corrected", "reason": "是"}, TAX_CLIENT)
    answer = {"outcome": "corrected", "reason": "经核实已更正"}
    answered = await done(await gateway.post(f"{path}/answer", answer, APPROVAL_CLIENT))
    again = await gateway.post(f"{path}/answer", answer, APPROVAL_CLIENT)

    assert (raised["status"], raised["owner_uscc"]) == ("open", APPROVAL)
    assert (to_owner.json()["claimed"], to_bureau.json()["claimed"]) == ("13912345678", None)
    assert to_owner.headers["cache-control"] == "no-store"
    assert (to_another.status_code, by_reporter.status_code, again.status_code) == (404, 403, 409)
    assert (answered["status"], answered["history"][-1]["reason"]) == ("corrected", "经核实已更正")
    [told] = await gateway.events(ANSWERED, raised["correction_id"])
    holders = {
        row["agency_uscc"]
        for row in await gateway.rows(
            "SELECT agency_uscc FROM catalogue_grant WHERE status = 'issued'"
            " AND resource = 'registration.enterprise' AND 'contact_phone' = ANY (fields)"
        )
    }
    assert set(told["data"]["audience"]) == holders | {APPROVAL}
    assert TAX in holders
    [read] = await gateway.events("cn.tongban.gateway.access.recorded.v1", raised["correction_id"])
    assert read["data"]["fields"] == ["claimed"]
    [kept] = await gateway.rows(
        "SELECT claimed, content::text AS content FROM catalogue_correction WHERE correction_id::text = :id",
        id=raised["correction_id"],
    )
    assert b"13912345678" not in bytes(kept["claimed"])
    everything = await gateway.rows(
        "SELECT event::text AS event FROM outbox WHERE event::text LIKE '%13912345678%'"
    )
    assert ("13912345678" in kept["content"], everything) == (False, [])


async def test_whom_the_record_is_about_may_say_so_and_a_stranger_may_not(gateway: ServiceUnderTest) -> None:
    await _grants_are_seeded(gateway)
    own = enterprise_token(USCC, "ann", "catalogue.correction.submit")
    other = enterprise_token("91140881MAE000003C", "bob", "catalogue.correction.submit")
    person = person_token("ann", "catalogue.correction.submit")

    raised = await gateway.post(CORRECTIONS, doubt(), own)
    refused = [await gateway.post(CORRECTIONS, doubt(), token) for token in (other, person)]
    without_grant = await gateway.post(
        CORRECTIONS, doubt(resource="hotline.ticket", field="status"), POLICE_CLIENT
    )
    unknown = await gateway.post(CORRECTIONS, doubt(field="shoe_size"), TAX_CLIENT)
    mine = await done(await gateway.get(CORRECTIONS, own))
    theirs = await done(await gateway.get(CORRECTIONS, other))

    assert raised.status_code == 201, raised.text
    assert {answer.json()["type"] for answer in (*refused, without_grant)} == {"/problems/uses-no-such-data"}
    assert unknown.json()["errors"][0]["code"] == "unknown_field"
    assert [each["correction_id"] for each in mine["entries"]] == [raised.json()["correction_id"]]
    assert theirs["entries"] == []


async def test_an_answer_that_does_not_come_in_ten_working_days_is_listed_and_told_once(
    gateway: ServiceUnderTest,
) -> None:
    await _grants_are_seeded(gateway)
    raised = await done(await gateway.post(CORRECTIONS, doubt(), TAX_CLIENT), 201)

    gateway.clock.advance(timedelta(days=40))
    await swept(gateway)
    await swept(gateway)
    listed = await done(await gateway.get(CORRECTIONS, BUREAU_CLIENT, overdue="true", limit=200))
    gateway.clock.advance(timedelta(days=-40))

    assert raised["correction_id"] in {each["correction_id"] for each in listed["entries"]}
    told = await gateway.events("cn.tongban.gateway.correction.overdue.v1", raised["correction_id"])
    assert len(told) == 1
