"""What a department sees of its tasks: its queue, one task with shared facts and materials, a file."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final
from uuid import UUID

from gateway.catalogue.data.public import open_now
from gateway.materials.public import (
    File,
    MaterialRef,
    MaterialRole,
    content_of,
    material_among,
    materials_of,
    materials_of_cases,
)
from gateway.matters.domain.beginning import DONE
from gateway.matters.domain.confidential import is_handling_unit
from gateway.matters.domain.model import CONSOLIDATION, Case, Part, Task, TaskId
from gateway.matters.domain.shared_facts import Openness, SharedFact, facts_for
from gateway.matters.published import ACCESS
from gateway.matters.store.cases import CaseStore, Handler, HistoryEntry
from gateway.matters.store.task_queue import QueuedTask
from gateway.matters.use_cases.themes import principal_facts, theme_if_offered
from shared.database.unit_of_work import UnitOfWork
from shared.messaging.access import AccessRecorded
from shared.messaging.events import Announcement
from shared.region import RegionPack
from shared.security.principal import Principal
from shared.sharing.deciding import DataConsent, DataGrant, Wanted

ENTERPRISE_RESOURCE: Final = "registration.enterprise"
MATERIAL_RESOURCE: Final = "gateway.material"


@dataclass(frozen=True)
class TaskFile:
    """A task with its matter, and the facts and materials that its department may read."""

    case: Case
    task: Task
    facts: tuple[SharedFact, ...]
    materials: tuple[MaterialRef, ...]

    @property
    def parts_to_consolidate(self) -> tuple[Part, ...]:
        """The parts that are done, for whoever puts them together (归总核验); nothing for the others."""
        if self.task.kind != CONSOLIDATION:
            return ()
        return tuple(part for part in self.case.parts if part.state in DONE)


def handler_of(caller: Principal, pack: RegionPack) -> Handler:
    """Whose tasks the caller handles: of the own agency, and as an officer of a smaller place those there."""
    office = caller.office
    is_whole = office is None or office.covers(pack.region.code)
    return Handler(caller.agency, None if is_whole or office is None else office.region)


async def read_task(
    task_id: UUID, reader: Principal, pack: RegionPack, uow: UnitOfWork, now: datetime
) -> TaskFile:
    """Raises: TaskNotFound. A read of protected facts is announced in the same transaction."""
    store = CaseStore(uow.session)
    case = await store.read(await store.matter_of_task(task_id, handler_of(reader, pack)))
    refs = await materials_of(str(case.matter.id), uow)
    return await _Reading(reader, pack, uow, now).file_of(case, TaskId(task_id), refs)


async def read_tasks(
    queued: Sequence[QueuedTask], reader: Principal, pack: RegionPack, uow: UnitOfWork, now: datetime
) -> list[TaskFile]:
    """The same for several tasks of the reader's, each as it was found, and none of them held."""
    matters = {each.matter_id for each in queued}
    cases = await CaseStore(uow.session).look_at(matters)
    refs = await materials_of_cases([str(each) for each in matters], uow)
    reading = _Reading(reader, pack, uow, now)
    return [
        await reading.file_of(cases[each.matter_id], each.task.id, refs[str(each.matter_id)])
        for each in queued
    ]


class _Reading:
    """One reader's look at tasks: what grants open is asked for once for each place and theme."""

    def __init__(self, reader: Principal, pack: RegionPack, uow: UnitOfWork, now: datetime) -> None:
        self._reader, self._pack, self._uow, self._now = reader, pack, uow, now
        self._opened: dict[tuple[str, Wanted], tuple[DataGrant, ...]] = {}

    async def file_of(self, case: Case, task_id: TaskId, refs: Sequence[MaterialRef]) -> TaskFile:
        """The task with its facts; every read of a protected one is announced, under each grant that opens it."""
        task, resource = case.task(task_id), self._pack.resource(ENTERPRISE_RESOURCE)
        grants = await self._grants(case, task)
        facts = facts_for(
            task.receives,
            form=case.matter.form,
            known=_known(case, self._pack),
            openness={
                f"registration.{each.name}": Openness(each.field_class.value) for each in resource.fields
            },
            granted={f"registration.{name}" for grant in grants for name in grant.fields},
            confidential=() if is_handling_unit(task) else case.matter.confidential_fields,
        )
        read = {fact.key for fact in facts if fact.openness is not Openness.PUBLIC and not fact.is_withheld}
        for grant in grants:
            if fields := [key for key in _keys_of(grant, task) if key in read]:
                self._uow.announce(_access(case, self._reader, grant, fields, self._now))
        return TaskFile(case, task, facts, tuple(ref for ref in refs if _may_read(task, ref)))

    async def _grants(self, case: Case, task: Task) -> tuple[DataGrant, ...]:
        """Grants that are good for the task; the applicant agreed to all of them by opening the matter."""
        wanted = Wanted(case.matter.division_code or self._pack.region.code, scene=case.matter.theme)
        key = (task.agency_uscc, wanted)
        if key not in self._opened:
            fields = [each.name for each in self._pack.resource(ENTERPRISE_RESOURCE).fields]
            consents = [_handed_over(case, task, fields)]
            opened = await open_now(
                task.agency_uscc, ENTERPRISE_RESOURCE, wanted, self._uow, self._now, consents=consents
            )
            self._opened[key] = opened.grants
        return self._opened[key]


async def file_of(case: Case, task_id: TaskId, facts: tuple[SharedFact, ...], uow: UnitOfWork) -> TaskFile:
    """The task with the materials that its department may read."""
    task = case.task(task_id)
    refs = await materials_of(str(case.matter.id), uow)
    return TaskFile(case, task, facts, tuple(ref for ref in refs if _may_read(task, ref)))


async def read_task_material(
    task_id: UUID, material_id: UUID, reader: Principal, pack: RegionPack, uow: UnitOfWork, now: datetime
) -> File:
    """Raises: TaskNotFound, MaterialNotFound. A read of what somebody else handed in is announced."""
    store = CaseStore(uow.session)
    case = await store.read(await store.matter_of_task(task_id, handler_of(reader, pack)))
    file = await file_of(case, TaskId(task_id), (), uow)
    ref = material_among(file.materials, material_id)
    if ref.role is MaterialRole.SUBMITTED:
        uow.announce(_material_read(file, ref, reader, now))
    return await content_of(ref, uow)


async def require_task(task_id: UUID, handler: Handler, uow: UnitOfWork) -> None:
    """Raises: TaskNotFound."""
    await CaseStore(uow.session).matter_of_task(task_id, handler)


async def task_history(task_id: UUID, handler: Handler, uow: UnitOfWork) -> list[HistoryEntry]:
    """What happened to one task of late, oldest first. Raises: TaskNotFound."""
    store = CaseStore(uow.session)
    case = await store.read(await store.matter_of_task(task_id, handler))
    kind = case.task(TaskId(task_id)).kind
    return (await store.history(case.matter.id, task_kind=kind))[::-1]


def _may_read(task: Task, ref: MaterialRef) -> bool:
    """What the applicant handed in for all, and what the department itself made."""
    if ref.role is MaterialRole.RESULT:
        return ref.part == task.kind
    return not ref.is_confidential or is_handling_unit(task)


def _handed_over(case: Case, task: Task, fields: Sequence[str]) -> DataConsent:
    """Who opens a matter hands its facts to the departments that its theme names: no further consent is asked for."""
    return DataConsent(
        consent_id=str(case.matter.id),
        subject=case.matter.applicant,
        agency_uscc=task.agency_uscc,
        resource=ENTERPRISE_RESOURCE,
        fields=tuple(fields),
        purpose=task.kind,
        valid_until=datetime.max.replace(tzinfo=UTC),
    )


def _known(case: Case, pack: RegionPack) -> dict[str, Any]:
    """What registration gave, and who stands for the enterprise: typed by nobody under these names."""
    matter = case.matter
    known: dict[str, Any] = {**matter.known, "registration.uscc": matter.uscc}
    if matter.established_on is not None:
        known["registration.established_on"] = matter.established_on.isoformat()
    theme = theme_if_offered(pack, matter.theme)
    return known | (principal_facts(pack, theme, matter.form) if theme is not None else {})


def _keys_of(grant: DataGrant, task: Task) -> list[str]:
    """Under which keys the task receives what the grant opens."""
    sources = {f"registration.{name}" for name in grant.fields}
    return [each.key for each in task.receives if each.source in sources]


def _access(
    case: Case, reader: Principal, grant: DataGrant, fields: Sequence[str], now: datetime
) -> Announcement:
    matter = case.matter
    key = matter.uscc or str(matter.id)
    payload = AccessRecorded.of(
        reader,
        resource=ENTERPRISE_RESOURCE,
        record_key=key,
        owner_subject=matter.applicant,
        fields=fields,
        purpose=grant.purpose,
        matter_id=str(matter.id),
        grant_id=grant.grant_id,
        at=now,
    )
    return Announcement(ACCESS, key, payload)


def _material_read(file: TaskFile, ref: MaterialRef, reader: Principal, now: datetime) -> Announcement:
    key = str(ref.material_id)
    payload = AccessRecorded.of(
        reader,
        resource=MATERIAL_RESOURCE,
        record_key=key,
        owner_subject=file.case.matter.applicant,
        fields=(ref.kind,),
        purpose=file.task.kind,
        matter_id=str(file.case.matter.id),
        at=now,
    )
    return Announcement(ACCESS, key, payload)
