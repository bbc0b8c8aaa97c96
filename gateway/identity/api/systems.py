"""Systems of departments (部门业务系统联通): which there are, and whether they are connected. Source: GW-27, NFR-16."""

from datetime import UTC, timedelta
from http import HTTPStatus
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Query, Response

from gateway.identity.api.authority import ByAuthority, governs_identity
from gateway.identity.api.dependencies import InIdentity, RegionInUse
from gateway.identity.api.system_shapes import (
    SystemChangesIn,
    SystemCountOut,
    SystemId,
    SystemIn,
    SystemOut,
    SystemStatsOut,
)
from gateway.identity.domain.authority import AuthorityOnly
from gateway.identity.domain.client_refusals import (
    ClientsOnly,
    SystemIdTaken,
    SystemNotFound,
    SystemNotPossible,
)
from gateway.identity.domain.systems import Connection, SystemLevel
from gateway.identity.store.systems import SystemFilters
from gateway.identity.use_cases.follow_systems import (
    Viewer,
    count_systems,
    list_systems,
    note_heartbeat,
    read_system,
)
from gateway.identity.use_cases.read_clients import own_client_id
from gateway.identity.use_cases.register_system import (
    ChangeSystem,
    RegisterSystem,
    change_system,
    register_system,
    remove_system,
)
from shared.security.access import requires
from shared.security.strength import Strength
from shared.web.conditional import IfMatch, set_etag
from shared.web.openapi import refuses
from shared.web.paging import Page, Paged
from shared.web.routes import Caller, InTransaction, Now, ServiceRoute

router = APIRouter(prefix="/identity/v1/systems", route_class=ServiceRoute, tags=["systems"])

_READ: Final = requires("identity.system.read")
_MANAGE: Final = requires("identity.system.manage", at_least=Strength.TWO_FACTOR)
_REPORT: Final = requires("identity.system.report")


async def _viewer(caller: Caller, region: RegionInUse) -> Viewer:
    return Viewer(caller.agency, sees_all=governs_identity(caller, region))


async def _patience(identity: InIdentity) -> timedelta:
    return timedelta(minutes=identity.settings.heartbeat_minutes)


Viewing = Annotated[Viewer, Depends(_viewer)]
Patience = Annotated[timedelta, Depends(_patience)]


@router.post(
    "", status_code=HTTPStatus.CREATED, dependencies=[_MANAGE], summary="Register a system (登记业务系统)"
)
@refuses(AuthorityOnly, SystemIdTaken, SystemNotPossible)
async def register(
    body: SystemIn,
    caller: ByAuthority,
    region: RegionInUse,
    patience: Patience,
    uow: InTransaction,
    now: Now,
    response: Response,
) -> SystemOut:
    """It is not connected until its client is heard from."""
    system = await register_system(RegisterSystem(body.system(), caller), region, uow, now)
    set_etag(response, system.version)
    return SystemOut.of(system, now, patience)


@router.get("", dependencies=[_READ], summary="List systems (业务系统清单)")
async def show_systems(
    viewer: Viewing,
    patience: Patience,
    paged: Paged,
    uow: InTransaction,
    now: Now,
    response: Response,
    agency: Annotated[str | None, Query(min_length=18, max_length=18, pattern="^[0-9A-Z]+$")] = None,
    level: SystemLevel | None = None,
    status: Connection | None = None,
) -> Page[SystemOut]:
    """The caller's agency's systems by their ids; the data bureau sees all."""
    filters = SystemFilters(agency, level, status)
    after = str(paged.after[0]) if paged.after else None
    found = await list_systems(
        filters, viewer, uow, heard_since=now - patience, after=after, limit=paged.fetch
    )
    systems = [SystemOut.of(system, now, patience) for system in found]
    return paged.page(systems, lambda system: (system.system_id,), response)


@router.get("/stats", dependencies=[_READ], summary="Share of connected systems (系统联通率)")
async def stats(viewer: Viewing, patience: Patience, uow: InTransaction, now: Now) -> SystemStatsOut:
    """With numerator, denominator and target; a system that was not heard from in time is not connected."""
    counts = await count_systems(viewer, uow, now, patience)
    return SystemStatsOut(
        counted_at=now.astimezone(UTC),
        total=SystemCountOut.of(counts),
        by_agency_and_level=[
            SystemCountOut.of([each], agency_uscc=each.agency_uscc, level=each.level) for each in counts
        ],
    )


@router.get("/{system_id}", dependencies=[_READ], summary="Read a system (业务系统详情)")
@refuses(SystemNotFound)
async def show_system(
    system_id: SystemId,
    viewer: Viewing,
    patience: Patience,
    uow: InTransaction,
    now: Now,
    response: Response,
) -> SystemOut:
    """A system of the caller's agency; another agency's is not there for it."""
    system = await read_system(system_id, viewer, uow)
    set_etag(response, system.version)
    return SystemOut.of(system, now, patience)


@router.patch("/{system_id}", dependencies=[_MANAGE], summary="Change a system (变更业务系统)")
@refuses(AuthorityOnly, SystemNotFound, SystemNotPossible)
async def change(
    system_id: SystemId,
    body: SystemChangesIn,
    caller: ByAuthority,
    if_match: IfMatch,
    region: RegionInUse,
    patience: Patience,
    uow: InTransaction,
    now: Now,
    response: Response,
) -> SystemOut:
    """With another client it is not connected until that one is heard from."""
    command = ChangeSystem(system_id, body.changes(), if_match.check, caller)
    system = await change_system(command, region, uow, now)
    set_etag(response, system.version)
    return SystemOut.of(system, now, patience)


@router.post("/{system_id}/removal", dependencies=[_MANAGE], summary="Take a system out (移出清单)")
@refuses(AuthorityOnly, SystemNotFound)
async def remove(
    system_id: SystemId, caller: ByAuthority, patience: Patience, uow: InTransaction, now: Now
) -> SystemOut:
    """For one that is no longer run; it counts no longer. Returns it as it stood."""
    return SystemOut.of(await remove_system(system_id, caller, uow, now), now, patience)


@router.post(
    "/{system_id}/heartbeat",
    dependencies=[_REPORT],
    summary="Report a system alive (心跳)",
    openapi_extra={"x-idempotent": True},
)
@refuses(ClientsOnly, SystemNotFound)
async def heartbeat(
    system_id: SystemId, caller: Caller, patience: Patience, uow: InTransaction, now: Now
) -> SystemOut:
    """By its own client, at least as often as the settings ask; fetching a token counts as well."""
    system = await note_heartbeat(system_id, own_client_id(caller), patience, uow, now)
    return SystemOut.of(system, now, patience)
