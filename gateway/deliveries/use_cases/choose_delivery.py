"""Keeps how the results of a case are wanted, until they are on their way."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from gateway.deliveries.domain.choice import Address, Choice, DeliveryMethod, choose
from gateway.deliveries.domain.errors import ChoiceClosed, ChoiceNotFound
from gateway.deliveries.store.choices import ChoiceStore
from gateway.deliveries.store.deliveries import DeliveryStore
from shared.database.unit_of_work import UnitOfWork


@dataclass(frozen=True)
class ChangeChoice:
    """How the recipient of a case wants its results now."""

    case_id: str
    recipient: str
    method: DeliveryMethod
    address: Address | None


async def keep_choice(choice: Choice, uow: UnitOfWork) -> Choice:
    """Keep what was chosen when the case was opened, or opened again. Raises: ChoiceClosed."""
    store = ChoiceStore(uow.session)
    before = await store.find(choice.case_id, lock=True)
    if await DeliveryStore(uow.session).of_case(choice.case_id) is not None:
        raise ChoiceClosed(choice.case_id)
    kept = replace(choice, version=before.version + 1 if before else 1)
    await store.save(kept)
    return kept


async def change_choice(
    command: ChangeChoice, check_version: Callable[[int], None], uow: UnitOfWork, now: datetime
) -> Choice:
    """Raises: ChoiceNotFound, also for another's case; AddressNeeded; ChoiceClosed."""
    before = await read_choice(command.case_id, command.recipient, uow, lock=True)
    check_version(before.version)
    choice = choose(before.case_id, before.case_no, before.recipient, command.method, command.address, now)
    return await keep_choice(choice, uow)


async def read_choice(case_id: str, recipient: str, uow: UnitOfWork, *, lock: bool = False) -> Choice:
    """Raises: ChoiceNotFound, also for another's case."""
    choice = await ChoiceStore(uow.session).find(case_id, lock=lock)
    if choice is None or choice.recipient != recipient:
        raise ChoiceNotFound(case_id)
    return choice
