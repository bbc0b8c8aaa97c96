"""The list of proofs to rows and back."""

from datetime import date
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from gateway.catalogue.items.domain.proof import Proof
from gateway.catalogue.items.domain.standard import Wording
from gateway.catalogue.items.store.tables import ProofRow


class ProofStore:
    """Rows to proofs and back."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def add(self, proof: Proof) -> bool:
        """Keep a new entry; False where the code is taken."""
        added = insert(ProofRow).values(code=proof.code, **_columns(proof)).on_conflict_do_nothing()
        kept = await self._session.execute(added.returning(col(ProofRow.code)))
        return kept.scalar_one_or_none() is not None

    async def save(self, proof: Proof) -> None:
        """Keep what became of an entry that was locked."""
        changed = update(ProofRow).where(col(ProofRow.code) == proof.code).values(_columns(proof))
        await self._session.execute(changed)

    async def lock(self, code: str) -> Proof | None:
        """Return an entry that nobody else changes until the transaction ends."""
        row = await self._session.scalar(select(ProofRow).where(col(ProofRow.code) == code).with_for_update())
        return None if row is None else _proof(row)

    async def page(self, *, after: str | None, limit: int) -> list[Proof]:
        """Return entries by code, cancelled ones too."""
        chosen = select(ProofRow).order_by(col(ProofRow.code)).limit(limit)
        if after is not None:
            chosen = chosen.where(col(ProofRow.code) > after)
        return [_proof(row) for row in await self._session.scalars(chosen)]

    async def listed_on(self, day: date) -> frozenset[str]:
        """Return the codes of proofs that may be asked for on a day."""
        cancelled = col(ProofRow.cancelled_on)
        return frozenset(
            await self._session.scalars(
                select(col(ProofRow.code)).where(
                    col(ProofRow.introduced_on) <= day, cancelled.is_(None) | (cancelled > day)
                )
            )
        )


def _columns(proof: Proof) -> dict[str, Any]:
    return {
        "title_zh": proof.title.zh,
        "title_en": proof.title.en,
        "legal_basis": proof.legal_basis,
        "requesting_unit": proof.requesting_unit,
        "issuing_unit": proof.issuing_unit,
        "guide_zh": proof.guide.zh,
        "guide_en": proof.guide.en,
        "introduced_on": proof.introduced_on,
        "listed_at": proof.listed_at,
        "cancelled_on": proof.cancelled_on,
        "version": proof.version,
    }


def _proof(row: ProofRow) -> Proof:
    return Proof(
        code=row.code,
        title=Wording(row.title_zh, row.title_en),
        legal_basis=row.legal_basis,
        requesting_unit=row.requesting_unit,
        issuing_unit=row.issuing_unit,
        guide=Wording(row.guide_zh, row.guide_en),
        introduced_on=row.introduced_on,
        listed_at=row.listed_at,
        cancelled_on=row.cancelled_on,
        version=row.version,
    )
