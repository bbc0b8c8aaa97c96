"""Rows as cities have them: of a real register where one lies beside the checkout, made as untidy everywhere."""

import csv
import itertools
import json
import random
import re
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

import pytest
import pytest_asyncio
from stdnum.cn import uscc as credit_code

from benchmarks.make_register import HEADER
from deploy.local.importing import ImportSummary, import_enterprises
from deploy.local.reconciling import reconcile_enterprises
from shared.identifiers import compose_uscc, organisation_body
from tests.registration.builders import IMPORTER, OFFICER, distinctive
from tests.registration.changing import altered
from tests.support.identities import still_good
from tests.support.service import ServiceUnderTest

ENTERPRISES = "/registration/v1/enterprises"
NAME_CHECK = "/registration/v1/names/check"
REAL_FILE: Final = Path(__file__).parents[3] / "shared" / "data" / "enterprises-yuncheng.csv"
SOURCES = ["made", "real"] if REAL_FILE.is_file() else ["made"]
ROWS: Final = 300
EVERY: Final = 6
"""Of those that are asked for one by one, so many are passed over to each that is."""
FRESH_NAMES: Final = 40
QUIET_SHARE: Final = 0.95
"""Of names with a distinctive part that nobody has, at least so many are free without a registrar's look."""

_NAME, _CODE, _DATE, _KIND, _CAPITAL, _SCOPE, _PROVINCE, _AREA, _ADDRESS = range(9)
_FORMS: Final = ("有限责任公司", "有限公司")


@dataclass(frozen=True)
class OldRegister:
    """A file of an old register, and what came of its import."""

    file: Path
    rows: list[list[str]]
    imported: ImportSummary
    refused: dict[int, list[str]]

    @property
    def sound(self) -> list[list[str]]:
        """Rows that were not refused, one of each code."""
        kept = (row for line, row in enumerate(self.rows, start=2) if line not in self.refused)
        return list({row[_CODE]: row for row in kept}.values())


@pytest_asyncio.fixture(scope="module", loop_scope="session", params=SOURCES)
async def old_register(
    request: pytest.FixtureRequest, base_url: str, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[OldRegister]:
    """The rows, imported."""
    rows = list(_real_rows() if request.param == "real" else _made_rows())
    file = tmp_path_factory.mktemp("old-register") / f"{request.param}.csv"
    with file.open("w", encoding="utf-8", newline="") as written:
        csv.writer(written).writerows([HEADER, *rows])
    report = file.with_suffix(".ndjson")
    summary = await import_enterprises(file, base_url, _importer, report, progress=False)
    yield OldRegister(file, rows, summary, _refusals(report))


async def test_every_row_is_imported_or_refused_with_a_reason(
    old_register: OldRegister, registration: ServiceUnderTest
) -> None:
    expected = _lines_to_refuse(old_register.rows)

    held = await registration.rows("SELECT uscc, name, established_on FROM enterprise")

    done = old_register.imported
    assert done.rows == ROWS == done.imported + done.unchanged + done.refused
    assert old_register.refused.keys() == expected
    assert all(old_register.refused.values())
    assert done.imported == len(old_register.sound) > 0.9 * ROWS
    entered = {row["uscc"]: (row["name"], row["established_on"]) for row in held}
    for row in old_register.sound:
        assert entered[row[_CODE]] == (row[_NAME], _day(row[_DATE]))


async def test_again_it_changes_nothing(old_register: OldRegister, base_url: str, tmp_path: Path) -> None:
    report = tmp_path / "again.ndjson"

    again = await import_enterprises(old_register.file, base_url, _importer, report, progress=False)

    assert (again.imported, again.refused) == (0, old_register.imported.refused)
    assert again.unchanged == ROWS - again.refused
    assert _refusals(report).keys() == old_register.refused.keys()


async def test_a_reconciliation_with_the_same_file_finds_nothing_that_differs(
    old_register: OldRegister, base_url: str, tmp_path: Path
) -> None:
    report = tmp_path / "differences.ndjson"
    codes = {row[_CODE] for row in old_register.sound}

    told = await reconcile_enterprises(old_register.file, base_url, _importer, None, report, progress=False)

    listed = [json.loads(line) for line in report.read_text(encoding="utf-8").splitlines()]
    assert (told.same, told.differing_fields, told.only_there) == (len(codes), 0, 0)
    assert told.unreadable == len(old_register.refused)
    assert not codes & {entry["uscc"] for entry in listed if entry["kind"] == "only_here"}


async def test_a_part_of_its_name_finds_each(
    old_register: OldRegister, registration: ServiceUnderTest
) -> None:
    missed = []
    for row in old_register.sound[::EVERY]:
        name = row[_NAME]
        part = name[2 : max(len(name) - 2, 4)]
        answer = await registration.get(ENTERPRISES, q=part, limit=200)
        assert answer.status_code == 200, (part, answer.text)
        if row[_CODE] not in {entry["uscc"] for entry in answer.json()["entries"]}:
            missed.append((name, part))

    assert missed == []


async def test_the_names_of_the_register_are_taken_under_another_form_too(
    old_register: OldRegister, registration: ServiceUnderTest
) -> None:
    names = [row[_NAME] for row in old_register.sound[::EVERY]]
    of_yongji = [row[_NAME] for row in old_register.sound if row[_CODE][2:8] in {"140881", "142702"}]
    companies = [name.removesuffix(_FORMS[1]) for name in of_yongji if name.endswith(_FORMS[1])]

    same = {name: (await _check(registration, name))["conflicts"] for name in names}
    alike = {name: (await _check(registration, name + _FORMS[0]))["conflicts"] for name in companies[::EVERY]}

    assert [name for name, conflicts in same.items() if "same" not in conflicts] == []
    assert len(alike) > 1
    assert [name for name, conflicts in alike.items() if not {"same", "alike"} & set(conflicts)] == []


async def test_names_that_nobody_has_pass_quietly(
    old_register: OldRegister, registration: ServiceUnderTest
) -> None:
    trades = itertools.cycle(("餐饮", "商贸", "建材", "物流", "果蔬"))
    fresh = [f"永济市{distinctive()[:3]}{next(trades)}有限公司" for _ in range(FRESH_NAMES)]

    answered = [await _check(registration, name) for name in fresh]

    quiet = [told for told in answered if told["available"] and not told["needs_review"]]
    assert len(quiet) >= QUIET_SHARE * FRESH_NAMES


async def test_capital_is_the_amount_that_it_says_or_kept_as_stated(
    old_register: OldRegister, registration: ServiceUnderTest
) -> None:
    expected = {row[_CODE]: _capital(row[_CAPITAL]) for row in old_register.sound}

    rows = await registration.rows(
        "SELECT uscc, registered_capital_fen, capital_currency, capital_stated FROM enterprise"
    )

    told = {row["uscc"]: tuple(row.values())[1:] for row in rows if row["uscc"] in expected}
    assert told == expected
    assert sum(fen is not None for fen, _, _ in expected.values()) > ROWS / 4


async def test_an_imported_one_has_no_licence_of_ours_and_is_followed_from_its_first_line(
    old_register: OldRegister, registration: ServiceUnderTest
) -> None:
    code = old_register.sound[-1][_CODE]
    before = await _changes(registration)

    licence = await registration.get(f"{ENTERPRISES}/{code}/licence", OFFICER)
    await altered(registration, code, term_until=date(2046, 12, 31))
    after = await _changes(registration, before[-1]["position"])

    assert (licence.status_code, licence.json()["type"]) == (404, "/problems/licence-not-found")
    taken_over = [change["uscc"] for change in before if change["act"] == "taken_over"]
    assert {row[_CODE] for row in old_register.sound} <= set(taken_over)
    assert len(taken_over) == len(set(taken_over))
    [change] = after
    assert (change["uscc"], change["act"], change["changed"]) == (code, "altered", ["term_until"])
    assert change["enterprise"]["term_until"] == "2046-12-31"


async def _importer() -> str:
    return still_good(IMPORTER)


async def _check(registration: ServiceUnderTest, name: str) -> dict[str, Any]:
    answer = await registration.get(NAME_CHECK, name=name)
    assert answer.status_code == 200, (name, answer.text)
    told: dict[str, Any] = answer.json()
    return told


async def _changes(registration: ServiceUnderTest, after: int = 0) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    while True:
        answer = await registration.get("/registration/v1/changes", OFFICER, after=after, limit=500)
        told = answer.json()
        found += told["entries"]
        after = told["position"]
        if not told["has_more"]:
            return found


def _refusals(report: Path) -> dict[int, list[str]]:
    entries = [json.loads(line) for line in report.read_text(encoding="utf-8").splitlines()]
    return {
        entry["line"]: [reason["code"] for reason in entry["reasons"]]
        for entry in entries
        if entry["outcome"] == "refused"
    }


def _lines_to_refuse(rows: list[list[str]]) -> set[int]:
    """Told apart by another reader of codes than the service's own."""
    refused: set[int] = set()
    before: dict[str, list[str]] = {}
    for line, row in enumerate(rows, start=2):
        is_sound = credit_code.is_valid(row[_CODE]) and (row[_DATE] == "N/A" or _day(row[_DATE]) is not None)
        if not is_sound or before.setdefault(row[_CODE], row) != row:
            refused.add(line)
    return refused


def _day(written: str) -> date | None:
    return date.fromisoformat(written) if re.fullmatch(r"\d{4}-\d\d-\d\d", written) else None


def _capital(written: str) -> tuple[int | None, str | None, str | None]:
    """In fen, its currency, as stated: every amount of these registers is in tens of thousands."""
    if written == "N/A":
        return None, None, None
    if "美元" in written:
        return None, "USD", written
    number = re.match(r"[\d,.]+", written)
    if number is None:
        return None, None, written
    return int(Decimal(number.group().replace(",", "")) * 1_000_000), "CNY", written


def _real_rows() -> list[list[str]]:
    """From all over the file: its first rows are the oldest enterprises, stated in one way."""
    with REAL_FILE.open(encoding="utf-8-sig", newline="") as file:
        rows = [[row[column].strip() for column in HEADER] for row in csv.DictReader(file)]
    step = max(len(rows) // ROWS, 1)
    return rows[::step][:ROWS]


def _made_rows() -> Iterator[list[str]]:
    """Sound rows in all the ways of writing them, and at known places what a register should not have."""
    chance = random.Random(5)
    rows: list[list[str]] = []
    for number in range(ROWS):
        row = _made_row(number, chance)
        match number:
            case 40:
                row[_CODE] = row[_CODE][:-1] + ("0" if row[_CODE][-1] != "0" else "1")
            case 80:
                row[_CODE] = "140881100001234"
            case 120:
                row[_CODE] = "N/A"
            case 160:
                row = [*rows[7]]
            case 200:
                row = [*rows[8][:_ADDRESS], "永济市城北街道"]
            case 240:
                row[_DATE] = "不详"
            case _:
                pass
        rows.append(row)
        yield row


def _made_row(number: int, chance: random.Random) -> list[str]:
    # 142702 is what 永济市 was before it became 140881.
    division, town = chance.choice(
        [("140881", "永济市"), ("142702", "永济市"), ("140882", "河津市"), ("140800", "运城市")]
    )
    form = chance.choice(["有限公司", "有限公司", "经销部", "供销合作社日杂门市部", "（普通合伙）"])
    capital = chance.choice(
        ["N/A", "{}(万元)", "{}(万)", "1,{:03}(万)", "{}万人民币", "{}.5万人民币元", "{}(万美元)", "若干"]
    )
    return [
        f"{chance.choice(['山西省', ''])}{town}{distinctive()[:3]}{chance.choice(['商贸', '建材', '农机'])}{form}",
        compose_uscc(
            authority="9",
            body_type="1",
            division_code=division,
            organisation_body=organisation_body("MC", number),
        ),
        "N/A" if number % 50 == 3 else f"19{chance.randint(80, 99)}-0{chance.randint(1, 9)}-17",
        chance.choice(["N/A", "集体分支机构(非法人)", "有限责任公司 国有企业", "普通合伙", "个体工商户"]),
        capital.format(chance.randint(1, 999)),
        chance.choice(["零售：化肥、农膜、农药器械（国家有专项规定的除外）", "住宿服务；餐饮服务*", "N/A"]),
        "山西",
        "运城",
        f"{chance.choice(['', '山西省运城市'])}{town}城西街道 河东大道{chance.randint(1, 99)}号（大禹西街）",
    ]
