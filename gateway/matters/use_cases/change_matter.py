"""What the applicant does with a matter: read it, correct the form, choose after a refusal, withdraw."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from gateway.materials.public import attach
from gateway.matters.domain.choices import Choice, go_on_without, try_again, withdraw
from gateway.matters.domain.confidential import completed_form
from gateway.matters.domain.model import Case, Change
from gateway.matters.domain.moves import Request
from gateway.matters.domain.progress import resubmit
from gateway.matters.store.cases import CaseStore, HistoryEntry
from gateway.matters.use_cases.acting import Actor
from gateway.matters.use_cases.assistance import is_another, own_case, record_assistance
from gateway.matters.use_cases.case_parts import parts_changed
from gateway.matters.use_cases.filing_bodies import Drafted
from gateway.matters.use_cases.form_checks import FormNotAccepted, check_form
from gateway.matters.use_cases.settling import settle
from gateway.matters.use_cases.themes import (
    build_requests,
    changed_since_registration,
    division_of,
    find_theme,
)
from shared.database.unit_of_work import UnitOfWork
from shared.region import RegionPack


@dataclass(frozen=True)
class ResubmitForm:
    matter_id: UUID
    actor: Actor
    form: dict[str, Any]
    commitments: tuple[str, ...]
    materials: tuple[UUID, ...] = ()


@dataclass(frozen=True)
class MakeChoice:
    """What the applicant wants done about a part that was refused; a form only to try again with another one."""

    matter_id: UUID
    actor: Actor
    choice: Choice
    part: str
    form: dict[str, Any] | None = None
    commitments: tuple[str, ...] | None = None
    materials: tuple[UUID, ...] = ()


async def read_matter(matter_id: UUID, actor: Actor, uow: UnitOfWork, now: datetime) -> Case:
    """Raises: MatterNotFound, for a stranger too. A helper's and an officer's look is recorded."""
    case = await _own(matter_id, actor, uow)
    record_assistance(case, actor.caller, "reading", uow, now)
    return case


async def matter_history(
    matter_id: UUID, actor: Actor, before: int | None, limit: int, uow: UnitOfWork, now: datetime
) -> list[HistoryEntry]:
    """Newest first. Raises: MatterNotFound; a look of another is recorded."""
    await read_matter(matter_id, actor, uow, now)
    return await CaseStore(uow.session).history(matter_id, before=before, limit=limit)


async def resubmit_form(
    command: ResubmitForm,
    pack: RegionPack,
    check_version: Callable[[int], None],
    uow: UnitOfWork,
    now: datetime,
) -> Case:
    """Raises: MatterNotFound, ActionNotAllowed, FormNotAccepted, MaterialNotFound, and what `check_version` raises."""
    actor = command.actor
    case = await _own(command.matter_id, actor, uow, for_change=True)
    check_version(case.matter.version)
    form, requests = _checked(case, command.form, command.commitments, actor, pack)
    moved = _moved_home(case, requests)
    change = resubmit(moved, form=form, commitments=command.commitments, requests=requests, now=now)
    await attach(command.materials, str(case.matter.id), actor.subject, uow, now)
    changed = await settle(case, change, uow, now, actor.channel)
    record_assistance(changed, actor.caller, "correction", uow, now)
    return changed


async def make_choice(command: MakeChoice, pack: RegionPack, uow: UnitOfWork, now: datetime) -> Case:
    """Raises: MatterNotFound, PartNotRefused, PartNotOptional, ActionNotAllowed, FormNotAccepted, MaterialNotFound."""
    actor = command.actor
    case = await _own(command.matter_id, actor, uow, for_change=True)
    match command.choice:
        case Choice.TRY_AGAIN:
            change = _tried_again(case, command, pack, now)
        case Choice.GO_ON_WITHOUT:
            change = go_on_without(case, command.part, now)
        case Choice.WITHDRAW_REST:
            change = withdraw(case, now)
    await attach(command.materials, str(case.matter.id), actor.subject, uow, now)
    changed = await settle(case, change, uow, now, actor.channel)
    record_assistance(changed, actor.caller, "choice", uow, now)
    return changed


async def withdraw_matter(matter_id: UUID, actor: Actor, uow: UnitOfWork, now: datetime) -> Case:
    """Raises: MatterNotFound, ActionNotAllowed."""
    case = await _own(matter_id, actor, uow, for_change=True)
    changed = await settle(case, withdraw(case, now), uow, now, actor.channel)
    record_assistance(changed, actor.caller, "withdrawal", uow, now)
    return changed


async def _own(matter_id: UUID, actor: Actor, uow: UnitOfWork, *, for_change: bool = False) -> Case:
    store = CaseStore(uow.session)
    case = await (store.lock(matter_id) if for_change else store.read(matter_id))
    return own_case(case, actor.caller, actor.subject, actor.agent)


def _tried_again(case: Case, command: MakeChoice, pack: RegionPack, now: datetime) -> Change:
    matter = case.matter
    commitments = matter.commitments if command.commitments is None else command.commitments
    typed = dict(matter.form) if command.form is None else command.form
    form, requests = _checked(case, typed, commitments, command.actor, pack)
    return try_again(
        _moved_home(case, requests),
        command.part,
        form=form,
        commitments=commitments,
        requests=requests,
        now=now,
    )


def _checked(
    case: Case, typed: dict[str, Any], commitments: tuple[str, ...], actor: Actor, pack: RegionPack
) -> tuple[dict[str, Any], dict[str, Request]]:
    """The form as it holds from now on, and what it makes of the steps; what is registered stays."""
    theme = find_theme(pack, case.matter.theme)
    form = dict(completed_form(case.matter, typed)) if is_another(case, actor.caller) else typed
    check_form(pack, theme, form, commitments)
    if fixed := tuple(parts_changed(theme, case.matter.form, form)):
        raise FormNotAccepted(fixed)
    if case.makes_enterprise and case.matter.uscc is not None:
        faults = changed_since_registration(pack, theme, case.matter.form, form)
        if faults:
            raise FormNotAccepted(faults)
    matter = case.matter
    drafted = Drafted(str(matter.id), form, matter.uscc, matter.known)
    return form, build_requests(pack, theme, drafted, matter.channel, commitments)


def _moved_home(case: Case, requests: dict[str, Request]) -> Case:
    home = division_of(requests) or case.matter.division_code
    return replace(case, matter=replace(case.matter, division_code=home))
