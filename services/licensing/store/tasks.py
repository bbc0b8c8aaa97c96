"""Components as tasks of those who decide them: lists across applications."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import ColumnElement, tuple_
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import and_, col, or_, select

from services.licensing.domain.component import Component, ComponentStatus
from services.licensing.store.applications import component_of, same_component
from services.licensing.store.tables import ApplicationRow, CommitmentRow, ComponentRow
from shared.database.regions import in_any_region, in_region


@dataclass(frozen=True)
class AgencyTask:
    """A component with what its agency sees of the application in a list."""

    component: Component
    industry_code: str
    uscc: str
    matter_id: str | None


@dataclass(frozen=True)
class Reach:
    """Which components somebody finds: the agency's own, in a region where one is given.

    `delegated` are items with the regions for which the agency has their power; `items_at_window` are, in place of
    the agency's own, the items of every agency that the window decides.
    """

    agency_uscc: str
    region: str | None = None
    delegated: tuple[tuple[str, tuple[str, ...]], ...] = ()
    items_at_window: frozenset[str] | None = None


class TaskStore:
    """Reads lists of components in the caller's transaction."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def within(
        self, reach: Reach, status: ComponentStatus | None, after: tuple[UUID, str] | None, limit: int
    ) -> list[AgencyTask]:
        """The components within a reach, oldest first."""
        query = (
            select(ComponentRow, CommitmentRow, ApplicationRow)
            .join(ApplicationRow, col(ApplicationRow.id) == col(ComponentRow.application_id))
            .outerjoin(CommitmentRow, same_component())
            .where(*_within(reach))
        )
        if status is not None:
            query = query.where(col(ComponentRow.status) == status.value)
        key = tuple_(col(ComponentRow.application_id), col(ComponentRow.item))
        if after is not None:
            query = query.where(key > after)
        query = query.order_by(col(ComponentRow.application_id), col(ComponentRow.item)).limit(limit)
        return [
            AgencyTask(
                component_of(row, commitment),
                application.industry_code,
                application.uscc,
                application.matter_id,
            )
            for row, commitment, application in (await self._session.execute(query)).all()
        ]


def _within(reach: Reach) -> "list[ColumnElement[bool]]":
    division = col(ApplicationRow.division_code)
    bounds = [] if reach.region is None else [in_region(division, reach.region)]
    if reach.items_at_window is not None:
        return [*bounds, col(ComponentRow.item).in_(sorted(reach.items_at_window))]
    own = col(ComponentRow.agency_uscc) == reach.agency_uscc
    given = [
        and_(col(ComponentRow.item) == item, in_any_region(division, regions))
        for item, regions in reach.delegated
    ]
    return [*bounds, or_(own, *given)]
