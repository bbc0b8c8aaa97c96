"""Enter an authority's decision that ends an enterprise's business: licence, name, suspension and bars follow."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from services.registration.domain.authority_errors import DecisionNotYetMade, DecisionTooEarly
from services.registration.domain.closure import CLOSES_AS, CLOSES_FROM, Closure, Decision
from services.registration.domain.enterprise import Enterprise, EnterpriseFile
from services.registration.domain.errors import EnterpriseStateForbids
from services.registration.domain.person_bar import BarKind
from services.registration.domain.register_acts import Cause, RegisterAct
from services.registration.domain.wording import Wording
from services.registration.store.closures import ClosureStore
from services.registration.store.enterprises import EnterpriseStore
from services.registration.use_cases.change_register import change_register
from services.registration.use_cases.person_bars import EnterBar, enter_bar
from services.registration.use_cases.registrar_desk import RegistrarDesk
from services.registration.use_cases.registrars import require_registrar, require_registrar_at
from services.registration.use_cases.suspend import cut_suspension_short
from shared.calendar import local_date
from shared.database.unit_of_work import UnitOfWork
from shared.identifiers import new_uuid7
from shared.security.principal import Principal

_WORDS = {
    RegisterAct.LICENCE_REVOKED: Wording("吊销营业执照", "its business licence was revoked"),
    RegisterAct.CLOSED_BY_ORDER: Wording("责令关闭", "it was ordered to close"),
    RegisterAct.REGISTRATION_REVOKED: Wording("撤销登记", "its registration was revoked"),
    RegisterAct.FORCIBLY_DEREGISTERED: Wording("强制注销", "it was deregistered by the registrar"),
}


@dataclass(frozen=True)
class EndBusiness:
    """Which penalty ends which enterprise's business; whether its representative is personally responsible."""

    uscc: str
    act: RegisterAct
    decision: Decision
    representative_is_responsible: bool
    officer: Principal


async def end_business(
    command: EndBusiness, uow: UnitOfWork, now: datetime, desk: RegistrarDesk
) -> EnterpriseFile:
    """Whoever stands for it and is personally responsible stands for no other one for three years.

    Source: 公司法 art. 178(1)(4).
    Raises: EnterpriseNotFound, NotTheRegistrar, EnterpriseStateForbids, DecisionNotYetMade, DecisionTooEarly.
    """
    require_registrar(command.officer, desk)
    file = await EnterpriseStore(uow.session).lock(command.uscc)
    require_registrar_at(command.officer, file.enterprise.domicile_division_code, desk)
    responsible = file.representative if command.representative_is_responsible else None
    barred = [responsible.id_number] if responsible else []
    bars = await bar_persons(
        barred, BarKind.REVOKED_OR_CLOSED, command.uscc, command.decision, command.officer, uow, now, desk
    )
    closed, _ = await close_enterprise(
        file, command.act, command.decision, bars, command.officer, uow, now, desk
    )
    return closed


async def close_enterprise(
    file: EnterpriseFile,
    act: RegisterAct,
    decision: Decision,
    bars: Sequence[UUID],
    officer: Principal,
    uow: UnitOfWork,
    now: datetime,
    desk: RegistrarDesk,
) -> tuple[EnterpriseFile, Closure]:
    """The enterprise is locked. Raises: EnterpriseStateForbids, DecisionNotYetMade, DecisionTooEarly."""
    one = file.enterprise
    if one.state not in CLOSES_FROM[act]:
        raise EnterpriseStateForbids(one.state.value, act.value)
    require_possible_day(decision, one, now)
    await cut_suspension_short(one.uscc, uow, now)
    ended = replace(one, state=CLOSES_AS[act], suspended_until=None)
    cause = Cause(
        act,
        reason=_WORDS[act],
        effective_on=decision.decided_on,
        details={
            "decision_no": decision.number,
            "decided_by": decision.decided_by,
            "basis": decision.basis,
            "agency_uscc": desk.policy.registrar.uscc,
        },
    )
    changed = await change_register(file, replace(file, enterprise=ended), cause, uow, now, desk)
    closure = Closure(
        id=new_uuid7(),
        uscc=one.uscc,
        act=act,
        decision=decision,
        version=changed.enterprise.version,
        bars=tuple(bars),
        entered_by=officer.reference,
        entered_at=now,
    )
    await ClosureStore(uow.session).add(closure)
    return changed, closure


def require_possible_day(decision: Decision, one: Enterprise, now: datetime) -> None:
    """Raises: DecisionNotYetMade, DecisionTooEarly."""
    if decision.decided_on > local_date(now):
        raise DecisionNotYetMade(decision.decided_on)
    if one.established_on is not None and decision.decided_on < one.established_on:
        raise DecisionTooEarly(one.established_on)


async def bar_persons(
    id_numbers: Sequence[str],
    kind: BarKind,
    uscc: str,
    decision: Decision,
    officer: Principal,
    uow: UnitOfWork,
    now: datetime,
    desk: RegistrarDesk,
) -> tuple[UUID, ...]:
    """Bar those responsible from the day of the decision on, for as long as the law says; returns the bars."""
    made = [
        await enter_bar(
            EnterBar(
                id_number=id_number,
                kind=kind,
                basis=decision.basis,
                decided_by=decision.decided_by,
                document_no=decision.number,
                since=decision.decided_on,
                until=None,
                uscc=uscc,
                officer=officer,
            ),
            uow,
            now,
            desk,
        )
        for id_number in id_numbers
    ]
    return tuple(bar.id for bar in made)
