"""How choices and deliveries look over HTTP."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Annotated, Self
from uuid import UUID

from pydantic import Field, StringConstraints

from gateway.deliveries.domain.choice import Address, Choice, DeliveryMethod
from gateway.deliveries.domain.delivery import Delivery, DeliveryState
from gateway.deliveries.domain.results import Result, ResultKind
from shared.security.masking import mask_middle, mask_name
from shared.web.fields import RequestModel, ResponseModel, ShortText

PhoneNumber = Annotated[str, StringConstraints(min_length=7, max_length=20, pattern=r"^\+?[0-9-]{7,20}$")]
PersonName = Annotated[str, StringConstraints(min_length=1, max_length=50)]


class DeliveryAddress(RequestModel):
    """Where a parcel goes (收件人、电话、地址)."""

    name: Annotated[PersonName, Field(examples=["张三"])]
    phone: Annotated[PhoneNumber, Field(examples=["13900000001"])]
    address: Annotated[ShortText, Field(examples=["山西省永济市城东街道示例路 1 号"])]

    def as_address(self) -> Address:
        """The domain's value."""
        return Address(self.name, self.phone, self.address)


class DeliveryChoice(RequestModel):
    """How the results are wanted (领取方式); `address` goes with `ems` only."""

    method: Annotated[DeliveryMethod, Field(examples=["electronic"])]
    address: DeliveryAddress | None = None


class MaskedAddressOut(ResponseModel):
    """An address, masked: enough to know it again."""

    name: str = Field(examples=["张*"])
    phone: str = Field(examples=["139****0001"])


class ChoiceOut(ResponseModel):
    """What was chosen for a case."""

    case_id: str
    case_no: str
    method: DeliveryMethod
    address: MaskedAddressOut | None
    chosen_at: datetime
    version: int

    @classmethod
    def of(cls, choice: Choice) -> Self:
        """Shape a choice; the address itself stays here."""
        where = choice.address
        masked = (
            MaskedAddressOut(name=mask_name(where.name), phone=mask_middle(where.phone, 3, 4))
            if where
            else None
        )
        return cls(
            case_id=choice.case_id,
            case_no=choice.case_no,
            method=choice.method,
            address=masked,
            chosen_at=choice.chosen_at.astimezone(UTC),
            version=choice.version,
        )


class ResultOut(ResponseModel):
    """A certificate, read and verified through the gateway; its identifier is the code to verify it by (验证码)."""

    kind: ResultKind
    identifier: str
    document_path: str = Field(examples=["/licensing/v1/permits/ZH-140881-20260302-000001-7"])
    verify_path: str


class DeliveryOut(ResponseModel):
    """A delivery and how far it is."""

    delivery_id: UUID
    case_id: str
    case_no: str = Field(examples=["YJS-140881-20261123-000001-H"])
    method: DeliveryMethod
    state: DeliveryState
    made_at: datetime
    courier: str | None
    tracking_number: str | None = Field(description="Under which the parcel is tracked (运单号)")
    pickup_code: str | None = Field(description="To be shown at the window (取件码)")
    ended_at: datetime | None
    trip: int = Field(description="How often it was given to a courier")
    results: list[ResultOut]
    version: int

    @classmethod
    def of(cls, delivery: Delivery, results: Sequence[Result]) -> Self:
        """Shape a delivery with the certificates that came of its case."""
        order = delivery.order
        return cls(
            delivery_id=delivery.delivery_id,
            case_id=delivery.case_id,
            case_no=delivery.case_no,
            method=delivery.method,
            state=delivery.state,
            made_at=delivery.made_at.astimezone(UTC),
            courier=order.courier if order else None,
            tracking_number=order.tracking_number if order else None,
            pickup_code=delivery.pickup_code,
            ended_at=delivery.ended_at.astimezone(UTC) if delivery.ended_at else None,
            trip=delivery.trip,
            results=[
                ResultOut(
                    kind=each.kind,
                    identifier=each.identifier,
                    document_path=each.document_path,
                    verify_path=each.verify_path,
                )
                for each in results
            ],
            version=delivery.version,
        )
