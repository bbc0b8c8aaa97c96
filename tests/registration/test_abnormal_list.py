"""The list of abnormal operations over HTTP: from the missed report to removal, objection, orders, three years."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any, Final

import httpx
import pytest

from services.registration.domain.kinds import EnterpriseState
from services.registration.domain.publicity_policy import PublicityPolicy
from services.registration.domain.register_acts import RegisterAct
from services.registration.use_cases.list_abnormal import tell_three_years
from services.registration.use_cases.publish_information import lapse_orders
from services.registration.use_cases.walk_reports import walk_reports
from shared.calendar import DueInstant, due
from tests.registration.builders import ANN, OFFICER
from tests.registration.changing import altered
from tests.registration.reporting import (
    PACK,
    POLICY,
    civil,
    enterprise,
    filed,
    own,
    walk,
)
from tests.support.identities import bearer, enterprise_token, officer_token
from tests.support.service import ServiceUnderTest

LIST: Final = "/registration/v1/abnormal-list"
SCOPES: Final = ("registration.listing.decide", "registration.enterprise.read")
MARKET: Final = officer_token("mia", POLICY.authority_uscc, *SCOPES)
ENTERED: Final = "cn.tongban.registration.abnormal_list.entered.v1"
REMOVED: Final = "cn.tongban.registration.abnormal_list.removed.v1"
THREE_YEARS: Final = "cn.tongban.registration.abnormal_list.three_years.v1"
REASON: Final = {"reason_zh": "经实地核查", "reason_en": "after a visit"}
GROUNDS: Final = {"grounds": "已能够联系"}
MET: Final = {"kind": "permit", "statement": "取得食品经营许可", "arose_on": "2026-03-02"}


async def decide(
    registration: ServiceUnderTest, listing: dict[str, Any], what: str, body: Any = None, token: str = MARKET
) -> httpx.Response:
    """An officer decides on an entry as it was read."""
    return await registration.post(
        f"{LIST}/{listing['id']}/{what}", body, token, If_Match=f'"{listing["version"]}"'
    )


async def proposed(registration: ServiceUnderTest, code: str) -> dict[str, Any]:
    """What waits for confirmation about an enterprise."""
    answer = await registration.get(f"{LIST}/proposed", MARKET, limit=200)
    assert answer.status_code == 200, answer.text
    [found] = [each for each in answer.json()["entries"] if each["uscc"] == code]
    result: dict[str, Any] = found
    return result


async def listed(registration: ServiceUnderTest, code: str) -> dict[str, Any]:
    """An entry in force, because published information was false."""
    body = {"uscc": code, "cause": "false_publicity", **REASON}
    made = await registration.post(LIST, body, MARKET)
    assert made.status_code == 201, made.text
    done = await decide(registration, made.json(), "confirmation")
    assert (done.status_code, done.json()["state"]) == (200, "entered"), done.text
    result: dict[str, Any] = done.json()
    return result


async def on_the_list(registration: ServiceUnderTest, code: str) -> list[str]:
    """States of its entries as everybody sees them, and whether the register says so too."""
    shown = (await registration.get(f"/registration/v1/enterprises/{code}/abnormal-list")).json()
    register = (await registration.get(f"/registration/v1/enterprises/{code}")).json()
    in_force = [each["entered_at"] for each in shown if each["state"] == "entered"]
    assert register["abnormal_since"] == min(in_force, default=None)
    return [each["state"] for each in shown]


async def swept(registration: ServiceUnderTest, sweep: Any) -> int:
    """Let a sweep run once."""
    return int(await registration.app.state.backend.transactions.run(sweep))


@pytest.fixture(autouse=True)
async def _in_march(registration: ServiceUnderTest) -> None:
    registration.clock.set(civil(2026, 3, 2))


async def test_the_time_to_object_ends_with_the_last_day(registration: ServiceUnderTest) -> None:
    evening, late = await enterprise(registration, 7142), await enterprise(registration, 7143)
    entries = [await listed(registration, code) for code in (evening, late)]

    registration.clock.set(civil(2026, 4, 1, 23))
    by_evening = await registration.post(f"{LIST}/{entries[0]['id']}/objection", GROUNDS, own(evening))
    registration.clock.set(civil(2026, 4, 2, 0))
    too_late = await registration.post(f"{LIST}/{entries[1]['id']}/objection", GROUNDS, own(late))

    assert by_evening.status_code == 200, by_evening.text
    assert (too_late.status_code, too_late.json()["type"]) == (409, "/problems/objection-too-late")


async def test_who_misses_30_june_is_proposed_once_confirmed_and_taken_off_when_the_report_is_made_up(
    registration: ServiceUnderTest,
) -> None:
    company = await enterprise(registration, 7101, registered=civil(2025, 5, 1))
    business = await enterprise(registration, 7102, registered=civil(2025, 5, 1), kind="个体工商户")
    newcomer = await enterprise(registration, 7103, registered=civil(2026, 7, 1, 0))
    in_time = await enterprise(registration, 7104, registered=civil(2025, 5, 1))
    assert (await filed(registration, in_time)).status_code == 201
    await walk(registration, civil(2026, 7, 1, 9), at_once=2)
    again = await walk(registration, civil(2026, 7, 2))
    waiting = await proposed(registration, company)
    unseen = await on_the_list(registration, company)

    confirmed = await decide(registration, waiting, "confirmation")
    entered = await on_the_list(registration, company)
    made_up = await filed(registration, company)

    assert again == 0
    assert (waiting["cause"], waiting["year"], unseen) == ("no_annual_report", 2025, [])
    # 20 working days from 30 June 2026, at close of office; weekends between are not counted.
    assert waiting["clock"]["due_at"].startswith("2026-07-28T10:00:00")
    assert (confirmed.status_code, entered) == (200, ["entered"])
    assert (await proposed(registration, business))["effect"] == "marked"
    queue = (await registration.get(f"{LIST}/proposed", MARKET, limit=200)).json()["entries"]
    assert not {newcomer, in_time, company} & {each["uscc"] for each in queue}
    assert (made_up.json()["state"], await on_the_list(registration, company)) == ("made_up", ["removed"])
    [event] = await registration.events(REMOVED, company)
    assert (event["data"]["state"], event["data"]["year"]) == ("removed", 2025)
    [event] = await registration.events(ENTERED, company)
    assert event["data"]["basis_zh"].startswith("《企业信息公示暂行条例》第十七条")
    assert (await filed(registration, business)).status_code == 201
    business_events = await registration.events(ENTERED, business)
    assert business_events == []


async def test_a_pack_may_let_the_rules_enter_whoever_missed_the_report(
    registration: ServiceUnderTest,
) -> None:
    code = await enterprise(registration, 7110, registered=civil(2029, 8, 1))
    automatic = _automatic(POLICY)
    registration.clock.set(civil(2030, 7, 1, 1))
    while await swept(registration, lambda uow: walk_reports(automatic, uow)):
        pass

    states = await on_the_list(registration, code)

    assert states == ["entered"]
    [event] = await registration.events(ENTERED, code)
    assert (event["data"]["decided_by"], event["data"]["year"]) == (POLICY.authority_uscc, 2029)


def _automatic(policy: PublicityPolicy) -> PublicityPolicy:
    return replace(policy, listing=replace(policy.listing, is_automatic=True))


async def test_only_the_supervisor_proposes_and_an_unreachable_one_only_after_two_attempts(
    registration: ServiceUnderTest,
) -> None:
    code = await enterprise(registration, 7120)
    body = {"uscc": code, "cause": "unreachable", **REASON}
    visits = [{"way": "visit", "on": f"2026-02-{day:02}", "result": "无人"} for day in (3, 10)]
    registrar = officer_token("olga", PACK.agency("administrative_approval").uscc, *SCOPES)

    by_registrar = await registration.post(LIST, body, registrar)
    too_early = await registration.post(LIST, body | {"attempts": visits[:1]}, MARKET)
    made = await registration.post(LIST, body | {"attempts": visits}, MARKET)
    twice = await registration.post(LIST, body | {"attempts": visits}, MARKET)
    by_rules_only = await registration.post(LIST, body | {"cause": "no_annual_report"}, MARKET)
    discarded = await decide(registration, made.json(), "dismissal", REASON)
    afterwards = await decide(registration, discarded.json(), "confirmation")

    assert (by_registrar.status_code, by_registrar.json()["type"]) == (403, "/problems/not-the-supervisor")
    assert too_early.json()["type"] == "/problems/grounds-missing"
    assert by_rules_only.json()["type"] == "/problems/grounds-missing"
    assert (made.status_code, twice.json()["type"]) == (201, "/problems/listed-already")
    assert (discarded.json()["state"], await on_the_list(registration, code)) == ("discarded", [])
    assert (afterwards.status_code, afterwards.json()["type"]) == (409, "/problems/listing-move-not-allowed")


async def test_an_enterprise_asks_to_be_taken_off_and_is_within_five_working_days(
    registration: ServiceUnderTest,
) -> None:
    code = await enterprise(registration, 7130)
    entry = await listed(registration, code)
    by_stranger = await registration.post(f"{LIST}/{entry['id']}/removal-request", GROUNDS, ANN)

    asked = await registration.post(f"{LIST}/{entry['id']}/removal-request", GROUNDS, own(code))
    stale = await decide(registration, entry, "removal", REASON)
    removed = await decide(registration, asked.json(), "removal", REASON)

    assert by_stranger.status_code == 404
    # Monday 2 March and five working days.
    assert asked.json()["removal_request"]["clock"]["due_at"].startswith("2026-03-09T10:00:00")
    assert (stale.status_code, removed.json()["state"]) == (412, "removed")
    assert await on_the_list(registration, code) == ["removed"]


async def test_an_upheld_objection_revokes_the_entry_and_a_dismissed_one_leaves_it(
    registration: ServiceUnderTest,
) -> None:
    right, wrong = await enterprise(registration, 7140), await enterprise(registration, 7141)
    outcomes = []
    for code, is_upheld in ((right, True), (wrong, False)):
        entry = await listed(registration, code)
        raised = await registration.post(f"{LIST}/{entry['id']}/objection", GROUNDS, own(code))
        assert raised.json()["objection"]["state"] == "raised", raised.text
        answer = {**REASON, "is_upheld": is_upheld}
        done = await decide(registration, raised.json(), "objection/answer", answer)
        again = await registration.post(f"{LIST}/{entry['id']}/objection", GROUNDS, own(code))
        outcomes.append((done.json()["objection"]["state"], done.json()["state"], again.status_code))

    assert outcomes == [("upheld", "revoked", 409), ("dismissed", "entered", 409)]
    assert await on_the_list(registration, right) == []
    assert await on_the_list(registration, wrong) == ["entered"]


async def test_whoever_leaves_the_register_leaves_the_list(registration: ServiceUnderTest) -> None:
    code = await enterprise(registration, 7190)
    await listed(registration, code)
    body = {"uscc": code, "cause": "name_not_changed", **REASON}
    waiting = (await registration.post(LIST, body, MARKET)).json()

    await altered(registration, code, RegisterAct.DEREGISTERED, state=EnterpriseState.DEREGISTERED)
    late = await decide(registration, waiting | {"version": 2}, "confirmation")
    registration.clock.set(civil(2029, 3, 3))
    await swept(registration, tell_three_years)

    assert await on_the_list(registration, code) == ["removed"]
    assert (late.status_code, late.json()["type"]) == (409, "/problems/listing-move-not-allowed")
    [event] = await registration.events(REMOVED, code)
    assert event["data"]["state"] == "removed"
    assert await registration.events(THREE_YEARS, code) == []


async def test_whoever_does_no_business_any_more_is_not_put_on_the_list(
    registration: ServiceUnderTest,
) -> None:
    code = await enterprise(registration, 7191)
    body = {"uscc": code, "cause": "false_publicity", **REASON}
    waiting = (await registration.post(LIST, body, MARKET)).json()
    await altered(registration, code, RegisterAct.LICENCE_REVOKED, state=EnterpriseState.REVOKED)

    refused = await decide(registration, waiting, "confirmation")
    discarded = await decide(registration, waiting, "dismissal", REASON)

    assert (refused.status_code, refused.json()["type"]) == (409, "/problems/grounds-missing")
    assert discarded.json()["state"] == "discarded"


async def test_an_order_not_met_in_time_leads_to_the_list_and_meeting_it_leads_off(
    registration: ServiceUnderTest,
) -> None:
    code = await enterprise(registration, 7150)
    path = f"/registration/v1/enterprises/{code}"
    order = await registration.post(f"{path}/publication-orders", {"kind": "permit", **REASON}, MARKET)
    assert order.status_code == 201, order.text
    runs_out = datetime.fromisoformat(order.json()["clock"]["due_at"])

    async def lapsed(at: datetime) -> None:
        registration.clock.set(at)
        for _ in range(2):
            await swept(registration, lambda uow: lapse_orders(POLICY, PACK.calendar(), uow))

    await lapsed(runs_out - timedelta(minutes=1))
    early = (await registration.get(f"{LIST}/proposed", MARKET, limit=200)).json()["entries"]
    await lapsed(runs_out + timedelta(minutes=1))
    entry = await proposed(registration, code)
    await decide(registration, entry, "confirmation")
    listed_states = await on_the_list(registration, code)
    entered = await registration.get(f"{LIST}/{entry['id']}", MARKET)
    early_removal = await decide(registration, entered.json(), "removal", REASON)
    met = await registration.post(f"{path}/disclosures", MET | {"order_id": order.json()["id"]}, own(code))

    assert early_removal.json()["type"] == "/problems/grounds-missing"
    assert code not in {each["uscc"] for each in early}
    assert (entry["cause"], listed_states) == ("not_published_as_ordered", ["entered"])
    assert (met.status_code, await on_the_list(registration, code)) == (201, ["removed"])
    [shown] = (await registration.get(f"{path}/publication-orders", own(code))).json()
    assert shown["state"] == "fulfilled"


async def test_three_years_on_the_list_are_told_once(registration: ServiceUnderTest) -> None:
    code = await enterprise(registration, 7160)
    await listed(registration, code)

    async def told(at: datetime) -> int:
        registration.clock.set(at)
        await swept(registration, tell_three_years)
        return len(await registration.events(THREE_YEARS, code))

    counts = [await told(civil(2029, 3, 1)), await told(civil(2029, 3, 2)), await told(civil(2029, 9, 1))]

    assert counts == [0, 1, 1]


async def test_instant_information_is_public_at_once_marked_late_and_corrected_in_the_open(
    registration: ServiceUnderTest,
) -> None:
    code = await enterprise(registration, 7170)
    path = f"/registration/v1/enterprises/{code}/disclosures"
    fresh = await registration.post(path, MET, own(code))
    late = await registration.post(path, MET | {"arose_on": "2026-01-05"}, own(code))
    by_stranger = await registration.post(path, MET, ANN)
    changed = {"statement": "取得食品经营许可（热食类）", "arose_on": "2026-03-02"}
    headers = bearer(own(code)) | {"If-Match": fresh.headers["etag"]}
    target = f"/registration/v1/disclosures/{fresh.json()['id']}"

    corrected = await registration.client.put(target, json=changed, headers=headers)
    stale = await registration.client.put(target, json=changed, headers=headers)
    left = "UPDATE enterprise SET state = 'deregistered' WHERE uscc = :u"
    await registration.rows_changed(left, u=code)
    gone = await registration.post(path, MET, own(code))

    assert (gone.status_code, gone.json()["type"]) == (409, "/problems/state-forbids")
    assert [fresh.json()["current"]["is_late"], late.json()["current"]["is_late"]] == [False, True]
    assert (by_stranger.status_code, corrected.status_code, stale.status_code) == (404, 200, 412)
    shown = {each["id"]: each for each in (await registration.get(path)).json()["entries"]}
    kept = shown[fresh.json()["id"]]
    assert kept["current"]["statement"] == changed["statement"]
    assert [each["statement"] for each in kept["before"]] == [MET["statement"]]


async def test_a_file_is_for_the_supervisor_and_the_enterprise_alone(registration: ServiceUnderTest) -> None:
    code = await enterprise(registration, 7180)
    entry = await listed(registration, code)
    stranger = enterprise_token(code[:-1] + "0", "agent", "registration.enterprise.read")

    answers = [
        (await registration.get(f"{LIST}/{entry['id']}", token)).status_code
        for token in (MARKET, own(code), stranger, ANN, OFFICER)
    ]

    assert answers == [200, 200, 404, 404, 404]
    everybody = (await registration.get(LIST, limit=200)).json()["entries"]
    [shown] = [each for each in everybody if each["uscc"] == code]
    assert "facts_zh" not in shown


async def test_nobody_is_taken_off_without_the_report_and_a_restored_one_is_proposed_anew(
    registration: ServiceUnderTest,
) -> None:
    code = await enterprise(registration, 7105, registered=civil(2026, 5, 1))
    other = await enterprise(registration, 7106, registered=civil(2026, 5, 1))
    body = {"uscc": code, "cause": "no_annual_report", "year": 2026, **REASON}
    await walk(registration, civil(2027, 7, 1, 9))
    entry = (await decide(registration, await proposed(registration, code), "confirmation")).json()

    early = await decide(registration, entry, "removal", REASON)
    twice = await registration.post(LIST, body, MARKET)
    await altered(registration, code, RegisterAct.DEREGISTERED, state=EnterpriseState.DEREGISTERED)
    await altered(registration, code, RegisterAct.RESTORED, state=EnterpriseState.ACTIVE, ended_on=None)
    next_year = await registration.post(LIST, body | {"year": 2027}, MARKET)
    anew = await registration.post(LIST, body, MARKET)
    again = (await decide(registration, anew.json(), "confirmation")).json()
    made_up = await filed(registration, code, year=2026)
    await filed(registration, other, year=2026)
    nothing_owed = await registration.post(LIST, body | {"uscc": other}, MARKET)

    assert (early.status_code, early.json()["type"]) == (409, "/problems/grounds-missing")
    assert (twice.status_code, twice.json()["type"]) == (409, "/problems/listed-already")
    assert next_year.json()["type"] == "/problems/grounds-missing"
    assert (anew.status_code, again["state"], again["year"]) == (201, "entered", 2026)
    assert (made_up.status_code, await on_the_list(registration, code)) == (201, ["removed", "removed"])
    assert nothing_owed.json()["type"] == "/problems/grounds-missing"


def test_the_time_to_decide_is_provisional_where_the_calendar_is_not_published() -> None:
    calendar = PACK.calendar()
    unpublished = max(calendar.published_years) + 1

    runs_out = due(POLICY.listing.decision, civil(unpublished, 7, 1), calendar)

    assert isinstance(runs_out, DueInstant)
    assert runs_out.provisional
    assert runs_out.at.date() > date(unpublished, 7, 1)
