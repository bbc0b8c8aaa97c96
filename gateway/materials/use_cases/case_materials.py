"""Materials of a case: attached once, then read by everybody who takes part, under the same id (材料共享).

Source: DS-07 (材料不得重复提交); GW-22 (一套材料).
"""

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from gateway.materials.domain.material import File, MaterialNotFound, MaterialRef, MaterialRole
from gateway.materials.store.materials import MaterialStore
from gateway.materials.use_cases.hand_in import HandIn, hand_in
from shared.database.unit_of_work import UnitOfWork


async def attach(
    material_ids: Sequence[UUID], case_id: str, owner: str, uow: UnitOfWork, now: datetime
) -> tuple[MaterialRef, ...]:
    """Let a case refer to its applicant's materials. Raises: MaterialNotFound for one that is not the owner's."""
    wanted = tuple(dict.fromkeys(material_ids))
    store = MaterialStore(uow.session)
    found = {each.material_id for each in await store.lock_owned(wanted, owner)}
    for each in wanted:
        if each not in found:
            raise MaterialNotFound(each)
    await store.attach(wanted, case_id, MaterialRole.SUBMITTED, None, now)
    return tuple(ref for ref in await store.of_case(case_id) if ref.material_id in found)


async def keep_until(until: datetime, material_ids: Sequence[UUID], owner: str, uow: UnitOfWork) -> None:
    """Keep what a draft refers to until the draft is forgotten; what is not there is told when it is handed in."""
    await MaterialStore(uow.session).keep_until(until, material_ids, owner)


async def add_result(command: HandIn, case_id: str, part: str, uow: UnitOfWork, now: datetime) -> MaterialRef:
    """Keep what a department made for the case (办理结果). Raises: FileNotTaken."""
    material, _ = await hand_in(command, uow, now)
    store = MaterialStore(uow.session)
    await store.attach([material.material_id], case_id, MaterialRole.RESULT, part, now)
    return next(ref for ref in await store.of_case(case_id) if ref.material_id == material.material_id)


async def materials_of(case_id: str, uow: UnitOfWork) -> tuple[MaterialRef, ...]:
    """In the order in which they came; who may see which is for the caller to decide."""
    return tuple(await MaterialStore(uow.session).of_case(case_id))


async def materials_of_cases(
    case_ids: Collection[str], uow: UnitOfWork
) -> dict[str, tuple[MaterialRef, ...]]:
    """The same for several cases, by case."""
    found = await MaterialStore(uow.session).of_cases(case_ids)
    return {case_id: tuple(refs) for case_id, refs in found.items()}


async def content_of(ref: MaterialRef, uow: UnitOfWork) -> File:
    """The bytes of a material that the caller was found to be allowed to read."""
    return File(ref, await MaterialStore(uow.session).content(ref.material_id))


def material_among(refs: Sequence[MaterialRef], material_id: UUID) -> MaterialRef:
    """Raises: MaterialNotFound."""
    for ref in refs:
        if ref.material_id == material_id:
            return ref
    raise MaterialNotFound(material_id)
