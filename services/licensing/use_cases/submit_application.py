"""Submit one application for all permits of an industry (一次申请、并联审批)."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from services.licensing.domain.application import (
    Application,
    ApplicationRunning,
    ApplicationStatus,
)
from services.licensing.domain.commitment import NoticeChanged, sign
from services.licensing.domain.component import Component, ComponentStatus, record_filing
from services.licensing.domain.enterprise import (
    Enterprise,
    EnterpriseNotActive,
    EnterpriseNotFound,
    IndustryDoesNotFit,
)
from services.licensing.domain.notice import notice_version
from services.licensing.domain.permit import PermitHeld, covering
from services.licensing.domain.rules import Industry, Mode, PermitRule
from services.licensing.published.announcing import submitted
from services.licensing.store.applications import ApplicationStore
from services.licensing.store.permits import PermitStore
from services.licensing.store.read_models import CreditStore
from services.licensing.use_cases.act_for_enterprise import act_for_enterprise
from services.licensing.use_cases.authority import Counter
from services.licensing.use_cases.check_input import demand, merge_form, pointer, schema_faults
from services.licensing.use_cases.conclude_application import conclude_application
from services.licensing.use_cases.office import Office
from services.licensing.use_cases.prefill_form import known_values
from services.licensing.use_cases.rulebook import industry_for, scheme_of
from services.licensing.use_cases.settle_commitments import Circumstances, announce_settled, settled
from shared.calendar import DeadlineLedger, due, local_date
from shared.database.unit_of_work import UnitOfWork
from shared.identifiers import CaseNumber, CaseNumberParts, compose_case_number, new_uuid7
from shared.identifiers.channel import Channel
from shared.region import IndustryScheme
from shared.security.office import region_covers
from shared.web.problems import FieldFault

PREFIX = "XK"  # 许可


@dataclass(frozen=True)
class SubmitApplication:
    """What is sent; `applicant` is the token's subject, `notice_version` the notice that was read.

    `acting_as` is the applicant where that is a person or an enterprise; None for a system in its own name.
    """

    industry_code: str
    uscc: str
    matter_id: str | None
    answers: dict[str, Any]
    form: dict[str, Any]
    commitments: tuple[str, ...]
    notice_version: str | None
    applicant: str
    acting_as: str | None
    channel: Channel = Channel.PORTAL
    counter: Counter | None = None


async def submit_application(
    command: SubmitApplication, uow: UnitOfWork, now: datetime, office: Office
) -> tuple[Application, tuple[Component, ...]]:
    """Accept, give every component its task at the same instant, and decide what is decided by rule.

    Raises IndustryUnknown, InputRefused, NoticeChanged, EnterpriseUnknown, EnterpriseNotFound,
    EnterpriseNotActive, IndustryDoesNotFit, PermitHeld, ApplicationRunning.
    """
    scheme = scheme_of(office.region, command.industry_code)
    demand(schema_faults(scheme.answers_schema(), command.answers, "/answers"))
    industry = industry_for(office.region, scheme.key, command.answers)
    demand(_commitment_faults(command.commitments, industry))
    enterprise = _entitled(await act_for_enterprise(command.uscc, command.acting_as, uow), scheme)
    await _refuse_what_is_held(command.uscc, industry, uow, now, office)
    schema = office.region.scheme_form(scheme.key, command.answers)
    form, faults = merge_form(schema, command.form, known_values(schema, enterprise))
    demand(faults)
    store = ApplicationStore(uow.session)
    accepted = _accept(command, form, _division(command, enterprise), now, office)
    application = replace(accepted, case_no=_case_no(await store.next_serial(), now, office))
    if not await store.add(application):
        raise ApplicationRunning(command.uscc, command.industry_code)
    uow.announce(submitted(application, [rule.item for rule in industry.required]))
    standing = await CreditStore(uow.session).find(command.uscc) if command.commitments else None
    components = _begin(application, industry, command, now, office)
    components = _decide_by_rule(application, components, industry, Circumstances(standing, office, now), uow)
    await store.put_components(components)
    return await conclude_application(application, components, uow, now, office), components


def _commitment_faults(commitments: tuple[str, ...], industry: Industry) -> tuple[FieldFault, ...]:
    """LIC-09: a commitment is refused for an item that does not offer one, or that is not asked for."""
    faults = []
    for place, item in enumerate(commitments):
        rule = industry.rule(item)
        if rule is None:
            fault = ("not_required", "所填情况不需要办理该许可事项", "this permit is not needed here")
        elif not rule.offers_commitment:
            fault = (
                "commitment_not_offered",
                "该许可事项不适用告知承诺",
                "this permit is not granted on a commitment",
            )
        elif item in commitments[:place]:
            fault = ("duplicate", "重复的承诺事项", "the same commitment twice")
        else:
            continue
        faults.append(FieldFault(pointer("/commitments", place), *fault))
    return tuple(faults)


def _entitled(enterprise: Enterprise, scheme: IndustryScheme) -> Enterprise:
    if not enterprise.is_active:
        raise EnterpriseNotActive(enterprise.uscc, enterprise.state)
    if not enterprise.works_in(scheme.gbt4754, scheme.scope_codes):
        raise IndustryDoesNotFit(enterprise.uscc, scheme.key)
    return enterprise


async def _refuse_what_is_held(
    uscc: str, industry: Industry, uow: UnitOfWork, now: datetime, office: Office
) -> None:
    """REG-17: valid permits outlive a move and are not applied for again, but for their renewal."""
    today = local_date(now)
    held = await PermitStore(uow.session).in_force(uscc, today)
    found = covering(held, [rule.item for rule in industry.required], today + office.renewal_opens)
    if found is not None:
        opens = found.valid_to - office.renewal_opens if found.valid_to else None
        raise PermitHeld(uscc, found.part_of or found.number, opens)


def _division(command: SubmitApplication, enterprise: Enterprise) -> str:
    """Where the enterprise is; raises EnterpriseNotFound at the counter of another place."""
    division = enterprise.domicile_division_code or enterprise.division_code
    if command.counter and not any(region_covers(region, division) for region in command.counter.regions):
        raise EnterpriseNotFound(enterprise.uscc)
    return division


def _accept(
    command: SubmitApplication, form: dict[str, Any], division_code: str, now: datetime, office: Office
) -> Application:
    version = notice_version(command.industry_code, command.answers, office.region.version)
    if command.notice_version not in (None, version):
        raise NoticeChanged(version)
    return Application(
        id=new_uuid7(),
        industry_code=command.industry_code,
        uscc=command.uscc,
        applicant=command.applicant,
        matter_id=command.matter_id,
        status=ApplicationStatus.UNDER_REVIEW,
        version=1,
        answers=command.answers,
        form=form,
        pack_version=office.region.version,
        notice_version=version,
        submitted_at=now,
        channel=command.channel,
        division_code=division_code,
        counter_uscc=command.counter.agency_uscc if command.counter else None,
        accepted_by=command.counter.accepted_by if command.counter else None,
    )


def _case_no(serial: int, now: datetime, office: Office) -> CaseNumber:
    return compose_case_number(CaseNumberParts(PREFIX, office.region.region.code, local_date(now), serial))


def _begin(
    application: Application, industry: Industry, command: SubmitApplication, now: datetime, office: Office
) -> tuple[Component, ...]:
    """LIC-10: every agency gets its task at the same instant, each with its own deadline."""
    components = []
    for place, rule in enumerate(industry.required):
        ledger = DeadlineLedger.started(rule.review_limit, now)
        component = Component(
            application_id=application.id,
            item=rule.item,
            place=place,
            agency_uscc=rule.agency.uscc,
            needs=rule.needs,
            status=ComponentStatus.UNDER_REVIEW,
            accepted_at=now,
            ledger=ledger,
            due_at=due(rule.review_limit, now, office.calendar).at,
        )
        if rule.item in command.commitments and rule.offer is not None:
            signed = sign(
                rule.offer.text,
                notice_version=application.notice_version,
                signed_by=command.applicant,
                at=now,
            )
            component = replace(component, commitment=signed)
        components.append(component)
    return tuple(components)


def _decide_by_rule(
    application: Application,
    components: tuple[Component, ...],
    industry: Industry,
    given: Circumstances,
    uow: UnitOfWork,
) -> tuple[Component, ...]:
    for rule, component in zip(industry.required, components, strict=True):
        moved = _by_rule(rule, component, components, given)
        components = tuple(moved if c.item == moved.item else c for c in components)
        announce_settled(application, moved, uow)
    return components


def _by_rule(
    rule: PermitRule, component: Component, among: tuple[Component, ...], given: Circumstances
) -> Component:
    if rule.mode is Mode.FILING:
        return record_filing(component, given.now)
    if component.commitment is not None:
        return settled(component, rule, among, given)
    return component
