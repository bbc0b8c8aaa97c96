"""Tickets in the database: taken, locked for a move, saved with their history."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Select, and_, insert, or_, select, text, tuple_, update
from sqlalchemy.ext.asyncio import AsyncSession

from services.hotline.domain.access import TicketNotFound
from services.hotline.domain.lifecycle import HistoryEntry
from services.hotline.domain.selection import TicketFilter
from services.hotline.domain.ticket import Contact, Requester, Ticket, TicketState
from services.hotline.store.rows import changing_columns, columns_of, history_columns, history_of, ticket_of
from services.hotline.store.tables import HISTORY, IDENTITY, TICKET
from shared.calendar import WorkingCalendar
from shared.database.regions import in_region

_NEXT_SERIAL: Final = text("SELECT nextval('ticket_serial')")
_INSERT_TICKET: Final = insert(TICKET)
_INSERT_HISTORY: Final = insert(HISTORY)
_T: Final = TICKET.c
_WITH_REQUESTER: Final = select(TICKET, IDENTITY.c.subject.label("identity_subject")).select_from(
    TICKET.outerjoin(IDENTITY, IDENTITY.c.ticket_number == _T.number)
)


class TicketStore:
    """Rows to tickets and back, in the session's transaction."""

    def __init__(self, session: AsyncSession, calendar: WorkingCalendar) -> None:
        self._session = session
        self._calendar = calendar

    async def next_serial(self) -> int:
        """The next serial for a ticket number."""
        return int((await self._session.execute(_NEXT_SERIAL)).scalar_one())

    async def add(self, ticket: Ticket, history: Sequence[HistoryEntry], requester: Requester) -> None:
        """Write a new ticket; the identity behind a confidential one goes into its own table."""
        await self._session.execute(_INSERT_TICKET, columns_of(ticket, self._calendar))
        if ticket.demand.is_confidential:
            await self._session.execute(
                insert(IDENTITY).values(
                    ticket_number=ticket.number,
                    subject=requester.subject,
                    name=requester.contact.name,
                    phone=requester.contact.phone,
                    uscc=requester.uscc,
                    matter_id=requester.matter_id,
                )
            )
        await self._append(ticket, history)

    async def lock(self, number: str) -> Ticket:
        """Load for change; raises TicketNotFound."""
        return await self._one(_WITH_REQUESTER.where(_T.number == number).with_for_update(of=TICKET))

    async def read(self, number: str) -> Ticket:
        """Load for reading; raises TicketNotFound."""
        return await self._one(_WITH_REQUESTER.where(_T.number == number))

    async def save(self, ticket: Ticket, *history: HistoryEntry) -> None:
        """Write a locked ticket's new version and the moves that led there."""
        changed = update(TICKET).where(_T.number == ticket.number)
        await self._session.execute(changed.values(changing_columns(ticket, self._calendar)))
        await self._append(ticket, history)

    async def newest(
        self, chosen: TicketFilter, after: tuple[datetime, str] | None, limit: int
    ) -> list[Ticket]:
        """Tickets by receipt, newest first, after a sort key."""
        query = _WITH_REQUESTER.order_by(_T.received_at.desc(), _T.number.desc()).limit(limit)
        if chosen.requester is not None:
            query = query.where(or_(_T.requester == chosen.requester, IDENTITY.c.subject == chosen.requester))
        bounds: dict[str, Any] = {
            "agency_uscc": chosen.agency,
            "state": chosen.state,
            "kind": chosen.kind,
            "is_supervised": chosen.is_supervised,
            "matter_id": chosen.matter_id,
        }
        for name, bound in bounds.items():
            if bound is not None:
                query = query.where(_T[name] == bound)
        for region in (chosen.division, chosen.region):
            if region is not None:
                query = query.where(in_region(_T.place_code, region))
        if after is not None:
            query = query.where(tuple_(_T.received_at, _T.number) < tuple_(*after))
        return await self._all(query)

    async def history(self, number: str, after: int, limit: int) -> list[tuple[int, HistoryEntry]]:
        """A ticket's moves in order, with their positions."""
        query = select(HISTORY).where(HISTORY.c.ticket_number == number, HISTORY.c.position > after)
        rows = await self._session.execute(query.order_by(HISTORY.c.position).limit(limit))
        return [(row["position"], history_of(row)) for row in rows.mappings()]

    async def identity(self, number: str) -> Requester:
        """Who asked confidentially; raises TicketNotFound where nobody did."""
        query = select(IDENTITY).where(IDENTITY.c.ticket_number == number)
        row = (await self._session.execute(query)).mappings().one_or_none()
        if row is None:
            raise TicketNotFound
        contact = Contact(row["name"], row["phone"])
        return Requester(row["subject"], contact, uscc=row["uscc"], matter_id=row["matter_id"])

    async def lock_overdue(self, now: datetime, limit: int) -> list[Ticket]:
        """Lock tickets whose deadline ran out unannounced; those that another worker has are passed over."""
        late = or_(
            and_(_T.contacted_at.is_(None), ~_T.is_contact_late, _T.first_contact_due_at < now),
            and_(_T.replied_at.is_(None), ~_T.is_reply_late, _T.reply_due_at < now),
        )
        return await self._lock_some(_WITH_REQUESTER.where(late), limit)

    async def lock_unclosed(self, now: datetime, limit: int) -> list[Ticket]:
        """Lock answered tickets whose time to rate is over."""
        answered = _T.state.in_([TicketState.REPLIED, TicketState.RATED])
        return await self._lock_some(_WITH_REQUESTER.where(answered, _T.close_due_at <= now), limit)

    async def _lock_some(self, query: "Select[Any]", limit: int) -> list[Ticket]:
        return await self._all(query.limit(limit).with_for_update(of=TICKET, skip_locked=True))

    async def _one(self, query: "Select[Any]") -> Ticket:
        found = await self._all(query)
        if not found:
            raise TicketNotFound
        return found[0]

    async def _all(self, query: "Select[Any]") -> list[Ticket]:
        return [ticket_of(row) for row in (await self._session.execute(query)).mappings()]

    async def _append(self, ticket: Ticket, history: Sequence[HistoryEntry]) -> None:
        rows = [history_columns(ticket.number, entry) for entry in history]
        if rows:
            await self._session.execute(_INSERT_HISTORY, rows)
