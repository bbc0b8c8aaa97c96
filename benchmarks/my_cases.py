"""Where one's cases stand, among 10,000 open matters: the list, one case and the page, beside SQL and 50 ms."""

import random
import re
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any, Final
from uuid import UUID

import asyncpg
import httpx

from benchmarks.bench import Bench
from benchmarks.figures import Figures, Row, median_ratio
from deploy.local.blueprint import cluster_of
from deploy.local.refusals import Refused
from shared.identifiers import CaseNumberParts, compose_case_number

NAME: Final = "my_cases"
MATTERS: Final = 10_000
PARTS: Final = 5
ENTRIES: Final = 10
PER_PERSON: Final = 5
OF_VISITOR: Final = 20
MOST_MS: Final = 50.0
ASKED: Final = 200
VISITOR: Final = "zhangsan"
PREFIX: Final = "benchmark-"
SCOPE: Final = "matters.matter.read"
# What the list comes down to: one's matters and their parts, by the same indexes.
SQL: Final = """
    WITH own AS (SELECT * FROM progress_case WHERE applicant = $1 ORDER BY opened_at DESC, case_id DESC LIMIT 51)
    SELECT * FROM own UNION ALL SELECT * FROM progress_case WHERE matter_id IN (SELECT case_id FROM own)
"""
_TASKS: Final = ("seal", "invoice", "social_insurance", "housing_fund", "bank_account")
_BEGUN: Final = datetime(2026, 1, 5, 1, 0, tzinfo=UTC)
_FORM_TOKEN: Final = re.compile(r'name="form_token" value="([^"]+)"')

Ask = Callable[[int], Awaitable[httpx.Response]]


async def measure(bench: Bench) -> list[Row]:
    """Raises: Refused where an answer fails or shows nothing."""
    connection = await asyncpg.connect(cluster_of(bench.around).url("gateway"))
    try:
        subject = await connection.fetchval(
            "SELECT subject FROM identity_account WHERE username = $1", VISITOR
        )
        people = [f"{PREFIX}{number:05}" for number in range(MATTERS // PER_PERSON)]
        async with _filled(bench, connection, [*people, subject]) as case_numbers, _visitor(bench) as visitor:
            sides: tuple[tuple[str, Ask], ...] = (
                ("the list of one's cases", lambda n: _get(visitor, bench, people[n], "/matters/v1/mine")),
                (
                    "one case with its history",
                    lambda n: _get(
                        visitor, bench, people[n], f"/matters/v1/progress/{case_numbers[people[n]]}"
                    ),
                ),
                (f"the page, {OF_VISITOR} matters on it", lambda _: visitor.get("/my/cases")),
            )
            rows: list[Row] = []
            for what, ask in sides:
                ours, peer = await bench.in_turns(
                    f"{NAME}: {what}", partial(_asked, ask), partial(_sql, connection, people)
                )
                rows += _rows(what, ours, peer)
            return rows
    finally:
        await connection.close()


async def _get(http: httpx.AsyncClient, bench: Bench, person: str, path: str) -> httpx.Response:
    return await http.get(path, headers={"Authorization": f"Bearer {bench.token(person, SCOPE)}"})


async def _asked(ask: Ask) -> Figures:
    chance, took = random.Random(1), []
    for _ in range(ASKED):
        number = chance.randrange(MATTERS // PER_PERSON)
        started = time.perf_counter()
        answer = await ask(number)
        took.append(time.perf_counter() - started)
        if answer.status_code != httpx.codes.OK or not _shows_a_case(answer.text):
            raise Refused(f"{answer.request.url.path}: {answer.status_code}, or nothing shown")
    return Figures.of_durations("the gateway", took)


def _shows_a_case(text: str) -> bool:
    return "YJS-140881-" in text


async def _sql(connection: "asyncpg.Connection", people: list[str]) -> Figures:
    chance, took = random.Random(1), []
    for _ in range(ASKED):
        started = time.perf_counter()
        await connection.fetch(SQL, chance.choice(people))
        took.append(time.perf_counter() - started)
    return Figures.of_durations("PostgreSQL", took)


def _rows(what: str, ours: Figures, peer: Figures) -> list[Row]:
    case = f"{MATTERS:,} open matters, {what}"
    limit = Figures(who="limit", count=0, per_second=None, p50_ms=None, p99_ms=MOST_MS)
    return [
        Row(
            benchmark=NAME,
            case=f"{case}, beside SQL",
            explanation="the whole answer through the gateway, beside the select of matters and parts alone",
            ours=ours,
            peer=peer,
            ratio=median_ratio(ours, peer),
            ratio_of="median",
            higher_is_better=False,
            notes=(f"{MATTERS * (PARTS + 1):,} cases, {MATTERS * ENTRIES:,} entries of history",),
        ),
        Row(
            benchmark=NAME,
            case=f"{case}, beside the limit",
            explanation=f"the 99th of 100 of {ASKED} answers, one after the other",
            ours=ours,
            peer=limit,
            ratio=(ours.p99_ms or MOST_MS) / MOST_MS,
            ratio_of="p99",
            higher_is_better=False,
        ),
    ]


@asynccontextmanager
async def _visitor(bench: Bench) -> AsyncIterator[httpx.AsyncClient]:
    """A browser in which the visitor is signed in; tokens go along where a call brings one."""
    async with httpx.AsyncClient(base_url=bench.around.public_url, timeout=15) as browser:
        login = await browser.get("/login", params={"then": "cases"})
        found = _FORM_TOKEN.search(login.text)
        form = {
            "form_token": found[1] if found else "",
            "then": "cases",
            "username": VISITOR,
            "password": bench.around.secrets.accounts[VISITOR],
        }
        answer = await browser.post("/login", data=form)
        if answer.status_code != httpx.codes.SEE_OTHER:
            raise Refused(f"the visitor could not sign in: {answer.status_code}")
        yield browser


@asynccontextmanager
async def _filled(
    bench: Bench, connection: "asyncpg.Connection", people: list[str]
) -> AsyncIterator[dict[str, str]]:
    """The read model with made-up matters, which are taken out again; yields a case number of each person."""
    bench.advance(f"{NAME}: making {MATTERS:,} matters")
    cases, entries, numbers = _made(people)
    for table, records in (("progress_case", cases), ("progress_entry", entries)):
        columns = tuple(records[0])
        await connection.copy_records_to_table(
            table, records=[tuple(each.values()) for each in records], columns=columns
        )
        await connection.execute(f"ANALYZE {table}")
    try:
        yield numbers
    finally:
        for table in ("progress_case", "progress_entry"):
            await connection.execute(f"DELETE FROM {table} WHERE starts_with(case_id, $1)", PREFIX)  # noqa: S608


def _made(people: list[str]) -> tuple[list[dict[str, Any]], list[dict[str, Any]], dict[str, str]]:
    chance = random.Random(1)
    cases: list[dict[str, Any]] = []
    entries: list[dict[str, Any]] = []
    numbers: dict[str, str] = {}
    owners = [*(person for person in people[:-1] for _ in range(PER_PERSON)), *[people[-1]] * OF_VISITOR]
    for serial, person in enumerate(owners, start=1):
        matter_id, at = f"{PREFIX}{serial:06}", _BEGUN + timedelta(minutes=chance.randrange(400_000))
        numbers[person] = compose_case_number(CaseNumberParts("YJS", "140881", at.date(), serial))
        own = {"case_no": numbers[person], "applicant": person, "matter_id": None}
        part = {"case_no": None, "applicant": None, "matter_id": matter_id}
        cases.append(_case(matter_id, "matter", "open_restaurant", at) | own)
        cases += [_case(f"{matter_id}-{key}", "task", key, at) | part for key in _TASKS]
        entries += [_entry(matter_id, serial * ENTRIES + number, at, number) for number in range(ENTRIES)]
    return cases, entries, numbers


def _case(case_id: str, kind: str, about: str, at: datetime) -> dict[str, Any]:
    return {
        "service": "gateway",
        "case_id": case_id,
        "kind": kind,
        "state": "in_progress",
        "own_state": "in_progress" if kind == "matter" else "taken",
        "about": about,
        "due_at": at + timedelta(days=3),
        "opened_at": at,
        "updated_at": at,
        "version": 2,
    }


def _entry(case_id: str, number: int, at: datetime, sequence: int) -> dict[str, Any]:
    return {
        "service": "gateway",
        "case_id": case_id,
        "event_id": UUID(int=number),
        "what": "gateway.matter.step_completed" if sequence else "gateway.matter.opened",
        "at": at + timedelta(minutes=sequence),
        "sequence": sequence + 1,
    }
