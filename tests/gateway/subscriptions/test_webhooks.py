"""Webhooks over real sockets: signed, in order, again until they are taken, and what happens when they are not."""

import asyncio
from collections.abc import Sequence
from typing import Any

import httpx
import pytest

from tests.gateway.subscriptions.conftest import forget_all
from tests.gateway.subscriptions.receiving import Receiver, receiving
from tests.support.alerts import firing
from tests.support.identities import agency_token, bearer
from tests.support.service import ServiceUnderTest
from tests.support.waiting import eventually

TAX, POLICE = "11140881MB9Y000405", "11140881MB9Y00032A"
SCOPE = "subscriptions.subscription.manage"
REGISTERED = "cn.tongban.registration.enterprise.registered.v1"
ASSIGNED = "cn.tongban.gateway.task.assigned.v1"
TRACE = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
TOKEN = agency_token("tax", TAX, SCOPE)
OF_POLICE = agency_token("police", POLICE, SCOPE)


@pytest.fixture(scope="module")
def extra_settings(neighbours: dict[str, str]) -> dict[str, Any]:
    """The receivers of this module are on the loopback network; failed attempts are repeated soon."""
    return {f"{service}_url": url for service, url in neighbours.items()} | {
        "webhook_networks": "127.0.0.0/8",
        "webhook_retry_seconds": "0.05,0.05,0.1",
        "webhook_alarm_hours": 0.00005,
    }


async def subscribed(
    gateway: ServiceUnderTest, receiver: Receiver, *types: str, token: str = TOKEN, after: int | None = None
) -> str:
    opened = await gateway.post("/subscriptions/v1/subscriptions", {"event_types": types}, token)
    assert opened.status_code == 201, opened.text
    path = f"/subscriptions/v1/subscriptions/{opened.json()['subscription_id']}"
    named = await put(gateway, f"{path}/destination", {"url": receiver.url, "after": after}, token)
    assert named.status_code == 201, named.text
    receiver.secrets.append(named.json()["secret"])
    return path


async def put(
    gateway: ServiceUnderTest, path: str, body: dict[str, Any] | None, token: str = TOKEN
) -> httpx.Response:
    return await gateway.client.put(path, json=body, headers=bearer(token))


async def standing(gateway: ServiceUnderTest, path: str) -> dict[str, Any]:
    answer = await gateway.get(f"{path}/destination", TOKEN)
    shown: dict[str, Any] = answer.json()
    return shown


async def registered(gateway: ServiceUnderTest, *subjects: str) -> list[str]:
    return [
        str((await gateway.hear(REGISTERED, subject, {"uscc": subject, "name": "x"}))["id"])
        for subject in subjects
    ]


async def logged(gateway: ServiceUnderTest, *subjects: str) -> None:
    await registered(gateway, *subjects)

    async def all_there() -> bool:
        held = "SELECT 1 FROM subscription_event WHERE subject = ANY (:subjects)"
        return len(await gateway.rows(held, subjects=list(subjects))) >= len(subjects)

    await eventually(all_there)


async def came(receiver: Receiver, subjects: Sequence[str]) -> None:
    async def all_there() -> bool:
        return [each for each in receiver.subjects if each in subjects] == list(subjects)

    await eventually(all_there)


async def test_events_come_signed_in_order_and_with_their_trace(gateway: ServiceUnderTest) -> None:
    async with receiving() as receiver:
        path = await subscribed(gateway, receiver, REGISTERED)
        ids = await registered(gateway, "A-1", "A-2")
        traced = await gateway.hear(REGISTERED, "A-3", {"uscc": "A-3"}, traceparent=TRACE)
        ids.append(str(traced["id"]))
        await came(receiver, ["A-1", "A-2", "A-3"])

        async def up_to_date() -> bool:
            return bool((await standing(gateway, path))["behind"] == 0)

        await eventually(up_to_date)
        shown = await standing(gateway, path)

    assert [event["id"] for event in receiver.taken] == ids
    assert [headers["webhook-id"] for headers in receiver.headers] == ids
    assert receiver.headers[0]["content-type"].startswith("application/cloudevents+json")
    assert [headers.get("traceparent") for headers in receiver.headers] == [None, None, TRACE]
    assert (shown["state"], shown["secret"], shown["waiting"], shown["parked"]) == ("active", None, 0, 0)


async def test_an_agency_is_sent_only_what_is_addressed_to_it(gateway: ServiceUnderTest) -> None:
    async with receiving() as of_tax, receiving() as of_police:
        await subscribed(gateway, of_tax, ASSIGNED)
        await subscribed(gateway, of_police, ASSIGNED, token=OF_POLICE)

        for name, uscc in (("w-1", TAX), ("w-2", POLICE), ("w-3", TAX)):
            await gateway.hear(ASSIGNED, name, {"task_id": name, "agency_uscc": uscc})
        await came(of_tax, ["w-1", "w-3"])
        await came(of_police, ["w-2"])

    assert of_police.subjects == ["w-2"]


async def test_during_a_rotation_both_secrets_verify_and_a_wrong_one_never_does(
    gateway: ServiceUnderTest,
) -> None:
    async with receiving() as receiver:
        path = await subscribed(gateway, receiver, REGISTERED)
        former = receiver.secrets.pop()

        renewed = (await put(gateway, f"{path}/destination/secret", None)).json()["secret"]
        receiver.secrets = [former]
        await registered(gateway, "R-1")
        await came(receiver, ["R-1"])
        receiver.secrets = [renewed]
        await registered(gateway, "R-2")
        await came(receiver, ["R-1", "R-2"])

    assert renewed != former


async def test_a_target_that_is_away_gets_everything_once_it_is_back(gateway: ServiceUnderTest) -> None:
    async with receiving() as receiver:
        path = await subscribed(gateway, receiver, REGISTERED)
        receiver.is_away = True
        await registered(gateway, "B-1", "B-2")

        async def tried() -> bool:
            shown = await standing(gateway, path)
            return bool(shown["attempts"] > 0 and shown["last_fault"] == "503" and shown["behind"] == 2)

        await eventually(tried)
        receiver.is_away = False
        await came(receiver, ["B-1", "B-2"])


async def test_a_target_away_for_too_long_is_parked_with_an_alarm_that_repeats_and_resumed(
    gateway: ServiceUnderTest, caplog: pytest.LogCaptureFixture
) -> None:
    async with receiving() as receiver:
        path = await subscribed(gateway, receiver, REGISTERED)
        receiver.is_away = True
        await registered(gateway, "P-1")

        async def alarmed_twice() -> bool:
            own = path.rpartition("/")[2]
            alarms = [r for r in caplog.records if r.getMessage() == "webhook_destination_parked"]
            return len([r for r in alarms if getattr(r, "subscription_id", None) == own]) >= 2

        await eventually(alarmed_twice, within=30)
        parked = await standing(gateway, path)
        alerts = firing((await gateway.client.get("/metrics")).text, "gateway")
        receiver.is_away = False
        resumed = await gateway.post(f"{path}/destination/resumption", None, TOKEN)
        await came(receiver, ["P-1"])

    assert parked["state"] == "parked"
    assert "TongbanWebhooksParked" in alerts
    assert resumed.json()["state"] == "active"


async def test_a_refused_event_holds_back_its_own_subject_and_no_other(gateway: ServiceUnderTest) -> None:
    async with receiving() as receiver:
        path = await subscribed(gateway, receiver, REGISTERED)
        receiver.answers["C-bad"] = 422
        await registered(gateway, "C-bad", "C-1", "C-bad", "C-2")
        await came(receiver, ["C-1", "C-2"])

        async def is_parked() -> list[dict[str, Any]]:
            answer = await gateway.get(f"{path}/destination/deliveries", TOKEN, state="parked")
            entries: list[dict[str, Any]] = answer.json()["entries"]
            return entries

        async def is_waiting() -> list[str]:
            answer = await gateway.get(f"{path}/destination/deliveries", TOKEN, state="waiting")
            return [each["subject"] for each in answer.json()["entries"]]

        [parked] = await eventually(is_parked)
        waiting = await eventually(is_waiting)
        del receiver.answers["C-bad"]
        again = await gateway.post(f"{path}/destination/deliveries/{parked['position']}/retry", None, TOKEN)
        await came(receiver, ["C-1", "C-2", "C-bad", "C-bad"])

    assert parked["attempts"] == 4
    assert waiting == ["C-bad"]
    assert again.status_code == 200


async def test_a_given_up_event_lets_the_later_ones_of_its_subject_go_on(gateway: ServiceUnderTest) -> None:
    async with receiving() as receiver:
        path = await subscribed(gateway, receiver, REGISTERED)
        receiver.answers["G-1"] = 400
        first, second = await registered(gateway, "G-1", "G-1")

        async def is_parked() -> list[dict[str, Any]]:
            answer = await gateway.get(f"{path}/destination/deliveries", TOKEN, state="parked")
            entries: list[dict[str, Any]] = answer.json()["entries"]
            return entries

        [parked] = await eventually(is_parked)
        receiver.answers.clear()
        await gateway.post(f"{path}/destination/deliveries/{parked['position']}/abandonment", None, TOKEN)
        await came(receiver, ["G-1"])

    assert [event["id"] for event in receiver.taken] == [second]
    assert parked["event_id"] == first


async def test_a_target_that_is_gone_is_left_alone_until_it_is_resumed(gateway: ServiceUnderTest) -> None:
    async with receiving() as receiver:
        path = await subscribed(gateway, receiver, REGISTERED)
        receiver.answers["L-1"] = 410
        await registered(gateway, "L-1")

        async def is_gone() -> bool:
            return bool((await standing(gateway, path))["state"] == "gone")

        await eventually(is_gone)
        receiver.answers.clear()
        await gateway.post(f"{path}/destination/resumption", None, TOKEN)
        await came(receiver, ["L-1"])


async def test_a_redirect_is_not_followed(gateway: ServiceUnderTest) -> None:
    async with receiving() as receiver:
        path = await subscribed(gateway, receiver, REGISTERED)
        receiver.answers["M-1"] = 302
        await registered(gateway, "M-1")

        async def told() -> bool:
            return bool((await standing(gateway, path))["last_fault"] == "302")

        await eventually(told)


async def test_a_paused_webhook_is_replayed_from_any_position_kept(gateway: ServiceUnderTest) -> None:
    async with receiving() as receiver:
        path = await subscribed(gateway, receiver, REGISTERED)
        began = (await standing(gateway, path))["position"]
        await registered(gateway, "D-1", "D-2")
        await came(receiver, ["D-1", "D-2"])

        paused = await gateway.post(f"{path}/destination/pause", None, TOKEN)
        twice = await gateway.post(f"{path}/destination/pause", None, TOKEN)
        await registered(gateway, "D-3")
        beyond = await gateway.post(f"{path}/destination/replay", {"after": 10**9}, TOKEN)
        await gateway.post(f"{path}/destination/replay", {"after": began}, TOKEN)
        await gateway.post(f"{path}/destination/resumption", None, TOKEN)
        await came(receiver, ["D-1", "D-2", "D-1", "D-2", "D-3"])

    assert paused.json()["state"] == "paused"
    assert twice.json()["type"] == "/problems/destination-action-not-allowed"
    assert beyond.json()["type"] == "/problems/position-unknown"
    assert len(receiver.held()) == 3


async def test_a_webhook_whose_events_were_forgotten_meanwhile_is_not_resumed_as_if_nothing_was(
    gateway: ServiceUnderTest,
) -> None:
    async with receiving() as receiver:
        path = await subscribed(gateway, receiver, REGISTERED)
        await gateway.post(f"{path}/destination/pause", None, TOKEN)
        await logged(gateway, "K-1", "K-1", "K-1")
        await forget_all(gateway)

        refused = await gateway.post(f"{path}/destination/resumption", None, TOKEN)
        onward = {"after": refused.json()["oldest"]}
        await gateway.post(f"{path}/destination/replay", onward, TOKEN)
        resumed = await gateway.post(f"{path}/destination/resumption", None, TOKEN)
        await came(receiver, ["K-1"])

    assert (refused.status_code, resumed.status_code) == (410, 200)
    assert refused.json()["type"] == "/problems/position-too-old"


async def test_a_refused_event_is_kept_until_it_is_settled_or_nobody_waits_for_it(
    gateway: ServiceUnderTest,
) -> None:
    held = "SELECT 1 FROM subscription_event WHERE subject = 'R-1'"
    async with receiving() as receiver:
        path = await subscribed(gateway, receiver, REGISTERED)
        receiver.answers["R-1"] = 422
        await logged(gateway, "R-1", "R-1")

        async def both_wait() -> bool:
            answer = await gateway.get(f"{path}/destination/deliveries", TOKEN)
            return len(answer.json()["entries"]) == 2

        await eventually(both_wait)
        await forget_all(gateway)
        kept = await gateway.rows(held)
        await gateway.post(f"{path}/ending", None, TOKEN)
        await forget_all(gateway)

    assert (len(kept), len(await gateway.rows(held))) == (2, 1)


async def test_of_first_targets_named_at_once_each_is_answered(gateway: ServiceUnderTest) -> None:
    async with receiving() as receiver:
        opened = await gateway.post("/subscriptions/v1/subscriptions", {"event_types": [REGISTERED]}, TOKEN)
        path = f"/subscriptions/v1/subscriptions/{opened.json()['subscription_id']}/destination"

        answers = await asyncio.gather(*(put(gateway, path, {"url": receiver.url}) for _ in range(6)))

    assert sorted(answer.status_code for answer in answers) == [200] * 5 + [201]
    assert len([answer for answer in answers if answer.json()["secret"]]) == 1


async def test_a_subscriber_killed_and_resumed_ten_times_holds_n_of_n(gateway: ServiceUnderTest) -> None:
    async with receiving() as receiver:
        path = await subscribed(gateway, receiver, REGISTERED)
        began = (await standing(gateway, path))["position"]
        published: list[str] = []
        for turn in range(10):
            receiver.is_away = turn % 2 == 0
            if turn % 3 == 2:
                await gateway.stop_worker()
                await gateway.start_worker()
            published += await registered(gateway, *(f"K-{turn}-{n}" for n in range(3)))
        receiver.is_away = False

        async def all_there() -> bool:
            if (await standing(gateway, path))["state"] == "parked":
                await gateway.post(f"{path}/destination/resumption", None, TOKEN)
            return receiver.held() >= set(published)

        await eventually(all_there, within=40)
        reckoned = await gateway.get(
            f"{path}/reconcile", TOKEN, after=began, held=len(receiver.held() & set(published))
        )

    assert reckoned.json()["says_en"] == f"you hold {len(published)} of {len(published)}"
    assert reckoned.json()["is_complete"] is True


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("https://10.0.0.1/x", "address"),
        ("https://169.254.169.254/latest/meta-data", "address"),
        ("https://[::1]/x", "address"),
        ("https://[::ffff:10.0.0.1]/x", "address"),
        ("https://100.64.0.1/x", "address"),
        ("https://0.0.0.0/x", "address"),
        ("file:///etc/passwd", "scheme"),
        ("gopher://127.0.0.1/x", "scheme"),
        ("https://user:pw@192.0.2.1/x", "user_info"),
        ("https://no-such-host.invalid/x", "unresolvable"),
    ],
)
async def test_webhooks_never_go_into_the_suites_own_network(
    gateway: ServiceUnderTest, url: str, code: str
) -> None:
    opened = await gateway.post("/subscriptions/v1/subscriptions", {"event_types": [REGISTERED]}, TOKEN)
    path = f"/subscriptions/v1/subscriptions/{opened.json()['subscription_id']}/destination"

    refused = await put(gateway, path, {"url": url})

    assert refused.status_code == 400
    assert refused.json()["type"] == "/problems/webhook-target-refused"
    assert [(each["pointer"], each["code"]) for each in refused.json()["errors"]] == [("/url", code)]
    assert (await gateway.get(path, TOKEN)).status_code == 404


async def test_anothers_webhook_is_not_there(gateway: ServiceUnderTest) -> None:
    async with receiving() as receiver:
        path = await subscribed(gateway, receiver, REGISTERED)

        seen = await gateway.get(f"{path}/destination", OF_POLICE)
        moved = await put(gateway, f"{path}/destination", {"url": receiver.url}, OF_POLICE)

    assert (seen.status_code, moved.status_code) == (404, 404)
