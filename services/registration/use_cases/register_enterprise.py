"""Enter the enterprise of an approved filing: code, register, people, licence, events; in one transaction."""

from dataclasses import replace
from datetime import datetime

from services.registration.domain.enterprise import Enterprise, EnterpriseFile, RegisteredScope
from services.registration.domain.establishment import Establishment
from services.registration.domain.filing import DecidedBy, Filing
from services.registration.domain.kinds import EnterpriseState, Origin
from services.registration.domain.policy import RegistryPolicy
from services.registration.published import (
    enterprise_registered,
    filing_approved,
    representative_determined,
)
from services.registration.store.enterprises import EnterpriseStore
from services.registration.store.filings import FilingStore
from services.registration.store.names import NameStore
from services.registration.use_cases.issue_licence import issue_licence
from services.registration.use_cases.registrar_desk import RegistrarDesk
from shared.calendar import local_date
from shared.database.unit_of_work import UnitOfWork


async def register_enterprise(
    approved: Filing, decided_by: DecidedBy, uow: UnitOfWork, now: datetime, desk: RegistrarDesk
) -> Filing:
    """Give the enterprise its code and licence and save the filing. Raises: CodesExhausted.

    Established on the day of the licence. Source: 市场主体登记管理条例 art. 21.
    """
    policy, content = desk.policy, approved.content
    store = EnterpriseStore(uow.session)
    kind = policy.kinds[content.enterprise_kind]
    uscc = await store.next_uscc(policy.codes, kind.body_type, policy.division_code)
    file = EnterpriseFile(_enterprise(approved, uscc, policy, now), content.people)
    licence = issue_licence(file, now, desk)
    file = replace(file, enterprise=replace(file.enterprise, licence_identifier=licence.identifier))
    await store.add(file)
    await store.add_licence(licence)
    await NameStore(uow.session).register(approved.id, uscc)
    filing = replace(
        approved,
        uscc=uscc,
        licence_identifier=licence.identifier,
        decided_by=decided_by,
        decided_at=now,
    )
    await FilingStore(uow.session).save(filing)
    uow.announce(filing_approved(filing))
    uow.announce(enterprise_registered(file.enterprise))
    if file.principal is not None:
        uow.announce(representative_determined(uscc, desk.reference_of(file.principal)))
    return filing


def _enterprise(filing: Filing, uscc: str, policy: RegistryPolicy, now: datetime) -> Enterprise:
    content = filing.content
    entries = [policy.scope[code] for code in content.scope]
    accounts = [person.account for person in content.people if person.is_principal and person.account]
    return Enterprise(
        uscc=uscc,
        name=content.name.full,
        enterprise_kind=content.enterprise_kind,
        state=EnterpriseState.ACTIVE,
        established_on=local_date(now),
        registered_capital_fen=content.registered_capital_fen,
        capital_currency="CNY",
        domicile_division_code=content.domicile.division_code,
        domicile_text=_address(content, policy),
        scope=tuple(RegisteredScope(entry.code, entry.text.zh) for entry in entries),
        industry_code=entries[0].industry_code,
        registrar_uscc=policy.registrar.uscc,
        division_code=policy.division_code,
        licence_identifier=None,
        filing_id=filing.id,
        matter_id=filing.matter_id,
        owner_accounts=tuple(dict.fromkeys([filing.applicant, *accounts])),
        origin=Origin.FILING,
        registered_at=now,
        changed_at=now,
    )


def _address(content: Establishment, policy: RegistryPolicy) -> str:
    """City, town and street, without repeating what the applicant wrote out."""
    town = policy.towns[content.domicile.division_code]
    street = content.domicile.street.removeprefix(policy.division_name)
    return policy.division_name + (street if town in street else town + street)
