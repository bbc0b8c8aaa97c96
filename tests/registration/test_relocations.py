"""Relocations (迁移登记) over HTTP: within the region, out of it and into it, back, and never twice."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import product
from uuid import UUID

import pytest

from services.registration.domain.hand_over import (
    TRANSITIONS,
    Direction,
    HandOver,
    HandOverAction,
    HandOverStatus,
    advance,
)
from services.registration.domain.relocation_errors import HandOverNotAllowed
from shared.calendar import DeadlineLedger, Limit, LimitUnit, local_date
from tests.registration.builders import ANN, BOB, FILINGS, REGISTRAR
from tests.registration.moving import (
    ENTERPRISES,
    HEJIN,
    OF_HEJIN,
    OF_YONGJI,
    OFFICER_OF_HEJIN,
    PREFIX,
    REASON,
    RELOCATIONS,
    TwoRegistrars,
    an_enterprise,
    ask_as_hejin,
    moved,
    moving_in,
    requested,
)
from tests.support.identities import bearer, enterprise_token


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


async def test_a_filing_corrected_to_another_enterprise_asks_for_that_ones_file_alone(
    registrars: TwoRegistrars,
) -> None:
    one, other = await an_enterprise(registrars.yongji), await an_enterprise(registrars.yongji)
    made = await requested(registrars, one)
    path = f"{FILINGS}/{made['filing']['id']}"
    first = made["request"]["relocation_id"]
    given = (await ask_as_hejin(registrars, first)).json()

    returned = await registrars.hejin.post(f"{path}/return", REASON, OFFICER_OF_HEJIN)
    amended = await registrars.hejin.client.put(
        path,
        json=moving_in(registrars.hejin, other),
        headers=bearer(BOB) | {"If-Match": returned.headers["etag"]},
    )
    again = (await registrars.hejin.post(f"{path}/submission", None, BOB)).json()
    late = await registrars.hejin.post(
        f"{RELOCATIONS}/{first}/dossier", {"dossier": given["dossier"]}, OF_YONGJI
    )
    asked = await registrars.hejin.events(f"{PREFIX}relocation.requested.v1")
    [second] = [
        event["data"]["relocation_id"]
        for event in asked
        if event["data"]["filing_id"] == made["filing"]["id"] and event["data"]["relocation_id"] != first
    ]
    theirs = (await ask_as_hejin(registrars, second)).json()
    taken = await registrars.hejin.post(
        f"{RELOCATIONS}/{second}/dossier", {"dossier": theirs["dossier"]}, OF_YONGJI
    )

    assert (amended.status_code, again["status"]) == (200, "under_review"), (amended.text, again)
    assert (late.status_code, late.json()["type"]) == (409, "/problems/relocation-not-allowed")
    assert taken.status_code == 200, taken.text
    done = (await registrars.hejin.get(path, BOB)).json()
    assert (done["status"], done["uscc"]) == ("approved", other["uscc"])
    not_here = await registrars.hejin.get(f"{ENTERPRISES}/{one['uscc']}")
    assert not_here.status_code == 404


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
    other = await an_enterprise(registrars.yongji)
    taken = "UPDATE name_claim SET uscc = :other, gone_on = NULL WHERE uscc = :u"
    await registrars.yongji.rows_changed(taken, u=uscc, other=other["uscc"])

    back = await registrars.yongji.post(f"{RELOCATIONS}/{given['id']}/taking-back", None, OF_HEJIN)

    stands = (await registrars.yongji.get(f"{ENTERPRISES}/{uscc}")).json()
    assert (back.json()["status"], stands["state"], stands["name"]) == ("taken_back", "active", uscc)


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
