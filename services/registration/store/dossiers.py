"""What a file handed from one registrar to another is made of: past versions and licences, read and entered."""

from collections.abc import Sequence
from typing import Any, Final

from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncSession

from services.registration.domain.dossier import PastVersion
from services.registration.domain.licence import Licence
from services.registration.domain.register_acts import RegisterAct
from services.registration.store.register_log import FILE
from shared.certificates import CertificateState

_PAST: Final = text("""
    SELECT version, act, at, changed, before::text AS before FROM register_change
    WHERE uscc = :uscc ORDER BY version
""")
_ADD_PAST: Final = text("""
    INSERT INTO register_change (uscc, version, act, at, changed, before)
    VALUES (:uscc, :version, :act, :at, :changed, CAST(:before AS jsonb))
    ON CONFLICT (uscc, version) DO NOTHING
""")
_LICENCES: Final = text("""
    SELECT identifier, uscc, version, associated_identifier, state, digest, jws, issued_at FROM licence
    WHERE uscc = :uscc ORDER BY issued_at, version
""")
_ADD_LICENCE: Final = text("""
    INSERT INTO licence (identifier, uscc, version, associated_identifier, state, digest, jws, issued_at)
    VALUES (:identifier, :uscc, :version, :associated_identifier, :state, :digest, :jws, :issued_at)
    ON CONFLICT (identifier) DO NOTHING
""")
_GO_ON_FROM: Final = text(
    "UPDATE enterprise SET version = :version WHERE uscc = :uscc AND version < :version"
)


class DossierStore:
    """Reads and writes in the caller's transaction."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def past(self, uscc: str) -> tuple[PastVersion, ...]:
        """Every change, oldest first."""
        rows = (await self._session.execute(_PAST, {"uscc": uscc})).all()
        return tuple(
            PastVersion(
                row.version,
                RegisterAct(row.act),
                row.at,
                tuple(row.changed),
                FILE.validate_json(row.before) if row.before else None,
            )
            for row in rows
        )

    async def licences(self, uscc: str) -> tuple[Licence, ...]:
        """Every version of its licence, oldest first."""
        rows = (await self._session.execute(_LICENCES, {"uscc": uscc})).all()
        return tuple(_licence(row) for row in rows)

    async def take_over_past(self, uscc: str, past: Sequence[PastVersion]) -> None:
        """Let the register tell its past with another registrar; what it knows itself stays."""
        for each in past:
            await self._session.execute(
                _ADD_PAST,
                {
                    "uscc": uscc,
                    "version": each.version,
                    "act": each.act.value,
                    "at": each.at,
                    "changed": list(each.changed),
                    "before": FILE.dump_json(each.before).decode() if each.before else None,
                },
            )

    async def take_over_licences(self, licences: Sequence[Licence]) -> None:
        """Keep what the other registrar issued; none of it is in force here."""
        for licence in licences:
            state = CertificateState.TRANSFERRED_OUT if licence.is_in_force else licence.state
            await self._session.execute(
                _ADD_LICENCE,
                {
                    "identifier": licence.identifier,
                    "uscc": licence.uscc,
                    "version": licence.version,
                    "associated_identifier": licence.associated_identifier,
                    "state": state.value,
                    "digest": licence.digest,
                    "jws": licence.jws,
                    "issued_at": licence.issued_at,
                },
            )

    async def go_on_from(self, uscc: str, version: int) -> None:
        """Versions that it had elsewhere are not given again here."""
        await self._session.execute(_GO_ON_FROM, {"uscc": uscc, "version": version})


def _licence(row: Row[Any]) -> Licence:
    return Licence(**dict(row._mapping) | {"state": CertificateState(row.state)})
