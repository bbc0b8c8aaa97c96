"""A subscriber outside the suite: exactly the events that it may have, in order, none missed over a cut."""

import asyncio
import json
import secrets
from pathlib import Path
from typing import Any

import httpx
import nats
import pytest
from nats.aio.client import Client

from benchmarks.make_register import write_register
from deploy.local.access_token import Credentials, fetch_token
from shared.security.keys import SigningKey
from tests.journeys.suite import RunningSuite
from tests.licensing.restaurant import ANSWERS, APPLICATIONS, FORM
from tests.registration.builders import FILINGS, filing
from tests.support.identities import bearer
from tests.support.waiting import eventually

ROWS = 400
REGISTERED = "cn.tongban.registration.enterprise.registered.v1"
ZONE, TOWN = "11140881MB9Y001711", "140881102"


async def connected(suite: RunningSuite) -> Client:
    """As the tax bureau, with the credentials that the suite gave it."""
    secrets = json.loads((suite.data / "secrets.json").read_text())
    return await nats.connect(
        f"nats://127.0.0.1:{suite.port + 6}",
        user="tax",
        password=secrets["nats"]["tax"],
        inbox_prefix=b"_INBOX_tax",
        allow_reconnect=False,
    )


async def taken(client: Client, most: int) -> list[Any]:
    """Fetch up to so many messages, unacknowledged."""
    subscription = await client.jetstream().pull_subscribe_bind(
        durable="tax", stream="REGISTRATION", inbox_prefix=b"_INBOX_tax."
    )
    try:
        return list(await subscription.fetch(most, timeout=2))
    except (TimeoutError, nats.errors.TimeoutError):
        return []


async def caught_up(suite: RunningSuite) -> None:
    """Take what was told before."""
    client = await connected(suite)
    while messages := await taken(client, 500):
        for message in messages:
            await message.ack()
    await client.close()


async def test_an_import_reaches_a_subscriber_that_is_cut_off_in_the_middle(
    suite: RunningSuite, tmp_path: Path
) -> None:
    await caught_up(suite)
    register = tmp_path / "register.csv"
    write_register(register, ROWS)
    imported = await asyncio.to_thread(suite.tongban, "import", "enterprises", str(register), "--json")
    assert imported.returncode == 0, imported.stderr
    entered = json.loads(imported.stdout)["imported"]
    assert entered > ROWS * 0.9

    client = await connected(suite)
    first = await taken(client, 150)
    for message in first[:100]:
        await message.ack()
    await client.flush()
    await client.close()  # cut off with 50 taken and not acknowledged

    client = await connected(suite)
    received = [json.loads(message.data) for message in first[:100]]

    async def complete() -> bool:
        for message in await taken(client, 100):
            received.append(json.loads(message.data))
            await message.ack()
        return bool(len({event["id"] for event in received}) >= entered)

    await eventually(complete, within=90)  # the 50 come again when their time to be acknowledged is over

    subjects = [event["subject"] for event in received]
    assert len(subjects) == len(set(subjects)) == entered
    assert {event["type"] for event in received} == {"cn.tongban.registration.enterprise.registered.v1"}
    told = [e for e in await asyncio.to_thread(suite.events) if e["subject"] in set(subjects)]
    assert {e["id"] for e in told if ".registration.enterprise." in e["type"]} == {e["id"] for e in received}
    await client.close()


async def test_no_follower_stumbles_over_an_imported_register(suite: RunningSuite) -> None:
    async def applied() -> bool:
        status = await asyncio.to_thread(suite.status)
        parked = {part["name"]: part["backlog"]["parked"] for part in status["parts"]}
        assert set(parked.values()) == {0}, parked
        lags = [
            (c["durable"], c["pending"])
            for part in status["parts"]
            for c in part["consumers"]
            if c["pending"]
        ]
        assert lags == []
        assert status["is_well"], status
        return True

    await eventually(applied, within=180)


async def test_a_zone_on_board_takes_a_case_in_hears_its_result_and_decides_what_is_delegated(
    suite: RunningSuite, tmp_path: Path
) -> None:
    person, items = f"person-{secrets.token_hex(4)}", ("food_operation", "fire_check", "signboard")
    async with httpx.AsyncClient(base_url=suite.url, timeout=20) as http:
        bureau = await _token(suite, "data_bureau")
        zone = await _zone_on_board(http, suite, bureau, tmp_path / "zone.pem")
        await _sent(http, "/subscriptions/v1/subscriptions", {"event_types": [REGISTERED]}, zone)
        for item in items:
            terms = {
                "item": f"licensing.{item}",
                "zone": ZONE,
                "regions": [TOWN],
                "legal_basis": "行政许可法第二十四条",
            }
            await _sent(http, "/powers/v1/delegations", terms, bureau)
        counter = {"channel": "agent", "on_behalf_of": person}
        taken = await _sent(http, FILINGS, filing(domicile__division_code=TOWN) | counter, zone)
        heard = await asyncio.wait_for(_hear_of(http, zone, taken["id"]), 30)
        application = {"industry_code": "restaurant", "uscc": heard["uscc"], "answers": ANSWERS, "form": FORM}
        applied = await _sent(http, APPLICATIONS, application | counter, zone)
        for item in items:
            decision = f"{APPLICATIONS}/{applied['id']}/components/{item}/decision"
            await _sent(http, decision, {"decision": "granted"}, zone)
        result = (await http.get(f"{APPLICATIONS}/{applied['id']}", headers=bearer(zone))).json()
        without = await _token(suite, "development_zone", "registration.enterprise.read")
        refused = await http.post(
            FILINGS, json=filing() | counter, headers=bearer(without, key=secrets.token_hex(8))
        )

    assert heard["uscc"] == taken["uscc"]
    assert (result["status"], result["accepted_at_counter"]) == ("approved", ZONE)
    assert {each["deciding_uscc"] for each in result["components"]} == {ZONE}
    assert (refused.status_code, refused.json()["type"]) == (403, "/problems/insufficient-scope")


async def _token(suite: RunningSuite, client: str, *scopes: str) -> str:
    named = [part for scope in scopes for part in ("--scope", scope)]
    done = await asyncio.to_thread(suite.tongban, "token", "--client", client, *named)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


async def _zone_on_board(http: httpx.AsyncClient, suite: RunningSuite, bureau: str, pem: Path) -> str:
    """Register a client for the zone's reception platform and return its token."""
    key = SigningKey.generate()
    pem.write_bytes(key.to_pem())
    scopes = (
        *("registration.filing.submit", "registration.filing.read", "subscriptions.subscription.manage"),
        *("licensing.application.submit", "licensing.application.read", "licensing.component.decide"),
    )
    client = {
        "client_id": f"zone-{secrets.token_hex(4)}",
        "name": "开发区受理平台",
        "kind": "service",
        "agency": ZONE,
        "environment": "live",
        "scopes": scopes,
        "jwks": [key.public_jwk()],
    }
    made = await _sent(http, "/identity/v1/clients", client, bureau)
    credentials = Credentials(made["client_id"], pem, key.public_jwk()["kid"])
    answer = await asyncio.to_thread(fetch_token, suite.url, suite.url, credentials, scopes)
    return str(answer["access_token"])


async def _sent(http: httpx.AsyncClient, path: str, body: dict[str, Any], token: str) -> dict[str, Any]:
    """Send a command until those who decide on it have heard what it rests on."""
    key = secrets.token_hex(16)

    async def done() -> dict[str, Any]:
        answer = await http.post(path, json=body, headers=bearer(token, key=key))
        assert answer.is_success, answer.text
        made: dict[str, Any] = answer.json()
        return made

    return await eventually(done, within=20)


async def _hear_of(http: httpx.AsyncClient, token: str, filing_id: str) -> dict[str, Any]:
    """Follow the events until one tells what came of a filing."""
    events = http.stream(
        "GET", "/subscriptions/v1/events", params={"types": REGISTERED}, headers=bearer(token)
    )
    async with events as answer:
        async for line in answer.aiter_lines():
            told = json.loads(line.removeprefix("data: "))["data"] if line.startswith("data: ") else {}
            if told.get("filing_id") == filing_id:
                return dict(told)
    raise AssertionError("the stream ended")


@pytest.mark.parametrize(
    "subject",
    ["events.registration.enterprise.registered.v1", "$JS.API.STREAM.PURGE.REGISTRATION",
     "$JS.API.CONSUMER.CREATE.HOTLINE.spy", "$JS.API.CONSUMER.MSG.NEXT.REGISTRATION.credit_opening"],
)  # fmt: skip
async def test_the_broker_refuses_what_is_not_the_subscribers(suite: RunningSuite, subject: str) -> None:
    refused: list[str] = []

    async def note(error: Exception) -> None:
        refused.append(str(error).lower())

    client = await connected(suite)
    client._error_cb = note
    await client.publish(subject, b"{}")

    async def told() -> bool:
        await client.flush()
        return any("permissions violation" in error and "publish" in error for error in refused)

    await eventually(told)
    await client.close()


async def test_the_broker_refuses_to_let_a_subscriber_listen_elsewhere(suite: RunningSuite) -> None:
    refused: list[str] = []

    async def note(error: Exception) -> None:
        refused.append(str(error).lower())

    client = await connected(suite)
    client._error_cb = note
    await client.subscribe("events.>")

    async def told() -> bool:
        await client.flush()
        return any("permissions violation" in error and "subscription" in error for error in refused)

    await eventually(told)
    await client.close()
