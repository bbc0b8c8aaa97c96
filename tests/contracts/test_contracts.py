"""Event contracts: each published event has its schema and example in the repository, and they agree."""

import json

import jsonschema
import pytest

from deploy.contracts import PACKAGES, contract_path, contract_text, published_by
from deploy.event_pages import PAGE, page
from shared.messaging.contracts import Published

ALL = [(package, published) for package in PACKAGES for published in published_by(package)]
IDS = [published.type.name for _, published in ALL]


@pytest.mark.parametrize(("package", "published"), ALL, ids=IDS)
def test_the_contract_file_says_what_the_payload_model_says(package: str, published: Published) -> None:
    path = contract_path(package, published)

    assert path.exists(), f"run `python -m deploy.contracts` to write {path.name}"
    assert path.read_text() == contract_text(published), (
        "run `python -m deploy.contracts` and review the change"
    )


@pytest.mark.parametrize(("package", "published"), ALL, ids=IDS)
def test_the_example_fits_the_contract(package: str, published: Published) -> None:
    contract = json.loads(contract_text(published))

    jsonschema.Draft202012Validator.check_schema(contract)
    jsonschema.validate(contract["examples"][0], contract)


@pytest.mark.parametrize(("package", "published"), ALL, ids=IDS)
def test_an_event_is_published_by_the_service_that_declares_it(package: str, published: Published) -> None:
    assert published.type.service == package.rsplit(".", 1)[-1]
    assert (
        published.file_name
        == f"{published.type.aggregate}.{published.type.verb}.v{published.type.version}.json"
    )


def test_no_contract_file_is_left_of_an_event_that_nobody_publishes() -> None:
    declared = {contract_path(package, published) for package, published in ALL}

    found = {f for package, published in ALL for f in contract_path(package, published).parent.glob("*.json")}

    assert found == declared


def test_the_reference_of_the_registers_events_says_what_its_contracts_say() -> None:
    assert PAGE.read_text() == page(), "run `python -m deploy.event_pages` and review the change"
