"""Relocation (迁移登记): decided at once within the region; from elsewhere it waits for the old registrar's file."""

from datetime import datetime
from typing import ClassVar

from services.registration.domain.acts.alteration import moved
from services.registration.domain.acts.relocation import ComingFrom, Relocation
from services.registration.domain.enterprise import EnterpriseFile
from services.registration.domain.errors import EnterpriseNotFound, NameTaken
from services.registration.domain.filing import Filing, FilingStatus
from services.registration.domain.filing_kinds import Concerns, FilingContent, FilingKind
from services.registration.domain.hand_over import HandOverStatus
from services.registration.domain.kinds import GONE, IN_BUSINESS
from services.registration.domain.name_rules import SAME
from services.registration.domain.name_terms import freed_on, reserved_until
from services.registration.domain.names import NameKeys, name_key
from services.registration.domain.register_acts import Cause, RegisterAct
from services.registration.domain.relocation_errors import FileNotSound
from services.registration.domain.relocation_rules import (
    ALREADY_HERE,
    FILE,
    file_awaited,
    review_coming,
    review_inside,
)
from services.registration.domain.rule import Outcome, RuleResult, fault, passed
from services.registration.store.enterprises import EnterpriseStore
from services.registration.store.follow_ups import FollowUpStore
from services.registration.store.hand_overs import HandOverStore
from services.registration.store.names import NameClaim, NameStore
from services.registration.use_cases.acts.base import ActOnRegistered, Entered
from services.registration.use_cases.applied import applied_on
from services.registration.use_cases.ask_old_registrar import (
    ask_old_registrar,
    stop_asking,
    stop_asking_for_another,
)
from services.registration.use_cases.change_register import change_register
from services.registration.use_cases.enter_moved_in import enter_moved_in
from services.registration.use_cases.noted_follow_ups import follow_ups_of
from services.registration.use_cases.registrar_desk import RegistrarDesk
from services.registration.use_cases.sign_dossier import opened_dossier
from shared.calendar import Limit, local_date
from shared.database.unit_of_work import UnitOfWork
from shared.web.problems import FieldFault


class RelocationAct(ActOnRegistered):
    """Source: 市场主体登记管理条例 art. 27."""

    kind: ClassVar[FilingKind] = FilingKind.RELOCATION
    states = IN_BUSINESS

    async def concerns(self, content: FilingContent, uow: UnitOfWork) -> Concerns:
        filed = _said(content)
        if filed.coming_from is None:
            return await super().concerns(content, uow)
        # It has no place in this register yet, and so no owner here: the old registrar says who may move it.
        coming = filed.coming_from
        return Concerns(coming.name, coming.enterprise_kind, filed.domicile.division_code)

    async def review(
        self, filing: Filing, uow: UnitOfWork, now: datetime, desk: RegistrarDesk
    ) -> tuple[RuleResult, ...]:
        """Raises: EnterpriseStateForbids, NameTaken, HandOverInProgress."""
        filed, applied = _said(filing.content), applied_on(filing, now, desk)
        await stop_asking_for_another(filing, filed, uow)
        if filed.coming_from is None:
            before = await self.lock(filing, uow)
            return review_inside(before.enterprise, filed, desk.policy, applied)
        coming = filed.coming_from
        results = review_coming(filed, coming, desk.policy, applied)
        if await _stands_here(filed.uscc, uow):
            zh, en = "该企业已在本登记机关登记", "the enterprise stands in this register already"
            results = (*results, fault(ALREADY_HERE, "/uscc", zh, en))
        if any(result.outcome is Outcome.FAULT for result in results):
            return results
        await _reserve_name(filing, filed.uscc, coming, uow, now, desk)
        asked = await ask_old_registrar(filing, filed, coming, uow, now, desk)
        if asked.status is HandOverStatus.HANDED_OVER:
            return (*results, passed(FILE, "/coming_from"))
        is_officer = filing.status is FilingStatus.UNDER_REVIEW and filing.clock is not None
        return (*results, file_awaited(coming, desk.policy, is_officer=is_officer))

    async def enter(self, filing: Filing, uow: UnitOfWork, now: datetime, desk: RegistrarDesk) -> Entered:
        """The licence shows the new address. Raises: EnterpriseStateForbids, FileNotSound."""
        filed = _said(filing.content)
        entered = (
            await self._move(filing, filed, uow, now, desk)
            if filed.coming_from is None
            else await _take_in(filing, filed, filed.coming_from, uow, now, desk)
        )
        await FollowUpStore(uow.session).add(follow_ups_of(filing, filed.uscc, now))
        return Entered(filed.uscc, entered.enterprise.licence_identifier)

    async def _move(
        self, filing: Filing, filed: Relocation, uow: UnitOfWork, now: datetime, desk: RegistrarDesk
    ) -> EnterpriseFile:
        before = await self.lock(filing, uow)
        after = EnterpriseFile(moved(before.enterprise, filed.domicile, desk.policy), before.people)
        cause = Cause(
            RegisterAct.RELOCATED,
            filing_id=filing.id,
            matter_id=filing.matter_id,
            effective_on=filed.moves_on,
        )
        return await change_register(before, after, cause, uow, now, desk)

    async def release(self, filing: Filing, uow: UnitOfWork) -> None:
        """The name is free, and the file is not asked for any more."""
        await NameStore(uow.session).release(filing.id)
        await stop_asking(filing, uow)

    def limit(self, desk: RegistrarDesk) -> Limit:
        """As long as the file may take (REG-18)."""
        return desk.policy.changes.hand_over


def _said(content: FilingContent) -> Relocation:
    assert isinstance(content, Relocation)  # noqa: S101 - the kind says so
    return content


async def _stands_here(uscc: str, uow: UnitOfWork) -> bool:
    try:
        file = await EnterpriseStore(uow.session).lock(uscc)
    except EnterpriseNotFound:  # as it should be of one that comes from elsewhere
        return False
    return file.enterprise.state not in GONE


async def _reserve_name(
    filing: Filing, uscc: str, coming: ComingFrom, uow: UnitOfWork, now: datetime, desk: RegistrarDesk
) -> None:
    """A name that was judged elsewhere is in the way of nothing but the same name. Raises: NameTaken."""
    whole, today, names = name_key(coming.name), local_date(now), desk.policy.names
    claim = NameClaim(
        NameKeys(whole, whole, ""),
        desk.policy.division_code,
        filing.id,
        freed_on(today, names.conflict_window),
        uscc=uscc,
    )
    if not await NameStore(uow.session).reserve(claim, reserved_until(now, names.reservation, today), now):
        zh, en = "该名称已被他人使用，请先变更名称", "somebody else here has the name: change it first"
        raise NameTaken((FieldFault("/coming_from/name", SAME.id, zh, en),))


async def _take_in(
    filing: Filing,
    filed: Relocation,
    coming: ComingFrom,
    uow: UnitOfWork,
    now: datetime,
    desk: RegistrarDesk,
) -> EnterpriseFile:
    store = HandOverStore(uow.session)
    asked = await store.of_filing(filing.id)
    jws = await store.dossier(asked.id) if asked else None
    if jws is None:
        zh, en = "登记档案尚未移交", "the file has not been handed over"
        raise FileNotSound((FieldFault("/dossier", FILE.id, zh, en),))
    dossier = opened_dossier(jws, desk.policy.changes.other_registrars[coming.registrar_uscc].keys)
    return await enter_moved_in(dossier, filing, filed, uow, now, desk)
