"""What is known against the exit of an enterprise: bars of agencies, clearances, branches, investments, listings."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncSession

from services.registration.domain.court_ruling import Proceedings
from services.registration.domain.exit_bars import BarKind, ExitBar
from services.registration.domain.exit_errors import ExitBarNotFound
from services.registration.domain.exit_rules import Standing
from services.registration.domain.liquidation_rules import Clearance, ClearanceOutcome

_COLUMNS = "id, uscc, kind, agency_uscc, reference, entered_at, lifted_at"
_BARS = text(f"""
    SELECT {_COLUMNS} FROM exit_bar WHERE uscc = :uscc AND lifted_at IS NULL ORDER BY entered_at, id LIMIT 200
""")  # noqa: S608 - constants only, here and below
_ALL_BARS = text(f"""
    SELECT {_COLUMNS} FROM exit_bar WHERE uscc = :uscc ORDER BY entered_at DESC, id DESC LIMIT 200
""")  # noqa: S608
_LOCK_BAR = text(f"SELECT {_COLUMNS} FROM exit_bar WHERE id = :id FOR UPDATE")  # noqa: S608
_ADD_BAR = text("""
    INSERT INTO exit_bar (id, uscc, kind, agency_uscc, reference, entered_at)
    VALUES (:id, :uscc, :kind, :agency, :reference, :at)
    ON CONFLICT (uscc, kind, agency_uscc, reference) WHERE lifted_at IS NULL DO NOTHING RETURNING id
""")
_SAME_BAR = text(f"""
    SELECT {_COLUMNS} FROM exit_bar WHERE uscc = :uscc AND kind = :kind AND agency_uscc = :agency
        AND reference = :reference AND lifted_at IS NULL
""")  # noqa: S608
_LIFT = text("UPDATE exit_bar SET lifted_at = :at WHERE id = :id")
_CLEAR = text("""
    INSERT INTO tax_clearance (uscc, outcome, agency_uscc, reference, told_at)
    VALUES (:uscc, :outcome, :agency, :reference, :at)
    ON CONFLICT (uscc) DO UPDATE SET outcome = excluded.outcome, agency_uscc = excluded.agency_uscc,
        reference = excluded.reference, told_at = excluded.told_at
""")
_CLEARED = text("SELECT outcome, told_at FROM tax_clearance WHERE uscc = :uscc")
_VOID = text("DELETE FROM tax_clearance WHERE uscc = :uscc")
_BRANCHES = text("""
    SELECT uscc FROM enterprise WHERE parent_uscc = :uscc AND state NOT IN ('deregistered', 'moved_out')
    ORDER BY uscc LIMIT 20
""")
_INVESTS = text("""
    SELECT DISTINCT e.uscc FROM enterprise_person AS p JOIN enterprise AS e ON e.uscc = p.uscc
    WHERE p.id_number = :uscc AND e.state NOT IN ('deregistered', 'moved_out')
        AND p.roles && ARRAY['shareholder', 'promoter', 'general_partner', 'limited_partner', 'member', 'investor']
    ORDER BY e.uscc LIMIT 20
""")
_PROCEEDINGS = text("""
    SELECT proceedings FROM court_ruling WHERE uscc = :uscc ORDER BY entered_at DESC, id DESC LIMIT 1
""")
_ABNORMAL = text("SELECT EXISTS (SELECT FROM abnormal_listing WHERE uscc = :uscc AND state = 'entered')")


class ExitStanding:
    """Reads and writes in the caller's transaction."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def of(self, uscc: str) -> Standing:
        """All that is known now."""
        about = {"uscc": uscc}
        return Standing(
            bars=tuple(_bar(row) for row in await self._session.execute(_BARS, about)),
            is_listed_abnormal=bool((await self._session.execute(_ABNORMAL, about)).scalar_one()),
            branches=tuple((await self._session.scalars(_BRANCHES, about)).all()),
            invests_in=tuple((await self._session.scalars(_INVESTS, about)).all()),
            proceedings=Proceedings(
                (await self._session.execute(_PROCEEDINGS, about)).scalar_one_or_none() or Proceedings.NONE
            ),
        )

    async def bars(self, uscc: str) -> Sequence[ExitBar]:
        """All bars that were ever entered, the newest first."""
        return [_bar(row) for row in await self._session.execute(_ALL_BARS, {"uscc": uscc})]

    async def enter(self, bar: ExitBar) -> tuple[ExitBar, bool]:
        """Enter a bar; the same one in force again changes nothing. Returns it, and whether it is new."""
        values = {
            "id": bar.id,
            "uscc": bar.uscc,
            "kind": bar.kind.value,
            "agency": bar.agency_uscc,
            "reference": bar.reference,
            "at": bar.entered_at,
        }
        if (await self._session.execute(_ADD_BAR, values)).first() is not None:
            return bar, True
        return _bar((await self._session.execute(_SAME_BAR, values)).one()), False

    async def lock_bar(self, bar_id: UUID) -> ExitBar:
        """Raises: ExitBarNotFound."""
        row = (await self._session.execute(_LOCK_BAR, {"id": bar_id})).one_or_none()
        if row is None:
            raise ExitBarNotFound
        return _bar(row)

    async def lift(self, bar_id: UUID, at: datetime) -> None:
        """It stands against nothing any more."""
        await self._session.execute(_LIFT, {"id": bar_id, "at": at})

    async def clear(
        self, uscc: str, outcome: ClearanceOutcome, agency_uscc: str, reference: str, at: datetime
    ) -> None:
        """Keep what the tax agency says; the latest counts."""
        values = {"uscc": uscc, "outcome": outcome.value, "agency": agency_uscc}
        await self._session.execute(_CLEAR, values | {"reference": reference, "at": at})

    async def clearance(self, uscc: str) -> Clearance | None:
        """What the tax agency said, if anything."""
        found = (await self._session.execute(_CLEARED, {"uscc": uscc})).one_or_none()
        return None if found is None else Clearance(ClearanceOutcome(found.outcome), found.told_at)

    async def void_clearance(self, uscc: str) -> None:
        """The enterprise goes on: another exit is cleared anew."""
        await self._session.execute(_VOID, {"uscc": uscc})


def _bar(row: Row[Any]) -> ExitBar:
    return ExitBar(
        row.id, row.uscc, BarKind(row.kind), row.agency_uscc, row.reference, row.entered_at, row.lifted_at
    )
