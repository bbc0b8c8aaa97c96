"""Answer an enforcement agency whether an activity is within an enterprise's scope and permits (REG-23)."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from services.licensing.domain.enterprise import Enterprise
from services.licensing.domain.scope_check import (
    Activity,
    EnterpriseNotRegistered,
    EntryRules,
    Facts,
    ScopeCheck,
    ScopeCheckNotFound,
    check_scope,
)
from services.licensing.published.payloads import ACCESS_RECORDED
from services.licensing.store.permits import PermitStore
from services.licensing.store.read_models import EnterpriseStore
from services.licensing.store.scope_checks import ScopeCheckStore
from services.licensing.use_cases.office import Office
from services.licensing.use_cases.rulebook import permit_rule
from shared.calendar import local_date
from shared.database.unit_of_work import UnitOfWork
from shared.identifiers import new_uuid7
from shared.messaging.access import AccessRecorded
from shared.messaging.events import Announcement
from shared.security.office import within
from shared.security.principal import Principal

PURPOSE: Final = "law_enforcement"
RESOURCE: Final = "licensing.scope_check"
_READ: Final = ("permits", "scope_codes", "state")


@dataclass(frozen=True)
class AskScope:
    """What an agency asks about whom, for which case of its own."""

    uscc: str
    activity: Activity
    case_number: str
    agency_uscc: str
    asker: Principal


async def ask_scope(command: AskScope, uow: UnitOfWork, now: datetime, office: Office) -> ScopeCheck:
    """Apply the rules, keep question and answer, record the reading. Raises: EnterpriseNotRegistered."""
    enterprise = await EnterpriseStore(uow.session).find(command.uscc)
    if enterprise is None or not within(command.asker.office, _division(enterprise)):
        raise EnterpriseNotRegistered(command.uscc)
    today = local_date(now)
    held = await PermitStore(uow.session).in_force(command.uscc, today)
    industry = command.activity.industry_class
    facts = Facts(
        is_in_business=enterprise.is_active,
        scope_codes=enterprise.scope_codes,
        works_in_industry=industry is not None and enterprise.works_in((industry,), ()),
        held_items=frozenset(permit.item for permit in held if permit.item and permit.is_at_its_premises),
    )
    result, findings = check_scope(_entries(command.activity, office), facts)
    check = ScopeCheck(
        id=new_uuid7(),
        uscc=command.uscc,
        activity=command.activity,
        case_number=command.case_number,
        agency_uscc=command.agency_uscc,
        asked_by=command.asker.reference,
        asked_at=now,
        checked_on=today,
        result=result,
        findings=findings,
        pack_version=office.region.version,
    )
    await ScopeCheckStore(uow.session).add(check)
    uow.announce(_recorded(check, command.asker))
    return check


async def read_check(check_id: UUID, agency_uscc: str, uow: UnitOfWork) -> ScopeCheck:
    """As it was answered then. Raises: ScopeCheckNotFound, for other agencies too."""
    found = await ScopeCheckStore(uow.session).find(check_id, agency_uscc)
    if found is None:
        raise ScopeCheckNotFound
    return found


def _division(enterprise: Enterprise) -> str:
    return enterprise.domicile_division_code or enterprise.division_code


def _entries(activity: Activity, office: Office) -> tuple[EntryRules, ...]:
    """The entries of the standard wording that the activity stands for."""
    return tuple(
        EntryRules(
            entry.code, entry.gbt4754, tuple(permit_rule(office.region, item) for item in entry.permit_items)
        )
        for entry in office.region.registration.scope_entries
        if activity.scope_code == entry.code or activity.industry_class == entry.gbt4754
    )


def _recorded(check: ScopeCheck, asker: Principal) -> Announcement:
    payload = AccessRecorded.of(
        asker,
        resource=RESOURCE,
        record_key=str(check.id),
        owner_subject=check.uscc,
        fields=_READ,
        purpose=PURPOSE,
        at=check.asked_at,
    )
    return Announcement(ACCESS_RECORDED, str(check.id), payload)
