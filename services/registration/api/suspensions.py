"""Suspensions of an enterprise (歇业): everybody may see them; the registrar reports business that was done."""

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path, Response
from pydantic import Field

from services.registration.api.dependencies import Desk
from services.registration.api.enterprise_models import EnterpriseSummaryOut
from services.registration.domain.errors import EnterpriseNotFound, EnterpriseStateForbids, NotTheRegistrar
from services.registration.domain.suspension import (
    Suspension,
    SuspensionCause,
    SuspensionEnd,
    SuspensionState,
)
from services.registration.store.enterprises import EnterpriseStore
from services.registration.store.suspensions import SuspensionStore
from services.registration.use_cases.report_business import ReportBusiness, report_business
from shared.security.access import public, requires
from shared.web.conditional import set_etag
from shared.web.fields import CivilDate, RequestModel, ResponseModel, UsccField
from shared.web.openapi import refuses
from shared.web.routes import Caller, InTransaction, Now, ServiceRoute

router = APIRouter(prefix="/registration/v1/enterprises", route_class=ServiceRoute, tags=["suspension"])

UsccPath = Annotated[UsccField, Path(description="Unified social credit code (统一社会信用代码)")]


class SuspensionOut(ResponseModel):
    """One suspension, both days included; `ended_on` is the first day of business again."""

    id: UUID
    filing_id: UUID
    cause: SuspensionCause
    begins_on: date
    until_on: date
    state: SuspensionState
    ended_on: date | None
    end: SuspensionEnd | None
    days: int

    @classmethod
    def of(cls, suspension: Suspension) -> "SuspensionOut":
        """Shape a suspension."""
        return cls.model_validate(suspension, from_attributes=True)


class SuspensionsOut(ResponseModel):
    """All suspensions of an enterprise, the newest first."""

    entries: list[SuspensionOut]


class BusinessIn(RequestModel):
    """Since when business is done."""

    since: CivilDate = Field(examples=["2026-06-01"])


@router.get(
    "/{uscc}/suspensions",
    dependencies=[public("suspensions are published (条例 art. 30)")],
    summary="Suspensions of an enterprise (歇业公示)",
)
@refuses(EnterpriseNotFound)
async def suspensions(uscc: UsccPath, uow: InTransaction) -> SuspensionsOut:
    """Past, running and planned ones."""
    await EnterpriseStore(uow.session).find(uscc)
    held = await SuspensionStore(uow.session).of(uscc)
    return SuspensionsOut(entries=[SuspensionOut.of(each) for each in held])


@router.post(
    "/{uscc}/business-during-suspension",
    dependencies=[requires("registration.filing.decide")],
    summary="Report business done during a suspension (视为恢复营业)",
)
@refuses(EnterpriseNotFound, NotTheRegistrar, EnterpriseStateForbids)
async def business(
    uscc: UsccPath,
    body: BusinessIn,
    caller: Caller,
    uow: InTransaction,
    now: Now,
    desk: Desk,
    response: Response,
) -> EnterpriseSummaryOut:
    """By an officer of the registrar; the enterprise counts as in business from that day on."""
    file = await report_business(ReportBusiness(uscc, body.since, caller), uow, now, desk)
    set_etag(response, file.enterprise.version)
    return EnterpriseSummaryOut.of(file.enterprise)
