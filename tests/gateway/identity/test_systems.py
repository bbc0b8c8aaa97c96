"""Systems of departments: whether they are connected is known from their clients' signs of life (GW-27, NFR-16)."""

from datetime import UTC, date, datetime, timedelta

import pytest

from gateway.identity.domain.systems import Connection, LinkKind, System, SystemLevel, heard_from
from shared.security.keys import SigningKey
from tests.gateway.identity.registering import KEEPER, SYSTEMS, TAX, a_system, codes, registered, token_of
from tests.support.identities import agency_token, bearer
from tests.support.service import ServiceUnderTest

TAX_BUREAU = agency_token("tax", TAX, "identity.system.read", "identity.system.report")
NOBODY = agency_token("someone", "11140881MB9Y00032A", "identity.system.read", "identity.system.report")
PATIENCE = timedelta(minutes=15)
NOW = datetime(2026, 3, 2, 1, 30, tzinfo=UTC)
LIVE = {"environment": "live", "scopes": ["identity.system.report", "registration.enterprise.read"]}


async def test_a_system_is_connected_while_it_reports_and_no_longer(gateway: ServiceUnderTest) -> None:
    system = await a_system(gateway, client_id="tax", planned_on="2025-12-31")
    path = f"{SYSTEMS}/{system}"

    before = (await gateway.get(path, TAX_BUREAU)).json()
    beat = await gateway.client.post(f"{path}/heartbeat", headers=bearer(TAX_BUREAU))
    heard = (await gateway.get(path, TAX_BUREAU)).json()
    await gateway.rows_changed(
        "UPDATE identity_system SET last_heartbeat_at = now() - interval '16 minutes' WHERE system_id = :id",
        id=system,
    )
    silent = (await gateway.get(path, TAX_BUREAU)).json()

    assert (before["status"], before["overdue"]) == ("not_connected", True)
    assert beat.status_code == 200, beat.text
    assert (heard["status"], heard["overdue"]) == ("connected", False)
    assert heard["connected_since"] == heard["last_heartbeat_at"]
    assert (silent["status"], silent["overdue"], silent["connected_since"]) == ("not_connected", True, None)


async def test_a_client_that_fetches_a_token_connects_its_systems(gateway: ServiceUnderTest) -> None:
    key = SigningKey.generate()
    client_id = await registered(gateway, key, **LIVE)
    system = await a_system(gateway, client_id=client_id)

    await token_of(gateway, client_id, key)

    listed = await gateway.get(SYSTEMS, KEEPER, status="connected", agency=TAX)
    assert system in [each["system_id"] for each in listed.json()["entries"]]


async def test_the_share_of_connected_systems_is_counted_by_agency_and_level(
    gateway: ServiceUnderTest,
) -> None:
    police = "11140881MB9Y00032A"
    for number in range(3):
        await a_system(gateway, agency=police, level="province", client_id="police" if number == 0 else None)
    token = agency_token("police", police, "identity.system.report", "identity.system.read")
    first = (await gateway.get(SYSTEMS, token)).json()["entries"]
    connected = next(each["system_id"] for each in first if each["client_id"] == "police")

    await gateway.client.post(f"{SYSTEMS}/{connected}/heartbeat", headers=bearer(token))
    own = (await gateway.get(f"{SYSTEMS}/stats", token)).json()
    everyones = (await gateway.get(f"{SYSTEMS}/stats", KEEPER)).json()

    [row] = own["by_agency_and_level"]
    assert (row["level"], row["value"], row["numerator"], row["denominator"]) == ("province", "0.3333", 1, 3)
    assert (row["target"], row["met"], row["not_connected"]) == ("1", False, 2)
    assert everyones["total"]["denominator"] == sum(
        each["denominator"] for each in everyones["by_agency_and_level"]
    )
    assert row in everyones["by_agency_and_level"]


async def test_another_agencys_system_is_not_there(gateway: ServiceUnderTest) -> None:
    system = await a_system(gateway, client_id="tax")
    headers = bearer(NOBODY)

    answers = [
        await gateway.get(f"{SYSTEMS}/{system}", NOBODY),
        await gateway.client.post(f"{SYSTEMS}/{system}/heartbeat", headers=headers),
    ]
    listed = await gateway.get(SYSTEMS, NOBODY, agency=TAX)

    assert [answer.status_code for answer in answers] == [404, 404]
    assert listed.json()["entries"] == []


@pytest.mark.parametrize(
    ("given", "pointer"),
    [({"agency": "91140881MA9DEM01XR"}, "/agency"), ({"client_id": "police"}, "/client_id")],
)
async def test_a_system_belongs_to_an_agency_of_the_region_and_is_linked_by_its_live_client(
    gateway: ServiceUnderTest, given: dict[str, str], pointer: str
) -> None:
    body = {"system_id": "wrong-one", "name": "某系统", "agency": TAX, "level": "county", "link": "file"}

    answer = await gateway.post(SYSTEMS, body | given, KEEPER)

    assert answer.status_code == 400, answer.text
    assert pointer in [where for where, _ in codes(answer)]


async def test_a_test_client_connects_no_system(gateway: ServiceUnderTest) -> None:
    on_trial = await registered(gateway, SigningKey.generate())
    body = {"system_id": "on-trial", "name": "某系统", "agency": TAX, "level": "county", "link": "api"}

    answer = await gateway.post(SYSTEMS, body | {"client_id": on_trial}, KEEPER)

    assert codes(answer) == [("/client_id", "not_of_this_agency")]


async def test_a_system_is_changed_as_it_was_read_and_taken_out_when_it_is_run_no_more(
    gateway: ServiceUnderTest,
) -> None:
    system = await a_system(gateway)
    read = await gateway.get(f"{SYSTEMS}/{system}", KEEPER)
    sent = bearer(KEEPER) | {"If-Match": read.headers["etag"]}

    changed = await gateway.client.patch(f"{SYSTEMS}/{system}", json={"client_id": "tax"}, headers=sent)
    stale = await gateway.client.patch(f"{SYSTEMS}/{system}", json={"link": "event"}, headers=sent)
    removed = await gateway.post(f"{SYSTEMS}/{system}/removal", None, KEEPER)
    gone = await gateway.get(f"{SYSTEMS}/{system}", KEEPER)

    assert (changed.json()["client_id"], stale.status_code) == ("tax", 412)
    assert (removed.status_code, gone.status_code) == (200, 404)


def test_a_sign_of_life_goes_on_a_connection_or_begins_a_new_one() -> None:
    planned = System("x", "x", TAX, SystemLevel.COUNTY, LinkKind.API, planned_on=date(2026, 3, 1))

    first = heard_from(planned, NOW, PATIENCE)
    soon = heard_from(first, NOW + timedelta(seconds=59), PATIENCE)
    later = heard_from(first, NOW + PATIENCE, PATIENCE)
    anew = heard_from(first, NOW + PATIENCE + timedelta(microseconds=1), PATIENCE)

    assert soon is first
    assert later.connected_since == NOW
    assert anew.connected_since == anew.last_heartbeat_at
    assert first.connection_at(NOW + PATIENCE, PATIENCE) is Connection.CONNECTED
    assert planned.is_overdue(date(2026, 3, 2), Connection.NOT_CONNECTED)
    assert not planned.is_overdue(date(2026, 3, 1), Connection.NOT_CONNECTED)
