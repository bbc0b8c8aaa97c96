"""What a department may ask the applicant for when it sends a task back: nothing that it has already.

Source: DS-07 (对前端流程已经收取的材料，不得要求重复提交). A material on file is asked for again only with
what is wrong with the file.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from gateway.materials.public import MaterialRef, MaterialRole, materials_of
from gateway.matters.domain.model import Case, Task
from gateway.matters.domain.tasks import Demand
from shared.database.unit_of_work import UnitOfWork
from shared.web.problems import FieldFault


@dataclass(eq=False)
class DemandNotPossible(Exception):
    """A finding names what the department did not get."""

    faults: tuple[FieldFault, ...] = field(default=())


@dataclass(eq=False)
class MaterialOnFile(Exception):
    """What is asked for was handed in already; `material_ids` are the files."""

    material_ids: tuple[str, ...]
    faults: tuple[FieldFault, ...] = field(default=())


async def check_demands(case: Case, task: Task, demands: Sequence[Demand], uow: UnitOfWork) -> None:
    """Raises: DemandNotPossible, MaterialOnFile."""
    on_file = [
        ref for ref in await materials_of(str(case.matter.id), uow) if ref.role is MaterialRole.SUBMITTED
    ]
    faults = [
        fault
        for place, demand in enumerate(demands)
        if (fault := _unfounded(place, demand, task, on_file)) is not None
    ]
    if faults:
        raise DemandNotPossible(tuple(faults))
    repeated = [
        (place, ref)
        for place, demand in enumerate(demands)
        for ref in on_file
        if demand.is_material and demand.defect is None and ref.kind == demand.name
    ]
    if repeated:
        raise MaterialOnFile(
            tuple(dict.fromkeys(str(ref.material_id) for _, ref in repeated)),
            tuple(_asked_again(place, ref) for place, ref in repeated),
        )


def _unfounded(place: int, demand: Demand, task: Task, on_file: Sequence[MaterialRef]) -> FieldFault | None:
    if not demand.is_material and demand.name not in {each.key for each in task.receives}:
        return FieldFault(
            f"/findings/{place}/form_field",
            "not-received",
            "本任务未接收此字段",
            "the task does not receive this field",
        )
    if demand.defect is not None and demand.name not in {ref.kind for ref in on_file}:
        return FieldFault(
            f"/findings/{place}/defect",
            "not-on-file",
            "办件中没有此材料",
            "there is no such material in the case",
        )
    return None


def _asked_again(place: int, ref: MaterialRef) -> FieldFault:
    return FieldFault(
        f"/findings/{place}/material",
        "material-on-file",
        f"材料已收取：{ref.name}（{ref.material_id}）；如有问题请说明缺陷",
        f"on file already: {ref.name} ({ref.material_id}); say what is wrong with it if something is",
    )
