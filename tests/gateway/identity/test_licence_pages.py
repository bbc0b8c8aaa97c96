"""A person signs in on the login page by showing an electronic business licence to a wallet."""

import json
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta
from html import unescape
from re import search
from typing import Any

import httpx
import pytest
import pytest_asyncio

from deploy.local.postgres import Cluster
from gateway.identity.use_cases.outside_identities import OutsideIdentities
from gateway.settings import GatewaySettings
from shared.identifiers import person_reference
from shared.security.keys import SigningKey
from shared.security.strength import Strength
from shared.security.tokens import split_token
from tests.gateway.acting import ACCESS_TOKEN, DETERMINED, TOKEN_EXCHANGE, subject_of
from tests.gateway.browser import Asked, browser, callback, consent, exchange, hidden_fields
from tests.gateway.identity.authenticator import follow
from tests.gateway.identity.licence_wallet import TOKEN, WalletService
from tests.gateway.identity.test_licence_sign_in import WALLET, WALLET_KEY, ask, word
from tests.gateway.seed import PASSWORD
from tests.gateway.serving import served
from tests.registration.builders import ANN, FILINGS, filing, id_number
from tests.support.identities import ISSUER
from tests.support.service import PERSON_REFERENCE_KEY, ServiceUnderTest, service_under_test
from tests.support.waiting import eventually

EVENT = "cn.tongban.gateway.access.recorded.v1"
BEGIN, WAITING = "/login/with-licence", "/login/with-licence/waiting"
ACCOUNT = "SELECT subject, password_hash, display_name FROM identity_account WHERE citizen_id = :c"


@dataclass
class City:
    """The register, and the wallet that the gateway is connected to."""

    registration: ServiceUnderTest
    wallet: WalletService


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def connected(
    cluster: Cluster, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[tuple[City, dict[str, Any]]]:
    """The real register, a wallet, and the settings with which the gateway reaches both."""
    directory, wallet = tmp_path_factory.mktemp("registration"), WalletService()
    key = directory / "signing-key.pem"
    key.write_bytes(SigningKey.generate().to_pem())
    names = {"zh": "电子营业执照", "en": "Electronic business licence"}
    listed = {"issuer": WALLET, "names": names, "keys": [WALLET_KEY.public_jwk()]}
    providers = directory / "providers.yaml"
    providers.write_text(json.dumps({"licence_wallets": [listed]}))
    async with (
        service_under_test(
            "registration", cluster, directory, settings={"signing_key_file": key}, worker=False
        ) as registration,
        served(registration.app) as register_port,
        served(wallet) as wallet_port,
    ):
        settings = {
            "registration_url": f"http://127.0.0.1:{register_port}",
            "providers_file": providers,
            "licence_wallet_url": f"http://127.0.0.1:{wallet_port}/api/",
            "licence_wallet_token": TOKEN,
        }
        yield City(registration, wallet), settings


@pytest.fixture(scope="module")
def extra_settings(connected: tuple[City, dict[str, Any]]) -> dict[str, Any]:
    """The gateway knows both."""
    return connected[1]


@pytest.fixture
def city(connected: tuple[City, dict[str, Any]]) -> City:
    """Every test begins with a wallet that waits."""
    connected[0].wallet.as_it_should()
    return connected[0]


@pytest.fixture
async def licence(city: City) -> dict[str, str]:
    """An enterprise with its licence."""
    made = (await city.registration.post(FILINGS, filing(), ANN)).json()
    return {"sub": made["uscc"], "licence_identifier": made["licence_identifier"]}


async def choose(client: httpx.AsyncClient, asked: Asked) -> httpx.Response:
    """From the app over the login page to the code that is to be scanned."""
    login = await follow(client, await client.get(asked.url()))
    return await follow(client, await client.post(BEGIN, data=hidden_fields(login)))


def onward(page: httpx.Response) -> str:
    """Where the page's link leads."""
    found = search(r'id="onward" href="([^"]+)"', page.text)
    assert found, page.text
    return unescape(found[1])


async def tokens(client: httpx.AsyncClient, page: httpx.Response, asked: Asked) -> dict[str, Any]:
    """Consent where that is asked for; the app's tokens."""
    back = await consent(client, page) if page.status_code == 200 else page
    answer = await exchange(client, callback(back)["code"], asked)
    assert answer.status_code == 200, answer.text
    told: dict[str, Any] = answer.json()
    return told


def code_on(page: httpx.Response) -> str:
    """The reason that the page gives."""
    found = search(r"<code>([a-z_]+)</code>", page.text)
    return found[1] if found else ""


async def test_who_shows_a_licence_in_force_is_signed_in_as_the_person_that_the_wallet_names(
    gateway: ServiceUnderTest, city: City, licence: dict[str, str]
) -> None:
    asked, citizen = Asked(scope="openid"), id_number(901)
    async with browser(gateway.app) as client:
        shown = await choose(client, asked)
        still = await client.get(f"{WAITING}?auto=1")
        city.wallet.shows(word(licence, holder_citizen_id=citizen, holder_name="钱七"))
        said = await client.get(WAITING)
        claims = split_token(
            (await tokens(client, await follow(client, await client.get(onward(said))), asked))["id_token"]
        )[1]

    assert (shown.status_code, "<svg" in shown.text, "refresh" in shown.headers) == (200, True, False)
    assert still.headers["refresh"] == "5"
    assert (city.wallet.begun[0]["audience"], city.wallet.tokens) == (ISSUER, {f"Bearer {TOKEN}"})
    assert city.wallet.asked_for[0].startswith("/api/sessions/s/")
    assert f"尚无您可代表企业 {licence['sub']} 办事的授权记录" in said.text
    assert (claims["amr"], claims["acr"]) == (["ecl"], Strength.TWO_FACTOR.acr)
    [account] = await gateway.rows(ACCOUNT, c=citizen)
    assert dict(account) == {"subject": claims["sub"], "password_hash": None, "display_name": "钱七"}
    [record] = await gateway.events(EVENT, licence["sub"])
    assert (record["data"]["fields"], record["data"]["result"]) == (["signed_in"], "allowed")


async def test_who_stands_for_the_enterprise_by_law_goes_straight_on_and_acts_in_its_name(
    gateway: ServiceUnderTest, city: City, licence: dict[str, str]
) -> None:
    asked, uscc, citizen = Asked(scope="openid matters.matter.read"), licence["sub"], id_number(902)
    reference = person_reference(citizen, PERSON_REFERENCE_KEY.encode())
    await gateway.hear(DETERMINED, uscc, {"uscc": uscc, "person_reference": reference})

    async def known() -> bool:
        return bool(await gateway.rows("SELECT 1 FROM identity_mandate WHERE principal = :u", u=uscc))

    assert await eventually(known)
    async with browser(gateway.app) as client:
        await choose(client, asked)
        city.wallet.shows(word(licence, holder_citizen_id=citizen))
        own = await tokens(client, await follow(client, await client.get(WAITING)), asked)
    form = {
        "grant_type": TOKEN_EXCHANGE,
        "client_id": asked.client_id,
        "subject_token": own["access_token"],
        "subject_token_type": ACCESS_TOKEN,
        "requested_subject": uscc,
    }
    answer = await gateway.client.post("/oauth2/token", data=form)

    assert answer.status_code == 200, answer.text
    claims = split_token(answer.json()["access_token"])[1]
    assert (claims["sub"], claims["sub_kind"]) == (uscc, "enterprise")
    assert claims["act"]["sub"] == split_token(own["id_token"])[1]["sub"]


async def test_an_account_that_is_here_already_is_proven_once_and_then_reached_by_the_licence(
    gateway: ServiceUnderTest, city: City, licence: dict[str, str]
) -> None:
    asked, [row] = (
        Asked(scope="openid"),
        await gateway.rows("SELECT citizen_id FROM identity_account WHERE username = 'lisi'"),
    )
    async with browser(gateway.app) as client:
        await choose(client, asked)
        city.wallet.shows(word(licence, holder_citizen_id=row["citizen_id"]))
        explained = await follow(client, await client.get(WAITING))
        has_session_yet = "tongban_session" in client.cookies
        found = search(r'href="(/login\?[^"]+)"', explained.text)
        assert found, explained.text
        login = await client.get(unescape(found[1]))
        form = hidden_fields(login) | {"username": "lisi", "password": PASSWORD}
        asks = await follow(client, await client.post("/login", data=form))
        linked = await client.post("/login/link", data=hidden_fields(asks))
        listed = await client.get("/account/identities")
    city.wallet.as_it_should()
    async with browser(gateway.app) as client:
        await choose(client, asked)
        city.wallet.shows(word(licence, holder_citizen_id=row["citizen_id"]))
        again = await client.get(WAITING)
        page = await follow(client, await client.get(onward(again)))
        claims = split_token((await tokens(client, page, asked))["id_token"])[1]

    assert ("您在本市已有账户" in explained.text, has_session_yet, linked.status_code) == (True, False, 303)
    assert "电子营业执照" in listed.text
    assert (claims["sub"], claims["amr"]) == (await subject_of(gateway, "lisi"), ["ecl"])


@pytest.mark.parametrize("state", ["03", "unknown"])
async def test_a_licence_that_is_not_in_force_ends_on_a_page_and_in_the_audit_chain(
    gateway: ServiceUnderTest, city: City, licence: dict[str, str], state: str
) -> None:
    citizen, identifier = id_number(903), licence["licence_identifier"]
    forget = "WITH log AS (DELETE FROM licence_operation WHERE identifier = :i) DELETE FROM licence"
    change = forget if state == "unknown" else "UPDATE licence SET state = '03'"
    await city.registration.rows_changed(f"{change} WHERE identifier = :i", i=identifier)

    async with browser(gateway.app) as client:
        await choose(client, Asked(scope="openid"))
        city.wallet.shows(word(licence, holder_citizen_id=citizen))
        page = await client.get(WAITING)
        over = await client.get(WAITING)

    assert (page.status_code, code_on(page)) == (403, "licence_not_good")
    assert (over.status_code, code_on(over)) == (400, "not_begun_here")
    assert "tongban_session" not in client.cookies
    assert not await gateway.rows(ACCOUNT, c=citizen)
    [record] = await gateway.events(EVENT, licence["sub"])
    assert (record["data"]["fields"], record["data"]["result"]) == (["licence_not_good"], "denied")


async def test_only_a_word_of_the_wallet_that_was_not_used_before_and_names_a_holder_counts(
    gateway: ServiceUnderTest, city: City, licence: dict[str, str]
) -> None:
    citizen = id_number(904)
    used = word(licence, holder_citizen_id=citizen)
    assert (await ask(gateway, used)).status_code == 200
    words = {
        "another key": word(licence, key=SigningKey.generate(), holder_citizen_id=citizen),
        "another audience": word(licence, aud="https://elsewhere.example", holder_citizen_id=citizen),
        "an impossible holder": word(licence, holder_citizen_id="140881199001010011"),
        "used at the token endpoint": used,
        "nobody": word(licence),
    }
    pages = {}
    for name, text in words.items():
        city.wallet.as_it_should()
        async with browser(gateway.app) as client:
            await choose(client, Asked(scope="openid"))
            city.wallet.shows(text)
            page = await client.get(WAITING)
            pages[name] = (page.status_code, code_on(page), "tongban_session" in client.cookies)

    assert pages == dict.fromkeys(words, (403, "licence_bad_word", False)) | {
        "nobody": (403, "no_citizen_id", False)
    }
    assert not await gateway.rows(ACCOUNT, c=citizen)


async def test_no_other_browser_takes_over_a_sign_in_that_waits_and_none_comes_back_twice(
    gateway: ServiceUnderTest, city: City, licence: dict[str, str]
) -> None:
    asked = Asked(scope="openid")
    async with (
        browser(gateway.app) as client,
        browser(gateway.app) as stranger,
        browser(gateway.app) as thief,
    ):
        foreign = await client.post(BEGIN, data={"request": ""})
        await choose(client, asked)
        copied = dict(client.cookies)
        city.wallet.shows(word(licence, holder_citizen_id=id_number(905)))
        elsewhere = await stranger.get(WAITING)
        first = await client.get(WAITING)
        city.wallet.shows(word(licence, holder_citizen_id=id_number(905)))
        thief.cookies.update(copied)
        again = await thief.get(WAITING)

    assert (foreign.status_code, len(city.wallet.begun)) == (403, 1)
    assert (elsewhere.status_code, code_on(elsewhere)) == (400, "not_begun_here")
    assert (first.status_code, "tongban_session" in client.cookies) == (200, True)
    assert (again.status_code, code_on(again), "tongban_session" in thief.cookies) == (
        403,
        "licence_bad_word",
        False,
    )


async def test_a_wallet_or_register_that_does_not_answer_is_told_on_a_page_that_can_be_tried_again(
    gateway: ServiceUnderTest, city: City, licence: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    wallet, outcomes = city.wallet, []
    async with browser(gateway.app) as client:
        login = await follow(client, await client.get(Asked(scope="openid").url()))
        wallet.broken = True
        outcomes.append(await client.post(BEGIN, data=hidden_fields(login)))
        wallet.broken = False
        await choose(client, Asked(scope="openid"))
        nonsense: list[dict[str, Any]] = [{"state": "perhaps"}, {"state": "shown"}, {"state": None}, {}]
        for answer in nonsense:
            wallet.answer = answer
            outcomes.append(await client.get(WAITING))
        wallet.shows(word(licence, holder_citizen_id=id_number(906)))
        with monkeypatch.context() as away:
            away.setattr(gateway.app.state.outside.register, "_verify", "http://127.0.0.1:9/verify")
            no_register = await client.get(WAITING)
        back = await client.get(WAITING)
    wallet.as_it_should()
    async with browser(gateway.app) as client:
        await choose(client, Asked(scope="openid"))
        wallet.answer = {"state": "refused"}
        declined = await client.get(WAITING)

    assert {(page.status_code, code_on(page)) for page in outcomes} == {(503, "licence_wallet_away")}
    assert (no_register.status_code, code_on(no_register)) == (503, "licence_register_away")
    assert (back.status_code, "您已以本人身份登录" in back.text) == (200, True)
    assert (declined.status_code, code_on(declined)) == (403, "licence_declined")


async def test_what_was_begun_is_good_for_ten_minutes(
    gateway: ServiceUnderTest, city: City, licence: dict[str, str]
) -> None:
    minutes = {}
    async with browser(gateway.app) as client:
        await choose(client, Asked(scope="openid"))
        for minute in (9, 11):
            gateway.clock.advance(timedelta(minutes=minute))
            minutes[minute] = (await client.get(WAITING)).status_code
            gateway.clock.advance(-timedelta(minutes=minute))

    assert minutes == {9: 200, 11: 400}


async def test_without_a_wallet_the_way_is_not_offered(
    gateway: ServiceUnderTest, city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with browser(gateway.app) as client:
        offered = await client.get("/login")
        monkeypatch.setattr(gateway.app.state.outside, "wallet", None)
        login = await client.get("/login")
        begun = await client.post(BEGIN, data=hidden_fields(login))

    assert ("以电子营业执照登录" in offered.text, "以电子营业执照登录" in login.text) == (True, False)
    assert (begun.status_code, code_on(begun)) == (404, "licence_not_offered")


def test_a_wallet_whose_word_nothing_verifies_stops_the_start(gateway: ServiceUnderTest) -> None:
    settings = gateway.settings.model_copy(update={"providers_file": None})

    with pytest.raises(ValueError, match="licence_wallet_url needs a licence wallet"):
        OutsideIdentities(settings)


@pytest.mark.parametrize(
    ("url", "token", "mode"),
    [("https://wallet.example", None, "local"), ("http://wallet.example", "t" * 40, "production")],
)
def test_a_wallet_is_asked_with_a_token_and_never_in_the_open(
    gateway: ServiceUnderTest, url: str, token: str | None, mode: str
) -> None:
    secrets = {"secret": "0123456789abcdefghijklmnop", "nats_password": "p0123456789abcdefghijklmno"}
    kept = gateway.settings.model_dump(exclude={"seed_file", *secrets})
    changed = {"mode": mode, "licence_wallet_url": url, "licence_wallet_token": token}

    with pytest.raises(ValueError, match="licence_wallet_url"):
        GatewaySettings(**{**kept, **secrets, **changed})
