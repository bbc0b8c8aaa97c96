"""Bars on persons (任职限制): entered by the registrar from courts and authorities, lifted, never told to others."""

from dataclasses import dataclass
from datetime import date, datetime
from types import MappingProxyType
from typing import Final
from uuid import UUID

from services.registration.domain.person_bar import BarKind, PersonBar, lifted
from services.registration.store.person_bars import PersonBarStore
from services.registration.use_cases.registrar_desk import RegistrarDesk
from services.registration.use_cases.registrars import require_registrar
from shared.calendar import add_months
from shared.database.unit_of_work import UnitOfWork
from shared.identifiers import new_uuid7, person_reference
from shared.security.principal import Principal

# How long a bar lasts by law. Source: 公司法 art. 178(1)(2) to (4); 市场主体登记管理条例 art. 40.
TERMS: Final = MappingProxyType(
    {
        BarKind.CRIME: 60,
        BarKind.BANKRUPTCY: 36,
        BarKind.REVOKED_OR_CLOSED: 36,
        BarKind.FALSE_REGISTRATION: 36,
    }
)


@dataclass(frozen=True)
class EnterBar:
    """Who is barred since when, on what basis, by whose decision; without an end, for as long as the law says."""

    id_number: str
    kind: BarKind
    basis: str
    decided_by: str
    document_no: str | None
    since: date
    until: date | None
    uscc: str | None
    officer: Principal


async def enter_bar(command: EnterBar, uow: UnitOfWork, now: datetime, desk: RegistrarDesk) -> PersonBar:
    """Raises: NotTheRegistrar."""
    require_registrar(command.officer, desk)
    months = TERMS.get(command.kind)
    by_law = add_months(command.since, months) if months else None
    bar = PersonBar(
        id=new_uuid7(),
        person_reference=person_reference(command.id_number, desk.person_reference_key),
        kind=command.kind,
        basis=command.basis,
        decided_by=command.decided_by,
        document_no=command.document_no,
        since=command.since,
        until=command.until or by_law,
        uscc=command.uscc,
        entered_by=command.officer.reference,
        entered_at=now,
    )
    await PersonBarStore(uow.session).add(bar)
    return bar


async def lift_bar(
    bar_id: UUID, why: str, officer: Principal, uow: UnitOfWork, now: datetime, desk: RegistrarDesk
) -> PersonBar:
    """Raises: NotTheRegistrar, BarNotFound, BarLifted."""
    require_registrar(officer, desk)
    store = PersonBarStore(uow.session)
    bar = lifted(await store.lock(bar_id), officer.reference, why, now)
    await store.lift(bar)
    return bar
