"""Cases and their history in the database."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncSession

from gateway.progress.domain.case import (
    Case,
    CaseKey,
    CaseKind,
    CaseState,
    Change,
    Document,
    Happening,
    Title,
)
from gateway.progress.domain.standings import FIRST, standing_of

_COLUMNS: Final = """c.service, c.case_id, c.kind, c.state, c.own_state, c.case_no, c.about, c.name, c.name_en,
    c.applicant, c.uscc, c.matter_id, c.unit_uscc, c.division_code, c.due_at, c.is_overdue, c.opened_at, c.updated_at,
    c.ended_at, c.version"""
_KEPT: Final = (
    "case_no",
    "about",
    "name",
    "name_en",
    "applicant",
    "uscc",
    "matter_id",
    "division_code",
    "due_at",
)
_SAVE: Final = text(f"""
    INSERT INTO progress_case AS c (service, case_id, kind, state, own_state, case_no, about, name, name_en,
        applicant, uscc, matter_id, unit_uscc, division_code, due_at, is_overdue, opened_at, updated_at, ended_at,
        version)
    VALUES (:service, :case_id, :kind, :first_state, :first_own_state, :case_no, :about, :name, :name_en,
        :applicant, :uscc, :matter_id, :unit_uscc, :division_code, :due_at, COALESCE(:is_overdue, false), :at, :at,
        :ended_at, :version)
    ON CONFLICT (service, case_id) DO UPDATE SET
        {", ".join(f"{name} = COALESCE(excluded.{name}, c.{name})" for name in _KEPT)},
        unit_uscc = CASE WHEN :leaves_unit THEN NULL ELSE COALESCE(excluded.unit_uscc, c.unit_uscc) END,
        state = COALESCE(:state, c.state),
        own_state = COALESCE(:own_state, c.own_state),
        ended_at = CASE WHEN CAST(:state AS text) IS NULL THEN c.ended_at ELSE excluded.ended_at END,
        is_overdue = COALESCE(:is_overdue, c.is_overdue),
        updated_at = excluded.updated_at,
        version = excluded.version
""")  # noqa: S608 - constants of this module only, here and below
_REMEMBER: Final = text("""
    INSERT INTO progress_entry (service, case_id, event_id, what, at, sequence, unit_uscc, note_zh, note_en)
    VALUES (:service, :case_id, :event_id, :what, :at, :sequence, :unit_uscc, :note_zh, :note_en)
    ON CONFLICT DO NOTHING
""")
# A part of a matter is shown under it, where the matter is the same applicant's; else it stands for itself.
_STANDS_ALONE: Final = """(c.matter_id IS NULL OR NOT EXISTS (
    SELECT FROM progress_case m WHERE m.service = 'gateway' AND m.case_id = c.matter_id
    AND m.applicant = c.applicant))
    AND c.kind IN ('matter', 'filing', 'application', 'ticket', 'external')"""
_PARTS: Final = text(f"""
    SELECT {_COLUMNS} FROM progress_case c WHERE c.matter_id = ANY (:wholes) AND c.kind <> 'ticket'
    ORDER BY c.opened_at, c.case_id
""")  # noqa: S608
_FIND: Final = text(f"""
    SELECT {_COLUMNS} FROM progress_case c WHERE c.case_no = :reference
    UNION SELECT {_COLUMNS} FROM progress_case c WHERE c.case_id = :reference
    ORDER BY opened_at DESC LIMIT 10
""")  # noqa: S608
_HISTORY: Final = text("""
    SELECT service, case_id, event_id, what, at, sequence, unit_uscc, note_zh, note_en FROM progress_entry
    WHERE case_id = ANY (:cases) AND service = ANY (:services) ORDER BY at, sequence, event_id LIMIT 1000
""")
_DOCUMENTS: Final = text("""
    SELECT service, case_id, type, key, path FROM progress_record
    WHERE case_id = ANY (:cases) AND service = ANY (:services) AND path IS NOT NULL ORDER BY at, event_id LIMIT 200
""")


@dataclass(frozen=True)
class Wanted:
    """Whose cases are asked for, and which of them; what is None does not narrow.

    `of_enterprise` adds the permit applications that others made for the enterprise; `only_matter` is the one matter
    that a helper's mandate is for.
    """

    applicant: str
    of_enterprise: str | None = None
    only_matter: str | None = None
    state: CaseState | None = None
    service: str | None = None
    since: datetime | None = None


class ProgressStore:
    """Reads and writes where cases stand."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def apply(self, change: Change) -> None:
        """Write what an event says, once, and add it to the history."""
        happening = change.happening
        key = {"service": change.key.service, "case_id": change.key.case_id}
        await self._session.execute(_SAVE, key | _saved(change))
        await self._session.execute(
            _REMEMBER,
            key
            | {
                "event_id": happening.event_id,
                "what": happening.what,
                "at": happening.at,
                "sequence": happening.sequence,
                "unit_uscc": happening.unit_uscc,
                "note_zh": happening.note.zh if happening.note else None,
                "note_en": happening.note.en if happening.note else None,
            },
        )

    async def mine(self, wanted: Wanted, after: tuple[str, str] | None, limit: int) -> list[Case]:
        """The cases that stand for themselves, newest first."""
        whose = "c.applicant = :applicant"
        if wanted.of_enterprise is not None:
            whose = f"({whose} OR (c.kind = 'application' AND c.uscc = :of_enterprise))"
        clauses = [whose, _STANDS_ALONE]
        if wanted.only_matter is not None:
            clauses.append("c.case_id = :only_matter")
        if wanted.state is not None:
            clauses.append("c.state = :state")
        if wanted.service is not None:
            clauses.append("c.service = :service")
        if wanted.since is not None:
            clauses.append("c.updated_at >= :since")
        values: dict[str, Any] = {**vars(wanted), "limit": limit}
        if after is not None:
            clauses.append("(c.opened_at, c.case_id) < (:after_at, :after_id)")
            values |= {"after_at": datetime.fromisoformat(after[0]), "after_id": after[1]}
        query = text(
            f"SELECT {_COLUMNS} FROM progress_case c WHERE {' AND '.join(clauses)}"  # noqa: S608
            " ORDER BY c.opened_at DESC, c.case_id DESC LIMIT :limit"
        )
        return [_case(row) for row in await self._session.execute(query, values)]

    async def parts_of(self, wholes: Sequence[Case]) -> dict[str, list[Case]]:
        """The parts of each case, by its id; what another person filed under a matter's id is none."""
        applicants = {each.key.case_id: each.applicant for each in wholes}
        found: dict[str, list[Case]] = {matter_id: [] for matter_id in applicants}
        if not applicants:
            return found
        for row in await self._session.execute(_PARTS, {"wholes": list(applicants)}):
            part = _case(row)
            matter_id = part.matter_id or ""
            if part.key.service == "gateway" or part.applicant == applicants[matter_id]:
                found[matter_id].append(part)
        return found

    async def find(self, reference: str) -> list[Case]:
        """What goes by a case number or an id; several only where services took the same id."""
        return [_case(row) for row in await self._session.execute(_FIND, {"reference": reference})]

    async def history(self, cases: Sequence[Case]) -> list[tuple[CaseKey, Happening]]:
        """What happened to the cases, in the order of time."""
        keys = {case.key for case in cases}
        rows = await self._session.execute(_HISTORY, _places(keys))
        told = [(CaseKey(row.service, row.case_id), _happening(row)) for row in rows]
        return [(key, happening) for key, happening in told if key in keys]

    async def documents(self, cases: Sequence[Case]) -> list[Document]:
        """What came of the cases and can be collected through the gateway."""
        keys = {case.key for case in cases}
        rows = await self._session.execute(_DOCUMENTS, _places(keys))
        found = [Document(CaseKey(row.service, row.case_id), row.type, row.key, row.path) for row in rows]
        return [document for document in found if document.key in keys]


def _places(keys: set[CaseKey]) -> dict[str, list[str]]:
    return {
        "cases": sorted(key.case_id for key in keys),
        "services": sorted({key.service for key in keys}),
    }


def _saved(change: Change) -> dict[str, Any]:
    own_state = change.own_state
    first = own_state or FIRST[change.kind]
    state = standing_of(change.kind, own_state).state if own_state else None
    at = change.happening.at
    return {
        "kind": change.kind.value,
        "own_state": own_state,
        "state": state.value if state else None,
        "first_own_state": first,
        "first_state": standing_of(change.kind, first).state.value,
        "unit_uscc": change.unit_uscc,
        "leaves_unit": change.leaves_unit,
        "is_overdue": change.is_overdue,
        "at": at,
        "ended_at": at if state is not None and state.is_ended else None,
        "version": change.happening.sequence,
        **{name: getattr(change, name) for name in _KEPT},
    }


def _case(row: Row[Any]) -> Case:
    return Case(
        key=CaseKey(row.service, row.case_id),
        kind=CaseKind(row.kind),
        state=CaseState(row.state),
        own_state=row.own_state,
        case_no=row.case_no,
        about=row.about,
        name=row.name,
        name_en=row.name_en,
        applicant=row.applicant,
        uscc=row.uscc,
        matter_id=row.matter_id,
        unit_uscc=row.unit_uscc,
        division_code=row.division_code,
        due_at=row.due_at,
        is_overdue=row.is_overdue,
        opened_at=row.opened_at,
        updated_at=row.updated_at,
        ended_at=row.ended_at,
        version=row.version,
    )


def _happening(row: Row[Any]) -> Happening:
    return Happening(
        event_id=str(row.event_id),
        what=row.what,
        at=row.at,
        sequence=row.sequence,
        unit_uscc=row.unit_uscc,
        note=Title(row.note_zh, row.note_en) if row.note_zh or row.note_en else None,
    )
