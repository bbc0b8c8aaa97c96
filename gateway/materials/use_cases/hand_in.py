"""Hand a file in, once: the same file of the same owner has one id however often it comes (一套材料)."""

import hashlib
from dataclasses import dataclass, replace
from datetime import datetime

from gateway.materials.domain.material import FileNotTaken, Material, MediaType
from gateway.materials.domain.recognising import check_file
from gateway.materials.store.materials import MaterialStore
from shared.database.unit_of_work import UnitOfWork
from shared.identifiers import new_uuid7
from shared.security.strict_json import UnreadableJson, loads_strict


@dataclass(frozen=True)
class HandIn:
    """A file as it came: whose it is, what it is for, and who brought it."""

    owner: str
    kind: str
    name: str
    media_type: MediaType
    content: bytes
    handed_in_by: str
    is_confidential: bool = False


async def hand_in(command: HandIn, uow: UnitOfWork, now: datetime) -> tuple[Material, bool]:
    """Return the material and whether it is new; what is confidential once stays so. Raises: FileNotTaken."""
    check_file(command.content, command.media_type)
    if command.media_type is MediaType.JSON:
        _check_json(command.content)
    store = MaterialStore(uow.session)
    material = Material(
        material_id=new_uuid7(),
        owner=command.owner,
        kind=command.kind,
        name=command.name,
        media_type=command.media_type,
        size=len(command.content),
        digest=hashlib.sha256(command.content).hexdigest(),
        is_confidential=command.is_confidential,
        handed_in_at=now,
        handed_in_by=command.handed_in_by,
    )
    if await store.add(material, command.content):
        return material, True
    before = await store.same(material.owner, material.kind, material.digest) or material
    if command.is_confidential and not before.is_confidential:
        await store.make_confidential(before.material_id)
        before = replace(before, is_confidential=True)
    return before, False


def _check_json(content: bytes) -> None:
    try:
        loads_strict(content)
    except UnreadableJson as error:
        raise FileNotTaken(error.reason) from error
