"""`tongban import`: takes over what a city already has."""

from pathlib import Path
from typing import Annotated

import typer

from deploy.local.commands.options import AsJson, Data, data_directory, refusals, refuse_outside_local_mode
from deploy.local.suite import surroundings_of_running

app = typer.Typer(help="Take over an existing register.", no_args_is_help=True)

File = Annotated[
    Path, typer.Argument(exists=True, dir_okay=False, readable=True, help="The register as CSV.")
]
Report = Annotated[
    Path | None, typer.Option("--report", help="Where refused rows are listed with every reason.")
]


@app.callback()
def group() -> None:
    """Keeps `enterprises` a command of its own although it is the only one."""


@app.command()
def enterprises(file: File, report: Report = None, data: Data = None, as_json: AsJson = False) -> None:
    """Import enterprises into registration; may be stopped and repeated, every row counts once."""
    from deploy.local import importing

    with refusals():
        refuse_outside_local_mode()
        around = surroundings_of_running(data_directory(data))
        importing.run(around, file, report=report, as_json=as_json)
