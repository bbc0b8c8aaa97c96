"""Rows of an existing register into this one, a batch per statement."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncSession

from services.registration.domain.establishment import Person
from services.registration.domain.imported_row import StatedEnterprise
from services.registration.domain.kinds import GONE, EnterpriseKind, EnterpriseState, Role
from services.registration.domain.names import NameKeys
from services.registration.store.people import PeopleStore

# Sorted before they are inserted, so that two batches at once never wait for each other in a ring.
_ENTER = text("""
    INSERT INTO enterprise (uscc, name, name_key, enterprise_kind, kind_stated, state, established_on,
        registered_capital_fen, capital_currency, capital_stated, domicile_division_code, domicile_text,
        scope, scope_stated, division_code, origin, import_id, import_digest, registered_at, changed_at)
    SELECT u, n, k, e, ks, st, d, c, cc, cs, v, a, CAST(s AS jsonb), ss, v, 'import', :import_id, g,
        :at, :at
    FROM unnest(CAST(:uscc AS text[]), CAST(:name AS text[]), CAST(:name_key AS text[]),
        CAST(:kind AS text[]), CAST(:kind_stated AS text[]), CAST(:established_on AS date[]),
        CAST(:capital AS bigint[]),
        CAST(:currency AS text[]), CAST(:capital_stated AS text[]), CAST(:division AS text[]),
        CAST(:address AS text[]), CAST(:scope AS text[]), CAST(:scope_stated AS text[]),
        CAST(:digest AS bytea[]), CAST(:state AS text[]))
        AS rows(u, n, k, e, ks, d, c, cc, cs, v, a, s, ss, g, st)
    ORDER BY u
    ON CONFLICT (uscc) DO NOTHING RETURNING uscc
""")
_CLAIM = text("""
    INSERT INTO name_claim (name_key, division_code, distinctive_key, trade_key, uscc)
    SELECT * FROM unnest(CAST(:name_key AS text[]), CAST(:division AS text[]), CAST(:distinctive AS text[]),
        CAST(:trade AS text[]), CAST(:uscc AS text[])) AS rows(n, d, k, t, u)
    ORDER BY n, u
    ON CONFLICT DO NOTHING
""")
_LOG = text("""
    INSERT INTO register_change (uscc, version, act, at)
    SELECT uscc, version, 'taken_over', registered_at FROM enterprise
    WHERE uscc = ANY(CAST(:codes AS text[])) ORDER BY uscc
""")
_HELD = text("""
    SELECT e.*, p.name AS principal_name, p.id_number AS principal_number, p.roles AS principal_roles
    FROM enterprise AS e LEFT JOIN enterprise_person AS p ON p.uscc = e.uscc AND p.is_principal
    WHERE e.uscc = ANY(CAST(:codes AS text[]))
""")


@dataclass(frozen=True)
class HeldEnterprise:
    """What the register already holds under a code, in the words of the old register."""

    stated: StatedEnterprise
    is_imported: bool


class TakeoverStore:
    """Set-based statements, in the caller's transaction."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def enter(self, rows: Sequence[StatedEnterprise], import_id: UUID, at: datetime) -> frozenset[str]:
        """Enter what the register does not have; returns the codes that were entered."""
        if not rows:
            return frozenset()
        entered = await self._session.execute(_ENTER, _columns(rows) | {"import_id": import_id, "at": at})
        codes = frozenset(entered.scalars())
        new = [row for row in rows if row.uscc in codes]
        await self._session.execute(_LOG, {"codes": sorted(codes)})
        for row in new:
            if row.representative is not None:
                await PeopleStore(self._session).put(row.uscc, (row.representative,))
        await self._claim([row for row in new if row.state not in GONE])
        return codes

    async def _claim(self, new: Sequence[StatedEnterprise]) -> None:
        """Whoever is gone gave up its name, nobody knows when."""
        await self._session.execute(
            _CLAIM,
            {
                "name_key": [row.keys.name for row in new],
                "division": [row.name_division for row in new],
                "distinctive": [row.keys.distinctive for row in new],
                "trade": [row.keys.trade for row in new],
                "uscc": [row.uscc for row in new],
            },
        )

    async def held(self, codes: Sequence[str]) -> dict[str, HeldEnterprise]:
        """What the register holds under these codes."""
        if not codes:
            return {}
        rows = await self._session.execute(_HELD, {"codes": list(codes)})
        return {row.uscc: _held(row) for row in rows}


def _columns(rows: Sequence[StatedEnterprise]) -> dict[str, list[Any]]:
    return {
        "uscc": [row.uscc for row in rows],
        "name": [row.name for row in rows],
        "name_key": [row.keys.name for row in rows],
        "kind": [row.kind.value for row in rows],
        "kind_stated": [row.kind_stated for row in rows],
        "established_on": [row.established_on for row in rows],
        "capital": [row.capital_fen for row in rows],
        "currency": [row.capital_currency for row in rows],
        "capital_stated": [row.capital_stated for row in rows],
        "division": [row.division_code for row in rows],
        "address": [row.address for row in rows],
        "scope": [_scope(row.scope_stated) for row in rows],
        "scope_stated": [row.scope_stated for row in rows],
        "digest": [row.digest for row in rows],
        "state": [(row.state or EnterpriseState.ACTIVE).value for row in rows],
    }


def _scope(stated: str | None) -> str:
    return json.dumps([{"code": None, "text": stated}] if stated else [], ensure_ascii=False)


def _held(row: Row[Any]) -> HeldEnterprise:
    established_on: date | None = row.established_on
    return HeldEnterprise(
        StatedEnterprise(
            uscc=row.uscc,
            name=row.name,
            keys=NameKeys(row.name_key, "", ""),
            kind=EnterpriseKind(row.enterprise_kind),
            kind_stated=row.kind_stated,
            established_on=established_on,
            capital_fen=row.registered_capital_fen,
            capital_currency=row.capital_currency,
            capital_stated=row.capital_stated,
            scope_stated=row.scope_stated,
            address=row.domicile_text,
            division_code=row.division_code,
            name_division=row.division_code,
            digest=bytes(row.import_digest or b""),
            state=EnterpriseState(row.state),
            representative=_principal(row),
        ),
        row.origin == "import",
    )


def _principal(row: Row[Any]) -> Person | None:
    if row.principal_name is None:
        return None
    roles = tuple(Role(role) for role in row.principal_roles)
    return Person(roles, row.principal_name, row.principal_number)
