"""Credit records, rows to domain and back."""

from collections.abc import Collection, Sequence
from datetime import date
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, RowMapping, and_, insert, or_, select, true, update
from sqlalchemy.ext.asyncio import AsyncSession

from services.credit.domain.catalogue import Elements, Nature, Openness, Severity, Sharing
from services.credit.domain.records import Document, DocumentKind, Record, RecordId, RecordStatus
from services.credit.domain.viewing import CONDITIONAL_RECORDS, Relation, Viewer
from services.credit.domain.wording import Wording
from services.credit.store.tables import RecordRow
from shared.identifiers import Uscc

_record: Final = RecordRow.__table__  # type: ignore[attr-defined]


class RecordStore:
    """Records by subject; whoever changes them holds the lock of the subject's code."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def is_entered(self, record: Record) -> bool:
        """Tell whether the provider entered the same item on the same document before."""
        query = select(_record.c.id).where(
            _record.c.uscc == record.uscc,
            _record.c.provider_uscc == record.provider_uscc,
            _record.c.catalogue_item == record.catalogue_item,
            _record.c.reference == record.reference,
        )
        return (await self._session.execute(query)).first() is not None

    async def add(self, record: Record) -> None:
        """Write a new record."""
        await self._session.execute(insert(_record).values(_values(record)))

    async def save_status(self, records: Collection[Record], status: RecordStatus) -> None:
        """Write the status that these records came to."""
        if records:
            ids = [record.id for record in records]
            await self._session.execute(update(_record).where(_record.c.id.in_(ids)).values(status=status))

    async def for_evaluation(self, uscc: Uscc, counted_items: Collection[str]) -> Sequence[Record]:
        """Records in force that move a score or will end by time."""
        query = select(_record).where(
            _record.c.uscc == uscc,
            _record.c.status == RecordStatus.IN_FORCE,
            or_(
                _record.c.catalogue_item.in_(sorted(counted_items)), _record.c.published_through.is_not(None)
            ),
        )
        rows = await self._session.execute(query.order_by(_record.c.id))
        return [_record_of(row) for row in rows.mappings()]

    async def by_ids(self, ids: Collection[RecordId]) -> Sequence[Record]:
        """These records, oldest entry first."""
        if not ids:
            return []
        query = select(_record).where(_record.c.id.in_(list(ids))).order_by(_record.c.id)
        return [_record_of(row) for row in (await self._session.execute(query)).mappings()]

    async def visible(
        self, uscc: Uscc, viewer: Viewer, today: date, *, before: UUID | None, limit: int
    ) -> Sequence[Record]:
        """A subject's records that the viewer may see (`domain.viewing.may_see`), newest entry first."""
        query = select(_record).where(_record.c.uscc == uscc, _seen_by(viewer, today))
        if before is not None:
            query = query.where(_record.c.id < before)
        rows = await self._session.execute(query.order_by(_record.c.id.desc()).limit(limit))
        return [_record_of(row) for row in rows.mappings()]


def _seen_by(viewer: Viewer, today: date) -> ColumnElement[bool]:
    is_public = and_(
        _record.c.openness == Openness.PUBLIC,
        _record.c.status == RecordStatus.IN_FORCE,
        _record.c.found_on <= today,
        or_(_record.c.published_through.is_(None), _record.c.published_through >= today),
    )
    if viewer.relation is Relation.OWNER:
        return true()
    if viewer.relation is Relation.AGENCY:
        shared = [Sharing.UNCONDITIONAL]
        if CONDITIONAL_RECORDS in viewer.granted:
            shared.append(Sharing.CONDITIONAL)
        return or_(is_public, _record.c.sharing.in_(shared), _record.c.provider_uscc == viewer.agency)
    return is_public


def _values(record: Record) -> dict[str, Any]:
    elements, document = record.elements, record.document
    return {
        "id": record.id,
        "uscc": record.uscc,
        "catalogue_item": record.catalogue_item,
        "title_zh": elements.title.zh,
        "title_en": elements.title.en,
        "conduct_zh": elements.conduct.zh,
        "conduct_en": elements.conduct.en,
        "data_source": elements.data_source,
        "nature": elements.nature,
        "severity": elements.severity,
        "sharing": elements.sharing,
        "openness": elements.openness,
        "least_months": elements.least_months,
        "most_months": elements.most_months,
        "update_cycle": elements.update_cycle,
        "provider_uscc": record.provider_uscc,
        "reference": record.reference,
        "happened_on": record.happened_on,
        "found_on": record.found_on,
        "document_kind": document.kind if document else None,
        "document_effective_on": document.effective_on if document else None,
        "source_event": record.source_event,
        "entered_at": record.entered_at,
        "published_through": record.published_through,
        "status": record.status,
    }


def _record_of(row: RowMapping) -> Record:
    kind = row["document_kind"]
    return Record(
        id=RecordId(row["id"]),
        uscc=Uscc(row["uscc"]),
        catalogue_item=row["catalogue_item"],
        elements=Elements(
            title=Wording(row["title_zh"], row["title_en"]),
            conduct=Wording(row["conduct_zh"], row["conduct_en"]),
            data_source=row["data_source"],
            nature=Nature(row["nature"]),
            severity=None if row["severity"] is None else Severity(row["severity"]),
            sharing=Sharing(row["sharing"]),
            openness=Openness(row["openness"]),
            least_months=row["least_months"],
            most_months=row["most_months"],
            update_cycle=row["update_cycle"],
        ),
        provider_uscc=row["provider_uscc"],
        reference=row["reference"],
        happened_on=row["happened_on"],
        found_on=row["found_on"],
        document=None
        if kind is None
        else Document(DocumentKind(kind), row["reference"], row["found_on"], row["document_effective_on"]),
        source_event=row["source_event"],
        entered_at=row["entered_at"],
        status=RecordStatus(row["status"]),
    )
