"""Keep a change of a matter: its rows, its history, its events, and what it means for the fees."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final
from uuid import UUID, uuid5

from gateway.matters.domain.life_cycles import MatterState, StepState, TaskState
from gateway.matters.domain.model import Case, Change, Happened, Verb
from gateway.matters.published.announcing import announcement_of
from gateway.matters.store.cases import CaseStore
from gateway.payments.public import PaymentAsk, ask_payment, void_payments
from shared.database.unit_of_work import UnitOfWork
from shared.identifiers.channel import Channel

_DONE: Final = (StepState.COMPLETED, TaskState.COMPLETED)
_CUT_SHORT: Final = (MatterState.WITHDRAWN, MatterState.PARTLY_COMPLETED)


async def settle(
    before: Case, change: Change, uow: UnitOfWork, now: datetime, channel: Channel | None = None
) -> Case:
    """Save what became of a matter and tell it; `channel` is by which way the act came in, if a person's."""
    changed, happened = change
    await CaseStore(uow.session).save(before, changed, happened, now, channel)
    await tell(changed, happened, uow, now)
    return changed


async def tell(case: Case, happened: Sequence[Happened], uow: UnitOfWork, now: datetime) -> None:
    """Announce what happened; ask for what has to be paid now, and for nothing more once the matter is cut short."""
    for each in happened:
        announcement = announcement_of(case, each, now)
        if announcement is not None:
            uow.announce(announcement)
        if each.verb is Verb.PAYMENT_ASKED:
            await ask_payment(_ask(case, each.step or ""), uow, now)
    ended = {each.verb for each in happened} & {Verb.WITHDRAWN, Verb.PARTLY_COMPLETED}
    if ended and case.matter.state in _CUT_SHORT:
        undone = [part.key for part in case.parts if part.state not in _DONE]
        await void_payments(str(case.matter.id), "matter_withdrawn", uow, now, parts=undone)


def payment_id_of(matter_id: UUID, part: str) -> UUID:
    """The same for one part of one matter, so that it is asked for once."""
    return uuid5(matter_id, part)


def _ask(case: Case, key: str) -> PaymentAsk:
    matter = case.matter
    part = next(each for each in case.parts if each.key == key)
    return PaymentAsk(
        payment_id=payment_id_of(matter.id, key),
        case_id=str(matter.id),
        case_no=matter.case_no,
        part=key,
        payer=matter.applicant,
        title_zh=part.title.zh,
        title_en=part.title.en,
        amount_fen=part.fee_fen,
        basis=part.fee_basis or "",
    )
