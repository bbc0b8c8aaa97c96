"""What the applicant, a helper or an officer at a counter sees of the files of a matter."""

from datetime import datetime
from uuid import UUID

from gateway.materials.public import File, MaterialRef, MaterialRole, content_of, material_among, materials_of
from gateway.matters.domain.life_cycles import TaskState
from gateway.matters.domain.model import Case
from gateway.matters.use_cases.acting import Actor
from gateway.matters.use_cases.assistance import is_another
from gateway.matters.use_cases.change_matter import read_matter
from shared.database.unit_of_work import UnitOfWork


async def own_materials(
    matter_id: UUID, actor: Actor, uow: UnitOfWork, now: datetime
) -> tuple[MaterialRef, ...]:
    """Raises: MatterNotFound, for a stranger too. Another sees no confidential one."""
    case = await read_matter(matter_id, actor, uow, now)
    refs = await materials_of(str(matter_id), uow)
    sees_all = not is_another(case, actor.caller)
    return tuple(ref for ref in refs if _is_there(case, ref) and (sees_all or not ref.is_confidential))


async def read_own_material(
    matter_id: UUID, material_id: UUID, actor: Actor, uow: UnitOfWork, now: datetime
) -> File:
    """Raises also: MaterialNotFound."""
    refs = await own_materials(matter_id, actor, uow, now)
    return await content_of(material_among(refs, material_id), uow)


def _is_there(case: Case, ref: MaterialRef) -> bool:
    """A department's result is the applicant's once its task is complete."""
    if ref.role is MaterialRole.SUBMITTED:
        return True
    done = {task.kind for task in case.tasks if task.state is TaskState.COMPLETED}
    return ref.part in done
