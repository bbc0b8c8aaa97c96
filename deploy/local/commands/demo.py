"""`tongban demo`: the main job, against a running suite or a temporary one."""

from typing import Annotated

import typer

from deploy.local.commands.lifecycle import Port, Region
from deploy.local.commands.options import AsJson, Data, data_directory, refusals, refuse_outside_local_mode
from deploy.local.layout import DEFAULT_PORT, default_data_directory
from deploy.local.suite import SuiteOptions

Language = Annotated[str | None, typer.Option("--lang", help="zh or en.", show_default="by the environment")]


def demo(
    data: Data = None,
    port: Port = DEFAULT_PORT,
    region: Region = "yongji",
    language: Language = None,
    as_json: AsJson = False,
) -> None:
    """Open a restaurant: the whole main job over HTTP and events, printed as a timeline."""
    from deploy.local import demo as main_job  # it imports clients that the other commands do not need

    with refusals():
        refuse_outside_local_mode()
        if data is None and port != DEFAULT_PORT:
            # Demos at once on different ports each have a suite, and so data, of their own.
            data = default_data_directory().with_name(f".tongban-{port}")
        options = SuiteOptions(data_directory(data), port, region)
        main_job.run(options, as_json=as_json, language=language)
