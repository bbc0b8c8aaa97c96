"""Systems of departments as they are sent, shown and counted."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Annotated, Final, Self

from fastapi import Path
from pydantic import Field, StringConstraints

from gateway.identity.api.client_shapes import ClientSlug
from gateway.identity.domain.systems import Connection, LinkKind, System, SystemLevel
from gateway.identity.store.systems import SystemCount
from gateway.identity.use_cases.register_system import SystemChanges
from shared.calendar import local_date
from shared.web.fields import CivilDate, RequestModel, ResponseModel, ShortText, UsccField

# All systems are to be connected: 「12月底前实现全联通」(003 湖北顽瘴痼疾措施 一).
_TARGET: Final = Decimal(1)

SystemSlug = Annotated[str, StringConstraints(min_length=3, max_length=64, pattern=r"^[a-z][a-z0-9_-]*$")]
SystemId = Annotated[str, Path(min_length=3, max_length=64, pattern=r"^[a-z][a-z0-9_-]*$")]


class SystemIn(RequestModel):
    """A system to be registered; without a client it is planned."""

    system_id: Annotated[SystemSlug, Field(examples=["golden-tax"])]
    name: Annotated[ShortText, Field(examples=["金税系统"])]
    agency: Annotated[UsccField, Field(examples=["11140881MB9Y000405"], description="Who answers for it")]
    level: Annotated[SystemLevel, Field(examples=["nation"], description="Which level of government runs it")]
    link: Annotated[LinkKind, Field(examples=["api"])]
    client_id: Annotated[ClientSlug | None, Field(examples=["tax"])] = None
    planned_on: Annotated[CivilDate | None, Field(examples=["2026-12-31"])] = None

    def system(self) -> System:
        """Return it as the register keeps it."""
        given = {name: value for name, value in dict(self).items() if name != "agency"}
        return System(agency_uscc=self.agency, **given)


class SystemChangesIn(RequestModel):
    """What changes; what is left out stays."""

    name: Annotated[ShortText | None, Field(examples=["金税系统"])] = None
    level: Annotated[SystemLevel | None, Field(examples=["nation"])] = None
    link: Annotated[LinkKind | None, Field(examples=["event"])] = None
    client_id: Annotated[ClientSlug | None, Field(examples=["tax"])] = None
    planned_on: Annotated[CivilDate | None, Field(examples=["2026-12-31"])] = None

    def changes(self) -> SystemChanges:
        """Return them as the use case takes them."""
        return SystemChanges(**dict(self))


class SystemOut(ResponseModel):
    """A system, and whether it is connected now."""

    system_id: Annotated[str, Field(examples=["golden-tax"])]
    name: Annotated[str, Field(examples=["金税系统"])]
    agency_uscc: Annotated[str, Field(examples=["11140881MB9Y000405"])]
    level: SystemLevel
    link: LinkKind
    client_id: str | None
    planned_on: date | None
    status: Connection
    overdue: Annotated[bool, Field(description="should have been connected before today")]
    connected_since: datetime | None
    last_heartbeat_at: datetime | None

    @classmethod
    def of(cls, system: System, now: datetime, patience: timedelta) -> Self:
        """Shape a system as it stands now."""
        status = system.connection_at(now, patience)
        is_connected = status is Connection.CONNECTED and system.connected_since is not None
        return cls(
            system_id=system.system_id,
            name=system.name,
            agency_uscc=system.agency_uscc,
            level=system.level,
            link=system.link,
            client_id=system.client_id,
            planned_on=system.planned_on,
            status=status,
            overdue=system.is_overdue(local_date(now), status),
            connected_since=_utc(system.connected_since) if is_connected else None,
            last_heartbeat_at=_utc(system.last_heartbeat_at),
        )


class SystemCountOut(ResponseModel):
    """How many of an agency's systems at a level are connected."""

    agency_uscc: str | None
    level: SystemLevel | None
    value: Annotated[Decimal | None, Field(description="connected of total; null where there is none")]
    numerator: Annotated[int, Field(description="connected")]
    denominator: Annotated[int, Field(description="total")]
    not_connected: int
    overdue: Annotated[int, Field(description="not connected although planned before today")]
    target: Decimal
    met: bool

    @classmethod
    def of(
        cls,
        counts: Sequence[SystemCount],
        *,
        agency_uscc: str | None = None,
        level: SystemLevel | None = None,
    ) -> Self:
        """Add counts up."""
        total, connected = sum(each.total for each in counts), sum(each.connected for each in counts)
        share = (Decimal(connected) / total).quantize(Decimal("0.0001")) if total else None
        return cls(
            agency_uscc=agency_uscc,
            level=level,
            value=share,
            numerator=connected,
            denominator=total,
            not_connected=total - connected,
            overdue=sum(each.overdue for each in counts),
            target=_TARGET,
            met=connected == total,
        )


class SystemStatsOut(ResponseModel):
    """Connected systems: altogether, and by agency and level."""

    counted_at: datetime
    total: SystemCountOut
    by_agency_and_level: list[SystemCountOut]


def _utc(at: datetime | None) -> datetime | None:
    return None if at is None else at.astimezone(UTC)
