"""Claims on names: who has or reserves which name; the database lets one win."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncSession

from services.registration.domain.name_conflicts import NameConflicts, conflicts_of, with_related
from services.registration.domain.name_policy import NamePolicy
from services.registration.domain.name_relations import NOBODY, Related
from services.registration.domain.names import NameKeys, claim_marks, compared_marks

_FREED = "(c.reserved_until <= :now OR c.gone_on <= :freed_on)"
_IN_THE_WAY = f"""
    (c.filing_id = :own) IS NOT TRUE AND (c.reservation_id = :reservation) IS NOT TRUE
    AND (c.uscc = :uscc) IS NOT TRUE AND {_FREED} IS NOT TRUE
"""
_RELATION = """
    coalesce(c.uscc = ANY(CAST(:invested AS text[])), false) AS is_invested,
    coalesce(c.uscc = ANY(CAST(:agreed AS text[])), false) AS is_agreed
"""
_SAME_OR_ALIKE = """
    (c.name_key = :name OR (c.division_code = :division AND c.distinctive_key = :distinctive
     AND c.trade_key = :trade))
"""
# What looks alike is found by the marks that both have; no more than a thousand parts are looked at one by one.
_HELD = text(f"""
    SELECT c.name_key, c.distinctive_key, c.trade_key, {_RELATION} FROM name_claim c
    WHERE c.name_key = :name AND {_IN_THE_WAY}
    UNION ALL
    (SELECT c.name_key, c.distinctive_key, c.trade_key, {_RELATION} FROM name_claim c
    WHERE c.division_code = :division AND c.distinctive_key = :distinctive AND {_IN_THE_WAY}
    ORDER BY c.trade_key NOT IN (:trade, ''), c.trade_key LIMIT 200)
    UNION ALL
    (SELECT DISTINCT '', c.distinctive_key, c.trade_key, {_RELATION} FROM name_claim c
    WHERE c.marks && CAST(:marks AS text[]) AND c.division_code = :division AND {_IN_THE_WAY} LIMIT 1000)
""")  # noqa: S608 - constants of this module only
_FORGET_FREED = text(f"DELETE FROM name_claim c WHERE {_SAME_OR_ALIKE} AND {_FREED}")  # noqa: S608
_FORGET_OWN = text(f"""
    DELETE FROM name_claim c WHERE {_SAME_OR_ALIKE} AND c.uscc = :uscc AND c.gone_on IS NOT NULL
""")  # noqa: S608
_RELEASE = text("""
    DELETE FROM name_claim
    WHERE uscc IS NULL AND (filing_id = :own OR (filing_id IS NULL AND reservation_id = :reservation))
    RETURNING name_key, reserved_until
""")
_CLAIM = text("""
    INSERT INTO name_claim (name_key, division_code, distinctive_key, trade_key, marks, filing_id, reservation_id,
        reserved_until, keeps_part)
    VALUES (:name, :division, :distinctive, :trade, CAST(:own_marks AS text[]), :own, :reservation, :until,
        CAST(:uscc AS text) IS NOT NULL AND EXISTS (
            SELECT FROM name_claim WHERE uscc = :uscc AND gone_on IS NULL AND division_code = :division
                AND distinctive_key = :distinctive AND trade_key = :trade)
        OR EXISTS (
            SELECT FROM name_claim WHERE uscc = ANY(CAST(:related AS text[])) AND division_code = :division
                AND distinctive_key = :distinctive AND trade_key = :trade))
    ON CONFLICT DO NOTHING RETURNING name_key
""")
_ONE_BY_ONE = text("SELECT pg_advisory_xact_lock(hashtextextended('name_claim ' || :part, 0))")
_REGISTER = text("""
    UPDATE name_claim SET uscc = :uscc, reserved_until = NULL WHERE filing_id = :own RETURNING name_key
""")
_ADOPT = text("""
    UPDATE name_claim SET filing_id = :filing, reservation_id = NULL
    WHERE reservation_id = :reservation AND reserved_until > :now RETURNING name_key
""")
_GIVE_UP = text("UPDATE name_claim SET gone_on = :on WHERE uscc = :uscc AND gone_on IS NULL")
_TAKE_BACK = text("""
    UPDATE name_claim SET gone_on = NULL WHERE uscc = :uscc AND name_key = :name RETURNING name_key
""")
# What was free and forgotten meanwhile is claimed anew.
_CLAIM_ANEW = text("""
    INSERT INTO name_claim (name_key, division_code, distinctive_key, trade_key, marks, uscc)
    VALUES (:name, :division, :distinctive, :trade, CAST(:own_marks AS text[]), :uscc)
    ON CONFLICT DO NOTHING RETURNING name_key
""")
# An old register may have one name twice: both were taken over with it, one of them holds the claim.
_IS_OF_TWINS = text(f"""
    SELECT EXISTS (SELECT FROM enterprise WHERE uscc = :uscc AND origin = 'import' AND name_key = :name)
        AND EXISTS (SELECT FROM name_claim AS c JOIN enterprise AS e ON e.uscc = c.uscc
            WHERE c.uscc <> :uscc AND e.origin = 'import' AND {_SAME_OR_ALIKE})
""")  # noqa: S608
_FORGET_LAPSED = text("""
    DELETE FROM name_claim WHERE name_key IN (
        SELECT name_key FROM name_claim WHERE reserved_until <= :now
        ORDER BY reserved_until LIMIT 500 FOR UPDATE SKIP LOCKED)
""")
_UNMARKED = text("""
    SELECT name_key, distinctive_key, trade_key FROM name_claim WHERE marks IS NULL
    ORDER BY name_key LIMIT :count FOR UPDATE SKIP LOCKED
""")
_MARK = text("UPDATE name_claim SET marks = CAST(:marks AS text[]) WHERE name_key = :name")


@dataclass(frozen=True)
class NameClaim:
    """A name that is asked for, in a division; names given up on or before `freed_on` are free again.

    By a filing, or by a reservation that no filing uses yet. `uscc` is the enterprise whose own name is to change:
    what it holds does not stand in its way. What `related` enterprises hold does so less.
    """

    keys: NameKeys
    division_code: str
    filing_id: UUID | None
    freed_on: date
    reservation_id: UUID | None = None
    uscc: str | None = None
    related: Related = NOBODY


class NameStore:
    """Reads and takes claims in the caller's transaction."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def conflicts(self, claim: NameClaim, policy: NamePolicy, now: datetime) -> NameConflicts:
        """What stands against the name, other than what the same filing or enterprise holds."""
        values = _values(claim) | {"now": now, "marks": list(compared_marks(claim.keys, policy))}
        if claim.related.all:  # no index keeps the like names of two such applicants apart
            part = f"{claim.division_code} {claim.keys.distinctive} {claim.keys.trade}"
            await self._session.execute(_ONE_BY_ONE, {"part": part})
        held = (await self._session.execute(_HELD, values)).all()
        others = [_keys(row) for row in held if not (row.is_invested or row.is_agreed)]
        invested, agreed = (
            conflicts_of(claim.keys, [_keys(row) for row in held if getattr(row, relation)], policy)
            for relation in ("is_invested", "is_agreed")
        )
        return with_related(conflicts_of(claim.keys, others, policy), invested, agreed)

    async def reserve(self, claim: NameClaim, until: datetime, now: datetime) -> bool:
        """Take the name for the filing or reservation, in place of what it held; False where another was first."""
        values = _values(claim) | {"own_marks": list(claim_marks(claim.keys)), "until": until}
        is_first_name = claim.filing_id is not None and claim.uscc is None
        # Mostly the name is free and the filing holds none: one statement, where anything else stands in its way.
        if is_first_name and (await self._session.execute(_CLAIM, values)).first() is not None:
            return True
        held = (await self._session.execute(_RELEASE, values)).all()
        # The same name stays reserved for as long as it was: a year, where it was reserved for one.
        kept = [row.reserved_until for row in held if row.name_key == claim.keys.name]
        await self._session.execute(_FORGET_FREED, values | {"now": now})
        if claim.uscc is not None:  # what it gave up itself is not kept from it
            await self._session.execute(_FORGET_OWN, values)
        values["until"] = max([until, *kept])
        return (await self._session.execute(_CLAIM, values)).first() is not None

    async def adopt(self, reservation_id: UUID, filing_id: UUID, now: datetime) -> bool:
        """Let the filing hold what was reserved; False where the reservation holds nothing any more."""
        values = {"reservation": reservation_id, "filing": filing_id, "now": now}
        return (await self._session.execute(_ADOPT, values)).first() is not None

    async def register(self, filing_id: UUID, uscc: str) -> bool:
        """Turn the filing's claim into the enterprise's; False where it holds none."""
        values = {"own": filing_id, "uscc": uscc}
        return (await self._session.execute(_REGISTER, values)).first() is not None

    async def replace(self, uscc: str, filing_id: UUID, on: date) -> None:
        """Let the enterprise have the filing's name: its old one is given up on the day."""
        await self.give_up(uscc, on)
        await self.register(filing_id, uscc)

    async def give_up(self, uscc: str, on: date) -> None:
        """Let the enterprise have no name from the day on; the window until others may have it begins."""
        await self._session.execute(_GIVE_UP, {"uscc": uscc, "on": on})

    async def take_back(self, claim: NameClaim, now: datetime) -> bool:
        """Let the enterprise have again a name that it gave up; False where somebody else has it by now.

        Two of an old register that have the same name keep it both, as they were taken over.
        """
        values = _values(claim)
        if (await self._session.execute(_TAKE_BACK, values)).first() is not None:
            return True
        await self._session.execute(_FORGET_FREED, values | {"now": now})
        values["own_marks"] = list(claim_marks(claim.keys))
        if (await self._session.execute(_CLAIM_ANEW, values)).first() is not None:
            return True
        return bool((await self._session.execute(_IS_OF_TWINS, values)).scalar_one())

    async def release(self, filing_id: UUID | None, reservation_id: UUID | None = None) -> None:
        """Give up what the filing or the reservation holds."""
        await self._session.execute(_RELEASE, {"own": filing_id, "reservation": reservation_id})

    async def forget_lapsed(self, now: datetime) -> int:
        """Remove reservations that ran out; returns how many."""
        done = await self._session.execute(_FORGET_LAPSED, {"now": now})
        return int(getattr(done, "rowcount", 0))

    async def mark(self, count: int) -> int:
        """Give marks to claims that came without, an import's; returns how many."""
        rows = (await self._session.execute(_UNMARKED, {"count": count})).all()
        marked = [{"name": row.name_key, "marks": list(claim_marks(_keys(row)))} for row in rows]
        if marked:
            await self._session.execute(_MARK, marked)
        return len(marked)


def _keys(row: Row[Any]) -> NameKeys:
    return NameKeys(row.name_key, row.distinctive_key, row.trade_key)


def _values(claim: NameClaim) -> dict[str, object]:
    return {
        "name": claim.keys.name,
        "division": claim.division_code,
        "distinctive": claim.keys.distinctive,
        "trade": claim.keys.trade,
        "own": claim.filing_id,
        "reservation": claim.reservation_id,
        "uscc": claim.uscc,
        "freed_on": claim.freed_on,
        "invested": sorted(claim.related.invested),
        "agreed": sorted(claim.related.agreed),
        "related": sorted(claim.related.all),
    }
