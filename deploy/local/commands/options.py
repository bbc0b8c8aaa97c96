"""Options that several commands share, and how a refusal becomes one line and exit code 1."""

import contextlib
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer

from deploy.local.layout import DataDirectory, default_data_directory
from deploy.local.refusals import Refused

Data = Annotated[
    Path | None,
    typer.Option("--data", help="Data directory of the suite.", show_default=".tongban in the checkout"),
]
AsJson = Annotated[bool, typer.Option("--json", help="Answer in JSON, for programs.")]


def data_directory(chosen: Path | None) -> DataDirectory:
    return DataDirectory((chosen or default_data_directory()).absolute())


@contextlib.contextmanager
def refusals() -> Iterator[None]:
    """Say a refusal on standard error and end with exit code 1."""
    try:
        yield
    except Refused as refused:
        print(f"tongban: {refused}", file=sys.stderr)
        raise typer.Exit(1) from refused


def refuse_outside_local_mode() -> None:
    """Seed clients and local secrets are for a local suite; nothing of them may work against another."""
    mode = os.environ.get("TONGBAN_MODE", "local")
    if mode != "local":
        raise Refused(f"only in local mode, and TONGBAN_MODE is {mode!r}")
