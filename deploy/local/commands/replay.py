"""`tongban replay SERVICE`: rebuilds read models from the event log."""

import asyncio
import json
from typing import TYPE_CHECKING, Annotated

import typer

from deploy.local.broker_access import provisioner
from deploy.local.commands.options import AsJson, Data, data_directory, refusals
from deploy.local.layout import PART_NAMES, PARTS, Part
from deploy.local.refusals import Refused
from deploy.local.suite import surroundings_of_running

if TYPE_CHECKING:
    from deploy.local.environment import Surroundings

Service = Annotated[str, typer.Argument(help=f"One of {', '.join(PART_NAMES)}.")]


def replay(service: Service, data: Data = None, as_json: AsJson = False) -> None:
    """Rebuild a service's read models from zero; its worker goes on while that happens."""
    with refusals():
        part = next((part for part in PARTS if part.name == service), None)
        if part is None:
            raise Refused(f"no service {service!r}; there are {', '.join(PART_NAMES)}")
        started = asyncio.run(_replay(part, surroundings_of_running(data_directory(data))))
    if as_json:
        print(json.dumps({"service": service, "restarted": started}))
    elif started:
        print(
            f"{service} rebuilds from the start of: {', '.join(started)}; `tongban status` shows what is left"
        )
    else:
        print(f"{service} keeps no read model of others' events")


async def _replay(part: Part, around: "Surroundings") -> list[str]:
    from deploy.local.declared import consumers_of
    from shared.database import create_engine
    from shared.messaging.replay import rebuild

    engine = create_engine(around.database_url(part), f"{part.name}.replay")
    try:
        async with provisioner(around) as client:
            return await rebuild(consumers_of(part), engine, client)
    finally:
        await engine.dispose()
