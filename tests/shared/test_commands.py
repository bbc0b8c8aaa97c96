"""What every command keeps: key, transaction, event, refusal."""

import asyncio
import secrets

from tests.support.identities import bearer, person_token
from tests.support.service import ServiceUnderTest

MOVE = "/probe/v1/counters"
TOKEN = person_token("ann", "hotline.counter.move", "hotline.counter.read")


async def test_a_command_commits_its_state_and_its_event_together(probe: ServiceUnderTest) -> None:
    answer = await probe.post(MOVE, {"name": "a", "by": 2}, TOKEN)

    assert answer.status_code == 201, answer.text
    assert answer.json() == {"name": "a", "value": 2, "version": 1}
    [event] = await probe.events("cn.tongban.hotline.counter.moved.v1", "a")
    assert event["sequence"] == "1"
    assert event["data"] == {"by": 2}
    assert event["actor"] == "person:ann"


async def test_the_same_key_and_body_give_the_same_answer_again(probe: ServiceUnderTest) -> None:
    key = secrets.token_hex(16)

    first = await probe.post(MOVE, {"name": "b", "by": 1}, TOKEN, key=key)
    second = await probe.post(MOVE, {"name": "b", "by": 1}, TOKEN, key=key)

    assert first.content == second.content
    assert second.headers["idempotency-replayed"] == "true"
    assert len(await probe.events("cn.tongban.hotline.counter.moved.v1", "b")) == 1


async def test_a_key_used_with_another_body_is_refused(probe: ServiceUnderTest) -> None:
    key = secrets.token_hex(16)
    await probe.post(MOVE, {"name": "c", "by": 1}, TOKEN, key=key)

    answer = await probe.post(MOVE, {"name": "c", "by": 2}, TOKEN, key=key)

    assert answer.status_code == 422
    assert answer.json()["type"] == "/problems/idempotency-key-reused"


async def test_thirty_at_once_with_one_key_have_one_effect(probe: ServiceUnderTest) -> None:
    key = secrets.token_hex(16)

    answers = await asyncio.gather(
        *(probe.post(MOVE, {"name": "d", "by": 1}, TOKEN, key=key) for _ in range(30))
    )

    assert {a.status_code for a in answers} <= {201, 409}
    assert any(a.status_code == 201 for a in answers)
    [counter] = await probe.rows("SELECT value FROM counter WHERE name = 'd'")
    assert counter["value"] == 1


async def test_a_command_without_a_key_is_refused(probe: ServiceUnderTest) -> None:
    answer = await probe.client.post(MOVE, json={"name": "e", "by": 1}, headers=bearer(TOKEN))

    assert answer.status_code == 400
    assert answer.json()["type"] == "/problems/idempotency-key-missing"


async def test_a_refused_command_leaves_nothing_behind(probe: ServiceUnderTest) -> None:
    key = secrets.token_hex(16)

    answer = await probe.post(MOVE, {"name": "f", "by": 5000}, TOKEN, key=key, accept_language="en")

    assert answer.status_code == 409
    assert answer.headers["content-type"] == "application/problem+json"
    body = answer.json()
    assert body["type"] == "/problems/counter-stuck"
    assert body["detail"] == "At most 1000."
    assert await probe.rows("SELECT * FROM counter WHERE name = 'f'") == []
    assert await probe.events("cn.tongban.hotline.counter.moved.v1", "f") == []
    assert await probe.rows("SELECT * FROM idempotency_key WHERE key = :k", k=key) == []


async def test_concurrent_commands_number_a_subject_without_gaps(probe: ServiceUnderTest) -> None:
    await asyncio.gather(*(probe.post(MOVE, {"name": "g", "by": 1}, TOKEN) for _ in range(25)))

    events = await probe.events("cn.tongban.hotline.counter.moved.v1", "g")
    assert sorted(int(e["sequence"]) for e in events) == list(range(1, 26))


async def test_a_stale_version_is_not_overwritten(probe: ServiceUnderTest) -> None:
    created = await probe.post(MOVE, {"name": "h", "by": 1}, TOKEN)
    etag = created.headers["etag"]
    headers = bearer(TOKEN)

    missing = await probe.client.put(f"{MOVE}/h", json={"name": "h", "by": 7}, headers=headers)
    changed = await probe.client.put(
        f"{MOVE}/h", json={"name": "h", "by": 7}, headers=headers | {"If-Match": etag}
    )
    stale = await probe.client.put(
        f"{MOVE}/h", json={"name": "h", "by": 8}, headers=headers | {"If-Match": etag}
    )

    assert (missing.status_code, changed.status_code, stale.status_code) == (428, 200, 412)


async def test_lists_are_paged_by_a_cursor_that_cannot_be_altered(probe: ServiceUnderTest) -> None:
    for number in range(5):
        await probe.post(MOVE, {"name": f"page-{number}", "by": 1}, TOKEN)

    first = await probe.get(MOVE, TOKEN, limit=2)
    cursor = first.json()["next_cursor"]
    second = await probe.get(MOVE, TOKEN, limit=2, cursor=cursor)

    assert 'rel="next"' in first.headers["link"]
    assert not {c["name"] for c in first.json()["entries"]} & {c["name"] for c in second.json()["entries"]}
    for bad in (cursor[:-2] + "xx", "AAAAAAAAAAAAAAAAAAAA"):
        assert (await probe.get(MOVE, TOKEN, cursor=bad)).status_code == 400
    for limit in (0, -1, 201):
        assert (await probe.get(MOVE, TOKEN, limit=limit)).status_code == 400


async def test_what_was_not_granted_is_masked(probe: ServiceUnderTest) -> None:
    answer = await probe.get(f"{MOVE}/card")

    assert answer.json() == {"title": "卡", "holder": "张**", "stamp": None}
