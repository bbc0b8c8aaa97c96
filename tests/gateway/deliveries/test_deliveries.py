"""Results reach the person in the way that was chosen; a parcel is ordered once and never forgotten."""

import asyncio
import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from itertools import product
from typing import Any
from uuid import uuid4

import pytest
import pytest_asyncio

from gateway.deliveries.domain.choice import Choice, DeliveryMethod
from gateway.deliveries.domain.delivery import (
    TRANSITIONS,
    Delivery,
    DeliveryAction,
    DeliveryState,
    make,
    move,
)
from gateway.deliveries.domain.errors import DeliveryActionNotAllowed
from gateway.deliveries.public import DeliveryChoice, choose_delivery
from gateway.deliveries.use_cases.purge_addresses import PurgeAddresses
from tests.gateway.acting import subject_of
from tests.gateway.browser import Asked, browser, tokens_of
from tests.gateway.signed_peer import SECRET, SignedPeer, call_back, signed_peer
from tests.gateway.telling import announced
from tests.support.identities import agency_token, person_token, still_good
from tests.support.service import ServiceUnderTest
from tests.support.waiting import eventually

DELIVERIES = "/deliveries/v1/deliveries"
CHOICES = "/deliveries/v1/choices"
CALLBACKS = "/deliveries/v1/callbacks/http"
SCOPES = ("deliveries.delivery.read", "deliveries.choice.submit")
ANN, BOB = person_token("ann", *SCOPES), person_token("bob", *SCOPES)
WINDOW = agency_token("approval", "11140881MB9Y00016L", "deliveries.delivery.handle")
ADDRESS = {"name": "钱七", "phone": "13900000099", "address": "山西省永济市示例路 99 号"}
USCC = "91140881MAE000002E"
AT = datetime(2026, 11, 23, 1, 30, tzinfo=UTC)


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def courier() -> AsyncIterator[SignedPeer]:
    """A courier, on a real socket."""
    async with signed_peer() as peer:
        peer.answer = {"order_reference": "EMS-1", "tracking_number": "1234567890123"}
        yield peer


@pytest.fixture(scope="module")
def extra_settings(courier: SignedPeer) -> dict[str, Any]:
    """The gateway is connected to the courier."""
    return {"courier_url": courier.url, "courier_secret": SECRET}


async def a_case(gateway: ServiceUnderTest, method: str, **more: Any) -> str:
    """Ann opens a case and says how she wants its results."""
    case, choice = str(uuid4()), DeliveryChoice.model_validate_json(json.dumps({"method": method, **more}))
    await gateway.app.state.backend.transactions.run(
        lambda uow: choose_delivery(case, f"YJS-{case[:8]}", "ann", choice, uow, uow.now)
    )
    return case


async def completed(gateway: ServiceUnderTest, case: str) -> None:
    """The case has ended well."""
    await announced(gateway, "matter", "completed", case, {"matter_id": case, "uscc": USCC})


async def delivery_of(gateway: ServiceUnderTest, case: str, **expected: Any) -> dict[str, Any]:
    """Wait until the delivery of a case is as expected."""

    async def found() -> dict[str, Any] | None:
        page = (await gateway.get(DELIVERIES, ANN, limit=200)).json()["entries"]
        of_it = [each for each in page if each["case_id"] == case]
        good = [each for each in of_it if all(each[name] == value for name, value in expected.items())]
        return good[0] if good else None

    result = await eventually(found)
    assert result is not None
    return result


def tracking(delivery: dict[str, Any], state: str) -> dict[str, Any]:
    """What the courier says of the present trip."""
    order_id = f"{delivery['delivery_id']}-{delivery['trip']}"
    return {"order_id": order_id, "state": state, "at": "2026-11-23T01:30:00Z"}


async def verbs(gateway: ServiceUnderTest, delivery: dict[str, Any]) -> list[str]:
    """What was published of a delivery, in order."""
    rows = await gateway.rows(
        "SELECT type FROM outbox WHERE subject = :id ORDER BY position", id=delivery["delivery_id"]
    )
    return [row["type"].split(".")[-2] for row in rows]


async def test_a_parcel_is_ordered_tracked_and_delivered_and_no_event_says_where(
    gateway: ServiceUnderTest, courier: SignedPeer
) -> None:
    case = await a_case(gateway, "ems", address=ADDRESS)
    await completed(gateway, case)
    ordered = await delivery_of(gateway, case, state="ordered", tracking_number="1234567890123")

    shipped = await call_back(gateway, CALLBACKS, tracking(ordered, "shipped"), message_id=f"s-{case}")
    again = await call_back(gateway, CALLBACKS, tracking(ordered, "shipped"), message_id=f"s-{case}")
    delivered = await call_back(gateway, CALLBACKS, tracking(ordered, "delivered"))
    late = await call_back(gateway, CALLBACKS, tracking(ordered, "failed"))
    ended = await delivery_of(gateway, case, state="delivered")

    [order] = courier.about(ordered["delivery_id"])
    verdicts = [each.json()["verdict"] for each in (shipped, again, delivered, late)]
    told = await gateway.rows("SELECT event::text AS event FROM outbox")
    assert order.said["recipient"] == ADDRESS
    assert verdicts == ["taken", "unchanged", "taken", "unchanged"]
    assert ended["ended_at"] is not None
    assert await verbs(gateway, ordered) == ["prepared", "ordered", "shipped", "delivered"]
    assert not any("示例路" in row["event"] or "13900000099" in row["event"] for row in told)


async def test_what_did_not_arrive_is_sent_again_to_a_corrected_address(
    gateway: ServiceUnderTest, courier: SignedPeer
) -> None:
    case = await a_case(gateway, "ems", address=ADDRESS)
    await completed(gateway, case)
    ordered = await delivery_of(gateway, case, state="ordered")
    await call_back(gateway, CALLBACKS, tracking(ordered, "failed"))
    failed = await delivery_of(gateway, case, state="failed")
    path, corrected = f"{DELIVERIES}/{ordered['delivery_id']}/reorder", ADDRESS | {"address": "示例路 100 号"}

    foreign = await gateway.post(path, {"address": corrected}, BOB, If_Match="*")
    stale = await gateway.post(path, {"address": corrected}, ANN, If_Match='"1"')
    again = await gateway.post(path, {"address": corrected}, ANN, If_Match=f'"{failed["version"]}"')
    second = await delivery_of(gateway, case, state="ordered", trip=2)
    old_trip = await call_back(gateway, CALLBACKS, tracking(ordered, "delivered"))

    orders = courier.about(ordered["delivery_id"])
    assert [each.status_code for each in (foreign, stale, again)] == [404, 412, 200]
    assert [order.said["recipient"]["address"] for order in orders] == [ADDRESS["address"], "示例路 100 号"]
    assert len({order.said["order_id"] for order in orders}) == 2
    assert old_trip.json() == {"verdict": "unchanged"}
    assert second["ended_at"] is None


async def test_while_the_courier_is_away_the_parcel_waits_and_is_ordered_under_one_number(
    gateway: ServiceUnderTest, courier: SignedPeer
) -> None:
    courier.status = 503
    case = await a_case(gateway, "ems", address=ADDRESS)
    await completed(gateway, case)
    waiting = await delivery_of(gateway, case, state="prepared")

    async def refused() -> bool:
        return len(courier.about(waiting["delivery_id"])) == 1

    assert await eventually(refused)
    courier.status = 200
    gateway.clock.advance(timedelta(minutes=1))
    await delivery_of(gateway, case, state="ordered")

    keys = {order.message_id for order in courier.about(waiting["delivery_id"])}
    assert len(keys) == 1


async def test_a_callback_that_overtakes_the_answer_to_the_order_is_asked_for_again_and_counts_then(
    gateway: ServiceUnderTest, courier: SignedPeer
) -> None:
    courier.status = 503
    case = await a_case(gateway, "ems", address=ADDRESS)
    await completed(gateway, case)
    waiting = await delivery_of(gateway, case, state="prepared")

    early = await call_back(gateway, CALLBACKS, tracking(waiting, "delivered"), message_id=f"d-{case}")
    courier.status = 200
    gateway.clock.advance(timedelta(minutes=1))
    await delivery_of(gateway, case, state="ordered")
    again = await call_back(gateway, CALLBACKS, tracking(waiting, "delivered"), message_id=f"d-{case}")

    assert (early.status_code, early.json()["type"]) == (503, "/problems/courier-order-not-settled")
    assert again.json() == {"verdict": "taken"}


async def test_a_parcel_whose_address_was_forgotten_waits_for_one_and_says_so(
    gateway: ServiceUnderTest, courier: SignedPeer
) -> None:
    case = await a_case(gateway, "ems", address=ADDRESS)
    said = {"filing_id": case, "applicant": "ann", "case_no": f"YJS-{case[:8]}", "uscc": USCC}
    for verb in ("refused", "reopened", "approved"):
        await gateway.hear(f"cn.tongban.registration.filing.{verb}.v1", case, said)
    failed = await delivery_of(gateway, case, state="failed")
    path = f"{DELIVERIES}/{failed['delivery_id']}/reorder"

    nowhere = await gateway.post(path, {}, ANN, If_Match="*")
    again = await gateway.post(path, {"address": ADDRESS}, ANN, If_Match="*")
    ordered = await delivery_of(gateway, case, state="ordered")

    assert (nowhere.status_code, again.status_code) == (422, 200)
    assert await verbs(gateway, ordered) == ["prepared", "failed", "prepared", "ordered"]
    assert len(courier.about(ordered["delivery_id"])) == 1


async def test_of_two_who_read_the_same_choice_one_changes_it(gateway: ServiceUnderTest) -> None:
    case = await a_case(gateway, "electronic")

    async def put(method: str) -> int:
        headers = {"Authorization": f"Bearer {still_good(ANN)}", "If-Match": '"1"'}
        answer = await gateway.client.put(f"{CHOICES}/{case}", json={"method": method}, headers=headers)
        return int(answer.status_code)

    answers = await asyncio.gather(*(put(method) for method in ("window", "self_print") * 4))

    assert sorted(answers) == [200, *[412] * 7]


async def test_whoever_said_nothing_gets_certificates_through_the_gateway(gateway: ServiceUnderTest) -> None:
    filing, licence = str(uuid4()), "1.2.156.3005.2.11100000MB0183627F14.X.001.5"
    said = {"filing_id": filing, "matter_id": None, "applicant": "ann", "case_no": "SQ-1", "uscc": USCC}
    await gateway.hear("cn.tongban.registration.filing.submitted.v1", filing, said)
    approved = said | {"licence_identifier": licence}
    await gateway.hear("cn.tongban.registration.filing.approved.v1", filing, approved)

    delivery = await delivery_of(gateway, filing, state="delivered", method="electronic")

    assert delivery["results"] == [
        {
            "kind": "business_licence",
            "identifier": licence,
            "document_path": f"/registration/v1/enterprises/{USCC}/licence",
            "verify_path": f"/registration/v1/verify/{licence}",
        }
    ]


async def test_results_of_the_parts_of_a_matter_come_with_the_matter(gateway: ServiceUnderTest) -> None:
    case, number = await a_case(gateway, "self_print"), f"ZH-{uuid4()}"
    issued = {
        "permit_number": number,
        "matter_id": case,
        "application_id": str(uuid4()),
        "certificate_identifier": f"1.2.{number}",
        "verify_path": f"/licensing/v1/verify/1.2.{number}",
    }
    await gateway.hear("cn.tongban.licensing.permit.issued.v1", number, issued)
    await completed(gateway, case)

    async def complete() -> dict[str, Any] | None:
        delivery = await delivery_of(gateway, case, state="delivered")
        return delivery if delivery["results"] else None

    delivery = await eventually(complete)
    assert delivery is not None
    assert delivery["results"][0]["document_path"] == f"/licensing/v1/permits/{number}"


async def test_results_at_the_window_go_to_who_shows_the_code(gateway: ServiceUnderTest) -> None:
    case = await a_case(gateway, "window")
    await completed(gateway, case)
    waiting = await delivery_of(gateway, case, state="prepared")
    shown = {"case_no": waiting["case_no"], "pickup_code": waiting["pickup_code"]}
    path, handling = "/deliveries/v1/hand-overs", "deliveries.delivery.handle"

    wrong = await gateway.post(path, shown | {"pickup_code": "AAAAAAAA"}, WINDOW)
    person = await gateway.post(path, shown, person_token("ann", handling))
    handed = await gateway.post(path, shown, WINDOW)
    again = await gateway.post(path, shown, WINDOW)

    events = await gateway.rows(
        "SELECT event::text AS event FROM outbox WHERE subject = :id", id=waiting["delivery_id"]
    )
    assert [each.status_code for each in (wrong, person, handed, again)] == [404, 403, 200, 404]
    assert handed.json()["state"] == "delivered"
    assert not any(waiting["pickup_code"] in row["event"] for row in events)


@pytest.mark.parametrize("method", list(DeliveryMethod), ids=str)
async def test_every_case_allows_every_way_and_courier_needs_an_address(
    gateway: ServiceUnderTest, method: DeliveryMethod
) -> None:
    case = await a_case(gateway, "electronic")
    right: dict[str, Any] = {"method": method.value}
    wrong: dict[str, Any] = {"method": method.value, "address": ADDRESS}
    if method is DeliveryMethod.EMS:
        right, wrong = wrong, right

    async def put(body: dict[str, Any], token: str, etag: str = "*") -> Any:
        headers = {"Authorization": f"Bearer {still_good(token)}", "If-Match": etag}
        return await gateway.client.put(f"{CHOICES}/{case}", json=body, headers=headers)

    answers = [
        await put(wrong, ANN),
        await put(right, BOB),
        await put(right, ANN, '"9"'),
        await put(right, ANN),
    ]
    shown = (await gateway.get(f"{CHOICES}/{case}", ANN)).json()

    assert [answer.status_code for answer in answers] == [422, 404, 412, 200]
    assert shown["method"] == method.value
    assert "示例路" not in str(shown)
    assert "13900000099" not in str(shown)


async def test_the_way_is_fixed_once_the_results_are_on_it(gateway: ServiceUnderTest) -> None:
    case = await a_case(gateway, "window")
    await completed(gateway, case)
    await delivery_of(gateway, case)

    headers = {"Authorization": f"Bearer {still_good(ANN)}", "If-Match": "*"}
    answer = await gateway.client.put(f"{CHOICES}/{case}", json={"method": "electronic"}, headers=headers)

    assert answer.status_code == 409


async def test_a_person_prints_own_results_with_the_codes_to_verify_them(gateway: ServiceUnderTest) -> None:
    lisi, filing, licence = await subject_of(gateway, "lisi"), str(uuid4()), "1.2.156.3005.2.1.LISI.001.5"
    said = {
        "filing_id": filing,
        "applicant": lisi,
        "case_no": "SQ-9",
        "uscc": USCC,
        "licence_identifier": licence,
    }
    await gateway.hear("cn.tongban.registration.filing.approved.v1", filing, said)

    async def delivered() -> list[dict[str, Any]]:
        return await gateway.rows("SELECT delivery_id FROM delivery WHERE case_id = :id", id=filing)

    [row] = await eventually(delivered)
    async with browser(gateway.app) as own, browser(gateway.app) as foreign:
        first = await own.get(f"/my/results/{row['delivery_id']}")
        await tokens_of(own, Asked(scope="openid"), "lisi")
        await tokens_of(foreign, Asked(scope="openid"), "zhangsan")
        page = await own.get(f"/my/results/{row['delivery_id']}")
        anothers = await foreign.get(f"/my/results/{row['delivery_id']}")

    assert (first.status_code, page.status_code, anothers.status_code) == (303, 200, 404)
    assert licence in page.text
    assert "<svg" in page.text
    assert f"/registration/v1/verify/{licence}" in page.text
    assert licence not in anothers.text


async def test_an_address_is_deleted_thirty_days_after_delivery_and_not_a_day_earlier(
    gateway: ServiceUnderTest,
) -> None:
    case = await a_case(gateway, "ems", address=ADDRESS)
    await completed(gateway, case)
    ordered = await delivery_of(gateway, case, state="ordered")
    await call_back(gateway, CALLBACKS, tracking(ordered, "delivered"))
    purge = PurgeAddresses(gateway.app.state.region)
    kept = "SELECT count(*) AS n FROM delivery_address WHERE case_id = :case"

    async def purged(days: int) -> int:
        ended = "UPDATE delivery SET ended_at = :at WHERE case_id = :case"
        await gateway.rows_changed(ended, at=gateway.clock() - timedelta(days=days, minutes=1), case=case)
        await gateway.app.state.backend.transactions.run(purge)
        return int((await gateway.rows(kept, case=case))[0]["n"])

    assert [await purged(29), await purged(30)] == [1, 0]
    assert (await gateway.event("cn.tongban.gateway.delivery_address.purged.v1"))["data"]["kept_days"] == 30


async def test_a_callback_that_is_not_the_couriers_changes_nothing(gateway: ServiceUnderTest) -> None:
    case = await a_case(gateway, "ems", address=ADDRESS)
    await completed(gateway, case)
    ordered = await delivery_of(gateway, case, state="ordered")
    said = tracking(ordered, "delivered")

    forged = await call_back(gateway, CALLBACKS, said, secret="whsec_" + "QUFB" * 8)
    old = await call_back(gateway, CALLBACKS, said, at=gateway.clock() - timedelta(minutes=6))
    unknown = await call_back(gateway, CALLBACKS, said | {"order_id": f"{uuid4()}-1"})
    elsewhere = await call_back(gateway, "/deliveries/v1/callbacks/sf-express", said)

    assert [each.status_code for each in (forged, old, unknown, elsewhere)] == [403, 403, 404, 404]
    assert (await delivery_of(gateway, case))["state"] == "ordered"


@pytest.mark.parametrize(("state", "action"), list(product(DeliveryState, DeliveryAction)), ids=str)
def test_only_listed_moves_are_made(state: DeliveryState, action: DeliveryAction) -> None:
    choice = Choice("case", "no", "ann", DeliveryMethod.EMS, AT)
    made = make(uuid4(), choice, "CODE", AT)
    delivery = Delivery(**{**made.__dict__, "state": state})
    target = TRANSITIONS.get((state, action))

    if target is None:
        with pytest.raises(DeliveryActionNotAllowed):
            move(delivery, action, AT)
    else:
        moved = move(delivery, action, AT)
        assert (moved.state, moved.ended_at is not None) == (target, target is DeliveryState.DELIVERED)
