"""Addresses verified online (住所在线核验), and what is looked at after registration (登记后核查)."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path, Query, Response
from pydantic import Field

from services.registration.api.acts.shapes import TownCode
from services.registration.api.dependencies import Desk
from services.registration.domain.errors import FollowUpConcluded, FollowUpNotFound, NotTheRegistrar
from services.registration.domain.follow_up import FOLLOWED, Finding, FollowUp
from services.registration.domain.place_rules import AddressMatch, matches
from services.registration.store.follow_ups import FollowUpStore
from services.registration.store.known_enterprises import KnownEnterprises
from services.registration.use_cases.follow_up import ConcludeFollowUp, conclude_follow_up
from services.registration.use_cases.registrars import require_registrar
from shared.security.access import public, requires
from shared.web.fields import RequestModel, ResponseModel, ShortText
from shared.web.openapi import refuses
from shared.web.paging import Page, Paged
from shared.web.routes import Caller, InTransaction, Now, ServiceRoute

router = APIRouter(prefix="/registration/v1", route_class=ServiceRoute, tags=["addresses"])

DECIDE = requires("registration.filing.decide")


class AddressCheckOut(ResponseModel):
    """Whether an address can be what it says, and how many are registered there (一址多照)."""

    result: AddressMatch
    address: str | None = Field(examples=["永济市城西街道河东大道12号"])
    enterprises_there: int = Field(description="None of them keeps another from the address")


class FollowUpOut(ResponseModel):
    """Something that was registered on a promise, and what a look at it found."""

    id: UUID
    uscc: str
    filing_id: UUID
    rule: str = Field(examples=["domicile.address_match"])
    pointer: str
    text_zh: str
    text_en: str
    noted_at: datetime
    version: int
    finding: Finding | None
    remark: str | None
    concluded_at: datetime | None

    @classmethod
    def of(cls, one: FollowUp) -> "FollowUpOut":
        """Shape it."""
        return cls.model_validate(one, from_attributes=True)


class ConclusionIn(RequestModel):
    """What the look found."""

    finding: Finding = Field(examples=["confirmed"])
    remark: ShortText = Field(examples=["现场核查，地址属实"])


@router.get(
    "/addresses/check",
    dependencies=[public("anyone may ask whether an address can be registered")],
    summary="Verify an address (住所在线核验)",
)
async def check(
    division_code: Annotated[TownCode, Query(description="The town (乡镇、街道)", examples=["140881001"])],
    street: Annotated[ShortText, Query(description="The rest of the address")],
    uow: InTransaction,
    desk: Desk,
) -> AddressCheckOut:
    """No proof is asked for: what does not match is registered on the promise, and looked at afterwards."""
    result, policy = matches(division_code, street, desk.policy), desk.policy
    if division_code not in policy.towns:
        return AddressCheckOut(result=result, address=None, enterprises_there=0)
    address = policy.address(division_code, street)
    there = await KnownEnterprises(uow.session).count_at(division_code, address)
    return AddressCheckOut(result=result, address=address, enterprises_there=there)


@router.get("/address-checks", dependencies=[DECIDE], summary="What is to be looked at (登记后核查清单)")
@refuses(NotTheRegistrar)
async def waiting(
    caller: Caller,
    paged: Paged,
    uow: InTransaction,
    desk: Desk,
    response: Response,
    rule: Annotated[
        str | None,
        Query(max_length=64, description=f"Only notes of a rule: {', '.join(sorted(FOLLOWED))}"),
    ] = None,
) -> Page[FollowUpOut]:
    """Addresses that do not match, commitments, branches of outside enterprises; for the registrar, oldest first."""
    response.headers["Cache-Control"] = "no-store"
    require_registrar(caller, desk)
    region = caller.office.region if caller.office else None
    after = (datetime.fromisoformat(paged.after[0]), UUID(paged.after[1])) if paged.after else None
    rows = await FollowUpStore(uow.session).waiting(region, rule, after, paged.fetch)
    shown = [FollowUpOut.of(row) for row in rows]
    return paged.page(shown, lambda out: (out.noted_at.isoformat(), str(out.id)), response)


@router.post(
    "/address-checks/{check_id}/conclusion", dependencies=[DECIDE], summary="Say what was found (核查结果)"
)
@refuses(NotTheRegistrar, FollowUpNotFound, FollowUpConcluded)
async def conclude(
    check_id: Annotated[UUID, Path(description="Id of the check (核查编号)")],
    body: ConclusionIn,
    caller: Caller,
    uow: InTransaction,
    now: Now,
    desk: Desk,
    response: Response,
) -> FollowUpOut:
    """Once; what is untrue is for supervision to go after."""
    response.headers["Cache-Control"] = "no-store"
    command = ConcludeFollowUp(check_id, caller, body.finding, body.remark)
    return FollowUpOut.of(await conclude_follow_up(command, uow, now, desk))
