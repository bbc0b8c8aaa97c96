"""`tongban parked`: events that a service could not apply; release them after a fix, or set them aside."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Annotated, TypeVar

import typer
from rich.console import Console
from rich.table import Table

from deploy.local.commands.options import AsJson, Data, data_directory, refusals
from deploy.local.layout import PART_NAMES, PARTS
from deploy.local.refusals import Refused
from deploy.local.suite import surroundings_of_running
from shared.database.engine import create_engine
from shared.database.unit_of_work import UnitOfWork, UnitOfWorkFactory
from shared.messaging import parked
from shared.messaging.events import EventSource

app = typer.Typer(help="Events that a service could not apply.", no_args_is_help=True)

T = TypeVar("T")
Service = Annotated[str, typer.Argument(help=f"One of {', '.join(PART_NAMES)}.")]
Durable = Annotated[str, typer.Argument(help="The consumer, as `tongban parked list` names it.")]
EventId = Annotated[str, typer.Argument(help="The event's id.")]


@app.command("list")
def list_parked(service: Service, data: Data = None, as_json: AsJson = False) -> None:
    """List a service's parked events with their reasons, oldest first."""
    with refusals():
        found = _in_transaction(service, data, parked.list_parked)
    if as_json:
        print(json.dumps([asdict(event) for event in found], ensure_ascii=False, default=str))
        return
    table = Table("consumer", "event", "about", "sequence", "reason")
    for event in found:
        about = f"{event.aggregate} {event.subject}"
        table.add_row(event.durable, event.event_id, about, str(event.sequence), event.reason)
    Console(highlight=False).print(table if found else f"{service} has no parked events")


@app.command()
def release(service: Service, durable: Durable, event_id: EventId, data: Data = None) -> None:
    """Let a parked event be tried again, in its place, after its cause was mended."""
    with refusals():
        _settled(_in_transaction(service, data, lambda uow: parked.release(uow, durable, event_id)), event_id)
    print(f"{event_id} is tried again; `tongban parked list {service}` shows it if it fails once more")


@app.command("set-aside")
def set_aside(service: Service, durable: Durable, event_id: EventId, data: Data = None) -> None:
    """Give a parked event up for good, so that the later events of its subject go on."""
    with refusals():
        _settled(
            _in_transaction(service, data, lambda uow: parked.set_aside(uow, durable, event_id)), event_id
        )
    print(f"{event_id} is set aside; the events after it go on")


def _settled(done: bool, event_id: str) -> None:
    if not done:
        raise Refused(f"no parked event {event_id!r} of that consumer")


def _in_transaction(service: str, data: Data, work: Callable[[UnitOfWork], Awaitable[T]]) -> T:
    part = next((part for part in PARTS if part.name == service), None)
    if part is None:
        raise Refused(f"no service {service!r}; there are {', '.join(PART_NAMES)}")
    url = surroundings_of_running(data_directory(data)).database_url(part)

    async def run() -> T:
        engine = create_engine(url, f"{service}.operator")
        source = EventSource(service, "")  # nothing is announced here
        try:
            return await UnitOfWorkFactory(engine, source, lambda: datetime.now(UTC)).run(work)
        finally:
            await engine.dispose()

    return asyncio.run(run())
