"""Rulings of courts: rows to domain objects and back."""

from collections.abc import Sequence
from typing import Any, Final

from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncSession

from services.registration.domain.court_ruling import CourtRuling, Proceedings, RulingKind

_COLUMNS: Final = """id, uscc, kind, number, ruled_on, court_uscc, court_name, administrator, proceedings,
    entered_at"""
_ADD = text(f"""
    INSERT INTO court_ruling ({_COLUMNS}) VALUES (:id, :uscc, :kind, :number, :ruled_on, :court_uscc, :court_name,
        :administrator, :proceedings, :entered_at)
""")  # noqa: S608 - constants of this module only, here and below
_OF = text(f"""
    SELECT {_COLUMNS} FROM court_ruling WHERE uscc = :uscc ORDER BY entered_at DESC, id DESC LIMIT 100
""")  # noqa: S608


class CourtRulingStore:
    """Reads and writes in the caller's transaction; the enterprise is locked before one is added."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def of(self, uscc: str) -> Sequence[CourtRuling]:
        """All about an enterprise, the newest first."""
        return [_ruling(row) for row in (await self._session.execute(_OF, {"uscc": uscc})).all()]

    async def add(self, ruling: CourtRuling) -> None:
        """Write a ruling down."""
        values = vars(ruling) | {"kind": ruling.kind.value, "proceedings": ruling.proceedings.value}
        await self._session.execute(_ADD, values)


def _ruling(row: Row[Any]) -> CourtRuling:
    return CourtRuling(
        **dict(row._mapping) | {"kind": RulingKind(row.kind), "proceedings": Proceedings(row.proceedings)}
    )
