"""Open the credit subject of a registered enterprise and evaluate it; told again, keep what changed."""

from dataclasses import replace

from services.credit.domain.evaluation import evaluate, facts_of
from services.credit.domain.rules import CreditRules
from services.credit.domain.subjects import Enterprise, Subject
from services.credit.published import subject_evaluated, subject_opened
from services.credit.store.subjects import SubjectStore
from services.credit.use_cases.evaluate_subject import evaluate_subject
from shared.calendar import local_date
from shared.database.unit_of_work import UnitOfWork


async def open_credit_subject(enterprise: Enterprise, rules: CreditRules, uow: UnitOfWork) -> Subject:
    """Return the subject of this enterprise; there is one, however often registration tells of it.

    An enterprise that is new and without records, as almost all of an import are, takes one statement.
    """
    subjects = SubjectStore(uow.session)
    facts = facts_of(enterprise.established_on, local_date(uow.now))
    evaluation = evaluate(rules.scorecard, (), facts, uow.now)
    opened = Subject(enterprise, opened_at=uow.now).evaluated_as(evaluation)
    if await subjects.open(opened):
        uow.announce(subject_opened(enterprise))
        uow.announce(subject_evaluated(enterprise.uscc, evaluation))
        return opened
    known = await subjects.lock(enterprise.uscc)
    if known is None:
        uow.announce(subject_opened(enterprise))
        return await evaluate_subject(Subject(enterprise, opened_at=uow.now), rules, uow)
    if known.enterprise == enterprise:
        return known
    return await evaluate_subject(replace(known, enterprise=enterprise), rules, uow)
