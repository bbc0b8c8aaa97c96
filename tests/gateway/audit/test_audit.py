"""Who read what: chained from all publishers, shown to whom it concerns, kept as it was."""

import asyncio
import sys
from typing import Any

import pytest
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import create_async_engine

from gateway.audit.domain.entry import Broken, Head
from gateway.audit.verify import verify_chain
from shared.messaging.topology import PUBLISHERS
from tests.support.identities import agency_token, officer_token, person_token
from tests.support.service import ServiceUnderTest
from tests.support.waiting import eventually

TAX = "11140881MB9Y000405"
DATA_BUREAU = "11140881MB9Y00155B"
AUDITOR = agency_token("data_bureau", DATA_BUREAU, "audit.record.read")
OPERATOR = "ALTER TABLE audit_entry DISABLE TRIGGER audit_entry_stays"
BACK = "ALTER TABLE audit_entry ENABLE TRIGGER audit_entry_stays"


def an_access(key: str, **changed: Any) -> dict[str, Any]:
    return {
        "reader": "client:tax",
        "client_id": "tax",
        "agency_uscc": TAX,
        "resource": "registration.enterprise",
        "record_key": key,
        "owner_subject": "p-ann",
        "fields": ["contact_phone", "legal_representative_name"],
        "purpose": "tax_registration",
        "matter_id": "m-1",
        "grant_id": "g-1",
        "result": "allowed",
        "at": "2026-03-02T01:30:00Z",
        "added_later": "ignored",
    } | changed


async def heard(gateway: ServiceUnderTest, publisher: str, key: str, **changed: Any) -> None:
    await gateway.hear(f"cn.tongban.{publisher}.access.recorded.v1", key, an_access(key, **changed))


async def chained(gateway: ServiceUnderTest, where: str, count: int) -> list[dict[str, Any]]:
    async def all_there() -> list[dict[str, Any]]:
        rows = await gateway.rows(f"SELECT * FROM audit_entry WHERE {where} ORDER BY number")  # noqa: S608 - ours
        assert len(rows) == count, f"{len(rows)} of {count}"
        return rows

    return await eventually(all_there, within=45)


async def verified(gateway: ServiceUnderTest, noted: Head | None = None) -> tuple[Head, Broken | None]:
    engine = create_async_engine(gateway.settings.database_url.get_secret_value())
    try:
        async with engine.connect() as connection:
            return await verify_chain(connection, noted)
    finally:
        await engine.dispose()


async def test_readings_of_all_publishers_stand_in_one_chain_without_a_fork(
    gateway: ServiceUnderTest,
) -> None:
    await asyncio.gather(
        *(heard(gateway, publisher, f"fork-{n}") for publisher in PUBLISHERS for n in range(12))
    )

    rows = await chained(gateway, "record_key LIKE 'fork-%'", 12 * len(PUBLISHERS))
    everything = await gateway.rows("SELECT number, prev_hash, hash FROM audit_entry ORDER BY number")
    assert {row["source"] for row in rows} == {f"/140881/{publisher}" for publisher in PUBLISHERS}
    assert [row["number"] for row in everything] == list(range(1, len(everything) + 1))
    assert [row["prev_hash"] for row in everything[1:]] == [row["hash"] for row in everything[:-1]]
    assert (await verified(gateway))[1] is None


async def test_people_see_who_read_their_data_and_nothing_else(gateway: ServiceUnderTest) -> None:
    await heard(gateway, "registration", "mine-1", owner_subject="p-bea")
    await heard(gateway, "licensing", "mine-2", owner_subject="p-bea", result="denied")
    await heard(gateway, "registration", "theirs", owner_subject="p-cem")
    await heard(gateway, "registration", "nobodys", owner_subject=None)
    await chained(gateway, "record_key IN ('mine-1', 'mine-2', 'theirs', 'nobodys')", 4)

    answer = await gateway.get("/audit/v1/mine", person_token("p-bea", "audit.record.read"))

    assert answer.status_code == 200, answer.text
    assert answer.headers["cache-control"] == "no-store"
    entries = {entry["record_key"]: entry for entry in answer.json()["entries"]}
    assert set(entries) == {"mine-1", "mine-2"}
    assert entries["mine-1"] | {"number": 0} == {
        "number": 0,
        "action": "read",
        "what_zh": "查询信息",
        "what_en": "data were read",
        "reader": "client:tax",
        "agency_uscc": TAX,
        "agency_name_zh": "国家税务总局永济市税务局",
        "agency_name_en": "Taxation Bureau of Yongji",
        "resource": "registration.enterprise",
        "record_key": "mine-1",
        "fields": ["contact_phone", "legal_representative_name"],
        "purpose": "tax_registration",
        "purpose_zh": "税务登记",
        "purpose_en": "Taxpayer registration",
        "matter_id": "m-1",
        "result": "allowed",
        "read_at": "2026-03-02T01:30:00Z",
    }
    assert entries["mine-2"]["result"] == "denied"


async def test_somebody_whose_data_nobody_read_sees_an_empty_list(gateway: ServiceUnderTest) -> None:
    answer = await gateway.get("/audit/v1/mine", person_token("p-nobody", "audit.record.read"))

    assert answer.json() == {"entries": [], "next_cursor": None}


@pytest.mark.parametrize(
    "token",
    [
        person_token("p-bea", "audit.record.read"),
        agency_token("tax", TAX, "audit.record.read"),
        officer_token("o-1", TAX, "audit.record.read"),
    ],
    ids=["person", "agency", "officer"],
)
async def test_only_the_data_bureau_audits(gateway: ServiceUnderTest, token: str) -> None:
    answer = await gateway.get("/audit/v1/records", token)

    assert answer.status_code == 403
    assert answer.json()["type"] == "/problems/auditors-only"


async def test_the_auditor_pages_and_narrows_and_is_recorded_too(gateway: ServiceUnderTest) -> None:
    for n in range(3):
        await heard(gateway, "credit", f"page-{n}", resource="credit.paged", at=f"2026-04-0{n + 1}T00:00:00Z")
    await chained(gateway, "resource = 'credit.paged'", 3)

    first = await gateway.get("/audit/v1/records", AUDITOR, resource="credit.paged", limit=2)
    second = await gateway.get(
        "/audit/v1/records", AUDITOR, resource="credit.paged", limit=2, cursor=first.json()["next_cursor"]
    )
    dated = await gateway.get(
        "/audit/v1/records",
        AUDITOR,
        resource="credit.paged",
        agency=TAX,
        read_from="2026-04-02T00:00:00Z",
        read_before="2026-04-03T00:00:00Z",
    )
    foreign = await gateway.get("/audit/v1/records", AUDITOR, resource="credit.paged", agency=DATA_BUREAU)

    shown = [e["record_key"] for page in (first, second) for e in page.json()["entries"]]
    assert shown == ["page-2", "page-1", "page-0"]
    assert [e["record_key"] for e in dated.json()["entries"]] == ["page-1"]
    assert foreign.json()["entries"] == []
    looks = await chained(gateway, "resource = 'gateway.audit_entry' AND record_key = 'credit.paged'", 2)
    assert {row["agency_uscc"] for row in looks} == {DATA_BUREAU}


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_entry SET purpose = 'other'",
        "UPDATE audit_entry SET purpose = purpose WHERE false",
        "DELETE FROM audit_entry",
        "TRUNCATE audit_entry CASCADE",
    ],
)
async def test_the_database_refuses_to_change_what_was_recorded(
    gateway: ServiceUnderTest, statement: str
) -> None:
    await heard(gateway, "hotline", "stays")
    before = await gateway.rows("SELECT count(*) AS n FROM audit_entry")

    with pytest.raises(DBAPIError, match="append only"):
        await gateway.rows_changed(statement)

    assert (await gateway.rows("SELECT count(*) AS n FROM audit_entry"))[0]["n"] >= before[0]["n"]


async def test_a_second_successor_of_an_entry_is_refused_by_the_schema(gateway: ServiceUnderTest) -> None:
    await heard(gateway, "registration", "parent")
    await chained(gateway, "record_key = 'parent'", 1)

    with pytest.raises(DBAPIError, match="audit_entry_prev_hash_key"):
        await gateway.rows_changed(
            "INSERT INTO audit_entry SELECT number + 1000000, prev_hash, repeat('a', 64), gen_random_uuid(),"
            " source, reader, client_id, agency_uscc, on_behalf_of, resource, record_key, owner_subject, fields,"
            " purpose, matter_id, grant_id, result, read_at, traceparent, recorded_at"
            " FROM audit_entry WHERE record_key = 'parent'"
        )


async def run_verify(*arguments: str) -> tuple[int, str]:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "gateway.audit.verify", *arguments, stdout=asyncio.subprocess.PIPE
    )
    output, _ = await asyncio.wait_for(process.communicate(), 30)
    return process.returncode or 0, output.decode()


async def test_tampering_is_found_and_the_first_broken_entry_named(gateway: ServiceUnderTest) -> None:
    for n in range(4):
        await heard(gateway, "hotline", f"tamper-{n}")
    rows = await chained(gateway, "record_key LIKE 'tamper-%'", 4)
    url = gateway.settings.database_url.get_secret_value()
    head = (await gateway.get("/audit/v1/chain/head", AUDITOR)).json()
    victim = rows[1]["number"]

    whole = await run_verify(url, str(head["number"]), head["hash"])
    await gateway.rows_changed(OPERATOR)
    await gateway.rows_changed("UPDATE audit_entry SET purpose = 'x' WHERE number = :n", n=victim)
    changed = await run_verify(url)
    await gateway.rows_changed(
        "UPDATE audit_entry SET purpose = 'tax_registration' WHERE number = :n", n=victim
    )
    mended = await verified(gateway)
    await gateway.rows_changed(BACK)

    assert whole == (0, f"whole: {mended[0].number} entries, head {mended[0].hash}\n")
    assert changed[0] == 1
    assert changed[1].startswith(f"broken at entry {victim}: its content")
    assert mended[1] is None


async def test_a_cut_off_end_is_found_by_whoever_noted_the_head(gateway: ServiceUnderTest) -> None:
    await heard(gateway, "hotline", "last")
    [last] = await chained(gateway, "record_key = 'last'", 1)
    noted = Head(last["number"], last["hash"])
    await gateway.stop_worker()

    await gateway.rows_changed(OPERATOR)
    await gateway.rows_changed("DELETE FROM audit_entry WHERE number >= :n", n=noted.number)
    await gateway.rows_changed(BACK)
    blind, with_head = await verified(gateway), await verified(gateway, noted)

    assert blind[1] is None
    assert with_head[1] == Broken(noted.number, "it is not the entry whose hash was noted")
