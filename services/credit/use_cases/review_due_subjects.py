"""Review what time has changed: a publicity period that ended, a year that passed, a new score card."""

from services.credit.domain.rules import CreditRules
from services.credit.store.subjects import SubjectStore
from services.credit.use_cases.evaluate_subject import evaluate_subject
from shared.calendar import local_date
from shared.database.unit_of_work import UnitOfWork

_AT_ONCE = 50


async def review_due_subjects(rules: CreditRules, uow: UnitOfWork) -> int:
    """Return how many were reviewed; looks again under each lock, so that two of these do no harm."""
    subjects = SubjectStore(uow.session)
    today, version = local_date(uow.now), rules.scorecard.version
    reviewed = 0
    for uscc in await subjects.due_for_review(today, version, _AT_ONCE):
        subject = await subjects.lock(uscc)
        if subject is not None and subject.is_due_for_review(today, version):
            await evaluate_subject(subject, rules, uow)
            reviewed += 1
    return reviewed
