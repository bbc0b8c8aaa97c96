"""Compare rows of an outside register with this one: what differs is listed, nothing is overwritten."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from services.registration.domain.import_reasons import Reason, reason
from services.registration.domain.imported_row import ReadRow, read_row, without_representative
from services.registration.domain.reconciliation import (
    Difference,
    DifferenceKind,
    Reconciliation,
    compare,
)
from services.registration.domain.register_errors import ReconciliationCompleted, ReconciliationIncomplete
from services.registration.domain.register_import import ImportStatus, Lines
from services.registration.store.changes import RegisterChanges
from services.registration.store.reconciliations import (
    ComparedRow,
    ReconciliationStore,
    StartedReconciliation,
)
from services.registration.store.takeover import TakeoverStore
from services.registration.use_cases.registrar_desk import RegistrarDesk
from shared.calendar import local_date
from shared.database.unit_of_work import UnitOfWork


@dataclass(frozen=True)
class ReconcileBatch:
    """Rows of the outside register from `first_line` on, cell by cell."""

    reconciliation_id: UUID
    keeper: str
    first_line: int
    rows: Sequence[Sequence[str]]

    @property
    def lines(self) -> Lines:
        """The stretch that the batch covers."""
        return Lines.of(self.first_line, len(self.rows))


async def start_reconciliation(
    started: StartedReconciliation, uow: UnitOfWork, now: datetime
) -> Reconciliation:
    """A file is known by its digest: while its reconciliation runs there is only that one."""
    store = ReconciliationStore(uow.session)
    return await store.find(await store.start(started, now), started.keeper)


async def reconcile_batch(
    command: ReconcileBatch, uow: UnitOfWork, now: datetime, desk: RegistrarDesk
) -> Reconciliation:
    """Repeating a batch changes nothing.

    Raises: ReconciliationNotFound, ReconciliationCompleted, BatchBeyondFile, BatchOverlaps.
    """
    store = ReconciliationStore(uow.session)
    await store.lock_batch(command.reconciliation_id, command.first_line)
    running = await store.find(command.reconciliation_id, command.keeper, lock="FOR SHARE")
    if _is_done(command.lines, running):
        return running
    today = local_date(now)
    read = [
        read_row(command.first_line + place, cells, desk.policy, today)
        for place, cells in enumerate(command.rows)
    ]
    repeated = await store.held(running.id, [row.uscc for row in read if row.stated is not None])
    rows, differences = await _compared(read, command, repeated, uow)
    first = await store.keep(running.id, rows)
    rows, differences = _without_late(rows, differences, first)
    await store.save_batch(running.id, command.lines, rows, differences)
    return await store.find(running.id, command.keeper)


async def complete_reconciliation(
    reconciliation_id: UUID, keeper: str, uow: UnitOfWork, now: datetime
) -> Reconciliation:
    """List what only this register has, in as many calls as it takes; completing twice changes nothing.

    Raises: ReconciliationNotFound, ReconciliationIncomplete.
    """
    store = ReconciliationStore(uow.session)
    running = await store.find(reconciliation_id, keeper, lock="FOR UPDATE")
    if running.status is ImportStatus.COMPLETED:
        return running
    if running.next_line <= running.total_lines:
        raise ReconciliationIncomplete(running.next_line)
    await store.complete(running, now)
    return await store.find(reconciliation_id, keeper)


def _is_done(lines: Lines, running: Reconciliation) -> bool:
    if lines.are_among(running.done):
        return True
    if running.status is ImportStatus.COMPLETED:
        raise ReconciliationCompleted
    lines.require_free(running.done, running.total_lines)
    return False


async def _compared(
    read: Sequence[ReadRow], command: ReconcileBatch, repeated: frozenset[str], uow: UnitOfWork
) -> tuple[list[ComparedRow], list[Difference]]:
    codes = [row.uscc for row in read if row.stated is not None]
    ours = await RegisterChanges(uow.session).enterprises(codes)
    held = await TakeoverStore(uow.session).held(codes)
    rows: dict[str, ComparedRow] = {}
    said: dict[str, tuple[str, ...]] = {}
    differences: list[Difference] = []
    for row in read:
        cells = tuple(command.rows[row.line - command.first_line])
        if row.uscc in rows and cells == said[row.uscc]:
            continue  # the same said twice
        if row.stated is None or row.uscc in repeated or row.uscc in rows:
            reasons = row.reasons if row.stated is None else (reason("row.repeated"),)
            differences.append(_difference(DifferenceKind.UNREADABLE, row, reasons=reasons))
            continue
        one = ours.get(row.uscc)
        if one is None:
            found = [_difference(DifferenceKind.ONLY_THERE, row, theirs=row.stated.name)]
        else:
            apart = compare(row.stated, one, held[row.uscc].stated.representative)
            found = [
                _difference(DifferenceKind.FIELD, row, field=each.field, ours=each.ours, theirs=each.theirs)
                for each in apart
            ]
        differences += found
        what = "only_there" if one is None else "differs" if found else "same"
        said[row.uscc] = cells
        rows[row.uscc] = ComparedRow(row.line, row.uscc, _kept(cells, what), what)
    return list(rows.values()), differences


def _without_late(
    rows: list[ComparedRow], differences: list[Difference], first: frozenset[str]
) -> tuple[list[ComparedRow], list[Difference]]:
    """A batch at the same moment may have brought the same code: that one counts."""
    late = [row for row in rows if row.uscc not in first]
    codes = {row.uscc for row in late}
    found = [each for each in differences if each.uscc not in codes or each.kind is DifferenceKind.UNREADABLE]
    repeated = (reason("row.repeated"),)
    found += [
        Difference(0, DifferenceKind.UNREADABLE, row.line, row.uscc, None, None, None, repeated)
        for row in late
    ]
    return [row for row in rows if row.uscc in first], found


def _kept(cells: tuple[str, ...], found: str) -> tuple[str, ...] | None:
    """What is needed of a row to enter it: its people only of an enterprise that is to be taken over with them."""
    if found == "same":
        return None
    return without_representative(cells) if found == "differs" else cells


def _difference(
    kind: DifferenceKind,
    row: ReadRow,
    *,
    field: str | None = None,
    ours: str | None = None,
    theirs: str | None = None,
    reasons: tuple[Reason, ...] = (),
) -> Difference:
    return Difference(0, kind, row.line, row.uscc, field, ours, theirs, reasons)
