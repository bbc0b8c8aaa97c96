"""Look up what the register knows of those whom an establishment names: enterprises, bars on persons."""

from dataclasses import replace
from datetime import datetime
from typing import Final

from services.registration.domain.bar_rules import holds_office
from services.registration.domain.enterprise import EnterpriseFile
from services.registration.domain.establishment import Establishment
from services.registration.domain.filing import Filing
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
    filed: Establishment,
    filing: Filing,
    uow: UnitOfWork,
    now: datetime,
    desk: RegistrarDesk,
    before: EnterpriseFile | None = None,
) -> KnownFacts:
    """What rules on people, investors and branches go by; `before` is the enterprise that stands here already."""
    today = local_date(now)
    bars = PersonBarStore(uow.session)
    persons = {p.id_number for p in filed.people if not p.is_organisation}
    references = {person_reference(number, desk.person_reference_key): number for number in persons}
    running = await bars.bars_of(list(references), today)
    offices = {p.id_number for p in filed.people if holds_office(p) and not p.is_organisation}
    known = await known_investors(filed, uow)
    return replace(
        known,
        agreeing=_agreeing(known, filing.applicant, before),
        bars={
            references[reference]: frozenset(bar.kind for bar in each) for reference, each in running.items()
        },
        stood_for_closed=await bars.stood_for_closed(offices, add_months(today, -CLOSED_MONTHS)),
    )


def _agreeing(known: KnownFacts, applicant: str, before: EnterpriseFile | None) -> frozenset[str]:
    """Enterprises for which the applicant acts, and those that were part of it before."""
    agreeing = {code for code, one in known.enterprises.items() if applicant in (code, *one.owner_accounts)}
    if before is not None:
        agreeing |= {person.id_number for person in before.people if person.is_owner}
        agreeing |= {before.enterprise.parent_uscc or ""}
    return frozenset(agreeing)


async def known_investors(filed: Establishment, uow: UnitOfWork) -> KnownFacts:
    """Only what the register knows of enterprises that contribute, or have the branch."""
    codes = {p.id_number for p in filed.people if p.party is Party.ORGANISATION}
    if filed.branch_of is not None:
        codes.add(filed.branch_of.uscc)
    if filed.name_consent is not None:
        codes.add(filed.name_consent.uscc)
    return KnownFacts(enterprises=await KnownEnterprises(uow.session).of(codes))
