"""Read what the register says of a subject, as far as the viewer may see it."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from services.credit.domain.errors import SubjectNotFound
from services.credit.domain.evaluation import Contribution, Evaluation
from services.credit.domain.records import Record
from services.credit.domain.subjects import Subject
from services.credit.domain.viewing import Viewer, may_see
from services.credit.store.records import RecordStore
from services.credit.store.subjects import SubjectStore
from shared.calendar import local_date
from shared.database.unit_of_work import UnitOfWork
from shared.identifiers import Uscc


@dataclass(frozen=True)
class EvaluationView:
    """An evaluation with the contributions and records that the viewer may see.

    A factor is shown whole or not at all. A stranger never sees the score: with the base and the public
    factors it would tell of records that are not public. An agency sees it by grant.
    """

    subject: Subject
    evaluation: Evaluation
    shows_score: bool
    contributions: Sequence[Contribution]
    records: Sequence[Record]


async def read_subject(uscc: Uscc, uow: UnitOfWork) -> tuple[Subject, Evaluation]:
    """Raises: SubjectNotFound."""
    subject = await SubjectStore(uow.session).find(uscc)
    if subject is None or subject.evaluation is None:
        raise SubjectNotFound(uscc=uscc)
    return subject, subject.evaluation


async def read_evaluation(uscc: Uscc, viewer: Viewer, uow: UnitOfWork) -> EvaluationView:
    """Raises: SubjectNotFound."""
    subject, evaluation = await read_subject(uscc, uow)
    wanted = [record for contribution in evaluation.contributions for record in contribution.records]
    found = await RecordStore(uow.session).by_ids(wanted)
    today = local_date(uow.now)
    seen = {record.id for record in found if may_see(record, viewer, today)}
    shown = [c for c in evaluation.contributions if seen.issuperset(c.records)]
    contributing = {record for contribution in shown for record in contribution.records}
    return EvaluationView(
        subject=subject,
        evaluation=evaluation,
        shows_score=viewer.sees_score,
        contributions=shown,
        records=[record for record in found if record.id in contributing],
    )


async def list_records(
    uscc: Uscc, viewer: Viewer, uow: UnitOfWork, *, before: UUID | None, limit: int
) -> Sequence[Record]:
    """The subject's records that the viewer may see, newest entry first. Raises: SubjectNotFound."""
    await read_subject(uscc, uow)
    today = local_date(uow.now)
    return await RecordStore(uow.session).visible(uscc, viewer, today, before=before, limit=limit)


async def list_subjects(grade: str, uow: UnitOfWork, *, after: str, limit: int) -> Sequence[Subject]:
    """Subjects of a grade, by code."""
    return await SubjectStore(uow.session).with_grade(grade, after, limit)
