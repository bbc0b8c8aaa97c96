"""Who sees which files on their way: officers here those of their region, another registrar those that concern it."""

from dataclasses import dataclass
from uuid import UUID

from services.registration.domain.errors import FilingNotFound
from services.registration.domain.filing import Filing
from services.registration.domain.hand_over import Direction, HandOver
from services.registration.domain.relocation_errors import HandOverNotFound
from services.registration.store.filings import FilingStore
from services.registration.store.hand_overs import HandOverStore
from services.registration.use_cases.hand_over_file import is_own_officer, registrar_of
from services.registration.use_cases.registrar_desk import RegistrarDesk
from shared.database.unit_of_work import UnitOfWork
from shared.security.principal import Principal


@dataclass(frozen=True)
class SeenHandOver:
    """One, with what its reader may know: who applied, the file that it is for."""

    hand_over: HandOver
    filing: Filing | None
    dossier: str | None


async def read_hand_over(
    hand_over_id: UUID, caller: Principal, uow: UnitOfWork, desk: RegistrarDesk
) -> SeenHandOver:
    """Raises: NotAKnownRegistrar, HandOverNotFound."""
    other = registrar_of(caller, desk)
    one = await HandOverStore(uow.session).find(hand_over_id)
    concerns = await is_own_officer(caller, one, uow, desk) if other is None else other == one.other_registrar
    if not concerns:
        raise HandOverNotFound
    return await seen(one, uow)


async def seen(one: HandOver, uow: UnitOfWork) -> SeenHandOver:
    """What goes with it."""
    if one.direction is Direction.IN and one.filing_id is not None:
        return SeenHandOver(one, await _filing(one.filing_id, uow), None)
    return SeenHandOver(one, None, await HandOverStore(uow.session).dossier(one.id))


async def _filing(filing_id: UUID, uow: UnitOfWork) -> Filing | None:
    try:
        return await FilingStore(uow.session).find(filing_id)
    except FilingNotFound:  # it was deleted when its time was over; the hand-over stays
        return None
