"""Bodies of requests about matters and drafts."""

from typing import Annotated, Any
from uuid import UUID

from pydantic import Field

from gateway.deliveries.public import DeliveryChoice
from gateway.matters.api.examples import RESTAURANT_FORM
from gateway.matters.domain.choices import Choice
from gateway.matters.use_cases.drafts import DraftContent
from shared.identifiers.channel import Channel
from shared.web.fields import Code, DivisionCode, RequestModel, UsccField

Form = Annotated[
    dict[str, Any],
    Field(
        max_length=100,
        description="By the theme's JSON Schema, see `/matters/v1/themes/{key}` (一张表单)",
        examples=[RESTAURANT_FORM],
    ),
]
Commitments = Annotated[
    list[Code],
    Field(max_length=20, description="Permit items that the applicant wants by commitment (告知承诺)"),
]
Materials = Annotated[
    list[UUID],
    Field(max_length=50, description="Files handed in before, for all who take part (材料)"),
]
OnBehalfOf = Annotated[
    Code | None,
    Field(
        description="Who came to the counter of the window or zone that sends this (代收申请人): an opaque id, or"
        " the credit code of the enterprise for which they came"
    ),
]
Enterprise = Annotated[
    UsccField | None, Field(description="For which enterprise, where the theme is for registered ones")
]
FilingRegion = Annotated[
    DivisionCode | None,
    Field(description="The place from which it is filed online, if not the home of the business (异地申请)"),
]
Delivery = Annotated[
    DeliveryChoice | None,
    Field(description="How the results are wanted; electronic without a word about it (取件方式)"),
]
ConfidentialFields = Annotated[
    list[Code], Field(max_length=60, description="Fields of the form for the handling units only (保密要求)")
]


class OpenMatterIn(RequestModel):
    """One form for everybody who takes part."""

    theme: Code = Field(examples=["open_restaurant"])
    form: Form
    uscc: Enterprise = None
    channel: Channel = Channel.PORTAL
    filing_region: FilingRegion = None
    on_behalf_of: OnBehalfOf = None
    commitments: Commitments = Field(default=[])
    materials: Materials = Field(default=[])
    delivery: Delivery = None
    confidential_fields: ConfidentialFields = Field(default=[])


class FormIn(RequestModel):
    """The whole form, corrected."""

    form: Form
    commitments: Commitments = Field(default=[])
    materials: Materials = Field(default=[])


class ChoiceIn(RequestModel):
    """How to go on with a part that was refused; a form only to try again with another one."""

    choice: Choice = Field(examples=["go_on_without"])
    part: Code = Field(examples=["licensing"])
    form: Form | None = None
    commitments: Commitments | None = None
    materials: Materials = Field(default=[])


class DraftIn(RequestModel):
    """A form as far as it is filled; nothing is checked before it is asked for."""

    theme: Code = Field(examples=["open_restaurant"])
    form: Annotated[
        dict[str, Any], Field(max_length=100, examples=[{"enterprise_kind": "individual_business"}])
    ]
    uscc: Enterprise = None
    channel: Channel = Channel.PORTAL
    filing_region: FilingRegion = None
    commitments: Commitments = Field(default=[])
    materials: Materials = Field(default=[])
    delivery: Delivery = None
    confidential_fields: ConfidentialFields = Field(default=[])

    def content(self) -> DraftContent:
        """As the use cases know it."""
        return DraftContent(
            theme=self.theme,
            form=self.form,
            commitments=tuple(self.commitments),
            uscc=self.uscc,
            materials=tuple(self.materials),
            channel=self.channel,
            filing_region=self.filing_region,
            confidential_fields=tuple(self.confidential_fields),
            delivery=self.delivery,
        )


class NewDraftIn(DraftIn):
    """A new draft, one's own or, at a counter, of who came there."""

    on_behalf_of: OnBehalfOf = None
