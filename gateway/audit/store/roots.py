"""Closed intervals, the keys that sign them, and reviews, in the database; none is ever changed."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Row, desc, func, insert, select, text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncSession
from sqlmodel import col

from gateway.audit.domain.review import Finding, Review
from gateway.audit.domain.statements import Root, SignedRoot
from gateway.audit.store.tables import EntryRow, KeyRow, ReviewRow, RootRow

_CLOSING_LOCK: Final = 0x61727464  # 'artd': one process closes intervals at a time
_ROOTS: Final = RootRow.__table__  # type: ignore[attr-defined]
_KEYS: Final = KeyRow.__table__  # type: ignore[attr-defined]
_REVIEWS: Final = ReviewRow.__table__  # type: ignore[attr-defined]


class RootStore:
    """Signed roots to rows and back."""

    def __init__(self, session: AsyncSession, region: str) -> None:
        self._session = session
        self._region = region

    async def lock(self) -> None:
        """Become the one that closes intervals until the transaction ends."""
        await self._session.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _CLOSING_LOCK})

    async def newest(self) -> SignedRoot | None:
        """Return the root of the interval closed last."""
        chosen = select(_ROOTS).order_by(desc(_ROOTS.c.last_number)).limit(1)
        row = (await self._session.execute(chosen)).one_or_none()
        return None if row is None else _signed(row, self._region)

    async def page(self, *, before: int | None, limit: int) -> list[SignedRoot]:
        """Return a page of roots, the newest first."""
        chosen = select(_ROOTS).order_by(desc(_ROOTS.c.last_number)).limit(limit)
        if before is not None:
            chosen = chosen.where(_ROOTS.c.last_number < before)
        return [_signed(row, self._region) for row in await self._session.execute(chosen)]

    async def last_before(self, moment: datetime) -> SignedRoot | None:
        """Return the root of the last interval that was closed before a moment."""
        chosen = select(_ROOTS).where(_ROOTS.c.closed_at < moment)
        row = (
            await self._session.execute(chosen.order_by(desc(_ROOTS.c.last_number)).limit(1))
        ).one_or_none()
        return None if row is None else _signed(row, self._region)

    async def within(self, first: int, last: int) -> list[SignedRoot]:
        """Return the roots of intervals that end among these entries."""
        chosen = select(_ROOTS).where(_ROOTS.c.last_number.between(first, last))
        return [_signed(row, self._region) for row in await self._session.execute(chosen)]

    async def over(self, number: int) -> SignedRoot | None:
        """Return the root of the interval that holds an entry, once it is closed."""
        chosen = select(_ROOTS).where(_ROOTS.c.last_number >= number).order_by(_ROOTS.c.last_number).limit(1)
        row = (await self._session.execute(chosen)).one_or_none()
        return None if row is None or row.first_number > number else _signed(row, self._region)

    async def add(self, signed: SignedRoot) -> None:
        """Keep a root; the schema refuses a second one after the same predecessor."""
        root = signed.root
        values = {
            "first_number": root.first,
            "last_number": root.last,
            "root": root.root,
            "chain_hash": root.chain_hash,
            "prev_root": root.prev_root,
            "kid": signed.kid,
            "jws": signed.jws,
            "closed_at": root.closed_at,
        }
        await self._session.execute(insert(RootRow).values(values))

    async def hashes(self, first: int, limit: int) -> list[str]:
        """Return the hashes of entries from `first` on, in order."""
        number = col(EntryRow.number)
        chosen = select(col(EntryRow.hash)).where(number >= first, number < first + limit).order_by(number)
        return list((await self._session.execute(chosen)).scalars())

    async def recorded_at(self, number: int) -> datetime | None:
        """Return when an entry was appended."""
        chosen = select(col(EntryRow.recorded_at)).where(col(EntryRow.number) == number)
        return (await self._session.execute(chosen)).scalar_one_or_none()


class KeyStore:
    """The keys of the audit log; private halves are sealed, public ones are kept for ever."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def newest(self) -> tuple[str, bytes, datetime] | None:
        """Return name, sealed private half and birth of the key that signs."""
        chosen = select(_KEYS.c.kid, _KEYS.c.sealed, _KEYS.c.made_at).order_by(desc(_KEYS.c.made_at)).limit(1)
        row = (await self._session.execute(chosen)).one_or_none()
        return None if row is None else (row.kid, row.sealed, row.made_at)

    async def add(self, kid: str, public_jwk: dict[str, str], sealed: bytes, made_at: datetime) -> None:
        """Keep a new key."""
        values = {"kid": kid, "public_jwk": public_jwk, "sealed": sealed, "made_at": made_at}
        await self._session.execute(insert(KeyRow).values(values))

    async def public(self) -> list[dict[str, str]]:
        """Return every public key there ever was, the newest first."""
        chosen = select(_KEYS.c.public_jwk).order_by(desc(_KEYS.c.made_at))
        return list((await self._session.execute(chosen)).scalars())


class ReviewStore:
    """Reviews of entries."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def add(self, review: Review) -> None:
        """Keep a review."""
        values = {
            "review_id": review.review_id,
            "number": review.number,
            "reviewer": review.reviewer,
            "finding": review.finding.value,
            "note": review.note,
            "reviewed_at": review.reviewed_at,
        }
        await self._session.execute(insert(ReviewRow).values(values))

    async def of(self, numbers: Sequence[int]) -> dict[int, list[Review]]:
        """Return the reviews of entries, the oldest first."""
        chosen = select(_REVIEWS).where(_REVIEWS.c.number.in_(numbers)).order_by(_REVIEWS.c.reviewed_at)
        found: dict[int, list[Review]] = {}
        for row in await self._session.execute(chosen):
            found.setdefault(row.number, []).append(_review(row))
        return found


async def open_since(connection: AsyncConnection) -> datetime | None:
    """Return when the first entry was appended that no root stands for yet."""
    closed = select(func.coalesce(func.max(_ROOTS.c.last_number), 0)).scalar_subquery()
    chosen = select(col(EntryRow.recorded_at)).where(col(EntryRow.number) == closed + 1)
    return (await connection.execute(chosen)).scalar_one_or_none()


def _signed(row: Row[Any], region: str) -> SignedRoot:
    root = Root(
        region=region,
        first=row.first_number,
        last=row.last_number,
        root=row.root,
        chain_hash=row.chain_hash,
        prev_root=row.prev_root,
        closed_at=row.closed_at,
    )
    return SignedRoot(root, row.kid, row.jws)


def _review(row: Row[Any]) -> Review:
    return Review(
        review_id=UUID(str(row.review_id)),
        number=row.number,
        reviewer=row.reviewer,
        finding=Finding(row.finding),
        note=row.note,
        reviewed_at=row.reviewed_at,
    )
