"""Whom to tell, and where: the telephone number of a person's account; the persons behind an enterprise."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

from gateway.identity.store.accounts import AccountStore
from gateway.identity.store.mandates import MandateStore
from shared.database.unit_of_work import UnitOfWork

MOST_PERSONS: Final = 5


@dataclass(frozen=True)
class Contact:
    """A person with an account that is open."""

    subject: str
    phone: str = field(repr=False)


async def contact_of(subject: str, uow: UnitOfWork) -> Contact | None:
    """Return how a person is reached; None for whoever has no open account."""
    account = await AccountStore(uow.session).find(subject)
    return None if account is None else Contact(account.subject, account.phone)


async def persons_behind(principal: str, acting: Iterable[str], uow: UnitOfWork) -> tuple[str, ...]:
    """Return the subjects of those to be told of a principal's case: the person, or who acted for the enterprise.

    Where nobody known acted, those who hold a mandate of the enterprise are; there may be none.
    """
    if await contact_of(principal, uow) is not None:
        return (principal,)
    acted = [each for each in acting if await contact_of(each, uow) is not None]
    if not acted:
        acted = await MandateStore(uow.session).holders_of(principal, MOST_PERSONS)
    return tuple(dict.fromkeys(acted))
