"""Credit subjects and their evaluations, rows to domain and back."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Boolean, Insert, RowMapping, bindparam, func, insert, or_, select
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.ext.asyncio import AsyncSession

from services.credit.domain.evaluation import Contribution, Evaluation
from services.credit.domain.records import RecordId
from services.credit.domain.subjects import Enterprise, Subject
from services.credit.store.tables import EvaluationRow, SubjectRow
from shared.identifiers import Uscc

_subject: Final = SubjectRow.__table__  # type: ignore[attr-defined]
_evaluation: Final = EvaluationRow.__table__  # type: ignore[attr-defined]
_NEWEST: Final = select(_subject, _evaluation.c.contributions).join(
    _evaluation,
    (_evaluation.c.uscc == _subject.c.uscc) & (_evaluation.c.number == _subject.c.evaluation_number),
)


# Held to the end of the transaction. A lock on the code, not on a row: a record may come before its subject.
_LOCK: Final = select(func.lock_credit_code(bindparam("uscc")))

_told: Final = select(
    *(
        bindparam(f"told_{c.name}", type_=c.type).label(c.name)
        for c in (*_subject.c, _evaluation.c.contributions)
    )
).cte("told")
_columns: Final = [column.name for column in _subject.c]
_row: Final = select(*(_told.c[name] for name in _columns))


def _with_evaluation(subject: Insert) -> Insert:
    """One statement: the subject's row, and its newest evaluation where that row was written."""
    written = subject.returning(_subject.c.uscc).cte("written")
    origin = {c.name: c.name for c in _evaluation.c} | {"number": "evaluation_number"}
    row = select(*(_told.c[name] for name in origin.values())).join(written, written.c.uscc == _told.c.uscc)
    return insert(_evaluation).from_select(list(origin), row).returning(_evaluation.c.uscc)


_inserting: Final = upsert(_subject)
_OPEN: Final = _with_evaluation(
    _inserting.from_select(
        _columns, _row.where(~func.lock_credit_code(_told.c.uscc, type_=Boolean))
    ).on_conflict_do_nothing(index_elements=["uscc"])
)
_SAVE: Final = _with_evaluation(
    _inserting.from_select(_columns, _row).on_conflict_do_update(
        index_elements=["uscc"],
        set_={name: _inserting.excluded[name] for name in _columns if name not in ("uscc", "opened_at")},
    )
)


class SubjectStore:
    """Subjects by credit code."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def lock(self, uscc: Uscc) -> Subject | None:
        """Load a subject for change; its code stays locked even where no subject is open yet."""
        await self._session.execute(_LOCK, {"uscc": uscc})
        return await self.find(uscc)

    async def find(self, uscc: Uscc) -> Subject | None:
        """Load a subject for reading."""
        found = (await self._session.execute(_NEWEST.where(_subject.c.uscc == uscc))).mappings().one_or_none()
        return None if found is None else _subject_of(found)

    async def open(self, subject: Subject) -> bool:
        """Lock the code and write a new subject, evaluated without records.

        False, and nothing written, where the subject is open already or records of it are here.
        """
        return (await self._session.execute(_OPEN, _told_of(subject))).first() is not None

    async def save(self, subject: Subject) -> None:
        """Write an evaluated subject and append its newest evaluation."""
        await self._session.execute(_SAVE, _told_of(subject))

    async def with_grade(self, grade: str, after: str, limit: int) -> Sequence[Subject]:
        """Subjects of a grade in the order of their codes."""
        query = _NEWEST.where(_subject.c.grade == grade, _subject.c.uscc > after)
        rows = await self._session.execute(query.order_by(_subject.c.uscc).limit(limit))
        return [_subject_of(row) for row in rows.mappings()]

    async def due_for_review(self, today: date, scorecard_version: str, limit: int) -> Sequence[Uscc]:
        """Codes whose evaluation time may have changed, or which was made by another score card."""
        version = _subject.c.scorecard_version
        # Two ranges instead of <>: an index can answer them.
        other_card = or_(version < scorecard_version, version > scorecard_version)
        query = select(_subject.c.uscc).where(or_(_subject.c.review_on <= today, other_card))
        rows = await self._session.execute(query.order_by(_subject.c.uscc).limit(limit))
        return [Uscc(uscc) for uscc in rows.scalars()]


def _told_of(subject: Subject) -> dict[str, Any]:
    enterprise, evaluation = subject.enterprise, subject.evaluation
    if evaluation is None:
        raise ValueError("a subject is kept with its evaluation")
    return {
        "told_uscc": subject.uscc,
        "told_name": enterprise.name,
        "told_state": enterprise.state,
        "told_established_on": enterprise.established_on,
        "told_opened_at": subject.opened_at,
        "told_evaluation_number": subject.evaluation_number,
        "told_score": evaluation.score,
        "told_grade": evaluation.grade,
        "told_scorecard_version": evaluation.scorecard_version,
        "told_allows_commitment": evaluation.allows_commitment,
        "told_review_on": evaluation.review_on,
        "told_evaluated_at": evaluation.evaluated_at,
        "told_contributions": [_to_json(c) for c in evaluation.contributions],
    }


def _subject_of(row: RowMapping) -> Subject:
    return Subject(
        enterprise=Enterprise(Uscc(row["uscc"]), row["name"], row["state"], row["established_on"]),
        opened_at=row["opened_at"],
        evaluation=Evaluation(
            score=row["score"],
            grade=row["grade"],
            scorecard_version=row["scorecard_version"],
            allows_commitment=row["allows_commitment"],
            contributions=tuple(_from_json(c) for c in row["contributions"]),
            review_on=row["review_on"],
            evaluated_at=row["evaluated_at"],
        ),
        evaluation_number=row["evaluation_number"],
    )


def _to_json(contribution: Contribution) -> dict[str, Any]:
    return {
        "code": contribution.code,
        "points": str(contribution.points),
        "count": contribution.count,
        "records": [str(record) for record in contribution.records],
    }


def _from_json(raw: Mapping[str, Any]) -> Contribution:
    return Contribution(
        code=raw["code"],
        points=Decimal(raw["points"]),
        count=raw["count"],
        records=tuple(RecordId(UUID(record)) for record in raw["records"]),
    )
