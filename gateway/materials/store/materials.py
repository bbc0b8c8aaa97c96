"""Materials in the database: the files, and the cases that refer to them."""

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from gateway.materials.domain.material import File, Material, MaterialRef, MaterialRole, MediaType
from gateway.materials.store.tables import AttachmentRow, ContentRow, MaterialRow


class MaterialStore:
    """Keeps each file once per owner and kind."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def add(self, material: Material, content: bytes) -> bool:
        """Keep a file; False where its owner handed the same in before."""
        values = {**vars(material), "media_type": material.media_type.value}
        statement = insert(MaterialRow).values(values).on_conflict_do_nothing()
        added = await self._session.execute(statement.returning(col(MaterialRow.material_id)))
        if added.first() is None:
            return False
        await self._session.execute(
            insert(ContentRow).values(material_id=material.material_id, content=content)
        )
        return True

    async def same(self, owner: str, kind: str, digest: str) -> Material | None:
        """The material that its owner handed in before with these bytes."""
        query = select(MaterialRow).where(
            col(MaterialRow.owner) == owner, col(MaterialRow.kind) == kind, col(MaterialRow.digest) == digest
        )
        row = (await self._session.execute(query)).scalar_one_or_none()
        return _material(row) if row is not None else None

    async def make_confidential(self, material_id: UUID) -> None:
        """It is for the units that handle a case only, from now on."""
        await self._session.execute(
            update(MaterialRow)
            .where(col(MaterialRow.material_id) == material_id)
            .values(is_confidential=True)
            .execution_options(synchronize_session=False)
        )

    async def of_owner(self, owner: str, after: UUID | None, limit: int) -> list[Material]:
        """Newest first."""
        query = select(MaterialRow).where(col(MaterialRow.owner) == owner)
        if after is not None:
            query = query.where(col(MaterialRow.material_id) < after)
        query = query.order_by(col(MaterialRow.material_id).desc()).limit(limit)
        return [_material(row) for row in (await self._session.execute(query)).scalars()]

    async def owned(self, material_id: UUID, owner: str) -> Material | None:
        query = select(MaterialRow).where(
            col(MaterialRow.material_id) == material_id, col(MaterialRow.owner) == owner
        )
        row = (await self._session.execute(query)).scalar_one_or_none()
        return _material(row) if row is not None else None

    async def lock_owned(self, material_ids: Sequence[UUID], owner: str) -> list[Material]:
        """Hold the owner's materials, in the order of their ids: none is deleted before the case refers to it."""
        query = (
            select(MaterialRow)
            .where(col(MaterialRow.material_id).in_(list(material_ids)), col(MaterialRow.owner) == owner)
            .order_by(col(MaterialRow.material_id))
            .with_for_update()
        )
        return [_material(row) for row in (await self._session.execute(query)).scalars()]

    async def attach(
        self, material_ids: Sequence[UUID], case_id: str, role: MaterialRole, part: str | None, now: datetime
    ) -> None:
        """Let a case refer to them; once is enough."""
        rows = [
            {
                "case_id": case_id,
                "material_id": each,
                "role": role.value,
                "part": part,
                "attached_at": now,
            }
            for each in material_ids
        ]
        if rows:
            await self._session.execute(insert(AttachmentRow).on_conflict_do_nothing(), rows)

    async def of_case(self, case_id: str) -> list[MaterialRef]:
        """In the order in which they came."""
        return (await self.of_cases([case_id]))[case_id]

    async def of_cases(self, case_ids: Collection[str]) -> dict[str, list[MaterialRef]]:
        """The same for several cases."""
        query = (
            select(MaterialRow, AttachmentRow)
            .join(AttachmentRow, col(AttachmentRow.material_id) == col(MaterialRow.material_id))
            .where(col(AttachmentRow.case_id).in_(case_ids))
            .order_by(col(AttachmentRow.attached_at), col(MaterialRow.material_id))
        )
        refs: dict[str, list[MaterialRef]] = {each: [] for each in case_ids}
        for material, attachment in (await self._session.execute(query)).tuples():
            refs[attachment.case_id].append(_ref(material, attachment))
        return refs

    async def is_attached(self, material_id: UUID) -> bool:
        query = (
            select(col(AttachmentRow.case_id)).where(col(AttachmentRow.material_id) == material_id).limit(1)
        )
        return (await self._session.execute(query)).first() is not None

    async def content(self, material_id: UUID) -> bytes:
        query = select(col(ContentRow.content)).where(col(ContentRow.material_id) == material_id)
        return bytes((await self._session.execute(query)).scalar_one())

    async def delete(self, material_id: UUID) -> None:
        await self._session.execute(delete(MaterialRow).where(col(MaterialRow.material_id) == material_id))

    async def keep_until(self, until: datetime, material_ids: Sequence[UUID], owner: str) -> None:
        """Keep the owner's materials at least so long; who keeps one longer already keeps it."""
        kept_until = col(MaterialRow.kept_until)
        await self._session.execute(
            update(MaterialRow)
            .where(col(MaterialRow.material_id).in_(list(material_ids)), col(MaterialRow.owner) == owner)
            .values(kept_until=func.greatest(kept_until, until))
            .execution_options(synchronize_session=False)
        )

    async def forget_unattached(self, before: datetime, now: datetime, limit: int) -> int:
        """Delete what was handed in before and nothing refers to, neither a case nor a draft; returns how many."""
        used = select(AttachmentRow).where(col(AttachmentRow.material_id) == col(MaterialRow.material_id))
        stale = (
            select(col(MaterialRow.material_id))
            .where(
                col(MaterialRow.handed_in_at) < before,
                func.coalesce(col(MaterialRow.kept_until), before) < now,
                ~used.exists(),
            )
            .order_by(col(MaterialRow.handed_in_at))
            .limit(limit)
            .with_for_update(skip_locked=True)
        )
        gone = delete(MaterialRow).where(col(MaterialRow.material_id).in_(stale))
        return len((await self._session.execute(gone.returning(col(MaterialRow.material_id)))).all())


def as_file(material: Material, content: bytes) -> File:
    """The owner's own file, outside of any case."""
    return File(
        MaterialRef(
            material.material_id,
            material.kind,
            material.name,
            material.media_type.value,
            material.size,
            material.digest,
            is_confidential=material.is_confidential,
        ),
        content,
    )


def _material(row: MaterialRow) -> Material:
    return Material(
        material_id=row.material_id,
        owner=row.owner,
        kind=row.kind,
        name=row.name,
        media_type=MediaType(row.media_type),
        size=row.size,
        digest=row.digest,
        is_confidential=row.is_confidential,
        handed_in_at=row.handed_in_at,
        handed_in_by=row.handed_in_by,
    )


def _ref(row: MaterialRow, attachment: AttachmentRow) -> MaterialRef:
    return MaterialRef(
        material_id=row.material_id,
        kind=row.kind,
        name=row.name,
        media_type=row.media_type,
        size=row.size,
        digest=row.digest,
        role=MaterialRole(attachment.role),
        part=attachment.part,
        is_confidential=row.is_confidential,
    )
