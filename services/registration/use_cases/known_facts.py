"""Look up what the register knows of those whom an establishment names: enterprises, bars on persons."""

from dataclasses import replace
from datetime import datetime
from typing import Final

from services.registration.domain.bar_rules import holds_office
from services.registration.domain.establishment import Establishment
from services.registration.domain.kinds import Party
from services.registration.domain.known_facts import KnownFacts
from services.registration.store.known_enterprises import KnownEnterprises
from services.registration.store.person_bars import PersonBarStore
from services.registration.use_cases.registrar_desk import RegistrarDesk
from shared.calendar import add_months, local_date
from shared.database.unit_of_work import UnitOfWork
from shared.identifiers import person_reference

# 自被吊销营业执照、责令关闭之日起未逾三年. Source: 公司法 art. 178(1)(4).
CLOSED_MONTHS: Final = 36


async def known_facts(
    filed: Establishment, uow: UnitOfWork, now: datetime, desk: RegistrarDesk
) -> KnownFacts:
    """What rules on people, investors and branches go by."""
    today = local_date(now)
    bars = PersonBarStore(uow.session)
    persons = {p.id_number for p in filed.people if not p.is_organisation}
    references = {person_reference(number, desk.person_reference_key): number for number in persons}
    running = await bars.bars_of(list(references), today)
    offices = {p.id_number for p in filed.people if holds_office(p) and not p.is_organisation}
    return replace(
        await known_investors(filed, uow),
        bars={
            references[reference]: frozenset(bar.kind for bar in each) for reference, each in running.items()
        },
        stood_for_closed=await bars.stood_for_closed(offices, add_months(today, -CLOSED_MONTHS)),
    )


async def known_investors(filed: Establishment, uow: UnitOfWork) -> KnownFacts:
    """Only what the register knows of enterprises that contribute, or have the branch."""
    codes = {p.id_number for p in filed.people if p.party is Party.ORGANISATION}
    if filed.branch_of is not None:
        codes.add(filed.branch_of.uscc)
    return KnownFacts(enterprises=await KnownEnterprises(uow.session).of(codes))
