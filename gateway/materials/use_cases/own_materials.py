"""What a person or an enterprise does with the files that it handed in: find, read again, take back."""

from uuid import UUID

from gateway.materials.domain.material import File, Material, MaterialInUse, MaterialNotFound
from gateway.materials.store.materials import MaterialStore, as_file
from shared.database.unit_of_work import UnitOfWork


async def list_own(owner: str, after: UUID | None, limit: int, uow: UnitOfWork) -> list[Material]:
    return await MaterialStore(uow.session).of_owner(owner, after, limit)


async def read_own(material_id: UUID, owner: str, uow: UnitOfWork) -> Material:
    """Raises: MaterialNotFound, for a stranger too; so do the two others."""
    found = await MaterialStore(uow.session).owned(material_id, owner)
    if found is None:
        raise MaterialNotFound(material_id)
    return found


async def read_own_file(material_id: UUID, owner: str, uow: UnitOfWork) -> File:
    material = await read_own(material_id, owner, uow)
    return as_file(material, await MaterialStore(uow.session).content(material_id))


async def take_back(material_id: UUID, owner: str, uow: UnitOfWork) -> None:
    """Raises: MaterialInUse for what a case refers to."""
    store = MaterialStore(uow.session)
    if not await store.lock_owned([material_id], owner):
        raise MaterialNotFound(material_id)
    if await store.is_attached(material_id):
        raise MaterialInUse(material_id)
    await store.delete(material_id)
