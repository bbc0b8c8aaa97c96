"""Tasks out and results in by file: for spreadsheets, safe in them, and harmless when sent twice."""

import csv
import io
import json
import secrets
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.matters.domain.sheets import SheetNotReadable, guarded, read, unguarded, written
from tests.gateway.desk.tasks import TASKS, a_material, act, assigned, task_id
from tests.gateway.matters.conftest import Front
from tests.gateway.matters.forms import restaurant_form
from tests.support.identities import bearer

FILES = "/matters/v1/task-files"
ACCESS = "cn.tongban.gateway.access.recorded.v1"
COMPLETED = "cn.tongban.gateway.task.completed.v1"


async def exported(front: Front, agency: str = "police", **params: Any) -> list[dict[str, str]]:
    """The open tasks as a spreadsheet program reads them."""
    answer = await front.gateway.get(FILES, front.agency(agency), **params)
    assert answer.status_code == 200, answer.text
    assert answer.content.startswith(b"\xef\xbb\xbf")
    return list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))


async def send_back(
    front: Front, content: bytes, *, media: str = "text/csv", agency: str = "police"
) -> httpx.Response:
    """Send a file of results."""
    headers = bearer(front.agency(agency), key=secrets.token_hex(16)) | {"Content-Type": media}
    return await front.gateway.client.post(FILES, content=content, headers=headers)


def sheet(*rows: dict[str, str]) -> bytes:
    """A file as a spreadsheet program saves it."""
    out = io.StringIO()
    columns = list(dict.fromkeys(name for row in rows for name in row))
    writer = csv.DictWriter(out, columns)
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue().encode("utf-8-sig")


async def test_a_file_says_what_the_api_says_and_no_more(front: Front) -> None:
    material = await a_material(front, "in the file")
    matter = await assigned(front, materials=[material])
    seal = task_id(matter)

    rows = {row["task_id"]: row for row in await exported(front, limit=200)}
    [line] = [
        json.loads(each)
        for each in (
            await front.gateway.get(FILES, front.agency("police"), format="ndjson", limit=200)
        ).text.splitlines()
        if seal in each
    ]
    told = (await front.gateway.get(f"{TASKS}/{seal}", front.agency("police"))).json()

    assert line | {"clock": None} == told | {"clock": None}
    row = rows[seal]
    assert row["uscc"] == matter["uscc"]
    assert row["facts.enterprise_name"] == matter["form"]["enterprise_name"]
    assert row["facts.seal_kinds"] == "企业名称印章"
    assert row["facts.contact_phone"] == ""
    assert "facts.capital_fen" not in row
    assert row["materials"] == material
    assert row["outcome"] == row["reason"] == ""
    assert len(await front.gateway.events(ACCESS, matter["uscc"])) == 3


async def test_a_file_holds_ones_own_open_tasks_that_changed_since(front: Front) -> None:
    early, late = await assigned(front), await assigned(front)
    moment = front.gateway.clock().isoformat()
    await act(front, task_id(late), "taking")
    done = await assigned(front)
    await act(front, task_id(done), "taking")
    await act(front, task_id(done), "completion", {"result": {"number": "1"}})

    changed = {row["task_id"] for row in await exported(front, since=moment, limit=200)}
    of_tax = {row["kind"] for row in await exported(front, "tax", limit=200)}
    first = await front.gateway.get(FILES, front.agency("police"), limit=1)

    assert task_id(late) in changed
    assert not {task_id(early), task_id(done)} & changed
    assert of_tax == {"invoice"}
    assert 'rel="next"' in first.headers["link"]


async def test_a_cell_never_becomes_a_formula(front: Front) -> None:
    form = restaurant_form() | {"address": '=HYPERLINK("http://evil.example","永济市城西街道1号")'}
    matter = await assigned(front, form=form)

    rows = {row["task_id"]: row for row in await exported(front, limit=200)}

    assert rows[task_id(matter)]["facts.address"] == "'" + form["address"]


async def test_good_rows_are_done_bad_ones_named_and_the_same_file_changes_nothing(front: Front) -> None:
    matters = [await assigned(front) for _ in range(3)]
    done, sent_back, left = (task_id(each) for each in matters)
    foreign = task_id(matters[0], "invoice")
    file = sheet(
        {"task_id": done, "outcome": "completed", "result.number": "1408810012345", "facts.uscc": "不读取"},
        {"task_id": sent_back, "outcome": "returned", "reason": "印章种类不符"},
        {"task_id": left},
        {"task_id": foreign, "outcome": "completed", "result.number": "1"},
        {"task_id": "not-an-id", "outcome": "completed"},
        {"task_id": left, "outcome": "returned"},
        {"task_id": left, "outcome": "burnt"},
    )

    first = await send_back(front, file)
    again = await send_back(front, file)

    assert first.status_code == 200, first.text
    told = first.json()
    assert (told["applied"], told["unchanged"], told["refused"]) == (2, 0, 4)
    assert [(row["line"], row["fate"], row["code"]) for row in told["rows"]] == [
        (2, "applied", None),
        (3, "applied", None),
        (5, "refused", "task-not-found"),
        (6, "refused", "invalid-input"),
        (7, "refused", "invalid-input"),
        (8, "refused", "invalid-input"),
    ]
    assert (again.json()["applied"], again.json()["unchanged"]) == (0, 2)
    assert len(await front.gateway.events(COMPLETED, done)) == 1
    read_back = (await front.gateway.get(f"{TASKS}/{done}", front.agency("police"))).json()
    assert (read_back["state"], read_back["result"]) == ("completed", {"number": "1408810012345"})
    assert (await front.until(matters[1]["id"], state="returned"))["findings"][0]["text_zh"] == "印章种类不符"
    assert (await front.gateway.get(f"{TASKS}/{left}", front.agency("police"))).json()["state"] == "assigned"


async def test_a_completed_task_is_not_completed_otherwise_by_a_file(front: Front) -> None:
    seal = task_id(await assigned(front))
    row = {"task_id": seal, "outcome": "completed", "result.number": "1"}
    await send_back(front, sheet(row))

    otherwise = await send_back(front, sheet(row | {"result.number": "2"}))

    assert [(each["fate"], each["code"]) for each in otherwise.json()["rows"]] == [
        ("refused", "matter-action-not-allowed")
    ]


async def test_a_refusal_by_file_names_its_law(front: Front) -> None:
    seal = task_id(await assigned(front))
    row = {"task_id": seal, "outcome": "refused", "reason": "不符合备案条件"}

    without = await send_back(front, sheet(row))
    first = await send_back(front, sheet(row | {"legal_basis": "（示例）某办法第七条"}))
    again = await send_back(front, sheet(row | {"legal_basis": "（示例）某办法第七条"}))

    assert [answer.json()["rows"][0]["fate"] for answer in (without, first, again)] == [
        "refused",
        "applied",
        "unchanged",
    ]
    read = (await front.gateway.get(f"{TASKS}/{seal}", front.agency("police"))).json()
    assert read["state"] == "refused"


async def test_lines_of_json_and_a_sheet_in_the_machines_own_encoding_are_taken_too(front: Front) -> None:
    seal, other = task_id(await assigned(front)), task_id(await assigned(front))
    line = {"task_id": seal, "outcome": "completed", "result": {"number": "7"}}
    saved = f"task_id,outcome,reason\r\n{other},returned,印章种类不符\r\n".encode("gb18030")

    of_json = await send_back(front, json.dumps(line).encode() + b"\n{\n", media="application/x-ndjson")
    of_sheet = await send_back(front, saved)

    assert [row["fate"] for row in of_json.json()["rows"]] == ["applied", "refused"]
    assert of_sheet.json()["applied"] == 1
    returned = (await front.gateway.get(f"{TASKS}/{other}", front.agency("police"))).json()
    assert returned["return_reason"] == "印章种类不符"


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "no_columns"),
        (b"a,a\r\n1,2\r\n", "no_columns"),
        (b"name,outcome\r\nx,completed\r\n", "no_task_id"),
        (b"task_id,outcome\r\n\x00,x\r\n", "not_text"),
        (b"\xff\xff\xff\xff", "not_text"),
        (b'task_id,outcome\r\n"open,x\r\n', "not_a_table"),
        (b"task_id,outcome\r\n" + b"1,x\r\n" * 1001, "too_many_rows"),
    ],
    ids=["empty", "a column twice", "no task", "bytes", "no text", "an open quote", "too many"],
)
async def test_what_is_no_table_is_refused_whole(front: Front, content: bytes, reason: str) -> None:
    answer = await send_back(front, content)

    assert answer.status_code == 400
    assert (answer.json()["type"], answer.json()["reason_code"]) == ("/problems/file-not-readable", reason)


async def test_another_kind_of_file_is_not_taken(front: Front) -> None:
    sheets = await send_back(front, b"PK", media="application/vnd.ms-excel")
    as_json = await send_back(front, b"[]", media="application/json")

    assert (sheets.status_code, as_json.status_code) == (415, 415)


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=60))
def test_what_is_written_into_a_cell_is_read_back_and_never_calculated(text: str) -> None:
    cell = text.strip()
    [row] = read(written(("a", "b"), [{"a": cell, "b": "x"}]).encode(), 10)

    assert not guarded(cell).startswith(("=", "+", "-", "@"))
    if not cell.startswith("'"):
        assert unguarded(guarded(cell)) == cell
        assert row.get("a", "") == cell


def test_a_sheet_of_bytes_is_told_apart_from_text() -> None:
    with pytest.raises(SheetNotReadable):
        read(b"\x89PNG\r\n\x1a\n\x00", 10)
