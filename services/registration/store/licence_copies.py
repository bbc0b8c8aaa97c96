"""Copies of licences made for a purpose (加注件): rows to domain objects and back."""

from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import Row, TextClause, text
from sqlalchemy.ext.asyncio import AsyncSession

from services.registration.domain.licence import LicenceCopy
from services.registration.domain.licence_errors import CopyNotFound

_COLUMNS = (
    "identifier, licence_identifier, uscc, purpose, recipient, created_by, created_at, expires_at, digest, jws,"
    " revoked_at"
)
_ADD = text(f"""
    INSERT INTO licence_copy ({_COLUMNS}) VALUES (:identifier, :licence_identifier, :uscc, :purpose, :recipient,
        :created_by, :created_at, :expires_at, :digest, :jws, :revoked_at)
""")  # noqa: S608 - constants only, here and below
_FIND = text(f"SELECT {_COLUMNS} FROM licence_copy WHERE identifier = :identifier")  # noqa: S608
_LOCK = text(f"SELECT {_COLUMNS} FROM licence_copy WHERE identifier = :identifier FOR UPDATE")  # noqa: S608
_OF = text(f"""
    SELECT {_COLUMNS} FROM licence_copy
    WHERE uscc = :uscc AND (CAST(:after_at AS timestamptz) IS NULL
        OR (created_at, identifier) < (CAST(:after_at AS timestamptz), CAST(:after_identifier AS text)))
    ORDER BY created_at DESC, identifier DESC LIMIT :limit
""")  # noqa: S608
_TAKE_BACK = text("UPDATE licence_copy SET revoked_at = :at WHERE identifier = :identifier")


class CopyStore:
    """Reads and writes copies in the caller's transaction."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def add(self, copy: LicenceCopy) -> None:
        """Keep a copy that was just made."""
        await self._session.execute(_ADD, asdict(copy))

    async def find(self, identifier: str) -> LicenceCopy:
        """Raises: CopyNotFound."""
        return await self._one(_FIND, identifier)

    async def lock(self, identifier: str) -> LicenceCopy:
        """Read for change: others wait. Raises: CopyNotFound."""
        return await self._one(_LOCK, identifier)

    async def of(self, uscc: str, after: tuple[datetime, str] | None, limit: int) -> tuple[LicenceCopy, ...]:
        """The enterprise's copies, the newest first."""
        at, identifier = after or (None, None)
        values = {"uscc": uscc, "after_at": at, "after_identifier": identifier, "limit": limit}
        return tuple(_copy(row) for row in (await self._session.execute(_OF, values)).all())

    async def take_back(self, identifier: str, at: datetime) -> None:
        """From now on the copy serves nobody."""
        await self._session.execute(_TAKE_BACK, {"identifier": identifier, "at": at})

    async def _one(self, statement: TextClause, identifier: str) -> LicenceCopy:
        row = (await self._session.execute(statement, {"identifier": identifier})).one_or_none()
        if row is None:
            raise CopyNotFound
        return _copy(row)


def _copy(row: Row[Any]) -> LicenceCopy:
    return LicenceCopy(**dict(row._mapping))
