"""How long a name is reserved, and from when a name given up is free again.

Source: 企业名称登记管理规定 art. 18 (two months, one year where a permit comes first), art. 17 (one year).
"""

from datetime import date, datetime, time, timedelta

from shared.calendar import CHINA, Limit, LimitUnit, add_months, local_date


def reserved_until(now: datetime, limit: Limit, today: date) -> datetime:
    """The end of the last day of the reservation, in civil time; hours run from `now`."""
    if limit.unit is LimitUnit.HOUR:
        return now + timedelta(hours=float(limit.value))
    return datetime.combine(_moved(today, limit, 1) + timedelta(days=1), time(0), CHINA)


def freed_on(today: date, window: Limit) -> date:
    """Names given up on this day or before are free: the window has run out."""
    return _moved(today, window, -1)


def reminded_at(until: datetime, ahead: Limit) -> datetime:
    """When whoever reserved a name is told that it ends at `until`."""
    if ahead.unit is LimitUnit.HOUR:
        return until - timedelta(hours=float(ahead.value))
    return datetime.combine(_moved(local_date(until), ahead, -1), time(0), CHINA)


def _moved(day: date, limit: Limit, sign: int) -> date:
    count = sign * int(limit.value)
    if limit.unit is LimitUnit.YEAR:
        return add_months(day, 12 * count)
    if limit.unit is LimitUnit.MONTH:
        return add_months(day, count)
    return day + timedelta(days=count)
