"""Events of outside systems over HTTP: checked, kept once, told to whom the contract names."""

import asyncio
import json
from uuid import uuid4

import httpx

from tests.gateway.integrations.conftest import EVENTS, Json, Peers
from tests.gateway.subscriptions.listening import listening
from tests.support.identities import agency_token, still_good
from tests.support.waiting import eventually

RECEIVED = "cn.tongban.gateway.external.received.v1"
BATCH = "application/cloudevents-batch+json"
RETURNED = "/integrations/v1/returned-records"


def _pointers(refusal: Json) -> list[str]:
    return [fault["pointer"] for fault in refusal["errors"]]


async def _heard_until(external_id: str, url: str, token: str) -> set[str]:
    """Follow what outside systems send until an event comes; returns the ids of all that came."""
    heard: set[str] = set()
    headers = {"Authorization": f"Bearer {still_good(token)}"}
    async with (
        asyncio.timeout(20),
        httpx.AsyncClient(base_url=url, headers=headers, timeout=30) as client,
        client.stream("GET", "/subscriptions/v1/events", params={"types": RECEIVED}) as answer,
    ):
        async for line in answer.aiter_lines():
            if line.startswith("data: "):
                heard.add(json.loads(line.removeprefix("data: "))["data"]["external_id"])
            if external_id in heard:
                break
    return heard


async def _logged(peers: Peers, *external_ids: str) -> bool:
    """Whether the log of events holds them, whoever may see them."""
    rows = await peers.gateway.rows(
        "SELECT 1 FROM subscription_event WHERE event->'data'->>'external_id' = ANY (:ids)",
        ids=list(external_ids),
    )
    return len(rows) == len(external_ids)


async def test_an_event_is_taken_once_and_told_once(peers: Peers) -> None:
    event, token = peers.event("tax", "cleared"), peers.sender("tax")

    first = await peers.send(event, token)
    again = await peers.send(event, token, **{"Content-Type": "application/cloudevents+json"})
    other = await peers.send(event | {"data": event["data"] | {"cleared_on": "2026-11-21"}}, token)

    assert (first.status_code, first.json()) == (202, {"id": event["id"], "outcome": "taken"})
    assert (again.status_code, again.json()["outcome"]) == (200, "known")
    assert (other.status_code, other.json()["type"]) == (409, "/problems/another-event-of-this-id")
    [told] = await peers.told(event["id"])
    assert told["data"] == event["data"]
    assert told["source"] == "api"
    assert told["audience"] == sorted(
        peers.pack.agency(key).uscc for key in ("administrative_approval", "market_supervision")
    )


async def test_an_event_of_another_cloudevents_library_is_taken(peers: Peers) -> None:
    event = peers.event("tax", "registered") | {
        "time": "2026-11-20T09:30:00.123456+08:00",
        "datacontenttype": "application/json",
        "traceparent": "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
    }
    headers = {"Content-Type": "application/cloudevents+json; charset=utf-8"}

    answer = await peers.send(event, peers.sender("tax"), **headers)

    assert answer.status_code == 202, answer.text
    [told] = await peers.told(event["id"])
    assert told["occurred_at"].startswith("2026-11-20T01:30:00.123456")


async def test_what_no_contract_allows_is_refused_and_leaves_nothing(peers: Peers) -> None:
    token, event = peers.sender("tax"), peers.event("tax", "cleared")
    unknown = event["type"].replace("cleared", "audited")
    refused = {
        "unknown type": await peers.send(event | {"type": unknown}, token),
        "another agency": await peers.send(event, peers.token("police")),
        "a person": await peers.send(
            event, agency_token("x", "91140881MAE0000003", "integrations.event.send")
        ),
        "no scope": await peers.send(event, agency_token("tax", peers.pack.agency("tax").uscc)),
        "another subject": await peers.send(event | {"subject": "91140881MAE000002E"}, token),
        "no time": await peers.send({k: v for k, v in event.items() if k != "time"}, token),
    }

    told = {name: (answer.status_code, answer.json()["type"]) for name, answer in refused.items()}
    assert told == {
        "unknown type": (400, "/problems/event-not-in-contract"),
        "another agency": (403, "/problems/not-your-system"),
        "a person": (403, "/problems/not-your-system"),
        "no scope": (403, told["no scope"][1]),
        "another subject": (422, "/problems/outside-event-not-accepted"),
        "no time": (400, "/problems/invalid-input"),
    }
    assert _pointers(refused["another subject"].json()) == ["/subject"]
    assert await peers.told(event["id"]) == []


async def test_every_fault_of_the_data_is_named_with_its_place(peers: Peers) -> None:
    data = {"uscc": "911", "cleared_on": "2026-13-40", "colour": "red"}

    refused = await peers.send(peers.event("tax", "cleared", data=data), peers.sender("tax"))

    assert refused.status_code == 422
    assert _pointers(refused.json()) == ["/data/cleared_on", "/data/colour", "/data/uscc"]


async def test_every_kind_of_event_is_taken_from_the_agency_that_answers_for_its_system(peers: Peers) -> None:
    kinds = [kind for system in peers.contracts.systems for kind in system.sends]
    outcomes = {}
    for kind in kinds:
        event, token = peers.event(kind.system, kind.verb), peers.sender(kind.system)
        required = next(name for name in kind.data if name != kind.subject and not name.endswith("?"))
        broken = event | {"id": f"b-{event['id']}", "data": {**event["data"]}}
        del broken["data"][required]
        good, bad = await peers.send(event, token), await peers.send(broken, token)
        outcomes[kind.type] = (
            good.status_code,
            bad.status_code,
            _pointers(bad.json()) == [f"/data/{required}"],
        )

    assert len(kinds) == len(outcomes)
    assert {name: seen for name, seen in outcomes.items() if seen != (202, 422, True)} == {}


async def test_events_of_a_batch_stand_each_for_itself(peers: Peers) -> None:
    good, bad = peers.event("water", "connected"), peers.event("water", "connected", data={})
    shapeless, foreign = {"specversion": "1.0"}, peers.event("tax", "cleared")
    headers = {"Authorization": f"Bearer {still_good(peers.sender('water'))}", "Content-Type": BATCH}

    async def post(body: object) -> httpx.Response:
        batch = json.dumps(body)
        url = "/integrations/v1/event-batches"
        return await peers.gateway.client.post(url, content=batch, headers=headers)

    report = (await post([good, bad, shapeless, foreign, good])).json()
    empty, no_list = await post([]), await post(good)

    outcomes = [(line["line"], line["outcome"], line["problem"]) for line in report["lines"]]
    assert outcomes == [
        (1, "taken", None),
        (2, "refused", "outside-event-not-accepted"),
        (3, "refused", "malformed-request"),
        (4, "refused", "not-your-system"),
        (5, "known", None),
    ]
    assert (report["taken"], report["known"], report["refused"]) == (1, 1, 3)
    assert len(await peers.told(good["id"])) == 1
    assert (empty.status_code, no_list.status_code) == (400, 400)


async def test_a_file_of_events_is_taken_line_by_line_and_changes_nothing_when_it_comes_again(
    peers: Peers,
) -> None:
    token, media = peers.sender("cultural_market"), "application/x-ndjson"
    good, bad = (peers.event("cultural_market", "case_handled") for _ in range(2))
    bad["data"] = bad["data"] | {"handled_on": "soon"}
    lines = "\n".join((json.dumps(good, ensure_ascii=False), "{no json", json.dumps(bad), ""))

    first = (await peers.hand_in("cultural_market", lines, media, token)).json()
    again = (await peers.hand_in("cultural_market", lines, media, token)).json()
    foreign = await peers.hand_in("cultural_market", lines, media, peers.sender("tax"))
    elsewhere = await peers.hand_in("no_such_system", lines, media, token)

    assert (first["taken"], first["known"], first["refused"]) == (1, 0, 2)
    assert (again["taken"], again["known"], again["refused"]) == (0, 1, 2)
    assert [(line["line"], line["problem"]) for line in first["lines"]] == [
        (2, "malformed-request"),
        (3, "outside-event-not-accepted"),
    ]
    assert _pointers(first["lines"][1]) == ["/data/handled_on"]
    [told] = await peers.told(good["id"])
    assert told["source"] == "dedicated_network"
    assert (foreign.status_code, elsewhere.status_code) == (403, 404)


async def test_a_spreadsheet_of_events_is_taken_by_its_header(peers: Peers) -> None:
    token, one = peers.sender("social_insurance"), str(uuid4())
    table = (
        "\ufeffid,time,uscc,grade,year\r\n"
        f"{one},2026-11-20T01:30:00Z,91140881MAE0000003,A,2026\r\n"
        f"{uuid4()},2026-11-20T01:30:00Z,91140881MAE0000003,E,many\r\n"
        ",,,,\r\n"
    )

    report = (
        await peers.hand_in("social_insurance", table, "text/csv", token, verb="labour_record_made")
    ).json()
    nameless = await peers.hand_in("social_insurance", table, "text/csv", token)

    assert (report["taken"], report["refused"]) == (1, 2), report
    assert _pointers(report["lines"][0]) == ["/data/grade", "/data/year"]
    [told] = await peers.told(one)
    assert told["data"] == {"uscc": "91140881MAE0000003", "grade": "A", "year": 2026}
    assert (nameless.status_code, nameless.json()["type"]) == (400, "/problems/event-not-in-contract")


async def test_a_cell_that_nothing_can_be_made_of_is_a_fault_of_its_line_alone(peers: Peers) -> None:
    token, at, one = peers.sender("social_insurance"), "2026-11-20T01:30:00Z", str(uuid4())
    uscc = "91140881MAE0000003"
    table = (
        "id,time,uscc,grade,year\n"
        f"{uuid4()},{at},{uscc},A,--5\n"
        f"{uuid4()},{at},{uscc},A,{'9' * 5000}\n"
        f"{uuid4()},{at},{uscc},A,{'9' * 18}\n"
        f"{uuid4()},{at},{uscc},A,٢٠٢٦\n"
        f"{uuid4()}\0,{at},{uscc},A,2026\n"
        f"{uuid4()},0001-01-01T00:00:00+08:00,{uscc},A,2026\n"
        f"{one},{at},{uscc},A,2026\n"
    )

    answer = await peers.hand_in("social_insurance", table, "text/csv", token, verb="labour_record_made")

    report = answer.json()
    assert (answer.status_code, report["taken"]) == (200, 1), report
    assert [line["line"] for line in report["lines"]] == [1, 2, 3, 4, 5, 6]
    assert len(await peers.told(one)) == 1


async def test_a_record_managed_above_comes_back_to_its_region_alone(peers: Peers) -> None:
    ours = peers.event("region_portal", "case_accepted", originregion="140881")
    theirs = peers.event("region_portal", "case_accepted", originregion="140802")
    token = peers.sender("region_portal")
    for event in (ours, theirs, ours):
        assert (await peers.send(event, token)).status_code in (200, 202)

    found = (await peers.gateway.get(RETURNED, token)).json()["entries"]
    of_police = (await peers.gateway.get(RETURNED, peers.token("police"))).json()["entries"]
    access = await peers.gateway.events("cn.tongban.gateway.access.recorded.v1", found[0]["received_id"])
    stranger = agency_token("elsewhere", "11140802MB9Y00016L", "integrations.record.read")
    refused = await peers.gateway.get(RETURNED, stranger)

    assert [entry["origin_region"] for entry in found] == ["140881"]
    assert found[0]["data"] == ours["data"]
    assert of_police == []
    assert [each["data"]["agency_uscc"] for each in access] == [
        peers.pack.agency("administrative_approval").uscc
    ]
    [told] = await peers.told(ours["id"])
    [told_of_theirs] = await peers.told(theirs["id"])
    assert told["audience"] == [peers.pack.agency("administrative_approval").uscc]
    assert told_of_theirs["audience"] == []
    assert refused.status_code == 403


async def test_an_event_reaches_the_agencies_of_its_contract_and_no_other(peers: Peers) -> None:
    for_credit = peers.event("bidding", "misconduct_found")
    for_bank = peers.event("police", "seals_filed")
    for_all = peers.event("heat", "connected")
    async with listening(peers.gateway.app) as url:
        for event, system in ((for_credit, "bidding"), (for_bank, "police")):
            assert (await peers.send(event, peers.sender(system))).status_code == 202
        await eventually(lambda: _logged(peers, for_credit["id"], for_bank["id"]))
        assert (await peers.send(for_all, peers.sender("heat"))).status_code == 202

        of_bank = await _heard_until(for_all["id"], url, peers.token("bank"))
        of_credit = await _heard_until(for_all["id"], url, peers.token("credit_office"))

    assert {for_bank["id"], for_credit["id"]} & of_bank == {for_bank["id"]}
    assert {for_bank["id"], for_credit["id"]} & of_credit == {for_credit["id"]}


async def test_contracts_are_open_to_read_and_tell_what_came(peers: Peers) -> None:
    event = peers.event("heat", "connected")
    before = (await peers.gateway.get("/integrations/v1/systems/heat")).json()
    await peers.send(event, peers.sender("heat"))

    after = (await peers.gateway.get("/integrations/v1/systems/heat")).json()
    first = await peers.gateway.get("/integrations/v1/systems", limit=20)
    rest = await peers.gateway.get("/integrations/v1/systems", limit=20, cursor=first.json()["next_cursor"])
    absent = await peers.gateway.get("/integrations/v1/systems/absent")

    assert after["events_received"] == before["events_received"] + 1
    assert after["agency_uscc"] == peers.pack.agency("heat_supply").uscc
    assert after["sends"][0]["data"]["properties"]["connected_on"] == {"type": "string", "format": "date"}
    keys = [each["key"] for page in (first, rest) for each in page.json()["entries"]]
    assert keys == sorted(system.key for system in peers.contracts.systems)
    assert absent.status_code == 404


async def test_an_unreadable_body_is_refused_whatever_it_is(peers: Peers) -> None:
    headers = {"Authorization": f"Bearer {still_good(peers.sender('tax'))}"}
    bodies = {
        "none": ("application/json", b""),
        "no JSON": ("application/cloudevents+json", b"{"),
        "two readings": ("application/json", b'{"id": "1", "id": "2"}'),
        "another medium": ("application/xml", b"<event/>"),
    }

    refused = {
        name: (
            await peers.gateway.client.post(EVENTS, content=body, headers=headers | {"Content-Type": media})
        )
        for name, (media, body) in bodies.items()
    }

    assert {name: answer.status_code for name, answer in refused.items()} == {
        "none": 400,
        "no JSON": 400,
        "two readings": 400,
        "another medium": 415,
    }
