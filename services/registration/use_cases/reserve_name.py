"""Reserve a name for somebody who has yet to file (名称申报、保留), and give it back."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final
from uuid import UUID

from services.registration.domain.errors import NameTaken
from services.registration.domain.name_errors import NameUnfit, ReservationNotFound, TooManyReserved
from services.registration.domain.name_relations import Related
from services.registration.domain.name_reservation import (
    NameReservation,
    NameWish,
    ReservationAction,
    ReservationStatus,
    advance,
    needs_permit_first,
    terms_of,
)
from services.registration.domain.name_rules import NameConflicts, review_proposed
from services.registration.domain.name_terms import freed_on
from services.registration.domain.names import keys_of_parts
from services.registration.domain.rule import Outcome, RuleResult, fault
from services.registration.domain.scope_rules import SCOPE
from services.registration.published.names import MADE, RELEASED, reservation_told
from services.registration.store.enterprises import EnterpriseStore
from services.registration.store.name_reservations import ReservationStore
from services.registration.store.names import NameClaim, NameStore
from services.registration.use_cases.faults import faults_of
from services.registration.use_cases.name_relations import related_of
from services.registration.use_cases.ownership import require_owner
from services.registration.use_cases.registrar_desk import RegistrarDesk
from shared.calendar import local_date
from shared.database.unit_of_work import UnitOfWork
from shared.identifiers import new_uuid7
from shared.security.deciding import require_counter
from shared.security.principal import Principal

_ROUNDS: Final = 3


@dataclass(frozen=True)
class ReserveName:
    """Who asks for which name; `on_behalf_of` is who came to the caller's counter."""

    caller: Principal
    wish: NameWish
    on_behalf_of: str | None = None


async def reserve_name(
    command: ReserveName, uow: UnitOfWork, now: datetime, desk: RegistrarDesk
) -> NameReservation:
    """Of many that ask for one name, one gets it.

    Raises: NameTaken, NameUnfit with all that is wrong; TooManyReserved; NotEmpowered where the caller keeps no
    counter; EnterpriseNotFound, NotTheOwner for an enterprise's new name.
    """
    counter = await _who_asks(command, uow, desk)
    is_permit_first = needs_permit_first(command.wish.scope, desk.policy)
    until, remind_at = terms_of(
        desk.policy.names.reservations, now, local_date(now), is_permit_first=is_permit_first
    )
    made = NameReservation(
        id=new_uuid7(),
        status=ReservationStatus.RESERVED,
        version=1,
        applicant=command.on_behalf_of or command.caller.subject,
        wish=command.wish,
        is_permit_first=is_permit_first,
        results=(),
        reserved_at=now,
        reserved_until=until,
        remind_at=remind_at,
        counter_uscc=counter,
    )
    made = replace(made, results=await _take(made, uow, now, desk))
    store, most = ReservationStore(uow.session), desk.policy.names.reservations.most
    if await store.count_held(made.applicant) >= most:
        raise TooManyReserved(most)
    await store.save(made)
    uow.announce(reservation_told(MADE, made))
    return made


async def release_name(reservation_id: UUID, holder: str, uow: UnitOfWork) -> NameReservation:
    """The name is free at once. Raises: ReservationNotFound, ReservationActionNotAllowed."""
    store = ReservationStore(uow.session)
    held = await store.find(reservation_id, lock=True)
    if held.applicant != holder:
        raise ReservationNotFound
    released = advance(held, ReservationAction.RELEASE)
    await store.save(released)
    await NameStore(uow.session).release(None, released.id)
    uow.announce(reservation_told(RELEASED, released))
    return released


async def _who_asks(command: ReserveName, uow: UnitOfWork, desk: RegistrarDesk) -> str | None:
    """The agency whose counter it is, if somebody came to one."""
    caller, for_uscc = command.caller, command.wish.for_uscc
    if command.on_behalf_of is not None:
        require_counter(caller, desk.policy.zones)
        return caller.agency or caller.client_id
    if for_uscc is not None:
        require_owner(caller, (await EnterpriseStore(uow.session).find(for_uscc)).enterprise)
    return None


async def _take(
    made: NameReservation, uow: UnitOfWork, now: datetime, desk: RegistrarDesk
) -> tuple[RuleResult, ...]:
    """Somebody may take the name between look and claim: then look again, and see that."""
    store, names = NameStore(uow.session), desk.policy.names
    claim = NameClaim(
        keys=keys_of_parts(made.wish.name, names),
        division_code=desk.policy.division_code,
        filing_id=None,
        freed_on=freed_on(local_date(now), names.conflict_window),
        reservation_id=made.id,
        uscc=made.wish.for_uscc,
        related=await _related(made.wish.for_uscc, uow),
    )
    for _ in range(_ROUNDS):
        conflicts = await store.conflicts(claim, names, now)
        results = _review(made.wish, conflicts, desk)
        if conflicts.same or conflicts.alike:
            raise NameTaken(faults_of(results))
        if any(result.outcome is Outcome.FAULT for result in results):
            raise NameUnfit(faults_of(results))
        if await store.reserve(claim, made.reserved_until, now):
            return results
    raise NameTaken(faults_of(_review(made.wish, NameConflicts(same=True), desk)))


async def _related(for_uscc: str | None, uow: UnitOfWork) -> Related:
    """By investment, as the register has it; whoever is not registered yet names the investors with the filing."""
    if for_uscc is None:
        return Related()
    people = (await EnterpriseStore(uow.session).find(for_uscc)).people
    return await related_of(for_uscc, people, None, uow)


def _review(wish: NameWish, conflicts: NameConflicts, desk: RegistrarDesk) -> tuple[RuleResult, ...]:
    policy = desk.policy
    unknown = (
        fault(SCOPE, f"/scope/{at}", f"规范表述目录中没有 {code}", f"{code} is not a standard entry")
        for at, code in enumerate(wish.scope)
        if code not in policy.scope
    )
    kind = policy.kinds.get(wish.enterprise_kind)
    return (*review_proposed(wish.name, wish.scope, kind, policy, conflicts), *unknown)
