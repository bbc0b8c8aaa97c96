"""`tongban reconcile`: compares what another has with what the suite has."""

from pathlib import Path
from typing import Annotated

import typer

from deploy.local.commands.options import AsJson, Data, data_directory, refusals, refuse_outside_local_mode
from deploy.local.suite import surroundings_of_running

app = typer.Typer(help="Compare with an outside register.", no_args_is_help=True)

File = Annotated[
    Path, typer.Argument(exists=True, dir_okay=False, readable=True, help="The outside register as CSV.")
]
Report = Annotated[Path | None, typer.Option("--report", help="Where every difference is listed by field.")]
Division = Annotated[
    str | None, typer.Option("--division", help="The division that the outside register covers.")
]


@app.callback()
def group() -> None:
    """Keeps `enterprises` a command of its own although it is the only one."""


@app.command()
def enterprises(
    file: File, report: Report = None, division: Division = None, data: Data = None, as_json: AsJson = False
) -> None:
    """Compare enterprises both ways; nothing is changed, an officer settles each difference afterwards."""
    from deploy.local import reconciling

    with refusals():
        refuse_outside_local_mode()
        around = surroundings_of_running(data_directory(data))
        reconciling.run(around, file, division=division, report=report, as_json=as_json)
