"""Relocations (迁移登记) over HTTP: within the region, out of it and into it, between two registrars."""

import asyncio
import json
from collections.abc import AsyncIterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import product
from typing import Any
from uuid import UUID

import pytest
import pytest_asyncio
from sqlalchemy import text

from deploy.local.postgres import Cluster
from services.registration.domain.hand_over import (
    TRANSITIONS,
    Direction,
    HandOver,
    HandOverAction,
    HandOverStatus,
    advance,
)
from services.registration.domain.kinds import EnterpriseState
from services.registration.domain.relocation_errors import HandOverNotAllowed
from shared.calendar import DeadlineLedger, Limit, LimitUnit, local_date
from shared.certificates import canonical_json
from shared.security.keys import decode_base64url, encode_base64url
from shared.security.office import Office
from tests.registration import reporting
from tests.registration.authorities import FACTS, act, begun
from tests.registration.builders import ANN, BOB, FILINGS, REGISTRAR, TAX, id_number
from tests.registration.changing import altered
from tests.registration.moving import (
    ENTERPRISES,
    EXCHANGE,
    HEJIN,
    OF_HEJIN,
    OF_YONGJI,
    OFFICER_OF_HEJIN,
    OFFICER_OF_YONGJI,
    REASON,
    RELOCATIONS,
    TwoRegistrars,
    an_enterprise,
    ask_as_hejin,
    moving_in,
    signed_anew,
    two_registrars,
)
from tests.support.identities import agency_token, enterprise_token, officer_token
from tests.support.waiting import eventually

PREFIX = "cn.tongban.registration."


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def registrars(
    cluster: Cluster, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[TwoRegistrars]:
    """Yongji, where enterprises are; Hejin, where they go."""
    async with two_registrars(cluster, tmp_path_factory.mktemp("registrars")) as both:
        yield both


async def requested(registrars: TwoRegistrars, enterprise: dict[str, Any], **changes: Any) -> dict[str, Any]:
    """The filing at the new registrar, and the request that came of it."""
    filed = await registrars.hejin.post(FILINGS, moving_in(registrars.hejin, enterprise, **changes), BOB)
    assert filed.status_code == 201, filed.text
    [event] = [
        e
        for e in await registrars.hejin.events(f"{PREFIX}relocation.requested.v1")
        if e["data"]["filing_id"] == filed.json()["id"]
    ]
    return {"filing": filed.json(), "request": event["data"]}


async def test_within_the_region_it_is_decided_at_once(registrars: TwoRegistrars) -> None:
    enterprise = await an_enterprise(registrars.yongji)
    body = {
        "kind": "relocation",
        "uscc": enterprise["uscc"],
        "domicile": {"division_code": "140881104", "street": "鹳雀路8号", "commitment": True},
        "moves_on": (local_date(registrars.yongji.clock()) + timedelta(days=3)).isoformat(),
    }

    out = (await registrars.yongji.post(FILINGS, body, ANN)).json()
    again = (await registrars.yongji.post(FILINGS, body, ANN)).json()

    assert (out["status"], out["decided_by"]) == ("approved", "system"), out["findings"]
    assert {f["rule"] for f in again["findings"]} == {"relocation.new_address"}
    [event] = await registrars.yongji.events(f"{PREFIX}enterprise.relocated.v1", enterprise["uscc"])
    told = {c["field"]: (c["before"], c["after"]) for c in event["data"]["changes"]}
    assert told["domicile_text"] == ("永济市城西街道河东大道12号", "永济市蒲州镇鹳雀路8号")
    assert event["data"]["effective_on"] == body["moves_on"]


async def test_an_enterprise_moves_with_its_code_and_its_past_and_runs_nowhere(
    registrars: TwoRegistrars,
) -> None:
    enterprise = await an_enterprise(registrars.yongji)
    uscc = enterprise["uscc"]
    made = await requested(registrars, enterprise)

    given = await ask_as_hejin(registrars, made["request"]["relocation_id"])
    taken = await registrars.hejin.post(
        f"{RELOCATIONS}/{made['request']['relocation_id']}/dossier",
        {"dossier": given.json()["dossier"]},
        OF_YONGJI,
    )

    assert made["filing"]["status"] == "under_review"
    assert (given.status_code, given.json()["status"]) == (201, "handed_over"), given.text
    assert (taken.status_code, taken.json()["status"]) == (200, "handed_over"), taken.text
    there = (await registrars.yongji.get(f"{ENTERPRISES}/{uscc}")).json()
    here = (await registrars.hejin.get(f"{ENTERPRISES}/{uscc}")).json()
    assert (there["state"], here["state"], here["name"]) == ("moved_out", "active", enterprise["name"])
    assert here["domicile"]["text"] == "河津市城西街道龙门大道1号"
    filing = (await registrars.hejin.get(f"{FILINGS}/{made['filing']['id']}", BOB)).json()
    assert (filing["status"], filing["decided_by"], filing["uscc"]) == ("approved", "system", uscc)
    verified = (await registrars.hejin.get(f"/registration/v1/verify/{filing['licence_identifier']}")).json()
    assert verified["is_valid"] is True
    old = (await registrars.yongji.get(f"/registration/v1/verify/{enterprise['licence_identifier']}")).json()
    assert old["is_valid"] is False
    acts = await registrars.hejin.rows(
        "SELECT version, act FROM register_change WHERE uscc = :u ORDER BY version", u=uscc
    )
    assert [(row["version"], row["act"]) for row in acts] == [(1, "registered"), (2, "relocated")]
    [gone] = await registrars.yongji.events(f"{PREFIX}enterprise.moved_out.v1", uscc)
    assert gone["data"]["details"]["to_registrar_uscc"] == HEJIN
    [entered] = await registrars.hejin.events(f"{PREFIX}enterprise.relocated.v1", uscc)
    assert entered["data"]["details"] == {"from_registrar_uscc": REGISTRAR}
    assert {c["field"] for c in entered["data"]["changes"]} >= {"domicile_text", "registrar_uscc"}
    assert len(await registrars.hejin.events(f"{PREFIX}enterprise.registered.v1", uscc)) == 1
    assert len(await registrars.hejin.events(f"{PREFIX}representative.determined.v1", uscc)) == 1


async def moved(registrars: TwoRegistrars, enterprise: dict[str, Any]) -> dict[str, Any]:
    """What was asked for, and handed over by the old registrar and entered by the new one."""
    made = await requested(registrars, enterprise)
    given = (await ask_as_hejin(registrars, made["request"]["relocation_id"])).json()
    path = f"{RELOCATIONS}/{made['request']['relocation_id']}/dossier"
    taken = await registrars.hejin.post(path, {"dossier": given["dossier"]}, OF_YONGJI)
    assert taken.status_code == 200, taken.text
    return made | {"given": given}


async def test_whoever_filed_for_it_does_not_own_it_by_that(registrars: TwoRegistrars) -> None:
    enterprise = await an_enterprise(registrars.yongji)
    uscc = enterprise["uscc"]
    await moved(registrars, enterprise)
    body = {
        "kind": "relocation",
        "uscc": uscc,
        "domicile": {"division_code": "140882104", "street": "鹳雀路8号", "commitment": True},
        "moves_on": "2030-01-01",
    }
    in_its_name = enterprise_token(uscc, "ann", "registration.filing.submit")

    by_filer = await registrars.hejin.post(f"{FILINGS}/drafts", body, BOB)
    by_itself = await registrars.hejin.post(f"{FILINGS}/drafts", body, in_its_name)

    assert (by_filer.status_code, by_filer.json()["type"]) == (403, "/problems/not-the-owner")
    assert by_itself.status_code == 201, by_itself.text
    assert not (await registrars.hejin.get(f"{ENTERPRISES}/{uscc}", BOB)).json()["people"]


async def test_reports_of_past_years_travel_with_it(registrars: TwoRegistrars) -> None:
    enterprise = await an_enterprise(registrars.yongji)
    uscc, year = enterprise["uscc"], local_date(registrars.yongji.clock()).year - 1
    await registrars.yongji.rows_changed(
        "UPDATE enterprise SET established_on = :day WHERE uscc = :u", day=date(year, 5, 1), u=uscc
    )
    reported = await reporting.filed(registrars.yongji, uscc, year=year)

    await moved(registrars, enterprise)

    path = f"{ENTERPRISES}/{uscc}/annual-reports"
    there, here = (await registrars.yongji.get(path)).json(), (await registrars.hejin.get(path)).json()
    assert reported.status_code == 201, reported.text
    assert here == there
    assert len(here["reports"]) == 1


async def test_an_act_that_the_register_does_not_know_is_not_taken_over(registrars: TwoRegistrars) -> None:
    enterprise = await an_enterprise(registrars.yongji)
    made = await requested(registrars, enterprise)
    given = (await ask_as_hejin(registrars, made["request"]["relocation_id"])).json()["dossier"]
    [past] = json.loads(decode_base64url(given.split(".")[1]))["past"]
    strange = signed_anew(registrars, given, past=[past | {"act": "bewitched"}])

    refused = await registrars.hejin.post(
        f"{RELOCATIONS}/{made['request']['relocation_id']}/dossier", {"dossier": strange}, OF_YONGJI
    )

    assert (refused.status_code, refused.json()["type"]) == (409, "/problems/file-not-sound")


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


async def test_a_withdrawn_filing_asks_no_more_and_a_file_given_by_then_comes_back(
    registrars: TwoRegistrars,
) -> None:
    enterprise = await an_enterprise(registrars.yongji)
    made = await requested(registrars, enterprise)
    given = (await ask_as_hejin(registrars, made["request"]["relocation_id"])).json()

    await registrars.hejin.post(f"{FILINGS}/{made['filing']['id']}/withdrawal", None, BOB)
    late = await registrars.hejin.post(
        f"{RELOCATIONS}/{made['request']['relocation_id']}/dossier",
        {"dossier": given["dossier"]},
        OF_YONGJI,
    )
    back = await registrars.yongji.post(f"{RELOCATIONS}/{given['id']}/taking-back", None, OF_HEJIN)
    again = await registrars.yongji.post(f"{RELOCATIONS}/{given['id']}/taking-back", None, OF_HEJIN)

    assert (late.status_code, late.json()["type"]) == (409, "/problems/relocation-not-allowed")
    assert (back.json()["status"], again.status_code) == ("taken_back", 409)
    stands = (await registrars.yongji.get(f"{ENTERPRISES}/{enterprise['uscc']}")).json()
    assert (stands["state"], stands["name"]) == ("active", enterprise["name"])
    licence = await registrars.yongji.get(f"/registration/v1/verify/{stands['licence_identifier']}")
    assert licence.json()["is_valid"] is True
    names = await registrars.yongji.rows(
        "SELECT gone_on FROM name_claim WHERE uscc = :u", u=enterprise["uscc"]
    )
    assert [row["gone_on"] for row in names] == [None]


async def test_a_file_that_is_not_the_old_registrars_is_not_entered(registrars: TwoRegistrars) -> None:
    enterprise, other = await an_enterprise(registrars.yongji), await an_enterprise(registrars.yongji)
    one, two = await requested(registrars, enterprise), await requested(registrars, other)
    sound = (await ask_as_hejin(registrars, one["request"]["relocation_id"])).json()["dossier"]
    header, content, signature = sound.split(".")
    richer = json.loads(decode_base64url(content))
    richer["file"]["enterprise"]["registered_capital_fen"] *= 1000
    forged = ".".join((header, encode_base64url(canonical_json(richer)), signature))
    path = f"{RELOCATIONS}/{one['request']['relocation_id']}/dossier"

    answers = [
        await registrars.hejin.post(path, {"dossier": forged}, OF_YONGJI),
        await registrars.hejin.post(path, {"dossier": "nonsense"}, OF_YONGJI),
        await registrars.hejin.post(
            f"{RELOCATIONS}/{two['request']['relocation_id']}/dossier", {"dossier": sound}, OF_YONGJI
        ),
    ]

    assert [answer.status_code for answer in answers] == [409] * 3
    codes = [{error["code"] for error in answer.json()["errors"]} for answer in answers]
    assert codes == [{"signature"}, {"signature"}, {"reference", "uscc", "name"}]
    assert json.loads(decode_base64url(content))["file"]["enterprise"]["uscc"] == enterprise["uscc"]
    assert (await registrars.hejin.get(f"{ENTERPRISES}/{enterprise['uscc']}")).status_code == 404


async def test_an_enterprise_comes_back_under_the_versions_that_it_had(registrars: TwoRegistrars) -> None:
    enterprise = await an_enterprise(registrars.yongji)
    made = await requested(registrars, enterprise)
    given = (await ask_as_hejin(registrars, made["request"]["relocation_id"])).json()
    await registrars.hejin.post(
        f"{RELOCATIONS}/{made['request']['relocation_id']}/dossier",
        {"dossier": given["dossier"]},
        OF_YONGJI,
    )
    home = moving_in(registrars.yongji, enterprise) | {
        "domicile": {"division_code": "140881104", "street": "鹳雀路8号", "commitment": True}
    }
    home["coming_from"]["registrar_uscc"] = HEJIN

    filed = (await registrars.yongji.post(FILINGS, home, ANN)).json()
    listed = (await registrars.yongji.get(RELOCATIONS, OF_HEJIN, direction="in", status="requested")).json()
    [request] = [r for r in listed["entries"] if r["uscc"] == enterprise["uscc"]]
    read = (await registrars.yongji.get(f"{RELOCATIONS}/{request['id']}", OF_HEJIN)).json()
    wanted = {key: read[key] for key in ("uscc", "name", "division_code", "address")} | {
        "reference": read["id"],
        **read["applicant"],
    }
    file = (await registrars.hejin.post(RELOCATIONS, wanted, OF_YONGJI)).json()
    taken = await registrars.yongji.post(
        f"{RELOCATIONS}/{request['id']}/dossier", {"dossier": file["dossier"]}, OF_HEJIN
    )

    assert filed["status"] == "under_review"
    assert taken.status_code == 200, taken.text
    [row] = await registrars.yongji.rows(
        "SELECT state, version, ended_on FROM enterprise WHERE uscc = :u", u=enterprise["uscc"]
    )
    assert (row["state"], row["version"], row["ended_on"]) == ("active", 3, None)
    late = await registrars.yongji.post(f"{RELOCATIONS}/{given['id']}/taking-back", None, OF_HEJIN)
    assert (late.status_code, late.json()["type"]) == (409, "/problems/relocation-not-allowed")


async def test_a_name_that_was_taken_meanwhile_does_not_come_back(registrars: TwoRegistrars) -> None:
    enterprise = await an_enterprise(registrars.yongji)
    uscc = enterprise["uscc"]
    made = await requested(registrars, enterprise)
    given = (await ask_as_hejin(registrars, made["request"]["relocation_id"])).json()
    await registrars.yongji.rows_changed("DELETE FROM name_claim WHERE uscc = :u", u=uscc)

    back = await registrars.yongji.post(f"{RELOCATIONS}/{given['id']}/taking-back", None, OF_HEJIN)

    stands = (await registrars.yongji.get(f"{ENTERPRISES}/{uscc}")).json()
    assert (back.json()["status"], stands["state"], stands["name"]) == ("taken_back", "active", uscc)


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


async def test_an_alteration_that_races_with_the_hand_over_is_in_the_file_or_refused(
    registrars: TwoRegistrars,
) -> None:
    enterprise = await an_enterprise(registrars.yongji)
    made = await requested(registrars, enterprise)
    alteration = {
        "kind": "alteration",
        "uscc": enterprise["uscc"],
        "decided_on": local_date(registrars.yongji.clock()).isoformat(),
        "resolution_signed": True,
        "scope": ["H6210-01", "H6210-03"],
    }

    given, altered = await asyncio.gather(
        ask_as_hejin(registrars, made["request"]["relocation_id"]),
        registrars.yongji.post(FILINGS, alteration, ANN),
    )

    content = json.loads(decode_base64url(given.json()["dossier"].split(".")[1]))["file"]["enterprise"]
    is_in_file = len(content["scope"]) == 2
    assert given.json()["status"] == "handed_over"
    assert altered.status_code == (201 if is_in_file else 409)
    assert altered.json().get("status", 409) in (("approved",) if is_in_file else (409,))


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


@pytest.mark.parametrize(("status", "action"), list(product(HandOverStatus, HandOverAction)))
def test_an_action_leads_where_the_table_says_and_nowhere_else(
    status: HandOverStatus, action: HandOverAction
) -> None:
    at = datetime(2026, 3, 2, tzinfo=UTC)
    clock = DeadlineLedger.started(Limit(Decimal(5), LimitUnit.WORKING_DAY), at)
    one = HandOver(
        UUID(int=1), Direction.OUT, status, 4, "u", "n", "o", "140882", "a", None, "r", (), clock, at
    )

    if (status, action) in TRANSITIONS:
        moved = advance(one, action)
        assert (moved.status, moved.version) == (TRANSITIONS[status, action], 5)
    else:
        with pytest.raises(HandOverNotAllowed):
            advance(one, action)
