"""Made-up accounts belong to a local suite, are loaded as often as it starts, and never elsewhere."""

import json
from pathlib import Path

import pytest
from pydantic import ValidationError

from gateway.identity.public import Passwords, load_seed, read_seed
from gateway.settings import GatewaySettings
from shared.region import NotInRegionPack
from shared.settings import Mode
from tests.gateway.seed import seed_document
from tests.support.service import ServiceUnderTest


def test_a_seed_is_refused_outside_local_mode(gateway: ServiceUnderTest, tmp_path: Path) -> None:
    values = dict(gateway.settings) | {"mode": Mode.PRODUCTION, "seed_file": tmp_path / "seed.json"}

    with pytest.raises(ValidationError, match="refused outside local mode"):
        GatewaySettings(**values)

    assert GatewaySettings(**values | {"seed_file": None}).seed_file is None


async def test_loading_the_seed_again_keeps_accounts_and_passwords(
    gateway: ServiceUnderTest, tmp_path: Path
) -> None:
    before = await gateway.rows("SELECT subject, username, password_hash FROM identity_account ORDER BY 1")
    document = seed_document()
    document["accounts"][0]["scopes"] = ["audit.record.read"]
    file = tmp_path / "seed.json"
    file.write_text(json.dumps(document))

    await _load(gateway, file)

    after = await gateway.rows("SELECT subject, username, password_hash FROM identity_account ORDER BY 1")
    [zhangsan] = await gateway.rows("SELECT scopes FROM identity_account WHERE username = 'zhangsan'")
    assert after == before
    assert zhangsan["scopes"] == ["audit.record.read"]


async def test_clients_of_agencies_are_known_by_their_credit_code(gateway: ServiceUnderTest) -> None:
    [tax] = await gateway.rows("SELECT kind, agency_uscc FROM identity_client WHERE client_id = 'tax'")

    assert tax == {"kind": "agency", "agency_uscc": gateway.app.state.region.agency("tax").uscc}


async def test_an_agency_that_the_region_pack_does_not_have_is_refused(
    gateway: ServiceUnderTest, tmp_path: Path
) -> None:
    document = seed_document()
    document["clients"][0]["agency"] = "no_such_agency"
    file = tmp_path / "seed.json"
    file.write_text(json.dumps(document))

    with pytest.raises(NotInRegionPack):
        await _load(gateway, file)


async def _load(gateway: ServiceUnderTest, file: Path) -> None:
    state = gateway.app.state
    await state.backend.transactions.run(
        lambda uow: load_seed(read_seed(file), state.region, Passwords(), uow, uow.now)
    )
