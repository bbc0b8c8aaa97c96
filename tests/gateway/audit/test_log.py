"""Decisions beside readings, intervals under signed roots, exports, proofs and reviews, over HTTP."""

from collections.abc import Mapping
from typing import Any

import pytest

from gateway.audit.domain.acts import ACTS, LEFT_OUT
from gateway.audit.domain.entry import Head
from gateway.audit.domain.export_file import keys_of, verify_export
from gateway.audit.domain.merkle import follows
from gateway.published import PUBLISHED as OF_GATEWAY
from services.credit.published import PUBLISHED as OF_CREDIT
from services.hotline.published import PUBLISHED as OF_HOTLINE
from services.licensing.published import PUBLISHED as OF_LICENSING
from services.registration.published import PUBLISHED as OF_REGISTRATION
from tests.gateway.audit.test_audit import AUDITOR, DATA_BUREAU, TAX, chained, heard
from tests.support.identities import agency_token, enterprise_token, person_token
from tests.support.service import ServiceUnderTest
from tests.support.waiting import eventually

REVIEWER = agency_token("data_bureau", DATA_BUREAU, "audit.record.read", "audit.record.review")
USCC = "91140881MAE0000003"


@pytest.fixture(scope="module")
def extra_settings() -> dict[str, Any]:
    return {"audit_interval_seconds": 0.2}


async def closed(gateway: ServiceUnderTest, number: int) -> dict[str, Any]:
    async def over_it() -> dict[str, Any] | None:
        roots = (await gateway.get("/audit/v1/roots")).json()["entries"]
        return next((root for root in roots if root["first"] <= number <= root["last"]), None)

    found = await eventually(over_it)
    assert found is not None
    return found


async def decided(gateway: ServiceUnderTest, filing: str, **data: Any) -> dict[str, Any]:
    await gateway.hear(
        "cn.tongban.registration.filing.approved.v1",
        filing,
        {"filing_id": filing, "matter_id": "m-7", "uscc": USCC, **data},
    )
    return (await chained(gateway, f"record_key = '{filing}'", 1))[0]


def test_every_published_type_is_in_the_log_or_left_out_with_a_reason() -> None:
    published = [*OF_REGISTRATION, *OF_CREDIT, *OF_LICENSING, *OF_HOTLINE, *OF_GATEWAY]
    types = {(f"{each.type.service}.{each.type.aggregate}", each.type.verb) for each in published}

    unknown = {kind for kind in types if kind[0] not in LEFT_OUT and kind[1] not in ACTS.get(kind[0], {})}
    gone = {(name, verb) for name, verbs in ACTS.items() for verb in verbs} - types

    assert unknown == set()
    assert gone == set()
    assert not set(ACTS) & set(LEFT_OUT)


async def test_a_decision_stands_in_the_log_and_the_applicant_sees_it(gateway: ServiceUnderTest) -> None:
    row = await decided(gateway, "f-1", applicant="p-dan")

    mine = await gateway.get("/audit/v1/mine", person_token("p-dan", "audit.record.read"))
    theirs = await gateway.get("/audit/v1/mine", enterprise_token(USCC, "p-dan", "audit.record.read"))
    narrowed = await gateway.get("/audit/v1/records", AUDITOR, action="approved", record_key="f-1")

    assert (row["resource"], row["action"], row["result"]) == ("registration.filing", "approved", "done")
    [entry] = mine.json()["entries"]
    told = {name: entry[name] for name in ("action", "what_zh", "matter_id", "result", "fields")}
    assert told == {
        "action": "approved",
        "what_zh": "准予登记",
        "matter_id": "m-7",
        "result": "done",
        "fields": [],
    }
    assert [each["record_key"] for each in narrowed.json()["entries"]] == ["f-1"]
    assert theirs.json()["entries"] == []


async def test_what_was_done_to_an_enterprise_is_shown_to_it(gateway: ServiceUnderTest) -> None:
    await decided(gateway, "f-2")

    theirs = await gateway.get("/audit/v1/mine", enterprise_token(USCC, "p-dan", "audit.record.read"))

    assert [each["record_key"] for each in theirs.json()["entries"]] == ["f-2"]


async def test_an_export_over_http_verifies_offline_with_the_published_keys(
    gateway: ServiceUnderTest,
) -> None:
    await heard(gateway, "hotline", "export-1")
    [row] = await chained(gateway, "record_key = 'export-1'", 1)
    await closed(gateway, row["number"])

    answer = await gateway.get("/audit/v1/export", AUDITOR)
    keys = keys_of((await gateway.get("/audit/v1/keys")).json()["keys"])
    found = verify_export(answer.text.splitlines(), keys)
    until = await gateway.get("/audit/v1/export", AUDITOR, closed_before="2020-01-01T00:00:00Z")

    assert answer.headers["content-type"].startswith("application/x-ndjson")
    assert answer.headers["cache-control"] == "no-store"
    assert found.broken is None, found.broken
    assert found.under_root >= row["number"]
    assert verify_export(until.text.splitlines(), keys).head == Head()
    await chained(gateway, "resource = 'gateway.audit_entry' AND 'export' = ANY (fields)", 2)


async def test_a_later_export_begins_at_an_interval_and_verifies_too(gateway: ServiceUnderTest) -> None:
    for name in ("part-1", "part-2"):
        await heard(gateway, "credit", name)
        [row] = await chained(gateway, f"record_key = '{name}'", 1)
        root = await closed(gateway, row["number"])

    answer = await gateway.get("/audit/v1/export", AUDITOR, closed_from=root["closed_at"])

    found = verify_export(answer.text.splitlines())
    assert found.broken is None, found.broken
    assert '"record_key":"part-2"' in answer.text
    assert '"record_key":"part-1"' not in answer.text


async def test_a_root_is_announced_for_whoever_keeps_it(gateway: ServiceUnderTest) -> None:
    await heard(gateway, "hotline", "witness")
    [row] = await chained(gateway, "record_key = 'witness'", 1)
    root = await closed(gateway, row["number"])

    async def told() -> list[Mapping[str, Any]]:
        events = await gateway.events("cn.tongban.gateway.audit_root.closed.v1")
        return [event["data"] for event in events if event["data"]["last"] == root["last"]]

    [data] = await eventually(told)
    assert (data["root"], data["jws"]) == (root["root"], root["jws"])


async def test_an_entry_is_proven_to_whom_it_is_about_without_the_others(gateway: ServiceUnderTest) -> None:
    await heard(gateway, "registration", "prove-1", owner_subject="p-eve")
    [row] = await chained(gateway, "record_key = 'prove-1'", 1)
    number = row["number"]
    await closed(gateway, number)

    own = await gateway.get(f"/audit/v1/records/{number}/proof", person_token("p-eve", "audit.record.read"))
    other = await gateway.get(f"/audit/v1/records/{number}/proof", person_token("p-fay", "audit.record.read"))
    absent = await gateway.get("/audit/v1/records/999999/proof", AUDITOR)

    proof = own.json()
    interval = proof["interval"]
    count = interval["last"] - interval["first"] + 1
    assert proof["hash"] == row["hash"]
    assert follows(proof["hash"], proof["place"], count, proof["path"], interval["root"])
    assert (other.status_code, absent.status_code) == (404, 404)
    assert other.json()["type"] == absent.json()["type"] == "/problems/audit-entry-not-found"


async def test_a_review_stands_beside_the_entry_and_only_the_auditor_writes_one(
    gateway: ServiceUnderTest,
) -> None:
    await heard(gateway, "registration", "review-1")
    [row] = await chained(gateway, "record_key = 'review-1'", 1)
    path = f"/audit/v1/records/{row['number']}"

    made = await gateway.post(f"{path}/reviews", {"finding": "in_order", "note": "与申请一致"}, REVIEWER)
    by_tax = await gateway.post(
        f"{path}/reviews",
        {"finding": "in_order"},
        agency_token("tax", TAX, "audit.record.read", "audit.record.review"),
    )
    shown = await gateway.get(path, AUDITOR)

    assert made.status_code == 201, made.text
    assert by_tax.json()["type"] == "/problems/auditors-only"
    assert shown.json()["entry"]["hash"] == row["hash"]
    assert [each["note"] for each in shown.json()["reviews"]] == ["与申请一致"]
