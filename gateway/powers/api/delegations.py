"""Delegations (权限下放与收回): given and withdrawn item by item, with their history."""

from datetime import UTC, datetime
from http import HTTPStatus
from typing import Annotated, Literal, Self
from uuid import UUID

from fastapi import APIRouter, Query, Response
from pydantic import Field, StringConstraints

from gateway.powers.api.dependencies import RegionInUse
from gateway.powers.domain.delegation import Delegation, DelegationStatus, Terms
from gateway.powers.domain.errors import (
    AlreadyDelegated,
    DelegationEnded,
    DelegationNotFound,
    DelegationNotPossible,
    NotYourPower,
)
from gateway.powers.store.delegations import DelegationFilters
from gateway.powers.use_cases.delegate_power import DelegatePower, delegate_power
from gateway.powers.use_cases.read_delegations import ListDelegations, list_delegations, read_delegation
from gateway.powers.use_cases.withdraw_power import WithdrawPower, withdraw_power
from shared.identifiers.uuid7 import new_uuid7
from shared.security.access import requires
from shared.web.conditional import set_etag
from shared.web.fields import Instant, RequestModel, ResponseModel, ShortText, UsccField
from shared.web.openapi import refuses
from shared.web.paging import Page, Paged
from shared.web.routes import Caller, InTransaction, Now, ServiceRoute

router = APIRouter(prefix="/powers/v1/delegations", route_class=ServiceRoute, tags=["powers"])

READ = requires("powers.delegation.read")
MANAGE = requires("powers.delegation.manage")
ITEM_PATTERN = r"^[a-z]+\.[a-z][a-z0-9_]*$"
ItemKey = Annotated[str, StringConstraints(min_length=3, max_length=99, pattern=ITEM_PATTERN)]
Division = Annotated[
    str, StringConstraints(min_length=6, max_length=12, pattern=r"^[0-9]{6}([0-9]{3}){0,2}$")
]


class DelegationIn(RequestModel):
    """Which power goes to which zone, where and for how long."""

    item: Annotated[ItemKey, Field(examples=["licensing.food_operation"])]
    zone: Annotated[UsccField, Field(examples=["11140881MB9Y001711"], description="The zone (开发区、园区)")]
    regions: Annotated[
        tuple[Division, ...],
        Field(
            min_length=1, max_length=50, examples=[["140881102"]], description="Where, all inside included"
        ),
    ]
    valid_from: Annotated[
        Instant | None, Field(examples=["2026-03-02T01:30:00Z"], description="At once, unless given")
    ] = None
    valid_until: Annotated[Instant | None, Field(examples=["2039-12-31T16:00:00Z"])] = None
    legal_basis: Annotated[ShortText, Field(examples=["行政许可法第二十四条"])]


class WithdrawalIn(RequestModel):
    """Why the power is withdrawn (收回)."""

    reason: Annotated[ShortText, Field(examples=["事项办理质量评估不合格"])]


class HistoryOut(ResponseModel):
    """One step of the delegation's life."""

    action: Annotated[Literal["delegated", "withdrawn"], Field(examples=["delegated"])]
    at: datetime
    by: str
    reason: str | None


class DelegationOut(ResponseModel):
    """A delegation and where it stands."""

    delegation_id: UUID
    item: Annotated[str, Field(examples=["licensing.food_operation"])]
    granting_uscc: Annotated[str, Field(examples=["11140881MB9Y00024F"])]
    zone_uscc: Annotated[str, Field(examples=["11140881MB9Y001711"])]
    regions: Annotated[list[str], Field(examples=[["140881102"]])]
    valid_from: datetime
    valid_until: datetime | None
    legal_basis: str
    status: Annotated[DelegationStatus, Field(examples=["running"])]
    history: list[HistoryOut]

    @classmethod
    def of(cls, delegation: Delegation, now: datetime) -> Self:
        """Shape a delegation as it stands now."""
        terms, end = delegation.terms, delegation.withdrawal
        history = [
            HistoryOut(action="delegated", at=delegation.given_at, by=delegation.given_by, reason=None)
        ]
        if end is not None:
            history.append(HistoryOut(action="withdrawn", at=end.at, by=end.by, reason=end.reason))
        return cls(
            delegation_id=delegation.delegation_id,
            item=terms.item,
            granting_uscc=delegation.granting_uscc,
            zone_uscc=terms.zone_uscc,
            regions=list(terms.regions),
            valid_from=terms.valid_from,
            valid_until=terms.valid_until,
            legal_basis=terms.legal_basis,
            status=delegation.status_at(now),
            history=history,
        )


@router.post(
    "", status_code=HTTPStatus.CREATED, dependencies=[MANAGE], summary="Delegate a power to a zone (权限下放)"
)
@refuses(NotYourPower, DelegationNotPossible, AlreadyDelegated)
async def delegate(
    body: DelegationIn, caller: Caller, region: RegionInUse, uow: InTransaction, now: Now, response: Response
) -> DelegationOut:
    """By the agency that holds it, or the data bureau; services let the zone decide as soon as they hear of it."""
    terms = Terms(
        item=body.item,
        zone_uscc=body.zone,
        regions=body.regions,
        valid_from=body.valid_from.astimezone(UTC) if body.valid_from else now,
        valid_until=body.valid_until.astimezone(UTC) if body.valid_until else None,
        legal_basis=body.legal_basis,
    )
    delegation = await delegate_power(DelegatePower(new_uuid7(), terms, caller), region, uow, now)
    response.headers["Location"] = f"{router.prefix}/{delegation.delegation_id}"
    set_etag(response, delegation.version)
    return DelegationOut.of(delegation, now)


@router.post(
    "/{delegation_id}/withdrawal", dependencies=[MANAGE], summary="Withdraw a power from a zone (权限收回)"
)
@refuses(DelegationNotFound, NotYourPower, DelegationEnded)
async def withdraw(
    delegation_id: UUID,
    body: WithdrawalIn,
    caller: Caller,
    region: RegionInUse,
    uow: InTransaction,
    now: Now,
    response: Response,
) -> DelegationOut:
    """The zone's next decision on the item is refused, within seconds."""
    command = WithdrawPower(delegation_id, caller, body.reason)
    delegation = await withdraw_power(command, region, uow, now)
    set_etag(response, delegation.version)
    return DelegationOut.of(delegation, now)


@router.get("", dependencies=[READ], summary="List delegations with their history (下放清单)")
async def show_delegations(
    caller: Caller,
    region: RegionInUse,
    paged: Paged,
    uow: InTransaction,
    now: Now,
    response: Response,
    zone: Annotated[str | None, Query(min_length=18, max_length=18, pattern="^[0-9A-Z]+$")] = None,
    item: Annotated[str | None, Query(max_length=99, pattern=ITEM_PATTERN)] = None,
    status: DelegationStatus | None = None,
) -> Page[DelegationOut]:
    """What the caller's agency gave or has, the newest first, ended ones too; the data bureau sees all."""
    before = UUID(str(paged.after[0])) if paged.after else None
    query = ListDelegations(DelegationFilters(None, zone, item, status), before, paged.fetch)
    found = await list_delegations(query, caller, region, uow, now)
    shown = [DelegationOut.of(delegation, now) for delegation in found]
    return paged.page(shown, lambda each: (str(each.delegation_id),), response)


@router.get("/{delegation_id}", dependencies=[READ], summary="Read a delegation (下放详情)")
@refuses(DelegationNotFound)
async def show_delegation(
    delegation_id: UUID, caller: Caller, region: RegionInUse, uow: InTransaction, now: Now, response: Response
) -> DelegationOut:
    """One between others is not there for the caller."""
    delegation = await read_delegation(delegation_id, caller, region, uow)
    set_etag(response, delegation.version)
    return DelegationOut.of(delegation, now)
