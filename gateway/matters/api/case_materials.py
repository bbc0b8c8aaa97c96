"""Files of a matter, to its applicant: what was handed in, and what came of it."""

from uuid import UUID

from fastapi import APIRouter, Response

from gateway.materials.public import DOWNLOAD, CaseMaterialOut, MaterialNotFound, file_answer
from gateway.matters.api.dependencies import Acting
from gateway.matters.store.cases import MatterNotFound
from gateway.matters.use_cases.own_materials import own_materials, read_own_material
from shared.security.access import requires
from shared.security.deciding import NotEmpowered
from shared.web.openapi import refuses
from shared.web.routes import InTransaction, Now, ServiceRoute

router = APIRouter(prefix="/matters/v1/matters", route_class=ServiceRoute, tags=["matters"])

READ = requires("matters.matter.read")


@router.get("/{matter_id}/materials", dependencies=[READ], summary="Files of one's matter (办件材料与结果)")
@refuses(MatterNotFound, NotEmpowered)
async def list_materials(
    matter_id: UUID, actor: Acting, uow: InTransaction, now: Now
) -> list[CaseMaterialOut]:
    """In the order in which they came; a result when its task is complete."""
    return [CaseMaterialOut.of(ref) for ref in await own_materials(matter_id, actor, uow, now)]


@router.get(
    "/{matter_id}/materials/{material_id}",
    dependencies=[READ],
    summary="Get a file of one's matter (下载办件材料)",
    response_class=Response,
    responses=DOWNLOAD,
)
@refuses(MatterNotFound, MaterialNotFound, NotEmpowered)
async def download_material(
    matter_id: UUID, material_id: UUID, actor: Acting, uow: InTransaction, now: Now
) -> Response:
    """As it was handed in or made."""
    return file_answer(await read_own_material(matter_id, material_id, actor, uow, now))
