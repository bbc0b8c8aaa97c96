"""Grants (授权): issued and withdrawn by the data bureau, enforced by the services."""

from datetime import UTC, datetime
from http import HTTPStatus
from typing import Annotated, Self
from uuid import UUID

from fastapi import APIRouter, Query, Response
from pydantic import Field, StringConstraints

from gateway.catalogue.data.api.dependencies import RegionInUse
from gateway.catalogue.data.domain.errors import (
    ActionNotAllowed,
    DataBureauOnly,
    GrantNotFound,
    GrantNotPossible,
)
from gateway.catalogue.data.domain.grant import Grant, GrantStatus, Terms
from gateway.catalogue.data.store.grants import GrantFilters
from gateway.catalogue.data.use_cases.change_grant import (
    NarrowGrant,
    SuspendGrant,
    narrow_grant,
    resume_grant,
    suspend_grant,
)
from gateway.catalogue.data.use_cases.issue_grant import IssueGrant, issue_grant
from gateway.catalogue.data.use_cases.on_offer import unknown_regions
from gateway.catalogue.data.use_cases.read_grants import ListGrants, list_grants, read_grant
from gateway.catalogue.data.use_cases.withdraw_grant import WithdrawGrant, withdraw_grant
from shared.identifiers.uuid7 import new_uuid7
from shared.security.access import requires
from shared.sharing.deciding import Way
from shared.web.conditional import set_etag
from shared.web.fields import DivisionCode, Flag, Instant, RequestModel, ResponseModel, ShortText, UsccField
from shared.web.openapi import refuses
from shared.web.paging import Page, Paged
from shared.web.routes import Caller, InTransaction, Now, ServiceRoute, invalid

router = APIRouter(prefix="/catalogue/v1/grants", route_class=ServiceRoute, tags=["catalogue"])

ResourceKey = Annotated[
    str, StringConstraints(min_length=3, max_length=99, pattern=r"^[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)+$")
]
FieldName = Annotated[
    str, StringConstraints(min_length=1, max_length=99, pattern=r"^[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)*$")
]
Purpose = Annotated[str, StringConstraints(min_length=1, max_length=64, pattern=r"^[a-z][a-z0-9_]*$")]


Fields = Annotated[
    tuple[FieldName, ...], Field(min_length=1, max_length=100, examples=[["uscc", "contact_phone"]])
]
Regions = Annotated[tuple[DivisionCode, ...], Field(max_length=50, examples=[["140881"]])]
Scenes = Annotated[tuple[Purpose, ...], Field(max_length=20, examples=[["open_restaurant"]])]
Ways = Annotated[tuple[Way, ...], Field(min_length=1, max_length=2, examples=[["copy"]])]


class GrantIn(RequestModel):
    """What is to be granted; fields one by one, no wildcard. `region_code` is one more of `regions`."""

    agency: Annotated[UsccField, Field(examples=["11140881MB9Y000405"], description="Who may read")]
    resource: Annotated[ResourceKey, Field(examples=["registration.enterprise"])]
    fields: Fields
    purpose: Annotated[Purpose, Field(examples=["tax_registration"])]
    valid_until: Annotated[Instant, Field(examples=["2027-12-31T16:00:00Z"])]
    region_code: Annotated[DivisionCode | None, Field(examples=["140881"])] = None
    regions: Regions = ()
    scenes: Scenes = ()
    ways: Ways = (Way.COPY,)
    needs_consent: Flag = False
    needs_case_number: Flag = False
    basis: Annotated[ShortText | None, Field(examples=["税收征收管理法第十五条"])] = None

    def terms(self) -> Terms:
        """The terms that are asked for."""
        named = (self.region_code,) if self.region_code is not None else ()
        return Terms(
            agency_uscc=self.agency,
            resource=self.resource,
            fields=self.fields,
            purpose=self.purpose,
            valid_until=self.valid_until.astimezone(UTC),
            regions=tuple(dict.fromkeys((*named, *self.regions))),
            scenes=tuple(dict.fromkeys(self.scenes)),
            ways=tuple(dict.fromkeys(self.ways)),
            needs_consent=self.needs_consent,
            needs_case_number=self.needs_case_number,
            basis=self.basis,
        )


class NarrowingIn(RequestModel):
    """What is to be less; what is left out stays as it was."""

    fields: Fields | None = None
    regions: Annotated[Regions, Field(min_length=1)] | None = None
    scenes: Annotated[Scenes, Field(min_length=1)] | None = None
    ways: Ways | None = None
    valid_until: Annotated[Instant | None, Field(examples=["2027-06-30T16:00:00Z"])] = None
    needs_consent: Flag | None = None
    needs_case_number: Flag | None = None


class SuspensionIn(RequestModel):
    """Why the grant is suspended."""

    reason: Annotated[ShortText, Field(examples=["数据安全检查"])]


class GrantOut(ResponseModel):
    """A grant and where it stands."""

    grant_id: UUID
    agency_uscc: Annotated[str, Field(examples=["11140881MB9Y000405"])]
    resource: Annotated[str, Field(examples=["registration.enterprise"])]
    fields: Annotated[list[str], Field(examples=[["uscc", "contact_phone"]])]
    purpose: Annotated[str, Field(examples=["tax_registration"])]
    basis: Annotated[str | None, Field(examples=["税收征收管理法第十五条"])]
    region_code: Annotated[
        str | None,
        Field(examples=["140881"], description="The first of `regions`; null for the whole region"),
    ]
    regions: Annotated[list[str], Field(examples=[["140881"]])]
    scenes: Annotated[list[str], Field(examples=[["open_restaurant"]])]
    ways: Annotated[list[Way], Field(examples=[["copy"]])]
    needs_consent: Annotated[bool, Field(examples=[False])]
    needs_case_number: Annotated[bool, Field(examples=[False])]
    valid_until: Annotated[datetime, Field(examples=["2027-12-31T16:00:00Z"])]
    status: Annotated[GrantStatus, Field(examples=["issued"])]
    issued_at: Annotated[datetime, Field(examples=["2026-03-02T01:30:00Z"])]
    suspended_because: Annotated[str | None, Field(examples=[None])]
    withdrawn_at: datetime | None
    version: Annotated[int, Field(examples=[1])]

    @classmethod
    def of(cls, grant: Grant, now: datetime) -> Self:
        """Shape a grant as it stands now."""
        terms = grant.terms
        return cls(
            grant_id=grant.grant_id,
            agency_uscc=terms.agency_uscc,
            resource=terms.resource,
            fields=list(terms.fields),
            purpose=terms.purpose,
            basis=terms.basis,
            region_code=terms.regions[0] if terms.regions else None,
            regions=list(terms.regions),
            scenes=list(terms.scenes),
            ways=list(terms.ways),
            needs_consent=terms.needs_consent,
            needs_case_number=terms.needs_case_number,
            valid_until=terms.valid_until,
            status=grant.status_at(now),
            issued_at=grant.issued_at,
            suspended_because=grant.suspended_because,
            withdrawn_at=grant.withdrawn_at,
            version=grant.version,
        )


@router.post(
    "",
    status_code=HTTPStatus.CREATED,
    dependencies=[requires("catalogue.grant.manage")],
    summary="Issue a grant (授权)",
)
@refuses(DataBureauOnly, GrantNotPossible)
async def issue(
    body: GrantIn, caller: Caller, region: RegionInUse, uow: InTransaction, now: Now, response: Response
) -> GrantOut:
    """Grant an agency the fields that its purpose needs; services hear of it and enforce it themselves."""
    if body.region_code is not None and unknown_regions((body.region_code,), region):
        raise invalid("/region_code", "unknown_division")
    command = IssueGrant(new_uuid7(), body.terms(), caller)
    grant = await issue_grant(command, region, uow, now)
    set_etag(response, grant.version)
    return GrantOut.of(grant, now)


@router.post(
    "/{grant_id}/withdrawal",
    dependencies=[requires("catalogue.grant.manage")],
    summary="Withdraw a grant (撤回授权)",
)
@refuses(DataBureauOnly, GrantNotFound, ActionNotAllowed)
async def withdraw(
    grant_id: UUID, caller: Caller, region: RegionInUse, uow: InTransaction, now: Now, response: Response
) -> GrantOut:
    """End a grant; services refuse it within seconds."""
    grant = await withdraw_grant(WithdrawGrant(grant_id, caller), region, uow, now)
    set_etag(response, grant.version)
    return GrantOut.of(grant, now)


@router.post(
    "/{grant_id}/narrowing",
    dependencies=[requires("catalogue.grant.manage")],
    summary="Narrow a grant (缩小授权)",
)
@refuses(DataBureauOnly, GrantNotFound, ActionNotAllowed, GrantNotPossible)
async def narrow(
    grant_id: UUID,
    body: NarrowingIn,
    caller: Caller,
    region: RegionInUse,
    uow: InTransaction,
    now: Now,
    response: Response,
) -> GrantOut:
    """Hold a grant to less than it was issued for; what would be wider needs a new grant."""
    command = NarrowGrant(
        grant_id,
        caller,
        fields=body.fields,
        regions=body.regions,
        scenes=body.scenes,
        ways=body.ways,
        valid_until=body.valid_until.astimezone(UTC) if body.valid_until else None,
        needs_consent=body.needs_consent,
        needs_case_number=body.needs_case_number,
    )
    grant = await narrow_grant(command, region, uow, now)
    set_etag(response, grant.version)
    return GrantOut.of(grant, now)


@router.post(
    "/{grant_id}/suspension",
    dependencies=[requires("catalogue.grant.manage")],
    summary="Suspend a grant (暂停授权)",
)
@refuses(DataBureauOnly, GrantNotFound, ActionNotAllowed)
async def suspend(
    grant_id: UUID,
    body: SuspensionIn,
    caller: Caller,
    region: RegionInUse,
    uow: InTransaction,
    now: Now,
    response: Response,
) -> GrantOut:
    """Stop a grant for the time being; services refuse it within seconds."""
    grant = await suspend_grant(SuspendGrant(grant_id, caller, body.reason), region, uow, now)
    set_etag(response, grant.version)
    return GrantOut.of(grant, now)


@router.post(
    "/{grant_id}/resumption",
    dependencies=[requires("catalogue.grant.manage")],
    summary="Resume a suspended grant (恢复授权)",
)
@refuses(DataBureauOnly, GrantNotFound, ActionNotAllowed)
async def resume(
    grant_id: UUID, caller: Caller, region: RegionInUse, uow: InTransaction, now: Now, response: Response
) -> GrantOut:
    """Let a suspended grant hold again."""
    grant = await resume_grant(grant_id, caller, region, uow, now)
    set_etag(response, grant.version)
    return GrantOut.of(grant, now)


@router.get("", dependencies=[requires("catalogue.grant.read")], summary="List grants (授权清单)")
async def show_grants(
    caller: Caller,
    region: RegionInUse,
    paged: Paged,
    uow: InTransaction,
    now: Now,
    response: Response,
    agency: Annotated[str | None, Query(min_length=18, max_length=18, pattern="^[0-9A-Z]+$")] = None,
    resource: Annotated[str | None, Query(max_length=99, pattern=r"^[a-z][a-z0-9_.]*$")] = None,
    status: GrantStatus | None = None,
) -> Page[GrantOut]:
    """List the caller's agency's grants, the newest first; the data bureau sees all."""
    before = UUID(str(paged.after[0])) if paged.after else None
    query = ListGrants(GrantFilters(agency, resource, status), before, paged.fetch)
    grants = [GrantOut.of(grant, now) for grant in await list_grants(query, caller, region, uow, now)]
    return paged.page(grants, lambda grant: (str(grant.grant_id),), response)


@router.get("/{grant_id}", dependencies=[requires("catalogue.grant.read")], summary="Read a grant (授权详情)")
@refuses(GrantNotFound)
async def show_grant(
    grant_id: UUID, caller: Caller, region: RegionInUse, uow: InTransaction, now: Now, response: Response
) -> GrantOut:
    """Return a grant of the caller's agency; another agency's is not there for it."""
    grant = await read_grant(grant_id, caller, region, uow)
    set_etag(response, grant.version)
    return GrantOut.of(grant, now)
