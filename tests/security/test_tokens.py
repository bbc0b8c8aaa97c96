"""Tokens that must not be accepted, at the gateway and at a service's own port (S01 to S15)."""

import asyncio
import base64
import hashlib
import hmac
import json
import logging
import secrets
import time
from collections.abc import Callable, Mapping
from typing import Any

import httpx
import pytest
from cryptography.hazmat.primitives import serialization

from shared.security.key_set import RemoteKeySet
from shared.security.keys import SigningKey, encode_base64url
from tests.security.conftest import Target
from tests.support.identities import EVERYWHERE, ISSUER, SIGNING_KEY, bearer

ATTACKER = SigningKey.generate()
SCOPE = "hotline.counter.read"
TARGETS = ("service", "gateway", "front_office")
ABSENT: Any = object()


def claims(**changes: Any) -> dict[str, Any]:
    """Claims of a good token, but for the changes; ABSENT leaves one out."""
    now = int(time.time())
    good = {
        "iss": ISSUER,
        "sub": "ann",
        "client_id": "portal",
        "aud": list(EVERYWHERE),
        "scope": SCOPE,
        "iat": now,
        "exp": now + 300,
        "jti": secrets.token_hex(16),
    }
    return {name: value for name, value in (good | changes).items() if value is not ABSENT}


def forge(body: Mapping[str, Any] | None = None, key: SigningKey = SIGNING_KEY, /, **header: Any) -> str:
    """A compact JWS with any header."""
    head = {"alg": "ES256", "kid": SIGNING_KEY.kid, "typ": "at+jwt"} | header
    parts = [encode_base64url(json.dumps(part).encode()) for part in (head, body or claims())]
    return ".".join([*parts, encode_base64url(key.sign(".".join(parts).encode()))])


def unsigned(algorithm: str, signature: str = "") -> str:
    """A token that says that it needs no signature."""
    head = {"alg": algorithm, "kid": SIGNING_KEY.kid, "typ": "at+jwt"}
    return ".".join([*(encode_base64url(json.dumps(part).encode()) for part in (head, claims())), signature])


def with_shared_secret(secret: bytes) -> str:
    """A token "signed" with the text of the public key."""
    head = {"alg": "HS256", "kid": SIGNING_KEY.kid, "typ": "at+jwt"}
    signed = ".".join(encode_base64url(json.dumps(part).encode()) for part in (head, claims()))
    return f"{signed}.{encode_base64url(hmac.new(secret, signed.encode(), hashlib.sha256).digest())}"


def public_pem() -> bytes:
    """The public key as everybody can write it down."""
    return SIGNING_KEY.private_key.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )


def changed_payload() -> str:
    """Other claims under the signature of the first."""
    head, _, signature = forge().split(".")
    return f"{head}.{encode_base64url(json.dumps(claims(sub='bob')).encode())}.{signature}"


def signature_of_another() -> str:
    """The signature of another good token."""
    return f"{forge().rpartition('.')[0]}.{forge().rpartition('.')[2]}"


def last_byte_flipped() -> str:
    """One bit of the signature is another."""
    signed, _, signature = forge().rpartition(".")
    raw = bytearray(base64.urlsafe_b64decode(signature + "=="))
    raw[-1] ^= 1
    return f"{signed}.{encode_base64url(bytes(raw))}"


def same_bytes_other_text() -> str:
    """The same signature bytes in another spelling: a spare bit of the last character is set."""
    signed, _, signature = forge().rpartition(".")
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    return f"{signed}.{signature[:-1]}{alphabet[alphabet.index(signature[-1]) + 1]}"


def zero_signature() -> str:
    """r = s = 0."""
    return f"{forge().rpartition('.')[0]}.{'A' * 86}"


def enormous_number() -> str:
    """A header with a number that Python's own reader gives up on."""
    head = b'{"alg":' + b"9" * 5000 + b"}"
    return f"{encode_base64url(head)}.{'A' * 20}.{'A' * 86}"


NOW = time.time
HOSTILE: dict[str, Callable[[], str]] = {
    "S02_none": lambda: unsigned("none"),
    "S02_None": lambda: unsigned("None"),
    "S02_nOnE": lambda: unsigned("nOnE", "AAAA"),
    "S02_empty_signature": lambda: unsigned("ES256"),
    "S03_hs256_with_the_pem": lambda: with_shared_secret(public_pem()),
    "S03_hs256_with_the_jwk": lambda: with_shared_secret(json.dumps(SIGNING_KEY.public_jwk()).encode()),
    "S04_expired": lambda: forge(claims(iat=int(NOW()) - 100, exp=int(NOW()) - 31)),
    "S05_not_yet": lambda: forge(claims(nbf=int(NOW()) + 60)),
    "S06_other_audience": lambda: forge(claims(aud="elsewhere")),
    "S06_list_without_us": lambda: forge(claims(aud=["elsewhere", "licensing"])),
    "S06_no_audience": lambda: forge(claims(aud=ABSENT)),
    "S07_no_issuer": lambda: forge(claims(iss=ABSENT)),
    "S07_other_issuer": lambda: forge(claims(iss="https://evil.example")),
    "S07_trailing_slash": lambda: forge(claims(iss=ISSUER + "/")),
    **{
        f"S08_no_{name}": lambda name=name: forge(claims(**{name: ABSENT}))  # type: ignore[misc]
        for name in ("exp", "sub", "jti", "iat", "client_id")
    },
    "S09_unknown_kid": lambda: forge(kid="unknown"),
    "S09_path_as_kid": lambda: forge(kid="../../../dev/null"),
    "S09_sql_as_kid": lambda: forge(kid="' or 1=1--"),
    "S09_long_kid": lambda: forge(kid="k" * 5000),
    "S11_own_key_in_the_header": lambda: forge(None, ATTACKER, jwk=ATTACKER.public_jwk()),
    "S11_own_key_with_our_kid": lambda: forge(None, ATTACKER),
    "S12_id_token": lambda: forge(typ="JWT"),
    "S12_no_type": lambda: forge(typ=None),
    "S12_refresh_token": lambda: secrets.token_urlsafe(32),
    "S14_payload_changed": changed_payload,
    "S14_signature_of_another": signature_of_another,
    "S14_last_byte_flipped": last_byte_flipped,
    "S14_zero_signature": zero_signature,
    "S14_other_spelling": same_bytes_other_text,
    "S15_nine_kilobytes": lambda: forge(claims(scope="x" * 7000)),
    "critical_extension": lambda: forge(crit=["exp"]),
    "compressed": lambda: forge(zip="DEF"),
    "exp_as_text": lambda: forge(claims(exp=str(int(NOW()) + 300))),
    "W04_number_of_thousands_of_digits": lambda: enormous_number(),
    "exp_as_bool": lambda: forge(claims(exp=True)),
    "lives_too_long": lambda: forge(claims(exp=int(NOW()) + 86_400)),
    "issued_in_the_future": lambda: forge(claims(iat=int(NOW()) + 300, exp=int(NOW()) + 600)),
}


def assert_refused(answer: httpx.Response, token: str) -> None:
    """401 as a problem, with a challenge, and nothing of the reason or the token in it."""
    assert answer.status_code == 401, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["www-authenticate"].startswith("Bearer")
    problem = answer.json()
    assert problem["type"] == "/problems/unauthenticated"
    assert set(problem) == {"type", "title", "status", "instance"}
    assert not token or token not in answer.text


@pytest.mark.parametrize("name", TARGETS)
@pytest.mark.parametrize("case", HOSTILE)
async def test_a_hostile_token_is_refused_everywhere(
    targets: dict[str, Target], name: str, case: str
) -> None:
    token = HOSTILE[case]()

    async with targets[name].client() as client:
        answer = await client.get(targets[name].path, headers=bearer(token))

    assert_refused(answer, token)


@pytest.mark.parametrize("name", TARGETS)
async def test_without_a_bearer_token_nobody_is_let_in(targets: dict[str, Target], name: str) -> None:
    async with targets[name].client() as client:
        answers = [
            await client.get(targets[name].path, headers=headers)
            for headers in (
                {},
                {"Authorization": "Basic YW5uOmFubg=="},
                {"Authorization": "Bearer"},
                {"Authorization": forge()},
                {"Cookie": "tongban_session=x"},
            )
        ]

    for answer in answers:
        assert_refused(answer, "")


@pytest.mark.parametrize("name", ["service", "gateway"])
async def test_clocks_may_differ_by_thirty_seconds(targets: dict[str, Target], name: str) -> None:
    now = int(time.time())

    async with targets[name].client() as client:
        answer = await client.get(
            targets[name].path, headers=bearer(forge(claims(iat=now - 100, exp=now - 27)))
        )

    assert answer.status_code == 200, answer.text


@pytest.mark.parametrize("name", ["service", "gateway"])
async def test_a_token_in_the_query_is_no_token_and_in_no_log(
    targets: dict[str, Target], name: str, caplog: pytest.LogCaptureFixture
) -> None:
    token = forge()

    with caplog.at_level(logging.INFO):
        async with targets[name].client() as client:
            answer = await client.get(f"{targets[name].path}?access_token={token}")

    assert_refused(answer, token)
    logged = [str(r.__dict__) for r in caplog.records if not r.name.startswith(("httpx", "httpcore"))]
    assert logged
    assert not any(token in line for line in logged)


@pytest.mark.parametrize("name", TARGETS)
@pytest.mark.parametrize("header", ["jku", "x5u"])
async def test_a_token_does_not_choose_where_keys_come_from(
    targets: dict[str, Target], name: str, header: str
) -> None:
    asked = 0

    async def listen(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal asked
        asked += 1
        writer.close()

    listener = await asyncio.start_server(listen, "127.0.0.1", 0)
    port = listener.sockets[0].getsockname()[1]
    address = f"http://127.0.0.1:{port}/keys"
    token = forge(None, ATTACKER, kid=ATTACKER.kid, **{header: address})
    async with targets[name].client() as client:
        answer = await client.get(targets[name].path, headers=bearer(token))
    listener.close()

    assert_refused(answer, token)
    assert asked == 0


async def test_unknown_key_ids_cause_one_fetch_of_the_key_set(targets: dict[str, Target]) -> None:
    fetches = 0

    async def count(_: httpx.Request) -> None:
        nonlocal fetches
        fetches += 1

    url = f"http://127.0.0.1:{targets['gateway'].port}/.well-known/jwks.json"
    keys = RemoteKeySet(url, httpx.AsyncClient(event_hooks={"request": [count]}))

    found = await asyncio.gather(*(keys.find(f"unknown-{number}") for number in range(50)))
    known = await keys.find(SIGNING_KEY.kid)
    await keys.close()

    assert found == [None] * 50
    assert known is not None
    assert fetches == 1
