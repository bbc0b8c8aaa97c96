"""A fee is asked once, paid once, given back once, whatever the provider says how often."""

import base64
import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from itertools import product
from typing import Any
from uuid import UUID, uuid4

import pytest
import pytest_asyncio
from hypothesis import given
from hypothesis import strategies as st

from gateway.payments.domain.errors import FeeForFreeService, PaymentActionNotAllowed
from gateway.payments.domain.free_of_charge import Fee, wrongly_charged
from gateway.payments.domain.payment import (
    TRANSITIONS,
    Payment,
    PaymentAction,
    PaymentState,
    Settlement,
    ask_for,
    confirm_refund,
    end,
    pay,
)
from gateway.payments.public import PaymentAsk, ask_payment, void_payments
from gateway.payments.use_cases.free_of_charge import check_fees
from shared.region import load_region_pack
from tests.gateway.signed_peer import SECRET, SignedPeer, call_back, signed_peer
from tests.support.identities import SIGNING_KEY, agency_token, person_token
from tests.support.service import REGION_PACK, ServiceUnderTest
from tests.support.waiting import eventually

PAYMENTS = "/payments/v1/payments"
CALLBACKS = "/payments/v1/callbacks/http"
ANN = person_token("ann", "payments.payment.read", "payments.payment.pay")
BOB = person_token("bob", "payments.payment.read", "payments.payment.pay")
AT = datetime(2026, 11, 23, 1, 30, tzinfo=UTC)


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def provider() -> AsyncIterator[SignedPeer]:
    """A payment platform, on a real socket."""
    async with signed_peer() as peer:
        peer.answer = {"order_reference": "ORDER-1", "pay_url": "https://pay.example/ORDER-1"}
        yield peer


@pytest.fixture(scope="module")
def extra_settings(provider: SignedPeer) -> dict[str, Any]:
    """The gateway is connected to the platform."""
    return {"payment_provider_url": provider.url, "payment_provider_secret": SECRET}


def an_ask(amount_fen: int = 12000) -> PaymentAsk:
    """What a case of Ann's costs."""
    case = str(uuid4())
    return PaymentAsk(
        uuid4(), case, f"YJS-{case[:8]}", "lab", "ann", "检验费", "Test fee", amount_fen, "收费目录第12项"
    )


async def asked(gateway: ServiceUnderTest, ask: PaymentAsk | None = None) -> PaymentAsk:
    """A part of a case asks for its fee."""
    ask = ask or an_ask()
    await gateway.app.state.backend.transactions.run(lambda uow: ask_payment(ask, uow, uow.now))
    return ask


async def voided(gateway: ServiceUnderTest, ask: PaymentAsk) -> None:
    """The case was withdrawn."""
    await gateway.app.state.backend.transactions.run(
        lambda uow: void_payments(ask.case_id, "申请人撤回", uow, uow.now)
    )


async def shown(gateway: ServiceUnderTest, payment_id: UUID, **expected: Any) -> dict[str, Any]:
    """Wait until a payment is as expected."""

    async def found() -> dict[str, Any] | None:
        payment = (await gateway.get(f"{PAYMENTS}/{payment_id}", ANN)).json()
        return payment if all(payment[name] == value for name, value in expected.items()) else None

    result = await eventually(found)
    assert result is not None
    return result


def report(ask: PaymentAsk, **otherwise: Any) -> dict[str, Any]:
    """What the provider says when the money came."""
    said = {
        "order_id": str(ask.payment_id),
        "event": "paid",
        "amount_fen": ask.amount_fen,
        "transaction_id": f"TX-{ask.payment_id}",
        "at": "2026-11-23T01:30:00Z",
    }
    return said | otherwise


async def verbs(gateway: ServiceUnderTest, ask: PaymentAsk) -> list[str]:
    """What was published of a payment, in order."""
    rows = await gateway.rows(
        "SELECT type FROM outbox WHERE subject = :id ORDER BY position", id=str(ask.payment_id)
    )
    return [row["type"].split(".")[-2] for row in rows]


async def test_a_fee_is_ordered_paid_by_signed_callback_and_receipted(
    gateway: ServiceUnderTest, provider: SignedPeer
) -> None:
    ask = await asked(gateway)
    await asked(gateway, ask)
    waiting = await shown(gateway, ask.payment_id, state="unpaid", pay_url="https://pay.example/ORDER-1")

    taken = await call_back(gateway, CALLBACKS, report(ask), message_id="m-1")
    again = await call_back(gateway, CALLBACKS, report(ask), message_id="m-1")
    resent = await call_back(gateway, CALLBACKS, report(ask), message_id="m-2")
    paid = await shown(gateway, ask.payment_id, state="paid")
    receipt = (await gateway.get(f"{PAYMENTS}/{ask.payment_id}/receipt", ANN)).json()

    [order] = provider.about(str(ask.payment_id))
    assert (order.path, order.said["amount_fen"]) == ("/orders", 12000)
    assert "ann" not in json.dumps(order.said)
    assert [each.json()["verdict"] for each in (taken, again, resent)] == ["taken", "repeated", "repeated"]
    assert waiting["receipt_number"] is None
    assert receipt["receipt_number"] == paid["receipt_number"]
    assert await verbs(gateway, ask) == ["requested", "paid"]
    assert "不是财政电子票据" in receipt["remark"]["zh"]


async def test_a_receipt_is_signed_by_a_published_key_and_is_no_token(gateway: ServiceUnderTest) -> None:
    ask = await asked(gateway)
    await call_back(gateway, CALLBACKS, report(ask))

    receipt = (await gateway.get(f"{PAYMENTS}/{ask.payment_id}/receipt", ANN)).json()
    as_token = await gateway.get(PAYMENTS, receipt["jws"])

    head, content, signature = receipt["jws"].split(".")
    signed = base64.urlsafe_b64decode(signature + "==")
    said = json.loads(base64.urlsafe_b64decode(content + "=="))
    assert SIGNING_KEY.verification_key().verify(signed, f"{head}.{content}".encode())
    assert (said["receipt_number"], said["amount_fen"]) == (receipt["receipt_number"], 12000)
    assert as_token.status_code == 401


@pytest.mark.parametrize(
    ("otherwise", "status", "slug"),
    [
        ({"amount_fen": 1}, 409, "payment-callback-contradicts"),
        ({"order_id": str(UUID(int=7))}, 404, "payment-not-found"),
        ({"event": "refunded"}, 409, "payment-callback-contradicts"),
    ],
    ids=["another amount", "an unknown order", "a refund of what is unpaid"],
)
async def test_what_cannot_be_is_refused_and_kept_for_reconciliation(
    gateway: ServiceUnderTest, otherwise: dict[str, Any], status: int, slug: str
) -> None:
    ask = await asked(gateway)

    answer = await call_back(
        gateway, CALLBACKS, report(ask, **otherwise), message_id=f"wrong-{ask.payment_id}"
    )

    kept = await gateway.rows(
        "SELECT verdict FROM payment_callback WHERE message_id = :id", id=f"wrong-{ask.payment_id}"
    )
    assert (answer.status_code, answer.json()["type"]) == (status, f"/problems/{slug}")
    assert len(kept) == 1
    assert (await shown(gateway, ask.payment_id))["state"] == "unpaid"


async def test_a_second_transaction_for_the_same_fee_is_not_taken(gateway: ServiceUnderTest) -> None:
    ask = await asked(gateway)
    await call_back(gateway, CALLBACKS, report(ask))

    second = await call_back(gateway, CALLBACKS, report(ask, transaction_id="TX-other"))

    assert (second.status_code, second.json()["verdict"]) == (409, "second_transaction")


@pytest.mark.parametrize("fault", ["wrong", "stale", "missing"])
async def test_a_callback_that_is_not_the_providers_changes_nothing_and_is_counted(
    gateway: ServiceUnderTest, fault: str
) -> None:
    ask = await asked(gateway)
    now = gateway.clock()

    if fault == "wrong":
        answer = await call_back(
            gateway, CALLBACKS, report(ask), secret="whsec_" + base64.b64encode(b"x" * 24).decode()
        )
    elif fault == "stale":
        answer = await call_back(gateway, CALLBACKS, report(ask), at=now - timedelta(minutes=6))
    else:
        answer = await gateway.client.post(CALLBACKS, json=report(ask))

    counted = await gateway.rows(
        "SELECT times FROM payment_callback_refused WHERE reason = :reason", reason=fault
    )
    assert (answer.status_code, answer.json()["reason"]) == (403, fault)
    assert counted[0]["times"] >= 1
    assert (await shown(gateway, ask.payment_id))["state"] == "unpaid"


async def test_a_withdrawn_case_gives_back_what_was_paid_until_the_provider_has_done_it(
    gateway: ServiceUnderTest, provider: SignedPeer
) -> None:
    ask = await asked(gateway)
    await call_back(gateway, CALLBACKS, report(ask))
    provider.status = 503
    await voided(gateway, ask)
    await voided(gateway, ask)

    async def tried() -> bool:
        return any(each.path == "/refunds" for each in provider.about(str(ask.payment_id)))

    assert await eventually(tried)
    refunding = await shown(gateway, ask.payment_id, state="refunding")
    provider.status = 200
    done = await call_back(gateway, CALLBACKS, report(ask, event="refunded", transaction_id="R-1"))
    refunded = await shown(gateway, ask.payment_id, state="refunded")

    assert refunding["refunded_at"] is None
    assert done.json() == {"verdict": "taken"}
    assert refunded["ended_because"] == "申请人撤回"
    assert await verbs(gateway, ask) == ["requested", "paid", "refunded"]


async def test_a_withdrawn_case_closes_the_order_and_money_that_comes_late_goes_back(
    gateway: ServiceUnderTest, provider: SignedPeer
) -> None:
    ask = await asked(gateway)
    await shown(gateway, ask.payment_id, pay_url="https://pay.example/ORDER-1")
    await voided(gateway, ask)

    async def closed() -> bool:
        return any(each.path.endswith("/closing") for each in provider.about(str(ask.payment_id)))

    assert await eventually(closed)
    late = await call_back(gateway, CALLBACKS, report(ask))
    provider.answer["state"] = "refunded"
    refunded = await shown(gateway, ask.payment_id, state="refunded")
    del provider.answer["state"]

    assert late.json() == {"verdict": "taken"}
    assert refunded["pay_url"] is None
    assert await verbs(gateway, ask) == ["requested", "voided", "refunded"]


async def test_a_payment_is_its_payers_alone(gateway: ServiceUnderTest) -> None:
    ask = await asked(gateway)
    path = f"{PAYMENTS}/{ask.payment_id}"

    own = (await gateway.get(PAYMENTS, ANN, case_id=ask.case_id)).json()["entries"]
    foreign = (await gateway.get(PAYMENTS, BOB, case_id=ask.case_id)).json()["entries"]
    refused = [
        await gateway.get(path, BOB),
        await gateway.get(f"{path}/receipt", BOB),
        await gateway.post(f"{path}/local-payment", None, BOB),
    ]
    unpaid = await gateway.get(f"{path}/receipt", ANN)
    no_cashier = await gateway.post(f"{path}/local-payment", None, ANN)

    assert ([each["payment_id"] for each in own], foreign) == ([str(ask.payment_id)], [])
    assert [each.status_code for each in refused] == [404, 404, 404]
    assert (unpaid.status_code, no_cashier.status_code) == (409, 409)


async def test_the_data_bureau_reconciles_a_day(gateway: ServiceUnderTest) -> None:
    bureau_code = gateway.app.state.region.agency("data_bureau").uscc
    bureau = agency_token("data_bureau", bureau_code, "payments.reconciliation.read")
    tax = agency_token("tax", gateway.app.state.region.agency("tax").uscc, "payments.reconciliation.read")
    day = (gateway.clock() + timedelta(hours=8)).date().isoformat()
    before = (await gateway.get("/payments/v1/reconciliation", bureau, day=day)).json()
    ask = await asked(gateway, an_ask(777))
    await call_back(gateway, CALLBACKS, report(ask, transaction_id=f"=TX-{ask.payment_id}"))

    after = (await gateway.get("/payments/v1/reconciliation", bureau, day=day)).json()
    listed = await gateway.get("/payments/v1/reconciliation/movements.csv", bureau, day=day)
    foreign = await gateway.get("/payments/v1/reconciliation", tax, day=day)

    assert after["paid"]["amount_fen"] - before["paid"]["amount_fen"] == 777
    assert f",{ask.payment_id},{ask.case_no},lab,777,http,'=TX-" in listed.text
    assert foreign.status_code == 403


def a_payment(state: PaymentState) -> Payment:
    """A payment in a state, by moves that are allowed."""
    settlement = Settlement("http", "TX", AT, "PJ-1")
    unpaid = ask_for(an_ask(), AT)
    paid = pay(unpaid, settlement)
    made = {
        PaymentState.UNPAID: unpaid,
        PaymentState.PAID: paid,
        PaymentState.VOID: end(unpaid, "x", AT),
        PaymentState.REFUNDING: end(paid, "x", AT),
        PaymentState.REFUNDED: confirm_refund(end(paid, "x", AT), AT),
    }
    return made[state]


@pytest.mark.parametrize(("state", "action"), list(product(PaymentState, ["pay", "confirm_refund"])))
def test_only_listed_moves_are_made(state: PaymentState, action: str) -> None:
    payment = a_payment(state)
    target = TRANSITIONS.get((state, PaymentAction(action)))
    settlement = Settlement("http", "TX", AT, "PJ-1")

    def move() -> Payment:
        return pay(payment, settlement) if action == "pay" else confirm_refund(payment, AT)

    if target is None:
        with pytest.raises(PaymentActionNotAllowed):
            move()
    else:
        assert move().state is target


@given(st.lists(st.sampled_from(["pay", "end", "refund"]), max_size=8))
def test_money_that_came_for_a_case_that_ended_always_goes_back(moves: list[str]) -> None:
    payment, ended = ask_for(an_ask(), AT), False
    for move in moves:
        if move == "pay" and payment.settlement is None:
            payment = pay(payment, Settlement("http", "TX", AT, "PJ-1"))
        elif move == "end":
            payment, ended = end(payment, "x", AT), True
        elif payment.state is PaymentState.REFUNDING:
            payment = confirm_refund(payment, AT)

    kept = payment.state is PaymentState.PAID
    assert kept == (payment.settlement is not None and not ended)


def test_what_is_free_of_charge_never_has_a_fee() -> None:
    pack = load_region_pack(REGION_PACK)
    free = pack.parameter("fees.free_of_charge").value
    assert isinstance(free, tuple)
    charged = pack.model_copy(
        update={
            "matters": tuple(
                theme.model_copy(
                    update={"tasks": tuple(task.model_copy(update={"fee_fen": 100}) for task in theme.tasks)}
                )
                for theme in pack.matters
            )
        }
    )

    check_fees(pack)
    with pytest.raises(FeeForFreeService, match="seal"):
        check_fees(charged)

    assert {"credit_repair", "credit_evaluation", "open_enterprise"} <= set(free)
    assert wrongly_charged([Fee("theme", "credit_repair", 1), Fee("theme", "lab", 1)], free) == (
        "theme.credit_repair",
    )
