"""The register beside an outside one: every difference by field, none overwritten silently, each settled once."""

import asyncio
import json
import secrets
from datetime import timedelta
from typing import Any
from zlib import crc32

import pytest
import pytest_asyncio
from sqlalchemy import text

from services.registration.store import reconciliations
from services.registration.store.retention import RECONCILIATIONS as COMPARED
from shared.calendar import local_date
from shared.database.unit_of_work import UnitOfWork
from shared.region import load_region_pack
from shared.retention import purge_due
from shared.security.office import Office
from tests.registration import reporting
from tests.registration.builders import (
    ANN,
    FILINGS,
    IMPORTER,
    OFFICER,
    OTHER_OFFICER,
    REGISTRAR,
    TAX,
    id_number,
    row,
    uscc,
)
from tests.registration.changing import altered, registered
from tests.support.identities import agency_token, enterprise_token, officer_token
from tests.support.service import REGION_PACK, ServiceUnderTest
from tests.support.waiting import eventually

RECONCILIATIONS = "/registration/v1/reconciliations"
ENTERPRISES = "/registration/v1/enterprises"
ALTERED = "cn.tongban.registration.enterprise.altered.v1"
REGISTERED = "cn.tongban.registration.enterprise.registered.v1"
DETERMINED = "cn.tongban.registration.representative.determined.v1"
OF_HEJIN = officer_token("hedda", REGISTRAR, "registration.filing.decide", office=Office("140882"))
OTHERS = agency_token("tax", TAX, "registration.register.import")


async def a_reconciliation(registration: ServiceUnderTest, lines: int, **changes: Any) -> dict[str, Any]:
    body = {"source": "数据局企业库", "sha256": secrets.token_hex(32), "total_lines": lines} | changes
    answer = await registration.post(RECONCILIATIONS, body, IMPORTER)
    assert answer.status_code == 201, answer.text
    started: dict[str, Any] = answer.json()
    return started


async def compare(
    registration: ServiceUnderTest, found: dict[str, Any], rows: list[list[str]], first: int = 2
) -> Any:
    path = f"{RECONCILIATIONS}/{found['id']}/batches"
    return await registration.post(path, {"first_line": first, "rows": rows}, IMPORTER)


async def complete(registration: ServiceUnderTest, found: dict[str, Any]) -> dict[str, Any]:
    answer = await registration.post(f"{RECONCILIATIONS}/{found['id']}/completion", None, IMPORTER)
    assert answer.status_code == 200, answer.text
    told: dict[str, Any] = answer.json()
    return told


async def differences(
    registration: ServiceUnderTest, found: dict[str, Any], **params: Any
) -> list[dict[str, Any]]:
    answer = await registration.get(f"{RECONCILIATIONS}/{found['id']}/differences", IMPORTER, **params)
    assert answer.headers["content-type"] == "application/x-ndjson"
    return [json.loads(line) for line in answer.text.splitlines()]


async def settle(
    registration: ServiceUnderTest, found: dict[str, Any], number: int, settlement: str, token: str = OFFICER
) -> Any:
    path = f"{RECONCILIATIONS}/{found['id']}/differences/{number}/settlement"
    return await registration.post(path, {"settlement": settlement, "reason": "经核对档案"}, token)


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def register(registration: ServiceUnderTest) -> ServiceUnderTest:
    """Ten enterprises of an old register, the last one gone."""
    body = {"file_name": "old.csv", "sha256": "7a" * 32, "total_lines": 11}
    started = (await registration.post("/registration/v1/imports", body, IMPORTER)).json()
    path = f"/registration/v1/imports/{started['id']}/batches"
    rows = [[*row(serial), "存续" if serial < 709 else "注销", "", ""] for serial in range(700, 710)]
    assert (await registration.post(path, {"first_line": 2, "rows": rows}, IMPORTER)).json()["imported"] == 10
    return registration


async def test_what_differs_is_listed_by_field_both_ways_and_nothing_is_overwritten(
    register: ServiceUnderTest,
) -> None:
    found = await a_reconciliation(register, 8, division="140881")
    rows = [
        row(700),
        row(701, address="永济市城西街道 河东大道１２号。"),  # another way of writing the same
        row(702, capital="60(万元)", address="永济市城北街道3号"),
        [*row(703), "吊销，未注销", "王五", id_number(7)],
        row(790, name="永济市只在对方餐饮店"),
        row(700, name="又一行"),
        row(791, uscc="N/A"),
    ]

    await compare(register, found, rows[:4])
    told = await compare(register, found, rows[4:], first=6)
    done = await complete(register, found)

    assert (told.json()["compared"], told.json()["same"], done["status"]) == (5, 2, "completed")
    assert (done["differing_fields"], done["only_there"], done["unreadable"]) == (4, 1, 2)
    listed = await differences(register, found)
    fields = [(d["uscc"], d["field"], d["ours"], d["theirs"]) for d in listed if d["kind"] == "field"]
    assert fields == [
        (uscc(702), "registered_capital_fen", "50000000", "60000000"),
        (uscc(702), "domicile_text", "永济市城西街道河东大道12号", "永济市城北街道3号"),
        (uscc(703), "state", "active", "revoked"),
        (uscc(703), "legal_representative", None, None),
    ]
    only_here = {d["uscc"] for d in listed if d["kind"] == "only_here"}
    assert {uscc(serial) for serial in range(704, 709)} <= only_here
    assert not {uscc(700), uscc(702), uscc(709), uscc(790)} & only_here
    assert [r["code"] for d in listed if d["kind"] == "unreadable" for r in d["reasons"]] == [
        "row.repeated",
        "uscc.missing",
    ]
    assert "王五" not in json.dumps(listed, ensure_ascii=False)
    assert (await register.get(f"{ENTERPRISES}/{uscc(702)}")).json()["version"] == 1


async def test_theirs_is_entered_as_an_alteration_with_its_reason_and_ours_stands_as_it_is(
    register: ServiceUnderTest,
) -> None:
    found = await a_reconciliation(register, 3)
    await compare(register, found, [row(704, capital="70(万元)", scope="住宿服务"), row(792)])
    by_field = {d["field"] or d["kind"]: d["number"] for d in await differences(register, found)}

    kept = await settle(register, found, by_field["registered_capital_fen"], "ours")
    taken = await settle(register, found, by_field["scope"], "theirs")
    again = await settle(register, found, by_field["scope"], "theirs")
    entered = await settle(register, found, by_field["only_there"], "theirs")
    otherwise = await settle(register, found, by_field["scope"], "ours")

    assert (kept.json()["settlement"], taken.json()["settlement"]) == ("ours", "theirs")
    assert (again.status_code, again.json()) == (taken.status_code, taken.json())
    assert (otherwise.status_code, otherwise.json()["type"]) == (409, "/problems/difference-settled")
    now = (await register.get(f"{ENTERPRISES}/{uscc(704)}")).json()
    assert (now["scope"], now["registered_capital_fen"], now["version"]) == (
        [{"code": None, "text": "住宿服务"}],
        50_000_000,
        2,
    )
    [event] = await register.events(ALTERED, uscc(704))
    assert event["data"]["reason_zh"] == "经核对档案"
    assert entered.status_code == 200
    assert len(await register.events(REGISTERED, uscc(792))) == 1
    assert (await differences(register, found, settlement="open")) == []
    counted = (await register.get(f"{RECONCILIATIONS}/{found['id']}", IMPORTER)).json()
    assert (counted["differing_fields"], counted["only_there"], counted["open"]) == (2, 1, 0)


async def test_what_needs_a_filing_or_has_changed_since_is_not_taken_over(register: ServiceUnderTest) -> None:
    filed = await registered(register)
    found = await a_reconciliation(register, 4, division="140881")
    rows = [
        row(705, name="永济市别名餐饮有限公司", date="2018-01-01"),
        [
            *row(0, uscc=filed["uscc"], name=filed["name"], date="", capital="10(万元)", address=""),
            "吊销",
            "",
            "",
        ],
        row(793, date="不详"),
    ]
    await compare(register, found, rows)
    await complete(register, found)
    listed = {(d["uscc"], d["field"] or d["kind"]): d["number"] for d in await differences(register, found)}
    await altered(register, uscc(705), established_on=None)

    refused = [
        await settle(register, found, number, "theirs")
        for key, number in listed.items()
        if key in {(uscc(705), "name"), (filed["uscc"], "state"), (uscc(706), "only_here")}
        or key[1] == "unreadable"
    ]
    outdated = await settle(register, found, listed[uscc(705), "established_on"], "theirs")

    assert len(refused) == 4
    assert {answer.json()["type"] for answer in refused} == {"/problems/difference-needs-filing"}
    assert (outdated.status_code, outdated.json()["type"]) == (409, "/problems/difference-outdated")
    assert (await register.get(f"{ENTERPRISES}/{filed['uscc']}")).json()["state"] == "active"


async def test_what_a_filing_here_entered_is_altered_by_filings_only(registration: ServiceUnderTest) -> None:
    filed = await registered(registration)
    taken_over = await reporting.enterprise(registration, 720)
    token = enterprise_token(taken_over, "ann", "registration.filing.submit")
    decided = {"decided_on": local_date(registration.clock()).isoformat(), "resolution_signed": True}
    moved = {"division_code": "140881104", "street": "鹳雀路8号", "commitment": True}
    body = {"kind": "alteration", "uscc": taken_over, "domicile": moved} | decided
    altered_here = (await registration.post(FILINGS, body, token)).json()
    found = await a_reconciliation(registration, 4)
    foreign = {"kind": "个体工商户", "capital": "0.0001(万元)", "address": "河津市1号", "date": "2018-01-01"}
    rows = [row(0, uscc=filed["uscc"], name=filed["name"], **foreign), row(720, **foreign)]
    await compare(registration, found, rows)

    answers = {
        (listed["uscc"], listed["field"]): (
            await settle(registration, found, listed["number"], "theirs")
        ).json()
        for listed in await differences(registration, found)
    }

    assert altered_here["status"] == "approved", altered_here
    needs_filing = {
        field
        for (code, field), told in answers.items()
        if code == filed["uscc"] and told["type"] == "/problems/difference-needs-filing"
    }
    assert {"enterprise_kind", "registered_capital_fen", "domicile_text", "established_on"} <= needs_filing
    assert answers[taken_over, "domicile_text"]["type"] == "/problems/difference-needs-filing"
    assert answers[taken_over, "registered_capital_fen"]["settlement"] == "theirs"
    now = (await registration.get(f"{ENTERPRISES}/{filed['uscc']}")).json()
    assert (now["enterprise_kind"], now["registered_capital_fen"], now["version"]) == (
        "limited_company",
        10_000_000,
        1,
    )


async def test_a_kind_that_an_import_could_not_tell_is_corrected_with_who_stands_for_it(
    registration: ServiceUnderTest,
) -> None:
    name = "永济市舜都日杂门市部"
    code = await reporting.enterprise(registration, 721, kind="N/A", name=name)
    someone = {"name": "李四光", "id_number": id_number(72)}
    await registration.post(f"{ENTERPRISES}/{code}/representative", someone, OFFICER)
    found = await a_reconciliation(registration, 3)
    silent, spoken = row(721, kind="N/A", name=name), row(721, kind="个体工商户", name=name)
    await compare(registration, found, [silent])
    nothing = await differences(registration, found)
    found = await a_reconciliation(registration, 3)
    await compare(registration, found, [spoken])
    [listed] = await differences(registration, found)

    settled = await settle(registration, found, listed["number"], "theirs")

    assert nothing == []
    assert (listed["field"], listed["ours"], listed["theirs"]) == (
        "enterprise_kind",
        "other",
        "individual_business",
    )
    assert settled.json()["settlement"] == "theirs"
    told = (await registration.get(f"{ENTERPRISES}/{code}", OFFICER)).json()
    assert (told["enterprise_kind"], told["people"][0]["roles"]) == ("individual_business", ["operator"])


async def test_a_code_that_a_batch_at_the_same_moment_brings_is_taken_once(
    registration: ServiceUnderTest,
) -> None:
    found = await a_reconciliation(registration, 4)
    kept = """
        INSERT INTO reconciliation_row (reconciliation_id, uscc, line, found)
        VALUES (CAST(:id AS uuid), :uscc, 4, 'only_there')
    """
    waits = "SELECT 1 FROM pg_locks WHERE NOT granted AND locktype = 'transactionid'"

    async def other_batch(uow: UnitOfWork) -> asyncio.Task[Any]:
        """Not committed before ours waits for it."""
        await uow.session.execute(text(kept), {"id": found["id"], "uscc": uscc(730)})
        ours = asyncio.create_task(compare(registration, found, [row(730), row(731)]))
        await eventually(lambda: registration.rows(waits))
        return ours

    answer = await (await registration.app.state.backend.transactions.run(other_batch))

    assert answer.status_code in (200, 201), answer.text
    listed = await differences(registration, found)
    assert [(each["kind"], each["uscc"]) for each in listed] == [
        ("only_there", uscc(731)),
        ("unreadable", uscc(730)),
    ]
    assert [each["code"] for each in listed[1]["reasons"]] == ["row.repeated"]
    told = (await registration.get(f"{RECONCILIATIONS}/{found['id']}", IMPORTER)).json()
    assert (told["compared"], told["only_there"], told["unreadable"]) == (1, 1, 1)


async def test_whoever_an_unreadable_row_names_is_not_only_here(register: ServiceUnderTest) -> None:
    found = await a_reconciliation(register, 2, division="140881")
    await compare(register, found, [row(707, date="不详")])

    await complete(register, found)

    kinds = {each["kind"] for each in await differences(register, found) if each["uscc"] == uscc(707)}
    assert kinds == {"unreadable"}


async def test_theirs_is_not_entered_of_who_is_gone_nor_a_state_that_has_come_by_an_act(
    register: ServiceUnderTest,
) -> None:
    found = await a_reconciliation(register, 6)
    rows = [
        [*row(700), "吊销，未注销", "", ""],
        [*row(701), "注销", "", ""],
        [*row(706), "吊销，未注销", "", ""],
        row(708, capital="90(万元)"),
        [*row(709, capital="90(万元)"), "存续", "", ""],
    ]
    await compare(register, found, rows)
    await altered(register, uscc(706), established_on=None)
    numbers = {(d["uscc"], d["field"]): d["number"] for d in await differences(register, found)}

    elsewhere = await settle(
        register, found, numbers[uscc(708), "registered_capital_fen"], "theirs", OF_HEJIN
    )
    answers = {
        (code, field): (await settle(register, found, number, "theirs")).json()
        for (code, field), number in numbers.items()
    }

    assert elsewhere.status_code == 403
    assert answers[uscc(700), "state"]["settlement"] == "theirs"
    assert answers[uscc(701), "state"]["type"] == "/problems/difference-needs-filing"
    assert answers[uscc(706), "state"]["type"] == "/problems/difference-needs-filing"
    assert answers[uscc(708), "registered_capital_fen"]["settlement"] == "theirs"
    assert answers[uscc(709), "state"]["type"] == "/problems/state-forbids"
    assert answers[uscc(709), "registered_capital_fen"]["type"] == "/problems/state-forbids"
    assert (await register.get(f"{ENTERPRISES}/{uscc(709)}")).json()["state"] == "deregistered"


async def test_whoever_an_outside_register_names_is_forgotten_once_settled(
    register: ServiceUnderTest,
) -> None:
    async def kept() -> dict[str, str | None]:
        query = "SELECT uscc, cells::text AS c FROM reconciliation_row WHERE reconciliation_id::text = :i"
        return {each["uscc"]: each["c"] for each in await register.rows(query, i=found["id"])}

    found = await a_reconciliation(register, 5)
    rows = [
        [*row(702), "存续", "", ""],
        [*row(703, capital="90(万元)"), "存续", "李四光", id_number(86)],
        [*row(794), "存续", "李四光", id_number(86)],
        [*row(795), "存续", "李四光", id_number(86)],
    ]
    await compare(register, found, rows)
    before = await kept()
    [number] = [d["number"] for d in await differences(register, found) if d["uscc"] == uscc(794)]

    await settle(register, found, number, "theirs")
    after = await kept()
    transactions = register.app.state.backend.transactions
    late = register.clock() + timedelta(days=800)
    await transactions.run(lambda uow: purge_due(COMPARED, load_region_pack(REGION_PACK), uow, late))

    assert {code for code, cells in before.items() if "李四光" in (cells or "")} == {uscc(794), uscc(795)}
    assert before[uscc(702)] is None
    assert (after[uscc(794)], after[uscc(795)]) == (None, before[uscc(795)])
    assert set((await kept()).values()) == {None}
    [event] = await register.events(DETERMINED, uscc(794))
    assert event["data"]["person_reference"]


async def test_a_large_register_is_walked_in_several_calls(
    register: ServiceUnderTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = await a_reconciliation(register, 2, division="140881")
    parts = await a_reconciliation(register, 2, division="140881")
    for each in (whole, parts):
        await compare(register, each, [row(700)])
    at_once = await complete(register, whole)
    monkeypatch.setattr(reconciliations, "PAGE", 1)

    first = told = await complete(register, parts)
    while told["status"] == "running":
        told = await complete(register, parts)

    counts = ("status", "compared", "same", "differing_fields", "only_here", "open")
    assert first["status"] == "running"
    assert [told[name] for name in counts] == [at_once[name] for name in counts]
    assert told["only_here"] > first["only_here"] > 0


async def test_an_interrupted_reconciliation_says_where_it_was_and_a_repeated_batch_changes_nothing(
    register: ServiceUnderTest,
) -> None:
    found = await a_reconciliation(register, 11)
    await compare(register, found, [row(serial) for serial in range(700, 705)])
    before = (await register.get(f"{RECONCILIATIONS}/{found['id']}", IMPORTER)).json()

    resumed = await a_reconciliation(register, 11, sha256=found["sha256"])
    again = await compare(register, found, [row(serial) for serial in range(700, 705)])
    early = await register.post(f"{RECONCILIATIONS}/{found['id']}/completion", None, IMPORTER)
    overlap = await compare(register, found, [row(799)] * 2, first=6)
    beyond = await compare(register, found, [row(799)] * 9, first=7)

    assert (resumed["id"], resumed["next_line"]) == (found["id"], 7)
    assert again.json() == before
    assert (early.status_code, early.json()["missing_from"]) == (409, 7)
    assert (overlap.status_code, beyond.status_code) == (409, 409)


async def test_it_is_its_agency_s_own_and_settled_by_the_registrar_only(register: ServiceUnderTest) -> None:
    found = await a_reconciliation(register, 2)
    await compare(register, found, [row(707, capital="1(万元)")])
    [one] = await differences(register, found)
    path = f"{RECONCILIATIONS}/{found['id']}"

    foreign = [await register.get(path, OTHERS), await register.get(f"{path}/differences", OTHERS)]
    answers = [
        await settle(register, found, one["number"], "theirs", OTHER_OFFICER),
        await settle(register, found, one["number"], "theirs", ANN),
        await settle(register, found, one["number"] + 10_000, "ours"),
        await settle(register, found, one["number"], "open"),
    ]

    assert {answer.status_code for answer in foreign} == {404}
    assert [answer.status_code for answer in answers] == [403, 403, 404, 400]


@pytest.mark.parametrize(
    ("extra", "state", "codes"),
    [
        (["存续（在营、开业、在册）", "", ""], "active", []),
        (["吊销，未注销", "", ""], "revoked", []),
        (["吊销，已注销", "", ""], "deregistered", []),
        (["拟注销", "", ""], "active", []),
        (["", "李四光", ""], "active", ["representative.unidentified"]),
        (["歇业", "李四光", "140881199001010011"], "suspended", ["representative.number"]),
        (["火星", "", ""], None, ["state.unreadable"]),
    ],
)
async def test_an_old_register_is_taken_over_as_it_stands(
    registration: ServiceUnderTest, extra: list[str], state: str | None, codes: list[str]
) -> None:
    code = uscc(8000 + crc32("".join(extra).encode()) % 400)
    body = {"file_name": "old.csv", "sha256": secrets.token_hex(32), "total_lines": 2}
    started = (await registration.post("/registration/v1/imports", body, IMPORTER)).json()
    path = f"/registration/v1/imports/{started['id']}"

    await registration.post(
        f"{path}/batches", {"first_line": 2, "rows": [[*row(1, uscc=code), *extra]]}, IMPORTER
    )

    found = await registration.get(f"{ENTERPRISES}/{code}")
    assert (found.json().get("state") if found.status_code == 200 else None) == state
    report = (await registration.get(f"{path}/report", IMPORTER)).text
    assert [r["code"] for line in report.splitlines() for r in json.loads(line)["reasons"]] == codes


async def test_whoever_stands_for_an_enterprise_is_taken_over_with_it(registration: ServiceUnderTest) -> None:
    code = uscc(8500)
    body = {"file_name": "old.csv", "sha256": secrets.token_hex(32), "total_lines": 2}
    started = (await registration.post("/registration/v1/imports", body, IMPORTER)).json()
    path = f"/registration/v1/imports/{started['id']}/batches"
    cells = [*row(1, uscc=code, kind="个体工商户"), "开业", "李四光", id_number(85)]

    told = await registration.post(path, {"first_line": 2, "rows": [cells]}, IMPORTER)

    assert (told.json()["imported"], told.json()["warned"]) == (1, 0)
    [event] = await registration.events("cn.tongban.registration.representative.determined.v1", code)
    assert event["data"]["person_reference"]
    by_person = await registration.post(f"{ENTERPRISES}/by-person", {"id_number": id_number(85)}, OFFICER)
    assert [(e["enterprise"]["uscc"], e["roles"]) for e in by_person.json()["entries"]] == [
        (code, ["operator"])
    ]
