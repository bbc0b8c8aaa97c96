"""Items and their versions to rows and back."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from pydantic import TypeAdapter
from sqlalchemy import case, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import defer
from sqlmodel import col

from gateway.catalogue.items.domain.facets import facets_of
from gateway.catalogue.items.domain.item import Item, ItemStatus, ItemVersion, ItemWithdrawal
from gateway.catalogue.items.domain.needs import tokens_of
from gateway.catalogue.items.domain.standard import Standard
from gateway.catalogue.items.store.tables import ItemRow, VersionRow
from gateway.catalogue.items.store.vectors import vector_of

STANDARD_JSON: Final = TypeAdapter(Standard)
"""A standard as the database keeps it."""


LEAN: Final = (defer(VersionRow.facets, raiseload=True), defer(VersionRow.terms, raiseload=True))  # type: ignore[arg-type]
"""What a version is found by is read by the database alone."""


@dataclass(frozen=True)
class Words:
    """By which words a version is found beside those of its title."""

    texts: tuple[str, ...]


class ItemStore:
    """Rows to items and back."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def add(self, item: Item) -> bool:
        """Keep a new item; False where the code is taken."""
        added = insert(ItemRow).values(code=item.code, **_columns(item)).on_conflict_do_nothing()
        kept = await self._session.execute(added.returning(col(ItemRow.code)))
        return kept.scalar_one_or_none() is not None

    async def save(self, item: Item) -> None:
        """Keep what became of an item that was locked."""
        changed = update(ItemRow).where(col(ItemRow.code) == item.code).values(_columns(item))
        await self._session.execute(changed)

    async def find(self, code: str) -> Item | None:
        """Return an item."""
        row = await self._session.get(ItemRow, code)
        return None if row is None else _item(row)

    async def lock(self, code: str) -> Item | None:
        """Return an item that nobody else changes until the transaction ends."""
        row = await self._session.scalar(select(ItemRow).where(col(ItemRow.code) == code).with_for_update())
        return None if row is None else _item(row)

    async def add_version(self, version: ItemVersion, words: Words, seed_digest: str | None = None) -> None:
        """Keep a new version; the one before it ends on its first day."""
        await self.end_versions(version.code, version.effective_from)
        title = version.standard.title
        in_title = tokens_of([title.zh, title.en or ""])
        row = VersionRow(
            code=version.code,
            version=version.version,
            owner_uscc=version.owner_uscc,
            standard=STANDARD_JSON.dump_python(version.standard, mode="json"),
            effective_from=version.effective_from,
            effective_until=version.effective_until,
            published_by=version.published_by,
            published_at=version.published_at,
            seed_digest=seed_digest,
            facets=sorted(facets_of(version.standard, version.owner_uscc)),
            terms=vector_of(in_title, tokens_of(words.texts)),
        )
        self._session.add(row)
        await self._session.flush()

    async def end_versions(self, code: str, on: date) -> None:
        """Let all versions of an item end on a day; one that was to begin later never begins."""
        begins, until = col(VersionRow.effective_from), col(VersionRow.effective_until)
        await self._session.execute(
            update(VersionRow)
            .where(col(VersionRow.code) == code, until.is_(None) | (until > on))
            .values(effective_until=case((begins > on, begins), else_=on))
        )

    async def in_force(self, code: str, on: date) -> ItemVersion | None:
        """Return the version that holds on a day."""
        begins, until = col(VersionRow.effective_from), col(VersionRow.effective_until)
        chosen = (
            select(VersionRow)
            .options(*LEAN)
            .where(col(VersionRow.code) == code, begins <= on, until.is_(None) | (until > on))
            .order_by(col(VersionRow.version).desc())
            .limit(1)
        )
        row = await self._session.scalar(chosen)
        return None if row is None else version_of(row)

    async def history(self, code: str, *, before: int | None, limit: int) -> list[ItemVersion]:
        """Return versions of an item, the newest first."""
        chosen = select(VersionRow).options(*LEAN).where(col(VersionRow.code) == code)
        if before is not None:
            chosen = chosen.where(col(VersionRow.version) < before)
        rows = await self._session.scalars(chosen.order_by(col(VersionRow.version).desc()).limit(limit))
        return [version_of(row) for row in rows]

    async def titles(self, codes: Collection[str], on: date) -> dict[str, ItemVersion]:
        """Return those of some items that are in force on a day, by code."""
        begins, until = col(VersionRow.effective_from), col(VersionRow.effective_until)
        held = begins <= on, until.is_(None) | (until > on)
        chosen = select(VersionRow).options(*LEAN).where(col(VersionRow.code).in_(sorted(codes)), *held)
        return {row.code: version_of(row) for row in await self._session.scalars(chosen)}

    async def seeded(self) -> dict[str, str | None]:
        """Return, by code, the digest of the pack's facts in the newest version; None for an owner's own."""
        versions = (col(VersionRow.code) == col(ItemRow.code)) & (
            col(VersionRow.version) == col(ItemRow.version)
        )
        chosen = select(col(ItemRow.code), col(VersionRow.seed_digest), col(ItemRow.status)).outerjoin_from(
            ItemRow, VersionRow, versions
        )
        return {
            code: digest if status == ItemStatus.PUBLISHED else None
            for code, digest, status in await self._session.execute(chosen)
        }


def version_of(row: VersionRow) -> ItemVersion:
    """Read a version."""
    return ItemVersion(
        code=row.code,
        version=row.version,
        owner_uscc=row.owner_uscc,
        standard=STANDARD_JSON.validate_python(row.standard),
        effective_from=row.effective_from,
        effective_until=row.effective_until,
        published_by=row.published_by,
        published_at=row.published_at,
    )


def _columns(item: Item) -> dict[str, Any]:
    end = item.withdrawal
    return {
        "owner_uscc": item.owner_uscc,
        "status": item.status.value,
        "draft": None if item.draft is None else STANDARD_JSON.dump_python(item.draft, mode="json"),
        "version": item.version,
        "last_effective_from": item.last_effective_from,
        "withdrawn_from": end.effective_from if end else None,
        "withdrawn_because": end.reason if end else None,
        "withdrawn_by": end.by if end else None,
        "withdrawn_at": end.at if end else None,
        "revision": item.revision,
    }


def _item(row: ItemRow) -> Item:
    end = None
    if row.withdrawn_from and row.withdrawn_because and row.withdrawn_by and row.withdrawn_at:
        end = ItemWithdrawal(row.withdrawn_from, row.withdrawn_because, row.withdrawn_by, row.withdrawn_at)
    return Item(
        code=row.code,
        owner_uscc=row.owner_uscc,
        status=ItemStatus(row.status),
        draft=None if row.draft is None else STANDARD_JSON.validate_python(row.draft),
        version=row.version,
        last_effective_from=row.last_effective_from,
        withdrawal=end,
        revision=row.revision,
    )
