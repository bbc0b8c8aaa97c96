"""What the service says of itself: its OpenAPI document and the contracts of its events."""

import json
from pathlib import Path

import services.licensing
from services.licensing.published import PUBLISHED
from shared.identifiers import is_case_number, is_ecert_id, parse_uscc
from tests.support.service import ServiceUnderTest

CONTRACTS = Path(services.licensing.__file__).parent / "contracts"


def test_every_contract_file_is_what_the_code_publishes() -> None:
    for published in PUBLISHED:
        written = (CONTRACTS / published.file_name).read_text(encoding="utf-8")
        assert written == json.dumps(published.contract(), ensure_ascii=False, indent=2) + "\n"
    assert {f.name for f in CONTRACTS.glob("*.json")} == {p.file_name for p in PUBLISHED}


def test_the_examples_carry_sound_codes() -> None:
    for published in PUBLISHED:
        for name, value in published.example.model_dump(mode="json").items():
            if name in ("uscc", "agency_uscc", "issuer_uscc", "supervising_uscc") and value:
                parse_uscc(value)
            if name == "permit_number":
                assert is_case_number(value)
            if name == "certificate_identifier":
                assert is_ecert_id(value)


async def test_every_operation_documents_its_refusals(licensing: ServiceUnderTest) -> None:
    document = (await licensing.get("/openapi.json")).json()

    submit = document["paths"]["/licensing/v1/applications"]["post"]["responses"]
    decide = document["paths"]["/licensing/v1/applications/{application_id}/components/{item}/decision"]

    assert {"201", "400", "401", "403", "404", "409", "422"} <= set(submit)
    assert {"200", "400", "404", "409"} <= set(decide["post"]["responses"])
    assert "enterprise-unknown" in submit["409"]["description"]
