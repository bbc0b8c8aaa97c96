"""Contracts of outside systems: every row has one or says why not, and what they name is really there."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import jsonschema
import pytest

from deploy.compose import PARTS
from deploy.contracts import PACKAGES, published_by
from gateway.identity.domain.clients import ClientKind
from gateway.identity.domain.entitlements import scopes_for
from gateway.integrations.contracts import load_contracts
from gateway.integrations.domain.contract import EVERYBODY, System, schema_of
from gateway.integrations.domain.outside_event import OutsideEvent, faults_of
from gateway.integrations.pages import DIRECTORY, pages
from gateway.subscriptions.domain.entitlement import is_open
from shared.region import RegionPack, load_region_pack
from shared.security.keys import SigningKey
from tests.contracts.test_openapi import document_of
from tests.support.service import REGION_PACK

CONTRACTS = load_contracts()
SYSTEMS = CONTRACTS.systems
COMPLETION = "/matters/v1/tasks/{task_id}/completion"
IDS = [system.key for system in SYSTEMS]


@pytest.fixture(scope="module")
def pack() -> RegionPack:
    """The region's rules."""
    return load_region_pack(REGION_PACK)


@pytest.fixture(scope="module")
def operations(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Any]:
    """All operations of the suite by method and path."""
    key = tmp_path_factory.mktemp("keys") / "key.pem"
    key.write_bytes(SigningKey.generate().to_pem())
    return {
        f"{method.upper()} {path}": operation
        for part in PARTS
        for path, methods in document_of(part, key)["paths"].items()
        for method, operation in methods.items()
    }


def test_every_row_of_outside_systems_has_a_contract_or_a_reason() -> None:
    connected = [row for system in SYSTEMS for row in system.rows]
    without = [each.row for each in CONTRACTS.without_interface]

    assert sorted({*connected, *without}) == [f"EXT-{number:02}" for number in range(1, 41)]
    assert set(connected).isdisjoint(without)
    assert len({system.key for system in SYSTEMS}) == len(SYSTEMS)


@pytest.mark.parametrize("system", SYSTEMS, ids=IDS)
def test_every_example_fits_its_schema_and_nothing_else_does(system: System) -> None:
    for kind in system.sends:
        example = dict(kind.example)
        jsonschema.Draft202012Validator.check_schema(kind.schema())
        jsonschema.validate(example, kind.schema())
        stated = OutsideEvent("1", "peer", kind.type, example[kind.subject], datetime.now(UTC), example)
        less = OutsideEvent("1", "peer", kind.type, example[kind.subject], stated.time, {"other": "x"})

        assert faults_of(stated, kind) == []
        assert {fault.code for fault in faults_of(less, kind)} >= {"missing", "unknown"}
        assert CONTRACTS.event(kind.type) == kind


@pytest.mark.parametrize("system", SYSTEMS, ids=IDS)
def test_what_a_system_follows_is_published_and_may_be_followed(system: System) -> None:
    published = {each.type.name for package in PACKAGES for each in published_by(package)}

    assert set(system.follows) <= published
    assert all(is_open(event_type) for event_type in system.follows)


@pytest.mark.parametrize("system", SYSTEMS, ids=IDS)
def test_what_a_system_calls_is_there_and_its_client_may_have_the_scope(
    system: System, operations: Mapping[str, Any], pack: RegionPack
) -> None:
    duties = [duty.key for duty in pack.agency(system.agency).duties]
    allowed = scopes_for(ClientKind.APP, duties)

    for call in system.calls:
        operation = operations.get(f"{call.method} {call.path}")
        assert operation is not None, call.path
        asked = operation["x-tongban-access"].get("scope")
        assert call.scope == asked, call.path
        assert call.scope is None or call.scope in allowed, call.scope


@pytest.mark.parametrize("system", SYSTEMS, ids=IDS)
def test_agencies_and_tasks_of_a_system_are_the_regions(system: System, pack: RegionPack) -> None:
    agencies = {agency.key for agency in pack.agencies}
    of_agency = {task.key for theme in pack.matters for task in theme.tasks if task.agency == system.agency}

    assert system.agency in agencies
    assert {key for kind in system.sends for key in kind.open_to} <= agencies | {EVERYBODY}
    assert set(system.tasks) <= of_agency
    assert bool(system.tasks) == any(call.path == COMPLETION for call in system.calls)


def test_a_kind_of_datum_that_nobody_knows_is_refused() -> None:
    with pytest.raises(ValueError, match="no such kind"):
        schema_of("number")


def test_the_pages_say_what_the_contracts_say(pack: RegionPack) -> None:
    written = {path.name: path.read_text() for path in DIRECTORY.glob("*.md")}

    assert written == pages(CONTRACTS, pack), (
        "run `python -m gateway.integrations.pages` and review the change"
    )


def test_every_page_tells_each_call_and_each_event(pack: RegionPack) -> None:
    told = pages(CONTRACTS, pack)

    for system in SYSTEMS:
        page = told[f"{system.key}.md"]
        assert all(kind.type in page for kind in system.sends)
        assert all(call.path in page for call in system.calls)
        assert re.search(rf"\[.*\]\({system.key}\.md\)", told["README.md"])
    assert all(each.row in told["README.md"] for each in CONTRACTS.without_interface)
