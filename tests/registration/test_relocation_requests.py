"""What a registrar does that is asked for a file: what is open, who may decide, and in which time."""

import asyncio
from datetime import timedelta

from sqlalchemy import text

from services.registration.domain.kinds import EnterpriseState
from shared.calendar import local_date
from shared.security.office import Office
from tests.registration.authorities import FACTS, act, begun
from tests.registration.builders import ANN, BOB, FILINGS, REGISTRAR, TAX, id_number
from tests.registration.changing import altered
from tests.registration.moving import (
    ENTERPRISES,
    EXCHANGE,
    OF_HEJIN,
    OF_YONGJI,
    OFFICER_OF_HEJIN,
    OFFICER_OF_YONGJI,
    PREFIX,
    REASON,
    RELOCATIONS,
    TwoRegistrars,
    an_enterprise,
    ask_as_hejin,
    moving_in,
    requested,
)
from tests.support.identities import agency_token, officer_token
from tests.support.waiting import eventually


async def test_what_is_open_is_listed_with_five_working_days_and_goes_when_settled(
    registrars: TwoRegistrars,
) -> None:
    enterprise = await an_enterprise(registrars.yongji)
    other = {
        "kind": "relocation",
        "uscc": enterprise["uscc"],
        "domicile": {"division_code": "140881104", "street": "鹳雀路8号", "commitment": True},
        "moves_on": "2030-01-01",
        "wants_person": True,
    }
    waiting = (await registrars.yongji.post(FILINGS, other, ANN)).json()
    made = await requested(registrars, enterprise)

    asked = (await ask_as_hejin(registrars, made["request"]["relocation_id"])).json()
    by_officer = await registrars.yongji.post(f"{RELOCATIONS}/{asked['id']}/release", None, OFFICER_OF_YONGJI)
    await registrars.yongji.post(f"{FILINGS}/{waiting['id']}/withdrawal", None, ANN)
    for _ in range(2):  # restarted
        await registrars.yongji.stop_worker()
        await registrars.yongji.start_worker()
        await registrars.yongji.event(f"{PREFIX}relocation.handed_over.v1", asked["id"])
    read = (await registrars.yongji.get(f"{RELOCATIONS}/{asked['id']}", OF_HEJIN)).json()
    again = (await ask_as_hejin(registrars, made["request"]["relocation_id"])).json()

    assert (asked["status"], asked["dossier"]) == ("requested", None)
    assert [(m["kind"], m["reference"]) for m in asked["open_matters"]] == [("filing", waiting["case_no"])]
    assert (asked["clock"]["value"], asked["clock"]["unit"]) == ("5", "working_day")
    assert by_officer.status_code == 409
    assert (read["status"], bool(read["dossier"]), again["dossier"]) == ("handed_over", True, read["dossier"])
    assert len(await registrars.yongji.events(f"{PREFIX}relocation.handed_over.v1", asked["id"])) == 1


async def test_who_suspended_business_is_let_go_by_an_officer_with_what_is_open(
    registrars: TwoRegistrars,
) -> None:
    enterprise = await an_enterprise(registrars.yongji)
    made = await requested(registrars, enterprise)
    await registrars.yongji.rows_changed(
        "UPDATE enterprise SET state = 'suspended' WHERE uscc = :u", u=enterprise["uscc"]
    )

    asked = (await ask_as_hejin(registrars, made["request"]["relocation_id"])).json()
    released = await registrars.yongji.post(f"{RELOCATIONS}/{asked['id']}/release", None, OFFICER_OF_YONGJI)
    taken = await registrars.hejin.post(
        f"{RELOCATIONS}/{made['request']['relocation_id']}/dossier",
        {"dossier": released.json()["dossier"]},
        OF_YONGJI,
    )

    assert [matter["kind"] for matter in asked["open_matters"]] == ["state"]
    assert [matter["kind"] for matter in taken.json()["open_matters"]] == ["state"]
    here = (await registrars.hejin.get(f"{ENTERPRISES}/{enterprise['uscc']}")).json()
    assert here["state"] == "suspended"


async def test_nobody_is_let_go_while_the_facts_of_a_false_registration_are_published(
    registrars: TwoRegistrars,
) -> None:
    enterprise = await an_enterprise(registrars.yongji)
    made = await requested(registrars, enterprise)
    case = await begun(registrars.yongji, enterprise["uscc"])
    await act(registrars.yongji, case, "publication", **FACTS)

    asked = (await ask_as_hejin(registrars, made["request"]["relocation_id"])).json()
    released = await registrars.yongji.post(f"{RELOCATIONS}/{asked['id']}/release", None, OFFICER_OF_YONGJI)

    assert [matter["kind"] for matter in asked["open_matters"]] == ["case"]
    assert (released.status_code, released.json()["type"]) == (409, "/problems/changes-frozen")


async def test_nobody_moves_the_enterprise_of_another(registrars: TwoRegistrars) -> None:
    enterprise = await an_enterprise(registrars.yongji)
    coming = moving_in(registrars.hejin, enterprise)["coming_from"]
    thief = coming | {"representative_id_number": id_number(7)}
    made = await requested(registrars, enterprise, coming_from=thief)

    asked = (await ask_as_hejin(registrars, made["request"]["relocation_id"])).json()
    path = f"{RELOCATIONS}/{asked['id']}/refusal"
    restricted = await registrars.yongji.post(
        path, REASON | {"reason_code": "restrict_migration"}, OFFICER_OF_YONGJI
    )
    refused = await registrars.yongji.post(
        path, REASON | {"reason_code": "identity_not_proven"}, OFFICER_OF_YONGJI
    )
    there = f"{RELOCATIONS}/{made['request']['relocation_id']}/refusal"
    told = await registrars.hejin.post(there, REASON | {"reason_code": "identity_not_proven"}, OF_YONGJI)
    twice = await registrars.hejin.post(there, REASON | {"reason_code": "identity_not_proven"}, OF_YONGJI)

    assert [matter["kind"] for matter in asked["open_matters"]] == ["identity"]
    assert (restricted.status_code, restricted.json()["type"]) == (422, "/problems/migration-restricted")
    assert (refused.json()["status"], told.json()["status"], twice.status_code) == ("refused", "refused", 409)
    filing = (await registrars.hejin.get(f"{FILINGS}/{made['filing']['id']}", BOB)).json()
    assert (filing["status"], filing["reason"]["code"]) == ("refused", "identity_not_proven")
    state = (await registrars.yongji.get(f"{ENTERPRISES}/{enterprise['uscc']}")).json()["state"]
    assert state == "active"


async def test_an_officer_of_another_town_neither_reads_nor_decides(
    registrars: TwoRegistrars,
) -> None:
    enterprise = await an_enterprise(registrars.yongji)  # in 140881001
    coming = moving_in(registrars.hejin, enterprise)["coming_from"] | {"representative_name": "李四"}
    made = await requested(registrars, enterprise, coming_from=coming)
    asked = (await ask_as_hejin(registrars, made["request"]["relocation_id"])).json()
    elsewhere, there = (
        officer_token("oz", REGISTRAR, EXCHANGE, office=Office(code)) for code in ("140881104", "140881001")
    )
    path = f"{RELOCATIONS}/{asked['id']}"
    paper = {"moved_on": local_date(registrars.yongji.clock()).isoformat()}

    refused = await registrars.yongji.post(
        f"{path}/refusal", REASON | {"reason_code": "identity_not_proven"}, elsewhere
    )
    kept = await registrars.yongji.post(f"{path}/release", None, elsewhere)
    released = await registrars.yongji.post(f"{path}/release", None, there)
    unread = await registrars.yongji.get(path, elsewhere)
    unmarked = await registrars.yongji.post(f"{path}/paper-files", paper, elsewhere)
    marked = await registrars.yongji.post(f"{path}/paper-files", paper, there)

    assert [a.json()["type"] for a in (refused, kept, unmarked)] == ["/problems/not-the-registrar"] * 3
    assert unread.status_code == 404
    assert (released.json()["status"], marked.json()["status"]) == ("handed_over", "completed")


async def test_who_is_in_business_no_more_is_not_waited_for(registrars: TwoRegistrars) -> None:
    enterprise = await an_enterprise(registrars.yongji)
    coming = moving_in(registrars.hejin, enterprise)["coming_from"] | {"representative_name": "李四"}
    made = await requested(registrars, enterprise, coming_from=coming)
    asked = (await ask_as_hejin(registrars, made["request"]["relocation_id"])).json()
    await altered(registrars.yongji, enterprise["uscc"], state=EnterpriseState.IN_LIQUIDATION)

    await registrars.yongji.stop_worker()
    await registrars.yongji.start_worker()
    told = await registrars.yongji.event(f"{PREFIX}relocation.refused.v1", asked["id"])

    read = (await registrars.yongji.get(f"{RELOCATIONS}/{asked['id']}", OF_HEJIN)).json()
    assert (read["status"], read["refused"]["code"]) == ("refused", "not_normal")
    assert told["data"]["reason_code"] == "not_normal"


async def test_whoever_waits_for_the_filing_keeps_nobody_from_the_request(registrars: TwoRegistrars) -> None:
    enterprise = await an_enterprise(registrars.yongji)
    made = await requested(registrars, enterprise)
    request = made["request"]["relocation_id"]
    given = (await ask_as_hejin(registrars, request)).json()
    waiting = text(
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() "
        "AND wait_event_type = 'Lock'"
    )

    async with registrars.hejin.engine.connect() as withdrawing:
        await withdrawing.execute(
            text("SELECT 1 FROM filing WHERE id = CAST(:i AS uuid) FOR UPDATE"), {"i": made["filing"]["id"]}
        )
        taking = asyncio.create_task(
            registrars.hejin.post(
                f"{RELOCATIONS}/{request}/dossier", {"dossier": given["dossier"]}, OF_YONGJI
            )
        )

        async def waits() -> bool:
            return bool((await withdrawing.execute(waiting)).scalar_one())

        assert await eventually(waits)
        locked = await withdrawing.execute(
            text("SELECT 1 FROM hand_over WHERE id = CAST(:i AS uuid) FOR UPDATE NOWAIT"), {"i": request}
        )
        await withdrawing.rollback()
    taken = await taking

    assert (locked.rowcount, taken.json()["status"]) == (1, "handed_over")


async def test_files_are_between_registrars_only(registrars: TwoRegistrars) -> None:
    enterprise = await an_enterprise(registrars.yongji)
    made = await requested(registrars, enterprise)
    path = f"{RELOCATIONS}/{made['request']['relocation_id']}"
    tax = agency_token("tax", TAX, EXCHANGE)

    assert (await registrars.hejin.get(path, tax)).status_code == 403
    assert (await registrars.hejin.post(RELOCATIONS, {}, BOB)).status_code == 403
    assert (await registrars.hejin.get(path, OFFICER_OF_HEJIN)).status_code == 200
    assert (await registrars.hejin.post(f"{path}/release", None, OFFICER_OF_HEJIN)).status_code == 404
    approval = await registrars.hejin.post(
        f"{FILINGS}/{made['filing']['id']}/approval", None, OFFICER_OF_HEJIN
    )
    assert (approval.status_code, approval.json()["type"]) == (409, "/problems/faults-remain")


async def test_a_late_file_is_told_once_and_its_paper_follows(registrars: TwoRegistrars) -> None:
    enterprise = await an_enterprise(registrars.yongji)
    coming = moving_in(registrars.hejin, enterprise)["coming_from"] | {"representative_name": "李四"}
    made = await requested(registrars, enterprise, coming_from=coming)
    asked = (await ask_as_hejin(registrars, made["request"]["relocation_id"])).json()
    registrars.yongji.clock.advance(timedelta(days=30))
    try:
        for _ in range(2):  # restarted, late
            await registrars.yongji.stop_worker()
            await registrars.yongji.start_worker()
            overdue = await registrars.yongji.event(f"{PREFIX}relocation.overdue.v1", asked["id"])
        released = await registrars.yongji.post(
            f"{RELOCATIONS}/{asked['id']}/release", None, OFFICER_OF_YONGJI
        )
        moved = await registrars.yongji.post(
            f"{RELOCATIONS}/{asked['id']}/paper-files",
            {"moved_on": local_date(registrars.yongji.clock()).isoformat()},
            OFFICER_OF_YONGJI,
        )
    finally:
        registrars.yongji.clock.advance(timedelta(days=-30))

    assert overdue["data"]["due_at"] == asked["clock"]["due_at"]
    assert len(await registrars.yongji.events(f"{PREFIX}relocation.overdue.v1", asked["id"])) == 1
    assert released.json()["status"] == "handed_over"
    assert (moved.json()["status"], moved.json()["paper_files_due_on"] is None) == ("completed", False)


async def test_a_refusal_of_the_old_registrar_that_is_set_aside_asks_for_the_file_anew(
    registrars: TwoRegistrars,
) -> None:
    enterprise = await an_enterprise(registrars.yongji)
    made = await requested(registrars, enterprise)
    filing, first = made["filing"]["id"], made["request"]["relocation_id"]
    no = REASON | {"reason_code": "identity_not_proven"}
    await registrars.hejin.post(f"{RELOCATIONS}/{first}/refusal", no, OF_YONGJI)
    precedent = {"region": "运城市盐湖区", "item": "企业迁移", "words": "同类企业已迁入"}
    appeal = (await registrars.hejin.post(f"{FILINGS}/{filing}/appeals", precedent, BOB)).json()
    answer = {"outcome": "upheld", "answer_zh": "参照先例办理", "answer_en": "as there"}

    await registrars.hejin.post(f"/registration/v1/appeals/{appeal['id']}/answer", answer, OFFICER_OF_HEJIN)

    asked = [
        event["data"]["relocation_id"]
        for event in await registrars.hejin.events(f"{PREFIX}relocation.requested.v1")
        if event["data"]["filing_id"] == filing
    ]
    [anew] = set(asked) - {first}
    given = (await ask_as_hejin(registrars, anew)).json()
    taken = await registrars.hejin.post(
        f"{RELOCATIONS}/{anew}/dossier", {"dossier": given["dossier"]}, OF_YONGJI
    )
    assert taken.status_code == 200, taken.text
    done = (await registrars.hejin.get(f"{FILINGS}/{filing}", BOB)).json()
    assert (done["status"], done["uscc"]) == ("approved", enterprise["uscc"])
