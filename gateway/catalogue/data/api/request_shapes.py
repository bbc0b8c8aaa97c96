"""Sharing requests (共享申请) as they are sent and shown."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Annotated, Self
from uuid import UUID

from pydantic import Field

from gateway.catalogue.data.api.grants import FieldName, Purpose, ResourceKey
from gateway.catalogue.data.api.resource_shapes import HappeningOut
from gateway.catalogue.data.domain.share_request import Ask, RequestStatus, ShareRequest
from shared.region import OfferedWay
from shared.web.fields import DivisionCode, Flag, Instant, LongText, RequestModel, ResponseModel, ShortText

Fields = Annotated[tuple[FieldName, ...], Field(max_length=100)]


class RequestIn(RequestModel):
    """What is asked for: basis, matter, scope, way and term (申请依据、事项、范围、方式、期限)."""

    resource: Annotated[ResourceKey, Field(examples=["registration.enterprise"])]
    fields: Annotated[
        tuple[FieldName, ...], Field(min_length=1, max_length=100, examples=[["uscc", "contact_phone"]])
    ]
    purpose: Annotated[Purpose, Field(examples=["invoice_review"])]
    basis: Annotated[ShortText, Field(examples=["税收征收管理法第十五条"])]
    matter: Annotated[
        ShortText, Field(examples=["增值税发票核定"], description="For which service item (事项)")
    ]
    regions: Annotated[
        tuple[DivisionCode, ...], Field(max_length=50, description="All, if none is named")
    ] = ()
    scenes: Annotated[tuple[Purpose, ...], Field(max_length=20, description="Any, if none is named")] = ()
    way: Annotated[OfferedWay, Field(examples=["copy"])]
    valid_until: Annotated[Instant, Field(examples=["2039-12-31T16:00:00Z"])]

    def ask(self) -> Ask:
        """Shape the ask of the domain."""
        return Ask(**{**dict(self), "valid_until": self.valid_until.astimezone(UTC)})


class WordsIn(RequestModel):
    """What is missing, what is supplied, or why."""

    text: Annotated[LongText, Field(examples=["请补充办理事项的依据"])]


class AgreementIn(RequestModel):
    """What is granted: all that was asked for, unless less is named."""

    fields: Annotated[Fields, Field(examples=[["uscc"]])] = ()
    valid_until: Annotated[Instant | None, Field(examples=["2038-12-31T16:00:00Z"])] = None
    conditions: Annotated[
        tuple[ShortText, ...], Field(max_length=20, description="Those of the entry that are recalled")
    ] = ()
    reason: ShortText | None = None


class RefusalIn(RequestModel):
    """On which basis it is refused, and which conditions of the entry are not met."""

    basis: Annotated[ShortText, Field(examples=["个人信息保护法第六条"])]
    reason: Annotated[ShortText, Field(examples=["申请的信息项超出办理事项所需"])]
    unmet_conditions: Annotated[
        tuple[ShortText, ...], Field(max_length=20, examples=[["用于履行法定职责，并说明办理的事项"]])
    ] = ()


class DecisionIn(RequestModel):
    """The coordinator's decision (协调决定)."""

    shall_share: Annotated[Flag, Field(examples=[True])]
    reason: Annotated[ShortText, Field(examples=["申请的信息项为办理事项所必需"])]
    basis: Annotated[ShortText, Field(examples=["政务数据共享条例"])]
    fields: Annotated[Fields, Field(examples=[["uscc"]])] = ()


class AnswerOut(ResponseModel):
    """How it was answered, and in how many working days."""

    at: datetime
    working_days: Decimal
    is_late: bool
    grant_id: UUID | None
    granted_fields: list[str]
    basis: str | None
    unmet_conditions: list[str]
    reason: str | None


class RequestOut(ResponseModel):
    """A request, whose turn it is until when, and its history."""

    request_id: UUID
    requester_uscc: Annotated[str, Field(examples=["11140881MB9Y000405"])]
    owner_uscc: Annotated[str, Field(examples=["11140881MB9Y00016L"])]
    resource: Annotated[str, Field(examples=["registration.enterprise"])]
    entry_number: int
    fields: list[str]
    purpose: str
    basis: str
    matter: str
    regions: list[str]
    scenes: list[str]
    way: OfferedWay
    valid_until: datetime
    status: Annotated[RequestStatus, Field(examples=["submitted"])]
    submitted_at: datetime
    due_at: Annotated[datetime | None, Field(description="Until when the owner answers, then provides")]
    is_overdue: bool
    answer: AnswerOut | None
    history: list[HappeningOut]

    @classmethod
    def of(cls, request: ShareRequest, now: datetime) -> Self:
        """Shape a request as it stands now."""
        late = request.overdue_at is not None or (request.due_at is not None and request.due_at < now)
        return cls(
            **vars(request.ask),
            request_id=request.request_id,
            requester_uscc=request.requester_uscc,
            owner_uscc=request.owner_uscc,
            entry_number=request.entry_number,
            status=request.status,
            submitted_at=request.submitted_at,
            due_at=request.due_at,
            is_overdue=late,
            answer=AnswerOut(**vars(request.answer)) if request.answer else None,
            history=[HappeningOut(**vars(step)) for step in request.history],
        )
