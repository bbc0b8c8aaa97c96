"""An existing register taken over: every row entered with its event, or listed with every reason."""

import asyncio
import json
import secrets
from typing import Any

import pytest

from tests.registration.builders import ANN, FILINGS, IMPORTER, filing, id_number, row, uscc
from tests.support.service import ServiceUnderTest

IMPORTS = "/registration/v1/imports"
REGISTERED = "cn.tongban.registration.enterprise.registered.v1"


async def an_import(registration: ServiceUnderTest, lines: int, sha256: str | None = None) -> dict[str, Any]:
    body = {"file_name": "old.csv", "sha256": sha256 or secrets.token_hex(32), "total_lines": lines}
    answer = await registration.post(IMPORTS, body, IMPORTER)
    assert answer.status_code == 201, answer.text
    started: dict[str, Any] = answer.json()
    return started


async def take(registration: ServiceUnderTest, import_id: str, rows: list[list[str]], first: int = 2) -> Any:
    body = {"first_line": first, "rows": rows}
    return await registration.post(f"{IMPORTS}/{import_id}/batches", body, IMPORTER)


async def report(registration: ServiceUnderTest, import_id: str) -> list[dict[str, Any]]:
    answer = await registration.get(f"{IMPORTS}/{import_id}/report", IMPORTER)
    assert answer.headers["content-type"] == "application/x-ndjson"
    return [json.loads(line) for line in answer.text.splitlines()]


async def test_a_sound_row_is_entered_with_its_event(registration: ServiceUnderTest) -> None:
    started = await an_import(registration, 2)

    told = (await take(registration, started["id"], [row(1)])).json()

    assert (told["imported"], told["refused"], told["next_line"]) == (1, 0, 3)
    [event] = await registration.events(REGISTERED, uscc(1))
    assert event["data"]["origin"] == "import"
    assert event["data"]["established_on"] == "2019-05-06"
    assert event["data"]["registered_capital_fen"] == 50_000_000
    found = (await registration.get(f"/registration/v1/enterprises/{uscc(1)}")).json()
    assert (found["enterprise_kind"], found["capital_stated"]) == ("limited_company", "50(万元)")
    assert found["scope"] == [{"code": None, "text": "餐饮服务"}]


WRONG_CHECK = uscc(20)[:-1] + ("0" if uscc(20)[-1] != "0" else "1")


@pytest.mark.parametrize(
    ("cells", "codes"),
    [
        ({"uscc": WRONG_CHECK}, ["uscc.check_character"]),
        ({"uscc": "1408811234567"}, ["uscc.registration_number_13"]),
        ({"uscc": "140881123456789"}, ["uscc.registration_number_15"]),
        ({"uscc": "N/A"}, ["uscc.missing"]),
        ({"uscc": "9114088"}, ["uscc.length"]),
        ({"name": "N/A", "date": "不详"}, ["name.missing", "date.unreadable"]),
        ({"date": "2999-01-01"}, ["date.future"]),
        ({"date": "2019-02-30"}, ["date.unreadable"]),
        ({"scope": "长" * 10_001}, ["cell.too_long"]),
        ({"address": "永\ufffd市"}, ["cell.unreadable"]),
    ],
)
async def test_a_bad_row_is_refused_with_every_reason(
    registration: ServiceUnderTest, cells: dict[str, str], codes: list[str]
) -> None:
    started = await an_import(registration, 2)

    told = (await take(registration, started["id"], [row(20, **cells)])).json()

    assert (told["imported"], told["refused"]) == (0, 1)
    [line] = await report(registration, started["id"])
    assert (line["line"], line["outcome"]) == (2, "refused")
    assert [reason["code"] for reason in line["reasons"]] == codes
    assert all(reason["text_zh"] and reason["text_en"] for reason in line["reasons"])


def with_wrong_inner_digit(serial: int) -> str:
    from shared.identifiers import uscc_check_character

    sound = uscc(serial)
    wrong = sound[:16] + ("0" if sound[16] != "0" else "1")
    return wrong + uscc_check_character(wrong)


@pytest.mark.parametrize(
    ("serial", "cells", "code"),
    [
        (40, {"uscc": with_wrong_inner_digit(40)}, "uscc.organisation_check_character"),
        (41, {"capital": "若干"}, "capital.unreadable"),
        (42, {"date": "N/A"}, "date.missing"),
        (43, {"uscc": uscc(43).lower()}, "uscc.rewritten"),
        (44, {"uscc": uscc(44, "990000")}, "division.unknown"),
        (45, {"date": "1600-01-01"}, "date.implausible"),
    ],
)
async def test_an_untidy_row_is_entered_with_a_warning(
    registration: ServiceUnderTest, serial: int, cells: dict[str, str], code: str
) -> None:
    started = await an_import(registration, 2)

    told = (await take(registration, started["id"], [row(serial, **cells)])).json()

    assert (told["imported"], told["warned"]) == (1, 1)
    [line] = await report(registration, started["id"])
    assert (line["outcome"], [reason["code"] for reason in line["reasons"]]) == ("imported", [code])


@pytest.mark.parametrize(
    ("serial", "cells", "kind", "codes"),
    [
        (50, {"kind": "N/A", "name": "永济市五十号商贸有限责任公司"}, "limited_company", ["kind.inferred"]),
        (51, {"kind": "N/A", "name": "永济市舜都股份有限公司"}, "joint_stock_company", ["kind.inferred"]),
        (52, {"kind": "N/A", "name": "永济市舜都有限公司蒲州分公司"}, "branch", ["kind.inferred"]),
        (53, {"kind": "N/A", "name": "永济市舜都会计师事务所（普通合伙）"}, "partnership", ["kind.inferred"]),
        (54, {"kind": "N/A", "uscc": uscc(54, body_type="2")}, "individual_business", ["kind.inferred"]),
        (55, {"kind": "集体所有制", "name": "永济市五五有限公司"}, "other", ["kind.unknown"]),
        (56, {"kind": "N/A", "name": "永济市供销合作社门市部"}, "other", ["kind.unknown"]),
        (57, {"kind": "普通合伙", "name": "永济市五七有限公司"}, "partnership", []),
    ],
)
async def test_a_kind_that_is_not_stated_is_told_by_the_code_and_how_the_name_ends(
    registration: ServiceUnderTest, serial: int, cells: dict[str, str], kind: str, codes: list[str]
) -> None:
    started = await an_import(registration, 2)
    one = row(serial, **cells)

    told = (await take(registration, started["id"], [one])).json()

    assert (told["imported"], told["warned"]) == (1, len(codes))
    found = (await registration.get(f"/registration/v1/enterprises/{one[1]}")).json()
    assert found["enterprise_kind"] == kind
    listed = [
        reason["code"] for line in await report(registration, started["id"]) for reason in line["reasons"]
    ]
    assert listed == codes


@pytest.mark.parametrize("number", [id_number(90), "140881199001010010"], ids=["sound", "mistyped"])
async def test_a_person_s_number_in_the_column_of_codes_is_not_kept(
    registration: ServiceUnderTest, number: str
) -> None:
    started = await an_import(registration, 2)

    await take(registration, started["id"], [row(58, uscc=number)])

    [line] = await report(registration, started["id"])
    kept = await registration.rows(
        "SELECT uscc FROM register_import_line WHERE import_id::text = :i", i=started["id"]
    )
    assert line["outcome"] == "refused"
    assert number not in json.dumps([line, *kept])


async def test_a_division_that_no_longer_exists_is_accepted(registration: ServiceUnderTest) -> None:
    started = await an_import(registration, 2)

    told = (await take(registration, started["id"], [row(60, uscc=uscc(60, "142702"))])).json()

    assert (told["imported"], told["warned"]) == (1, 0)


async def test_rows_of_another_width_and_blank_rows_are_listed(registration: ServiceUnderTest) -> None:
    started = await an_import(registration, 4)

    await take(registration, started["id"], [row(61)[:8], [""], row(61)])

    lines = await report(registration, started["id"])
    assert [(line["line"], line["reasons"][0]["code"]) for line in lines] == [
        (2, "row.columns"),
        (3, "row.blank"),
    ]


async def test_the_same_row_twice_counts_as_unchanged_and_another_is_never_overwritten(
    registration: ServiceUnderTest,
) -> None:
    started = await an_import(registration, 5)
    other = row(70, capital="60(万元)", address="别处")

    first = (await take(registration, started["id"], [row(70), row(70), other])).json()
    later = (await take(registration, started["id"], [other], first=5)).json()

    assert (first["imported"], first["unchanged"], first["refused"]) == (1, 1, 1)
    assert later["refused"] == 2
    in_file, in_register = await report(registration, started["id"])
    assert in_file["reasons"][0]["code"] == "row.differs_in_file"
    assert "2" in in_file["reasons"][0]["text_en"]
    assert "注册资金、注册地址" in in_file["reasons"][0]["text_zh"]
    assert in_register["reasons"][0]["code"] == "row.differs_from_register"
    found = (await registration.get(f"/registration/v1/enterprises/{uscc(70)}")).json()
    assert found["capital_stated"] == "50(万元)"


async def test_an_enterprise_that_filed_here_is_not_overwritten(registration: ServiceUnderTest) -> None:
    filed = (await registration.post(FILINGS, filing(), ANN)).json()
    started = await an_import(registration, 2)

    told = (await take(registration, started["id"], [row(71, uscc=filed["uscc"])])).json()

    assert told["refused"] == 1
    found = (await registration.get(f"/registration/v1/enterprises/{filed['uscc']}")).json()
    assert (found["name"], found["origin"]) == (filed["name"], "filing")


async def test_running_it_again_changes_nothing(registration: ServiceUnderTest) -> None:
    rows = [row(serial) for serial in range(80, 90)]
    first = await an_import(registration, 11)
    await take(registration, first["id"], rows)
    done = await registration.post(f"{IMPORTS}/{first['id']}/completion", None, IMPORTER)

    second = await an_import(registration, 11, first["sha256"])
    told = (await take(registration, second["id"], rows)).json()

    assert done.json()["status"] == "completed"
    assert second["id"] != first["id"]
    assert (told["imported"], told["unchanged"], told["refused"]) == (0, 10, 0)
    assert len(await registration.events(REGISTERED, uscc(80))) == 1


async def test_an_interrupted_import_says_where_it_was(registration: ServiceUnderTest) -> None:
    started = await an_import(registration, 31)
    await take(registration, started["id"], [row(serial) for serial in range(100, 110)])
    await take(registration, started["id"], [row(serial) for serial in range(120, 130)], first=22)

    resumed = await an_import(registration, 31, started["sha256"])
    early = await registration.post(f"{IMPORTS}/{started['id']}/completion", None, IMPORTER)

    assert resumed["id"] == started["id"]
    assert resumed["next_line"] == 12
    assert resumed["done"] == [{"first_line": 2, "last_line": 11}, {"first_line": 22, "last_line": 31}]
    assert (early.status_code, early.json()["missing_from"]) == (409, 12)


async def test_the_same_batch_at_once_is_applied_once(registration: ServiceUnderTest) -> None:
    started = await an_import(registration, 21)
    rows = [row(serial) for serial in range(140, 160)]

    answers = await asyncio.gather(*(take(registration, started["id"], rows) for _ in range(5)))

    assert {answer.status_code for answer in answers} == {201, 200} & {a.status_code for a in answers}
    told = (await registration.get(f"{IMPORTS}/{started['id']}", IMPORTER)).json()
    assert (told["imported"], told["unchanged"]) == (20, 0)
    assert len(await registration.events(REGISTERED, uscc(140))) == 1


async def test_batches_that_overlap_or_overshoot_are_refused(registration: ServiceUnderTest) -> None:
    started = await an_import(registration, 6)
    await take(registration, started["id"], [row(170), row(171)])

    overlap = await take(registration, started["id"], [row(171), row(172)], first=3)
    beyond = await take(registration, started["id"], [row(172)] * 4, first=4)
    absent = await take(registration, "0198c0de-0000-7000-8000-00000000dead", [row(172)])
    header = await take(registration, started["id"], [row(172)], first=1)
    unscoped = await registration.post(IMPORTS, {}, ANN)

    assert (overlap.status_code, beyond.status_code, absent.status_code) == (409, 409, 404)
    assert (header.status_code, unscoped.status_code) == (400, 403)
