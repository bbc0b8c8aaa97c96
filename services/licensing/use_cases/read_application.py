"""Show an application to its applicant, to who acts for its enterprise, to an agency with a component of its own."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from services.licensing.domain.application import Application, ApplicationNotFound
from services.licensing.domain.component import Component
from services.licensing.published.payloads import ACCESS_RECORDED
from services.licensing.store.applications import ApplicationStore
from services.licensing.use_cases.authority import items_seen
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
    if caller.subject == application.applicant or caller.enterprise == application.uscc:
        return ApplicationView(application, components, application.form)
    own = await items_seen(application, components, caller, uow, now, office)
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
    payload = AccessRecorded.of(
        caller,
        resource="licensing.application",
        record_key=str(application.id),
        owner_subject=application.applicant,
        fields=fields,
        purpose=PURPOSE,
        matter_id=application.matter_id,
        at=now,
    )
    return Announcement(ACCESS_RECORDED, str(application.id), payload)
