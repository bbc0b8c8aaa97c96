"""Filings: rows to domain objects and back."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import TypeAdapter
from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncSession

from services.registration.domain.acts import CONTENTS
from services.registration.domain.errors import FilingNotFound
from services.registration.domain.filing import Agent, Counter, DecidedBy, Filing, FilingStatus
from services.registration.domain.filing_kinds import Concerns, FilingContent, FilingKind
from services.registration.domain.kinds import EnterpriseKind
from services.registration.domain.policy import Wording
from services.registration.domain.rule import RuleResult
from shared.calendar import DueInstant, WorkingCalendar, ledger_from_primitives, ledger_to_primitives
from shared.identifiers import CaseNumber
from shared.identifiers.channel import Channel
from shared.region.retention import RecordKind
from shared.security.office import span_of

_CONTENT: dict[FilingKind, TypeAdapter[FilingContent]] = {
    kind: TypeAdapter(content) for kind, content in CONTENTS.items()
}
_RESULTS = TypeAdapter(tuple[RuleResult, ...])

_COLUMNS = """id, kind, status, version, matter_id, applicant, content::text AS content,
    results::text AS results, submitted_at, uscc, concerns_name, enterprise_kind, division_code,
    licence_identifier, decided_by, decided_at, reason_zh, reason_en, channel, counter_uscc, accepted_by,
    case_no, wants_person, clock, reason_code, agent_uscc, agent_client"""
_FIND = f"SELECT {_COLUMNS} FROM filing WHERE id = :id"  # noqa: S608 - constants only, here and below
_OF_APPLICANT = text(f"""
    SELECT {_COLUMNS} FROM filing WHERE applicant = :applicant
    AND (CAST(:at AS timestamptz) IS NULL OR (submitted_at, id) < (:at, CAST(:id AS uuid)))
    ORDER BY submitted_at DESC, id DESC LIMIT :limit
""")  # noqa: S608
_TO_REVIEW = f"SELECT {_COLUMNS} FROM filing WHERE status = 'under_review'"  # noqa: S608
_BY_CHANNEL = "SELECT channel, count(*) AS number FROM filing WHERE submitted_at >= :since"
_SAVE = text("""
    INSERT INTO filing (id, kind, status, version, matter_id, applicant, content, results, submitted_at, uscc,
        concerns_name, enterprise_kind, division_code, licence_identifier, decided_by, decided_at, reason_zh,
        reason_en, channel, counter_uscc, accepted_by, case_no, wants_person, agent_uscc,
        agent_client, clock, due_at, due_is_provisional,
        reason_code, touched_at)
    VALUES (:id, :kind, :status, :version, :matter_id, :applicant, CAST(:content AS jsonb),
        CAST(:results AS jsonb), :submitted_at, :uscc, :concerns_name, :enterprise_kind, :division_code,
        :licence_identifier, :decided_by, :decided_at, :reason_zh, :reason_en, :channel, :counter_uscc,
        :accepted_by, :case_no, :wants_person, :agent_uscc, :agent_client,
        CAST(:clock AS jsonb), :due_at, :due_is_provisional,
        :reason_code, :touched_at)
    ON CONFLICT (id) DO UPDATE SET status = excluded.status, version = excluded.version,
        content = excluded.content, results = excluded.results, submitted_at = excluded.submitted_at,
        uscc = excluded.uscc, concerns_name = excluded.concerns_name,
        enterprise_kind = excluded.enterprise_kind, division_code = excluded.division_code,
        licence_identifier = excluded.licence_identifier, decided_by = excluded.decided_by,
        decided_at = excluded.decided_at, reason_zh = excluded.reason_zh, reason_en = excluded.reason_en,
        wants_person = excluded.wants_person, clock = excluded.clock, due_at = excluded.due_at,
        due_is_provisional = excluded.due_is_provisional, reason_code = excluded.reason_code,
        touched_at = excluded.touched_at,
        overdue_told_at = CASE WHEN filing.due_at IS NOT DISTINCT FROM excluded.due_at THEN filing.overdue_told_at END
""")
_UNDER_REVIEW_FOR = text("SELECT id FROM filing WHERE uscc = :uscc AND status = 'under_review' AND id <> :id")
_OVERDUE = text("""
    SELECT id FROM filing WHERE status = 'under_review' AND overdue_told_at IS NULL AND due_at < :now
    ORDER BY due_at LIMIT :limit FOR UPDATE SKIP LOCKED
""")
_TOLD_OVERDUE = text("UPDATE filing SET overdue_told_at = :now WHERE id = :id")
_PROVISIONAL = text("""
    SELECT id, clock, due_at FROM filing WHERE status = 'under_review' AND due_is_provisional
    ORDER BY due_at LIMIT :limit FOR UPDATE SKIP LOCKED
""")
_RENEW_DUE = text("UPDATE filing SET due_at = :due_at, due_is_provisional = :provisional WHERE id = :id")
_UNTOUCHED = text(f"""
    SELECT {_COLUMNS}, touched_at FROM filing WHERE status IN ('draft', 'returned')
    ORDER BY touched_at LIMIT :limit FOR UPDATE SKIP LOCKED
""")  # noqa: S608
_IS_FORGOTTEN = text("""
    SELECT EXISTS (SELECT FROM purged_record WHERE record = :record AND reference = CAST(:id AS text))
""")
_NEXT_SERIAL = text("SELECT nextval('filing_serial')")


@dataclass(frozen=True)
class Queue:
    """Which filings wait for somebody: in which regions, of which kinds of enterprise; None bounds nothing.

    `powers` bounds each kind of filing to regions of its own: what was delegated to a zone.
    """

    regions: tuple[str, ...] | None
    kinds: frozenset[str] | None = None
    powers: tuple[tuple[FilingKind, tuple[str, ...]], ...] | None = None


class FilingStore:
    """Reads and writes filings in the caller's transaction."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def find(self, filing_id: UUID) -> Filing:
        """Raises: FilingNotFound."""
        return self._one((await self._session.execute(text(_FIND), {"id": filing_id})).one_or_none())

    async def lock(self, filing_id: UUID) -> Filing:
        """Read for change. Raises: FilingNotFound."""
        statement = text(f"{_FIND} FOR UPDATE")
        return self._one((await self._session.execute(statement, {"id": filing_id})).one_or_none())

    async def next_serial(self) -> int:
        """The next serial for a case number."""
        return int((await self._session.execute(_NEXT_SERIAL)).scalar_one())

    async def save(self, filing: Filing, now: datetime, due: DueInstant | None = None) -> None:
        """Write the filing as it now stands; `due` is when its running clock runs out."""
        await self._session.execute(
            _SAVE,
            {
                "id": filing.id,
                "kind": filing.kind.value,
                "status": filing.status.value,
                "version": filing.version,
                "matter_id": filing.matter_id,
                "applicant": filing.applicant,
                "content": _CONTENT[filing.kind].dump_json(filing.content).decode(),
                "results": _RESULTS.dump_json(filing.results).decode(),
                "submitted_at": filing.submitted_at,
                "uscc": filing.uscc,
                "concerns_name": filing.concerns.name,
                "enterprise_kind": filing.concerns.enterprise_kind.value,
                "division_code": filing.concerns.division_code,
                "licence_identifier": filing.licence_identifier,
                "decided_by": filing.decided_by.value if filing.decided_by else None,
                "decided_at": filing.decided_at,
                "reason_zh": filing.reason.zh if filing.reason else None,
                "reason_en": filing.reason.en if filing.reason else None,
                "channel": filing.channel.value,
                "counter_uscc": filing.counter.agency_uscc if filing.counter else None,
                "accepted_by": filing.counter.accepted_by if filing.counter else None,
                "case_no": filing.case_no,
                "wants_person": filing.wants_person,
                "agent_uscc": filing.agent.uscc if filing.agent else None,
                "agent_client": filing.agent.client_id if filing.agent else None,
                "clock": json.dumps(ledger_to_primitives(filing.clock)) if filing.clock else None,
                "due_at": due.at if due else None,
                "due_is_provisional": due.provisional if due else False,
                "reason_code": filing.reason_code,
                "touched_at": now,
            },
        )

    async def under_review_for(self, uscc: str, other_than: UUID) -> UUID | None:
        """The filing about the enterprise that an officer has at the moment, if any."""
        values = {"uscc": uscc, "id": other_than}
        found: UUID | None = (await self._session.execute(_UNDER_REVIEW_FOR, values)).scalar_one_or_none()
        return found

    async def is_forgotten(self, filing_id: UUID) -> bool:
        """Whether what was personal of it is erased, because it led to nothing for so long."""
        values = {"record": RecordKind.FILING.value, "id": str(filing_id)}
        return bool((await self._session.execute(_IS_FORGOTTEN, values)).scalar_one())

    async def untouched(self, limit: int) -> list[tuple[datetime, Filing]]:
        """Drafts and returned filings since when nobody did anything with them, longest first, locked."""
        rows = (await self._session.execute(_UNTOUCHED, {"limit": limit})).all()
        return [(row.touched_at, _filing(row)) for row in rows]

    async def overdue(self, now: datetime, limit: int) -> list[UUID]:
        """Filings whose time ran out and of which nobody was told, locked."""
        return list((await self._session.scalars(_OVERDUE, {"now": now, "limit": limit})).all())

    async def mark_overdue_told(self, filing_id: UUID, now: datetime) -> None:
        """It is told once."""
        await self._session.execute(_TOLD_OVERDUE, {"id": filing_id, "now": now})

    async def renew_provisional(self, calendar: WorkingCalendar, limit: int) -> int:
        """Compute due times anew that hung on an unpublished calendar; returns how many changed."""
        rows = (await self._session.execute(_PROVISIONAL, {"limit": limit})).all()
        changed = 0
        for row in rows:
            due = ledger_from_primitives(row.clock).due_at(calendar)
            if due is not None and (due.at != row.due_at or not due.provisional):
                await self.renew_due(row.id, due)
                changed += 1
        return changed

    async def renew_due(self, filing_id: UUID, due: DueInstant) -> None:
        """Keep the time as its days are counted now."""
        values = {"id": filing_id, "due_at": due.at, "provisional": due.provisional}
        await self._session.execute(_RENEW_DUE, values)

    async def of_applicant(
        self, applicant: str, after: tuple[datetime, UUID] | None, limit: int
    ) -> list[Filing]:
        """The applicant's own filings, newest first."""
        return await self._page(_OF_APPLICANT, after, limit, applicant=applicant)

    async def to_review(self, queue: Queue, after: tuple[datetime, UUID] | None, limit: int) -> list[Filing]:
        """What waits to be decided, oldest first; only bounds that are set take part, so that an index serves."""
        clauses, values = _in_regions(queue.regions)
        if queue.kinds is not None:
            clauses.append("enterprise_kind = ANY (:kinds)")
            values["kinds"] = sorted(queue.kinds)
        if queue.powers is not None:
            clause, bounds = _within_powers(queue.powers)
            clauses.append(clause)
            values |= bounds
        if after is not None:
            clauses.append("(submitted_at, id) > (:at, CAST(:id AS uuid))")
        where = "".join(f" AND {clause}" for clause in clauses)
        return await self._page(
            text(f"{_TO_REVIEW}{where} ORDER BY submitted_at, id LIMIT :limit"), after, limit, **values
        )

    async def count_by_channel(
        self, regions: tuple[str, ...] | None, since: datetime, before: datetime | None
    ) -> dict[str, int]:
        """How many filings came in by each channel; in these regions, all divisions inside included."""
        clauses, values = _in_regions(regions)
        values["since"] = since
        if before is not None:
            clauses.append("submitted_at < :before")
            values["before"] = before
        where = "".join(f" AND {clause}" for clause in clauses)
        statement = text(f"{_BY_CHANNEL}{where} GROUP BY channel")
        rows = (await self._session.execute(statement, values)).all()
        return {row.channel: row.number for row in rows}

    async def _page(
        self, statement: Any, after: tuple[datetime, UUID] | None, limit: int, **values: object
    ) -> list[Filing]:
        at, last = after or (None, None)
        rows: Sequence[Row[Any]] = (
            await self._session.execute(statement, {"at": at, "id": last, "limit": limit, **values})
        ).all()
        return [_filing(row) for row in rows]

    @staticmethod
    def _one(row: Row[Any] | None) -> Filing:
        if row is None:
            raise FilingNotFound
        return _filing(row)


def _filing(row: Row[Any]) -> Filing:
    return Filing(
        id=row.id,
        status=FilingStatus(row.status),
        version=row.version,
        matter_id=row.matter_id,
        applicant=row.applicant,
        concerns=Concerns(
            row.concerns_name, EnterpriseKind(row.enterprise_kind), row.division_code, row.uscc
        ),
        content=_CONTENT[FilingKind(row.kind)].validate_json(row.content),
        results=_RESULTS.validate_json(row.results),
        submitted_at=row.submitted_at,
        licence_identifier=row.licence_identifier,
        decided_by=DecidedBy(row.decided_by) if row.decided_by else None,
        decided_at=row.decided_at,
        reason=Wording(row.reason_zh, row.reason_en) if row.reason_zh else None,
        channel=Channel(row.channel),
        counter=Counter(row.counter_uscc, row.accepted_by) if row.counter_uscc else None,
        case_no=CaseNumber(row.case_no) if row.case_no else None,
        wants_person=row.wants_person,
        agent=Agent(row.agent_uscc, row.agent_client) if row.agent_uscc else None,
        clock=ledger_from_primitives(row.clock) if row.clock else None,
        reason_code=row.reason_code,
    )


def _in_regions(regions: tuple[str, ...] | None) -> tuple[list[str], dict[str, Any]]:
    """A condition on where the enterprise is to be; None sets none, of no region nothing is shown."""
    if regions is None:
        return [], {}
    spans = [f"division_code >= :from_{n} AND division_code < :to_{n}" for n in range(len(regions))]
    values = {f"{end}_{n}": code for n, region in enumerate(regions) for end, code in _ends(region)}
    return [f"({' OR '.join(spans) or 'false'})"], values


def _within_powers(powers: tuple[tuple[FilingKind, tuple[str, ...]], ...]) -> tuple[str, dict[str, Any]]:
    """A condition on kind and region together; without a power nothing is shown."""
    clauses: list[str] = []
    values: dict[str, Any] = {}
    for at, (kind, regions) in enumerate(powers):
        for n, region in enumerate(regions):
            first, end = span_of(region)
            name = f"{at}_{n}"
            clauses.append(
                f"(kind = :kind_{name} AND division_code >= :begin_{name} AND division_code < :end_{name})"
            )
            values |= {f"kind_{name}": kind.value, f"begin_{name}": first, f"end_{name}": end}
    return f"({' OR '.join(clauses) or 'false'})", values


def _ends(region: str) -> tuple[tuple[str, str], tuple[str, str]]:
    first, end = span_of(region)
    return ("from", first), ("to", end)
