"""What happened to an account, told twice: to its holder on the account page, and to the audit chain."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from gateway.identity.domain.accounts import AccountEvent, AccountEventKind
from gateway.identity.published import SecurityRecord, security_recorded
from gateway.identity.store.account_events import AccountEventStore
from shared.database.unit_of_work import UnitOfWork
from shared.identifiers.uuid7 import new_uuid7
from shared.security.principal import Principal

OWN_PAGES: Final = "gateway-identity"
"""Stands for the client where a person acts at the sign-in and account pages."""


@dataclass(frozen=True)
class Happening:
    """What happened to whose account; done by the holder in a browser unless an operator is named."""

    what: AccountEventKind
    subject: str
    methods: tuple[str, ...] = ()
    device: str = ""
    by: Principal | None = None
    allowed: bool = True


async def remember(happening: Happening, uow: UnitOfWork, now: datetime) -> None:
    """Keep it for the holder only: sign-ins."""
    event = AccountEvent(
        new_uuid7(), happening.subject, happening.what, now, happening.methods, happening.device
    )
    await AccountEventStore(uow.session).add(event)


async def record(happening: Happening, uow: UnitOfWork, now: datetime) -> None:
    """Keep it for the holder, and announce it to the audit chain."""
    await remember(happening, uow, now)
    by = happening.by
    told = SecurityRecord(
        thing="account",
        key=happening.subject,
        what=happening.what.value,
        by=by.reference if by else f"person:{happening.subject}",
        client_id=by.client_id if by else OWN_PAGES,
        allowed=happening.allowed,
        owner_subject=happening.subject,
        agency_uscc=by.agency if by else None,
    )
    uow.announce(security_recorded(told, now))
