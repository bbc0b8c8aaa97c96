"""A person is told of each step once, in order, in the language and over the channels that they chose."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, time, timedelta
from typing import Any
from uuid import uuid4

import pytest
import pytest_asyncio
from hypothesis import given
from hypothesis import strategies as st

from gateway.notices.consumers import CONSUMERS
from gateway.notices.domain.notice import MOST_ATTEMPTS, Language
from gateway.notices.domain.quiet_hours import QuietHours
from gateway.notices.domain.templates import PLACES, places_of
from gateway.notices.use_cases.purge_notices import PurgeNotices
from gateway.notices.use_cases.read_templates import read_templates
from gateway.notices.use_cases.write_notices import quiet_hours_of
from shared.calendar import CHINA
from shared.region import load_region_pack
from tests.gateway.acting import subject_of
from tests.gateway.notices.mail_server import MailServer, mail_server
from tests.gateway.signed_peer import SECRET, SignedPeer, signed_peer
from tests.gateway.telling import announced
from tests.support.identities import agency_token, person_token, still_good
from tests.support.service import REGION_PACK, ServiceUnderTest
from tests.support.waiting import eventually

MINE, PREFERENCES = "/notices/v1/mine", "/notices/v1/preferences"
SCOPES = ("notices.notice.read", "notices.notice.manage")
NOON = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)
NIGHT = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)
CHOSEN = {kind: ["sms"] for kind in ("matter", "filing", "application", "ticket", "payment", "delivery")}


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def sms() -> AsyncIterator[SignedPeer]:
    """A provider of short messages."""
    async with signed_peer() as peer:
        yield peer


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def mail() -> AsyncIterator[MailServer]:
    """The city's mail server."""
    async with mail_server() as server:
        yield server


@pytest.fixture(scope="module")
def extra_settings(sms: SignedPeer, mail: MailServer) -> dict[str, Any]:
    """Short messages and mail have a provider, pushes go to the local outbox."""
    return {
        "sms_url": sms.url,
        "sms_secret": SECRET,
        "mail_url": f"smtp://127.0.0.1:{mail.port}",
        "mail_from": "tongban@city.example",
    }


@pytest_asyncio.fixture(loop_scope="session")
async def ann(gateway: ServiceUnderTest, sms: SignedPeer) -> AsyncIterator[str]:
    """A person with an account, at noon, who wants short messages in Chinese."""
    gateway.clock.set(NOON)
    sms.status = 200
    subject = await subject_of(gateway, "zhangsan")
    await preferring(gateway, subject, language="zh", channels=CHOSEN)
    yield subject


def token(subject: str) -> str:
    """The person's own token."""
    return person_token(subject, *SCOPES)


async def preferring(gateway: ServiceUnderTest, subject: str, **chosen: Any) -> None:
    """Set how a person is notified."""
    headers = {"Authorization": f"Bearer {still_good(token(subject))}", "If-Match": "*"}
    answer = await gateway.client.put(PREFERENCES, json=chosen, headers=headers)
    assert answer.status_code == 200, answer.text


async def opened(gateway: ServiceUnderTest, applicant: str, *verbs: str) -> str:
    """A matter of somebody's, and what happens to it."""
    matter = str(uuid4())
    for verb in ("opened", *verbs):
        said = {
            "matter_id": matter,
            "theme": "open_restaurant",
            "applicant": applicant,
            "case_no": f"YJS-{matter}",
        }
        await announced(gateway, "matter", verb, matter, said)
    return matter


def texts(peer: SignedPeer, matter: str) -> list[str]:
    """What was sent about a case, in order."""
    return [each.said["content"] for each in peer.about(matter)]


async def sent(peer: SignedPeer, matter: str, number: int) -> list[str]:
    """Wait until so many messages came about a case."""

    async def enough() -> bool:
        return len(peer.about(matter)) >= number

    assert await eventually(enough)
    return texts(peer, matter)


async def sent_saying(peer: SignedPeer, matter: str, words: str) -> list[str]:
    """Wait until a message about a case says it; all that came until then."""

    async def said() -> bool:
        return any(words in text for text in texts(peer, matter))

    assert await eventually(said)
    return texts(peer, matter)


async def dispatches(
    gateway: ServiceUnderTest, matter: str, state: str, number: int = 1
) -> list[dict[str, Any]]:
    """Wait until so many dispatches of a case are in a state."""

    async def found() -> list[dict[str, Any]]:
        rows = await gateway.rows(
            "SELECT d.*, n.template FROM notice_dispatch d JOIN notice n USING (notice_id)"
            " WHERE d.case_no = :no AND d.state = :state ORDER BY d.notice_id",
            no=f"YJS-{matter}",
            state=state,
        )
        return rows if len(rows) == number else []

    return await eventually(found)


async def test_each_step_is_told_once_in_order_without_personal_data(
    gateway: ServiceUnderTest, sms: SignedPeer, ann: str
) -> None:
    matter = await opened(gateway, ann, "returned", "resubmitted", "completed")

    told = (await sent(sms, matter, 4))[:4]
    listed = (await gateway.get(MINE, token(ann), limit=200)).json()["entries"]
    own = [each for each in listed if (each["case_no"], each["kind"]) == (f"YJS-{matter}", "matter")]

    for text, said in zip(told, ("已受理", "需要补正", "补正内容已收到", "已全部办结"), strict=True):
        assert said in text
    assert all("开餐饮店一件事" in text for text in told)
    assert [each["content"] for each in own] == list(reversed(told))
    assert {each.said["to"] for each in sms.about(matter)} == {"13900000001"}
    assert not any("张三" in text or "139" in text for text in told)


async def test_an_event_that_is_heard_again_tells_nobody_again(
    gateway: ServiceUnderTest, sms: SignedPeer, ann: str
) -> None:
    matter = await opened(gateway, ann)
    await sent(sms, matter, 1)
    [event] = await gateway.events("cn.tongban.gateway.matter.opened.v1", matter)
    again = (
        "INSERT INTO notice_fact (fact_id, event_id, event_type, said, actor, occurred_at)"
        " VALUES (gen_random_uuid(), :id, :type, CAST(:said AS jsonb), NULL, now())"
    )
    said = f'{{"matter_id": "{matter}", "applicant": "{ann}", "theme": "open_restaurant"}}'

    await gateway.rows_changed(again, id=event["id"], type=event["type"], said=said)

    async def taken() -> bool:
        return not await gateway.rows("SELECT 1 FROM notice_fact")

    assert await eventually(taken)
    await announced(gateway, "matter", "completed", matter, {"matter_id": matter})
    told = await sent_saying(sms, matter, "办结")
    of_the_case = [text for text in told if "已受理" in text or "办结" in text]
    assert len(of_the_case) == 2
    assert "已受理" in of_the_case[0]


async def test_a_worker_that_dies_before_the_mark_sends_under_the_same_key(
    gateway: ServiceUnderTest, sms: SignedPeer, ann: str
) -> None:
    matter = await opened(gateway, ann)
    [done] = await dispatches(gateway, matter, "sent")
    unmarked = (
        "UPDATE notice_dispatch SET state = 'pending', ended_at = NULL, next_attempt_at = :at"
        " WHERE notice_id = :id"
    )

    await gateway.rows_changed(unmarked, id=done["notice_id"], at=gateway.clock())
    await sent(sms, matter, 2)

    assert {each.message_id for each in sms.about(matter)} == {f"{done['notice_id']}-sms"}


async def test_while_the_provider_is_away_messages_of_a_case_wait_in_their_order(
    gateway: ServiceUnderTest, sms: SignedPeer, ann: str
) -> None:
    sms.status = 503
    matter = await opened(gateway, ann)
    await sent(sms, matter, 1)
    await announced(gateway, "matter", "resubmitted", matter, {"matter_id": matter})
    waiting = await dispatches(gateway, matter, "pending", 2)
    sms.status = 200
    gateway.clock.advance(timedelta(minutes=2))

    told = await sent(sms, matter, 3)

    assert [row["attempts"] for row in waiting] == [1, 0]
    assert "已受理" in told[0]
    assert "已受理" in told[1]
    assert "补正内容已收到" in told[2]


async def test_what_a_provider_refuses_for_good_is_given_up_with_an_alarm_and_holds_up_nothing(
    gateway: ServiceUnderTest, sms: SignedPeer, ann: str
) -> None:
    sms.status = 422
    matter = await opened(gateway, ann)
    [lost] = await dispatches(gateway, matter, "given_up")
    sms.status = 200
    await announced(gateway, "matter", "resubmitted", matter, {"matter_id": matter})

    [next_one] = await dispatches(gateway, matter, "sent")
    alarm = await gateway.event("cn.tongban.gateway.notice.given_up.v1", str(lost["notice_id"]))

    assert next_one["template"] == "gateway.matter.resubmitted"
    assert alarm["data"] == {"notice_id": str(lost["notice_id"]), "channel": "sms", "attempts": 1}


async def test_after_most_of_a_day_of_failures_a_message_is_given_up(
    gateway: ServiceUnderTest, sms: SignedPeer, ann: str
) -> None:
    sms.status = 503
    matter = await opened(gateway, ann)
    [waiting] = await dispatches(gateway, matter, "pending")
    last = "UPDATE notice_dispatch SET attempts = :n, next_attempt_at = now() - interval '9 days' WHERE notice_id = :id"

    async def failed_once() -> bool:
        [row] = await dispatches(gateway, matter, "pending")
        return bool(row["attempts"] == 1)

    assert await eventually(failed_once)
    await gateway.rows_changed(last, n=MOST_ATTEMPTS - 1, id=waiting["notice_id"])

    assert (await dispatches(gateway, matter, "given_up"))[0]["attempts"] == MOST_ATTEMPTS


async def test_at_night_only_the_urgent_leaves(gateway: ServiceUnderTest, sms: SignedPeer, ann: str) -> None:
    gateway.clock.set(NIGHT)
    matter = await opened(gateway, ann)
    [waiting] = await dispatches(gateway, matter, "pending")
    parcel = str(uuid4())
    failed = {
        "delivery_id": parcel,
        "case_id": matter,
        "case_no": f"YJS-{matter}",
        "recipient": ann,
        "method": "ems",
        "tracking_number": "123",
    }
    await announced(gateway, "delivery", "failed", parcel, failed)
    at_night = await sent(sms, matter, 1)
    gateway.clock.advance(timedelta(hours=8, minutes=1))

    [urgent, in_the_morning] = await sent(sms, matter, 2)
    assert at_night == [urgent]
    assert "未能送达" in urgent
    assert "已受理" in in_the_morning
    assert waiting["next_attempt_at"] == datetime(2026, 11, 23, 23, 0, tzinfo=UTC)


async def test_a_person_chooses_language_and_channels_for_each_kind(
    gateway: ServiceUnderTest, sms: SignedPeer, mail: MailServer, ann: str
) -> None:
    chosen = CHOSEN | {"matter": ["mail", "push"]}
    await preferring(gateway, ann, language="en", mail="ann@mail.example", channels=chosen)

    matter = await opened(gateway, ann)
    rows = await dispatches(gateway, matter, "sent", 2)
    bureau = agency_token(
        "data_bureau", gateway.app.state.region.agency("data_bureau").uscc, "notices.dispatch.read"
    )
    outbox = (await gateway.get("/notices/v1/outbox", bureau, limit=200)).json()["entries"]

    [written] = [each for each in mail.taken if matter in each.get_content()]
    [pushed] = [each for each in outbox if matter in each["content"]]
    assert {row["channel"] for row in rows} == {"mail", "push"}
    assert (written["To"], written["Subject"]) == ("ann@mail.example", "Accepted")
    assert str(rows[0]["notice_id"]) in written["Message-ID"]
    assert "Open a restaurant" in pushed["content"]
    assert (pushed["channel"], pushed["address"]) == ("push", ann)
    assert sms.about(matter) == []


async def test_a_mailbox_that_is_not_there_is_given_up(
    gateway: ServiceUnderTest, mail: MailServer, ann: str
) -> None:
    mail.unknown.add("gone@mail.example")
    chosen = CHOSEN | {"matter": ["mail"]}
    await preferring(gateway, ann, language="zh", mail="gone@mail.example", channels=chosen)

    matter = await opened(gateway, ann)

    assert (await dispatches(gateway, matter, "given_up"))[0]["last_fault"] == "recipient refused: 550"


@pytest.mark.parametrize("written", ["a\x1cb@mail.example", "=?utf-8?q?=0A?=@x", "a..b@x", "a@-", "用户@x"])
async def test_what_no_mail_goes_to_is_no_address(gateway: ServiceUnderTest, ann: str, written: str) -> None:
    headers = {"Authorization": f"Bearer {still_good(token(ann))}", "If-Match": "*"}
    chosen = {"language": "zh", "mail": written, "channels": CHOSEN}

    answer = await gateway.client.put(PREFERENCES, json=chosen, headers=headers)

    assert answer.status_code == 400


async def test_an_address_that_makes_no_mail_is_given_up_and_holds_up_nobody(
    gateway: ServiceUnderTest, sms: SignedPeer, ann: str
) -> None:
    chosen = CHOSEN | {"matter": ["mail", "sms"]}
    await preferring(gateway, ann, language="zh", mail="ann@mail.example", channels=chosen)
    kept = "UPDATE notice_preference SET mail = '=?utf-8?q?=0A?=@x' WHERE recipient = :who"
    await gateway.rows_changed(kept, who=ann)

    matter = await opened(gateway, ann)

    [lost] = await dispatches(gateway, matter, "given_up")
    assert (lost["channel"], len(await sent(sms, matter, 1))) == ("mail", 1)


async def test_what_is_shown_of_preferences_can_be_set_again_for_every_kind(
    gateway: ServiceUnderTest, ann: str
) -> None:
    shown = (await gateway.get(PREFERENCES, token(ann))).json()["channels"]

    await preferring(gateway, ann, language="zh", channels=shown | {"register": ["push"]})

    again = (await gateway.get(PREFERENCES, token(ann))).json()["channels"]
    assert (again["register"], again["matter"]) == (["push"], ["sms"])


async def test_who_acted_for_an_enterprise_is_told_of_its_case(
    gateway: ServiceUnderTest, sms: SignedPeer, ann: str
) -> None:
    matter, uscc = str(uuid4()), "91140881MAE000002E"
    said = f'{{"matter_id": "{matter}", "applicant": "{uscc}", "theme": "open_restaurant", "case_no": "YJS-{matter}"}}'
    heard = (
        "INSERT INTO notice_fact (fact_id, event_id, event_type, said, actor, occurred_at)"
        " VALUES (gen_random_uuid(), :id, 'cn.tongban.gateway.matter.opened.v1', CAST(:said AS jsonb), :actor, now())"
    )

    await gateway.rows_changed(heard, id=matter, said=said, actor=f"enterprise:{uscc};by:{ann}")
    await sent(sms, matter, 1)
    await announced(gateway, "matter", "completed", matter, {"matter_id": matter})

    told = await sent_saying(sms, matter, "办结")
    assert len([text for text in told if "已受理" in text or "办结" in text]) == 2


async def test_of_a_confidential_request_nobody_is_told(
    gateway: ServiceUnderTest, sms: SignedPeer, ann: str
) -> None:
    secret, plain = f"HT-{uuid4()}", f"HT-{uuid4()}"
    received = "cn.tongban.hotline.ticket.received.v1"

    await gateway.hear(received, secret, {"ticket_number": secret})
    await gateway.hear(received, plain, {"ticket_number": plain, "applicant": ann})
    await sent(sms, plain, 1)

    assert await gateway.rows("SELECT 1 FROM notice WHERE case_no = :no", no=secret) == []


async def test_filings_of_a_matter_are_told_by_the_matter_alone(
    gateway: ServiceUnderTest, sms: SignedPeer, ann: str
) -> None:
    inside, alone = str(uuid4()), str(uuid4())
    approved = "cn.tongban.registration.filing.approved.v1"

    await gateway.hear(approved, inside, {"filing_id": inside, "matter_id": str(uuid4()), "applicant": ann})
    await gateway.hear(approved, alone, {"filing_id": alone, "applicant": ann, "case_no": alone})
    await sent(sms, alone, 1)

    assert await gateway.rows("SELECT 1 FROM notice WHERE case_no = :no", no=inside) == []


async def test_notices_are_their_recipients_alone_and_are_marked_as_read(
    gateway: ServiceUnderTest, sms: SignedPeer, ann: str
) -> None:
    matter = await opened(gateway, ann)
    await sent(sms, matter, 1)
    listed = (await gateway.get(MINE, token(ann), unread=True, limit=200)).json()["entries"]
    [notice] = [each for each in listed if each["case_no"] == f"YJS-{matter}"]
    path = f"{MINE}/{notice['notice_id']}/reading"

    foreign = await gateway.post(path, None, token("bob"))
    read = await gateway.post(path, None, token(ann))
    unread = (await gateway.get(MINE, token(ann), unread=True, limit=200)).json()["entries"]

    assert (foreign.status_code, read.status_code) == (404, 200)
    assert read.json()["read_at"] is not None
    assert notice["notice_id"] not in [each["notice_id"] for each in unread]
    assert (await gateway.get(MINE, token("bob"))).json()["entries"] == []


async def test_only_the_data_bureau_sees_how_notices_were_sent(gateway: ServiceUnderTest) -> None:
    tax = agency_token("tax", gateway.app.state.region.agency("tax").uscc, "notices.dispatch.read")

    answers = [await gateway.get(f"/notices/v1/{what}", tax) for what in ("dispatches", "outbox")]

    assert [answer.status_code for answer in answers] == [403, 403]


async def test_notices_are_deleted_after_their_time_and_not_a_day_earlier(
    gateway: ServiceUnderTest, sms: SignedPeer, ann: str
) -> None:
    matter = await opened(gateway, ann)
    await sent(sms, matter, 1)
    purge = PurgeNotices(gateway.app.state.region)

    async def left(days: int) -> int:
        aged = "UPDATE notice SET written_at = :at WHERE case_no = :no"
        await gateway.rows_changed(
            aged, at=gateway.clock() - timedelta(days=days, minutes=1), no=f"YJS-{matter}"
        )
        await gateway.app.state.backend.transactions.run(purge)
        return len(await gateway.rows("SELECT 1 FROM notice WHERE case_no = :no", no=f"YJS-{matter}"))

    assert [await left(729), await left(730)] == [1, 0]
    assert (await gateway.event("cn.tongban.gateway.notice.purged.v1"))["data"]["kept_days"] == 730


def test_every_event_that_is_followed_is_told_by_some_template() -> None:
    keys = read_templates()
    followed = [name for consumer in CONSUMERS for name in consumer.handlers]

    untold = [
        name
        for name in followed
        if not any(key.startswith(name.removeprefix("cn.tongban.").removesuffix(".v1")) for key in keys)
    ]

    assert untold == []


def test_texts_name_the_case_and_nothing_of_a_person() -> None:
    for template in read_templates().values():
        for language in Language:
            content = template.content.in_language(language)
            assert "case_no" in places_of(content) <= PLACES, template.key


def test_a_template_that_names_something_else_stops_the_start() -> None:
    named = "templates: [{key: a.b.c, kind: matter, title: {zh: a, en: a}, content: {zh: '{name}', en: a}}]"

    with pytest.raises(ValueError, match="not name"):
        read_templates(named)


@given(st.datetimes(datetime(2026, 1, 1), datetime(2027, 1, 1)), st.times(), st.times())  # noqa: DTZ001
def test_a_message_leaves_at_the_first_instant_that_is_not_quiet(
    at: datetime, begin: time, end: time
) -> None:
    now = at.replace(tzinfo=UTC)
    begin, end = (each.replace(second=0, microsecond=0) for each in (begin, end))
    quiet = QuietHours(begin, end, CHINA)

    leaves = quiet.send_from(now, urgent=False)

    assert quiet.send_from(now, urgent=True) == now
    assert not quiet.holds(leaves)
    assert now <= leaves <= now + timedelta(days=1)
    assert leaves == now or quiet.holds(leaves - timedelta(microseconds=1))


def test_the_region_decides_when_it_is_quiet() -> None:
    quiet = quiet_hours_of(load_region_pack(REGION_PACK))

    assert (quiet.begin, quiet.end) == (time(22), time(7))
