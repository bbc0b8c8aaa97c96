"""What rules see by themselves of the causes of the list: a report that is owed, an order that was not met."""

from datetime import date, datetime

from services.registration.domain.abnormal_list import Cause
from services.registration.domain.annual_report import window_of
from services.registration.domain.enterprise import Enterprise
from services.registration.domain.publicity import OrderState
from services.registration.domain.publicity_policy import ReportPolicy
from services.registration.store.annual_reports import AnnualReportStore
from services.registration.store.publicity import PublicityStore
from shared.database.unit_of_work import UnitOfWork


async def is_uncured(
    one: Enterprise, cause: Cause, year: int | None, policy: ReportPolicy, uow: UnitOfWork, now: datetime
) -> bool:
    """Whether it stands against the enterprise now; of other causes an officer judges."""
    if cause is Cause.NOT_PUBLISHED_AS_ORDERED:
        orders = await PublicityStore(uow.session).orders_of(one.uscc)
        return any(order.state is OrderState.LAPSED for order in orders)
    if cause is not Cause.NO_ANNUAL_REPORT or year is None or not _owes(one, year, policy, now):
        return False
    return await AnnualReportStore(uow.session).of_year(one.uscc, year) is None


def _owes(one: Enterprise, year: int, policy: ReportPolicy, now: datetime) -> bool:
    """Source: 企业信息公示暂行条例 art. 8; of an old register taken over later nobody owes one here."""
    closes_at = window_of(year, policy).closes_at
    is_that_old = one.established_on is not None and one.established_on < date(year + 1, 1, 1)
    return is_that_old and one.registered_at < closes_at <= now
