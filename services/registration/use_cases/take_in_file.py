"""The old registrar hands a file over: the enterprise is entered in the same call, or nothing changes."""

from dataclasses import dataclass, field, replace
from datetime import datetime
from uuid import UUID

from services.registration.domain.acts.relocation import ComingFrom, Relocation
from services.registration.domain.dossier import Dossier
from services.registration.domain.errors import FaultsRemain
from services.registration.domain.filing import DecidedBy, Filing, FilingAction
from services.registration.domain.filing import advance as advance_filing
from services.registration.domain.hand_over import Direction, HandOver, HandOverAction, advance
from services.registration.domain.kinds import IN_BUSINESS
from services.registration.domain.names import name_key
from services.registration.domain.relocation_errors import FileNotSound, HandOverNotFound
from services.registration.published.relocations import relocation_handed_over
from services.registration.store.hand_overs import HandOverStore
from services.registration.use_cases.decide_filing import carry_out, review_filing
from services.registration.use_cases.faults import faults_of
from services.registration.use_cases.hand_over_file import lock_with_filing, require_other_registrar
from services.registration.use_cases.registrar_desk import RegistrarDesk
from services.registration.use_cases.sign_dossier import opened_dossier
from shared.calendar import ClockState, due, local_date
from shared.database.unit_of_work import UnitOfWork
from shared.security.principal import Principal
from shared.web.problems import FieldFault


@dataclass(frozen=True)
class TakeInFile:
    """Which file, from which registrar's client; `dossier` is the signed file."""

    hand_over_id: UUID
    caller: Principal
    dossier: str = field(repr=False)


async def take_in_file(command: TakeInFile, uow: UnitOfWork, now: datetime, desk: RegistrarDesk) -> HandOver:
    """Raises: NotAKnownRegistrar, HandOverNotFound, HandOverNotAllowed, FileNotSound, FaultsRemain, ActionNotAllowed;
    whatever the act's effect raises.
    """
    other = require_other_registrar(command.caller, desk)
    filing, asked = await lock_with_filing(command.hand_over_id, uow)
    if asked.direction is not Direction.IN or asked.other_registrar != other or filing is None:
        raise HandOverNotFound
    taken = advance(asked, HandOverAction.HAND_OVER)
    dossier = opened_dossier(command.dossier, desk.policy.changes.other_registrars[other].keys)
    if faults := _faults(dossier, asked, filing, desk):
        raise FileNotSound(faults)
    taken = replace(
        taken,
        open_matters=dossier.open_matters,
        clock=asked.clock if asked.clock.state is ClockState.STOPPED else asked.clock.stop(now),
        handed_over_at=now,
        paper_files_due_on=local_date(due(desk.policy.changes.paper_files, now, desk.calendar).at),
    )
    await HandOverStore(uow.session).save(taken, None, command.dossier)
    approved = advance_filing(filing, FilingAction.APPROVE)
    results = await review_filing(filing, uow, now, desk)
    if broken := faults_of(results):
        raise FaultsRemain(broken)
    await carry_out(replace(approved, results=results), DecidedBy.SYSTEM, uow, now, desk)
    uow.announce(relocation_handed_over(taken))
    return taken


def _faults(dossier: Dossier, asked: HandOver, filing: Filing, desk: RegistrarDesk) -> tuple[FieldFault, ...]:
    """Where the file is not the one that was asked for."""
    filed = filing.content
    assert isinstance(filed, Relocation) and filed.coming_from  # noqa: S101 - the kind says so
    one = dossier.file.enterprise
    expected = (
        (
            "reference",
            dossier.reference == str(asked.id),
            "不是所请求的档案",
            "it is not the file that was asked for",
        ),
        (
            "registrars",
            (dossier.from_registrar, dossier.to_registrar)
            == (asked.other_registrar, desk.policy.registrar.uscc),
            "不是移交给本登记机关的档案",
            "it is not handed to this registrar",
        ),
        ("uscc", one.uscc == asked.uscc, "统一社会信用代码不符", "it is about another enterprise"),
        ("name", name_key(one.name) == name_key(asked.name), "名称与申请不符", "the name is not as applied"),
        ("state", one.state in IN_BUSINESS, "企业状态不正常", "the enterprise is not in business"),
        (
            "kind",
            one.enterprise_kind is filed.coming_from.enterprise_kind,
            "类型与申请不符",
            "the kind is not as applied",
        ),
        (
            "representative",
            _is_representative(dossier, filed.coming_from),
            "法定代表人（负责人）与申请不符",
            "who stands for the enterprise did not apply",
        ),
    )
    return tuple(FieldFault("/dossier", code, zh, en) for code, holds, zh, en in expected if not holds)


def _is_representative(dossier: Dossier, coming: ComingFrom) -> bool:
    stands = dossier.file.representative
    return stands is not None and stands.id_number.upper() == coming.representative_id_number.upper()
