"""A named helper (专办人员) carries one matter of another person, and the person sees what the helper did."""

from typing import Any

import pytest

from gateway.identity.domain.refusals import OAuthRefusal
from tests.gateway.acting import (
    MANDATES,
    acting,
    given,
    helper_of,
    owner_token,
    refused_everywhere,
    subject_of,
    taken_on,
    terms,
)
from tests.gateway.matters.conftest import Front
from tests.gateway.matters.forms import THEME, restaurant_form
from tests.support.identities import bearer, person_token
from tests.support.waiting import eventually

MATTERS = "/matters/v1/matters"
MINE = "/matters/v1/mine"


async def _ann_and_bob(front: Front) -> tuple[str, str]:
    return await subject_of(front.gateway, "zhangsan"), await subject_of(front.gateway, "lisi")


async def _open(front: Front, token: str) -> Any:
    body = {"theme": THEME, "form": restaurant_form(), "channel": "hall"}
    return await front.gateway.post(MATTERS, body, token)


async def test_a_helper_opens_and_follows_the_one_matter_and_no_other(front: Front) -> None:
    ann, bob = await _ann_and_bob(front)
    other = (await _open(front, owner_token(ann))).json()
    mandate = await helper_of(front.gateway, ann, bob)
    token = await acting(front.gateway, bob, ann, mandate_id=mandate["mandate_id"])

    opened = await _open(front, token)
    again = await _open(front, token)

    assert (opened.status_code, again.status_code) == (201, 409), opened.text
    assert again.json()["type"] == "/problems/matter-is-open"
    matter = opened.json()
    assert (matter["id"], matter["applicant"]) == (mandate["matter_id"], ann)
    assert matter["responsible_helper"]["subject"] == bob
    assert matter["responsible_helper"]["name"] == "李*"

    async def listed() -> list[str]:
        return [each["id"] for each in (await front.gateway.get(MINE, token)).json()["entries"]]

    assert await eventually(listed) == [matter["id"]]
    own = (await front.gateway.get(MINE, owner_token(ann))).json()["entries"]
    assert {matter["id"], other["id"]} <= {each["id"] for each in own}
    strange = f"{MATTERS}/{other['id']}"
    answers = [
        await front.gateway.get(strange, token),
        await front.gateway.post(f"{strange}/withdrawal", None, token),
        await front.gateway.client.put(
            f"{strange}/form",
            json={"form": restaurant_form()},
            headers=bearer(token) | {"If-Match": "*"},
        ),
    ]
    assert [answer.status_code for answer in answers] == [404, 404, 404]


async def test_the_applicant_sees_in_whose_hands_the_matter_was(front: Front) -> None:
    ann, bob = await _ann_and_bob(front)
    mandate = await helper_of(front.gateway, ann, bob)
    token = await acting(front.gateway, bob, ann, mandate_id=mandate["mandate_id"])
    matter = (await _open(front, token)).json()

    await front.gateway.get(f"{MATTERS}/{matter['id']}", token)

    async def both() -> list[dict[str, Any]]:
        entries = (await front.gateway.get("/audit/v1/mine", owner_token(ann))).json()["entries"]
        read = [each for each in entries if each["action"] == "read"]
        of_matter = [each for each in read if each["record_key"] == matter["id"]]
        assert len(of_matter) == 2
        return of_matter

    reading, opening = await eventually(both, within=30)
    assert reading["reader"] == opening["reader"] == f"person:{ann};by:{bob}"
    assert (reading["purpose"], opening["purpose"]) == ("assisted_reading", "assisted_opening")
    [event] = await front.gateway.events("cn.tongban.gateway.matter.opened.v1", matter["id"])
    assert event["actor"] == f"person:{ann};by:{bob}"
    recorded = await front.gateway.events("cn.tongban.gateway.access.recorded.v1", matter["id"])
    assert {each["data"]["on_behalf_of"] for each in recorded} == {ann}


async def test_a_matter_has_one_responsible_helper(front: Front) -> None:
    ann, bob = await _ann_and_bob(front)
    matter = (await _open(front, owner_token(ann))).json()
    first = await helper_of(front.gateway, ann, bob, matter_id=matter["id"])
    body = terms(front.gateway.clock(), matter_id=matter["id"])

    second = await front.gateway.post(MANDATES, body, owner_token(ann))
    withdrawal = f"{MANDATES}/{first['mandate_id']}/withdrawal"
    given_up = await front.gateway.post(withdrawal, {"reason": "不再代办"}, owner_token(bob))
    third = await front.gateway.post(MANDATES, body, owner_token(ann))

    assert (second.status_code, second.json()["type"]) == (409, "/problems/matter-has-helper")
    assert (given_up.status_code, third.status_code) == (200, 201)


async def test_nobody_takes_the_helpers_place_in_a_strangers_matter(front: Front) -> None:
    ann, bob = await _ann_and_bob(front)
    matter = (await _open(front, owner_token(ann))).json()
    foreign = await given(
        front.gateway, owner_token(bob), terms(front.gateway.clock(), matter_id=matter["id"])
    )
    await taken_on(front.gateway, ann, foreign["invitation_code"])

    own = await helper_of(front.gateway, ann, bob, matter_id=matter["id"])
    token = await acting(front.gateway, ann, bob, mandate_id=foreign["mandate_id"])

    assert own["state"] == "active"
    assert (await front.gateway.get(f"{MATTERS}/{matter['id']}", token)).status_code == 404
    assert (await _open(front, token)).status_code == 409


async def test_a_withdrawn_helper_is_out_within_seconds(front: Front) -> None:
    ann, bob = await _ann_and_bob(front)
    mandate = await helper_of(front.gateway, ann, bob)
    token = await acting(front.gateway, bob, ann, mandate_id=mandate["mandate_id"])
    matter = (await _open(front, token)).json()

    withdrawal = f"{MANDATES}/{mandate['mandate_id']}/withdrawal"
    assert (await front.gateway.post(withdrawal, {}, owner_token(ann))).status_code == 200

    assert await refused_everywhere(front.gateway, f"{MATTERS}/{matter['id']}", token)
    with pytest.raises(OAuthRefusal):
        await acting(front.gateway, bob, ann, mandate_id=mandate["mandate_id"])
    shown = await front.gateway.get(f"{MATTERS}/{matter['id']}", owner_token(ann))
    assert shown.json()["responsible_helper"] is None


async def test_an_app_or_a_helper_without_a_mandate_reaches_nothing_of_anns(front: Front) -> None:
    ann, bob = await _ann_and_bob(front)
    matter = (await _open(front, owner_token(ann))).json()
    app = person_token("app-of-somebody", "matters.matter.read")

    as_app = await front.gateway.get(f"{MATTERS}/{matter['id']}", app)
    as_bob = await front.gateway.get(f"{MATTERS}/{matter['id']}", owner_token(bob))

    assert (as_app.status_code, as_bob.status_code) == (404, 404)
    stranger = await subject_of(front.gateway, "wangwu")
    with pytest.raises(OAuthRefusal):
        await acting(front.gateway, stranger, ann)
