"""Writes every published event's contract file from its payload model: `python -m deploy.contracts`."""

import json
from importlib import import_module
from importlib.resources import files
from pathlib import Path

from shared.messaging.contracts import Published

PACKAGES = (
    "services.registration",
    "services.credit",
    "services.licensing",
    "services.hotline",
    "gateway",
)


def published_by(package: str) -> tuple[Published, ...]:
    """The events that a package declares."""
    declared: tuple[Published, ...] = import_module(f"{package}.published").PUBLISHED
    return declared


def contract_text(published: Published) -> str:
    """A contract file's content."""
    return json.dumps(published.contract(), ensure_ascii=False, indent=2) + "\n"


def contract_path(package: str, published: Published) -> Path:
    """Where a contract file stands."""
    return Path(str(files(package))) / "contracts" / published.file_name


def main() -> None:
    """Write all contract files."""
    for package in PACKAGES:
        for published in published_by(package):
            contract_path(package, published).write_text(contract_text(published))


if __name__ == "__main__":
    main()
