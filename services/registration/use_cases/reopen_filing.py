"""Set a refusal aside (撤销不予登记决定): the filing is under review again, and the rules look at it at once."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from types import MappingProxyType
from typing import Final

from services.registration.domain.authority_errors import ChangesFrozen
from services.registration.domain.errors import EnterpriseStateForbids, FilingInProgress, NameTaken
from services.registration.domain.exit_errors import (
    NoticeLapsed,
    NoticeMissing,
    NoticeNotOver,
    NoticeRunning,
    SimpleWayClosed,
)
from services.registration.domain.filing import DecidedBy, Filing, FilingAction, advance
from services.registration.domain.precedent_appeal import PrecedentAppeal
from services.registration.domain.relocation_errors import HandOverInProgress
from services.registration.domain.review import verdict
from services.registration.domain.rule import Outcome, Rule, RuleResult, fault
from services.registration.domain.wording import Wording
from services.registration.published.filings import filing_reopened, filing_returned
from services.registration.store.filings import FilingStore
from services.registration.use_cases.decide_filing import carry_out, review_filing, save_filing, take_up
from services.registration.use_cases.registrar_desk import RegistrarDesk
from shared.database.unit_of_work import UnitOfWork
from shared.web.problems import FieldFault

REOPENED: Final = Rule(
    "review.reopened",
    Wording("有先例可办申诉答复", "the answer to an appeal with a precedent"),
    Wording("可以重新审查", "it can be reviewed anew"),
)
_NOTICE: Final = Wording(
    "简易注销公告的情况已变化，请按现状重新办理",
    "the notice of the deregistration is not as it was: go on as it stands now",
)
_IN_THE_WAY: Final[Mapping[type[Exception], Wording]] = MappingProxyType(
    {
        FilingInProgress: Wording(
            "该企业另有登记申请正在审查，办结后请重新提交本申请",
            "an officer has another filing about the enterprise: submit this one again once that is decided",
        ),
        EnterpriseStateForbids: Wording(
            "企业的登记状态已变化，不能办理本申请", "the enterprise's state has changed and does not allow it"
        ),
        ChangesFrozen: Wording(
            "该企业涉嫌虚假登记，公示期内暂停登记",
            "nothing is registered about the enterprise while a false registration is published",
        ),
        HandOverInProgress: Wording(
            "该企业另有迁移申请正在办理", "another filing moves the enterprise already"
        ),
        **dict.fromkeys(
            (NoticeMissing, NoticeRunning, NoticeNotOver, NoticeLapsed, SimpleWayClosed), _NOTICE
        ),
    }
)


async def reopen_filing(
    appeal: PrecedentAppeal, uow: UnitOfWork, now: datetime, desk: RegistrarDesk
) -> Filing:
    """Its name is taken again where it is free; what stands in the way sends it back, and says so.

    Its officer has a fresh clock; the applicant's own time stays that of the first submission.
    Raises: ActionNotAllowed; whatever the act's effect raises, where the rules approve it.
    """
    refused = await FilingStore(uow.session).lock(appeal.filing_id)
    filing = replace(
        advance(refused, FilingAction.REOPEN),
        results=(),
        reason=None,
        reason_code=None,
        decided_by=None,
        decided_at=None,
        clock=None,
    )
    filing = await _reviewed(filing, uow, now, desk)
    due = filing.clock.due_at(desk.calendar) if filing.clock else None
    uow.announce(filing_reopened(filing, appeal, due.at if due else None))
    outcome = verdict(filing.results)
    if outcome is Outcome.PASSED:
        return await carry_out(advance(filing, FilingAction.APPROVE), DecidedBy.SYSTEM, uow, now, desk)
    if outcome is Outcome.FAULT:
        filing = advance(filing, FilingAction.RETURN)
        uow.announce(filing_returned(filing))
    await save_filing(filing, uow, desk)
    return filing


async def _reviewed(filing: Filing, uow: UnitOfWork, now: datetime, desk: RegistrarDesk) -> Filing:
    """The answer to the appeal is owed whatever happened meanwhile: a conflict is a fault of the filing here."""
    try:
        async with uow.session.begin_nested():
            reviewed = replace(filing, results=await review_filing(filing, uow, now, desk))
            if verdict(reviewed.results) is Outcome.REFERRED:
                return await take_up(reviewed, uow, now, desk)
            return reviewed
    except NameTaken as taken:
        return replace(filing, results=_faults(taken.faults))
    except tuple(_IN_THE_WAY) as conflict:
        words = _IN_THE_WAY[type(conflict)]
        return replace(filing, results=(fault(REOPENED, "", words.zh, words.en),))


def _faults(found: Iterable[object]) -> tuple[RuleResult, ...]:
    basis = REOPENED.basis
    return tuple(
        RuleResult(each.code, Outcome.FAULT, each.pointer, basis.zh, basis.en, each.detail_zh, each.detail_en)
        for each in found
        if isinstance(each, FieldFault)
    )
