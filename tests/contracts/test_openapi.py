"""The APIs' documents: OpenAPI 3.1, an example for every body that fits its schema, every refusal a problem."""

from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from deploy.compose import PARTS
from shared.region import load_region_pack
from shared.security.keys import SigningKey
from shared.settings import Mode
from tests.support.service import REGION_PACK


@pytest.fixture(scope="session")
def signing_key(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A key file, as an app needs it to be put together."""
    path = tmp_path_factory.mktemp("keys") / "key.pem"
    path.write_bytes(SigningKey.generate().to_pem())
    return path


@cache
def document_of(part: str, key: Path) -> dict[str, Any]:
    """The document of an app that is put together and never started."""
    package = part if part == "gateway" else f"services.{part}"
    settings_class = getattr(import_module(f"{package}.settings"), f"{part.capitalize()}Settings")
    elsewhere = "http://127.0.0.1:9"
    settings = settings_class(
        mode=Mode.LOCAL,
        region_pack=REGION_PACK,
        nats_url="nats://127.0.0.1:9",
        public_url=elsewhere,
        identity_url=elsewhere,
        database_url="postgresql+asyncpg://nobody:nothing@127.0.0.1:9/none",
        nats_user=part,
        nats_password="none",
        secret="s" * 64,
        person_reference_key="s" * 64,
        signing_key_file=key,
        **{f"{name}_url": elsewhere for name in ("registration", "credit", "licensing", "hotline")},
    )
    app = import_module(f"{package}.app").create_app(settings)
    document: dict[str, Any] = getattr(app, "front_office", app).openapi()
    return document


def operations(document: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    """Operations by method and path."""
    return [
        (f"{method} {path}", operation)
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
    ]


@pytest.mark.parametrize("part", PARTS)
def test_every_json_body_has_an_example_that_fits_its_schema(part: str, signing_key: Path) -> None:
    document = document_of(part, signing_key)
    without = []
    for name, operation in operations(document):
        body = operation.get("requestBody", {}).get("content", {}).get("application/json")
        if body is None:
            continue
        for choice in body["schema"].get("oneOf", [body["schema"]]):
            schema = document["components"]["schemas"][choice["$ref"].rsplit("/", 1)[-1]]
            if not schema.get("examples"):
                without.append(f"{name}: {schema['title']}")
                continue
            resolvable = {**schema, "components": document["components"]}
            for example in schema["examples"]:
                jsonschema.Draft202012Validator(resolvable).validate(example)

    assert without == []


@pytest.mark.parametrize("part", PARTS)
def test_every_operation_says_what_it_is_and_how_it_refuses(part: str, signing_key: Path) -> None:
    document = document_of(part, signing_key)

    assert document["openapi"].startswith("3.1")
    for name, operation in operations(document):
        assert operation.get("summary"), name
        assert "422" not in operation["responses"] or "problem" in str(operation["responses"]["422"]), name
        refusals = {s: r for s, r in operation["responses"].items() if s >= "400" or s == "default"}
        assert "default" in refusals, name
        if "/oauth2/" in name:
            continue  # the protocol's own error documents, RFC 6749 section 5.2
        assert all("application/problem+json" in r["content"] for r in refusals.values()), name


def test_the_example_of_a_matter_fits_the_themes_own_form(signing_key: Path) -> None:
    pack = load_region_pack(REGION_PACK)
    schemas = document_of("gateway", signing_key)["components"]["schemas"]

    for name in ("OpenMatterIn", "FormIn"):
        [example] = schemas[name]["examples"]
        jsonschema.validate(example["form"], pack.matter_form("open_restaurant"))
