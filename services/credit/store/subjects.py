"""Credit subjects and their evaluations, rows to domain and back."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from sqlalchemy import RowMapping, insert, or_, select, text
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.ext.asyncio import AsyncSession

from services.credit.domain.evaluation import Contribution, Evaluation
from services.credit.domain.records import RecordId
from services.credit.domain.subjects import Enterprise, Subject
from services.credit.store.tables import EvaluationRow, SubjectRow
from shared.identifiers import Uscc

# Held to the end of the transaction. A lock on the code, not on a row: a record may come before its subject.
_LOCK: Final = text("SELECT pg_advisory_xact_lock(hashtextextended('credit_subject' || :uscc, 0))")
_subject: Final = SubjectRow.__table__  # type: ignore[attr-defined]
_evaluation: Final = EvaluationRow.__table__  # type: ignore[attr-defined]
_NEWEST: Final = select(_subject, _evaluation.c.contributions).join(
    _evaluation,
    (_evaluation.c.uscc == _subject.c.uscc) & (_evaluation.c.number == _subject.c.evaluation_number),
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

    async def save(self, subject: Subject) -> None:
        """Write an evaluated subject and append its newest evaluation."""
        evaluation = subject.evaluation
        if evaluation is None:
            raise ValueError("a subject is kept with its evaluation")
        standing = {
            "score": evaluation.score,
            "grade": evaluation.grade,
            "scorecard_version": evaluation.scorecard_version,
            "allows_commitment": evaluation.allows_commitment,
            "review_on": evaluation.review_on,
            "evaluated_at": evaluation.evaluated_at,
        }
        enterprise = subject.enterprise
        changing = {
            "name": enterprise.name,
            "state": enterprise.state,
            "established_on": enterprise.established_on,
            "evaluation_number": subject.evaluation_number,
            **standing,
        }
        await self._session.execute(
            upsert(_subject)
            .values(uscc=subject.uscc, opened_at=subject.opened_at, **changing)
            .on_conflict_do_update(index_elements=["uscc"], set_=changing)
        )
        await self._session.execute(
            insert(_evaluation).values(
                uscc=subject.uscc,
                number=subject.evaluation_number,
                contributions=[_to_json(c) for c in evaluation.contributions],
                **standing,
            )
        )

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
