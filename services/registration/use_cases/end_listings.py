"""The end of entries by rules: a report made up, an order met, an enterprise that left the register."""

from datetime import date, datetime
from typing import Final

from services.registration.domain.abnormal_list import Cause, Listing, ListingState, cured
from services.registration.domain.publicity_policy import ListingPolicy
from services.registration.domain.wording import Wording
from services.registration.published.abnormal_list import abnormal_list_removed
from services.registration.store.abnormal_list import AbnormalListStore
from services.registration.use_cases.registrar_desk import RegistrarDesk
from shared.calendar import LimitUnit, add_months, local_date
from shared.database.unit_of_work import UnitOfWork

_LEFT: Final = Wording("经营主体已退出登记簿", "the enterprise has left the register")


async def cure_listing(
    uscc: str,
    cause: Cause,
    reason: Wording,
    uow: UnitOfWork,
    desk: RegistrarDesk,
    *,
    year: int | None = None,
) -> Listing | None:
    """End what stands for a cause that is cured, at once: rules suffice. The enterprise's row is locked."""
    store, now = AbnormalListStore(uow.session), uow.now
    standing = await store.standing(uscc, cause, year)
    if standing is None:
        return None
    return await save_end(cured(standing, reason, desk.policy.publicity.authority_uscc, now), uow, now)


async def end_listings(uscc: str, uow: UnitOfWork, desk: RegistrarDesk) -> None:
    """End whatever stands against an enterprise, locked, that has left the register."""
    states, authority = (ListingState.PROPOSED, ListingState.ENTERED), desk.policy.publicity.authority_uscc
    for listing in await AbnormalListStore(uow.session).of_enterprise(uscc, states):
        await save_end(cured(listing, _LEFT, authority, uow.now), uow, uow.now)


async def save_end(listing: Listing, uow: UnitOfWork, now: datetime) -> Listing:
    """Write an entry that has ended, and tell it where it had been public."""
    await AbnormalListStore(uow.session).save(listing, None)
    if listing.entered_at is not None:
        uow.announce(abnormal_list_removed(listing, listing.entered_at, now))
    return listing


def serious_on(listing: Listing, policy: ListingPolicy) -> date | None:
    """The day on which an entry in force has lasted too long."""
    if listing.entered_at is None or not listing.is_in_force:
        return None
    limit = policy.serious_after
    months = int(limit.value) * (12 if limit.unit is LimitUnit.YEAR else 1)
    return add_months(local_date(listing.entered_at), months)
