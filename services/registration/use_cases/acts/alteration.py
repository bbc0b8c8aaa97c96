"""Alteration (变更登记): reviewed and carried out under the lock of the enterprise, so that of two one waits."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import ClassVar

from services.registration.domain.acts.alteration import (
    Alteration,
    altered,
    altered_people,
    as_established,
)
from services.registration.domain.alteration_bars import review_standing
from services.registration.domain.alteration_rules import days_late, review_alteration
from services.registration.domain.applied_in_time import AppliedOn
from services.registration.domain.enterprise import EnterpriseFile
from services.registration.domain.errors import FilingInProgress, NameTaken
from services.registration.domain.exit_notice import NoticeKind
from services.registration.domain.exit_rules import signers
from services.registration.domain.filing import Filing
from services.registration.domain.filing_kinds import FilingContent, FilingKind
from services.registration.domain.kinds import IN_BUSINESS
from services.registration.domain.name_rules import SAME, NameConflicts
from services.registration.domain.name_terms import freed_on, reserved_until
from services.registration.domain.names import NameKeys, keys_of_branch, keys_of_parts
from services.registration.domain.person import Person
from services.registration.domain.register_acts import Cause, RegisterAct
from services.registration.domain.review import review_establishment, settled_by_mode
from services.registration.domain.rule import Outcome, RuleResult
from services.registration.store.exit_notices import ExitNoticeStore
from services.registration.store.exit_standing import ExitStanding
from services.registration.store.follow_ups import FollowUpStore
from services.registration.store.names import NameClaim, NameStore
from services.registration.use_cases.acts.base import ActOnRegistered, Entered
from services.registration.use_cases.applied import applied_on
from services.registration.use_cases.change_register import change_register
from services.registration.use_cases.faults import faults_of
from services.registration.use_cases.known_facts import known_facts
from services.registration.use_cases.name_relations import related_of
from services.registration.use_cases.noted_follow_ups import follow_ups_of
from services.registration.use_cases.registrar_desk import RegistrarDesk
from services.registration.use_cases.use_reservation import use_reservation
from shared.calendar import local_date
from shared.database.unit_of_work import UnitOfWork
from shared.web.problems import FieldFault

_ROUNDS = 3


class AlterationAct(ActOnRegistered):
    """Source: 市场主体登记管理条例 arts. 24 to 28."""

    kind: ClassVar[FilingKind] = FilingKind.ALTERATION
    states = IN_BUSINESS

    async def review(
        self, filing: Filing, uow: UnitOfWork, now: datetime, desk: RegistrarDesk
    ) -> tuple[RuleResult, ...]:
        """Raises: EnterpriseStateForbids, NameTaken; ReservationNotFound, AnotherNameReserved; FilingInProgress."""
        before, filed = await self.lock(filing, uow), _said(filing.content)
        await _require_no_exit(before, altered_people(before, filed), uow)
        if filed.name_reservation_id is not None and filed.name is not None:
            await use_reservation(filed.name_reservation_id, filing, filed.name, uow, now)
        applied = applied_on(filing, now, desk)
        view = as_established(before, filed)
        known = await known_facts(view, filing, uow, now, desk, before)
        standing = tuple(review_standing(filed, await ExitStanding(uow.session).of(filed.uscc)))
        store = NameStore(uow.session)
        claim = await _claim(filing, view.people, uow, now, desk)
        for _ in range(_ROUNDS):
            conflicts = await store.conflicts(claim, desk.policy.names, now) if claim else NameConflicts()
            reviewed = review_establishment(view, desk.policy, conflicts, local_date(now), known)
            established = settled_by_mode(reviewed, desk.policy.establishment.mode, is_committed=True)
            own = review_alteration(before, filed, view, established, desk.policy, applied)
            results = (*own, *standing)
            if conflicts.same:
                raise NameTaken(faults_of(results))
            if claim is None or _has_name_fault(results):
                await store.release(filing.id)
                return results
            if await store.reserve(claim, _reserved_until(now, desk), now):
                return results
        raise _name_taken()

    async def enter(self, filing: Filing, uow: UnitOfWork, now: datetime, desk: RegistrarDesk) -> Entered:
        """In force on the day of the licence (条例 art. 28). Raises: EnterpriseStateForbids, NameTaken."""
        before, filed = await self.lock(filing, uow), _said(filing.content)
        claim = await _claim(filing, as_established(before, filed).people, uow, now, desk)
        if claim is not None:
            names = NameStore(uow.session)
            if not await names.reserve(claim, _reserved_until(now, desk), now):
                raise _name_taken()
            await names.replace(filed.uscc, filing.id, local_date(now))
        after = altered(before, filed, desk.policy)
        cause = Cause(
            RegisterAct.ALTERED,
            filing_id=filing.id,
            matter_id=filing.matter_id,
            details=_details(filed, applied_on(filing, now, desk), desk),
        )
        entered = await change_register(before, after, cause, uow, now, desk)
        await FollowUpStore(uow.session).add(follow_ups_of(filing, filed.uscc, now))
        return Entered(filed.uscc, entered.enterprise.licence_identifier)

    async def release(self, filing: Filing, uow: UnitOfWork) -> None:
        """The new name is free at once."""
        await NameStore(uow.session).release(filing.id)


async def _require_no_exit(before: EnterpriseFile, after: EnterpriseFile, uow: UnitOfWork) -> None:
    """Whoever comes after is not bound by what the operator of before files: that is withdrawn first.

    Raises: FilingInProgress.
    """
    if signers(before) == signers(after):
        return
    notice = await ExitNoticeStore(uow.session).lock_running(before.enterprise.uscc)
    if notice is not None and notice.kind is NoticeKind.TOLD and notice.is_held:
        raise FilingInProgress(str(notice.filing_id))


def _said(content: FilingContent) -> Alteration:
    assert isinstance(content, Alteration)  # noqa: S101 - the kind says so
    return content


async def _claim(
    filing: Filing, people: Iterable[Person], uow: UnitOfWork, now: datetime, desk: RegistrarDesk
) -> NameClaim | None:
    """What it asks for in the way of names, if anything: its own old name is not in its way."""
    filed, names = _said(filing.content), desk.policy.names
    keys: NameKeys
    if filed.name is not None:
        keys = keys_of_parts(filed.name, names)
    elif filed.branch_name is not None:
        keys = keys_of_branch(filed.branch_name)
    else:
        return None
    freed = freed_on(local_date(now), names.conflict_window)
    related = await related_of(filed.uscc, people, filed.name_consent, uow)
    return NameClaim(keys, desk.policy.division_code, filing.id, freed, uscc=filed.uscc, related=related)


def _reserved_until(now: datetime, desk: RegistrarDesk) -> datetime:
    return reserved_until(now, desk.policy.names.reservation, local_date(now))


def _details(filed: Alteration, applied: AppliedOn, desk: RegistrarDesk) -> Mapping[str, str]:
    """Public words for the event: what supervision asks, whether it was late."""
    told = {"items": ",".join(filed.items()), "decided_on": filed.decided_on.isoformat()}
    late = days_late(filed, desk.policy, applied)
    if late:
        told["days_late"] = str(late)
    if filed.reorganisation:
        told["reorganisation"] = filed.reorganisation.value
    return told


def _name_taken() -> NameTaken:
    return NameTaken((FieldFault("/name", SAME.id, "该名称已被他人使用", "somebody else has the name now"),))


def _has_name_fault(results: tuple[RuleResult, ...]) -> bool:
    return any(r.outcome is Outcome.FAULT and r.rule.startswith("name.") for r in results)
