"""Out of this register: another registrar asks for an enterprise's file, and has it in the call if nothing is open.

Source: 市场主体登记管理条例 art. 27; REG-16 (moving is not restricted), REG-18 (at once, or within the pack's limit).
"""

from dataclasses import dataclass, field, replace
from datetime import datetime
from uuid import UUID

from services.registration.domain.change_policy import NOT_NORMAL
from services.registration.domain.enterprise import EnterpriseFile
from services.registration.domain.errors import EnterpriseStateForbids, NotTheRegistrar
from services.registration.domain.filing import Filing
from services.registration.domain.filing_kinds import FilingKind
from services.registration.domain.hand_over import (
    Direction,
    HandOver,
    HandOverAction,
    HandOverStatus,
    MatterKind,
    OpenMatter,
    Refused,
    advance,
)
from services.registration.domain.kinds import IN_BUSINESS, EnterpriseState
from services.registration.domain.names import name_key
from services.registration.domain.register_acts import Cause, RegisterAct
from services.registration.domain.relocation_errors import (
    HandOverInProgress,
    HandOverNotAllowed,
    HandOverNotFound,
    NotAKnownRegistrar,
)
from services.registration.domain.wording import Wording
from services.registration.published.relocations import (
    relocation_handed_over,
    relocation_refused,
    relocation_requested,
    relocation_taken_back,
)
from services.registration.store.enterprises import EnterpriseStore
from services.registration.store.filings import FilingStore
from services.registration.store.hand_overs import HandOverStore
from services.registration.store.open_matters import OpenMattersStore
from services.registration.use_cases.carry_standing import take_over_listings
from services.registration.use_cases.change_register import change_register
from services.registration.use_cases.frozen_changes import require_not_frozen
from services.registration.use_cases.registrar_desk import RegistrarDesk
from services.registration.use_cases.registrars import keeps_register_at, require_registrar
from services.registration.use_cases.sign_dossier import Addressed, own_dossier, signed_dossier
from services.registration.use_cases.undo_change import named_again
from shared.calendar import ClockState, DeadlineLedger, due, local_date
from shared.database.unit_of_work import UnitOfWork
from shared.identifiers import new_uuid7
from shared.security.principal import Principal

_STATE_WORDS = Wording("企业已歇业", "the enterprise suspended its business")
_OUT_OF_BUSINESS = Wording(
    "企业已不在营业，不再迁移", "the enterprise is in business no more and does not move"
)
_IDENTITY_WORDS = Wording(
    "申请所述名称或者法定代表人与登记簿不符", "name or representative are not as the register has them"
)


@dataclass(frozen=True)
class AskForFile:
    """Which enterprise moves where, as the other registrar's applicant says; `reference` names that request there."""

    caller: Principal
    reference: str
    uscc: str
    name: str
    representative_name: str = field(repr=False)
    representative_id_number: str = field(repr=False)
    division_code: str
    address: str


async def ask_for_file(command: AskForFile, uow: UnitOfWork, now: datetime, desk: RegistrarDesk) -> HandOver:
    """Asking again under the same reference gives what became of it.

    Raises: NotAKnownRegistrar, EnterpriseNotFound, EnterpriseStateForbids, HandOverInProgress.
    """
    other = require_other_registrar(command.caller, desk)
    store = HandOverStore(uow.session)
    file = await EnterpriseStore(uow.session).lock(command.uscc)
    known = await store.by_reference(other, command.reference)
    if known is not None:
        return known
    _require_in_business(file)
    running = await store.running(command.uscc, Direction.OUT)
    if running is not None:
        raise HandOverInProgress(str(running.id))
    asked = HandOver(
        id=new_uuid7(),
        direction=Direction.OUT,
        status=HandOverStatus.REQUESTED,
        version=1,
        uscc=command.uscc,
        name=file.enterprise.name,
        other_registrar=other,
        division_code=command.division_code,
        address=command.address,
        filing_id=None,
        reference=command.reference,
        open_matters=(*_identity(command, file), *await _open_matters(file, uow)),
        clock=DeadlineLedger.started(desk.policy.changes.hand_over, now),
        requested_at=now,
    )
    if asked.open_matters:
        ends = asked.clock.due_at(desk.calendar)
        await store.save(asked, ends)
        uow.announce(relocation_requested(asked, ends))
        return asked
    return await _hand_over(asked, file, uow, now, desk)


@dataclass(frozen=True)
class HandOverFile:
    """Which file, and which officer hands it over, whatever is still open; that goes with it."""

    hand_over_id: UUID
    officer: Principal


async def hand_over_file(
    command: HandOverFile, uow: UnitOfWork, now: datetime, desk: RegistrarDesk
) -> HandOver:
    """What is open elsewhere keeps nobody from moving; a filing under review is decided first.

    Raises: NotTheRegistrar, HandOverNotFound, HandOverNotAllowed, EnterpriseStateForbids, HandOverInProgress,
    ChangesFrozen.
    """
    require_registrar(command.officer, desk)
    asked = await HandOverStore(uow.session).lock(command.hand_over_id)
    await require_own_officer(command.officer, asked, uow, desk)
    if asked.direction is not Direction.OUT:
        raise HandOverNotFound
    advance(asked, HandOverAction.HAND_OVER)
    file = await EnterpriseStore(uow.session).lock(asked.uscc)
    _require_in_business(file)
    await require_not_frozen(asked.uscc, uow)
    matters = await _open_matters(file, uow)
    under_review = [matter for matter in matters if matter.kind is MatterKind.FILING]
    if under_review:
        raise HandOverInProgress(under_review[0].reference or "")
    return await _hand_over(replace(asked, open_matters=matters), file, uow, now, desk)


async def hand_over_if_settled(
    asked: HandOver, uow: UnitOfWork, now: datetime, desk: RegistrarDesk
) -> HandOver:
    """Look again at one that waits: without open matters it goes; who asked is an officer's to look at.

    Whoever is in business no more does not move: the request ends.
    """
    file = await EnterpriseStore(uow.session).lock(asked.uscc)
    if file.enterprise.state not in IN_BUSINESS:
        return await keep_back(asked, Refused(NOT_NORMAL, _OUT_OF_BUSINESS), uow, now)
    unproven = tuple(matter for matter in asked.open_matters if matter.kind is MatterKind.IDENTITY)
    matters = (*unproven, *await _open_matters(file, uow))
    looked_at = replace(asked, open_matters=matters)
    if matters:
        await HandOverStore(uow.session).save(looked_at, asked.clock.due_at(desk.calendar))
        return looked_at
    return await _hand_over(looked_at, file, uow, now, desk)


async def lock_with_filing(hand_over_id: UUID, uow: UnitOfWork) -> tuple[Filing | None, HandOver]:
    """The filing that it was asked for is locked first, as by all who begin with the filing.

    Raises: HandOverNotFound, FilingNotFound.
    """
    store = HandOverStore(uow.session)
    filing_id = (await store.find(hand_over_id)).filing_id
    filing = await FilingStore(uow.session).lock(filing_id) if filing_id is not None else None
    return filing, await store.lock(hand_over_id)


async def keep_back(asked: HandOver, refused: Refused, uow: UnitOfWork, now: datetime) -> HandOver:
    """The file stays where it is, for that reason. Raises: HandOverNotAllowed."""
    kept = replace(
        advance(asked, HandOverAction.REFUSE),
        refused=refused,
        clock=asked.clock if asked.clock.state is ClockState.STOPPED else asked.clock.stop(now),
    )
    await HandOverStore(uow.session).save(kept, None)
    uow.announce(relocation_refused(kept))
    return kept


async def _hand_over(
    asked: HandOver, file: EnterpriseFile, uow: UnitOfWork, now: datetime, desk: RegistrarDesk
) -> HandOver:
    """Sign the file as it stands, and let the enterprise leave: in one transaction."""
    given = replace(
        advance(asked, HandOverAction.HAND_OVER),
        clock=asked.clock if asked.clock.state is ClockState.STOPPED else asked.clock.stop(now),
        handed_over_at=now,
        left_as=file.enterprise.state,
        paper_files_due_on=local_date(due(desk.policy.changes.paper_files, now, desk.calendar).at),
    )
    addressed = Addressed(asked.other_registrar, asked.reference or "")
    dossier = await signed_dossier(file, asked.open_matters, addressed, uow, now, desk)
    store = HandOverStore(uow.session)
    await store.save(given, None, dossier)
    gone = replace(file, enterprise=replace(file.enterprise, state=EnterpriseState.MOVED_OUT))
    cause = Cause(
        RegisterAct.MOVED_OUT,
        details={
            "to_registrar_uscc": given.other_registrar,
            "to_division_code": given.division_code,
            "to_address": given.address,
            "relocation_id": str(given.id),
        },
    )
    await change_register(file, gone, cause, uow, now, desk)
    uow.announce(relocation_handed_over(given))
    return given


async def take_file_back(
    hand_over_id: UUID, caller: Principal, uow: UnitOfWork, now: datetime, desk: RegistrarDesk
) -> HandOver:
    """The new registrar did not enter the enterprise: it stands here again as it left, if it moved nowhere since.

    Raises: NotAKnownRegistrar, HandOverNotFound, HandOverNotAllowed.
    """
    other = require_other_registrar(caller, desk)
    store = HandOverStore(uow.session)
    given = await store.lock(hand_over_id)
    if given.direction is not Direction.OUT or given.other_registrar != other:
        raise HandOverNotFound
    back = advance(given, HandOverAction.TAKE_BACK)
    file = await EnterpriseStore(uow.session).lock(given.uscc)
    one = file.enterprise
    if one.state is not EnterpriseState.MOVED_OUT or one.changed_at != given.handed_over_at:
        raise HandOverNotAllowed(given.status.value, HandOverAction.TAKE_BACK.value)
    back_here = replace(one, state=given.left_as or EnterpriseState.ACTIVE, ended_on=None)
    after = await named_again(file, replace(file, enterprise=back_here), uow, now, desk)
    restored = await change_register(file, after, Cause(RegisterAct.RESTORED), uow, now, desk)
    if (signed := await store.dossier(given.id)) is not None:
        listings = own_dossier(signed).standing.listings
        await take_over_listings(listings, restored.enterprise, uow, desk)
    await store.save(back, None)
    uow.announce(relocation_taken_back(back))
    return back


def require_other_registrar(caller: Principal, desk: RegistrarDesk) -> str:
    """The credit code of the registrar that calls. Raises: NotAKnownRegistrar."""
    if caller.agency is None or caller.agency not in desk.policy.changes.other_registrars:
        raise NotAKnownRegistrar
    return caller.agency


def registrar_of(caller: Principal, desk: RegistrarDesk) -> str | None:
    """None for the registrar here, who sees all. Raises: NotAKnownRegistrar."""
    if caller.agency == desk.policy.registrar.uscc:
        return None
    return require_other_registrar(caller, desk)


async def is_own_officer(caller: Principal, asked: HandOver, uow: UnitOfWork, desk: RegistrarDesk) -> bool:
    """Whether it is the registrar here, and the office's region has where the enterprise is, or goes to."""
    place = asked.division_code
    if asked.direction is Direction.OUT:
        place = (await EnterpriseStore(uow.session).find(asked.uscc)).enterprise.domicile_division_code
    return keeps_register_at(caller, place, desk)


async def require_own_officer(
    caller: Principal, asked: HandOver, uow: UnitOfWork, desk: RegistrarDesk
) -> None:
    """Raises: NotTheRegistrar."""
    if not await is_own_officer(caller, asked, uow, desk):
        raise NotTheRegistrar


def _require_in_business(file: EnterpriseFile) -> None:
    if file.enterprise.state not in IN_BUSINESS:
        raise EnterpriseStateForbids(file.enterprise.state.value, FilingKind.RELOCATION.value)


def _identity(command: AskForFile, file: EnterpriseFile) -> tuple[OpenMatter, ...]:
    """Only who stands for an enterprise moves it; the other registrar says who applied, this one whether it is so."""
    stands = file.representative
    is_named = name_key(command.name) == name_key(file.enterprise.name)
    is_known = (
        stands is not None
        and stands.name == command.representative_name
        and stands.id_number.upper() == command.representative_id_number.upper()
    )
    return () if is_named and is_known else (OpenMatter(MatterKind.IDENTITY, _IDENTITY_WORDS),)


async def _open_matters(file: EnterpriseFile, uow: UnitOfWork) -> tuple[OpenMatter, ...]:
    matters = await OpenMattersStore(uow.session).of(file.enterprise.uscc)
    if file.enterprise.state is not EnterpriseState.ACTIVE:
        return (OpenMatter(MatterKind.STATE, _STATE_WORDS), *matters)
    return matters
