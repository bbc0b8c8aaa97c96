"""The keys that sign tokens: each is published before it signs, and as long as what it signed lives."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.identity.domain.key_ring import (
    OUTLIVES_ITS_TOKENS,
    KeyRing,
    KeyState,
    RingKey,
    RotationPending,
    is_due,
    put_away,
    remove_compromised,
    rotate,
)
from gateway.identity.use_cases.signing_keys import SigningKeys
from gateway.identity.use_cases.tend_key_ring import KeyPolicy, tend_key_ring
from shared.security.keys import SigningKey
from shared.security.sealing import CannotUnseal, Sealer
from tests.support.identities import SIGNING_KEY, agency_token
from tests.support.service import ServiceUnderTest

BUREAU = "11140881MB9Y00155B"
KEYS_PATH = "/identity/v1/signing-keys"
OPERATOR = agency_token("data_bureau", BUREAU, "identity.key.manage")
START = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
LEAD = timedelta(seconds=60)
LIFE = timedelta(seconds=600 + 30)  # of an access token, with the verifiers' leeway


def _ring() -> KeyRing:
    signing = RingKey("k0", {}, START, signs_from=START, sealed=b"0")
    return KeyRing((signing, RingKey("k1", {}, START, sealed=b"1")))


def _with(ring: KeyRing, changed: Sequence[RingKey]) -> KeyRing:
    by_id = {key.kid: key for key in ring.keys} | {key.kid: key for key in changed}
    return KeyRing(tuple(by_id.values()))


def _act(ring: KeyRing, action: str, now: datetime) -> KeyRing:
    """What the sweep, or an operator, does at this moment; a new key stands by after each change."""
    changed = list(put_away(ring, now))
    if action == "rotate":
        try:
            changed.append(rotate(ring, now, published_for=LEAD))
        except RotationPending:
            return _with(ring, changed)
    elif action == "compromised":
        changed = [*changed, *remove_compromised(ring, now)]
    ring = _with(ring, changed)
    if ring.standby is None:
        ring = KeyRing((*ring.keys, RingKey(f"k{len(ring.keys)}", {}, now, sealed=b"x")))
    return ring


@given(
    st.lists(
        st.tuples(st.sampled_from(["tend", "tend", "rotate", "compromised"]), st.integers(1, 1500)),
        max_size=30,
    )
)
def test_a_good_token_is_never_refused_whatever_the_operator_does(steps: list[tuple[str, int]]) -> None:
    ring, now = _ring(), START
    signed: list[tuple[str, datetime]] = []
    taken_away: set[str] = set()

    for action, seconds in steps:
        now += timedelta(seconds=seconds)
        before = ring.active(now)
        ring = _act(ring, action, now)
        if action == "compromised" and before is not None:
            taken_away.add(before.kid)
        active = ring.active(now)
        assert active is not None
        assert active.sealed is not None
        signed.append((active.kid, now))
        published = {key.kid for key in ring.published}
        assert {kid for kid, at in signed if at + LIFE >= now} - taken_away <= published
        assert not taken_away & published
        assert [ring.state_of(key, now) for key in ring.keys].count(KeyState.ACTIVE) == 1
        assert ring.standby is not None


@given(st.integers(0, 600))
def test_a_key_signs_once_it_has_been_published_long_enough(waited: int) -> None:
    now = START + timedelta(seconds=waited)

    rotated = rotate(_ring(), now, published_for=LEAD)
    ring = _with(_ring(), [rotated])

    assert rotated.signs_from == max(now, START + LEAD)
    assert ring.state_of(rotated, now) is (KeyState.ACTIVE if waited >= 60 else KeyState.UPCOMING)


def test_a_second_rotation_waits_for_the_first() -> None:
    ring = _with(_ring(), [rotate(_ring(), START, published_for=LEAD)])

    with pytest.raises(RotationPending):
        rotate(ring, START, published_for=LEAD)
    with pytest.raises(LookupError):
        rotate(ring, START + LEAD, published_for=LEAD)


def test_an_old_key_is_forgotten_first_and_removed_when_its_last_token_has_expired() -> None:
    ring = _with(_ring(), [rotate(_ring(), START + LEAD, published_for=LEAD)])
    retired = START + LEAD

    at_once = put_away(ring, retired + timedelta(seconds=59))
    [forgotten] = put_away(ring, retired + timedelta(seconds=60))
    [removed] = put_away(ring, retired + OUTLIVES_ITS_TOKENS)

    assert at_once == ()
    assert (forgotten.kid, forgotten.sealed, forgotten.removed_at) == ("k0", None, None)
    assert (removed.kid, removed.removed_at) == ("k0", retired + OUTLIVES_ITS_TOKENS)
    assert OUTLIVES_ITS_TOKENS > LIFE


def test_a_key_is_due_by_its_age_and_once() -> None:
    oldest = timedelta(days=90)
    due = START + oldest
    rotated = _with(_ring(), [replace(_ring().keys[1], signs_from=due + LEAD)])

    assert not is_due(_ring(), due - timedelta(seconds=1), oldest=oldest)
    assert is_due(_ring(), due, oldest=oldest)
    assert not is_due(rotated, due, oldest=oldest)


async def test_the_first_key_is_the_one_named_and_private_halves_lie_sealed(
    gateway: ServiceUnderTest,
) -> None:
    published = (await gateway.client.get("/.well-known/jwks.json")).json()["keys"]
    rows = await gateway.rows("SELECT kid, sealed FROM identity_signing_key ORDER BY signs_from NULLS LAST")
    app_keys: SigningKeys = gateway.app.state.issuer.keys

    assert rows[0]["kid"] == SIGNING_KEY.kid
    assert {row["kid"] for row in rows} == {key["kid"] for key in published}
    assert len(rows) == 2
    assert all(b"PRIVATE" not in bytes(row["sealed"]) for row in rows)
    opened = app_keys.sealer.unseal(bytes(rows[0]["sealed"]), SIGNING_KEY.kid.encode())
    assert SigningKey.from_pem(opened).kid == SIGNING_KEY.kid


async def test_with_another_secret_the_keys_cannot_be_read(gateway: ServiceUnderTest) -> None:
    stranger = SigningKeys(Sealer(b"another secret of the suite", "identity.signing-key"))

    with pytest.raises(CannotUnseal):
        await gateway.app.state.backend.transactions.run(stranger.refresh)


async def test_gateways_that_start_at_once_make_one_ring(gateway: ServiceUnderTest) -> None:
    before = await gateway.rows("SELECT kid FROM identity_signing_key ORDER BY kid")
    keys = [SigningKeys(gateway.app.state.issuer.keys.sealer, SigningKey.generate()) for _ in range(3)]

    for each in keys:
        await gateway.app.state.backend.transactions.run(each.prepare)

    assert await gateway.rows("SELECT kid FROM identity_signing_key ORDER BY kid") == before
    assert [each.public() for each in keys] == [keys[0].public()] * 3


async def test_an_operator_replaces_the_key_and_it_is_recorded(gateway: ServiceUnderTest) -> None:
    answer = await gateway.post(KEYS_PATH, {}, OPERATOR)
    again = await gateway.post(KEYS_PATH, {"compromised": False}, OPERATOR)
    listed = await gateway.get(KEYS_PATH, OPERATOR)

    states = [key["state"] for key in answer.json()["keys"]]
    assert answer.status_code == 201, answer.text
    assert states == ["active", "upcoming", "upcoming"]
    assert (again.status_code, again.json()["type"]) == (409, "/problems/rotation-pending")
    assert listed.json() == answer.json()
    scheduled = next(k for k in answer.json()["keys"] if k["state"] == "upcoming" and k["signs_from"])
    recorded = await gateway.event("cn.tongban.gateway.access.recorded.v1", scheduled["kid"])
    assert (recorded["data"]["resource"], recorded["data"]["fields"]) == (
        "identity.signing_key",
        ["rotated"],
    )


@pytest.mark.parametrize(
    ("token", "slug"),
    [
        (agency_token("tax", "11140881MB9Y000405", "identity.key.manage"), "identity-authority-only"),
        (agency_token("data_bureau", BUREAU, "catalogue.grant.manage"), "insufficient-scope"),
    ],
)
async def test_nobody_else_touches_the_keys(gateway: ServiceUnderTest, token: str, slug: str) -> None:
    answers: list[Any] = [
        await gateway.get(KEYS_PATH, token),
        await gateway.post(KEYS_PATH, {"compromised": True}, token),
    ]

    assert [(a.status_code, a.json()["type"]) for a in answers] == [(403, f"/problems/{slug}")] * 2


async def test_the_sweep_replaces_an_old_key_in_good_time(gateway: ServiceUnderTest) -> None:
    sealer = gateway.app.state.issuer.keys.sealer
    policy = KeyPolicy(published_for=LEAD, oldest=timedelta(days=90))
    transactions = gateway.app.state.backend.transactions
    gateway.clock.advance(timedelta(days=100))
    try:
        changes = [
            await transactions.run(lambda uow: tend_key_ring(uow, sealer, policy=policy)) for _ in range(6)
        ]
        signing = await gateway.rows(
            "SELECT kid FROM identity_signing_key"
            " WHERE removed_at IS NULL AND signs_from IS NOT NULL ORDER BY signs_from"
        )
    finally:
        gateway.clock.advance(-timedelta(days=100))

    assert changes[-1] == 0
    assert SIGNING_KEY.kid not in {row["kid"] for row in signing}
    assert len(signing) == 2
