"""The data-sharing catalogue (数据共享目录), open to everybody."""

from typing import Annotated, Self

from fastapi import APIRouter, Path, Response
from pydantic import Field

from gateway.catalogue.data.api.dependencies import RegionInUse
from gateway.catalogue.data.domain.errors import ResourceNotFound
from shared.region import DataResource, FieldClass, NotInRegionPack, RegionPack, SharingClass
from shared.security.access import public
from shared.web.fields import ResponseModel
from shared.web.openapi import refuses
from shared.web.paging import Page, Paged
from shared.web.routes import ServiceRoute

router = APIRouter(prefix="/catalogue/v1/resources", route_class=ServiceRoute, tags=["catalogue"])
OPEN = public("the catalogue says what data there is, not what it holds (DS-01)")


class ResourceFieldOut(ResponseModel):
    """A field of a resource, and who may see it."""

    name: Annotated[str, Field(examples=["legal_representative_name"])]
    title_zh: Annotated[str, Field(examples=["法定代表人姓名"])]
    title_en: Annotated[str, Field(examples=["Name of the legal representative"])]
    field_class: Annotated[FieldClass, Field(examples=["shared"])]


class ResourceOut(ResponseModel):
    """A data resource (数据资源): one owner, one sharing class, its fields."""

    key: Annotated[str, Field(examples=["registration.enterprise"])]
    title_zh: Annotated[str, Field(examples=["经营主体登记信息"])]
    title_en: Annotated[str, Field(examples=["Registered enterprises"])]
    owner_uscc: Annotated[str, Field(examples=["11140881MB9Y00016L"])]
    owner_name_zh: Annotated[str, Field(examples=["永济市行政审批服务管理局"])]
    owner_name_en: Annotated[str, Field(examples=["Administrative Approval Service Bureau of Yongji"])]
    sharing_class: Annotated[SharingClass, Field(examples=["conditional"])]
    fields: list[ResourceFieldOut]

    @classmethod
    def of(cls, resource: DataResource, region: RegionPack) -> Self:
        """Shape a resource of the region pack."""
        owner = region.agency(resource.provider)
        return cls(
            key=resource.key,
            title_zh=resource.title.zh,
            title_en=resource.title.en,
            owner_uscc=owner.uscc,
            owner_name_zh=owner.name.zh,
            owner_name_en=owner.name.en,
            sharing_class=resource.sharing_class,
            fields=[
                ResourceFieldOut(
                    name=field.name,
                    title_zh=field.title.zh,
                    title_en=field.title.en,
                    field_class=field.field_class,
                )
                for field in resource.fields
            ],
        )


@router.get("", dependencies=[OPEN], summary="List data resources (数据共享目录)")
async def list_resources(region: RegionInUse, paged: Paged, response: Response) -> Page[ResourceOut]:
    """List the resources by key."""
    after = str(paged.after[0]) if paged.after else ""
    later = sorted((r for r in region.resources if r.key > after), key=lambda r: r.key)
    shown = [ResourceOut.of(resource, region) for resource in later[: paged.fetch]]
    return paged.page(shown, lambda resource: (resource.key,), response)


@router.get("/{key}", dependencies=[OPEN], summary="Read a data resource (资源详情)")
@refuses(ResourceNotFound)
async def show_resource(
    key: Annotated[str, Path(max_length=99, pattern=r"^[a-z][a-z0-9_.]*$")], region: RegionInUse
) -> ResourceOut:
    """Return a resource with its fields."""
    try:
        return ResourceOut.of(region.resource(key), region)
    except NotInRegionPack as error:
        raise ResourceNotFound(key) from error
