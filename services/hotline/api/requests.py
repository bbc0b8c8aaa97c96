"""Bodies of the hotline's commands."""

from typing import Annotated
from uuid import UUID

from pydantic import ConfigDict, Field, StringConstraints

from services.hotline.domain.access import Viewer
from services.hotline.domain.ticket import (
    Channel,
    Contact,
    Demand,
    Nature,
    Place,
    RequesterType,
    ReturnReason,
    TicketKind,
)
from services.hotline.use_cases.submit_ticket import SubmitTicket
from shared.web.fields import Code, Flag, LongText, RequestModel, ShortText, UsccField

Phone = Annotated[str, StringConstraints(min_length=5, max_length=20, pattern=r"^\+?[0-9-]+$")]
PlaceCode = Annotated[
    str, StringConstraints(min_length=6, max_length=12, pattern=r"^[0-9]{6}([0-9]{3}){0,2}$")
]
Comment = Annotated[str, StringConstraints(min_length=1, max_length=1000)]
Score = Annotated[int, Field(ge=1, le=5, strict=True)]


class ContactIn(RequestModel):
    """How to reach the requester."""

    name: Annotated[str, StringConstraints(min_length=1, max_length=50)]
    phone: Phone


class PlaceIn(RequestModel):
    """Where it is about; the code is the region's, one of its towns' or of a village there."""

    code: PlaceCode | None = None
    text: ShortText | None = None


class SubmitIn(RequestModel):
    """A request to the hotline (诉求)."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "kind": "consult",
                    "channel": "app",
                    "content": "我的餐馆为什么告知单里没有排水许可证？",
                    "contact": {"name": "张三", "phone": "13900000001"},
                }
            ]
        }
    )

    kind: TicketKind
    channel: Channel
    content: LongText
    contact: ContactIn
    requester_type: RequesterType = RequesterType.PERSON
    uscc: UsccField | None = None
    matter_id: UUID | None = None
    category: Code | None = None
    place: PlaceIn | None = None
    confidential: Flag = False
    no_emergency: Annotated[Flag, Field(description="Nobody is in danger now (当前无人身危险)")] = False

    def command(self, caller: Viewer) -> SubmitTicket:
        """The command that this body stands for."""
        place = self.place or PlaceIn()
        return SubmitTicket(
            demand=Demand(
                kind=self.kind,
                channel=self.channel,
                content=self.content,
                requester_type=self.requester_type,
                named_category=self.category,
                place=Place(place.code, place.text),
                is_confidential=self.confidential,
            ),
            contact=Contact(self.contact.name, self.contact.phone),
            uscc=self.uscc,
            matter_id=self.matter_id,
            is_no_emergency=self.no_emergency,
            caller=caller,
        )


class DispatchIn(RequestModel):
    """Where the centre sends the ticket; without an agency to the one whose duty the category is."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"category": "drainage_permit"}]})

    agency_uscc: UsccField | None = None
    category: Code | None = None
    nature: Nature | None = None


class ReturnIn(RequestModel):
    """Why the unit returns the ticket (退单)."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"reason": "not_our_duty", "note": "属市场监管职责"}]}
    )

    reason: ReturnReason
    note: ShortText


class ReplyIn(RequestModel):
    """What the requester is told (答复)."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"text": "您的餐馆所在商业楼已由产权单位办理排水许可，无需另办。"}]}
    )

    text: LongText


class RatingIn(RequestModel):
    """Five levels: 5 非常满意, 4 满意, 3 基本满意, 2 不满意, 1 非常不满意."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"score": 5, "solved": True}]})

    score: Score
    solved: Flag
    comment: Comment | None = None


class LevelIn(RequestModel):
    """How hard the ticket is, a level of the region pack."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"level": "difficult"}]})

    level: Code
