"""`tongban demo`: the main job, against a running suite or a temporary one."""

from deploy.local.commands.lifecycle import Port, Region
from deploy.local.commands.options import Data, data_directory, refusals, refuse_outside_local_mode
from deploy.local.layout import DEFAULT_PORT
from deploy.local.suite import SuiteOptions


def demo(data: Data = None, port: Port = DEFAULT_PORT, region: Region = "yongji") -> None:
    """Open a restaurant: the whole main job over HTTP and events, printed as a timeline."""
    from deploy.local import demo as main_job  # it imports clients that the other commands do not need

    with refusals():
        refuse_outside_local_mode()
        main_job.run(SuiteOptions(data_directory(data), port, region))
