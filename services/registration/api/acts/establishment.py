"""The establishment filing (设立登记申请) as JSON."""

from typing import Annotated, Literal, Self
from uuid import UUID

from pydantic import ConfigDict, Field
from pydantic.config import JsonDict

from services.registration.api.acts.base import ContentIn, Envelope
from services.registration.api.acts.shapes import (
    ArticlesIn,
    BranchOfIn,
    DomicileIn,
    FurtherAddressIn,
    NameConsentIn,
    NameIn,
    PersonIn,
    PriorPermitIn,
    ServiceAddressIn,
)
from services.registration.domain.addresses import Domicile
from services.registration.domain.establishment import Establishment
from services.registration.domain.filing import Filing
from services.registration.domain.kinds import EnterpriseKind, KindVariant
from services.registration.domain.names import NameParts
from shared.web.fields import CivilDate, Code, Fen, Flag

ESTABLISHMENT_EXAMPLE: JsonDict = {
    "kind": "establishment",
    "enterprise_kind": "limited_company",
    "name": {"division": "永济市", "distinctive": "蒲津渡", "trade": "餐饮", "form": "有限公司"},
    "domicile": {"division_code": "140881001", "street": "河东大道12号", "commitment": True},
    "service_address_confirmed": True,
    "scope": ["H6210-01"],
    "registered_capital_fen": 10_000_000,
    "people": [
        {
            "roles": ["legal_representative", "shareholder"],
            "name": "张三丰",
            "id_number": "140881199001010010",
            "phone": "13800000000",
            "subscribed_fen": 10_000_000,
        }
    ],
}
PARTNERSHIP_EXAMPLE: JsonDict = {
    "kind": "establishment",
    "enterprise_kind": "partnership",
    "variant": "limited_partnership",
    "name": {
        "division": "永济市",
        "distinctive": "蒲津渡",
        "trade": "餐饮",
        "form": "合伙企业（有限合伙）",
    },
    "domicile": {"division_code": "140881001", "street": "河东大道12号", "commitment": True},
    "service_address_confirmed": True,
    "scope": ["H6210-03"],
    "registered_capital_fen": 300_000,
    "articles": {"adopted_on": "2026-03-01"},
    "exempt_from_beneficial_owners": True,
    "people": [
        {
            "roles": ["executive_partner", "general_partner"],
            "name": "张三丰",
            "id_number": "140881199001010010",
            "phone": "13800000000",
            "residence": "永济市城西街道河东大道12号",
            "subscribed_fen": 100_000,
            "contribution_forms": ["labour"],
            "contribute_by": "2030-12-31",
        },
        {
            "roles": ["limited_partner"],
            "name": "李四光",
            "id_number": "140881199001010029",
            "residence": "永济市城西街道河东大道14号",
            "subscribed_fen": 200_000,
            "contribution_forms": ["money"],
            "contribute_by": "2030-12-31",
        },
    ],
}


class EstablishmentIn(ContentIn):
    """An establishment filing (设立登记申请); which items a kind has is told by the rules `items.*`."""

    model_config = ConfigDict(json_schema_extra={"examples": [ESTABLISHMENT_EXAMPLE, PARTNERSHIP_EXAMPLE]})

    kind: Literal["establishment"]
    enterprise_kind: EnterpriseKind
    variant: Annotated[
        KindVariant | None,
        Field(description="Which of its kind (普通、有限合伙；个人、家庭经营), where there are several"),
    ] = None
    name: Annotated[
        NameIn | None, Field(description="None of a branch, or of an individual business without a name")
    ] = None
    branch_of: BranchOfIn | None = None
    name_reservation_id: Annotated[
        UUID | None, Field(description="The reservation of the name (名称保留)")
    ] = None
    name_consent: NameConsentIn | None = None
    domicile: DomicileIn
    further_addresses: list[FurtherAddressIn] = Field(default_factory=list, max_length=50)
    service_address_confirmed: Annotated[
        Flag, Field(description="Papers of the law reach it there, and it answers for that (送达地址承诺)")
    ]
    service_address: Annotated[
        ServiceAddressIn | None, Field(description="Where papers are served; otherwise at the domicile")
    ] = None
    scope: Annotated[list[Code], Field(min_length=1, max_length=100)]
    prior_permits: list[PriorPermitIn] = Field(default_factory=list, max_length=100)
    registered_capital_fen: Annotated[
        Fen, Field(description="Registered capital or contributions (注册资本、出资额)")
    ] = 0
    term_until: Annotated[
        CivilDate | None, Field(description="End of its term (经营期限); none is for long")
    ] = None
    articles: ArticlesIn | None = None
    foreign_invested: Flag = False
    exempt_from_beneficial_owners: Annotated[
        Flag, Field(description="Promised: nobody but the owners controls it or profits (受益所有人承诺免报)")
    ] = False
    commitment: Annotated[
        Flag, Field(description="The promise on which it is registered, where the city decides so (告知承诺)")
    ] = False
    people: Annotated[list[PersonIn], Field(min_length=1, max_length=220)]

    def content(self) -> Establishment:
        """The filing's content as the domain knows it."""
        return Establishment(
            enterprise_kind=self.enterprise_kind,
            variant=self.variant,
            name=NameParts(**self.name.model_dump()) if self.name else None,
            branch_of=self.branch_of.branch() if self.branch_of else None,
            name_reservation_id=self.name_reservation_id,
            name_consent=self.name_consent.consent() if self.name_consent else None,
            domicile=Domicile(**self.domicile.model_dump()),
            further_addresses=tuple(each.address() for each in self.further_addresses),
            service_address_confirmed=self.service_address_confirmed,
            service_address=self.service_address.address() if self.service_address else None,
            scope=tuple(self.scope),
            prior_permits=tuple(each.permit() for each in self.prior_permits),
            registered_capital_fen=self.registered_capital_fen,
            term_until=self.term_until,
            articles=self.articles.articles() if self.articles else None,
            foreign_invested=self.foreign_invested,
            exempt_from_beneficial_owners=self.exempt_from_beneficial_owners,
            commitment=self.commitment,
            people=tuple(person.person() for person in self.people),
        )

    @classmethod
    def of(cls, filing: Filing) -> Self:
        """Shape what was filed."""
        said = filing.content
        assert isinstance(said, Establishment)  # noqa: S101 - the kind says so
        return cls(
            kind="establishment",
            matter_id=filing.matter_id,
            enterprise_kind=said.enterprise_kind,
            variant=said.variant,
            name=NameIn.model_validate(said.name, from_attributes=True) if said.name else None,
            branch_of=BranchOfIn.of(said.branch_of) if said.branch_of else None,
            name_reservation_id=said.name_reservation_id,
            name_consent=NameConsentIn.model_validate(said.name_consent, from_attributes=True)
            if said.name_consent
            else None,
            domicile=DomicileIn.model_validate(said.domicile, from_attributes=True),
            further_addresses=[
                FurtherAddressIn.model_validate(each, from_attributes=True) for each in said.further_addresses
            ],
            service_address_confirmed=said.service_address_confirmed,
            service_address=ServiceAddressIn.model_validate(said.service_address, from_attributes=True)
            if said.service_address
            else None,
            scope=list(said.scope),
            prior_permits=[
                PriorPermitIn.model_validate(each, from_attributes=True) for each in said.prior_permits
            ],
            registered_capital_fen=said.registered_capital_fen,
            term_until=said.term_until,
            articles=ArticlesIn.model_validate(said.articles, from_attributes=True)
            if said.articles
            else None,
            foreign_invested=said.foreign_invested,
            exempt_from_beneficial_owners=said.exempt_from_beneficial_owners,
            commitment=said.commitment,
            people=[PersonIn.of(person) for person in said.people],
        )


class EstablishmentFilingIn(Envelope, EstablishmentIn):
    """A new establishment filing."""
