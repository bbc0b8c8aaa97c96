"""Systems of departments (部门业务系统、垂直管理系统): whose they are, how they are linked, and whether they answer.

A system counts as connected while its client has been heard from within a time that the settings say: it reported a
heartbeat, or it fetched a token, as whoever calls must do at least every ten minutes. Source: GW-27.
"""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Final

HEARD_AT_MOST_EVERY: Final = timedelta(minutes=1)
"""A further sign of life within this time changes nothing."""


class SystemLevel(StrEnum):
    """Which level of government runs a system; above the county they are managed vertically."""

    NATION = "nation"
    PROVINCE = "province"
    PREFECTURE = "prefecture"
    COUNTY = "county"


class LinkKind(StrEnum):
    """How a system exchanges data."""

    API = "api"
    EVENT = "event"
    FILE = "file"


class Connection(StrEnum):
    """Whether a system has been heard from lately."""

    CONNECTED = "connected"
    NOT_CONNECTED = "not_connected"


@dataclass(frozen=True)
class System:
    """A registered system; one without a client is planned only."""

    system_id: str
    name: str
    agency_uscc: str
    level: SystemLevel
    link: LinkKind
    client_id: str | None = None
    planned_on: date | None = None
    connected_since: datetime | None = None
    last_heartbeat_at: datetime | None = None
    version: int = 1

    def connection_at(self, now: datetime, patience: timedelta) -> Connection:
        """Tell whether it has been heard from within `patience`."""
        heard = self.last_heartbeat_at
        is_heard = heard is not None and now - heard <= patience
        return Connection.CONNECTED if is_heard else Connection.NOT_CONNECTED

    def is_overdue(self, today: date, connection: Connection) -> bool:
        """Tell whether it should have been connected before this day of the city's calendar."""
        is_late = self.planned_on is not None and self.planned_on < today
        return is_late and connection is Connection.NOT_CONNECTED


def heard_from(system: System, at: datetime, patience: timedelta) -> System:
    """Take note of a sign of life; after a silence the connection begins anew. No change to its version."""
    if system.last_heartbeat_at is not None and at - system.last_heartbeat_at < HEARD_AT_MOST_EVERY:
        return system
    goes_on = system.connection_at(at, patience) is Connection.CONNECTED
    since = system.connected_since if goes_on else at
    return replace(system, connected_since=since, last_heartbeat_at=at)
