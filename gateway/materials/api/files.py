"""Files that people and enterprises hand in (申请材料): once each, for whatever needs them."""

from datetime import datetime
from http import HTTPStatus
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Response
from pydantic import Field
from starlette.requests import Request

from gateway.materials.api.uploads import DOWNLOAD, UPLOAD, file_answer, read_upload
from gateway.materials.domain.material import (
    FileNotTaken,
    Material,
    MaterialInUse,
    MaterialNotFound,
    MaterialRef,
    MaterialRole,
)
from gateway.materials.use_cases.hand_in import HandIn, hand_in
from gateway.materials.use_cases.own_materials import list_own, read_own, read_own_file, take_back
from shared.region import RegionPack
from shared.security.access import requires
from shared.security.deciding import NotEmpowered, require_counter
from shared.security.principal import Principal, SubjectKind
from shared.web.fields import Code, ResponseModel
from shared.web.openapi import refuses
from shared.web.paging import Page, Paged
from shared.web.problems import FORBIDDEN, Refusal
from shared.web.routes import Caller, InTransaction, Now, ServiceRoute

router = APIRouter(prefix="/materials/v1/files", route_class=ServiceRoute, tags=["materials"])

SUBMIT = requires("materials.file.submit")
READ = requires("materials.file.read")

Kind = Annotated[Code, Query(description="Code of the material (材料编码)", examples=["lease_contract"])]


async def _owner(caller: Caller) -> Principal:
    if caller.kind is SubjectKind.CLIENT:
        raise Refusal(FORBIDDEN)
    return caller


Owner = Annotated[Principal, Depends(_owner)]


class MaterialOut(ResponseModel):
    """A file that was handed in; its id is what applications refer to."""

    material_id: UUID
    kind: str = Field(examples=["lease_contract"])
    name: str = Field(examples=["租赁合同.pdf"])
    media_type: str = Field(examples=["application/pdf"])
    size: int = Field(examples=[182_044], description="Bytes")
    digest: str = Field(description="SHA-256, hexadecimal")
    is_confidential: bool
    handed_in_at: datetime

    @classmethod
    def of(cls, material: Material) -> "MaterialOut":
        return cls(
            material_id=material.material_id,
            kind=material.kind,
            name=material.name,
            media_type=material.media_type.value,
            size=material.size,
            digest=material.digest,
            is_confidential=material.is_confidential,
            handed_in_at=material.handed_in_at,
        )


class CaseMaterialOut(ResponseModel):
    """A material in a case: every department that takes part sees it under this one id."""

    material_id: UUID
    kind: str = Field(examples=["lease_contract"])
    name: str = Field(examples=["租赁合同.pdf"])
    media_type: str = Field(examples=["application/pdf"])
    size: int = Field(examples=[182_044], description="Bytes")
    digest: str = Field(description="SHA-256, hexadecimal")
    role: MaterialRole
    part: str | None = Field(description="The department task whose result it is")
    is_confidential: bool

    @classmethod
    def of(cls, ref: MaterialRef) -> "CaseMaterialOut":
        return cls(**vars(ref))


@router.post(
    "",
    status_code=HTTPStatus.CREATED,
    dependencies=[SUBMIT],
    summary="Hand a file in, once (上传材料)",
    openapi_extra=UPLOAD,
    responses={200: {"description": "The same file was handed in before", "model": MaterialOut}},
)
@refuses(FileNotTaken, NotEmpowered, FORBIDDEN)
async def hand_in_one(
    request: Request,
    kind: Kind,
    caller: Owner,
    uow: InTransaction,
    now: Now,
    response: Response,
    is_confidential: Annotated[
        bool, Query(description="For the units that handle the case only (保密要求)")
    ] = False,
    on_behalf_of: Annotated[
        str | None,
        Query(
            min_length=1,
            max_length=64,
            pattern=r"^[\x21-\x7e]+$",
            description="Whose it is, at the window (窗口代收)",
        ),
    ] = None,
) -> MaterialOut:
    """PDF, JPEG, PNG or JSON. The same file again answers with the material that is there."""
    upload = await read_upload(request, kind)
    command = HandIn(
        owner=_owner_of(caller, on_behalf_of, request.app.state.region),
        kind=kind,
        name=upload.name,
        media_type=upload.media_type,
        content=upload.content,
        handed_in_by=caller.reference,
        is_confidential=is_confidential,
    )
    material, is_new = await hand_in(command, uow, now)
    response.status_code = HTTPStatus.CREATED if is_new else HTTPStatus.OK
    response.headers["Location"] = f"{router.prefix}/{material.material_id}"
    return MaterialOut.of(material)


@router.get("", dependencies=[READ], summary="List the files that one handed in (我的材料)")
@refuses(FORBIDDEN)
async def show_own(caller: Owner, paged: Paged, uow: InTransaction, response: Response) -> Page[MaterialOut]:
    """Newest first."""
    after = UUID(paged.after[0]) if paged.after else None
    found = await list_own(caller.subject, after, paged.fetch, uow)
    return paged.page([MaterialOut.of(each) for each in found], lambda each: (each.material_id,), response)


@router.get("/{material_id}", dependencies=[READ], summary="What a file of one's own is (材料信息)")
@refuses(MaterialNotFound, FORBIDDEN)
async def show_one(material_id: UUID, caller: Owner, uow: InTransaction) -> MaterialOut:
    """One's own only; a stranger is told that there is none."""
    return MaterialOut.of(await read_own(material_id, caller.subject, uow))


@router.get(
    "/{material_id}/content",
    dependencies=[READ],
    summary="Get a file of one's own back (下载材料)",
    response_class=Response,
    responses=DOWNLOAD,
)
@refuses(MaterialNotFound, FORBIDDEN)
async def download_one(material_id: UUID, caller: Owner, uow: InTransaction) -> Response:
    """As it was handed in."""
    return file_answer(await read_own_file(material_id, caller.subject, uow))


@router.delete(
    "/{material_id}",
    dependencies=[SUBMIT],
    status_code=HTTPStatus.NO_CONTENT,
    summary="Delete a file that no case refers to (删除材料)",
)
@refuses(MaterialNotFound, MaterialInUse, FORBIDDEN)
async def take_one_back(material_id: UUID, caller: Owner, uow: InTransaction) -> None:
    """What a case refers to stays with the case."""
    await take_back(material_id, caller.subject, uow)


def _owner_of(caller: Principal, on_behalf_of: str | None, pack: RegionPack) -> str:
    """An officer at a window takes in what somebody brought. Raises: NotEmpowered elsewhere."""
    if on_behalf_of is None:
        return caller.subject
    require_counter(caller, pack.zones)
    return on_behalf_of
