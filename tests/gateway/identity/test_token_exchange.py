"""A back end acts for a signed-in person: with the person's consent, in the person's name, and no longer than that."""

import secrets
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import httpx
import pytest

from gateway.identity.use_cases.own_account import withdraw_consent
from shared.security.keys import SigningKey
from shared.security.principal import Facts, Principal
from shared.security.tokens import TokenVerifier
from tests.gateway.acting import ACCESS_TOKEN, TOKEN_EXCHANGE
from tests.gateway.browser import Asked, browser, get_code, tokens_of
from tests.gateway.identity.test_clients import ASSERTION_TYPE, assertion
from tests.gateway.seed import REDIRECT
from tests.support.identities import ISSUER, KEYS, agency_token, signed_token
from tests.support.possession import proof
from tests.support.service import ServiceUnderTest

APP = "tax"
READ = "hotline.ticket.read"
PERSONS_SCOPE = f"openid {READ} registration.enterprise.read registration.filing.read"


@dataclass(frozen=True)
class Signed:
    """A person who signed in through the portal, and allowed the back end something, or nothing."""

    tokens: dict[str, Any]
    principal: Principal

    @property
    def token(self) -> str:
        """The portal's access token."""
        text: str = self.tokens["access_token"]
        return text


async def principal_of(token: str, audience: str = "gateway") -> Principal:
    """What a token says."""
    return await TokenVerifier(issuer=ISSUER, audience=audience, keys=KEYS).verify(token)


async def signed_in(person: httpx.AsyncClient, username: str = "zhangsan") -> Signed:
    """Sign a person in through the portal."""
    tokens = await tokens_of(person, Asked(scope=PERSONS_SCOPE), username)
    return Signed(tokens, await principal_of(tokens["access_token"]))


async def allow(gateway: ServiceUnderTest, person: httpx.AsyncClient, scope: str) -> None:
    """Let the person sign in at the back end's own app, and allow it."""
    await gateway.rows_changed(
        "UPDATE identity_client SET redirect_uris = ARRAY[:uri] WHERE client_id = :id", uri=REDIRECT, id=APP
    )
    await get_code(person, Asked(client_id=APP, scope=scope))


async def exchange(
    gateway: ServiceUnderTest,
    token: str,
    client_id: str = APP,
    proof_of_key: str | None = None,
    **extra: str,
) -> httpx.Response:
    """Exchange a token."""
    headers = {"DPoP": proof_of_key} if proof_of_key is not None else {}
    form = {
        "grant_type": TOKEN_EXCHANGE,
        "client_assertion_type": ASSERTION_TYPE,
        "client_assertion": assertion(client_id),
        "subject_token": token,
        "subject_token_type": ACCESS_TOKEN,
    }
    return await gateway.client.post("/oauth2/token", data=form | extra, headers=headers)


async def test_the_back_end_acts_for_the_person_within_what_all_allow(gateway: ServiceUnderTest) -> None:
    async with browser(gateway.app) as person:
        shown = await signed_in(person)
        before = await exchange(gateway, shown.token)
        await allow(gateway, person, f"openid {READ}")

        answer = await exchange(gateway, shown.token)
        wider = await exchange(gateway, shown.token, scope="registration.enterprise.read")

    got = answer.json()
    acting = await principal_of(got["access_token"], "hotline")
    assert (before.status_code, before.json()["error"]) == (400, "invalid_grant")
    assert (got["issued_token_type"], got["token_type"], got["scope"]) == (ACCESS_TOKEN, "Bearer", READ)
    assert not {"refresh_token", "id_token"} & set(got)
    assert (acting.subject, acting.client_id) == (shown.principal.subject, APP)
    assert (acting.is_person, acting.acted_by) == (True, APP)
    assert acting.reference == f"person:{acting.subject};by:{APP}"
    assert acting.facts.grant_id == shown.principal.facts.grant_id
    assert acting.expires_at <= shown.principal.expires_at
    assert got["expires_in"] <= 600
    assert wider.json()["error"] == "invalid_scope"


async def _sign_out(gateway: ServiceUnderTest, person: httpx.AsyncClient, shown: Signed) -> None:
    await person.get("/oauth2/logout", params={"id_token_hint": shown.tokens["id_token"]})


async def _withdraw_consent(gateway: ServiceUnderTest, person: httpx.AsyncClient, shown: Signed) -> None:
    await gateway.app.state.backend.transactions.run(
        lambda uow: withdraw_consent(shown.principal.subject, APP, uow, uow.now)
    )


async def _revoke_by_portal(gateway: ServiceUnderTest, person: httpx.AsyncClient, shown: Signed) -> None:
    form = {"token": shown.tokens["refresh_token"], "client_id": "portal"}
    await person.post("/oauth2/revoke", data=form)


@pytest.mark.parametrize(
    "ending", [_sign_out, _revoke_by_portal, _withdraw_consent], ids=lambda ending: ending.__name__
)
async def test_it_ends_with_session_consent_and_grant(gateway: ServiceUnderTest, ending: Any) -> None:
    async with browser(gateway.app) as person:
        shown = await signed_in(person)
        await allow(gateway, person, f"openid {READ}")
        token = (await exchange(gateway, shown.token)).json()["access_token"]
        before = await introspected(gateway, token)

        await ending(gateway, person, shown)

        after = await introspected(gateway, token)
        again = await exchange(gateway, shown.token)
    assert before["active"] is True
    assert after == {"active": False}
    assert again.json()["error"] == "invalid_grant"


async def test_a_consent_given_anew_is_good_at_once_and_the_old_one_stays_withdrawn(
    gateway: ServiceUnderTest,
) -> None:
    async with browser(gateway.app) as person:
        gateway.clock.set(datetime.now(UTC).replace(microsecond=0))  # withdrawn and given within one second
        shown = await signed_in(person)
        await allow(gateway, person, f"openid {READ}")
        before = (await exchange(gateway, shown.token)).json()["access_token"]

        await _withdraw_consent(gateway, person, shown)
        await allow(gateway, person, f"openid {READ}")
        anew = (await exchange(gateway, shown.token)).json()["access_token"]

    assert await introspected(gateway, before) == {"active": False}
    assert (await introspected(gateway, anew))["active"] is True


async def introspected(gateway: ServiceUnderTest, token: str) -> dict[str, Any]:
    """What the back end is told of its token."""
    proof_of_client = {
        "client_assertion_type": ASSERTION_TYPE,
        "client_assertion": assertion(APP),
    }
    answer = await gateway.client.post("/oauth2/introspect", data={"token": token} | proof_of_client)
    told: dict[str, Any] = answer.json()
    return told


async def test_a_token_got_by_exchange_can_be_given_back_alone(gateway: ServiceUnderTest) -> None:
    async with browser(gateway.app) as person:
        shown = await signed_in(person)
        await allow(gateway, person, f"openid {READ}")
        token = (await exchange(gateway, shown.token)).json()["access_token"]

        form = {
            "token": token,
            "client_assertion_type": ASSERTION_TYPE,
            "client_assertion": assertion(APP),
        }
        await gateway.client.post("/oauth2/revoke", data=form)

    assert await introspected(gateway, token) == {"active": False}
    assert (await exchange(gateway, shown.token)).status_code == 200


async def test_it_can_be_narrowed_to_one_service_and_bound_to_a_key(gateway: ServiceUnderTest) -> None:
    key = SigningKey.generate()
    async with browser(gateway.app) as person:
        shown = await signed_in(person)
        await allow(gateway, person, f"openid {READ} registration.enterprise.read")

        by_name = await exchange(gateway, shown.token, audience="hotline")
        by_address = await exchange(gateway, shown.token, resource=f"{ISSUER}/registration/v1")
        nowhere = await exchange(gateway, shown.token, audience="credit")
        made = proof(key, "POST", f"{ISSUER}/oauth2/token")
        bound = await exchange(gateway, shown.token, proof_of_key=made)

    assert by_name.json()["scope"] == READ
    assert by_address.json()["scope"] == "registration.enterprise.read"
    assert nowhere.json()["error"] == "invalid_target"
    assert bound.json()["token_type"] == "DPoP"
    assert (await principal_of(bound.json()["access_token"])).facts.key_thumbprint == key.kid


async def test_actors_are_nested_and_not_without_end(gateway: ServiceUnderTest) -> None:
    async with browser(gateway.app) as person:
        shown = await signed_in(person)
        await allow(gateway, person, f"openid {READ}")

        chain = [await exchange(gateway, _passed_on(shown, n)) for n in range(5)]

    told = [(await principal_of(each.json()["access_token"])).facts.actors for each in chain[:4]]
    assert told == [(APP, *(f"app-{n}" for n in range(length))) for length in range(4)]
    assert chain[4].json()["error"] == "invalid_request"


def _passed_on(shown: Signed, times: int) -> str:
    actors = tuple(f"app-{n}" for n in range(times))
    facts = Facts(acr=shown.principal.acr, grant_id=shown.principal.facts.grant_id, actors=actors)
    return signed_token(shown.principal.subject, "portal", (READ,), facts)


@pytest.mark.parametrize(
    ("extra", "error"),
    [
        ({"subject_token": "x.y.z"}, "invalid_grant"),
        ({"subject_token": ""}, "invalid_request"),
        ({"subject_token_type": "urn:ietf:params:oauth:token-type:id_token"}, "invalid_request"),
        ({"requested_token_type": "urn:ietf:params:oauth:token-type:refresh_token"}, "invalid_request"),
        ({"actor_token": agency_token("police", "11140881MB9Y000405")}, "invalid_request"),
        ({"actor_token": "x"}, "invalid_request"),
        ({"subject_token": agency_token(APP, "11140881MB9Y000405", READ)}, "invalid_grant"),
        ({"requested_subject": str(uuid4())}, "invalid_grant"),
        ({"scope": "hotline.ticket.handle"}, "invalid_scope"),
    ],
)
async def test_what_proves_nothing_brings_no_token(
    gateway: ServiceUnderTest, extra: dict[str, str], error: str
) -> None:
    async with browser(gateway.app) as person:
        shown = await signed_in(person)
        await allow(gateway, person, f"openid {READ}")

        answer = await exchange(gateway, shown.token, proof_of_key=None, **extra)

    assert (answer.status_code, answer.json()["error"]) == (400, error)


async def test_the_clients_own_actor_token_says_what_is_known(gateway: ServiceUnderTest) -> None:
    async with browser(gateway.app) as person:
        shown = await signed_in(person)
        await allow(gateway, person, f"openid {READ}")

        own = agency_token(APP, "11140881MB9Y000405", READ)
        answer = await exchange(gateway, shown.token, actor_token=own, actor_token_type=ACCESS_TOKEN)

    assert answer.status_code == 200, answer.text


async def test_a_client_without_a_key_exchanges_nothing_for_itself(gateway: ServiceUnderTest) -> None:
    async with browser(gateway.app) as person:
        shown = await signed_in(person)
        form = {
            "grant_type": TOKEN_EXCHANGE,
            "client_id": "portal",
            "subject_token": shown.token,
            "subject_token_type": ACCESS_TOKEN,
        }
        own = await person.post("/oauth2/token", data=form)
        others = await person.post(
            "/oauth2/token", data=form | {"client_id": "other", "requested_subject": secrets.token_hex(8)}
        )

    assert [each.json()["error"] for each in (own, others)] == ["unauthorized_client"] * 2
