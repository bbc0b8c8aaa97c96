"""Replacing the signing key: what the older keys signed stays genuine."""

import json
from pathlib import Path
from typing import Any

import pytest

from deploy.local.postgres import Cluster
from shared.certificates import KeyRing, UnusableOlderKey
from shared.security.keys import SigningKey
from tests.licensing.restaurant import FIRE, MARKET, SIGNS, Restaurants
from tests.support.service import ServiceUnderTest, service_under_test

APPROVED = "cn.tongban.licensing.application.approved.v1"


async def a_permit(service: ServiceUnderTest) -> dict[str, Any]:
    """A comprehensive permit, issued now."""
    restaurants = Restaurants(service)
    application = (await restaurants.apply(await restaurants.registered())).json()
    for item, by in (("food_operation", MARKET), ("signboard", SIGNS), ("fire_check", FIRE)):
        assert (await restaurants.decide(application["id"], item, by)).status_code == 200
    number = (await service.event(APPROVED, application["id"]))["data"]["permit_number"]
    found: dict[str, Any] = (await service.get(f"/licensing/v1/permits/{number}")).json()
    return found


async def checks(service: ServiceUnderTest, permit: dict[str, Any]) -> set[str]:
    """The checks that a permit does not pass."""
    answer = (await service.get(permit["verify_path"])).json()
    return {check["check"] for check in answer["checks"] if not check["passed"]}


async def test_a_permit_stays_genuine_when_the_key_is_replaced_as_long_as_the_older_key_is_kept(
    cluster: Cluster, tmp_path: Path
) -> None:
    first, second, older = tmp_path / "first.pem", tmp_path / "second.pem", tmp_path / "older"
    older.mkdir()
    for file in (first, second):
        file.write_bytes(SigningKey.generate().to_pem())
    async with service_under_test(
        "licensing", cluster, tmp_path, settings={"signing_key_file": first}
    ) as before:
        permit = await a_permit(before)
        [published] = (await before.get("/licensing/v1/signing-keys")).json()["keys"]
        url = before.settings.database_url

    rotated = {"signing_key_file": second, "database_url": url}
    async with service_under_test(
        "licensing", cluster, tmp_path / "", settings=rotated, worker=False
    ) as bare:
        assert await checks(bare, permit) == {"issuer_trusted", "signature"}
    (older / "2026.json").write_text(json.dumps(published))
    (older / "README").write_text("keys that signed before")
    kept = rotated | {"older_keys": older}
    async with service_under_test("licensing", cluster, tmp_path, settings=kept, worker=False) as after:
        assert await checks(after, permit) == set()
        keys = (await after.get("/licensing/v1/signing-keys")).json()["keys"]

    assert [key["kid"] for key in keys] == [
        SigningKey.from_pem(second.read_bytes()).kid,
        published["kid"],
    ]
    assert keys[1] == published
    assert all("d" not in key for key in keys)


def test_the_signing_key_among_the_older_ones_is_published_once(tmp_path: Path) -> None:
    key = SigningKey.generate()
    (tmp_path / "now.pem").write_bytes(key.to_pem())
    (tmp_path / "now.json").write_text(json.dumps(key.public_jwk()))

    ring = KeyRing.open(tmp_path / "now.pem", tmp_path)

    assert ring.published() == [key.public_jwk()]
    assert set(ring.trusted_for(frozenset())) == {key.kid}


def a_private_jwk() -> str:
    return json.dumps(SigningKey.generate().public_jwk() | {"d": "AA"})


def of_another_curve() -> str:
    return json.dumps(SigningKey.generate().public_jwk() | {"crv": "P-384"})


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (a_private_jwk(), "private key"),
        (of_another_curve(), "P-256"),
        ("[]", "not a JSON Web Key"),
        ("{", "not_json"),
    ],
    ids=["private", "another curve", "a list", "cut off"],
)
def test_a_file_that_is_no_public_key_stops_the_start_and_is_named(
    tmp_path: Path, content: str, reason: str
) -> None:
    (tmp_path / "now.pem").write_bytes(SigningKey.generate().to_pem())
    (tmp_path / "bad.json").write_text(content)

    with pytest.raises(UnusableOlderKey) as refused:
        KeyRing.open(tmp_path / "now.pem", tmp_path)

    assert str(refused.value).startswith("older signing key bad.json: ")
    assert reason in str(refused.value)


def test_a_directory_that_is_not_there_stops_the_start(tmp_path: Path) -> None:
    (tmp_path / "now.pem").write_bytes(SigningKey.generate().to_pem())

    with pytest.raises(FileNotFoundError):
        KeyRing.open(tmp_path / "now.pem", tmp_path / "nowhere")
