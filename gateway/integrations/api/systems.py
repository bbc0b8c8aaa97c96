"""Systems outside the suite, and how each is connected (外部系统对接目录)."""

from datetime import datetime
from typing import Annotated, Any, Self

from fastapi import APIRouter, Path, Response
from pydantic import Field

from gateway.integrations.api.dependencies import ContractsInUse, RegionInUse
from gateway.integrations.domain.contract import SentEvent, System, Text
from gateway.integrations.domain.errors import SystemNotFound
from gateway.integrations.store.received import ReceivedStore
from shared.region import RegionPack
from shared.security.access import public
from shared.web.fields import ResponseModel
from shared.web.openapi import refuses
from shared.web.paging import Page, Paged
from shared.web.routes import InTransaction, ServiceRoute

router = APIRouter(prefix="/integrations/v1/systems", route_class=ServiceRoute, tags=["integrations"])
OPEN = public("a contract says how a system is connected, not what it holds (NFR-19)")


class TextOut(ResponseModel):
    """Both languages."""

    zh: str
    en: str

    @classmethod
    def of(cls, text: Text) -> Self:
        """Shape a text."""
        return cls(zh=text.zh, en=text.en)


class SentEventOut(ResponseModel):
    """A kind of event that the system sends to /integrations/v1/events."""

    type: Annotated[str, Field(examples=["cn.tongban.external.tax.cleared.v1"])]
    summary: TextOut
    subject: Annotated[
        str, Field(description="The datum that is the CloudEvent's subject", examples=["uscc"])
    ]
    data: Annotated[dict[str, Any], Field(description="JSON Schema 2020-12 of the event's data")]
    example: dict[str, Any]
    open_to: Annotated[list[str], Field(description='Agencies that may follow it; "*" is all of them')]

    @classmethod
    def of(cls, sent: SentEvent) -> Self:
        """Shape a kind of event."""
        return cls(
            type=sent.type,
            summary=TextOut.of(sent.summary),
            subject=sent.subject,
            data=sent.schema(),
            example=dict(sent.example),
            open_to=list(sent.open_to),
        )


class CallOut(ResponseModel):
    """A call that the system makes to the suite."""

    method: str
    path: str
    scope: str | None
    why: TextOut


class SystemOut(ResponseModel):
    """A system outside, what it is connected for, and how."""

    key: Annotated[str, Field(examples=["tax"])]
    rows: Annotated[list[str], Field(examples=[["EXT-09"]])]
    title: TextOut
    purpose: TextOut
    agency_uscc: Annotated[
        str | None, Field(description="Who answers for it here; null where the region has no such agency")
    ]
    sends: list[SentEventOut]
    follows: Annotated[list[str], Field(description="Event types that it follows")]
    calls: list[CallOut]
    tasks: Annotated[list[str], Field(description="Department tasks of matters that it carries out")]
    takes_files: bool
    events_received: int
    last_received_at: datetime | None

    @classmethod
    def of(cls, system: System, region: RegionPack, counts: dict[str, tuple[int, datetime]]) -> Self:
        """Shape a system as it stands in a region."""
        agency = next((each for each in region.agencies if each.key == system.agency), None)
        count, last = counts.get(system.key, (0, None))
        return cls(
            key=system.key,
            rows=list(system.rows),
            title=TextOut.of(system.title),
            purpose=TextOut.of(system.purpose),
            agency_uscc=agency.uscc if agency else None,
            sends=[SentEventOut.of(each) for each in system.sends],
            follows=list(system.follows),
            calls=[
                CallOut(method=each.method, path=each.path, scope=each.scope, why=TextOut.of(each.why))
                for each in system.calls
            ],
            tasks=list(system.tasks),
            takes_files=system.takes_files,
            events_received=count,
            last_received_at=last,
        )


@router.get("", dependencies=[OPEN], summary="List outside systems (外部系统目录)")
async def list_systems(
    contracts: ContractsInUse, region: RegionInUse, paged: Paged, uow: InTransaction, response: Response
) -> Page[SystemOut]:
    """By key."""
    after = str(paged.after[0]) if paged.after else ""
    later = sorted((each for each in contracts.systems if each.key > after), key=lambda each: each.key)
    counts = await ReceivedStore(uow.session).counts()
    shown = [SystemOut.of(each, region, counts) for each in later[: paged.fetch]]
    return paged.page(shown, lambda each: (each.key,), response)


@router.get("/{system}", dependencies=[OPEN], summary="Read an outside system's contract (对接约定)")
@refuses(SystemNotFound)
async def show_system(
    system: Annotated[str, Path(max_length=64, pattern=r"^[a-z][a-z0-9_]*$")],
    contracts: ContractsInUse,
    region: RegionInUse,
    uow: InTransaction,
) -> SystemOut:
    """What it sends, follows and calls, and what came from it."""
    known = contracts.system(system)
    if known is None:
        raise SystemNotFound(system)
    return SystemOut.of(known, region, await ReceivedStore(uow.session).counts())
