"""Turn a fact that another service announced into a credit record, without manual entry (CRD-06, CRD-20)."""

import logging
from dataclasses import dataclass
from datetime import date

from services.credit.domain.records import Record, RecordId
from services.credit.domain.rules import CreditRules
from services.credit.published import record_entered
from services.credit.store.records import RecordStore
from services.credit.store.subjects import SubjectStore
from services.credit.use_cases.evaluate_subject import evaluate_subject
from shared.database.unit_of_work import UnitOfWork
from shared.identifiers import Uscc, new_uuid7

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class RecordEvent:
    """The fact: its event, whose record it belongs to, who provides it and its number at its origin."""

    event_id: str
    event_type: str
    uscc: Uscc
    provider_uscc: str
    reference: str
    happened_on: date


async def record_event(command: RecordEvent, rules: CreditRules, uow: UnitOfWork) -> Record | None:
    """Return the record; None where the catalogue has no item for such events, or the fact is recorded.

    The subject need not be open yet: streams have no order between them, and its opening counts the record.
    """
    listed = rules.catalogue.item_of_event(command.event_type)
    if listed is None:
        log.info("event_without_item", extra={"event_type": command.event_type})
        return None
    subject = await SubjectStore(uow.session).lock(command.uscc)
    record = Record(
        id=RecordId(new_uuid7()),
        uscc=command.uscc,
        catalogue_item=listed.key,
        elements=listed.elements,
        provider_uscc=command.provider_uscc,
        reference=command.reference,
        happened_on=command.happened_on,
        found_on=command.happened_on,
        document=None,
        source_event=command.event_id,
        entered_at=uow.now,
    )
    records = RecordStore(uow.session)
    if await records.is_entered(record):
        return None
    await records.add(record)
    uow.announce(record_entered(record))
    if subject is not None:
        await evaluate_subject(subject, rules, uow)
    return record
