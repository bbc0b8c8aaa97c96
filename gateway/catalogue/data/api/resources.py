"""The data-sharing catalogue (数据共享目录), open to everybody: what data there is, whose, shared how, how fresh."""

from typing import Annotated, Any

from fastapi import APIRouter, Query, Response
from pydantic import Field

from gateway.catalogue.data.api.dependencies import KeyInPath, RegionInUse
from gateway.catalogue.data.api.resource_shapes import ResourceOut, VersionOut
from gateway.catalogue.data.domain.errors import ResourceNotFound
from gateway.catalogue.data.domain.refusals import FormAsksAgain, SharingNotPossible
from gateway.catalogue.data.store.resources import EntryFilters
from gateway.catalogue.data.use_cases.check_records import AskedField, check_form, check_records
from gateway.catalogue.data.use_cases.read_resources import list_entries, list_versions, read_entry
from shared.calendar import local_date
from shared.region import SharingClass
from shared.security.access import public, requires
from shared.web.fields import CivilDate, RequestModel, ResponseModel, ShortText
from shared.web.openapi import refuses
from shared.web.paging import Page, Paged
from shared.web.routes import InTransaction, Now, ServiceRoute

router = APIRouter(prefix="/catalogue/v1/resources", route_class=ServiceRoute, tags=["catalogue"])
form_checks = APIRouter(prefix="/catalogue/v1", route_class=ServiceRoute, tags=["catalogue"])
OPEN = public("the catalogue says what data there is, not what it holds (DS-01, NFR-22)")
FREE = {"x-idempotent": True}

At = Annotated[CivilDate | None, Query(description="As in force on this day; today unless given (历史查询)")]


class RecordsIn(RequestModel):
    """Records of a resource, as its schema has them."""

    records: Annotated[
        tuple[dict[str, Any], ...],
        Field(min_length=1, max_length=1000, examples=[[{"uscc": "91140881MAE000002E"}]]),
    ]


class RecordsChecked(ResponseModel):
    """Every record is as the schema of this version asks."""

    number: int
    checked: int


class AskedFieldIn(RequestModel):
    """A field of a form; `source` where it is filled in from shared data."""

    key: Annotated[ShortText, Field(examples=["rooms"])]
    title_zh: Annotated[ShortText, Field(examples=["客房数"])]
    datum: Annotated[ShortText | None, Field(examples=["hotel.rooms"])] = None
    source: ShortText | None = None


class CheckedFormIn(RequestModel):
    """The fields that a form asks for."""

    fields: Annotated[
        tuple[AskedFieldIn, ...],
        Field(min_length=1, max_length=200, examples=[[{"key": "rooms", "title_zh": "客房数"}]]),
    ]


class FormAccepted(ResponseModel):
    """The form asks for nothing that is collected already."""

    checked: int


@router.get("", dependencies=[OPEN], summary="List data resources (数据共享目录)")
async def list_resources(
    region: RegionInUse,
    paged: Paged,
    uow: InTransaction,
    now: Now,
    response: Response,
    at: At = None,
    owner: Annotated[str | None, Query(min_length=18, max_length=18, pattern="^[0-9A-Z]+$")] = None,
    sharing_class: SharingClass | None = None,
    is_open: Annotated[bool | None, Query(description="Open to the public or not (是否向社会开放)")] = None,
    q: Annotated[str | None, Query(min_length=1, max_length=50, description="Words of title or key")] = None,
    stale: Annotated[bool, Query(description="Only data older than their update cycle (超期未更新)")] = False,
) -> Page[ResourceOut]:
    """List the resources by key."""
    after = str(paged.after[0]) if paged.after else ""
    filters = EntryFilters(owner, sharing_class, is_open, q, now if stale else None)
    listed = await list_entries(filters, at or local_date(now), uow, after=after, limit=paged.fetch)
    calendar = region.calendar()
    shown = [ResourceOut.of(each, region, calendar, now) for each in listed]
    return paged.page(shown, lambda resource: (resource.key,), response)


@router.get("/{key}", dependencies=[OPEN], summary="Read a data resource (资源详情)")
@refuses(ResourceNotFound)
async def show_resource(
    key: KeyInPath, region: RegionInUse, uow: InTransaction, now: Now, at: At = None
) -> ResourceOut:
    """Return a resource with its fields, as in force today or on another day."""
    listed = await read_entry(key, at or local_date(now), uow)
    return ResourceOut.of(listed, region, region.calendar(), now)


@router.get("/{key}/versions", dependencies=[OPEN], summary="List versions of an entry (目录版本)")
@refuses(ResourceNotFound)
async def show_versions(key: KeyInPath, uow: InTransaction) -> dict[str, list[VersionOut]]:
    """Return every published version, the newest first."""
    return {"versions": [VersionOut.of(version) for version in await list_versions(key, uow)]}


@router.get("/{key}/schema", dependencies=[OPEN], summary="Read the schema of a record (数据结构)")
@refuses(ResourceNotFound)
async def show_schema(key: KeyInPath, uow: InTransaction, now: Now, at: At = None) -> dict[str, Any]:
    """Return the JSON Schema of a record, as in force today or on another day."""
    version = (await read_entry(key, at or local_date(now), uow)).version
    return {**version.entry.record_schema, "x-version": version.number}


@router.post(
    "/{key}/record-checks",
    dependencies=[requires("catalogue.resource.manage")],
    openapi_extra=FREE,
    summary="Check records against the schema (数据校验)",
)
@refuses(ResourceNotFound, SharingNotPossible)
async def check(key: KeyInPath, body: RecordsIn, uow: InTransaction, now: Now) -> RecordsChecked:
    """Say field by field what is wrong; nothing is kept."""
    number = await check_records(key, body.records, local_date(now), uow)
    return RecordsChecked(number=number, checked=len(body.records))


@form_checks.post(
    "/form-checks",
    dependencies=[requires("catalogue.resource.manage")],
    openapi_extra=FREE,
    summary="Check that a form asks nothing twice (一口采集)",
)
@refuses(FormAsksAgain)
async def check_a_form(body: CheckedFormIn, uow: InTransaction) -> FormAccepted:
    """Refuse a form that asks for data which a department collects already, naming the department."""
    await check_form([AskedField(**dict(field)) for field in body.fields], uow)
    return FormAccepted(checked=len(body.fields))
