"""What is late (超期督办), for the agencies whose it is or who lead, and for the supervisor."""

from datetime import datetime
from typing import Final
from uuid import UUID

from fastapi import APIRouter, Response
from pydantic import Field

from gateway.matters.api.clocks import ClockOut
from gateway.matters.api.dependencies import Region, Staff
from gateway.matters.api.titles import TitleOut
from gateway.matters.domain.alarms import OVERDUE
from gateway.matters.domain.model import Case
from gateway.matters.store.cases import CaseStore
from gateway.matters.store.late import LatePart, LateStore, Oversight
from shared.security.access import requires
from shared.web.fields import ResponseModel
from shared.web.openapi import refuses
from shared.web.paging import Page, Paged
from shared.web.problems import FORBIDDEN
from shared.web.routes import InTransaction, Now, ServiceRoute

router = APIRouter(prefix="/matters/v1", route_class=ServiceRoute, tags=["oversight"])


class LateOut(ResponseModel):
    """A part that is late, or a whole matter where `part` is null, and how its clock came to that."""

    matter_id: UUID
    case_no: str = Field(examples=["YJS-140881-20261123-000001-T"])
    theme: str = Field(examples=["open_restaurant"])
    part: str | None = Field(examples=["seal"])
    title: TitleOut
    agency_uscc: str
    lead_agency_uscc: str
    division_code: str | None
    due_at: datetime
    escalated_to: list[str] = Field(examples=[["lead_agency"]])
    clock: ClockOut

    @classmethod
    def of(cls, late: LatePart, case: Case, now: datetime) -> "LateOut":
        matter = case.matter
        part = next((each for each in case.parts if each.key == late.part), matter)
        return cls(
            matter_id=matter.id,
            case_no=matter.case_no,
            theme=matter.theme,
            part=late.part,
            title=TitleOut.of(part.title),
            agency_uscc=late.agency_uscc,
            lead_agency_uscc=matter.lead_agency_uscc,
            division_code=matter.division_code,
            due_at=late.due_at,
            escalated_to=[rule.to for rule in matter.alarms.escalations[: max(part.told - OVERDUE, 0)]],
            clock=ClockOut.of(part.clock or matter.clock, matter.calendar, now),
        )


@router.get(
    "/overdue",
    dependencies=[requires("matters.task.handle")],
    summary="List what is overdue, the longest first (超期清单)",
)
@refuses(FORBIDDEN)
async def overdue(
    staff: Staff, region: Region, paged: Paged, uow: InTransaction, now: Now, response: Response
) -> Page[LateOut]:
    """An agency's own parts and what it leads; the supervising agency sees all; an officer those of the region."""
    supervisor: Final = region.agency(region.handling.supervising_agency).uscc
    of_agency = None if staff.agency_uscc == supervisor else staff.agency_uscc
    after = (
        (datetime.fromisoformat(paged.after[0]), UUID(paged.after[1]), paged.after[2])
        if paged.after
        else None
    )
    found = await LateStore(uow.session).overdue(Oversight(of_agency, staff.region), after, paged.fetch)
    cases = await CaseStore(uow.session).look_at({late.matter_id for late in found})
    entries = [LateOut.of(late, cases[late.matter_id], now) for late in found]
    return paged.page(
        entries, lambda each: (each.due_at.isoformat(), str(each.matter_id), each.part or ""), response
    )
