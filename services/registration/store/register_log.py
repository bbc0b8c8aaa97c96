"""The log of changes of the register: what an enterprise was like before each of them."""

from collections.abc import Sequence

from pydantic import TypeAdapter
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from services.registration.domain.enterprise import EnterpriseFile
from services.registration.domain.register_acts import Cause, FieldChange

FILE = TypeAdapter(EnterpriseFile)
"""How a superseded version is written down."""
_ADD = text("""
    INSERT INTO register_change (uscc, version, act, at, filing_id, changed, before)
    VALUES (:uscc, :version, :act, :at, :filing_id, :changed, CAST(:before AS jsonb))
""")


class RegisterLog:
    """Writes the log in the caller's transaction."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def add(
        self,
        after: EnterpriseFile,
        cause: Cause,
        before: EnterpriseFile | None = None,
        changes: Sequence[FieldChange] = (),
    ) -> None:
        """Write down that the enterprise is as `after` says now, and was as `before` says until now."""
        one = after.enterprise
        await self._session.execute(
            _ADD,
            {
                "uscc": one.uscc,
                "version": one.version,
                "act": cause.act.value,
                "at": one.changed_at,
                "filing_id": cause.filing_id,
                "changed": [change.field for change in changes],
                "before": FILE.dump_json(before).decode() if before else None,
            },
        )
