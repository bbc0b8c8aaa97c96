"""Answers about enterprises, licences and names; protected fields are marked here and masked by default."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field

from services.registration.domain.enterprise import Enterprise, EnterpriseFile, EnterpriseSummary
from services.registration.domain.kinds import (
    ContributionForm,
    EnterpriseKind,
    EnterpriseState,
    KindVariant,
    Liability,
    Origin,
    Party,
    Role,
)
from services.registration.domain.person import Person, liability_of
from shared.security.masking import Personal, Shared, mask_name
from shared.web.fields import ResponseModel


class DomicileOut(ResponseModel):
    """住所."""

    division_code: str
    text: str | None


class ScopeOut(ResponseModel):
    """An entry of the business scope; without a code where an old register has free text."""

    code: str | None
    text: str


class PersonOut(ResponseModel):
    """Someone with a role in the enterprise."""

    roles: list[Role]
    name: Annotated[str, Personal(mask_name)]
    id_number: Annotated[str, Personal()]
    phone: Annotated[str | None, Personal()]
    party: Party
    residence: Annotated[str | None, Personal()]
    liability: Annotated[Liability | None, Shared()]
    subscribed_fen: Annotated[int | None, Shared()]
    paid_fen: Annotated[int | None, Shared()]
    contribution_forms: Annotated[list[ContributionForm] | None, Shared()]
    contribute_by: Annotated[date | None, Shared()]

    @classmethod
    def of(cls, person: Person, *, is_special: bool) -> "PersonOut":
        """Shape a person of an enterprise, a special general partnership or another."""
        return cls(
            roles=list(person.roles),
            name=person.name,
            id_number=person.id_number,
            phone=person.phone,
            party=person.party,
            residence=person.residence,
            liability=liability_of(person, is_special=is_special),
            subscribed_fen=person.subscribed_fen,
            paid_fen=person.paid_fen,
            contribution_forms=list(person.contribution_forms),
            contribute_by=person.contribute_by,
        )


class FurtherAddressOut(ResponseModel):
    """Another place of business under the same licence (一照多址)."""

    division_code: str
    text: str


class ServiceAddressOut(ResponseModel):
    """Where papers of the law are served (法律文书送达地址)."""

    text: str
    recipient: str | None
    phone: str | None
    email: str | None


class EnterpriseSummaryOut(ResponseModel):
    """An enterprise in a list: public fields only."""

    uscc: str = Field(examples=["91140881MAE000002E"])
    name: str = Field(examples=["永济市蒲津渡餐饮有限公司"])
    enterprise_kind: EnterpriseKind
    state: EnterpriseState
    established_on: date | None
    division_code: str
    origin: Origin

    @classmethod
    def of(cls, enterprise: Enterprise | EnterpriseSummary) -> "EnterpriseSummaryOut":
        """Shape an enterprise."""
        return cls.model_validate(enterprise, from_attributes=True)


class EnterpriseOut(EnterpriseSummaryOut):
    """An enterprise (经营主体). Protected fields are null or masked without a grant for the purpose."""

    kind_stated: str | None
    registered_capital_fen: int | None
    capital_currency: str | None
    capital_stated: str | None
    variant: KindVariant | None = Field(description="Which of its kind (普通、有限合伙；个人、家庭经营)")
    parent_uscc: str | None = Field(description="Whose branch it is (所从属企业)")
    parent_name: str | None
    domicile: DomicileOut
    further_addresses: list[FurtherAddressOut]
    service_address: Annotated[ServiceAddressOut | None, Shared()]
    term_until: date | None = Field(description="End of its term (经营期限); none is for long")
    is_foreign_invested: bool
    scope: list[ScopeOut]
    industry_code: str | None
    registrar_uscc: str | None
    licence_identifier: str | None
    filing_id: Annotated[UUID | None, Shared()]
    version: int
    changed_at: datetime
    abnormal_since: datetime | None = Field(
        description="On the list of abnormal operations since (列入经营异常名录)"
    )
    legal_representative_name: Annotated[str | None, Shared()]
    legal_representative_id_number: Annotated[str | None, Personal()]
    contact_phone: Annotated[str | None, Personal()]
    people: list[PersonOut]

    @classmethod
    def open(cls, file: EnterpriseFile) -> "EnterpriseOut":
        """Shape an enterprise with everything in it: to be disclosed, not to be answered as it is."""
        one, principal = file.enterprise, file.principal
        is_special = one.variant is KindVariant.SPECIAL_GENERAL_PARTNERSHIP
        return cls(
            **EnterpriseSummaryOut.of(one).model_dump(),
            kind_stated=one.kind_stated,
            registered_capital_fen=one.registered_capital_fen,
            capital_currency=one.capital_currency,
            capital_stated=one.capital_stated,
            variant=one.variant,
            parent_uscc=one.parent_uscc,
            parent_name=one.parent_name,
            further_addresses=[
                FurtherAddressOut(division_code=each.division_code, text=each.text)
                for each in one.further_addresses
            ],
            service_address=ServiceAddressOut.model_validate(one.service_address, from_attributes=True)
            if one.service_address
            else None,
            term_until=one.term_until,
            is_foreign_invested=one.is_foreign_invested,
            domicile=DomicileOut(division_code=one.domicile_division_code, text=one.domicile_text),
            scope=[ScopeOut(code=entry.code, text=entry.text) for entry in one.scope],
            industry_code=one.industry_code,
            registrar_uscc=one.registrar_uscc,
            licence_identifier=one.licence_identifier,
            filing_id=one.filing_id,
            version=one.version,
            changed_at=one.changed_at,
            abnormal_since=one.abnormal_since,
            legal_representative_name=principal.name if principal else None,
            legal_representative_id_number=principal.id_number if principal else None,
            contact_phone=file.contact_phone,
            people=[PersonOut.of(person, is_special=is_special) for person in file.people],
        )
