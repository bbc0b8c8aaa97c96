"""Handling without any paper (零材料): who was recognised by the face need hand nothing in.

Source: GW-09 (通过“刷脸”确认信息实现“零资料”办理).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from gateway.catalogue.items.public import item_version_in_force
from shared.calendar import local_date
from shared.database.unit_of_work import UnitOfWork
from shared.security.principal import Principal
from shared.security.strength import Strength


@dataclass(eq=False)
class FaceOrMaterialsNeeded(Exception):
    """The item is handled without materials for somebody whose face was checked; nobody's was."""

    item: str


async def check_zero_material(
    theme: str, materials: Sequence[UUID], caller: Principal, uow: UnitOfWork, now: datetime
) -> None:
    """Raises: FaceOrMaterialsNeeded where an item that asks for no papers is applied for with neither."""
    if materials or (caller.strength is not None and caller.strength >= Strength.FACE):
        return
    item = f"matters.{theme}"
    version = await item_version_in_force(item, local_date(now), uow)
    if version is not None and version.zero_material:
        raise FaceOrMaterialsNeeded(item)
