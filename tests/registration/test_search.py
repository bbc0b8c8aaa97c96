"""Search of the register: whatever is combined, in one order, page after page; by person only for those who may."""

from collections.abc import AsyncIterator, Callable
from datetime import date
from typing import Any

import pytest
import pytest_asyncio
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy.ext.asyncio import AsyncSession

from services.registration.domain.kinds import EnterpriseState
from services.registration.domain.names import name_key
from services.registration.store.search import Reach, SearchStore, sort_key
from services.registration.store.search_filters import Search
from shared.security.office import Office
from tests.registration.builders import (
    ANN,
    BOB,
    IMPORTER,
    OFFICER,
    REGISTRAR,
    TAX,
    TAX_CLIENT,
    id_number,
    person,
    row,
    uscc,
)
from tests.registration.changing import altered, registered
from tests.support.identities import officer_token
from tests.support.service import ServiceUnderTest
from tests.support.waiting import eventually

ENTERPRISES = "/registration/v1/enterprises"
BY_PERSON = f"{ENTERPRISES}/by-person"
ACCESS = "cn.tongban.registration.access.recorded.v1"
HOTEL = {"scope": "住宿服务；餐饮服务", "address": "永济市城东街道涑水街（北）8号"}


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def register(registration: ServiceUnderTest) -> AsyncIterator[ServiceUnderTest]:
    """Forty enterprises of an old register, of which ten are hotels at one address."""
    rows = [row(n, name=f"永济市舜帝{n:02}号餐饮有限公司") for n in range(500, 529)]
    rows += [row(529, name="舜帝餐饮有限公司")]
    rows += [
        row(n, name=f"永济市鹳雀楼{n}宾馆", date=f"2021-03-{n - 529:02}", **HOTEL) for n in range(530, 540)
    ]
    body = {"file_name": "old.csv", "sha256": "5e" * 32, "total_lines": len(rows) + 1}
    started = (await registration.post("/registration/v1/imports", body, IMPORTER)).json()
    path = f"/registration/v1/imports/{started['id']}/batches"
    told = await registration.post(path, {"first_line": 2, "rows": rows}, IMPORTER)
    assert told.json()["imported"] == 40
    await altered(registration, uscc(531), state=EnterpriseState.REVOKED)
    yield registration


async def found(register: ServiceUnderTest, **filters: Any) -> list[str]:
    """Serials of what is found, over all pages."""
    serials: list[str] = []
    cursor: dict[str, str] = {}
    while True:
        answer = await register.get(ENTERPRISES, limit=7, **filters, **cursor)
        assert answer.status_code == 200, answer.text
        page = answer.json()
        serials += [entry["uscc"] for entry in page["entries"]]
        if page["next_cursor"] is None:
            return serials
        cursor = {"cursor": page["next_cursor"]}


@pytest.mark.parametrize(
    ("filters", "serials"),
    [
        ({"q": "鹳雀楼"}, range(530, 540)),
        ({"q": "雀楼 宾馆"}, range(530, 540)),
        ({"q": "永济市鹳雀楼", "state": "revoked"}, [531]),
        ({"q": "雀楼533"}, [533]),
        ({"q": "楼鹳"}, []),
        ({"scope": "住宿服务"}, range(530, 540)),
        (
            {"scope": "住宿 餐饮", "established_from": "2021-03-04", "established_to": "2021-03-06"},
            [533, 534, 535],
        ),
        ({"domicile": "涑水街北8号"}, range(530, 540)),
        ({"domicile_of": uscc(530), "state": "active"}, [530, *range(532, 540)]),
        ({"code": uscc(534)[:16]}, [534]),
        ({"name": "永济市鹳雀楼53", "kind": "limited_company"}, range(530, 540)),
        ({"q": "鹳雀楼", "kind": "branch"}, []),
        ({"q": "鹳雀楼", "division": "140800"}, range(530, 540)),
        ({"q": "鹳雀楼", "division": "140882"}, []),
        ({"q": "鹳雀楼", "industry": "H62"}, []),
        ({"domicile_of": uscc(999)}, []),
    ],
)
async def test_what_fits_is_found_once_each_in_the_order_of_names(
    register: ServiceUnderTest, filters: dict[str, Any], serials: Any
) -> None:
    wanted = [uscc(serial) for serial in serials]

    answered = await found(register, **filters)

    assert answered == wanted


async def test_names_that_begin_with_what_is_looked_for_come_first(register: ServiceUnderTest) -> None:
    begins = await registered(register, name__distinctive="帝舜")

    answered = await found(register, q="永济市帝舜")
    all_over = await found(register, q="舜帝")

    assert answered == [begins["uscc"]]
    assert all_over == [uscc(529), *map(uscc, range(500, 529))]


@pytest.mark.parametrize(
    "reach",
    [
        pytest.param(Reach(window=2, dense=1, stretch=9_999, most=1), id="passing names"),
        pytest.param(Reach(window=2, dense=3, stretch=1, most=9_999), id="collecting few"),
        pytest.param(Reach(window=2, dense=3, stretch=9_999, most=2), id="many after all"),
        pytest.param(Reach(window=2, dense=1, stretch=3, most=2), id="to the last name"),
        pytest.param(Reach(), id="seen at first look"),
    ],
)
async def test_every_way_to_look_gives_the_same_pages(register: ServiceUnderTest, reach: Reach) -> None:
    everyone = await register.rows("SELECT * FROM enterprise ORDER BY name_key, uscc")
    questions: tuple[tuple[Search, Callable[[Any], bool]], ...] = (
        (Search(words=("舜帝",)), lambda one: "舜帝" in one["name_key"]),
        (Search(words=("永济市鹳雀",)), lambda one: "永济市鹳雀" in one["name_key"]),
        (Search(words=("永济市", "宾馆")), lambda one: "宾馆" in one["name_key"]),
        (Search(words=("舜帝", "餐饮"), division="140881"), lambda one: "舜帝" in one["name_key"]),
        (Search(words=("宾馆",), scope=("住宿",)), lambda one: "宾馆" in one["name_key"]),
        (Search(words=("楼5",), state=EnterpriseState.REVOKED), lambda one: one["uscc"] == uscc(531)),
        (Search(words=("楼鹳",)), lambda _: False),
    )

    answered = [await all_pages(register, wanted, reach) for wanted, _ in questions]

    for (wanted, fits), told in zip(questions, answered, strict=True):
        fitting = [one for one in everyone if fits(one)]
        fitting.sort(key=lambda one: not one["name_key"].startswith(wanted.words[0]))
        assert told == [one["uscc"] for one in fitting]


async def all_pages(register: ServiceUnderTest, wanted: Search, reach: Reach) -> list[str]:
    """Codes of what is found, by one way of looking."""
    told: list[str] = []
    after = None
    async with AsyncSession(register.engine) as session:
        while page := await SearchStore(session, reach).search(wanted, after, 4):
            told += [one.uscc for one in page]
            after = sort_key(page[-1], wanted)
    return told


async def test_all_together_are_passed_in_pages_without_one_missing(register: ServiceUnderTest) -> None:
    everyone = await register.rows("SELECT uscc FROM enterprise ORDER BY name_key, uscc")

    answered = await found(register)

    assert answered == [one["uscc"] for one in everyone]


async def test_industry_and_town_narrow_down_what_was_filed_here(register: ServiceUnderTest) -> None:
    filed = await registered(register)

    answered = await found(register, industry="H62", division="140881001")

    assert filed["uscc"] in answered
    assert not set(answered) & {uscc(serial) for serial in range(500, 540)}


@pytest.mark.parametrize(
    "filters",
    [
        {"q": "楼"},
        {"q": "（）"},
        {"scope": "a"},
        {"q": "一二 三四 五六 七八 九十 百千"},
        {"code": "9!"},
        {"industry": "62"},
    ],
)
async def test_what_no_index_could_answer_is_refused(
    register: ServiceUnderTest, filters: dict[str, Any]
) -> None:
    answer = await register.get(ENTERPRISES, **filters)

    assert (answer.status_code, answer.json()["type"]) == (400, "/problems/invalid-input")


async def test_a_search_that_takes_too_long_is_refused_with_what_would_help(
    register: ServiceUnderTest,
) -> None:
    await register.rows_changed("ALTER TABLE enterprise RENAME TO enterprise_kept")
    await register.rows_changed(
        "CREATE VIEW enterprise AS SELECT e.* FROM enterprise_kept e WHERE (SELECT pg_sleep(9)) IS NOT NULL"
    )
    try:
        answer = await register.get(ENTERPRISES, q="鹳雀楼")
    finally:
        await register.rows_changed("DROP VIEW enterprise")
        await register.rows_changed("ALTER TABLE enterprise_kept RENAME TO enterprise")

    assert (answer.status_code, answer.json()["type"]) == (400, "/problems/search-too-broad")


@settings(max_examples=60)
@given(st.text("永济市渡口餐饮有限公司abZ09ＡＢｃ１（）()·・.,，。 　-—_“”‘’'\"", min_size=1, max_size=30))
async def test_the_database_makes_names_comparable_as_the_rules_do(
    register: ServiceUnderTest, written: str
) -> None:
    key = name_key(written)

    [told] = await register.rows("SELECT text_key(:t) AS key, text_pairs(text_key(:t)) AS pairs", t=written)

    assert told["key"] == key
    assert {*told["pairs"]} == {key[at : at + 2] for at in range(len(key) - 1)}


async def test_the_registrar_finds_a_person_s_enterprises_and_it_is_recorded(
    register: ServiceUnderTest,
) -> None:
    number = id_number(77)
    made = await registered(register, people=[person("legal_representative", "shareholder", serial=77)])
    elsewhere = officer_token("oz", REGISTRAR, "registration.enterprise.read", office=Office("140882"))

    told = await register.post(BY_PERSON, {"id_number": number, "name": "张三丰"}, OFFICER)
    nobody = await register.post(BY_PERSON, {"id_number": id_number(78)}, OFFICER)
    outside = await register.post(BY_PERSON, {"id_number": number}, elsewhere)

    [one] = told.json()["entries"]
    assert (one["enterprise"]["uscc"], one["roles"]) == (
        made["uscc"],
        ["legal_representative", "shareholder"],
    )
    assert (nobody.json()["entries"], outside.json()["entries"]) == ([], [])
    records = [
        each["data"]
        for each in await register.events(ACCESS)
        if each["data"]["record_key"].startswith("person:")
    ]
    assert [record["result"] for record in records[-3:]] == ["allowed"] * 3
    assert records[-3]["fields"] == ["people.id_number", "people.name"]
    assert number not in str(records)
    assert "张三丰" not in str(records)


async def test_an_agency_finds_people_under_a_grant_on_what_it_looks_by_only(
    register: ServiceUnderTest,
) -> None:
    made = await registered(register, people=[person("legal_representative", "shareholder", serial=79)])
    grant = {
        "grant_id": "grant-by-person",
        "agency_uscc": TAX,
        "resource": "registration.enterprise",
        "fields": ["people.id_number"],
        "purpose": "tracing",
        "region_code": "140881",
        "valid_until": "2099-01-01T00:00:00+00:00",
    }
    await register.hear("cn.tongban.gateway.grant.issued.v1", "grant-by-person", grant)
    await eventually(lambda: register.rows("SELECT 1 FROM data_grant WHERE grant_id = 'grant-by-person'"))
    path = f"{BY_PERSON}?purpose=tracing"

    granted = await register.post(path, {"id_number": id_number(79)}, TAX_CLIENT)
    by_name = await register.post(path, {"name": "张三丰"}, TAX_CLIENT)
    without = await register.post(BY_PERSON, {"id_number": id_number(79)}, TAX_CLIENT)
    persons = [await register.post(path, {"id_number": id_number(79)}, token) for token in (ANN, BOB)]

    assert [one["enterprise"]["uscc"] for one in granted.json()["entries"]] == [made["uscc"]]
    assert (by_name.status_code, by_name.json()["missing"]) == (403, "fields")
    assert (without.status_code, without.json()["missing"]) == (403, "purpose")
    assert [answer.status_code for answer in persons] == [403, 403]
    assert (await register.post(BY_PERSON, {}, OFFICER)).status_code == 400


async def test_two_enterprises_may_share_an_address(register: ServiceUnderTest) -> None:
    street = f"蒲州老城{date(2026, 1, 5):%d}号院"
    one = await registered(register, domicile__street=street)
    other = await registered(register, domicile__street=street)

    answered = await found(register, domicile_of=one["uscc"])

    assert sorted(answered) == sorted([one["uscc"], other["uscc"]])
    assert other["status"] == "approved"
