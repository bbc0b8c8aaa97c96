"""A new installation knows one client, from a file; that one registers all others."""

import json
from typing import Any

import pytest

from gateway.identity.domain.client_refusals import ClientNotPossible
from gateway.identity.use_cases.admit_first_client import FirstClient, admit_first_client
from shared.security.keys import SigningKey
from tests.gateway.identity.registering import CLIENTS, registration, token_of
from tests.support.service import ServiceUnderTest

KEY = SigningKey.generate()


@pytest.fixture(scope="module")
def extra_settings(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """No seed, and the administrator's public key in a file."""
    path = tmp_path_factory.mktemp("first") / "first-client.json"
    path.write_text(
        json.dumps({"client_id": "bureau-admin", "agency": "data_bureau", "jwk": KEY.public_jwk()})
    )
    return {"seed_file": None, "first_client_file": path}


async def test_the_first_client_registers_the_next_one(gateway: ServiceUnderTest) -> None:
    token = await token_of(gateway, "bureau-admin", KEY, "identity.client.manage")

    answer = await gateway.post(CLIENTS, registration(SigningKey.generate()), token)

    assert answer.status_code == 201, answer.text


async def test_the_file_is_not_read_once_somebody_registers_clients(gateway: ServiceUnderTest) -> None:
    other = FirstClient(
        client_id="second-admin", agency="data_bureau", jwk=SigningKey.generate().public_jwk()
    )
    region, transactions = gateway.app.state.region, gateway.app.state.backend.transactions

    admitted = await transactions.run(lambda uow: admit_first_client(other, region, uow, uow.now))

    assert admitted is None
    assert await gateway.rows("SELECT 1 FROM identity_client WHERE client_id = 'second-admin'") == []


async def test_only_the_data_bureau_can_be_first(gateway: ServiceUnderTest) -> None:
    tax = FirstClient(client_id="tax-admin", agency="tax", jwk=SigningKey.generate().public_jwk())
    region, transactions = gateway.app.state.region, gateway.app.state.backend.transactions
    await gateway.rows_changed("UPDATE identity_client SET standing = 'closed'")

    with pytest.raises(ClientNotPossible):
        await transactions.run(lambda uow: admit_first_client(tax, region, uow, uow.now))
