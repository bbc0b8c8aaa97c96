"""Take over rows of an existing register: entered with their events, or listed with every reason."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from services.registration.domain.enterprise import Enterprise, RegisteredScope
from services.registration.domain.errors import ImportCompleted
from services.registration.domain.import_reasons import reason
from services.registration.domain.imported_row import ReadRow, StatedEnterprise, differences, read_row
from services.registration.domain.kinds import GONE, EnterpriseState, Origin
from services.registration.domain.register_import import (
    ImportStatus,
    LineOutcome,
    Lines,
    RegisterImport,
    ReportLine,
    Tally,
)
from services.registration.published.enterprises import enterprise_registered, representative_determined
from services.registration.store.imports import ImportStore
from services.registration.store.takeover import HeldEnterprise, TakeoverStore
from services.registration.use_cases.registrar_desk import RegistrarDesk
from shared.calendar import local_date
from shared.database.unit_of_work import UnitOfWork


@dataclass(frozen=True)
class TakeOverBatch:
    """Rows of the file from `first_line` on, cell by cell."""

    import_id: UUID
    keeper: str
    first_line: int
    rows: Sequence[Sequence[str]]

    @property
    def lines(self) -> Lines:
        """The stretch that the batch covers."""
        return Lines.of(self.first_line, len(self.rows))


async def take_over_batch(
    command: TakeOverBatch, uow: UnitOfWork, now: datetime, desk: RegistrarDesk
) -> RegisterImport:
    """Repeating a batch changes nothing.

    Raises: ImportNotFound, ImportCompleted, BatchBeyondFile, BatchOverlaps.
    """
    store = ImportStore(uow.session)
    await store.lock_batch(command.import_id, command.first_line)
    running = await store.find(command.import_id, command.keeper, lock="FOR SHARE")
    if _is_done(command.lines, running):
        return running
    today = local_date(now)
    read = [
        read_row(command.first_line + at, cells, desk.policy, today) for at, cells in enumerate(command.rows)
    ]
    report, entered = await _enter(read, command.import_id, uow, now)
    for stated in entered:
        tell_taken_over(stated, uow, now, desk)
    tally = _tally(report)
    telling = [entry for entry in report if entry.reasons]
    await store.save_batch(command.import_id, command.lines, tally, telling)
    return await store.find(command.import_id, command.keeper)


def tell_taken_over(stated: StatedEnterprise, uow: UnitOfWork, now: datetime, desk: RegistrarDesk) -> None:
    """Announce an enterprise of another register, and who stands for it."""
    uow.announce(enterprise_registered(enterprise_stated(stated, now)))
    if stated.representative is not None and stated.state not in GONE:
        uow.announce(representative_determined(stated.uscc, desk.reference_of(stated.representative)))


def _is_done(lines: Lines, running: RegisterImport) -> bool:
    if lines.are_among(running.done):
        return True
    if running.status is ImportStatus.COMPLETED:
        raise ImportCompleted
    lines.require_free(running.done, running.total_lines)
    return False


async def _enter(
    read: Sequence[ReadRow], import_id: UUID, uow: UnitOfWork, now: datetime
) -> tuple[list[ReportLine], list[StatedEnterprise]]:
    first: dict[str, ReadRow] = {}
    for row in read:
        if row.stated is not None:
            first.setdefault(row.stated.uscc, row)
    store = TakeoverStore(uow.session)
    stated = [row.stated for row in first.values() if row.stated is not None]
    codes = await store.enter(stated, import_id, now)
    held = await store.held([code for code in first if code not in codes])
    report = [_outcome(row, first, codes, held) for row in read]
    return report, [one for one in stated if one.uscc in codes]


def _outcome(
    row: ReadRow, first: dict[str, ReadRow], entered: frozenset[str], held: dict[str, HeldEnterprise]
) -> ReportLine:
    stated = row.stated
    if stated is None:
        return ReportLine(row.line, LineOutcome.REFUSED, row.uscc, row.reasons)
    before = first[stated.uscc]
    if before is not row and before.stated is not None:
        if before.stated.digest == stated.digest:
            return ReportLine(row.line, LineOutcome.UNCHANGED, stated.uscc, ())
        columns = "、".join(differences(stated, before.stated))
        told = reason("row.differs_in_file", line=before.line, columns=columns)
        return ReportLine(row.line, LineOutcome.REFUSED, stated.uscc, (told,))
    if stated.uscc in entered:
        return ReportLine(row.line, LineOutcome.IMPORTED, stated.uscc, row.reasons)
    found = held[stated.uscc]
    if found.is_imported and found.stated.digest == stated.digest:
        return ReportLine(row.line, LineOutcome.UNCHANGED, stated.uscc, ())
    told = reason("row.differs_from_register", columns="、".join(differences(stated, found.stated)))
    return ReportLine(row.line, LineOutcome.REFUSED, stated.uscc, (told,))


def _tally(report: Sequence[ReportLine]) -> Tally:
    outcomes = [entry.outcome for entry in report]
    return Tally(
        imported=outcomes.count(LineOutcome.IMPORTED),
        warned=sum(entry.outcome is LineOutcome.IMPORTED and bool(entry.reasons) for entry in report),
        unchanged=outcomes.count(LineOutcome.UNCHANGED),
        refused=outcomes.count(LineOutcome.REFUSED),
    )


def enterprise_stated(stated: StatedEnterprise, now: datetime) -> Enterprise:
    """The enterprise as the old register states it."""
    return Enterprise(
        uscc=stated.uscc,
        name=stated.name,
        enterprise_kind=stated.kind,
        state=stated.state or EnterpriseState.ACTIVE,
        established_on=stated.established_on,
        registered_capital_fen=stated.capital_fen,
        domicile_division_code=stated.division_code,
        domicile_text=stated.address,
        scope=(RegisteredScope(None, stated.scope_stated),) if stated.scope_stated else (),
        industry_code=None,
        registrar_uscc=None,
        division_code=stated.division_code,
        licence_identifier=None,
        filing_id=None,
        matter_id=None,
        owner_accounts=(),
        origin=Origin.IMPORT,
        registered_at=now,
        changed_at=now,
    )
