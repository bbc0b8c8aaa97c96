"""The data bureau registers clients, releases, suspends and closes them; a client replaces its own keys."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from deploy.local.seed import scopes_of_agency
from gateway.identity.api.wording import SCOPE_WORDING
from gateway.identity.domain.client_refusals import ClientActionNotAllowed
from gateway.identity.domain.client_rules import is_sound_redirect
from gateway.identity.domain.clients import (
    TRANSITIONS,
    TRIAL,
    Client,
    ClientAction,
    ClientKey,
    ClientKind,
    Environment,
    Standing,
    move,
)
from gateway.identity.domain.entitlements import ALL_SCOPES, scopes_for
from gateway.identity.domain.scopes import IDENTITY_SCOPES
from shared.region import load_region_pack
from shared.security.keys import SigningKey
from tests.gateway.browser import Asked, browser, tokens_of
from tests.gateway.identity.registering import (
    ADMINISTRATOR,
    BUREAU,
    CLIENTS,
    TAX,
    codes,
    jwk_of,
    registered,
    registration,
    token_of,
)
from tests.gateway.identity.test_clients import ask, assertion
from tests.gateway.matters.forms import THEME, restaurant_form
from tests.support.identities import agency_token, bearer, officer_token
from tests.support.service import REGION_PACK, ServiceUnderTest
from tests.support.waiting import eventually

SELF = f"{CLIENTS}/self"
CITY_APP = "https://city.example/callback"
NOW = datetime(2026, 3, 2, 1, 30, tzinfo=UTC)


async def test_a_test_client_reads_at_the_smallest_rate_in_no_agencys_name_until_it_is_released(
    gateway: ServiceUnderTest,
) -> None:
    key = SigningKey.generate()

    client_id = await registered(gateway, key)
    trial = (await gateway.get(f"{CLIENTS}/{client_id}", ADMINISTRATOR)).json()
    on_trial = await gateway.app.state.issuer.verify(await token_of(gateway, client_id, key))
    scopes = ["registration.enterprise.read", "matters.task.handle"]
    released = await gateway.post(f"{CLIENTS}/{client_id}/release", {"scopes": scopes}, ADMINISTRATOR)
    at_work = await gateway.app.state.issuer.verify(await token_of(gateway, client_id, key))

    assert (trial["environment"], trial["tier"], trial["expires_at"] is not None) == ("test", "small", True)
    assert on_trial.agency is None
    assert released.status_code == 200, released.text
    assert (released.json()["environment"], released.json()["tier"]) == ("live", "standard")
    assert released.json()["expires_at"] is None
    assert (at_work.agency, at_work.scopes) == (TAX, set(scopes))


@pytest.mark.parametrize(
    ("given", "pointer", "code"),
    [
        ({"scopes": ["matters.task.handle"]}, "/scopes", "not_for_test_clients"),
        ({"scopes": ["registration.filing.decide"]}, "/scopes", "not_of_this_agency"),
        ({"scopes": ["no.such.read"]}, "/scopes", "not_of_this_agency"),
        ({"environment": "live", "scopes": ["identity.client.manage"]}, "/scopes", "not_of_this_agency"),
        ({"agency": "91140881MA9DEM01XR"}, "/agency", "unknown_agency"),
        ({"region_code": "999999"}, "/region_code", "unknown_division"),
        ({"client_id": "gateway-matters"}, "/client_id", "reserved"),
        ({"client_id": "self"}, "/client_id", "reserved"),
        ({"tier": "standard"}, "/tier", "not_for_test_clients"),
        ({"kind": "agency", "environment": "live", "tier": "internal"}, "/tier", "services_only"),
        ({"jwks": []}, "/jwks", "missing"),
        ({"redirect_uris": ["https://tax.example/back"]}, "/redirect_uris", "apps_only"),
        ({"kind": "app", "jwks": []}, "/redirect_uris", "missing"),
        ({"kind": "app", "redirect_uris": ["https://*.example/"]}, "/redirect_uris/0", "unsound_redirect"),
    ],
)
async def test_what_may_not_be_registered_is_refused_with_its_place(
    gateway: ServiceUnderTest, given: dict[str, Any], pointer: str, code: str
) -> None:
    body = registration(SigningKey.generate(), **given)

    answer = await gateway.post(CLIENTS, body, ADMINISTRATOR)

    assert answer.status_code == 400, answer.text
    assert (pointer, code) in codes(answer)


@pytest.mark.parametrize(
    "spoiled",
    [
        {"d": "AAAA"},
        {"kty": "RSA"},
        {"crv": "P-384"},
        {"alg": "RS256"},
        {"x": "A" * 43},
        {"kid": "../../key"},
    ],
)
async def test_only_the_public_half_of_a_sound_p_256_key_is_taken(
    gateway: ServiceUnderTest, spoiled: dict[str, str]
) -> None:
    key = SigningKey.generate()

    answer = await gateway.post(CLIENTS, registration(key, jwks=[jwk_of(key) | spoiled]), ADMINISTRATOR)

    assert answer.status_code == 400, answer.text
    assert [pointer for pointer, _ in codes(answer) if pointer.startswith("/jwks/0")]


async def test_nobody_but_the_data_bureau_registers_and_its_officers_need_two_factors(
    gateway: ServiceUnderTest,
) -> None:
    body = registration(SigningKey.generate())
    stranger = agency_token("tax", TAX, "identity.client.manage")
    officer = officer_token("olga", BUREAU, "identity.client.manage")

    by_stranger = await gateway.post(CLIENTS, body, stranger)
    by_officer = await gateway.post(CLIENTS, body, officer)
    listed = await gateway.get(CLIENTS, stranger)

    assert (by_stranger.status_code, listed.status_code) == (403, 403)
    assert by_officer.json()["type"] == "/problems/stronger-sign-in-needed"


async def test_an_id_is_given_once_also_after_its_client_was_closed(gateway: ServiceUnderTest) -> None:
    client_id = await registered(gateway, SigningKey.generate())

    closed = await gateway.post(f"{CLIENTS}/{client_id}/closure", {"reason": "系统下线"}, ADMINISTRATOR)
    again = await gateway.post(
        CLIENTS, registration(SigningKey.generate(), client_id=client_id), ADMINISTRATOR
    )
    resumed = await gateway.post(f"{CLIENTS}/{client_id}/resumption", None, ADMINISTRATOR)

    assert closed.json()["standing"] == "closed"
    assert (again.status_code, again.json()["type"]) == (409, "/problems/client-id-taken")
    assert resumed.json()["type"] == "/problems/client-action-not-allowed"


async def test_a_suspended_clients_tokens_are_refused_within_a_second_and_it_gets_no_new_ones(
    gateway: ServiceUnderTest,
) -> None:
    key = SigningKey.generate()
    client_id = await registered(gateway, key)
    token = await token_of(gateway, client_id, key)
    before = await gateway.get(SELF, token)

    suspended = await gateway.post(f"{CLIENTS}/{client_id}/suspension", {"reason": "异常调用"}, ADMINISTRATOR)

    async def refused() -> bool:
        return (await gateway.get(SELF, token)).status_code == 401

    await eventually(refused, within=5)
    asked = await ask(gateway, assertion(client_id, key=key))
    resumed = await gateway.post(f"{CLIENTS}/{client_id}/resumption", None, ADMINISTRATOR)
    asked_again = await ask(gateway, assertion(client_id, key=key))
    assert before.status_code == 200
    assert (suspended.json()["standing"], suspended.json()["standing_reason"]) == ("suspended", "异常调用")
    assert (asked.status_code, asked.json()["error"]) == (401, "invalid_client")
    assert resumed.json()["standing"] == "active"
    assert asked_again.status_code == 200


async def test_an_administrator_cannot_lock_itself_out(gateway: ServiceUnderTest) -> None:
    answer = await gateway.post(f"{CLIENTS}/data_bureau/suspension", {"reason": "误操作"}, ADMINISTRATOR)

    assert (answer.status_code, answer.json()["type"]) == (409, "/problems/own-client")


async def test_a_client_replaces_its_key_by_itself_and_with_overlap(gateway: ServiceUnderTest) -> None:
    old, new = SigningKey.generate(), SigningKey.generate()
    client_id = await registered(gateway, old)
    token = await token_of(gateway, client_id, old)

    added = await gateway.post(f"{SELF}/keys", {"jwk": jwk_of(new)}, token)
    both = [await ask(gateway, assertion(client_id, key=key)) for key in (old, new)]
    token = await token_of(gateway, client_id, new)
    removed = await gateway.post(f"{SELF}/keys/{old.kid}/removal", {"because": "replaced"}, token)
    after = [await ask(gateway, assertion(client_id, key=key)) for key in (old, new)]
    last = await gateway.post(f"{SELF}/keys/{new.kid}/removal", {"because": "replaced"}, token)
    back = await gateway.post(f"{SELF}/keys", {"jwk": jwk_of(old)}, token)

    assert added.status_code == 201, added.text
    assert [answer.status_code for answer in both] == [200, 200]
    assert [each["kid"] for each in removed.json()["keys"]] == [new.kid]
    assert [answer.status_code for answer in after] == [401, 200]
    assert last.json()["type"] == "/problems/last-key"
    assert codes(back) == [("/jwk", "known_key")]


async def test_three_living_keys_are_the_most_and_each_counts_in_its_time_only(
    gateway: ServiceUnderTest,
) -> None:
    first, later, third, fourth = (SigningKey.generate() for _ in range(4))
    client_id = await registered(gateway, first)
    tomorrow = (datetime.now(UTC) + timedelta(days=1)).isoformat()
    keys = f"{CLIENTS}/{client_id}/keys"

    planned = await gateway.post(keys, {"jwk": jwk_of(later), "not_before": tomorrow}, ADMINISTRATOR)
    over = await gateway.post(
        keys, {"jwk": jwk_of(third), "not_after": "2020-01-01T00:00:00Z"}, ADMINISTRATOR
    )
    added = await gateway.post(keys, {"jwk": jwk_of(third)}, ADMINISTRATOR)
    too_many = await gateway.post(keys, {"jwk": jwk_of(fourth)}, ADMINISTRATOR)
    early = await ask(gateway, assertion(client_id, key=later))

    assert (planned.status_code, added.status_code) == (201, 201)
    assert codes(over) == [("/not_after", "already_over")]
    assert (too_many.status_code, too_many.json()["type"]) == (409, "/problems/too-many-keys")
    assert early.status_code == 401


async def test_tokens_got_with_a_compromised_key_are_refused(gateway: ServiceUnderTest) -> None:
    old, new = SigningKey.generate(), SigningKey.generate()
    client_id = await registered(gateway, old)
    token = await token_of(gateway, client_id, old)
    await gateway.post(f"{CLIENTS}/{client_id}/keys", {"jwk": jwk_of(new)}, ADMINISTRATOR)

    removal = f"{CLIENTS}/{client_id}/keys/{old.kid}/removal"
    removed = await gateway.post(removal, {"because": "compromised"}, ADMINISTRATOR)

    async def refused() -> bool:
        return (await gateway.get(SELF, token)).status_code == 401

    assert removed.status_code == 200, removed.text
    assert await eventually(refused, within=5)


async def test_a_registration_changes_only_as_it_was_read_and_a_lost_scope_is_gone_at_once(
    gateway: ServiceUnderTest,
) -> None:
    key = SigningKey.generate()
    client_id = await registered(gateway, key)
    token = await token_of(gateway, client_id, key)
    path = f"{CLIENTS}/{client_id}"
    read = await gateway.get(path, ADMINISTRATOR)
    sent = bearer(ADMINISTRATOR) | {"If-Match": read.headers["etag"]}

    changed = await gateway.client.patch(path, json={"scopes": ["credit.subject.read"]}, headers=sent)
    stale = await gateway.client.patch(path, json={"name": "另一名称"}, headers=sent)

    async def refused() -> bool:
        return (await gateway.get(SELF, token)).status_code == 401

    assert changed.json()["scopes"] == ["credit.subject.read"]
    assert stale.status_code == 412
    assert await eventually(refused, within=5)


async def test_a_scope_that_an_app_lost_does_not_come_back_with_a_refresh_token(
    gateway: ServiceUnderTest,
) -> None:
    scopes = ["matters.matter.read", "registration.filing.read"]
    app = {"kind": "app", "jwks": [], "redirect_uris": [CITY_APP], "scopes": scopes, "agency": BUREAU}
    client_id = await registered(gateway, None, **app)
    sent = bearer(ADMINISTRATOR) | {"If-Match": "*"}

    async with browser(gateway.app) as person:
        asked = Asked(client_id=client_id, redirect_uri=CITY_APP, scope=f"openid {' '.join(scopes)}")
        tokens = await tokens_of(person, asked)
        await gateway.client.patch(f"{CLIENTS}/{client_id}", json={"scopes": scopes[:1]}, headers=sent)
        form = {
            "grant_type": "refresh_token",
            "client_id": client_id,
            "refresh_token": tokens["refresh_token"],
        }
        renewed = await person.post("/oauth2/token", data=form)

    assert renewed.json()["scope"] == "matters.matter.read openid"


async def test_a_test_client_is_served_until_its_trial_is_over(gateway: ServiceUnderTest) -> None:
    key = SigningKey.generate()
    client_id = await registered(gateway, key)
    await gateway.rows_changed(
        "UPDATE identity_client SET expires_at = now() WHERE client_id = :client_id", client_id=client_id
    )

    asked = await ask(gateway, assertion(client_id, key=key))

    assert (asked.status_code, asked.json()["error"]) == (401, "invalid_client")


async def test_one_person_sees_the_same_cases_through_two_registered_apps(gateway: ServiceUnderTest) -> None:
    app = {"kind": "app", "jwks": [], "redirect_uris": [CITY_APP], "scopes": ["matters.matter.read"]}
    channel = await registered(gateway, None, **app, region_code="140881", agency=BUREAU)
    matter = {"theme": THEME, "form": restaurant_form(), "channel": "portal"}
    both = "openid matters.matter.submit matters.matter.read"
    seen = []

    async with browser(gateway.app) as person:
        portal = (await tokens_of(person, Asked(scope=both)))["access_token"]
        opened = await gateway.post("/matters/v1/matters", matter, portal)
        asked = Asked(client_id=channel, redirect_uri=CITY_APP, scope="openid matters.matter.read")
        through_app = (await tokens_of(person, asked))["access_token"]
        for token in (portal, through_app):

            async def cases(token: str = token) -> list[str]:
                return [
                    case["id"] for case in (await gateway.get("/matters/v1/mine", token)).json()["entries"]
                ]

            seen.append(await eventually(cases))
        await gateway.post(f"{CLIENTS}/{channel}/suspension", {"reason": "应用下架"}, ADMINISTRATOR)
        strange = (await person.get(asked.url())).text

    assert opened.status_code == 201, opened.text
    assert seen[0] == seen[1]
    assert opened.json()["id"] in seen[0]
    assert "client_id" in strange


async def test_clients_are_listed_in_pages_by_what_they_are(gateway: ServiceUnderTest) -> None:
    made = {await registered(gateway, SigningKey.generate()) for _ in range(3)}

    seen: list[str] = []
    cursor: dict[str, str] = {}
    while True:
        page = await gateway.get(CLIENTS, ADMINISTRATOR, agency=TAX, environment="test", limit=2, **cursor)
        seen += [each["client_id"] for each in page.json()["entries"]]
        if page.json()["next_cursor"] is None:
            break
        cursor = {"cursor": page.json()["next_cursor"]}

    assert seen == sorted(set(seen))
    assert made <= set(seen)
    assert "tax" not in seen


async def test_a_clients_own_page_is_for_clients_only(gateway: ServiceUnderTest) -> None:
    answer = await gateway.get(SELF, officer_token("olga", BUREAU, "identity.client.self"))

    assert answer.json()["type"] == "/problems/clients-only"


async def test_everything_done_to_a_client_is_on_record(gateway: ServiceUnderTest) -> None:
    client_id = await registered(gateway, SigningKey.generate())
    await gateway.post(f"{CLIENTS}/{client_id}/suspension", {"reason": "异常调用"}, ADMINISTRATOR)

    told = await gateway.events("cn.tongban.gateway.access.recorded.v1", client_id)

    assert [(each["data"]["resource"], each["data"]["fields"]) for each in told] == [
        ("identity.client", ["registered_test"]),
        ("identity.client", ["suspended"]),
    ]
    assert {each["data"]["reader"] for each in told} == {"client:data_bureau"}


def test_every_move_of_a_client_is_in_the_table() -> None:
    client = Client("x", "x", ClientKind.SERVICE, TAX, frozenset())

    for standing in Standing:
        for action in ClientAction:
            target = TRANSITIONS.get((standing, action))
            stands = Client("x", "x", ClientKind.SERVICE, TAX, frozenset(), standing=standing)
            if target is None:
                with pytest.raises(ClientActionNotAllowed):
                    move(stands, action, reason=None)
            else:
                assert move(stands, action, reason=None).standing is target
    assert client.is_served(NOW)


def test_a_trial_ends_at_its_instant_and_a_key_is_good_from_its_first_to_before_its_last() -> None:
    trial = Client(
        "x", "x", ClientKind.SERVICE, TAX, frozenset(), environment=Environment.TEST, expires_at=NOW + TRIAL
    )
    key = ClientKey("k", {}, NOW, NOW + timedelta(hours=1))
    instant = timedelta(microseconds=1)

    assert [trial.is_served(NOW + TRIAL - instant), trial.is_served(NOW + TRIAL)] == [True, False]
    moments = (NOW - instant, NOW, NOW + timedelta(hours=1) - instant, NOW + timedelta(hours=1))
    assert [key.is_good(moment) for moment in moments] == [False, True, True, False]


@pytest.mark.parametrize(
    ("uri", "live", "test"),
    [
        ("https://tax.example/callback", True, True),
        ("https://tax.example:8443/callback?tenant=1", True, True),
        ("http://127.0.0.1:8765/callback", False, True),
        ("http://[::1]:8765/callback", False, True),
        ("http://localhost:8765/callback", False, False),
        ("http://tax.example/callback", False, False),
        ("https://tax.example/callback#part", False, False),
        ("https://*.tax.example/callback", False, False),
        ("https://user@tax.example/callback", False, False),
        ("https://tax.example\\@evil.example/", False, False),
        ("https://tax.example/a/../b", False, False),
        ("https://", False, False),
        ("https://tax.example:99999/", False, False),
        ("javascript:alert(1)", False, False),
        ("https://税务.example/", False, False),
    ],
)
def test_people_are_sent_back_to_whole_https_addresses_only(uri: str, live: bool, test: bool) -> None:
    assert is_sound_redirect(uri, Environment.LIVE) is live
    assert is_sound_redirect(uri, Environment.TEST) is test


def test_only_the_data_bureau_may_hold_what_governs_and_its_app_everything() -> None:
    govern = {"identity.client.manage", "catalogue.grant.manage"}

    assert not govern & scopes_for(ClientKind.AGENCY, ["register_enterprises", "answer_requests"])
    assert govern <= scopes_for(ClientKind.AGENCY, ["govern_data_sharing"])
    assert "hotline.ticket.submit" not in scopes_for(ClientKind.SERVICE, [])
    assert "hotline.ticket.submit" in scopes_for(ClientKind.APP, [])
    assert scopes_for(ClientKind.APP, ["govern_data_sharing"]) == ALL_SCOPES


def test_every_agencys_seed_stays_within_what_its_duties_allow_and_every_scope_is_worded() -> None:
    pack = load_region_pack(REGION_PACK)

    beyond = {
        agency.key: set(scopes_of_agency(agency.key))
        - scopes_for(ClientKind.AGENCY, [duty.key for duty in agency.duties])
        for agency in pack.agencies
    }

    assert {key: scopes for key, scopes in beyond.items() if scopes} == {}
    assert set(SCOPE_WORDING) - IDENTITY_SCOPES == ALL_SCOPES
