"""An enterprise proves itself by its electronic business licence, checked at the register each time."""

import json
import secrets
import time
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
import pytest_asyncio

from deploy.local.postgres import Cluster
from shared.security.keys import SigningKey
from shared.security.principal import SubjectKind
from shared.security.strength import Strength
from shared.security.tokens import TokenVerifier
from tests.gateway.identity.test_clients import ASSERTION_TYPE, assertion, signed
from tests.gateway.serving import served
from tests.registration.builders import ANN, FILINGS, filing, id_number, person
from tests.support.identities import ISSUER, KEYS, bearer
from tests.support.service import ServiceUnderTest, service_under_test

WALLET = "https://wallet.example"
WALLET_KEY = SigningKey.generate()
SCOPE = "registration.enterprise.read matters.matter.read"
JWT_BEARER = "urn:ietf:params:oauth:grant-type:jwt-bearer"


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def registration(
    cluster: Cluster, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[ServiceUnderTest]:
    """The real register, whose verification the gateway asks."""
    directory = tmp_path_factory.mktemp("registration")
    key = directory / "signing-key.pem"
    key.write_bytes(SigningKey.generate().to_pem())
    settings = {"signing_key_file": key}
    async with service_under_test(
        "registration", cluster, directory, settings=settings, worker=False
    ) as service:
        yield service


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def extra_settings(
    registration: ServiceUnderTest, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[dict[str, Any]]:
    """The gateway knows the register and trusts one wallet."""
    wallet = {
        "issuer": WALLET,
        "names": {"zh": "电子营业执照", "en": "Electronic business licence"},
        "keys": [WALLET_KEY.public_jwk()],
    }
    file = tmp_path_factory.mktemp("providers") / "providers.yaml"
    file.write_text(json.dumps({"licence_wallets": [wallet]}))
    async with served(registration.app) as port:
        yield {"registration_url": f"http://127.0.0.1:{port}", "providers_file": file}


@pytest.fixture
async def licence(registration: ServiceUnderTest) -> dict[str, str]:
    """An enterprise with its licence."""
    made = (await registration.post(FILINGS, filing(), ANN)).json()
    return {"sub": made["uscc"], "licence_identifier": made["licence_identifier"]}


def word(licence: dict[str, str], *, key: SigningKey = WALLET_KEY, **otherwise: Any) -> str:
    """What the wallet signs about a licence that was shown to it."""
    now = int(time.time())
    claims = {
        "iss": WALLET,
        "aud": ISSUER,
        "iat": now,
        "exp": now + 60,
        "jti": secrets.token_urlsafe(16),
        **licence,
        **otherwise,
    }
    header = {"alg": "ES256", "kid": key.kid, "typ": "JWT"}
    return signed(header, {name: value for name, value in claims.items() if value is not None}, key)


async def ask(gateway: ServiceUnderTest, text: str, **extra: str) -> httpx.Response:
    """Present a wallet's word at the token endpoint."""
    form = {
        "grant_type": JWT_BEARER,
        "assertion": text,
        "scope": SCOPE,
        "client_assertion_type": ASSERTION_TYPE,
        "client_assertion": assertion("tax"),
    }
    return await gateway.client.post("/oauth2/token", data=form | extra)


async def test_a_licence_in_force_brings_a_token_of_the_enterprise(
    gateway: ServiceUnderTest, registration: ServiceUnderTest, licence: dict[str, str]
) -> None:
    answer = await ask(gateway, word(licence))

    assert answer.status_code == 200, answer.text
    tokens = answer.json()
    assert not {"refresh_token", "id_token"} & set(tokens)
    principal = await TokenVerifier(issuer=ISSUER, audience="registration", keys=KEYS).verify(
        tokens["access_token"]
    )
    assert (principal.subject, principal.kind) == (licence["sub"], SubjectKind.ENTERPRISE)
    assert (principal.strength, principal.facts.methods) == (Strength.TWO_FACTOR, ("ecl",))
    assert (principal.agency, principal.acted_by) == (None, None)
    read = await registration.client.get(
        f"/registration/v1/enterprises/{licence['sub']}", headers=bearer(tokens["access_token"])
    )
    assert read.status_code == 200
    [record] = await gateway.events("cn.tongban.gateway.access.recorded.v1", licence["sub"])
    assert record["data"]["resource"] == "identity.electronic_licence"


async def test_the_holder_who_has_an_account_here_is_named_as_who_acts(
    gateway: ServiceUnderTest, licence: dict[str, str]
) -> None:
    [zhangsan] = await gateway.rows(
        "SELECT subject, citizen_id FROM identity_account WHERE username = 'zhangsan'"
    )

    known = await ask(gateway, word(licence, holder_citizen_id=zhangsan["citizen_id"]))
    stranger = await ask(gateway, word(licence, holder_citizen_id=id_number(7)))

    verifier = TokenVerifier(issuer=ISSUER, audience="gateway", keys=KEYS)
    acted_by = [
        (await verifier.verify(answer.json()["access_token"])).acted_by for answer in (known, stranger)
    ]
    assert acted_by == [zhangsan["subject"], None]


@pytest.mark.parametrize("state", ["02", "03", "04", "05", "07"])
async def test_a_licence_that_is_not_in_force_yields_401(
    gateway: ServiceUnderTest, registration: ServiceUnderTest, licence: dict[str, str], state: str
) -> None:
    before = await ask(gateway, word(licence))
    await registration.rows_changed(
        "UPDATE licence SET state = :state WHERE identifier = :identifier",
        state=state,
        identifier=licence["licence_identifier"],
    )

    answer = await ask(gateway, word(licence))

    assert (before.status_code, answer.status_code) == (200, 401)
    assert answer.json()["error"] == "invalid_grant"
    assert answer.headers["www-authenticate"].startswith("Bearer")


async def test_an_unknown_licence_and_anothers_yield_401(
    gateway: ServiceUnderTest, registration: ServiceUnderTest, licence: dict[str, str]
) -> None:
    other = (await registration.post(FILINGS, filing(people=[person("legal_representative")]), ANN)).json()
    await registration.rows_changed(
        "WITH log AS (DELETE FROM licence_operation WHERE identifier = :identifier)"
        " DELETE FROM licence WHERE identifier = :identifier",
        identifier=licence["licence_identifier"],
    )

    answers = [
        await ask(gateway, word(licence)),
        await ask(gateway, word(licence | {"licence_identifier": other["licence_identifier"]})),
        await ask(gateway, word(licence | {"licence_identifier": "1.2.156.3005.2.X"})),
    ]

    assert [answer.status_code for answer in answers] == [401, 401, 401]


async def test_a_word_is_good_once(gateway: ServiceUnderTest, licence: dict[str, str]) -> None:
    text = word(licence)

    answers = [await ask(gateway, text), await ask(gateway, text)]

    assert [answer.status_code for answer in answers] == [200, 401]
    assert "used before" in answers[1].json()["error_description"]


async def test_only_a_trusted_wallets_word_for_this_issuer_and_now_counts(
    gateway: ServiceUnderTest, licence: dict[str, str]
) -> None:
    now = int(time.time())
    good = word(licence)
    head, _, signature = good.split(".")
    foreign_body = word(licence | {"sub": "91140881MAE000002E"}).split(".")[1]
    bad = {
        "another issuer": word(licence, iss="https://evil.example"),
        "another key": word(licence, key=SigningKey.generate()),
        "altered": ".".join((head, foreign_body, signature)),
        "another audience": word(licence, aud="https://elsewhere.example"),
        "expired": word(licence, iat=now - 400, exp=now - 200),
        "too long": word(licence, exp=now + 3600),
        "without id": word(licence, jti=None),
        "unsigned": signed({"alg": "none", "typ": "JWT"}, {"iss": WALLET}, WALLET_KEY),
        "an own token": assertion("tax"),
        "nothing": "x",
    }

    answers = {name: await ask(gateway, text) for name, text in bad.items()}

    assert {name: answer.status_code for name, answer in answers.items()} == dict.fromkeys(bad, 401)


async def test_the_client_must_prove_itself_and_be_registered_for_the_scopes(
    gateway: ServiceUnderTest, licence: dict[str, str]
) -> None:
    nobody = await ask(gateway, word(licence), client_assertion=assertion("tax", key=SigningKey.generate()))
    too_much = await ask(gateway, word(licence), scope="credit.record.write")
    form = {"grant_type": JWT_BEARER, "assertion": word(licence), "client_id": "portal"}
    public_client = await gateway.client.post("/oauth2/token", data=form)

    assert (nobody.status_code, nobody.json()["error"]) == (401, "invalid_client")
    assert (too_much.status_code, too_much.json()["error"]) == (400, "invalid_scope")
    assert (public_client.status_code, public_client.json()["error"]) == (400, "unauthorized_client")


async def test_while_the_register_is_away_nothing_is_believed(
    gateway: ServiceUnderTest, licence: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    register = gateway.app.state.outside.register
    monkeypatch.setattr(register, "_verify", "http://127.0.0.1:9/registration/v1/verify")

    answer = await ask(gateway, word(licence))

    assert answer.status_code == 503
    assert answer.json()["type"] == "/problems/licence-register-away"
