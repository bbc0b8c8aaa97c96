"""Evaluate a locked subject: end what is over, count what is in force, announce the result."""

from services.credit.domain.evaluation import evaluate, facts_of, warning_reasons
from services.credit.domain.records import RecordAction, RecordStatus, advance
from services.credit.domain.rules import CreditRules
from services.credit.domain.subjects import Subject
from services.credit.published import subject_evaluated, subject_warned
from services.credit.store.records import RecordStore
from services.credit.store.subjects import SubjectStore
from shared.calendar import local_date
from shared.database.unit_of_work import UnitOfWork


async def evaluate_subject(subject: Subject, rules: CreditRules, uow: UnitOfWork) -> Subject:
    """Return the subject with its new evaluation. The caller holds the subject's lock."""
    today = local_date(uow.now)
    records = RecordStore(uow.session)
    in_force = await records.for_evaluation(subject.uscc, rules.scorecard.counted_items)
    over = [advance(record, RecordAction.END) for record in in_force if record.is_over(today)]
    await records.save_status(over, RecordStatus.ENDED)
    counted = [record for record in in_force if not record.is_over(today)]
    facts = facts_of(subject.enterprise.established_on, today)
    evaluation = evaluate(rules.scorecard, counted, facts, uow.now)
    evaluated = subject.evaluated_as(evaluation)
    await SubjectStore(uow.session).save(evaluated)
    uow.announce(subject_evaluated(subject.uscc, evaluation))
    reasons = warning_reasons(rules.scorecard, subject.evaluation, evaluation)
    if subject.evaluation is not None and reasons:
        uow.announce(subject_warned(subject.uscc, subject.evaluation, evaluation, reasons))
    return evaluated
