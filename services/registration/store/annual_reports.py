"""Annual reports, what corrections replaced, requests for them, and the walks through the register."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from pydantic import TypeAdapter
from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncSession

from services.registration.domain.annual_report import (
    REPORTING_STATES,
    AnnualReport,
    Debtor,
    FiledContent,
    ReportState,
)
from services.registration.domain.kinds import EnterpriseKind
from services.registration.domain.publicity_errors import ReportNotFound
from shared.identifiers.channel import Channel

_CONTENT = TypeAdapter(FiledContent)
_KNOWN = TypeAdapter(dict[str, str])
_COLUMNS = """id, uscc, year, state, version, content::text AS content, known::text AS known, channel,
    is_on_paper, filed_by, filed_at, is_late"""
_FIND = text(f"SELECT {_COLUMNS} FROM annual_report WHERE id = :id")  # noqa: S608 - constants only
_OF_YEAR = text(f"SELECT {_COLUMNS} FROM annual_report WHERE uscc = :uscc AND year = :year")  # noqa: S608
_OF = text(f"SELECT {_COLUMNS} FROM annual_report WHERE uscc = :uscc ORDER BY year DESC LIMIT 100")  # noqa: S608
_SAVE = text("""
    INSERT INTO annual_report (id, uscc, year, state, version, content, known, channel, is_on_paper, filed_by,
        filed_at, is_late)
    VALUES (:id, :uscc, :year, :state, :version, CAST(:content AS jsonb), CAST(:known AS jsonb), :channel,
        :is_on_paper, :filed_by, :filed_at, :is_late)
    ON CONFLICT (id) DO UPDATE SET state = excluded.state, version = excluded.version,
        content = excluded.content, filed_at = excluded.filed_at
""")
_TAKE_OVER = text("""
    INSERT INTO annual_report (id, uscc, year, state, version, content, known, channel, is_on_paper, filed_by,
        filed_at, is_late)
    VALUES (:id, :uscc, :year, :state, :version, CAST(:content AS jsonb), CAST(:known AS jsonb), :channel,
        :is_on_paper, :filed_by, :filed_at, :is_late)
    ON CONFLICT DO NOTHING
""")
_KEEP = text("""
    INSERT INTO annual_report_before (report_id, version, content, filed_at)
    VALUES (:report_id, :version, CAST(:content AS jsonb), :filed_at)
""")
_BEFORE = text("""
    SELECT report_id, version, content::text AS content, filed_at FROM annual_report_before
    WHERE report_id = ANY (:ids) ORDER BY report_id, version
""")
_FILED = text("SELECT uscc FROM annual_report WHERE year = :year AND uscc = ANY (:codes)")
_ASK = text("""
    INSERT INTO report_request (uscc, year, agency_uscc, asked_at) VALUES (:uscc, :year, :agency, :at)
    ON CONFLICT DO NOTHING RETURNING uscc
""")
_ASKED = text("SELECT agency_uscc FROM report_request WHERE uscc = :uscc AND year = :year")
_IS_DONE = text("SELECT done_at IS NOT NULL FROM report_campaign WHERE year = :year AND step = :step")
# Another worker is not waited for, not even for the row that it has only just begun.
_ALONE = text("SELECT pg_try_advisory_xact_lock(hashtextextended('report_campaign/' || :walk, 0))")
_BEGIN = text("INSERT INTO report_campaign (year, step) VALUES (:year, :step) ON CONFLICT DO NOTHING")
_TAKE = text("""
    SELECT reached FROM report_campaign WHERE year = :year AND step = :step AND done_at IS NULL FOR UPDATE
""")
_ADVANCE = text("""
    UPDATE report_campaign SET reached = :reached, done_at = :done_at WHERE year = :year AND step = :step
""")
# Locked in the order of the key, so that two of these never wait for each other in a ring.
_NEXT = text("""
    SELECT uscc, name, enterprise_kind, division_code, owner_accounts FROM enterprise
    WHERE uscc > :reached AND state = ANY (:states) AND established_on < :before AND registered_at < :closes_at
    ORDER BY uscc LIMIT :limit FOR NO KEY UPDATE
""")


@dataclass(frozen=True)
class Superseded:
    """What a report said before a correction."""

    version: int
    content: FiledContent
    filed_at: datetime


class AnnualReportStore:
    """Reads and writes reports in the caller's transaction."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def find(self, report_id: UUID) -> AnnualReport:
        """Raises: ReportNotFound."""
        row = (await self._session.execute(_FIND, {"id": report_id})).one_or_none()
        if row is None:
            raise ReportNotFound
        return _report(row)

    async def of_year(self, uscc: str, year: int) -> AnnualReport | None:
        """The report for a year."""
        row = (await self._session.execute(_OF_YEAR, {"uscc": uscc, "year": year})).one_or_none()
        return _report(row) if row else None

    async def of_enterprise(self, uscc: str) -> tuple[AnnualReport, ...]:
        """All its reports, the newest first."""
        rows = (await self._session.execute(_OF, {"uscc": uscc})).all()
        return tuple(_report(row) for row in rows)

    async def before(self, reports: Sequence[AnnualReport]) -> dict[UUID, tuple[Superseded, ...]]:
        """What corrections replaced, oldest first."""
        found: dict[UUID, tuple[Superseded, ...]] = {}
        rows = await self._session.execute(_BEFORE, {"ids": [report.id for report in reports]})
        for row in rows.all():
            earlier = Superseded(row.version, _CONTENT.validate_json(row.content), row.filed_at)
            found[row.report_id] = (*found.get(row.report_id, ()), earlier)
        return found

    async def save(self, report: AnnualReport, replaces: AnnualReport | None = None) -> None:
        """Write it; what it replaces is kept beside it."""
        if replaces is not None:
            kept = {"report_id": replaces.id, "version": replaces.version, "filed_at": replaces.filed_at}
            await self._session.execute(_KEEP, kept | {"content": _json(replaces.content)})
        await self._session.execute(_SAVE, _values(report))

    async def take_over(self, uscc: str, reports: Sequence[AnnualReport]) -> None:
        """Keep what another registrar took for the enterprise; what is here already stays."""
        for report in reports:
            await self._session.execute(_TAKE_OVER, _values(report) | {"uscc": uscc})

    async def ask(self, uscc: str, year: int, agency: str, at: datetime) -> str | None:
        """Keep a department's request; None where it is the first, otherwise who asked before."""
        values = {"uscc": uscc, "year": year, "agency": agency, "at": at}
        if (await self._session.execute(_ASK, values)).one_or_none() is not None:
            return None
        asked = await self._session.execute(_ASKED, {"uscc": uscc, "year": year})
        return str(asked.scalar_one())


@dataclass(frozen=True)
class Walk:
    """One walk through the register: for which year's report, and what for."""

    year: int
    step: str
    closes_at: datetime


class ReportWalkStore:
    """Goes through all who owe a report, once and in batches, by the key of the register."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def take(self, walk: Walk) -> str | None:
        """Take the walk up where it is; None where it is done, or another worker is at it."""
        key = {"year": walk.year, "step": walk.step}
        if (await self._session.execute(_IS_DONE, key)).scalar_one_or_none():
            return None
        alone = await self._session.execute(_ALONE, {"walk": f"{walk.year}/{walk.step}"})
        if not alone.scalar_one():
            return None
        await self._session.execute(_BEGIN, key)
        reached = (await self._session.execute(_TAKE, key)).scalar_one_or_none()
        return None if reached is None else str(reached)

    async def next_debtors(self, walk: Walk, reached: str, limit: int) -> tuple[int, str, tuple[Debtor, ...]]:
        """How many were looked at, how far that is, and who of them has not filed.

        Rows are locked first and reports looked for afterwards, so that a report filed meanwhile is seen.
        """
        bounds = {
            "reached": reached,
            "states": [state.value for state in REPORTING_STATES],
            "before": date(walk.year + 1, 1, 1),
            "closes_at": walk.closes_at,
            "limit": limit,
        }
        rows = (await self._session.execute(_NEXT, bounds)).all()
        codes = [row.uscc for row in rows]
        found = (await self._session.execute(_FILED, {"year": walk.year, "codes": codes})).scalars().all()
        filed = set(found)
        debtors = tuple(
            Debtor(
                row.uscc,
                row.name,
                EnterpriseKind(row.enterprise_kind),
                row.division_code,
                tuple(row.owner_accounts),
            )
            for row in rows
            if row.uscc not in filed
        )
        return len(rows), codes[-1] if codes else reached, debtors

    async def advance(self, walk: Walk, reached: str, done_at: datetime | None) -> None:
        """Note how far it is, and whether that is the end."""
        key = {"year": walk.year, "step": walk.step}
        await self._session.execute(_ADVANCE, key | {"reached": reached, "done_at": done_at})


def _values(report: AnnualReport) -> dict[str, object]:
    values = {name: value for name, value in vars(report).items() if name not in ("content", "known")}
    values |= {"content": _json(report.content), "known": _KNOWN.dump_json(dict(report.known)).decode()}
    return values | {"state": report.state.value, "channel": report.channel.value}


def _json(content: FiledContent) -> str:
    return _CONTENT.dump_json(content).decode()


def _report(row: Row[Any]) -> AnnualReport:
    return AnnualReport(
        **dict(row._mapping)
        | {
            "state": ReportState(row.state),
            "channel": Channel(row.channel),
            "content": _CONTENT.validate_json(row.content),
            "known": _KNOWN.validate_json(row.known),
        }
    )
