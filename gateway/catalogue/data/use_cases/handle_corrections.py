"""Corrections: raised by who uses a datum or whom it is about, answered by its owner, told to all who hold it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from gateway.catalogue.data.domain.correction import Correction, CorrectionStatus, Doubt, Outcome
from gateway.catalogue.data.domain.grant_rules import Flaw
from gateway.catalogue.data.domain.happening import Actor
from gateway.catalogue.data.domain.refusals import NotTheOwner, SharingRecordNotFound, UsesNoSuchData
from gateway.catalogue.data.published_sharing import correction_told
from gateway.catalogue.data.store.corrections import CorrectionFilters, CorrectionStore
from gateway.catalogue.data.use_cases.authority import is_data_bureau
from gateway.catalogue.data.use_cases.parties import refuse_for
from gateway.catalogue.data.use_cases.read_resources import read_entry
from shared.calendar import DeadlineLedger, due, local_date
from shared.database.unit_of_work import UnitOfWork
from shared.identifiers.uuid7 import new_uuid7
from shared.messaging.access import AccessRecorded
from shared.messaging.events import Announcement, EventType
from shared.region import RegionPack
from shared.security.principal import Principal
from shared.security.sealing import Sealer

BATCH: Final = 50
SEALED_FOR: Final = "catalogue/correction"
ACCESS_RECORDED: Final = EventType("gateway", "access", "recorded")


@dataclass(frozen=True)
class RaiseCorrection:
    """What is held to be wrong, what its reporter believes instead, and who reports it."""

    doubt: Doubt
    claimed: str
    caller: Principal


async def raise_correction(
    command: RaiseCorrection, sealer: Sealer, region: RegionPack, uow: UnitOfWork, now: datetime
) -> Correction:
    """Raises: ResourceNotFound, SharingNotPossible, UsesNoSuchData."""
    doubt, caller = command.doubt, command.caller
    entry = (await read_entry(doubt.resource, local_date(now), uow)).version
    if doubt.field not in {field.name for field in entry.entry.fields}:
        what = "该资源没有这个信息项", "is no field of the resource"
        refuse_for([Flaw("/field", "unknown_field", *what)])
    store = CorrectionStore(uow.session)
    holders = await store.holders(doubt.resource, doubt.field, now)
    if not (caller.agency in holders or _is_about(caller, doubt)):
        raise UsesNoSuchData
    limit = region.limit("sharing.correction").limit
    correction = Correction(
        correction_id=new_uuid7(),
        owner_uscc=entry.owner_uscc,
        reporter=caller.reference,
        reporter_agency_uscc=caller.agency,
        doubt=doubt,
        status=CorrectionStatus.OPEN,
        submitted_at=now,
        clock=DeadlineLedger.started(limit, now),
        due_at=due(limit, now, region.calendar()).at,
        history=(Actor(caller.reference, caller.agency).did("submit", now),),
    )
    sealed = sealer.seal(command.claimed.encode(), _context(correction.correction_id))
    await store.add(correction, sealed)
    uow.announce(correction_told("submitted", correction))
    return correction


@dataclass(frozen=True)
class AnswerCorrection:
    """What the owner found, and why."""

    correction_id: UUID
    outcome: Outcome
    reason: str
    caller: Principal


async def answer_correction(
    command: AnswerCorrection, region: RegionPack, uow: UnitOfWork, now: datetime
) -> Correction:
    """Tell all who hold the datum. Raises: SharingRecordNotFound, NotTheOwner, StepNotAllowed."""
    caller = command.caller
    store = CorrectionStore(uow.session)
    correction = _seen(await store.lock(command.correction_id), command.correction_id, caller, region)
    if caller.agency != correction.owner_uscc:
        raise NotTheOwner(correction.owner_uscc)
    doubt = correction.doubt
    told = await store.holders(doubt.resource, doubt.field, now)
    actor = Actor(caller.reference, caller.agency)
    answered = correction.answered(command.outcome, command.reason, told, actor, now)
    await store.save(answered)
    uow.announce(correction_told("answered", answered))
    return answered


async def list_corrections(
    filters: CorrectionFilters, uow: UnitOfWork, *, before: UUID | None, limit: int
) -> list[Correction]:
    """Return a page of corrections; `visible_to` has bound the filters to the caller."""
    return await CorrectionStore(uow.session).page(filters, before=before, limit=limit)


def visible_to(
    caller: Principal, region: RegionPack, status: CorrectionStatus | None, is_overdue: bool | None
) -> CorrectionFilters:
    """An agency sees what it owns or reported, a person what they reported, the data bureau all."""
    if is_data_bureau(caller, region):
        return CorrectionFilters(status=status, is_overdue=is_overdue)
    if caller.agency is not None:
        return CorrectionFilters(caller.agency, None, status, is_overdue)
    return CorrectionFilters(None, caller.reference, status, is_overdue)


async def read_correction(
    correction_id: UUID,
    caller: Principal,
    sealer: Sealer,
    region: RegionPack,
    uow: UnitOfWork,
    now: datetime,
) -> tuple[Correction, str | None]:
    """Return it with the claimed value for its owner and its reporter; the owner's reading is recorded.

    Raises: SharingRecordNotFound, also for one between others.
    """
    store = CorrectionStore(uow.session)
    correction = _seen(await store.find(correction_id), correction_id, caller, region)
    is_owner = caller.agency == correction.owner_uscc
    if not (is_owner or _is_reporter(caller, correction)):
        return correction, None
    sealed = await store.claimed(correction_id)
    if is_owner:
        uow.announce(_reading(caller, correction, now))
    return correction, sealer.unseal(sealed, _context(correction_id)).decode()


async def tell_overdue_corrections(uow: UnitOfWork) -> int:
    """Tell once that an answer is overdue; returns how many were."""
    store = CorrectionStore(uow.session)
    late = await store.to_find_overdue(uow.now, BATCH)
    for correction_id in late:
        correction = await store.lock(correction_id)
        if correction is not None and correction.overdue_at is None:
            found = correction.found_overdue(uow.now)
            await store.save(found)
            uow.announce(correction_told("overdue", found))
    return len(late)


def _is_about(caller: Principal, doubt: Doubt) -> bool:
    """Whether the record is the caller's own: of the enterprise in whose name they act, or of the person."""
    if caller.enterprise is not None:
        return caller.enterprise == doubt.record_key
    return caller.is_person and caller.subject == doubt.record_key


def _is_reporter(caller: Principal, correction: Correction) -> bool:
    if correction.reporter_agency_uscc is not None:
        return caller.agency == correction.reporter_agency_uscc
    return caller.reference == correction.reporter


def _seen(found: Correction | None, correction_id: UUID, caller: Principal, region: RegionPack) -> Correction:
    is_seen = found is not None and (
        is_data_bureau(caller, region) or _is_reporter(caller, found) or caller.agency == found.owner_uscc
    )
    if found is None or not is_seen:
        raise SharingRecordNotFound(str(correction_id))
    return found


def _reading(caller: Principal, correction: Correction, now: datetime) -> Announcement:
    key = str(correction.correction_id)
    payload = AccessRecorded.of(
        caller,
        resource="catalogue.correction",
        record_key=key,
        fields=("claimed",),
        at=now,
        purpose="correction",
    )
    return Announcement(ACCESS_RECORDED, key, payload)


def _context(correction_id: UUID) -> bytes:
    return correction_id.bytes
