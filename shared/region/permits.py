"""Permit items (涉企经营许可事项): conditions, materials, limits and how each may be granted."""

from collections.abc import Iterator
from enum import StrEnum
from typing import Annotated, Final

from pydantic import AfterValidator, Field, TypeAdapter, ValidationError
from pydantic_core import PydanticCustomError

from shared.region.agencies import CreditCode
from shared.region.facts import Fact, Key, Line, Record, Text
from shared.region.limits import Term
from shared.region.names import AgencyRef, FormFieldRef, GradeRef, PermitItemRef, ResourceRef
from shared.security.office import OfficeLevel

PERMIT_RESOURCE: Final = "licensing.permit"
"""The resource of permits that the suite itself issues."""
_CREDIT_CODE = TypeAdapter(CreditCode)


def _type_code(code: str) -> str:
    try:
        _CREDIT_CODE.validate_python(code[:18])
    except ValidationError:
        message = "a certificate type code is the credit code of the defining body and three digits"
        raise PydanticCustomError("type_code", "{message}", {"message": message}) from None
    return code


CertificateTypeCode = Annotated[str, Field(pattern=r"^[0-9A-Z]{18}\d{3}$"), AfterValidator(_type_code)]
"""Code of the defining body and three digits. Source: GB/T 36901 to 36905-2018, by published samples."""


class ReformMode(StrEnum):
    """How an item is treated under 证照分离. Source: 国发〔2021〕7号."""

    CANCEL = "cancel"
    FILING = "filing"
    COMMITMENT = "commitment"
    OPTIMISE = "optimise"


class OnsiteTiming(StrEnum):
    BEFORE = "before"
    AFTER = "after"
    IF_NEEDED = "if_needed"
    NONE = "none"


class Certificate(Fact):
    """The certificate that a grant produces, as the e-certificate store knows it."""

    type_code: CertificateTypeCode
    name: Text


class OnsiteCheck(Fact):
    """When somebody comes to look; `within` is counted from the decision for a check after it."""

    timing: OnsiteTiming
    within: Term | None = None


class Material(Record):
    """A paper that the law asks for. With `shared_from` the suite has its content, so nobody may ask for it.

    A `main` material must be there; another may be supplied before the decision (容缺受理).
    """

    key: Key
    name: Text
    is_main: bool
    shared_from: ResourceRef | None = None


class Commitment(Fact):
    """The promise on which the item is granted at once (告知承诺), and who may make it."""

    text: Text
    minimum_grade: GradeRef
    limit: Term


class Premises(Fact):
    """Whether the permit is given for the premises that it names; `apply_within` is for a holder who moved."""

    are_bound: bool
    apply_within: Term | None = None


class PermitItem(Fact):
    key: Key
    name: Text
    agency: AgencyRef
    mode: ReformMode
    statutory: Term
    promised: Term
    conditions: Annotated[tuple[Text, ...], Field(min_length=1, max_length=20)]
    materials: Annotated[tuple[Material, ...], Field(max_length=20)]
    legal_basis: Annotated[tuple[Line, ...], Field(min_length=1, max_length=10)]
    valid_years: Annotated[int, Field(ge=1, le=30)] | None = None
    onsite: OnsiteCheck
    commitment: Commitment | None = None
    exclusions: Annotated[tuple[Line, ...], Field(max_length=10)] = ()
    certificate: Certificate
    premises: Premises | None = None
    """Without a word about it a permit is bound to its premises: it is never moved silently."""
    needs: Annotated[tuple[PermitItemRef, ...], Field(max_length=10)] = ()
    """Items that are granted first, where an application asks for them too (前置许可)."""
    own_fields: Annotated[tuple[FormFieldRef, ...], Field(max_length=30)] = ()
    """What only this item asks in the one form."""
    form_fields: Annotated[tuple[FormFieldRef, ...], Field(min_length=1, max_length=60)]
    """What the agency's own form asked for when a person applied to it alone."""
    decided_at_level: OfficeLevel = OfficeLevel.COUNTY
    """The lowest level whose officers decide the item (GW-03)."""
    is_instant: bool = False
    """Decided on the spot, at the comprehensive window too (马上办, GW-29)."""

    def incoherences(self) -> Iterator[tuple[tuple[str | int, ...], str]]:
        if self.commitment is not None and self.exclusions:
            yield ("commitment",), "an item in an excluded field cannot be granted on a commitment"
        if self.mode is ReformMode.COMMITMENT and self.commitment is None:
            yield ("mode",), "mode commitment needs a commitment with its text"
        if self.statutory.unit is self.promised.unit and self.promised.value > self.statutory.value:
            yield ("promised", "value"), "the promised limit is longer than the statutory one"
        if self.premises is not None and self.premises.apply_within and not self.premises.are_bound:
            yield ("premises", "apply_within"), "nothing is applied for where the permit follows its holder"
        for place, item in enumerate(self.needs):
            if item == self.key:
                yield ("needs", place), "an item cannot come after itself"
            elif item in self.needs[:place]:
                yield ("needs", place), f"{item!r} is named twice"
        for place, paper in enumerate(self.materials):
            if paper.shared_from == PERMIT_RESOURCE and not self.needs:
                yield (
                    ("materials", place, "shared_from"),
                    "a permit as a paper: needs must say which item comes first",
                )
        for place, name in enumerate(self.own_fields):
            if name not in self.form_fields:
                yield ("own_fields", place), f"{name!r} is asked in the one form but not among form_fields"
