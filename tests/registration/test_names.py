"""Names reserved, used, given back, disputed and withdrawn, over HTTP; what the clock brings, by the sweeps."""

import asyncio
import itertools
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import partial
from typing import Any

import pytest

from services.registration.api.desk import open_desk
from services.registration.domain.name_dispute import TRANSITIONS, DisputeAction, DisputeStatus, advance
from services.registration.domain.name_errors import DisputeActionNotAllowed, ReservationActionNotAllowed
from services.registration.domain.name_reservation import TRANSITIONS as RESERVATION_TRANSITIONS
from services.registration.domain.name_reservation import ReservationAction, ReservationStatus
from services.registration.domain.name_reservation import advance as advance_reservation
from services.registration.store.name_disputes import DisputeStore
from services.registration.store.name_reservations import ReservationStore
from services.registration.use_cases.watch_names import (
    end_reservations,
    enforce_rulings,
    mark_names,
    remind_of_names,
    tell_overdue_disputes,
)
from shared.calendar import CHINA, local_date
from shared.database.unit_of_work import UnitOfWork, UnitOfWorkFactory
from shared.messaging.events import EventSource
from shared.region import load_region_pack
from tests.registration.builders import ANN, BOB, FILINGS, OFFICER, OTHER_OFFICER, distinctive, filing
from tests.support.clock import SettableClock
from tests.support.identities import person_token
from tests.support.service import REGION_PACK, ServiceUnderTest

RESERVATIONS = "/registration/v1/names/reservations"
DISPUTES = "/registration/v1/names/disputes"
CHECK = "/registration/v1/names/check"
PREFIX = "cn.tongban.registration."
REASON = {"reason_zh": "足以造成误认", "reason_en": "it misleads"}
NOON = datetime(2026, 12, 31, 4, tzinfo=UTC)


def wish(**changes: Any) -> dict[str, Any]:
    name = {"division": "永济市", "distinctive": distinctive(), "trade": "餐饮", "form": "有限公司"}
    return {"name": name, "enterprise_kind": "limited_company", "scope": ["H6210-01"]} | changes


def named(name: dict[str, str]) -> str:
    return "".join(name.values())


async def swept(
    registration: ServiceUnderTest, sweep: Callable[[UnitOfWork], Awaitable[int]], *, workers: int = 2
) -> None:
    """Run a sweep as workers on two machines would: at once, and as long as it finds something."""
    source = EventSource("registration", "140881")

    async def until_done() -> None:
        while await UnitOfWorkFactory(registration.engine, source, registration.clock).run(sweep):
            pass

    await asyncio.gather(*(until_done() for _ in range(workers)))


async def test_a_reserved_name_is_kept_to_the_end_of_its_last_day(
    registration: ServiceUnderTest, clock: SettableClock
) -> None:
    clock.set(NOON)
    asked = wish()

    made = await registration.post(RESERVATIONS, asked, ANN)
    checked = (await registration.get(CHECK, name=named(asked["name"]))).json()
    other = await registration.post(FILINGS, filing(name=asked["name"]), BOB)
    listed = (await registration.get(RESERVATIONS, ANN)).json()["entries"]

    assert made.status_code == 201, made.text
    out = made.json()
    assert (out["status"], out["name"], out["findings"]) == ("reserved", named(asked["name"]), [])
    assert datetime.fromisoformat(out["reserved_until"]) == datetime(2027, 3, 1, tzinfo=CHINA)
    assert (checked["available"], checked["conflicts"]) == (False, ["same", "alike"])
    assert (other.status_code, other.json()["type"]) == (409, "/problems/name-taken")
    assert out["id"] in {one["id"] for one in listed}
    [told] = await registration.events(f"{PREFIX}name_reservation.made.v1", out["id"])
    assert told["data"]["applicant"] == "ann"


async def test_a_name_is_kept_for_a_year_where_a_permit_comes_first(registration: ServiceUnderTest) -> None:
    asked = wish(scope=["F5169-01"])
    asked["name"]["trade"] = "化工"

    out = (await registration.post(RESERVATIONS, asked, ANN)).json()

    kept = datetime.fromisoformat(out["reserved_until"]) - datetime.now(UTC)
    assert out["permit_first"] is True
    assert timedelta(days=365) < kept <= timedelta(days=367)


async def test_all_that_is_wrong_with_a_name_is_told_at_once(registration: ServiceUnderTest) -> None:
    asked = wish(scope=["H6210-01", "X0000-00"])
    asked["name"] |= {"division": "北京市", "distinctive": "中國渡口", "form": "厂"}

    refused = await registration.post(RESERVATIONS, asked, ANN)

    assert (refused.status_code, refused.json()["type"]) == (409, "/problems/name-unfit")
    assert {(fault["code"], fault["pointer"]) for fault in refused.json()["errors"]} == {
        ("name.region", "/name/division"),
        ("name.forbidden_words", "/name/distinctive"),
        ("name.form", "/name/form"),
        ("scope.standard_codes", "/scope/1"),
    }


async def test_a_reservation_is_its_holders_own_and_free_once_given_back(
    registration: ServiceUnderTest,
) -> None:
    asked = wish()
    held = (await registration.post(RESERVATIONS, asked, ANN)).json()
    path = f"{RESERVATIONS}/{held['id']}"

    foreign = await registration.get(path, BOB)
    not_his = await registration.post(f"{path}/release", None, BOB)
    released = await registration.post(f"{path}/release", None, ANN)
    again = await registration.post(f"{path}/release", None, ANN)
    taken = await registration.post(RESERVATIONS, asked, BOB)

    assert (foreign.status_code, not_his.status_code) == (404, 404)
    assert (released.json()["status"], again.status_code, taken.status_code) == ("released", 409, 201)
    assert again.json()["type"] == "/problems/name-reservation-action-not-allowed"


async def test_of_many_that_reserve_or_file_one_name_at_once_one_gets_it(
    registration: ServiceUnderTest,
) -> None:
    asked = wish()
    tokens = [person_token(f"keeper-{number}", "registration.filing.submit") for number in range(20)]
    bodies = [
        (RESERVATIONS, asked) if number % 2 else (FILINGS, filing(name=asked["name"])) for number in range(20)
    ]

    answers = await asyncio.gather(
        *(registration.post(path, body, token) for (path, body), token in zip(bodies, tokens, strict=True))
    )

    assert sorted(answer.status_code for answer in answers) == [201] + [409] * 19
    lost = [answer for answer in answers if answer.status_code == 409]
    assert {answer.json()["type"] for answer in lost} == {"/problems/name-taken"}
    assert all({"name.same"} <= {fault["code"] for fault in answer.json()["errors"]} for answer in lost)


async def test_names_alike_but_written_otherwise_leave_one_holder(registration: ServiceUnderTest) -> None:
    part = distinctive()[:3] + "龙"
    forms = [part, part.replace("龙", "龍")]
    wishes = [wish() | {"name": wish()["name"] | {"distinctive": form}} for form in forms for _ in range(4)]

    answers = await asyncio.gather(*(registration.post(RESERVATIONS, one, ANN) for one in wishes))

    assert sorted(answer.status_code for answer in answers) == [201] + [409] * 7


async def test_a_holder_is_told_once_before_the_end_and_the_name_lapses_once(
    registration: ServiceUnderTest, clock: SettableClock
) -> None:
    asked = wish()
    held = (await registration.post(RESERVATIONS, asked, ANN)).json()
    until = datetime.fromisoformat(held["reserved_until"])

    clock.set(until - timedelta(days=10, seconds=10))
    await swept(registration, remind_of_names)
    early = await registration.events(f"{PREFIX}name_reservation.reminded.v1", held["id"])
    clock.set(until - timedelta(days=10) + timedelta(seconds=1))
    await swept(registration, remind_of_names)
    await swept(registration, end_reservations)
    kept = await registration.post(RESERVATIONS, asked, BOB)
    clock.set(until + timedelta(seconds=1))
    await swept(registration, end_reservations)
    free = await registration.post(RESERVATIONS, asked, BOB)

    reminded = await registration.events(f"{PREFIX}name_reservation.reminded.v1", held["id"])
    lapsed = await registration.events(f"{PREFIX}name_reservation.lapsed.v1", held["id"])
    assert (len(early), len(reminded), len(lapsed)) == (0, 1, 1)
    assert (kept.status_code, free.status_code) == (409, 201)


async def test_a_filing_uses_the_name_that_its_applicant_reserved(registration: ServiceUnderTest) -> None:
    asked = wish()
    held = (await registration.post(RESERVATIONS, asked, ANN)).json()
    body = filing(name=asked["name"], name_reservation_id=held["id"])
    other = filing(name_reservation_id=held["id"])

    foreign = await registration.post(FILINGS, body, BOB)
    another_name = await registration.post(FILINGS, other, ANN)
    approved = await registration.post(FILINGS, body, ANN)
    again = await registration.post(FILINGS, body, ANN)

    assert (foreign.status_code, another_name.status_code) == (404, 409)
    assert another_name.json()["type"] == "/problems/another-name-reserved"
    assert approved.json()["status"] == "approved", approved.text
    used = (await registration.get(f"{RESERVATIONS}/{held['id']}", ANN)).json()
    assert (used["status"], used["filing_id"]) == ("used", approved.json()["id"])
    assert again.status_code == 409


async def test_an_enterprise_keeps_its_distinctive_part_for_its_own_next_name(
    registration: ServiceUnderTest,
) -> None:
    body = filing()
    own = (await registration.post(FILINGS, body, ANN)).json()
    asked = wish(name=body["name"] | {"division": "运城市"})

    not_the_owner = await registration.post(RESERVATIONS, asked | {"for_uscc": own["uscc"]}, BOB)
    for_nobody = await registration.post(RESERVATIONS, asked, ANN)
    for_itself = await registration.post(RESERVATIONS, asked | {"for_uscc": own["uscc"]}, ANN)

    assert (not_the_owner.status_code, for_nobody.status_code, for_itself.status_code) == (403, 409, 201)


async def test_a_name_that_sounds_like_another_waits_for_a_registrar(registration: ServiceUnderTest) -> None:
    tail = distinctive()[:2]
    first = filing(name__distinctive=f"鸿发{tail}")
    await registration.post(FILINGS, first, ANN)

    sounds = (await registration.post(FILINGS, filing(name__distinctive=f"宏发{tail}"), ANN)).json()
    longer = (await registration.post(FILINGS, filing(name__distinctive=f"鸿发{tail}楼"), ANN)).json()
    checked = (await registration.get(CHECK, name=f"永济市红发{tail}餐饮有限公司")).json()

    assert (sounds["status"], longer["status"]) == ("under_review", "approved")
    assert [(f["rule"], f["outcome"]) for f in sounds["findings"]] == [("name.resembling", "referred")]
    assert [(f["rule"], f["outcome"]) for f in longer["findings"]] == [("name.resembling", "noted")]
    assert (checked["available"], checked["needs_review"]) == (True, True)
    assert checked["resembling"] == ["same_sound", "similar"]


async def test_names_of_an_import_are_compared_once_they_are_marked(registration: ServiceUnderTest) -> None:
    part = f"鸿运{distinctive()[:2]}"
    await registration.post(FILINGS, filing(name__distinctive=part), ANN)
    sounds_alike = f"永济市{part.replace('鸿', '宏')}餐饮有限公司"
    # An import takes names over without marks; nobody filed for them.
    await registration.rows_changed(
        "UPDATE name_claim SET marks = NULL, filing_id = NULL WHERE distinctive_key = :part", part=part
    )

    before = (await registration.get(CHECK, name=sounds_alike)).json()
    await swept(registration, mark_names)
    after = (await registration.get(CHECK, name=sounds_alike)).json()
    same = (await registration.get(CHECK, name=f"永济市{part}餐饮有限公司")).json()

    assert (before["resembling"], after["resembling"]) == ([], ["same_sound"])
    assert (after["available"], after["needs_review"]) == (True, True)
    assert same["conflicts"] == ["same", "alike"]


async def a_dispute(registration: ServiceUnderTest) -> tuple[dict[str, Any], dict[str, Any]]:
    """Ann's enterprise disputes the name of Bob's."""
    ours = (await registration.post(FILINGS, filing(), ANN)).json()
    theirs = (await registration.post(FILINGS, filing(), BOB)).json()
    body = {"claimant_uscc": ours["uscc"], "respondent_uscc": theirs["uscc"], "grounds": "字号近似"}
    made = await registration.post(DISPUTES, body, ANN)
    assert made.status_code == 201, made.text
    return made.json(), theirs


async def ruled_against(registration: ServiceUnderTest) -> tuple[dict[str, Any], dict[str, Any]]:
    dispute, theirs = await a_dispute(registration)
    path = f"{DISPUTES}/{dispute['id']}"
    await registration.post(f"{path}/acceptance", None, OFFICER)
    ruled = await registration.post(f"{path}/ruling", {"outcome": "stop_use"} | REASON, OFFICER)
    assert ruled.status_code == 200, ruled.text
    return ruled.json(), theirs


async def test_a_dispute_is_taken_up_and_ruled_on_in_its_limits(
    registration: ServiceUnderTest, clock: SettableClock
) -> None:
    clock.set(datetime(2026, 9, 28, 2, tzinfo=UTC))
    dispute, theirs = await a_dispute(registration)
    path = f"{DISPUTES}/{dispute['id']}"

    foreign = await registration.post(f"{path}/acceptance", None, OTHER_OFFICER)
    unheard = await registration.get(path, person_token("nosy", "registration.filing.read"))
    too_early = await registration.post(f"{path}/ruling", {"outcome": "stop_use"} | REASON, OFFICER)
    accepted = (await registration.post(f"{path}/acceptance", None, OFFICER)).json()
    queued = (await registration.get("/registration/v1/names/dispute-queue", OFFICER)).json()["entries"]
    ruled = (
        await registration.post(f"{path}/ruling", {"outcome": "no_infringement"} | REASON, OFFICER)
    ).json()
    again = await registration.post(f"{path}/ruling", {"outcome": "stop_use"} | REASON, OFFICER)
    seen = await registration.get(path, BOB)

    # Five working days from 28 September: the National Day holiday of 1 to 7 October lies between.
    assert datetime.fromisoformat(dispute["due_at"]).astimezone(CHINA).date() == date(2026, 10, 10)
    assert datetime.fromisoformat(accepted["due_at"]).astimezone(CHINA).date() == date(2026, 12, 28)
    assert (foreign.status_code, unheard.status_code, too_early.status_code) == (403, 404, 409)
    assert dispute["id"] in {one["id"] for one in queued}
    assert (ruled["status"], ruled["due_at"], again.status_code) == ("not_infringing", None, 409)
    assert seen.json()["reason_en"] == "it misleads"
    [event] = await registration.events(f"{PREFIX}name.ruled.v1", theirs["uscc"])
    assert (event["data"]["is_to_stop"], event["data"]["change_by"]) == (False, None)


async def test_only_the_owner_disputes_and_only_one_dispute_runs_between_two(
    registration: ServiceUnderTest,
) -> None:
    dispute, _ = await a_dispute(registration)
    body = {name: dispute[name] for name in ("claimant_uscc", "respondent_uscc", "grounds")}

    not_the_owner = await registration.post(DISPUTES, body, BOB)
    running = await registration.post(DISPUTES, body, ANN)
    itself = await registration.post(DISPUTES, body | {"respondent_uscc": body["claimant_uscc"]}, ANN)
    withdrawn = await registration.post(f"{DISPUTES}/{dispute['id']}/withdrawal", None, ANN)
    anew = await registration.post(DISPUTES, body, ANN)

    assert (not_the_owner.status_code, running.status_code, itself.status_code) == (403, 409, 409)
    assert running.json()["dispute_id"] == dispute["id"]
    assert (withdrawn.json()["status"], anew.status_code) == ("withdrawn", 201)


async def test_a_name_not_changed_in_time_gives_way_to_the_code_once(
    registration: ServiceUnderTest, clock: SettableClock
) -> None:
    desk = open_desk(registration.settings, load_region_pack(REGION_PACK))
    dispute, theirs = await ruled_against(registration)
    read = f"/registration/v1/enterprises/{theirs['uscc']}"
    due = datetime.fromisoformat(dispute["due_at"])

    clock.set(due - timedelta(minutes=1))
    await swept(registration, partial(enforce_rulings, desk=desk))
    before = (await registration.get(read)).json()
    clock.set(due + timedelta(minutes=1))
    await swept(registration, partial(enforce_rulings, desk=desk))
    after = (await registration.get(read)).json()
    old_name = (await registration.get(CHECK, name=theirs["name"])).json()
    clock.advance(timedelta(days=367))
    a_year_later = (await registration.get(CHECK, name=theirs["name"])).json()

    assert (before["name"], after["name"]) == (theirs["name"], theirs["uscc"])
    assert after["version"] == before["version"] + 1
    [altered] = await registration.events(f"{PREFIX}enterprise.altered.v1", theirs["uscc"])
    assert altered["data"]["name"] == theirs["uscc"]
    [withdrawn] = await registration.events(f"{PREFIX}name.withdrawn.v1", theirs["uscc"])
    assert withdrawn["data"]["name"] == theirs["name"]
    assert (old_name["conflicts"], a_year_later["conflicts"]) == (["same", "alike"], [])
    shown = (await registration.get(f"{DISPUTES}/{dispute['id']}", OFFICER)).json()
    assert shown["status"] == "name_withdrawn"


async def test_a_name_changed_in_time_ends_the_dispute(
    registration: ServiceUnderTest, clock: SettableClock
) -> None:
    desk = open_desk(registration.settings, load_region_pack(REGION_PACK))
    dispute, theirs = await ruled_against(registration)
    await registration.rows_changed(
        "UPDATE enterprise SET name = :name WHERE uscc = :uscc",
        uscc=theirs["uscc"],
        name=f"永济市{distinctive()}餐饮有限公司",
    )

    clock.advance(timedelta(days=40))
    await swept(registration, partial(enforce_rulings, desk=desk))

    shown = (await registration.get(f"{DISPUTES}/{dispute['id']}", OFFICER)).json()
    assert (shown["status"], shown["due_at"]) == ("name_changed", None)
    assert await registration.events(f"{PREFIX}name.withdrawn.v1", theirs["uscc"]) == []


async def test_another_form_is_no_other_name(registration: ServiceUnderTest, clock: SettableClock) -> None:
    desk = open_desk(registration.settings, load_region_pack(REGION_PACK))
    dispute, theirs = await ruled_against(registration)
    await registration.rows_changed(
        "UPDATE enterprise SET name = :name WHERE uscc = :uscc",
        uscc=theirs["uscc"],
        name=theirs["name"].replace("有限公司", "有限责任公司"),
    )

    clock.advance(timedelta(days=40))
    await swept(registration, partial(enforce_rulings, desk=desk))

    shown = (await registration.get(f"{DISPUTES}/{dispute['id']}", OFFICER)).json()
    assert shown["status"] == "name_withdrawn"


async def test_one_applicant_keeps_few_names_at_a_time(registration: ServiceUnderTest) -> None:
    hoarder = person_token("hoarder", "registration.filing.submit", "registration.filing.read")

    answers = await asyncio.gather(*(registration.post(RESERVATIONS, wish(), hoarder) for _ in range(8)))
    kept = [answer.json() for answer in answers if answer.status_code == 201]
    await registration.post(f"{RESERVATIONS}/{kept[0]['id']}/release", None, hoarder)
    again = await registration.post(RESERVATIONS, wish(), hoarder)

    refused = {answer.json()["type"] for answer in answers if answer.status_code != 201}
    assert (len(kept), refused, again.status_code) == (5, {"/problems/too-many-names-reserved"}, 201)


async def test_who_has_left_disputes_no_name(registration: ServiceUnderTest) -> None:
    dispute, _ = await a_dispute(registration)
    await registration.post(f"{DISPUTES}/{dispute['id']}/withdrawal", None, ANN)
    body = {name: dispute[name] for name in ("claimant_uscc", "respondent_uscc", "grounds")}
    left = "UPDATE enterprise SET state = 'deregistered' WHERE uscc = :u"
    await registration.rows_changed(left, u=body["claimant_uscc"])

    answer = await registration.post(DISPUTES, body, ANN)

    assert (answer.status_code, answer.json()["type"]) == (409, "/problems/state-forbids")


@pytest.mark.parametrize("gone", ["claimant_uscc", "respondent_uscc"])
async def test_a_dispute_that_is_not_ruled_on_ends_with_either_party(
    registration: ServiceUnderTest, gone: str
) -> None:
    desk = open_desk(registration.settings, load_region_pack(REGION_PACK))
    dispute, _ = await a_dispute(registration)
    await registration.rows_changed(
        "UPDATE enterprise SET state = 'deregistered' WHERE uscc = :uscc", uscc=dispute[gone]
    )

    await swept(registration, partial(enforce_rulings, desk=desk))

    shown = (await registration.get(f"{DISPUTES}/{dispute['id']}", OFFICER)).json()
    assert (shown["status"], shown["due_at"]) == ("ended", None)
    assert len(await registration.events(f"{PREFIX}name_dispute.closed.v1", dispute["id"])) == 1


async def test_a_name_that_has_more_time_by_now_keeps_no_other_from_being_withdrawn(
    registration: ServiceUnderTest, clock: SettableClock
) -> None:
    desk = open_desk(registration.settings, load_region_pack(REGION_PACK))
    sweep = partial(enforce_rulings, desk=desk)
    over, _ = await ruled_against(registration)
    clock.advance(timedelta(days=5))
    longer, _ = await ruled_against(registration)
    # Written down while the calendar of the year was another, and first in order.
    await registration.rows_changed(
        "UPDATE name_dispute SET due_at = :at, id = CAST(:first AS uuid) WHERE id = CAST(:id AS uuid)",
        at=clock() - timedelta(days=1),
        first=f"00000000{longer['id'][8:]}",
        id=longer["id"],
    )

    clock.set(datetime.fromisoformat(over["due_at"]) + timedelta(minutes=1))
    await swept(registration, sweep)

    shown = (await registration.get(f"{DISPUTES}/{over['id']}", OFFICER)).json()
    waits = (await registration.get(f"{DISPUTES}/00000000{longer['id'][8:]}", OFFICER)).json()
    assert (shown["status"], waits["status"]) == ("name_withdrawn", "stop_use")


async def test_a_reserved_name_of_an_enterprise_becomes_its_own_by_an_alteration(
    registration: ServiceUnderTest,
) -> None:
    first = filing()
    own = (await registration.post(FILINGS, first, ANN)).json()
    asked = wish(name=first["name"] | {"division": "运城市"}, for_uscc=own["uscc"])
    held = (await registration.post(RESERVATIONS, asked, ANN)).json()
    today = local_date(registration.clock()).isoformat()
    decided = {"kind": "alteration", "uscc": own["uscc"], "decided_on": today, "resolution_signed": True}
    body = decided | {"name": asked["name"], "name_reservation_id": held["id"]}

    another = await registration.post(FILINGS, body | {"name": wish()["name"]}, ANN)
    unnamed = await registration.post(FILINGS, decided | {"name": asked["name"]}, ANN)
    altered = (await registration.post(FILINGS, body, ANN)).json()

    assert (another.json()["type"], unnamed.json()["type"]) == (
        "/problems/another-name-reserved",
        "/problems/name-taken",
    )
    assert altered["status"] == "approved", altered
    assert altered["content"]["name_reservation_id"] == held["id"]
    used = (await registration.get(f"{RESERVATIONS}/{held['id']}", ANN)).json()
    read = (await registration.get(f"/registration/v1/enterprises/{own['uscc']}")).json()
    assert (used["status"], used["filing_id"]) == ("used", altered["id"])
    assert read["name"] == named(asked["name"])


async def test_a_late_registrar_is_told_of_once(registration: ServiceUnderTest, clock: SettableClock) -> None:
    desk = open_desk(registration.settings, load_region_pack(REGION_PACK))
    dispute, _ = await a_dispute(registration)
    sweep = partial(tell_overdue_disputes, calendar=desk.calendar)

    await swept(registration, sweep)
    in_time = await registration.events(f"{PREFIX}name_dispute.overdue.v1", dispute["id"])
    clock.set(datetime.fromisoformat(dispute["due_at"]) + timedelta(seconds=1))
    await swept(registration, sweep)
    await swept(registration, sweep)

    late = await registration.events(f"{PREFIX}name_dispute.overdue.v1", dispute["id"])
    assert (len(in_time), len(late)) == (0, 1)


async def test_the_tables_say_what_may_happen_and_nothing_else_does(registration: ServiceUnderTest) -> None:
    source = EventSource("registration", "140881")
    dispute_id = (await a_dispute(registration))[0]["id"]
    reservation_id = (await registration.post(RESERVATIONS, wish(), ANN)).json()["id"]
    async with UnitOfWorkFactory(registration.engine, source, registration.clock).open() as uow:
        dispute = await DisputeStore(uow.session).find(dispute_id)
        reservation = await ReservationStore(uow.session).find(reservation_id)
    policy = open_desk(registration.settings, load_region_pack(REGION_PACK)).policy.names.disputes
    now = registration.clock()

    for status, action in itertools.product(DisputeStatus, DisputeAction):
        at = replace(dispute, status=status)
        if (status, action) in TRANSITIONS:
            assert advance(at, action, now, policy).status is TRANSITIONS[status, action]
        else:
            with pytest.raises(DisputeActionNotAllowed):
                advance(at, action, now, policy)
    for kept, step in itertools.product(ReservationStatus, ReservationAction):
        held = replace(reservation, status=kept)
        if (kept, step) in RESERVATION_TRANSITIONS:
            assert advance_reservation(held, step).status is RESERVATION_TRANSITIONS[kept, step]
        else:
            with pytest.raises(ReservationActionNotAllowed):
                advance_reservation(held, step)
