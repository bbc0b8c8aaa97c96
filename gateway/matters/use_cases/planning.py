"""How a theme becomes a matter: its parts, its clock, and the rules that hold for it until it ends."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime

from gateway.catalogue.items.public import item_version_in_force
from gateway.matters.domain.alarms import AlarmRules, EscalationRule
from gateway.matters.domain.life_cycles import MatterState, StepState, TaskState
from gateway.matters.domain.model import (
    CONSOLIDATION,
    Acceptance,
    Case,
    Json,
    KeptItem,
    Matter,
    MatterId,
    Receivable,
    Step,
    StepKind,
    Task,
    TaskId,
    ThemeSubject,
)
from gateway.matters.domain.register_facts import FilingAgent, FilingKind, MergedFiling
from gateway.matters.store.cases import CaseStore
from gateway.matters.store.enterprises import KnownEnterprise
from gateway.matters.use_cases.case_parts import facts_of, is_clear, merged_filings, steps_in, tasks_in
from gateway.matters.use_cases.filing_bodies import Drafted
from gateway.matters.use_cases.form_checks import FormNotAccepted
from gateway.matters.use_cases.themes import build_requests, division_of, title_of
from shared import region
from shared.calendar import DeadlineLedger, local_date
from shared.database.unit_of_work import UnitOfWork
from shared.identifiers import CaseNumberParts, compose_case_number, new_uuid7
from shared.identifiers.channel import Channel
from shared.region import RegionPack, Superior
from shared.web.problems import FieldFault

CASE_PREFIX = "YJS"


@dataclass(frozen=True)
class Opening:
    """What is known when a matter is opened."""

    matter_id: MatterId
    case_no: str
    applicant: str
    channel: Channel
    accepted_at: Acceptance
    form: Json
    commitments: tuple[str, ...]
    enterprise: KnownEnterprise | None
    items: tuple[KeptItem, ...] = ()
    confidential_fields: tuple[str, ...] = ()
    agent: FilingAgent | None = None
    unsettled: tuple[str, ...] = ()

    @property
    def is_clear(self) -> bool:
        """Whether the enterprise is in normal state and nothing of it is open."""
        return is_clear(self.enterprise, self.unsettled)


async def case_number(pack: RegionPack, uow: UnitOfWork, now: datetime) -> str:
    """The next number that people quote (受理编号)."""
    serial = await CaseStore(uow.session).next_serial()
    return compose_case_number(CaseNumberParts(CASE_PREFIX, pack.region.code, local_date(now), serial))


async def items_in_force(theme: region.Matter, uow: UnitOfWork, now: datetime) -> tuple[KeptItem, ...]:
    """The service items that the theme bundles, and its own, as they are today (旧案适用旧规). Source: NFR-20."""
    codes = (f"matters.{theme.key}", *theme.items)
    found = [await item_version_in_force(code, local_date(now), uow) for code in codes]
    return tuple(KeptItem(item.code, item.version) for item in found if item is not None)


def plan_case(pack: RegionPack, theme: region.Matter, opening: Opening, now: datetime) -> Case:
    """The matter before anything began. Raises: FormNotAccepted for what only the building of a request shows."""
    matter = _matter(pack, theme, opening, now)
    drafted = Drafted(str(matter.id), opening.form, matter.uscc, matter.known)
    requests = build_requests(pack, theme, drafted, matter.channel, opening.commitments)
    home = division_of(requests) or matter.division_code or pack.region.code
    facts = facts_of(pack, opening.form, matter.known)
    chosen_steps = steps_in(theme, facts)
    chosen_tasks = tasks_in(theme, facts, is_clear=opening.is_clear)
    absent = {part.key for part in theme.parts} - {part.key for part in (*chosen_steps, *chosen_tasks)}
    steps = tuple(_step(pack, step, requests[step.key], absent) for step in chosen_steps)
    tasks = tuple(_task(pack, task, absent) for task in chosen_tasks)
    case = Case(replace(matter, division_code=home), steps, tasks)
    if theme.consolidation is None or opening.channel is not Channel.HALL:
        return case
    return replace(case, tasks=(*tasks, _consolidation(pack, theme.consolidation, case)))


def _matter(pack: RegionPack, theme: region.Matter, opening: Opening, now: datetime) -> Matter:
    calendar = pack.calendar()
    is_quick = opening.is_clear and theme.limit_when_clear is not None
    limit = pack.limit(theme.limit_when_clear or theme.limit if is_quick else theme.limit).limit
    clock = DeadlineLedger.started(limit, now)
    due = clock.due_at(calendar)
    enterprise = opening.enterprise
    return Matter(
        id=opening.matter_id,
        theme=theme.key,
        title=title_of(theme.title),
        applicant=opening.applicant,
        channel=opening.channel,
        state=MatterState.IN_PROGRESS,
        form=opening.form,
        commitments=opening.commitments,
        limit=limit,
        clock=clock,
        calendar=calendar,
        opened_at=now,
        due_at=due.at if due else None,
        case_no=opening.case_no,
        subject=ThemeSubject(theme.subject.value),
        lead_agency_uscc=pack.agency(theme.lead_agency).uscc,
        alarms=_alarms(pack, theme),
        cross_region=theme.cross_region,
        accepted_at=opening.accepted_at,
        items=opening.items,
        known=enterprise.facts if enterprise else {},
        uscc=enterprise.uscc if enterprise else None,
        established_on=enterprise.established_on if enterprise else None,
        division_code=enterprise.division_code if enterprise else None,
        confidential_fields=opening.confidential_fields,
        merged_filings=tuple(
            MergedFiling(each.key, each.name.zh, each.name.en, pack.agency(each.agency).uscc)
            for each in merged_filings(pack, theme)
        ),
        agent=opening.agent,
        unsettled=opening.unsettled,
    )


def _alarms(pack: RegionPack, theme: region.Matter) -> AlarmRules:
    superiors = {
        Superior.LEAD_AGENCY: pack.agency(theme.lead_agency).uscc,
        Superior.SUPERVISOR: pack.agency(pack.handling.supervising_agency).uscc,
    }
    escalations = (
        EscalationRule(each.to.value, superiors[each.to], pack.limit(each.after).limit)
        for each in pack.handling.escalations
    )
    return AlarmRules(pack.handling.warning_percent, tuple(escalations))


def _step(
    pack: RegionPack,
    step: region.Step,
    request: tuple[Json, tuple[tuple[str, str], ...]],
    absent: Collection[str],
) -> Step:
    body, places = request
    return Step(
        key=step.key,
        kind=StepKind(step.kind.value),
        title=title_of(step.title),
        agency_uscc=pack.agency(step.agency).uscc,
        limit=pack.limit(step.limit).limit,
        after=tuple(name for name in step.after if name not in absent),
        state=StepState.WAITING,
        request=body,
        places=places,
        fee_fen=step.fee_fen,
        fee_basis=step.fee_basis,
        is_optional=step.is_optional,
        filing_kind=FilingKind(step.filing_kind.value) if step.kind is region.StepKind.FILING else None,
    )


def _consolidation(pack: RegionPack, rule: region.Consolidation, case: Case) -> Task:
    """Comes last; whose it is shows when the last of the others is done."""
    return Task(
        id=TaskId(new_uuid7()),
        kind=CONSOLIDATION,
        title=title_of(rule.title),
        agency_uscc=case.matter.lead_agency_uscc,
        limit=pack.limit(rule.limit).limit,
        after=tuple(part.key for part in case.parts),
        state=TaskState.WAITING,
        receives=(),
        fee_fen=0,
        free=(),
    )


def _task(pack: RegionPack, task: region.DepartmentTask, absent: Collection[str]) -> Task:
    fields = [pack.form_field(name) for name in task.receives]
    return Task(
        id=TaskId(new_uuid7()),
        kind=task.key,
        title=title_of(task.title),
        agency_uscc=pack.agency(task.agency).uscc,
        limit=pack.limit(task.limit).limit,
        after=tuple(name for name in task.after if name not in absent),
        state=TaskState.WAITING,
        receives=tuple(Receivable(each.key, title_of(each.title), each.source) for each in fields),
        fee_fen=task.fee_fen,
        fee_basis=task.fee_basis,
        is_optional=task.is_optional,
        free=tuple(title_of(each.name) for each in task.free),
        told_of=task.told_of,
        outcomes=task.outcomes,
    )


def request_faults(
    pack: RegionPack,
    theme: region.Matter,
    form: Json,
    commitments: tuple[str, ...],
    enterprise: KnownEnterprise | None = None,
) -> tuple[FieldFault, ...]:
    """What only the building of the services' requests shows, in a form that is as its schema asks."""
    try:
        known = enterprise or KnownEnterprise("")
        drafted = Drafted(str(new_uuid7()), form, known.uscc, known.facts)
        build_requests(pack, theme, drafted, Channel.PORTAL, commitments)
    except FormNotAccepted as refusal:
        return refusal.faults  # the answer to the question
    return ()
