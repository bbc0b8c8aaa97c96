"""Enter what a court ruled on an enterprise's bankruptcy or liquidation (破产、强制清算裁定)."""

from dataclasses import dataclass, replace
from datetime import date, datetime

from services.registration.domain.authority_errors import (
    DecisionNotYetMade,
    NotACourt,
    RulingEntered,
)
from services.registration.domain.court_ruling import (
    WORDS,
    CourtRuling,
    Proceedings,
    RulingKind,
    after,
    state_under,
)
from services.registration.domain.errors import EnterpriseStateForbids
from services.registration.domain.kinds import GONE, EnterpriseState
from services.registration.domain.register_acts import Cause, RegisterAct
from services.registration.store.changes import RegisterChanges
from services.registration.store.court_rulings import CourtRulingStore
from services.registration.store.enterprises import EnterpriseStore
from services.registration.use_cases.change_register import change_register
from services.registration.use_cases.registrar_desk import RegistrarDesk
from services.registration.use_cases.suspend import cut_suspension_short
from shared.calendar import local_date
from shared.database.unit_of_work import UnitOfWork
from shared.identifiers import new_uuid7
from shared.security.principal import Principal


@dataclass(frozen=True)
class EnterRuling:
    """What a court ruled on which enterprise, under which number; `administrator` is whom it appointed (管理人)."""

    uscc: str
    kind: RulingKind
    number: str
    ruled_on: date
    court_name: str
    administrator: str | None
    caller: Principal


async def enter_ruling(
    command: EnterRuling, uow: UnitOfWork, now: datetime, desk: RegistrarDesk
) -> CourtRuling:
    """Raises: NotACourt, EnterpriseNotFound, EnterpriseStateForbids, DecisionNotYetMade, RulingEntered,
    RulingNotPossible.
    """
    court = command.caller.agency
    if court is None or court not in desk.policy.authority.courts:
        raise NotACourt
    if command.ruled_on > local_date(now):
        raise DecisionNotYetMade(command.ruled_on)
    file = await EnterpriseStore(uow.session).lock(command.uscc)
    if file.enterprise.state in GONE:
        raise EnterpriseStateForbids(file.enterprise.state.value, RegisterAct.COURT_RULED.value)
    store = CourtRulingStore(uow.session)
    earlier = await store.of(command.uscc)
    known = next(
        (each for each in earlier if (each.court_uscc, each.number) == (court, command.number)), None
    )
    if known is not None:
        raise RulingEntered(str(known.id))
    before = earlier[0].proceedings if earlier else Proceedings.NONE
    proceedings = after(before, command.kind)
    ruling = CourtRuling(
        id=new_uuid7(),
        uscc=command.uscc,
        kind=command.kind,
        number=command.number,
        ruled_on=command.ruled_on,
        court_uscc=court,
        court_name=command.court_name,
        administrator=command.administrator,
        proceedings=proceedings,
        entered_at=now,
    )
    await store.add(ruling)
    by_court = await RegisterChanges(uow.session).made_state(command.uscc) is RegisterAct.COURT_RULED
    state = state_under(proceedings, file.enterprise.state, by_court=by_court)
    one = replace(file.enterprise, state=state)
    if file.enterprise.state is EnterpriseState.SUSPENDED and state is not EnterpriseState.SUSPENDED:
        one = replace(one, suspended_until=None)
        await cut_suspension_short(command.uscc, uow, now)
    await change_register(file, replace(file, enterprise=one), _cause(ruling), uow, now, desk)
    return ruling


def _cause(ruling: CourtRuling) -> Cause:
    return Cause(
        RegisterAct.COURT_RULED,
        reason=WORDS[ruling.kind],
        effective_on=ruling.ruled_on,
        details={
            "ruling": ruling.kind.value,
            "ruling_no": ruling.number,
            "proceedings": ruling.proceedings.value,
            "court": ruling.court_name,
            "agency_uscc": ruling.court_uscc,
        },
    )
