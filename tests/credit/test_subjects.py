"""Subjects: opened and fed by events, and shown to strangers, owners and agencies."""

from shared.identifiers import new_uuid7
from tests.credit.builders import (
    ACCESSED,
    EVALUATED,
    FIRE,
    MARKET,
    MARKET_TOKEN,
    OPENED,
    REGISTERED,
    SCOPES,
    SUBJECTS,
    TAX,
    TAX_TOKEN,
    an_open_subject,
    enter,
    entry,
    new_uscc,
    registered,
    shown_to,
    today,
)
from tests.support.broker import publish
from tests.support.identities import agency_token, person_token
from tests.support.service import ServiceUnderTest
from tests.support.waiting import eventually


async def test_a_registered_enterprise_is_opened_and_evaluated_at_once(credit: ServiceUnderTest) -> None:
    uscc = await an_open_subject(credit)

    [opened] = await credit.events(OPENED, uscc)
    [evaluated] = await credit.events(EVALUATED, uscc)
    assert opened["data"] == {"uscc": uscc, "name": "永济市示例餐饮有限公司"}
    assert (opened["sequence"], evaluated["sequence"]) == ("1", "2")
    assert evaluated["data"]["score"] == "80.00"
    assert evaluated["data"]["allows_commitment"] is True
    answer = await credit.get(f"{SUBJECTS}/{uscc}")
    assert answer.status_code == 200
    assert answer.json()["grade"] == "B"
    assert answer.json()["state"] == "active"


async def test_an_event_that_comes_twice_opens_one_subject(credit: ServiceUnderTest) -> None:
    uscc = new_uscc()
    heard = await credit.hear(REGISTERED, uscc, registered(uscc))
    await publish(credit.broker, heard, message_id=str(new_uuid7()))
    await credit.hear(REGISTERED, uscc, registered(uscc))
    await credit.hear(REGISTERED, uscc, registered(uscc, state="suspended"))

    async def kept_state() -> bool:
        answer = await credit.get(f"{SUBJECTS}/{uscc}")
        return answer.status_code == 200 and answer.json()["state"] == "suspended"

    await eventually(kept_state)
    assert len(await credit.events(OPENED, uscc)) == 1
    assert len(await credit.events(EVALUATED, uscc)) == 2
    assert len(await credit.rows("SELECT 1 FROM credit_subject WHERE uscc = :u", u=uscc)) == 1


async def test_another_score_card_evaluates_everybody_again(credit: ServiceUnderTest) -> None:
    uscc = await an_open_subject(credit)
    await credit.rows_changed(
        "UPDATE credit_subject SET scorecard_version = 'yongji-2025.9' WHERE uscc = :u", u=uscc
    )

    await credit.stop_worker()
    await credit.start_worker()

    async def evaluated_again() -> bool:
        return len(await credit.events(EVALUATED, uscc)) == 2

    await eventually(evaluated_again)


async def test_permits_and_commitments_become_records_by_themselves(credit: ServiceUnderTest) -> None:
    uscc = await an_open_subject(credit)
    application = str(new_uuid7())
    permit = {"permit_number": f"P-{uscc}", "kind": "comprehensive", "uscc": uscc, "issuer_uscc": MARKET}
    commitment = {
        "uscc": uscc,
        "item": "fire_safety_check",
        "application_id": application,
        "agency_uscc": FIRE,
        "made_at": "2026-05-11T01:30:00Z",
        "check_due_on": "2026-07-11",
    }

    heard = await credit.hear("cn.tongban.licensing.permit.issued.v1", permit["permit_number"], permit)
    await credit.hear("cn.tongban.licensing.permit.issued.v1", permit["permit_number"], permit)
    await credit.hear("cn.tongban.licensing.commitment.made.v1", uscc, commitment)

    async def both() -> bool:
        return await shown_to(credit, uscc) == {"administrative_permit", "commitment_made"}

    await eventually(both)
    rows = await credit.rows("SELECT reference, source_event FROM credit_record WHERE uscc = :u", u=uscc)
    origins = {row["reference"]: row["source_event"] for row in rows}
    assert origins[permit["permit_number"]] == heard["id"]
    assert f"{application}/fire_safety_check" in origins
    assert len(rows) == 2


async def test_a_permit_told_before_its_enterprise_is_counted_at_the_opening(
    credit: ServiceUnderTest,
) -> None:
    uscc = new_uscc()
    permit = {"permit_number": f"P-{uscc}", "uscc": uscc, "issuer_uscc": MARKET}
    await credit.hear("cn.tongban.licensing.permit.issued.v1", permit["permit_number"], permit)

    async def recorded() -> bool:
        return bool(await credit.rows("SELECT 1 FROM credit_record WHERE uscc = :u", u=uscc))

    await eventually(recorded)
    assert (await credit.get(f"{SUBJECTS}/{uscc}")).status_code == 404
    await credit.hear(REGISTERED, uscc, registered(uscc))
    await credit.event(EVALUATED, uscc)

    assert await shown_to(credit, uscc) == {"administrative_permit"}


async def test_strangers_see_the_public_part_only(credit: ServiceUnderTest) -> None:
    uscc = await an_open_subject(credit)
    await enter(credit, entry(uscc, "penalty_minor", today(credit)))
    await enter(credit, entry(uscc, "penalty_general", today(credit)))

    stranger = (await credit.get(f"{SUBJECTS}/{uscc}/evaluation")).json()
    scopeless = (await credit.get(f"{SUBJECTS}/{uscc}/evaluation", agency_token("tax", TAX))).json()
    other_person = (await credit.get(f"{SUBJECTS}/{uscc}/evaluation", person_token("bob", *SCOPES))).json()
    agency = (await credit.get(f"{SUBJECTS}/{uscc}/evaluation", MARKET_TOKEN)).json()

    assert stranger == scopeless == other_person
    assert (stranger["grade"], stranger["score"], stranger["is_full"]) == ("C", None, False)
    assert [(c["code"], c["points"]) for c in stranger["contributions"]] == [("penalty_general", None)]
    assert (agency["score"], agency["is_full"]) == (None, False)  # the score is opened by grant
    assert {c["code"] for c in agency["contributions"]} == {"penalty_minor", "penalty_general"}
    assert await shown_to(credit, uscc) == {"penalty_general"}


async def test_the_person_who_applied_sees_everything_of_the_enterprise(credit: ServiceUnderTest) -> None:
    uscc = await an_open_subject(credit)
    await enter(credit, entry(uscc, "penalty_minor", today(credit)))
    filing = str(new_uuid7())
    submitted = {"filing_id": filing, "kind": "establishment", "applicant": "owner-1", "name": "示例"}
    await credit.hear("cn.tongban.registration.filing.submitted.v1", filing, submitted)
    await credit.hear(
        "cn.tongban.registration.filing.approved.v1", filing, {"filing_id": filing, "uscc": uscc}
    )
    owner = person_token("owner-1", "credit.subject.read")

    async def is_full() -> bool:
        return bool((await credit.get(f"{SUBJECTS}/{uscc}/evaluation", owner)).json()["is_full"])

    await eventually(is_full)
    assert await shown_to(credit, uscc, owner) == {"penalty_minor"}
    assert await shown_to(credit, uscc, person_token("owner-2", "credit.subject.read")) == set()
    assert await credit.events(ACCESSED, uscc) == []


async def test_an_agency_that_reads_anothers_unpublished_record_leaves_a_trace(
    credit: ServiceUnderTest,
) -> None:
    uscc = await an_open_subject(credit)
    await enter(credit, entry(uscc, "penalty_minor", today(credit)))

    await credit.get(f"{SUBJECTS}/{uscc}/evaluation", MARKET_TOKEN)
    assert await credit.events(ACCESSED, uscc) == [], "its own record"
    await credit.get(f"{SUBJECTS}/{uscc}/records", TAX_TOKEN)
    await credit.get(f"{SUBJECTS}/{uscc}/evaluation", TAX_TOKEN)

    traces = [event["data"] for event in await credit.events(ACCESSED, uscc)]
    assert len(traces) == 2
    assert all(trace["agency_uscc"] == TAX and trace["result"] == "allowed" for trace in traces)
    assert all(trace["fields"] == ["records.penalty_minor"] for trace in traces)


async def test_records_are_paged_without_loss_or_repetition(credit: ServiceUnderTest) -> None:
    uscc = await an_open_subject(credit)
    entered = {(await enter(credit, entry(uscc, "honour", today(credit))))["id"] for _ in range(5)}

    seen: list[str] = []
    cursor: dict[str, str] = {}
    for _ in range(3):
        page = (await credit.get(f"{SUBJECTS}/{uscc}/records", limit=2, **cursor)).json()
        seen += [record["id"] for record in page["entries"]]
        cursor = {"cursor": page["next_cursor"]} if page["next_cursor"] else {}

    assert cursor == {}
    assert len(seen) == 5 and set(seen) == entered


async def test_agencies_list_subjects_by_grade(credit: ServiceUnderTest) -> None:
    first, second = [await an_open_subject(credit) for _ in range(2)]
    for uscc in (first, second):
        await enter(credit, entry(uscc, "serious_list", today(credit)))

    page = await credit.get(SUBJECTS, MARKET_TOKEN, grade="D", limit=1)
    rest = await credit.get(SUBJECTS, MARKET_TOKEN, grade="D", limit=1, cursor=page.json()["next_cursor"])

    listed = [s["uscc"] for answer in (page, rest) for s in answer.json()["entries"]]
    assert listed == sorted((first, second))
    assert (await credit.get(SUBJECTS, grade="D")).status_code == 401
    person = await credit.get(SUBJECTS, person_token("ann", *SCOPES), grade="D")
    assert (person.status_code, person.json()["type"]) == (403, "/problems/agency-only")
    assert (await credit.get(SUBJECTS, MARKET_TOKEN, grade="dd")).status_code == 400


async def test_an_unknown_subject_is_not_found_on_every_read(credit: ServiceUnderTest) -> None:
    for path in ("", "/evaluation", "/records"):
        answer = await credit.get(f"{SUBJECTS}/{new_uscc()}{path}")
        assert (answer.status_code, answer.json()["type"]) == (404, "/problems/credit-subject-not-found")
    assert (await credit.get(f"{SUBJECTS}/nonsense")).status_code == 400


async def test_what_is_not_shared_stays_with_its_provider(credit: ServiceUnderTest) -> None:
    uscc = await an_open_subject(credit)
    await enter(credit, entry(uscc, "penalty_minor", today(credit)))

    await credit.rows_changed("UPDATE credit_record SET sharing = 'none' WHERE uscc = :u", u=uscc)

    assert await shown_to(credit, uscc, MARKET_TOKEN) == {"penalty_minor"}
    assert await shown_to(credit, uscc, TAX_TOKEN) == set()
    evaluation = (await credit.get(f"{SUBJECTS}/{uscc}/evaluation", TAX_TOKEN)).json()
    assert (evaluation["contributions"], evaluation["is_full"]) == ([], False)
