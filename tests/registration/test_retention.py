"""V05: a filing that led to no enterprise loses its people when its years are over; the register keeps its own."""

from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, get_args, get_type_hints

from services.registration.domain.acts import CONTENTS
from services.registration.store.retention import BLANKS, CASES
from services.registration.store.retention import FILINGS as ENDED_FILINGS
from services.registration.use_cases.watch_filings import age_out_filings
from shared.calendar import CHINA, add_months, local_date
from shared.region import load_region_pack
from shared.region.retention import RecordKind
from shared.retention import purge_due
from tests.registration.authorities import CASES as FALSE_REGISTRATIONS
from tests.registration.authorities import act, enterprise_of, reported
from tests.registration.builders import ANN, BOB, FILINGS, OFFICER, filing, id_number, person, uscc
from tests.registration.changing import registered
from tests.support.clock import SettableClock
from tests.support.identities import bearer
from tests.support.service import REGION_PACK, ServiceUnderTest

REGION = load_region_pack(REGION_PACK)
REASON = {"reason_zh": "经营范围不予登记", "reason_en": "the scope cannot be registered"}
DAY = "2026-03-02"
PERSONAL = ("张三丰", id_number(1), "13800000000", "ann@example.com", "河东大道12号", "account-of-ann")


async def purge_at(registration: ServiceUnderTest, at: datetime) -> int:
    """Let the sweep run at an instant."""
    transactions = registration.app.state.backend.transactions
    return int(await transactions.run(lambda uow: purge_due(ENDED_FILINGS, REGION, uow, at)))


async def age_out(registration: ServiceUnderTest) -> int:
    """Let the sweep over untouched filings run now."""
    state = registration.app.state
    return int(await state.backend.transactions.run(lambda uow: age_out_filings(uow, state.desk)))


def drafts(code: str) -> Iterator[dict[str, Any]]:
    """A draft of every kind whose content says something of people, with everything that it can say of them."""
    someone = person("shareholder") | {
        "account": "account-of-ann",
        "residence": "河东大道12号",
        "represents": id_number(1),
    }
    home = {"division_code": "140881001", "street": "河东大道12号", "commitment": True}
    papers = {
        "text": "河东大道12号",
        "recipient": "张三丰",
        "phone": "13800000000",
        "email": "ann@example.com",
    }
    further = [{"division_code": "140881001", "text": "河东大道12号"}]
    of_code = {"uscc": code, "decided_on": DAY}
    yield filing(people=[someone], service_address=papers, further_addresses=further)
    yield {"kind": "alteration", "resolution_signed": True, "scope": ["H6210-01"]} | of_code
    yield {
        "kind": "alteration",
        "resolution_signed": True,
        "domicile": home,
        "principal": someone,
        "owners": [someone],
    } | of_code
    yield {
        "kind": "record",
        "contributions": [{"id_number": id_number(1)}],
        "officers": [someone],
        "contacts": [someone],
        "beneficial_owners": [someone],
        "further_addresses": further,
        "service_address": papers,
    } | of_code
    yield {
        "kind": "relocation",
        "uscc": uscc(4711),
        "domicile": home,
        "moves_on": DAY,
        "coming_from": {
            "registrar_uscc": uscc(4712),
            "name": "河津市渡口餐饮有限公司",
            "enterprise_kind": "limited_company",
            "representative_name": "张三丰",
            "representative_id_number": id_number(1),
        },
    }
    yield {
        "kind": "suspension",
        "uscc": code,
        "cause": "natural_disaster",
        "begins_on": DAY,
        "until_on": DAY,
        "employees_agreed": True,
        "commitment": True,
        "papers_to": "永济市河东大道12号",
    }


async def test_ended_filings_are_emptied_and_approved_ones_stay(registration: ServiceUnderTest) -> None:
    async def filed(**changes: Any) -> str:
        return str((await registration.post(FILINGS, filing(**changes), ANN)).json()["id"])

    approved, refused, withdrawn = (
        await filed(),
        await filed(name__trade="曲艺"),
        await filed(scope=["X0000-00"]),
    )
    answers = [
        await registration.post(f"{FILINGS}/{refused}/refusal", REASON, OFFICER),
        await registration.post(f"{FILINGS}/{withdrawn}/withdrawal", None, ANN),
    ]
    years = REGION.retention_of(RecordKind.FILING).years
    last_day = add_months(local_date(registration.clock()), 12 * years)
    midnight = datetime(last_day.year, last_day.month, last_day.day, tzinfo=CHINA) + timedelta(days=1)

    early = await purge_at(registration, midnight - timedelta(microseconds=1))
    purged = [await purge_at(registration, midnight) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [200, 200]
    assert (early, purged) == (0, [2, 0])
    for filing_id, names in ((approved, True), (refused, False), (withdrawn, False)):
        [row] = await registration.rows(
            "SELECT content::text AS c FROM filing WHERE id::text = :i", i=filing_id
        )
        assert [value in row["c"] for value in ("张三丰", "13800000000", "河东大道12号")] == [names] * 3
        assert (await registration.get(f"{FILINGS}/{filing_id}", OFFICER)).status_code == 200
    entries = await registration.rows("SELECT reference FROM purged_record WHERE record = 'filing'")
    assert {entry["reference"] for entry in entries} == {refused, withdrawn}


async def test_a_filing_of_any_kind_is_emptied_of_people_and_still_reads(
    registration: ServiceUnderTest,
) -> None:
    code = (await registered(registration))["uscc"]
    kept = [await registration.post(f"{FILINGS}/drafts", body, ANN) for body in drafts(code)]
    ids = [answer.json()["id"] for answer in kept]
    for each in ids:
        assert (await registration.post(f"{FILINGS}/{each}/withdrawal", None, ANN)).status_code == 200

    await purge_at(registration, registration.clock() + timedelta(days=366 * 4))

    assert [answer.status_code for answer in kept] == [201] * len(ids), [answer.text for answer in kept]
    rows = await registration.rows(
        "SELECT kind, content::text AS c FROM filing WHERE id::text = ANY (:i)", i=ids
    )
    left = {(row["kind"], value) for row in rows for value in PERSONAL if value in row["c"]}
    read = [await registration.get(f"{FILINGS}/{each}", ANN) for each in ids]
    listed = await registration.get(FILINGS, ANN)
    assert left == set()
    assert [answer.status_code for answer in (*read, listed)] == [200] * (len(ids) + 1)


def test_whatever_a_content_hides_from_logs_is_emptied() -> None:
    def hidden(of: Any) -> Iterator[str]:
        for inner in get_args(of):
            yield from hidden(inner)
        if is_dataclass(of):
            yield from (each.name for each in fields(of) if not each.repr)
            for told in get_type_hints(of).values():
                yield from hidden(told)

    found = {name for content in CONTENTS.values() for name in hidden(content)}

    assert {"name", "id_number", "representative_id_number", "email"} <= found
    assert found <= set(BLANKS)


async def test_what_nobody_went_on_with_is_taken_as_withdrawn(
    registration: ServiceUnderTest, clock: SettableClock
) -> None:
    clock.set(datetime(2027, 3, 2, 2, tzinfo=UTC))
    draft = (await registration.post(f"{FILINGS}/drafts", filing(), ANN)).json()["id"]
    returned = (await registration.post(FILINGS, filing(service_address_confirmed=False), ANN)).json()["id"]
    waiting = (await registration.post(FILINGS, filing(name__trade="曲艺"), ANN)).json()["id"]
    amended = (await registration.post(f"{FILINGS}/drafts", filing(), ANN)).json()["id"]
    clock.set(datetime(2027, 9, 2, 2, tzinfo=UTC))
    early = await age_out(registration)
    headers = bearer(ANN, key="go-on-with-it-0001") | {"If-Match": '"1"'}
    gone_on = await registration.client.put(f"{FILINGS}/{amended}", json=filing(), headers=headers)
    clock.advance(timedelta(days=3))

    aged = [await age_out(registration) for _ in range(2)]

    async def read(each: str) -> Any:
        return (await registration.get(f"{FILINGS}/{each}", ANN)).json()

    found = [(await read(each))["status"] for each in (draft, returned, waiting, amended)]
    assert gone_on.status_code == 200, gone_on.text
    assert (early, aged[1]) == (0, 0)
    assert aged[0] >= 2  # what other tests left lying is as old
    assert found == ["withdrawn", "withdrawn", "under_review", "draft"]
    assert "视为撤回" in (await read(draft))["reason"]["zh"]
    assert await registration.events("cn.tongban.registration.filing.withdrawn.v1", returned)


async def test_what_was_said_in_a_case_that_led_to_nothing_goes_and_the_case_still_reads(
    registration: ServiceUnderTest,
) -> None:
    made = [await reported(registration, await enterprise_of(registration, serial)) for serial in (480, 481)]
    withdrawn, open_one = (answer.json() for answer in made)
    await act(registration, withdrawn["id"], "withdrawal", BOB)
    later = registration.clock() + timedelta(days=366 * 4)
    transactions = registration.app.state.backend.transactions

    purged = await transactions.run(lambda uow: purge_due(CASES, REGION, uow, later))

    assert purged == 1
    statements = [
        (await registration.get(f"{FALSE_REGISTRATIONS}/{case['id']}", BOB)).json()["statement"]
        for case in (withdrawn, open_one)
    ]
    assert statements == ["***", "本人身份被冒用"]
