"""Pushed authorization requests: nobody between the client and the gateway can change or read them (RFC 9126)."""

from datetime import timedelta
from urllib.parse import parse_qs, urlencode, urlsplit

import httpx
import pytest

from gateway.identity.use_cases.secret_texts import digest_of
from shared.security.strength import Strength
from tests.gateway.browser import Asked, browser, callback, consent, exchange, hidden_fields, sign_in
from tests.gateway.identity.test_clients import ASSERTION_TYPE, assertion
from tests.gateway.seed import REDIRECT
from tests.support.identities import ISSUER
from tests.support.service import ServiceUnderTest


def parameters_of(asked: Asked) -> dict[str, str]:
    """What the client would have sent through the browser."""
    return {name: values[0] for name, values in parse_qs(urlsplit(asked.url()).query).items()}


async def push(client: httpx.AsyncClient, asked: Asked, **extra: str) -> httpx.Response:
    """Push a request."""
    return await client.post("/oauth2/par", data=parameters_of(asked) | extra)


class Pushed:
    """What the browser is sent with then."""

    def __init__(self, request_uri: str, client_id: str = "portal", **extra: str) -> None:
        self._query = urlencode({"client_id": client_id, "request_uri": request_uri} | extra)

    def url(self) -> str:
        """Where the client sends the browser."""
        return f"/oauth2/authorize?{self._query}"


async def pushed(client: httpx.AsyncClient, asked: Asked, **extra: str) -> Pushed:
    """Push a request that is good."""
    answer = await push(client, asked)
    assert answer.status_code == 201, answer.text
    assert answer.json()["expires_in"] == 60
    return Pushed(answer.json()["request_uri"], asked.client_id, **extra)


async def requires_pushing(gateway: ServiceUnderTest, required: bool) -> None:
    """Mark the portal, as its registration would."""
    await gateway.rows_changed(
        "UPDATE identity_client SET requires_pushed_requests = :required WHERE client_id = 'portal'",
        required=required,
    )


async def test_a_pushed_request_brings_one_code_through_login_and_consent(gateway: ServiceUnderTest) -> None:
    async with browser(gateway.app) as person:
        asked = Asked()
        link = await pushed(person, asked)

        answer = await consent(person, await sign_in(person, link))  # type: ignore[arg-type]
        back = callback(answer)
        tokens = await exchange(person, back["code"], asked)
        again = await person.get(link.url())

    assert (back["state"], back["iss"]) == (asked.state, ISSUER)
    assert tokens.status_code == 200, tokens.text
    assert again.status_code == 400
    assert "location" not in again.headers


async def test_what_the_browser_says_beside_it_counts_for_nothing(gateway: ServiceUnderTest) -> None:
    async with browser(gateway.app) as person:
        asked = Asked(scope="openid")
        altered = await pushed(
            person,
            asked,
            scope="openid registration.filing.submit",
            state="mine",
            redirect_uri="https://evil",
        )

        page = await sign_in(person, altered)  # type: ignore[arg-type]
        back = callback(page if page.status_code == 303 else await consent(person, page))
        tokens = (await exchange(person, back["code"], asked)).json()

    assert back["state"] == asked.state
    assert tokens["scope"] == "openid"


async def test_it_is_to_be_taken_up_within_a_minute_and_then_waits_for_the_person(
    gateway: ServiceUnderTest,
) -> None:
    async with browser(gateway.app) as person:
        late, begun = await pushed(person, Asked()), await pushed(person, Asked(scope="openid"))
        login = await person.get(begun.url())
        gateway.clock.advance(timedelta(seconds=61))
        try:
            refused = await person.get(late.url())
            still = await person.get(begun.url())
        finally:
            gateway.clock.advance(-timedelta(seconds=61))

    assert (login.status_code, still.status_code, refused.status_code) == (303, 303, 400)


async def test_a_demand_to_sign_in_again_is_met_once(gateway: ServiceUnderTest) -> None:
    async with browser(gateway.app) as person:
        await sign_in(person, Asked(scope="openid"))
        link = await pushed(person, Asked(scope="openid", extra={"prompt": "login"}))

        first = await person.get(link.url())
        page = await sign_in(person, link)  # type: ignore[arg-type]
        answer = page if page.status_code == 303 else await consent(person, page)

    assert first.headers["location"].startswith("/login")
    assert "code" in callback(answer)


async def test_another_client_cannot_use_it(gateway: ServiceUnderTest) -> None:
    async with browser(gateway.app) as person:
        link = await pushed(person, Asked())
        uri = parse_qs(urlsplit(link.url()).query)["request_uri"][0]

        stolen = await person.get(Pushed(uri, "other").url())
        invented = await person.get(Pushed(uri[:-1] + "x").url())

    assert (stolen.status_code, invented.status_code) == (400, 400)


@pytest.mark.parametrize(
    ("asked", "extra", "error"),
    [
        (Asked(redirect_uri=f"{REDIRECT}/more"), {}, "invalid_request"),
        (Asked(extra={"code_challenge": None}), {}, "invalid_request"),
        (Asked(scope="hotline.everything.own"), {}, "invalid_scope"),
        (Asked(), {"request_uri": "urn:ietf:params:oauth:request_uri:x"}, "invalid_request"),
        (Asked(), {"request": "e30.e30."}, "invalid_request"),
        (Asked(client_id="tax"), {}, "invalid_client"),
    ],
    ids=["redirect", "no_challenge", "scope", "request_uri", "request_object", "no_proof_of_client"],
)
async def test_what_cannot_be_answered_is_refused_when_it_is_pushed(
    gateway: ServiceUnderTest, asked: Asked, extra: dict[str, str], error: str
) -> None:
    answer = await push(gateway.client, asked, **extra)

    assert answer.json()["error"] == error
    assert answer.status_code == (401 if error == "invalid_client" else 400)


async def test_a_client_with_a_key_proves_itself_for_this_endpoint(gateway: ServiceUnderTest) -> None:
    await gateway.rows_changed(
        "UPDATE identity_client SET redirect_uris = ARRAY[:uri] WHERE client_id = 'tax'", uri=REDIRECT
    )
    proof = assertion("tax", aud=f"{ISSUER}/oauth2/par")
    form = {"client_assertion_type": ASSERTION_TYPE, "client_assertion": proof}

    answer = await push(gateway.client, Asked(client_id="tax", scope="openid"), **form)

    assert answer.status_code == 201, answer.text
    stored = await gateway.rows("SELECT parameters FROM identity_pushed_request WHERE client_id = 'tax'")
    assert "client_assertion" not in stored[0]["parameters"]


async def test_a_client_marked_so_must_push(gateway: ServiceUnderTest) -> None:
    await requires_pushing(gateway, required=True)
    try:
        async with browser(gateway.app) as person:
            plain = callback(await person.get(Asked().url()))
            link = await pushed(person, Asked())
            login = await person.get(link.url())
    finally:
        await requires_pushing(gateway, required=False)

    assert plain["error"] == "invalid_request"
    assert login.headers["location"].startswith("/login")


async def test_a_request_uri_is_kept_as_a_digest_only(gateway: ServiceUnderTest) -> None:
    answer = await push(gateway.client, Asked())
    secret = answer.json()["request_uri"].rpartition(":")[2]

    found = await gateway.rows(
        "SELECT 1 FROM identity_pushed_request WHERE request_digest = :d", d=digest_of(secret)
    )

    assert len(found) == 1


async def test_the_request_may_come_as_a_form(gateway: ServiceUnderTest) -> None:
    async with browser(gateway.app) as person:
        answer = await person.post("/oauth2/authorize", data=parameters_of(Asked()))
        login = await person.get(answer.headers["location"])

    assert answer.status_code == 303
    assert login.headers["location"].startswith("/login")


async def test_a_stronger_sign_in_than_there_is_brings_no_code(gateway: ServiceUnderTest) -> None:
    stronger: dict[str, str | None] = {"acr_values": f"urn:unknown {Strength.TWO_FACTOR.acr}"}
    async with browser(gateway.app) as person:
        await consent(person, await sign_in(person, Asked(scope="openid")))

        silent = callback(await person.get(Asked(scope="openid", extra=stronger | {"prompt": "none"}).url()))
        asked = await person.get(Asked(scope="openid", extra=stronger).url())
        enough = callback(
            await person.get(Asked(scope="openid", extra={"acr_values": Strength.PASSWORD.acr}).url())
        )

    assert silent["error"] == "unmet_authentication_requirements"
    assert asked.headers["location"].startswith("/login")
    assert "code" in enough


async def test_consent_cannot_be_given_past_a_stronger_sign_in(gateway: ServiceUnderTest) -> None:
    async with browser(gateway.app) as person:
        await sign_in(person, Asked(scope="openid"))
        page = await person.get(Asked(scope="openid", extra={"prompt": "consent"}).url())
        form = hidden_fields(page)
        form["request"] += "&" + urlencode({"acr_values": Strength.FACE.acr})

        back = callback(await person.post("/consent", data=form | {"decision": "allow"}))

    assert back["error"] == "unmet_authentication_requirements"
