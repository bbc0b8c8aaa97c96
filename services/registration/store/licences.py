"""Business licences, version by version, and the log of what was done to them: rows to domain objects and back."""

from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncSession

from services.registration.domain.errors import LicenceNotFound
from services.registration.domain.licence import Licence, LicenceOperation, LoggedOperation
from shared.certificates import CertificateState

_COLUMNS = "identifier, uscc, version, associated_identifier, state, digest, jws, issued_at"
_ADD = text(f"""
    INSERT INTO licence ({_COLUMNS})
    VALUES (:identifier, :uscc, :version, :associated_identifier, :state, :digest, :jws, :issued_at)
""")  # noqa: S608 - constants only, here and below
_FIND = text(f"SELECT {_COLUMNS} FROM licence WHERE identifier = :identifier")  # noqa: S608
_LATEST = text(
    f"SELECT {_COLUMNS} FROM licence WHERE uscc = :uscc"  # noqa: S608
    " ORDER BY issued_at DESC, version DESC LIMIT 1"
)
_SUCCESSOR = text(
    "SELECT identifier FROM licence WHERE associated_identifier = :identifier ORDER BY version LIMIT 1"
)
_END = text("UPDATE licence SET state = :state WHERE identifier = :identifier")
_LOG = text(
    "INSERT INTO licence_operation (identifier, operation, state, at)"
    " VALUES (:identifier, :operation, :state, :at)"
)
_LOGGED = text(
    "SELECT l.identifier, l.version, o.operation, o.state, o.at FROM licence_operation o"
    " JOIN licence l USING (identifier) WHERE l.uscc = :uscc ORDER BY o.position"
)


class LicenceStore:
    """Reads and writes licences in the caller's transaction; every change of one is logged with it."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def add(self, licence: Licence) -> None:
        """Keep a version that was just issued; the one before it has ended by then."""
        await self._session.execute(_ADD, asdict(licence))
        await self._log(licence.identifier, licence.operation, licence.state, licence.issued_at)

    async def end(
        self, licence: Licence, state: CertificateState, operation: LicenceOperation, at: datetime
    ) -> None:
        """Put a version into the state in which it ends."""
        await self._session.execute(_END, {"identifier": licence.identifier, "state": state})
        await self._log(licence.identifier, operation, state, at)

    async def find(self, identifier: str) -> Licence:
        """Raises: LicenceNotFound."""
        row = (await self._session.execute(_FIND, {"identifier": identifier})).one_or_none()
        if row is None:
            raise LicenceNotFound
        return _licence(row)

    async def latest(self, uscc: str) -> Licence | None:
        """The newest version of the enterprise's licence, whatever its state."""
        row = (await self._session.execute(_LATEST, {"uscc": uscc})).one_or_none()
        return None if row is None else _licence(row)

    async def successor(self, identifier: str) -> str | None:
        """The identifier of the version that took this one's place."""
        found: str | None = (
            await self._session.execute(_SUCCESSOR, {"identifier": identifier})
        ).scalar_one_or_none()
        return found

    async def operations(self, uscc: str) -> tuple[LoggedOperation, ...]:
        """What was done to the enterprise's licence, in order."""
        rows = (await self._session.execute(_LOGGED, {"uscc": uscc})).all()
        return tuple(
            LoggedOperation(
                row.identifier,
                row.version,
                LicenceOperation(row.operation),
                CertificateState(row.state),
                row.at,
            )
            for row in rows
        )

    async def _log(
        self, identifier: str, operation: LicenceOperation, state: CertificateState, at: datetime
    ) -> None:
        await self._session.execute(
            _LOG, {"identifier": identifier, "operation": operation, "state": state, "at": at}
        )


def _licence(row: Row[Any]) -> Licence:
    return Licence(**dict(row._mapping) | {"state": CertificateState(row.state)})
