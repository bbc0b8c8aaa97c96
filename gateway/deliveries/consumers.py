"""Events that deliveries follow: cases that begin and end, and the certificates that come of them."""

from datetime import datetime
from typing import Final

from pydantic import BaseModel, ConfigDict

from gateway.deliveries.domain.results import business_licence, permit
from gateway.deliveries.use_cases.follow_cases import (
    CaseHeard,
    deliver_results,
    forget_address,
    keep_result,
    offer_choice,
)
from shared.database.unit_of_work import UnitOfWork
from shared.messaging.events import Event
from shared.messaging.topology import Consumer, follow


class _Heard(BaseModel):
    """Our copy of a payload: what is used here, whatever else it says."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    matter_id: str | None = None
    applicant: str | None = None
    case_no: str | None = None
    filing_id: str | None = None
    application_id: str | None = None
    uscc: str | None = None
    licence_identifier: str | None = None
    certificate_identifier: str | None = None
    permit_number: str | None = None
    verify_path: str = ""

    @property
    def own_id(self) -> str:
        """The id of the filing or application."""
        return self.filing_id or self.application_id or ""

    @property
    def case(self) -> CaseHeard:
        """The case that the results belong to: the matter, where there is one."""
        return CaseHeard(self.matter_id or self.own_id, self.case_no, self.applicant)


async def on_opened(event: Event, uow: UnitOfWork, now: datetime) -> None:
    """A case has begun; what is part of a matter goes with the matter."""
    heard = _Heard.model_validate(event.data)
    if heard.matter_id is None or not heard.own_id:
        await offer_choice(heard.case, uow, now)


async def on_completed(event: Event, uow: UnitOfWork, now: datetime) -> None:
    """A matter is done, or the parts of it that could be."""
    await deliver_results(_Heard.model_validate(event.data).case, uow, now)


async def on_filing_approved(event: Event, uow: UnitOfWork, now: datetime) -> None:
    """A filing is approved, and with it the licence issued."""
    heard = _Heard.model_validate(event.data)
    if heard.licence_identifier and heard.uscc:
        licence = business_licence(heard.licence_identifier, heard.uscc)
        await keep_result(heard.case.case_id, licence, uow)
    if heard.matter_id is None:
        await deliver_results(heard.case, uow, now)


async def on_application_approved(event: Event, uow: UnitOfWork, now: datetime) -> None:
    """An application is granted."""
    heard = _Heard.model_validate(event.data)
    if heard.matter_id is None:
        await deliver_results(heard.case, uow, now)


async def on_permit_issued(event: Event, uow: UnitOfWork, now: datetime) -> None:
    """A permit is there, before or after the case is told to be done."""
    heard = _Heard.model_validate(event.data)
    if heard.certificate_identifier and heard.permit_number and heard.case.case_id:
        result = permit(heard.certificate_identifier, heard.permit_number, heard.verify_path)
        await keep_result(heard.case.case_id, result, uow)


async def on_ended_without_result(event: Event, uow: UnitOfWork, now: datetime) -> None:
    """Nothing will be sent."""
    heard = _Heard.model_validate(event.data)
    if heard.matter_id is None or not heard.own_id:
        await forget_address(heard.case.case_id, uow)


_MATTER: Final = "cn.tongban.gateway.matter."
_FILING: Final = "cn.tongban.registration.filing."
_APPLICATION: Final = "cn.tongban.licensing.application."

CONSUMERS: Final = (
    Consumer(
        follow("gateway", "gateway", "matter", durable="gateway_deliveries"),
        {
            f"{_MATTER}opened.v1": on_opened,
            f"{_MATTER}completed.v1": on_completed,
            f"{_MATTER}partly_completed.v1": on_completed,
            f"{_MATTER}withdrawn.v1": on_ended_without_result,
        },
    ),
    Consumer(
        follow("gateway", "registration", "filing", durable="gateway_deliveries"),
        {
            f"{_FILING}submitted.v1": on_opened,
            f"{_FILING}approved.v1": on_filing_approved,
            f"{_FILING}refused.v1": on_ended_without_result,
            f"{_FILING}withdrawn.v1": on_ended_without_result,
        },
    ),
    Consumer(
        follow("gateway", "licensing", "application", "permit", durable="gateway_deliveries"),
        {
            f"{_APPLICATION}submitted.v1": on_opened,
            f"{_APPLICATION}approved.v1": on_application_approved,
            f"{_APPLICATION}refused.v1": on_ended_without_result,
            "cn.tongban.licensing.permit.issued.v1": on_permit_issued,
        },
    ),
)
