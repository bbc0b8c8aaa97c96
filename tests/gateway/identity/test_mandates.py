"""Who may act in whose name: by law, by delegation, for how long, and that it ends everywhere at once."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import given as for_all
from hypothesis import strategies as st

from gateway.identity.domain.mandates import (
    LONGEST,
    Mandate,
    MandateState,
    Reach,
    Terms,
    accept,
    choose,
    flaws_of,
    offer,
)
from gateway.identity.domain.refusals import OAuthError, OAuthRefusal
from gateway.identity.use_cases.end_mandate import expire_mandates
from shared.identifiers import person_reference
from shared.security.principal import SubjectKind
from shared.security.strength import Strength
from tests.gateway.acting import (
    MANAGE,
    MANDATES,
    ONE_MATTER,
    a_uscc,
    acting,
    bare_enterprise_token,
    given,
    owner_token,
    refused_everywhere,
    represented_by,
    subject_of,
    taken_on,
    terms,
)
from tests.support.service import ServiceUnderTest

NOW = datetime(2026, 3, 2, 1, 30, tzinfo=UTC)
GENERAL = ("licensing.application.submit", "hotline.ticket.submit")
SUBMIT = "licensing.application.submit"


async def _persons(gateway: ServiceUnderTest) -> tuple[str, str]:
    return await subject_of(gateway, "zhangsan"), await subject_of(gateway, "lisi")


async def test_the_legal_representative_acts_by_law_and_no_longer_once_the_register_names_another(
    gateway: ServiceUnderTest,
) -> None:
    uscc = a_uscc()
    zhang, li = await _persons(gateway)
    await represented_by(gateway, uscc, "zhangsan")
    token = await acting(gateway, zhang, uscc)
    own = await gateway.get(MANDATES, token, side="given")
    assert (own.status_code, [each["source"] for each in own.json()["entries"]]) == (200, ["by_law"])

    await represented_by(gateway, uscc, "lisi")

    assert await refused_everywhere(gateway, MANDATES, token)
    with pytest.raises(OAuthRefusal) as refused:
        await acting(gateway, zhang, uscc)
    assert refused.value.error is OAuthError.INVALID_GRANT
    assert (await gateway.get(MANDATES, await acting(gateway, li, uscc), side="given")).status_code == 200
    received = await gateway.get(MANDATES, owner_token(zhang))
    former = next(each for each in received.json()["entries"] if each["principal"] == uscc)
    assert (former["state"], former["ended_because"]) == ("withdrawn", "representative_changed")


async def test_the_same_representative_told_again_keeps_the_tokens(gateway: ServiceUnderTest) -> None:
    uscc = a_uscc()
    await represented_by(gateway, uscc, "zhangsan")
    before = await gateway.rows("SELECT mandate_id FROM identity_mandate WHERE principal = :u", u=uscc)

    await represented_by(gateway, uscc, "zhangsan")
    await represented_by(gateway, a_uscc(), "zhangsan")  # heard after it, so it was heard

    assert (
        await gateway.rows("SELECT mandate_id FROM identity_mandate WHERE principal = :u", u=uscc) == before
    )


async def test_an_invitation_makes_one_person_an_agent_once(gateway: ServiceUnderTest) -> None:
    uscc = a_uscc()
    zhang, li = await _persons(gateway)
    await represented_by(gateway, uscc, "zhangsan")
    body = terms(gateway.clock(), *GENERAL, reach="general")
    offered = await given(gateway, await acting(gateway, zhang, uscc), body)

    first = await taken_on(gateway, li, offered["invitation_code"].lower())
    second = await taken_on(gateway, li, offered["invitation_code"])

    assert (first.status_code, first.json()["state"], first.json()["agent"]) == (200, "active", li)
    assert (second.status_code, second.json()["type"]) == (404, "/problems/invitation-not-found")
    token = await acting(gateway, li, uscc, SUBMIT)
    principal = await gateway.app.state.issuer.verify(token)
    assert (principal.enterprise, principal.scopes) == (uscc, frozenset({SUBMIT}))
    assert principal.reference == f"enterprise:{uscc};by:{li}"
    for scope in ("matters.matter.read", MANAGE):
        with pytest.raises(OAuthRefusal) as refused:
            await acting(gateway, li, uscc, scope)
        assert refused.value.error is OAuthError.INVALID_SCOPE
    listed = await gateway.get(f"{MANDATES}/{offered['mandate_id']}", owner_token(li))
    assert "invitation_code" not in listed.json()


async def test_naming_an_agent_says_nothing_about_who_has_an_account(gateway: ServiceUnderTest) -> None:
    zhang, li = await _persons(gateway)
    named = [
        {"username": "lisi", "phone": "13900000002"},
        {"username": "lisi", "phone": "13900000009"},
        {"username": "nobody", "phone": "13900000002"},
    ]

    offers = [
        await given(gateway, owner_token(zhang), terms(gateway.clock(), agent=agent)) for agent in named
    ]

    said = [
        {k: v for k, v in each.items() if k not in ("mandate_id", "matter_id") and not k.endswith("_at")}
        for each in offers
    ]
    times = ("valid_from", "valid_until")
    assert [{k: v for k, v in each.items() if k not in times} for each in said[1:]] == [
        {k: v for k, v in said[0].items() if k not in times}
    ] * 2
    assert offers[0]["agent"] is offers[0]["agent_name"] is None
    answers = [
        await gateway.post(f"{MANDATES}/{each['mandate_id']}/acceptance", None, owner_token(li))
        for each in offers
    ]
    assert [answer.status_code for answer in answers] == [200, 404, 404]
    assert answers[0].json()["agent_name"] == "李*"


async def test_only_the_representative_gives_in_an_enterprises_name_and_strongly_signed_in(
    gateway: ServiceUnderTest,
) -> None:
    uscc = a_uscc()
    zhang, li = await _persons(gateway)
    await represented_by(gateway, uscc, "zhangsan")
    body = terms(gateway.clock(), *GENERAL, reach="general")
    weak = await acting(gateway, zhang, uscc, strength=Strength.PASSWORD)
    offered = await given(gateway, await acting(gateway, zhang, uscc), body)
    assert (await taken_on(gateway, li, offered["invitation_code"])).status_code == 200
    agent = await acting(gateway, li, uscc)

    answers = [
        await gateway.post(MANDATES, body, token) for token in (weak, agent, bare_enterprise_token(uscc))
    ]

    told = [(answer.status_code, answer.json()["type"].rpartition("/")[2]) for answer in answers]
    assert told == [
        (401, "stronger-sign-in-needed"),
        (403, "insufficient-scope"),
        (403, "representative-only"),
    ]
    assert Strength.TWO_FACTOR.acr in answers[0].headers["www-authenticate"]


async def test_a_withdrawn_mandate_ends_its_tokens_and_is_on_record(gateway: ServiceUnderTest) -> None:
    uscc = a_uscc()
    zhang, li = await _persons(gateway)
    await represented_by(gateway, uscc, "zhangsan")
    representative = await acting(gateway, zhang, uscc)
    body = terms(gateway.clock(), "audit.record.read", reach="general")
    offered = await given(gateway, representative, body)
    await taken_on(gateway, li, offered["invitation_code"])
    path = f"{MANDATES}/{offered['mandate_id']}"
    live = await acting(gateway, li, uscc)
    assert (await gateway.get("/audit/v1/mine", live)).status_code == 200
    stranger = await gateway.post(f"{path}/withdrawal", {}, owner_token("somebody"))

    withdrawn = await gateway.post(f"{path}/withdrawal", {"reason": "已离职"}, representative)

    assert (stranger.status_code, withdrawn.status_code) == (404, 200)
    assert (withdrawn.json()["state"], withdrawn.json()["ended_because"]) == ("withdrawn", "已离职")
    assert await refused_everywhere(gateway, "/audit/v1/mine", live)
    with pytest.raises(OAuthRefusal):
        await acting(gateway, li, uscc)
    again = await gateway.post(f"{path}/withdrawal", {}, representative)
    assert (again.status_code, again.json()["type"]) == (409, "/problems/mandate-action-not-allowed")
    recorded = await gateway.events("cn.tongban.gateway.access.recorded.v1", offered["mandate_id"])
    assert [(each["data"]["fields"], each["data"]["reader"]) for each in recorded] == [
        (["offered"], f"enterprise:{uscc};by:{zhang}"),
        (["accepted"], f"person:{li}"),
        (["withdrawn"], f"enterprise:{uscc};by:{zhang}"),
    ]
    assert {each["data"]["owner_subject"] for each in recorded} == {uscc}


async def test_a_mandate_that_ran_out_is_refused_before_and_after_it_is_written_down(
    gateway: ServiceUnderTest,
) -> None:
    uscc = a_uscc()
    zhang, li = await _persons(gateway)
    await represented_by(gateway, uscc, "zhangsan")
    body = terms(gateway.clock(), *GENERAL, reach="general", days=2)
    offered = await given(gateway, await acting(gateway, zhang, uscc), body)
    await taken_on(gateway, li, offered["invitation_code"])
    await acting(gateway, li, uscc)

    gateway.clock.advance(timedelta(days=2))
    try:
        with pytest.raises(OAuthRefusal) as refused:
            await acting(gateway, li, uscc)
        shown = await gateway.get(f"{MANDATES}/{offered['mandate_id']}", owner_token(li))
        await gateway.app.state.backend.transactions.run(expire_mandates)
    finally:
        gateway.clock.advance(timedelta(days=-2))

    assert refused.value.error is OAuthError.INVALID_GRANT
    assert shown.json()["state"] == "expired"
    [row] = await gateway.rows(
        "SELECT state FROM identity_mandate WHERE mandate_id = :id", id=UUID(offered["mandate_id"])
    )
    assert row["state"] == "expired"


async def test_a_token_is_good_no_longer_than_the_mandate(gateway: ServiceUnderTest) -> None:
    zhang, li = await _persons(gateway)
    ends = (gateway.clock() + timedelta(seconds=90)).isoformat()
    offered = await given(gateway, owner_token(zhang), terms(gateway.clock()) | {"valid_until": ends})
    await taken_on(gateway, li, offered["invitation_code"])

    token = await acting(gateway, li, zhang, mandate_id=offered["mandate_id"])

    principal = await gateway.app.state.issuer.verify(token)
    assert principal.expires_at <= datetime.fromisoformat(ends).timestamp()
    assert (principal.facts.mandate_id, principal.facts.matter_id) == (
        offered["mandate_id"],
        offered["matter_id"],
    )


async def test_a_person_delegates_matters_one_by_one_and_says_why_other_terms_are_refused(
    gateway: ServiceUnderTest,
) -> None:
    zhang, _ = await _persons(gateway)
    body = terms(gateway.clock(), *GENERAL, reach="general", days=400)

    answer = await gateway.post(MANDATES, body, owner_token(zhang))

    assert (answer.status_code, answer.json()["type"]) == (400, "/problems/mandate-not-possible")
    assert [each["pointer"] for each in answer.json()["errors"]] == ["/reach", "/valid_until"]


def _terms(**changed: Any) -> Terms:
    values: dict[str, Any] = {
        "reach": Reach.GENERAL,
        "scopes": frozenset(GENERAL),
        "valid_from": NOW,
        "valid_until": NOW + LONGEST,
    }
    return Terms(**values | changed)


@pytest.mark.parametrize(
    ("changed", "places"),
    [
        ({}, []),
        ({"valid_until": NOW + LONGEST + timedelta(seconds=1)}, ["/valid_until"]),
        ({"valid_until": NOW}, ["/valid_until"]),
        ({"valid_from": NOW - timedelta(seconds=1)}, ["/valid_from"]),
        ({"scopes": frozenset({MANAGE})}, ["/scopes"]),
        ({"reach": Reach.ONE_MATTER}, ["/scopes"]),
        ({"reach": Reach.ONE_MATTER, "scopes": frozenset(ONE_MATTER), "matter_id": uuid4()}, []),
        ({"matter_id": uuid4()}, ["/matter_id"]),
    ],
)
def test_the_terms_of_an_enterprises_delegation_have_bounds(
    changed: dict[str, Any], places: list[str]
) -> None:
    found = flaws_of(_terms(**changed), SubjectKind.ENTERPRISE, NOW)

    assert [flaw.pointer for flaw in found] == places


def _active(**changed: Any) -> Mandate:
    offered = offer(
        uuid4(),
        (SubjectKind.ENTERPRISE, "91140881MAE000002E"),
        _terms(**changed),
        given_by="ann",
        agent="bob",
        invitation_digest=None,
        now=NOW,
    )
    return accept(offered, "bob", NOW)


@for_all(seconds=st.integers(-10, 2 * 366 * 24 * 3600))
def test_a_mandate_is_good_from_its_beginning_until_just_before_its_end(seconds: int) -> None:
    mandate = _active(valid_from=NOW + timedelta(seconds=5))
    at = NOW + timedelta(seconds=seconds)

    assert mandate.valid_until is not None
    assert mandate.is_good(at) == (mandate.valid_from <= at < mandate.valid_until)
    assert (mandate.state_at(at) is MandateState.EXPIRED) == (at >= mandate.valid_until)


def test_of_several_mandates_the_widest_is_chosen_and_equals_have_to_be_named() -> None:
    general, narrow = _active(), _active(reach=Reach.ONE_MATTER, matter_id=uuid4())

    assert choose([narrow, general]) is general
    assert choose([narrow]) is narrow
    assert choose([general, _active()]) is None
    assert choose([]) is None


def test_a_reference_names_the_same_person_under_one_key_only() -> None:
    number = "14088119900101001x"
    key, other = b"one key of the suite's own", b"another key of the suite's own"

    assert person_reference(number, key) == person_reference(number.upper() + " ", key)
    assert person_reference(number, key) != person_reference(number, other)
    assert len(person_reference(number, key)) == 64
