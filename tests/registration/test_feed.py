"""The change feed and the export: nothing is passed over, whoever writes; a replica equals the register."""

import asyncio
import json
from asyncio.subprocess import PIPE
from typing import Any

import asyncpg
import pytest
from sqlalchemy import make_url, text
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, create_async_engine

from deploy.local.postgres import Cluster, binary, server_environment
from services.registration.domain.register_acts import RegisterAct
from services.registration.store.changes import RegisterChanges
from services.registration.store.search import SearchStore
from services.registration.store.search_filters import Search
from tests.registration.builders import ANN, TAX_CLIENT, uscc
from tests.registration.changing import altered, registered
from tests.support.identities import bearer
from tests.support.service import ServiceUnderTest

CHANGES = "/registration/v1/changes"
EXPORT = "/registration/v1/export"
ENTERPRISES = "/registration/v1/enterprises"
_WRITE = """
    INSERT INTO register_change (uscc, version, act, at) SELECT '{0}', coalesce(max(version), 0) + 1, 'altered', now()
    FROM register_change WHERE uscc = '{0}'
"""


async def newest(registration: ServiceUnderTest) -> int:
    """Where the feed stands."""
    answer = await registration.get(CHANGES, TAX_CLIENT, after=0, limit=500)
    position = answer.json()["position"]
    while answer.json()["has_more"]:
        answer = await registration.get(CHANGES, TAX_CLIENT, after=position, limit=500)
        position = answer.json()["position"]
    return int(position)


async def export(registration: ServiceUnderTest, **params: Any) -> tuple[int, list[dict[str, Any]]]:
    """The position and the lines of an export."""
    answer = await registration.get(EXPORT, TAX_CLIENT, **params)
    assert answer.headers["content-type"] == "application/x-ndjson"
    return int(answer.headers["x-tongban-position"]), [json.loads(line) for line in answer.text.splitlines()]


async def test_each_change_comes_once_in_order_with_the_public_facts_of_now(
    registration: ServiceUnderTest,
) -> None:
    start = await newest(registration)
    made = await registered(registration)
    await altered(registration, made["uscc"], domicile_text="永济市城北街道9号")

    first = (await registration.get(CHANGES, TAX_CLIENT, after=start, limit=1)).json()
    second = (await registration.get(CHANGES, TAX_CLIENT, after=first["position"], limit=1)).json()
    none = (await registration.get(CHANGES, TAX_CLIENT, after=second["position"])).json()

    told = [(e["uscc"], e["version"], e["act"], e["changed"]) for e in first["entries"] + second["entries"]]
    assert told == [(made["uscc"], 1, "registered", []), (made["uscc"], 2, "altered", ["domicile_text"])]
    assert first["has_more"]
    assert first["entries"][0]["enterprise"]["domicile"]["text"] == "永济市城北街道9号"
    assert "张三丰" not in json.dumps([first, second], ensure_ascii=False)
    assert (none["entries"], none["position"], none["has_more"]) == ([], second["position"], False)
    assert (await registration.get(CHANGES, after=start)).status_code == 401


async def test_no_position_is_passed_while_a_lower_one_is_still_to_come(
    registration: ServiceUnderTest,
) -> None:
    start = await newest(registration)
    slow = (await registered(registration))["uscc"]
    start = max(start, await newest(registration))
    async with registration.engine.connect() as connection:
        await connection.exec_driver_sql(_WRITE.format(slow))  # it has a position and is not committed
        quick = await registered(registration)

        held_back = (await registration.get(CHANGES, TAX_CLIENT, after=start)).json()
        await connection.commit()
    then = (await registration.get(CHANGES, TAX_CLIENT, after=held_back["position"])).json()

    assert (held_back["entries"], held_back["position"]) == ([], start)
    assert [entry["uscc"] for entry in then["entries"]] == [slow, quick["uscc"]]


async def test_a_change_that_was_given_up_holds_nobody_back(registration: ServiceUnderTest) -> None:
    start = await newest(registration)
    async with registration.engine.connect() as connection:
        await connection.exec_driver_sql(_WRITE.format(uscc(1)))
        await connection.rollback()

    made = await registered(registration)

    told = (await registration.get(CHANGES, TAX_CLIENT, after=start)).json()
    assert [entry["uscc"] for entry in told["entries"]] == [made["uscc"]]


async def test_positions_and_search_outlive_dump_and_restore(
    registration: ServiceUnderTest, cluster: Cluster
) -> None:
    made = await registered(registration)
    held = await newest(registration)
    restored = await _restored(registration, cluster)
    try:
        async with AsyncSession(restored) as session:
            log, search = RegisterChanges(session), SearchStore(session)

            bound = await log.bound()
            stood = await log.stood(bound, "", None, 1000)
            found = await search.search(Search(words=(made["name"][3:7],)), None, 5)
            await session.execute(text(_WRITE.format(made["uscc"])))
            await session.commit()

            assert bound == held
            assert made["uscc"] in {one.uscc for one in stood.enterprises}
            assert made["uscc"] in {one.uscc for one in found}
            assert [change.uscc for change in await log.after(held, await log.bound(), 5)] == [made["uscc"]]
    finally:
        await restored.dispose()


async def _restored(registration: ServiceUnderTest, cluster: Cluster) -> AsyncEngine:
    """The service's database in another one, as an operator's backup brings it back."""
    source = make_url(registration.settings.database_url.get_secret_value()).database
    target = f"{source}_restored"
    admin = await asyncpg.connect(cluster.url("postgres"))
    await admin.execute(f'CREATE DATABASE "{target}"')
    await admin.close()
    dump = await _client("pg_dump", cluster.url(str(source)))
    await _client("psql", "--quiet", "--set=ON_ERROR_STOP=1", cluster.url(target), told=dump)
    return create_async_engine(cluster.url(target, driver="+asyncpg"))


async def _client(program: str, *options: str, told: bytes = b"") -> bytes:
    process = await asyncio.create_subprocess_exec(
        str(binary(program)), *options, stdin=PIPE, stdout=PIPE, stderr=PIPE, env=server_environment()
    )
    said, faults = await process.communicate(told)
    assert process.returncode == 0, faults.decode()
    return said


async def test_a_position_that_the_register_never_gave_out_asks_for_a_new_export(
    registration: ServiceUnderTest,
) -> None:
    beyond = await newest(registration) + 1000

    answers = [
        await registration.get(CHANGES, TAX_CLIENT, after=beyond),
        await registration.get(EXPORT, TAX_CLIENT, position=beyond),
    ]

    assert {answer.status_code for answer in answers} == {410}
    assert {answer.json()["type"] for answer in answers} == {"/problems/position-unknown"}


async def test_an_export_shows_the_register_at_its_position_whatever_was_changed_since(
    registration: ServiceUnderTest,
) -> None:
    made = await registered(registration)
    position, before = await export(registration)
    await altered(registration, made["uscc"], domicile_text="后来的地址")
    later = await registered(registration)

    again, resumed = await export(registration, position=position)
    _, rest = await export(registration, position=position, after=made["uscc"])
    _, one = await export(registration, position=position, after=before[0]["uscc"], until=before[2]["uscc"])
    _, now = await export(registration)

    assert (again, resumed) == (position, before)
    assert [line["uscc"] for line in before] == sorted(line["uscc"] for line in before)
    assert rest == [line for line in before if line["uscc"] > made["uscc"]]
    assert one == [before[1]]
    assert later["uscc"] not in {line["uscc"] for line in before}
    assert {line["uscc"]: line["version"] for line in now}[made["uscc"]] == 2


async def test_what_goes_on_with_an_export_is_not_told_the_stream_s_place_again(
    registration: ServiceUnderTest,
) -> None:
    began = await registration.get(EXPORT, TAX_CLIENT)

    goes_on = await registration.get(EXPORT, TAX_CLIENT, position=began.headers["x-tongban-position"])

    assert "x-tongban-stream-sequence" in began.headers
    assert goes_on.headers["x-tongban-position"] == began.headers["x-tongban-position"]
    assert "x-tongban-stream-sequence" not in goes_on.headers


async def test_the_broker_s_stream_goes_on_where_the_export_ends(registration: ServiceUnderTest) -> None:
    answer = await registration.get(EXPORT, TAX_CLIENT)

    told = int(answer.headers["x-tongban-stream-sequence"])

    [sent] = await registration.rows("SELECT coalesce(max(stream_sequence), 0) AS last FROM outbox")
    assert 0 <= told <= sent["last"]
    async with registration.app.state.backend.transactions.open() as uow:
        log = RegisterChanges(uow.session)
        none_held = await log.stream_position(0)
    [first] = await registration.rows(
        "SELECT min(stream_sequence) AS first FROM outbox WHERE aggregate = 'enterprise'"
    )
    assert none_held in (told, (first["first"] or told + 1) - 1)


async def test_a_reader_who_goes_away_leaves_no_transaction_open(registration: ServiceUnderTest) -> None:
    for _ in range(3):
        await registered(registration)

    async with registration.client.stream("GET", EXPORT, headers=bearer(TAX_CLIENT)) as answer:
        assert answer.status_code == 200

    open_ones = await registration.rows(
        "SELECT query FROM pg_stat_activity WHERE state LIKE 'idle in transaction%' AND datname = current_database()"
        " AND query LIKE '%register_change%'"
    )
    assert open_ones == []


async def test_a_replica_of_export_and_changes_equals_the_register_under_concurrent_writes(
    registration: ServiceUnderTest,
) -> None:
    codes = [(await registered(registration))["uscc"] for _ in range(6)]
    done = asyncio.Event()

    async def write(code: str, act: RegisterAct) -> None:
        for number in range(12):
            await altered(registration, code, act, domicile_text=f"永济市{code}{number}号")
            if number % 4 == 0:
                await registered(registration)

    async def follow() -> dict[str, dict[str, Any]]:
        position, lines = await export(registration)
        held = {line["uscc"]: line for line in lines}
        last_round = False
        while True:
            told = (await registration.get(CHANGES, TAX_CLIENT, after=position, limit=7)).json()
            for entry in told["entries"]:
                assert entry["position"] > position
                position = entry["position"]
                known = held.get(entry["uscc"])
                if known is None or known["version"] <= entry["enterprise"]["version"]:
                    held[entry["uscc"]] = entry["enterprise"]
            position = told["position"]
            if last_round and not told["entries"]:
                return held
            last_round = done.is_set() and not told["entries"]

    async def write_all() -> None:
        acts = (RegisterAct.ALTERED, RegisterAct.RECORDED)
        await asyncio.gather(*(write(code, acts[n % 2]) for n, code in enumerate(codes)))
        done.set()

    replica, _ = await asyncio.gather(follow(), write_all())

    _, truth = await export(registration)
    assert replica == {line["uscc"]: line for line in truth}
    shown = (await registration.get(f"{ENTERPRISES}/{codes[0]}")).json()
    assert {name: told for name, told in replica[codes[0]].items() if told != shown[name]} == {
        "legal_representative_id_number": None,  # a replica has nobody behind the mask
        "contact_phone": None,
    }
    assert replica[codes[0]]["version"] == 13


@pytest.mark.parametrize("token", [ANN, TAX_CLIENT])
async def test_the_feed_is_for_whoever_may_read_the_register(
    registration: ServiceUnderTest, token: str
) -> None:
    assert (await registration.get(CHANGES, token)).status_code == 200
