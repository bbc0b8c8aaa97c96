"""Permit applications (许可申请): submit, read, and decide a component."""

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Response
from pydantic import Field, StringConstraints

from services.licensing.api.component_models import ComponentOut
from services.licensing.api.dependencies import InOffice, ItemCode, name_of
from services.licensing.api.industries import Answers
from services.licensing.domain.application import Application, ApplicationNotFound, ApplicationRunning
from services.licensing.domain.commitment import NoticeChanged
from services.licensing.domain.component import ComponentActionNotAllowed, PredecessorPending
from services.licensing.domain.enterprise import (
    EnterpriseNotActive,
    EnterpriseNotFound,
    EnterpriseUnknown,
    IndustryDoesNotFit,
)
from services.licensing.domain.permit import PermitHeld
from services.licensing.domain.rules import IndustryUnknown, Wording
from services.licensing.store.applications import ApplicationStore
from services.licensing.use_cases.authority import counter_of
from services.licensing.use_cases.check_input import InputRefused
from services.licensing.use_cases.decide_component import (
    DecideComponent,
    ReasonMissing,
    ScopeIsNoGround,
    decide_component,
)
from services.licensing.use_cases.read_application import ApplicationView, read_application
from services.licensing.use_cases.submit_application import SubmitApplication, submit_application
from shared.identifiers.channel import Channel
from shared.security.access import requires
from shared.security.deciding import NotEmpowered
from shared.web.conditional import set_etag
from shared.web.fields import Code, RequestModel, ResponseModel, ShortText, UsccField
from shared.web.openapi import refuses
from shared.web.paging import Page, Paged
from shared.web.routes import Caller, InTransaction, Now, ServiceRoute

router = APIRouter(prefix="/licensing/v1/applications", route_class=ServiceRoute, tags=["applications"])

IndustryKey = Annotated[str, StringConstraints(min_length=1, max_length=64, pattern=r"^[a-z][a-z0-9_]*$")]


_FORM = {
    "legal_representative_name": "张三",
    "legal_representative_id_number": "110105194912310021",
    "contact_phone": "13800000000",
    "premises_area_m2": 180,
    "permits": {
        "food_operation": {
            "food_business_items": ["热食类食品制售"],
            "kitchen_area_m2": 60,
            "food_safety_manager": "李四",
        },
        "signboard": {"signboard_text": "蒲津小馆", "signboard_width_cm": 300, "signboard_height_cm": 80},
        "fire_check": {
            "assembly_floor": 1,
            "capacity_people": 80,
            "safety_exit_count": 2,
            "has_automatic_fire_facilities": True,
        },
    },
}


class ApplicationIn(RequestModel):
    """One application for all permits of an industry.

    `form` holds what the form endpoint lists as remaining; facts of the register may be left out.
    """

    industry_code: Annotated[IndustryKey, Field(examples=["restaurant"])]
    uscc: UsccField
    matter_id: Code | None = None
    answers: Answers
    form: Annotated[dict[str, Any], Field(max_length=100, examples=[_FORM])]
    commitments: Annotated[
        list[IndustryKey], Field(default_factory=list, max_length=20, examples=[["fire_check"]])
    ]
    notice_version: Annotated[Code | None, Field(description="The notice that was read (告知单版本)")] = None
    channel: Channel = Channel.PORTAL
    on_behalf_of: Annotated[
        Code | None,
        Field(
            description="Who came to the counter of the window or zone that sends this (代收申请人), an opaque id"
        ),
    ] = None


class DecisionIn(RequestModel):
    """An agency's decision; a refusal has its reason, in Chinese and, where given, in English."""

    decision: Annotated[Literal["granted", "refused"], Field(examples=["refused"])]
    reason: Annotated[ShortText | None, Field(examples=["安全出口被堵塞。"])] = None
    reason_en: Annotated[ShortText | None, Field(examples=["A safety exit is blocked."])] = None
    reason_code: Annotated[
        Code | None,
        Field(
            description="The ground in the agency's own list; `scope_mismatch` is none (REG-23)",
            examples=["fire_safety"],
        ),
    ] = None


class ApplicationSummary(ResponseModel):
    """An application in a list."""

    id: UUID
    case_no: Annotated[str | None, Field(examples=["XK-140881-20260302-000001-H"])]
    industry_code: Annotated[str, Field(examples=["restaurant"])]
    uscc: Annotated[str, Field(examples=["91140881MA0KXE2X64"])]
    matter_id: str | None
    status: Annotated[str, Field(examples=["under_review"])]
    version: Annotated[int, Field(examples=[1])]
    submitted_at: datetime
    decided_at: datetime | None
    permit_number: str | None
    channel: Channel
    division_code: Annotated[str | None, Field(examples=["140881003"])]
    accepted_at_counter: Annotated[
        str | None,
        Field(description="Credit code of the agency at whose counter it was accepted (代收单位)"),
    ]

    @classmethod
    def summary(cls, application: Application) -> "ApplicationSummary":
        """From the domain."""
        return cls(**_facts(application))


class ApplicationOut(ApplicationSummary):
    """An application as its applicant, or an agency with a component of its own, sees it."""

    answers: dict[str, bool | int]
    form: dict[str, Any]
    notice_version: str
    components: list[ComponentOut]

    @classmethod
    def of(cls, view: ApplicationView) -> "ApplicationOut":
        """From the use case."""
        return cls(
            **_facts(view.application),
            answers=view.application.answers,
            form=view.form,
            notice_version=view.application.notice_version,
            components=[ComponentOut.of(component) for component in view.components],
        )


@router.post(
    "",
    status_code=201,
    dependencies=[requires("licensing.application.submit")],
    summary="Submit one application for all permits (一次申请)",
)
@refuses(
    InputRefused,
    IndustryUnknown,
    EnterpriseUnknown,
    EnterpriseNotFound,
    EnterpriseNotActive,
    IndustryDoesNotFit,
    PermitHeld,
    ApplicationRunning,
    NoticeChanged,
    NotEmpowered,
)
async def submit(
    body: ApplicationIn, caller: Caller, uow: InTransaction, now: Now, office: InOffice, response: Response
) -> ApplicationOut:
    """Only in the enterprise's name, or by who applied for its establishment.

    Each agency has its task from the same instant; what is decided by rule is decided in this answer.
    """
    command = SubmitApplication(
        industry_code=body.industry_code,
        uscc=body.uscc,
        matter_id=body.matter_id,
        answers=dict(body.answers),
        form=body.form,
        commitments=tuple(body.commitments),
        notice_version=body.notice_version,
        applicant=body.on_behalf_of or caller.subject,
        acting_as=body.on_behalf_of or name_of(caller),
        channel=body.channel,
        counter=counter_of(caller, body.on_behalf_of, office),
    )
    application, components = await submit_application(command, uow, now, office)
    response.headers["Location"] = f"{router.prefix}/{application.id}"
    set_etag(response, application.version)
    return ApplicationOut.of(ApplicationView(application, components, application.form))


@router.get(
    "",
    dependencies=[requires("licensing.application.read")],
    summary="List one's own applications (我的申请)",
)
async def list_own(
    caller: Caller, paged: Paged, uow: InTransaction, response: Response
) -> Page[ApplicationSummary]:
    """What the token's subject submitted; in an enterprise's name all of the enterprise. Oldest first."""
    after = UUID(paged.after[0]) if paged.after else None
    found = await ApplicationStore(uow.session).of_applicant(
        caller.subject, caller.enterprise, after, paged.fetch
    )
    entries = [ApplicationSummary.summary(application) for application in found]
    return paged.page(entries, lambda entry: (entry.id,), response)


@router.get(
    "/{application_id}",
    dependencies=[requires("licensing.application.read")],
    summary="Read an application (查看申请)",
)
@refuses(ApplicationNotFound)
async def read(
    application_id: UUID, caller: Caller, uow: InTransaction, now: Now, office: InOffice, response: Response
) -> ApplicationOut:
    """The applicant sees all; an agency sees its own sections, and its reading is recorded."""
    view = await read_application(application_id, caller, uow, now, office)
    set_etag(response, view.application.version)
    return ApplicationOut.of(view)


@router.post(
    "/{application_id}/components/{item}/decision",
    dependencies=[requires("licensing.component.decide")],
    summary="Decide a component permit (单项许可决定)",
)
@refuses(
    ApplicationNotFound,
    ComponentActionNotAllowed,
    PredecessorPending,
    ReasonMissing,
    ScopeIsNoGround,
    EnterpriseUnknown,
    NotEmpowered,
)
async def decide(
    application_id: UUID,
    item: ItemCode,
    body: DecisionIn,
    caller: Caller,
    uow: InTransaction,
    now: Now,
    office: InOffice,
    response: Response,
) -> ComponentOut:
    """By its own agency, a zone to which it is delegated, the window on the spot; for others it is as absent."""
    command = DecideComponent(
        application_id=application_id,
        item=item,
        caller=caller,
        decision=body.decision,
        reason=Wording(body.reason, body.reason_en or body.reason) if body.reason else None,
        reason_code=body.reason_code,
    )
    application, components = await decide_component(command, uow, now, office)
    set_etag(response, application.version)
    return next(ComponentOut.of(component) for component in components if component.item == item)


def _facts(application: Application) -> dict[str, Any]:
    return {
        "id": application.id,
        "case_no": application.case_no,
        "industry_code": application.industry_code,
        "uscc": application.uscc,
        "matter_id": application.matter_id,
        "status": application.status.value,
        "version": application.version,
        "submitted_at": application.submitted_at,
        "decided_at": application.decided_at,
        "permit_number": application.permit_number,
        "channel": application.channel,
        "division_code": application.division_code,
        "accepted_at_counter": application.counter_uscc,
    }
