"""The open catalogue (公共数据开放目录): what is open to the public, with its public fields only."""

from typing import Annotated, Self

from fastapi import APIRouter, Response
from pydantic import Field

from gateway.catalogue.data.api.dependencies import KeyInPath
from gateway.catalogue.data.api.resource_shapes import ResourceFieldOut
from gateway.catalogue.data.domain.errors import ResourceNotFound
from gateway.catalogue.data.domain.resource import EntryVersion
from gateway.catalogue.data.store.resources import EntryFilters
from gateway.catalogue.data.use_cases.read_resources import list_entries, read_entry
from shared.calendar import local_date
from shared.region import UpdateCycle
from shared.security.access import public
from shared.web.fields import ResponseModel
from shared.web.openapi import refuses
from shared.web.paging import Page, Paged
from shared.web.routes import InTransaction, Now, ServiceRoute

router = APIRouter(prefix="/catalogue/v1/open-resources", route_class=ServiceRoute, tags=["catalogue"])
OPEN = public("what is open to the public is found by the public (DS-19)")


class OpenResourceOut(ResponseModel):
    """An open resource: its public fields, and where they are read."""

    key: Annotated[str, Field(examples=["registration.enterprise"])]
    number: int
    title_zh: str
    title_en: str
    summary: str
    owner_uscc: str
    open_condition: str | None
    update_cycle: UpdateCycle
    api_path: str | None
    fields: list[ResourceFieldOut]

    @classmethod
    def of(cls, version: EntryVersion) -> Self:
        """Shape an open entry."""
        entry = version.entry
        return cls(
            key=version.key,
            number=version.number,
            title_zh=entry.title_zh,
            title_en=entry.title_en,
            summary=entry.summary,
            owner_uscc=version.owner_uscc,
            open_condition=entry.open_condition,
            update_cycle=entry.update_cycle,
            api_path=entry.api_path,
            fields=[ResourceFieldOut(**vars(field)) for field in entry.open_fields],
        )


@router.get("", dependencies=[OPEN], summary="List open resources (开放目录)")
async def list_open(paged: Paged, uow: InTransaction, now: Now, response: Response) -> Page[OpenResourceOut]:
    """List what is open, by key."""
    after = str(paged.after[0]) if paged.after else ""
    filters = EntryFilters(is_open=True)
    listed = await list_entries(filters, local_date(now), uow, after=after, limit=paged.fetch)
    shown = [OpenResourceOut.of(each.version) for each in listed]
    return paged.page(shown, lambda resource: (resource.key,), response)


@router.get("/{key}", dependencies=[OPEN], summary="Read an open resource (开放资源)")
@refuses(ResourceNotFound)
async def show_open(key: KeyInPath, uow: InTransaction, now: Now) -> OpenResourceOut:
    """Return an open resource; one that is not open is not there."""
    version = (await read_entry(key, local_date(now), uow)).version
    if not version.entry.is_open:
        raise ResourceNotFound(key)
    return OpenResourceOut.of(version)
