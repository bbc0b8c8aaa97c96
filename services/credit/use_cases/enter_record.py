"""Enter a record that an agency submits, and evaluate its subject again."""

import logging
from dataclasses import dataclass

from services.credit.domain.admission import Entry, Exclusion, admit, record_of
from services.credit.domain.errors import NotInCatalogue, RecordAlreadyEntered, SubjectNotFound
from services.credit.domain.records import Record, RecordId
from services.credit.domain.rules import CreditRules
from services.credit.published import record_entered
from services.credit.store.records import RecordStore
from services.credit.store.subjects import SubjectStore
from services.credit.use_cases.evaluate_subject import evaluate_subject
from shared.calendar import local_date
from shared.database.unit_of_work import UnitOfWork
from shared.identifiers import new_uuid7

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class EnterRecord:
    """An entry, and the client that submits it."""

    entry: Entry
    client_id: str


async def enter_record(command: EnterRecord, rules: CreditRules, uow: UnitOfWork) -> Record | Exclusion:
    """Return the record, or the exclusion where nothing may be recorded or published (CRD-04).

    Raises: SubjectNotFound, RecordAlreadyEntered, and what `admit` raises. An attempt outside the catalogue
    is logged for accountability (CRD-01, CRD-37).
    """
    entry = command.entry
    _log_if_unlisted(command, rules)
    subject = await SubjectStore(uow.session).lock(entry.uscc)
    if subject is None:
        raise SubjectNotFound(uscc=entry.uscc)
    admitted = admit(entry, rules.catalogue, local_date(uow.now))
    if isinstance(admitted, Exclusion):
        log.info(
            "penalty_excluded",
            extra={"uscc": entry.uscc, "agency": entry.provider_uscc, "rule": admitted.rule},
        )
        return admitted
    record = record_of(entry, admitted, RecordId(new_uuid7()), uow.now)
    records = RecordStore(uow.session)
    if await records.is_entered(record):
        raise RecordAlreadyEntered(reference=record.reference)
    await records.add(record)
    uow.announce(record_entered(record))
    await evaluate_subject(subject, rules, uow)
    return record


def _log_if_unlisted(command: EnterRecord, rules: CreditRules) -> None:
    key = command.entry.catalogue_item
    if key not in rules.catalogue.items:
        log.warning(
            "record_outside_catalogue",
            extra={
                "agency": command.entry.provider_uscc,
                "client_id": command.client_id,
                "catalogue_item": key,
            },
        )
        raise NotInCatalogue(catalogue_item=key)
