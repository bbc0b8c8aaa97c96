"""Snapshots, files, the log's end and the AsyncAPI document."""

import json
from typing import Any

import jsonschema
import pytest

from tests.gateway.subscriptions.conftest import forget_all
from tests.support.identities import agency_token
from tests.support.service import ServiceUnderTest
from tests.support.waiting import eventually

TAX = "11140881MB9Y000405"
SCOPE = "subscriptions.subscription.manage"
REGISTERED = "cn.tongban.registration.enterprise.registered.v1"
TOKEN = agency_token("tax", TAX, SCOPE)


async def opened(gateway: ServiceUnderTest, event_type: str = REGISTERED) -> str:
    answer = await gateway.post("/subscriptions/v1/subscriptions", {"event_types": [event_type]}, TOKEN)
    return f"/subscriptions/v1/subscriptions/{answer.json()['subscription_id']}"


async def kept(gateway: ServiceUnderTest, *names: str) -> list[int]:
    """Publish an event about each, and return their positions once they are in the log."""
    for name in names:
        await gateway.hear(REGISTERED, name, {"uscc": name})

    async def all_there() -> list[int]:
        rows = await gateway.rows(
            "SELECT position FROM subscription_event WHERE subject = ANY(:names) ORDER BY position",
            names=list(names),
        )
        assert len(rows) >= len(names)
        return [row["position"] for row in rows]

    return await eventually(all_there, within=30)


def lines(text: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in text.splitlines()]


async def test_a_file_holds_what_lies_after_a_position_and_goes_on_where_it_ended(
    gateway: ServiceUnderTest,
) -> None:
    path = await opened(gateway)
    first, *_ = await kept(gateway, "F-1", "F-2", "F-3")

    one = await gateway.get(f"{path}/file", TOKEN, after=first - 1, limit=2)
    rest = await gateway.get(f"{path}/file", TOKEN, after=one.headers["x-tongban-position"])
    nothing = await gateway.get(f"{path}/file", TOKEN, after=rest.headers["x-tongban-position"])

    assert one.headers["content-type"].startswith("application/x-ndjson")
    assert [line["event"]["subject"] for line in lines(one.text)] == ["F-1", "F-2"]
    assert [line["event"]["subject"] for line in lines(rest.text)] == ["F-3"]
    assert nothing.text == ""
    assert {line["event"]["specversion"] for line in lines(one.text)} == {"1.0"}


async def test_a_position_too_old_is_told_with_the_snapshot_to_begin_with_and_nothing_is_lost(
    gateway: ServiceUnderTest,
) -> None:
    path = await opened(gateway)
    *_, newest = await kept(gateway, "S-1", "S-1", "S-1", "S-2")
    before = (await gateway.get(f"{path}/reconcile", TOKEN)).json()["total"]
    everything = await gateway.get(f"{path}/snapshot", TOKEN)

    gone = await forget_all(gateway)
    too_old = await gateway.get(f"{path}/file", TOKEN, after=1)
    stream = await gateway.get("/subscriptions/v1/events", TOKEN, types=REGISTERED, since=1)
    snapshot = await gateway.get(f"{path}/snapshot", TOKEN)
    after = (await gateway.get(f"{path}/reconcile", TOKEN)).json()["total"]

    assert gone >= 2
    assert (too_old.status_code, stream.status_code) == (410, 410)
    assert too_old.json()["type"] == "/problems/position-too-old"
    assert too_old.json()["snapshot"] == f"{path}/snapshot"
    assert too_old.json()["oldest"] <= newest
    assert int(snapshot.headers["x-tongban-position"]) >= newest
    assert {each["event"]["subject"] for each in lines(snapshot.text)} >= {"S-1", "S-2"}
    assert len(lines(snapshot.text)) == len({each["event"]["subject"] for each in lines(snapshot.text)})
    assert snapshot.text == everything.text
    assert before == after


async def test_a_subscriber_is_told_of_what_it_misses_itself_and_of_that_for_good(
    gateway: ServiceUnderTest,
) -> None:
    path, quiet = await opened(gateway), await opened(gateway, "cn.tongban.gateway.audit_root.closed.v1")
    first, *_ = await kept(gateway, "Q-A", "Q-B", "Q-B")
    await forget_all(gateway)
    before = await gateway.get(f"{path}/file", TOKEN, after=first)
    await kept(gateway, "Q-A", "Q-B")

    await forget_all(gateway)

    answers = [await gateway.get(f"{each}/file", TOKEN, after=first) for each in (path, quiet)]
    assert before.status_code == 410
    assert [answer.status_code for answer in answers] == [410, 200]


async def test_a_gap_is_found_by_halving(gateway: ServiceUnderTest) -> None:
    path = await opened(gateway)
    positions = await kept(gateway, *(f"H-{n}" for n in range(6)))

    half = await gateway.get(f"{path}/reconcile", TOKEN, after=positions[0] - 1, upto=positions[2], held=2)
    beyond = await gateway.get(f"{path}/reconcile", TOKEN, after=10**9)

    assert half.json()["total"] == 3
    assert half.json()["says_en"] == "you hold 2 of 3"
    assert half.json()["is_complete"] is False
    assert beyond.json()["type"] == "/problems/position-unknown"


async def test_lag_is_told_for_a_position(gateway: ServiceUnderTest) -> None:
    path = await opened(gateway)
    positions = await kept(gateway, "L-1", "L-2")

    shown = (await gateway.get(path, TOKEN, position=positions[0])).json()

    assert shown["behind"] == 1
    assert shown["newest"] >= positions[1]
    assert shown["destination"] == f"{path}/destination"


async def test_asyncapi_describes_every_type_with_its_schema_and_every_reference_leads_somewhere(
    gateway: ServiceUnderTest,
) -> None:
    listed = (await gateway.get("/subscriptions/v1/event-types")).json()["event_types"]
    document = (await gateway.get("/subscriptions/v1/asyncapi.json")).json()

    assert document["asyncapi"] == "3.0.0"
    assert {message["name"] for message in document["components"]["messages"].values()} == {
        each["type"] for each in listed
    }
    assert {channel["address"] for channel in document["channels"].values()} == {
        each["nats_subject"] for each in listed
    }
    for reference in references(document):
        if reference.startswith("#"):
            assert resolved(document, reference) is not None
        else:
            assert reference.endswith(".json")
    envelope = document["components"]["schemas"]["CloudEvent"]
    jsonschema.Draft202012Validator.check_schema(envelope)


def references(node: object) -> list[str]:
    """Every $ref inside."""
    if isinstance(node, dict):
        own = [node["$ref"]] if isinstance(node.get("$ref"), str) else []
        return own + [each for value in node.values() for each in references(value)]
    if isinstance(node, list):
        return [each for value in node for each in references(value)]
    return []


def resolved(document: Any, reference: str) -> Any:
    """What a local reference points to."""
    found = document
    for step in reference.removeprefix("#/").split("/"):
        found = found[step]
    return found


@pytest.mark.parametrize("query", [{"after": "-1"}, {"limit": "0"}, {"limit": "100001"}, {"after": "x"}])
async def test_what_is_out_of_range_is_refused(gateway: ServiceUnderTest, query: dict[str, str]) -> None:
    path = await opened(gateway)

    answer = await gateway.get(f"{path}/file", TOKEN, **query)

    assert answer.status_code == 400
