"""Submitting and reading tickets: input, dispatch, who sees what."""

import asyncio
import secrets
from typing import Any

import pytest

from shared.identifiers import is_case_number
from tests.hotline.steps import (
    CENTRE,
    DESK,
    ECOLOGY,
    ECOLOGY_TOKEN,
    HOUSING,
    HOUSING_TOKEN,
    OWNER,
    PROTECTED,
    STRANGER,
    TAX,
    TICKETS,
    act,
    answered,
    done,
    request,
    slug,
    somebody,
    submit,
)
from tests.support.identities import officer_token
from tests.support.service import ServiceUnderTest

EVENT = "cn.tongban.hotline.ticket."
ENTERPRISE = "91140881MB9Y00075F"


async def test_the_owners_question_goes_to_whose_duty_it_is(hotline: ServiceUnderTest) -> None:
    ticket = await submit(hotline)

    assert is_case_number(ticket["number"])
    assert (ticket["state"], ticket["category"]) == ("dispatched", "drainage_permit")
    assert ticket["agency_uscc"] == HOUSING
    assert ticket["matched_words"] == ["排水许可", "告知单", "许可证"]
    received = await hotline.event(f"{EVENT}received.v1", ticket["number"])
    dispatched = await hotline.event(f"{EVENT}dispatched.v1", ticket["number"])
    assert received["data"]["category_code"] == "drainage_permit"
    assert dispatched["data"] == {
        "ticket_number": ticket["number"],
        "agency_uscc": HOUSING,
        "category_code": "drainage_permit",
        "due_at": ticket["reply_due_at"],
        "automatic": True,
        "applicant": "person-owner",
    }


async def test_no_event_carries_content_or_person(hotline: ServiceUnderTest) -> None:
    content = f"排水许可 {secrets.token_hex(8)}"
    number = await answered(hotline, content=content)
    await done(hotline, number, "rating", OWNER, score=5, solved=True, comment="多谢张局长")

    rows = await hotline.rows("SELECT event::text AS event FROM outbox WHERE subject = :n", n=number)

    told = "".join(row["event"] for row in rows)
    assert len(rows) == 5
    for secret in (content, "张", "13900000001", "商业楼"):
        assert secret not in told


async def test_what_is_unsure_waits_for_the_centre(hotline: ServiceUnderTest) -> None:
    ticket = await submit(hotline, content="楼下饭店噪音扰民，油烟大，垃圾乱倒")
    number = ticket["number"]
    assert (ticket["state"], ticket["agency_uscc"]) == ("received", None)
    assert await hotline.events(f"{EVENT}dispatched.v1", number) == []

    sent = await done(hotline, number, "dispatch", DESK, category="noise")

    assert (sent["state"], sent["agency_uscc"], sent["category"]) == ("dispatched", ECOLOGY, "noise")
    event = await hotline.event(f"{EVENT}dispatched.v1", number)
    assert event["data"]["automatic"] is False


async def test_the_centre_names_a_category_where_none_was_found(hotline: ServiceUnderTest) -> None:
    number = (await submit(hotline, content="请帮忙"))["number"]

    refused = await act(hotline, number, "dispatch", DESK, agency_uscc=ECOLOGY)
    sent = await done(hotline, number, "dispatch", DESK, agency_uscc=ECOLOGY, category="other")

    assert (refused.status_code, slug(refused)) == (409, "category-needed")
    assert sent["agency_uscc"] == ECOLOGY


async def test_an_emergency_is_transferred_and_no_ticket(hotline: ServiceUnderTest) -> None:
    body = request(kind="help", content=f"店里着火了 {secrets.token_hex(4)}")

    refused = await hotline.post(TICKETS, body, OWNER, accept_language="en")
    taken = await hotline.post(TICKETS, body | {"no_emergency": True}, OWNER)

    assert (refused.status_code, slug(refused)) == (409, "emergency-transfer")
    assert refused.json()["lines"] == ["119"]
    assert all(line in refused.json()["detail"] for line in ("110", "119", "120", "122"))
    assert taken.status_code == 201
    [kept] = await hotline.rows("SELECT number FROM ticket WHERE content = :c", c=body["content"])
    assert kept["number"] == taken.json()["number"]


@pytest.mark.parametrize(
    ("changes", "pointers"),
    [
        ({"kind": "praise"}, {"/kind"}),
        ({"channel": "fax"}, {"/channel"}),
        ({"content": ""}, {"/content"}),
        ({"content": "长" * 5001}, {"/content"}),
        ({"category": "no_such"}, {"/category"}),
        ({"place": {"code": "110101001"}}, {"/place/code"}),
        ({"contact": {"name": "张三", "phone": "call me"}}, {"/contact/phone"}),
        ({"uscc": "91140881MB9Y00075X"}, {"/uscc"}),
        ({"confidential": "yes"}, {"/confidential"}),
        ({"urgent": True}, {"/urgent"}),
        ({"requester_type": "enterprise"}, {"/uscc", "/category"}),
        ({"requester_type": "enterprise", "uscc": ENTERPRISE}, {"/category"}),
        (
            {"requester_type": "enterprise", "uscc": ENTERPRISE, "category": "enterprise_demands"},
            {"/category"},
        ),
        ({"requester_type": "enterprise", "uscc": ENTERPRISE, "category": "noise"}, {"/category"}),
    ],
)
async def test_bad_input_is_told_by_field_and_leaves_nothing(
    hotline: ServiceUnderTest, changes: dict[str, Any], pointers: set[str]
) -> None:
    [before] = await hotline.rows("SELECT count(*) AS n FROM ticket")

    answer = await hotline.post(TICKETS, request(**changes), OWNER)

    assert answer.status_code == 400
    assert {error["pointer"] for error in answer.json()["errors"]} == pointers
    assert await hotline.rows("SELECT count(*) AS n FROM ticket") == [before]


async def test_an_enterprise_asks_through_its_own_seat(hotline: ServiceUnderTest) -> None:
    ticket = await submit(
        hotline, requester_type="enterprise", uscc=ENTERPRISE, category="business_registration"
    )

    assert (ticket["requester_type"], ticket["uscc"]) == ("enterprise", ENTERPRISE)
    assert (ticket["named_category"], ticket["category"]) == ("business_registration", "drainage_permit")


@pytest.mark.parametrize("kind", ["consult", "help", "complaint", "report", "suggestion"])
@pytest.mark.parametrize("channel", ["phone", "mayors_mailbox"])
async def test_every_kind_and_channel_makes_the_same_ticket(
    hotline: ServiceUnderTest, kind: str, channel: str
) -> None:
    ticket = await submit(hotline, kind=kind, channel=channel)

    assert (ticket["kind"], ticket["channel"], ticket["state"]) == (kind, channel, "dispatched")


async def test_a_stranger_is_answered_as_for_an_absent_ticket(hotline: ServiceUnderTest) -> None:
    number = (await submit(hotline))["number"]
    absent = "HT-140881-20250106-999999-0"
    same_person_at_work = officer_token("person-owner", TAX, "hotline.ticket.read")

    for token in (STRANGER, ECOLOGY_TOKEN, same_person_at_work):
        for path in ("", "/history"):
            seen = await hotline.get(f"{TICKETS}/{number}{path}", token)
            gone = await hotline.get(f"{TICKETS}/{absent}{path}", token)
            assert seen.status_code == gone.status_code == 404
            assert {**seen.json(), "instance": ""} == {**gone.json(), "instance": ""}
    refused = await act(hotline, number, "signature", ECOLOGY_TOKEN)
    assert (refused.status_code, slug(refused)) == (404, "ticket-not-found")


async def test_requester_unit_and_centre_see_the_contact_and_the_latter_are_recorded(
    hotline: ServiceUnderTest,
) -> None:
    ticket = await submit(hotline)
    assert ticket["contact"] == {"name": "张**", "phone": "139******01"}

    for token in (OWNER, HOUSING_TOKEN, DESK):
        seen = (await hotline.get(f"{TICKETS}/{ticket['number']}", token)).json()
        assert seen["contact"] == {"name": "张三丰", "phone": "13900000001"}

    records = await hotline.events("cn.tongban.hotline.access.recorded.v1", ticket["number"])
    assert [(r["data"]["reader"], r["data"]["agency_uscc"]) for r in records] == [
        ("client:housing", HOUSING),
        ("person:officer-desk", CENTRE),
    ]
    assert all(r["data"]["owner_subject"] == "person-owner" for r in records)


async def test_a_confidential_identity_is_kept_apart_and_each_read_recorded(
    hotline: ServiceUnderTest,
) -> None:
    whistle_blower = somebody()
    ticket = await submit(
        hotline,
        whistle_blower,
        kind="report",
        confidential=True,
        requester_type="enterprise",
        uscc=ENTERPRISE,
        category="permit_consulting",
    )
    number = ticket["number"]

    for token in (whistle_blower, HOUSING_TOKEN, DESK):
        seen = (await hotline.get(f"{TICKETS}/{number}", token)).json()
        assert (seen["contact"], seen["uscc"], seen["is_confidential"]) == (None, None, True)
    assert (await hotline.get(f"{TICKETS}/{number}/identity", DESK)).status_code == 403
    assert (await hotline.get(f"{TICKETS}/{number}/identity", HOUSING_TOKEN)).status_code == 403
    assert await hotline.events("cn.tongban.hotline.access.recorded.v1", number) == []
    shown = await hotline.get(f"{TICKETS}/{number}/identity", PROTECTED)
    await hotline.get(f"{TICKETS}/{number}/identity", PROTECTED)

    assert shown.json()["contact"] == {"name": "张三丰", "phone": "13900000001"}
    assert shown.json()["uscc"] == ENTERPRISE
    records = await hotline.events("cn.tongban.hotline.access.recorded.v1", number)
    assert [r["data"]["reader"] for r in records] == ["person:officer-protected"] * 2
    assert all(r["data"]["owner_subject"] is None for r in records)


async def test_a_confidential_requester_acts_without_a_name(hotline: ServiceUnderTest) -> None:
    whistle_blower = somebody()
    number = await answered(hotline, whistle_blower, kind="report", confidential=True)
    await done(hotline, number, "rating", whistle_blower, score=4, solved=True)

    [known] = await hotline.rows("SELECT subject FROM ticket_identity WHERE ticket_number = :n", n=number)
    for table in ("ticket", "ticket_history", "outbox"):
        rows = await hotline.rows(f"SELECT row_to_json(t)::text AS row FROM {table} t")  # noqa: S608
        assert not any(known["subject"] in row["row"] for row in rows)
    listed = (await hotline.get(TICKETS, whistle_blower)).json()["entries"]
    assert [entry["number"] for entry in listed] == [number]


async def test_there_is_no_identity_behind_an_open_ticket(hotline: ServiceUnderTest) -> None:
    number = (await submit(hotline))["number"]

    answer = await hotline.get(f"{TICKETS}/{number}/identity", PROTECTED)

    assert (answer.status_code, slug(answer)) == (404, "ticket-not-found")


async def test_lists_show_each_caller_what_is_theirs(hotline: ServiceUnderTest) -> None:
    person = somebody()
    mine = [(await submit(hotline, person))["number"] for _ in range(3)]
    other = (await submit(hotline, person, content="夜市噪音", kind="complaint"))["number"]

    own = (await hotline.get(TICKETS, person, limit=2)).json()
    rest = (await hotline.get(TICKETS, person, limit=2, cursor=own["next_cursor"])).json()
    complaints = (await hotline.get(TICKETS, person, kind="complaint")).json()["entries"]
    of_unit = (await hotline.get(TICKETS, ECOLOGY_TOKEN, limit=200)).json()["entries"]
    of_others = (await hotline.get(TICKETS, ECOLOGY_TOKEN, agency_uscc=HOUSING)).json()["entries"]
    of_all = (await hotline.get(TICKETS, DESK, agency_uscc=HOUSING, limit=200)).json()["entries"]

    assert [e["number"] for e in own["entries"] + rest["entries"]] == [other, *reversed(mine)]
    assert rest["next_cursor"] is None
    assert [e["number"] for e in complaints] == [other]
    assert {e["agency_uscc"] for e in of_unit} == {ECOLOGY}
    assert of_others == []
    assert set(mine) <= {e["number"] for e in of_all}
    assert "content" not in own["entries"][0]


async def test_numbers_differ_when_many_ask_at_once(hotline: ServiceUnderTest) -> None:
    tickets = await asyncio.gather(*(submit(hotline) for _ in range(20)))

    assert len({ticket["number"] for ticket in tickets}) == 20


async def test_the_categories_are_a_public_directory(hotline: ServiceUnderTest) -> None:
    answer = await hotline.get("/hotline/v1/categories")

    by_key = {category["key"]: category for category in answer.json()["categories"]}
    assert by_key["drainage_permit"]["agency_uscc"] == HOUSING
    assert by_key["drainage_permit"]["is_for_enterprises"]
    assert not by_key["noise"]["is_for_enterprises"]


async def test_history_is_only_appended_to(hotline: ServiceUnderTest) -> None:
    await submit(hotline)

    for statement in ("UPDATE ticket_history SET actor = 'nobody'", "DELETE FROM ticket_history"):
        with pytest.raises(Exception, match="only ever appended"):
            await hotline.rows_changed(statement)
