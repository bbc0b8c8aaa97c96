"""The probe's API: a counter that commands move and announce."""

from dataclasses import dataclass
from enum import StrEnum
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, FastAPI, Response
from pydantic import Field
from sqlalchemy import text

from shared.app import build_app
from shared.clock import Clock, system_clock
from shared.messaging.events import Announcement, EventType, Payload
from shared.security.access import public, requires
from shared.security.masking import Personal, Shared, disclose, mask_name
from shared.security.tokens import KeySource
from shared.settings import ServiceSettings
from shared.web.conditional import IfMatch, set_etag
from shared.web.fields import CivilDate, Code, Count, Flag, RequestModel, ResponseModel, ShortText, Whole
from shared.web.openapi import refuses
from shared.web.paging import Page, Paged
from shared.web.problems import ProblemTable, ProblemType
from shared.web.routes import Caller, InTransaction, ServiceRoute
from tests.probe.settings import HotlineSettings

router = APIRouter(prefix="/probe/v1/counters", route_class=ServiceRoute)
MOVED = EventType("hotline", "counter", "moved")


class Moved(Payload):
    """How far the counter went."""

    by: int


class Colour(StrEnum):
    """An enumeration to send wrongly."""

    RED = "red"
    GREEN = "green"


@dataclass(eq=False)
class CounterMissing(Exception):
    """There is no such counter."""

    name: str


@dataclass(eq=False)
class CounterStuck(Exception):
    """The counter refuses to move that far."""

    name: str
    furthest: int


PROBLEMS: ProblemTable = {
    CounterMissing: ProblemType(HTTPStatus.NOT_FOUND, "counter-missing", "计数器不存在", "No such counter"),
    CounterStuck: ProblemType(
        HTTPStatus.CONFLICT,
        "counter-stuck",
        "计数器不能再走",
        "The counter is stuck",
        "至多 {furthest}。",
        "At most {furthest}.",
    ),
}


class Move(RequestModel):
    """A command with one field of each kind."""

    name: Code
    by: Count
    label: ShortText | None = None
    offset: Whole | None = None
    urgent: Flag | None = None
    due_on: CivilDate | None = None
    colour: Colour | None = None
    tags: Annotated[tuple[ShortText, ...], Field(max_length=3)] = ()


class CounterOut(ResponseModel):
    """A counter."""

    name: str
    value: int
    version: int


class CardOut(ResponseModel):
    """A card with fields of each class."""

    title: str
    holder: Annotated[str, Personal(mask_name)]
    stamp: Annotated[str | None, Shared()]


@router.post("", status_code=201, dependencies=[requires("hotline.counter.move")])
@refuses(CounterStuck)
async def move(body: Move, caller: Caller, uow: InTransaction, response: Response) -> CounterOut:
    """Move a counter and announce it."""
    row = (
        await uow.session.execute(
            text(
                "INSERT INTO counter AS c VALUES (:n, :by, 1) ON CONFLICT (name)"
                " DO UPDATE SET value = c.value + excluded.value, version = c.version + 1 RETURNING *"
            ),
            {"n": body.name, "by": body.by},
        )
    ).one()
    uow.announce(Announcement(MOVED, body.name, Moved(by=body.by)))
    if row.value > 1000:
        raise CounterStuck(body.name, 1000)
    set_etag(response, row.version)
    return CounterOut(name=row.name, value=row.value, version=row.version)


@router.get("", dependencies=[requires("hotline.counter.read")])
async def list_counters(paged: Paged, uow: InTransaction, response: Response) -> Page[CounterOut]:
    """List counters by name."""
    after = paged.after[0] if paged.after else ""
    rows = await uow.session.execute(
        text("SELECT * FROM counter WHERE name > :after ORDER BY name LIMIT :limit"),
        {"after": after, "limit": paged.fetch},
    )
    counters = [CounterOut(name=r.name, value=r.value, version=r.version) for r in rows]
    return paged.page(counters, lambda c: (c.name,), response)


@router.get("/card", dependencies=[public("a card for everybody, masked")])
async def card() -> CardOut:
    """Show a card without grants."""
    return disclose(CardOut(title="卡", holder="张三丰", stamp="秘"), frozenset())


@router.put("/{name}", dependencies=[requires("hotline.counter.move")])
@refuses(CounterMissing)
async def replace(name: str, body: Move, if_match: IfMatch, uow: InTransaction) -> CounterOut:
    """Set a counter that nobody moved since it was read."""
    row = (
        await uow.session.execute(text("SELECT * FROM counter WHERE name = :n FOR UPDATE"), {"n": name})
    ).one_or_none()
    if row is None:
        raise CounterMissing(name)
    if_match.check(row.version)
    await uow.session.execute(
        text("UPDATE counter SET value = :v, version = version + 1 WHERE name = :n"),
        {"v": body.by, "n": name},
    )
    return CounterOut(name=name, value=body.by, version=row.version + 1)


def create_app(
    settings: ServiceSettings | None = None, *, clock: Clock = system_clock, keys: KeySource | None = None
) -> FastAPI:
    """Build the probe's app; settings come from the environment where a test runs it as a process."""
    settings = settings or HotlineSettings()
    return build_app(
        service="hotline",
        package="tests.probe",
        title="Probe",
        settings=settings,
        region_code="140881",
        routers=(router,),
        problem_table=PROBLEMS,
        clock=clock,
        keys=keys,
    )
