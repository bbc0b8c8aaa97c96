"""Show an application to its applicant, or to an agency with a component of its own, and to nobody else."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from services.licensing.domain.application import Application, ApplicationNotFound
from services.licensing.domain.component import Component
from services.licensing.published.payloads import ACCESS_RECORDED
from services.licensing.store.applications import ApplicationStore
from services.licensing.use_cases.office import Office
from services.licensing.use_cases.prefill_form import protected_fields
from services.licensing.use_cases.rulebook import rules_of, scheme_of
from shared.database.unit_of_work import UnitOfWork
from shared.messaging.access import AccessRecorded
from shared.messaging.events import Announcement
from shared.security.principal import Principal

PURPOSE = "permit_review"


@dataclass(frozen=True)
class ApplicationView:
    """An application as one caller may see it."""

    application: Application
    components: tuple[Component, ...]
    form: dict[str, Any]


async def read_application(
    application_id: UUID, caller: Principal, uow: UnitOfWork, now: datetime, office: Office
) -> ApplicationView:
    """Raises ApplicationNotFound, for strangers too. An agency's read of protected fields is recorded."""
    store = ApplicationStore(uow.session)
    application = await store.find(application_id)
    if application is None:
        raise ApplicationNotFound
    components = await store.components(application_id)
    if caller.subject == application.applicant:
        return ApplicationView(application, components, application.form)
    own = frozenset(c.item for c in components if caller.agency and c.agency_uscc == caller.agency)
    if not own:
        raise ApplicationNotFound
    form = _seen_by(own, application, office)
    shown = frozenset(form) & protected_fields(office.region)
    if shown:
        uow.announce(_recorded(application, caller, sorted(shown), now))
    return ApplicationView(application, components, form)


def _seen_by(items: frozenset[str], application: Application, office: Office) -> dict[str, Any]:
    """What the agency's own form would have asked for, and its own sections of the one form."""
    rules = rules_of(office.region, scheme_of(office.region, application.industry_code))
    asked = {name for rule in rules if rule.item in items for name in rule.form_fields}
    common = {name: value for name, value in application.form.items() if name in asked}
    sections = application.form.get("permits", {})
    return {**common, "permits": {item: part for item, part in sections.items() if item in items}}


def _recorded(application: Application, caller: Principal, fields: list[str], now: datetime) -> Announcement:
    payload = AccessRecorded(
        reader=caller.reference,
        client_id=caller.client_id,
        agency_uscc=caller.agency,
        on_behalf_of=caller.acted_by,
        resource="licensing.application",
        record_key=str(application.id),
        owner_subject=application.applicant,
        fields=fields,
        purpose=PURPOSE,
        matter_id=application.matter_id,
        grant_id=None,
        result="allowed",
        at=now,
    )
    return Announcement(ACCESS_RECORDED, str(application.id), payload)
