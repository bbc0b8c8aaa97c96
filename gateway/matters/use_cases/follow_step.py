"""Take in what became of a step: from the answer to its command, or from an event."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import UUID

from gateway.matters.domain.beginning import DONE, note_payment
from gateway.matters.domain.life_cycles import StepState
from gateway.matters.domain.model import Case, Happened, Step, StepKind, Verb
from gateway.matters.domain.moves import touched
from gateway.matters.domain.outcomes import Accepted, Outcome
from gateway.matters.domain.progress import note_changes, take_outcome
from gateway.matters.domain.register_facts import FactChange
from gateway.matters.domain.tasks import take_in_outcome
from gateway.matters.store.cases import CaseStore, MatterNotFound
from gateway.matters.use_cases.settling import settle
from shared.database.unit_of_work import UnitOfWork


@dataclass(frozen=True)
class Receipt:
    """A service tells that it has a filing, a notice or an application, and whose; a filing says which it is."""

    matter_id: UUID
    kind: StepKind
    reference: str
    applicant: str | None
    filing_kind: str | None = None

    def is_of(self, step: Step) -> bool:
        """Whether it is the receipt for what the step sends."""
        is_same = step.kind is self.kind and step.request.get("kind") in (None, self.filing_kind)
        return is_same and step.reference in (None, self.reference)


async def settle_answer(
    matter_id: UUID, step_key: str, attempt: int, outcome: Outcome, uow: UnitOfWork, now: datetime
) -> None:
    """An answer counts for the attempt that was sent; by then the event may have settled it."""
    store = CaseStore(uow.session)
    case = await store.lock(matter_id)
    if case.step(step_key).attempt == attempt:
        await _apply(case, step_key, outcome, uow, now)


async def settle_event(
    matter_id: UUID, kind: StepKind, reference: str, outcome: Outcome, at: datetime, uow: UnitOfWork
) -> None:
    """An event counts where it is about the filing or application that this matter made, and not outdated.

    Somebody else may name this matter in a filing of theirs: what was not made here is not taken in.
    """
    store = CaseStore(uow.session)
    try:
        case = await store.lock(matter_id)
    except MatterNotFound:
        return  # matter ids in the services' events may be foreign
    step = _made_here(case, kind, reference)
    if step is not None and (step.ready_at is None or at >= step.ready_at):
        await _apply(case, step.key, outcome, uow, uow.now)


async def settle_receipt(receipt: Receipt, at: datetime, uow: UnitOfWork) -> None:
    """A service has what was sent to it: its reference is known from then on, even where the answer was lost.

    What the applicant filed in another way counts too, where it names this matter; what others filed does not.
    """
    store = CaseStore(uow.session)
    try:
        case = await store.lock(receipt.matter_id)
    except MatterNotFound:
        return  # as above
    for step in case.steps:
        is_sent = step.state is StepState.READY and step.ready_at is not None and step.ready_at <= at
        if is_sent and case.matter.applicant == receipt.applicant and receipt.is_of(step):
            await _apply(case, step.key, Accepted(receipt.reference), uow, uow.now)
            return


async def settle_payment(matter_id: UUID, part: str, uow: UnitOfWork, now: datetime) -> None:
    """The fee of a part is paid."""
    try:
        case = await CaseStore(uow.session).lock(matter_id)
    except MatterNotFound:
        return  # fees of other cases are paid too
    await settle(case, note_payment(case, part, now), uow, now)


async def settle_changes(
    matter_id: UUID, filing_id: str, changes: tuple[FactChange, ...], uow: UnitOfWork, now: datetime
) -> None:
    """The register tells what a filing made here changed of the enterprise."""
    try:
        case = await CaseStore(uow.session).lock(matter_id)
    except MatterNotFound:
        return  # as above
    if _made_here(case, StepKind.FILING, filing_id) is not None:
        await settle(case, note_changes(case, changes, now), uow, now)


async def settle_clearance(
    uscc: str, agency_uscc: str, outcome: str, reference: str, uow: UnitOfWork, now: datetime
) -> None:
    """What an agency's system told of an enterprise, in each of its matters where a task waits for it."""
    store = CaseStore(uow.session)
    for matter_id in await store.open_matters(uscc):
        case = await store.lock(matter_id)
        change = take_in_outcome(case, agency_uscc, outcome, reference, now)
        if change[1]:
            await settle(case, change, uow, now)


async def settle_handing_out(matter_id: UUID, at: datetime, uow: UnitOfWork) -> None:
    """The results of a matter that ended were handed out together (一次性发放)."""
    store = CaseStore(uow.session)
    try:
        case = await store.lock(matter_id)
    except MatterNotFound:
        return  # as above
    if case.matter.ended_at is not None and case.matter.handed_out_at is None:
        handed = replace(case, matter=replace(case.matter, handed_out_at=at))
        given = {part.key: part.title.zh for part in case.parts if part.state in DONE}
        await store.save(case, touched(handed), (Happened(Verb.HANDED_OUT, result=given),), uow.now)


async def note_establishment(
    matter_id: UUID, filing_id: str, established_on: date, uow: UnitOfWork, now: datetime
) -> None:
    """Keep the register's own date of establishment."""
    store = CaseStore(uow.session)
    try:
        case = await store.lock(matter_id)
    except MatterNotFound:
        return  # as above
    matter = case.matter
    is_ours = _made_here(case, StepKind.FILING, filing_id) is not None
    if is_ours and matter.uscc is not None and matter.established_on != established_on:
        changed = replace(case, matter=replace(matter, established_on=established_on))
        await store.save(case, changed, (), now)


def _made_here(case: Case, kind: StepKind, reference: str) -> Step | None:
    return next((s for s in case.steps if s.kind is kind and s.reference == reference), None)


async def _apply(case: Case, step_key: str, outcome: Outcome, uow: UnitOfWork, now: datetime) -> None:
    await settle(case, take_outcome(case, step_key, outcome, now), uow, now)
