"""The alteration filing (变更登记申请) as JSON."""

from typing import Annotated, Literal, Self
from uuid import UUID

from pydantic import ConfigDict, Field
from pydantic.config import JsonDict

from services.registration.api.acts.base import ContentIn, Envelope
from services.registration.api.acts.shapes import DomicileIn, NameConsentIn, NameIn, NamePart, PersonIn
from services.registration.domain.acts.alteration import Alteration, NewKind, Reorganisation
from services.registration.domain.addresses import Domicile
from services.registration.domain.filing import Filing
from services.registration.domain.kinds import EnterpriseKind, KindVariant
from services.registration.domain.names import BranchName, NameParts
from shared.web.fields import CivilDate, Code, Fen, Flag, RequestModel, UsccField

ALTERATION_EXAMPLE: JsonDict = {
    "kind": "alteration",
    "uscc": "91140881MAE000002E",
    "decided_on": "2026-03-02",
    "resolution_signed": True,
    "domicile": {"division_code": "140881104", "street": "鹳雀路8号", "commitment": True},
}


class BranchNameIn(RequestModel):
    """The name of a branch: its enterprise's, the place, what it is (分公司)."""

    enterprise: NamePart
    place: NamePart
    ending: NamePart


class NewKindIn(RequestModel):
    """The kind that it becomes (变更类型)."""

    enterprise_kind: EnterpriseKind
    variant: KindVariant | None = None


class AlterationIn(ContentIn):
    """An alteration filing (变更登记申请): every item that changes; what is left out stays as it is."""

    model_config = ConfigDict(json_schema_extra={"examples": [ALTERATION_EXAMPLE]})

    kind: Literal["alteration"]
    uscc: UsccField
    decided_on: Annotated[
        CivilDate, Field(description="Day of the resolution or of the event that the law names")
    ]
    resolution_signed: Flag
    name: NameIn | None = None
    branch_name: BranchNameIn | None = None
    new_kind: NewKindIn | None = None
    domicile: DomicileIn | None = None
    scope: Annotated[list[Code], Field(min_length=1, max_length=100)] | None = None
    registered_capital_fen: Fen | None = None
    principal: Annotated[
        PersonIn | None, Field(description="The new legal representative, operator, head … (法定代表人等)")
    ] = None
    owners: Annotated[
        list[PersonIn] | None, Field(min_length=1, max_length=220, description="All who contribute after it")
    ] = None
    permit_ended_on: CivilDate | None = None
    reorganisation: Reorganisation | None = None
    creditors_told_on: Annotated[
        CivilDate | None, Field(description="Day of the notice to creditors (债权人公告)")
    ] = None
    name_reservation_id: Annotated[
        UUID | None,
        Field(description="The reservation that keeps the name (名称保留), made for the enterprise"),
    ] = None
    name_consent: NameConsentIn | None = None

    def content(self) -> Alteration:
        """The filing's content as the domain knows it."""
        kind = self.new_kind
        return Alteration(
            uscc=self.uscc,
            decided_on=self.decided_on,
            resolution_signed=self.resolution_signed,
            name=NameParts(**self.name.model_dump()) if self.name else None,
            branch_name=BranchName(**self.branch_name.model_dump()) if self.branch_name else None,
            new_kind=NewKind(kind.enterprise_kind, kind.variant) if kind else None,
            domicile=Domicile(**self.domicile.model_dump()) if self.domicile else None,
            scope=None if self.scope is None else tuple(self.scope),
            registered_capital_fen=self.registered_capital_fen,
            principal=self.principal.person() if self.principal else None,
            owners=None if self.owners is None else tuple(owner.person() for owner in self.owners),
            permit_ended_on=self.permit_ended_on,
            reorganisation=self.reorganisation,
            creditors_told_on=self.creditors_told_on,
            name_reservation_id=self.name_reservation_id,
            name_consent=self.name_consent.consent() if self.name_consent else None,
        )

    @classmethod
    def of(cls, filing: Filing) -> Self:
        """Shape what was filed."""
        filed = filing.content
        assert isinstance(filed, Alteration)  # noqa: S101 - the kind says so
        return cls(
            kind="alteration",
            matter_id=filing.matter_id,
            uscc=filed.uscc,
            decided_on=filed.decided_on,
            resolution_signed=filed.resolution_signed,
            name=NameIn.model_validate(filed.name, from_attributes=True) if filed.name else None,
            branch_name=BranchNameIn.model_validate(filed.branch_name, from_attributes=True)
            if filed.branch_name
            else None,
            new_kind=NewKindIn.model_validate(filed.new_kind, from_attributes=True)
            if filed.new_kind
            else None,
            domicile=DomicileIn.model_validate(filed.domicile, from_attributes=True)
            if filed.domicile
            else None,
            scope=None if filed.scope is None else list(filed.scope),
            registered_capital_fen=filed.registered_capital_fen,
            principal=PersonIn.of(filed.principal) if filed.principal else None,
            owners=None if filed.owners is None else [PersonIn.of(owner) for owner in filed.owners],
            permit_ended_on=filed.permit_ended_on,
            reorganisation=filed.reorganisation,
            creditors_told_on=filed.creditors_told_on,
            name_reservation_id=filed.name_reservation_id,
            name_consent=NameConsentIn.model_validate(filed.name_consent, from_attributes=True)
            if filed.name_consent
            else None,
        )


class AlterationFilingIn(Envelope, AlterationIn):
    """A new alteration filing."""
