"""The configuration table names every setting that there is."""

import re
from importlib import import_module

import pytest

from deploy.compose import PARTS, ROOT


@pytest.mark.parametrize("part", PARTS)
def test_every_setting_stands_in_the_table(part: str) -> None:
    package = part if part == "gateway" else f"services.{part}"
    model = getattr(import_module(f"{package}.settings"), f"{part.capitalize()}Settings")
    table = (ROOT / "docs" / "configuration.md").read_text()
    named = set(re.findall(r"TONGBAN_[A-Z<>_]+", table))
    named |= {f"TONGBAN_GATEWAY_{s}_URL" for s in ("CREDIT", "LICENSING", "HOTLINE")}

    for name, field in model.model_fields.items():
        own = str(field.validation_alias or f"TONGBAN_{part.upper()}_{name.upper()}")
        general = own.replace(f"TONGBAN_{part.upper()}_", "TONGBAN_<SERVICE>_")
        assert {own, general} & named, f"{own} is not in docs/configuration.md"
