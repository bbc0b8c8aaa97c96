"""Requests and answers about filings."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import ConfigDict, Field, StringConstraints
from pydantic.config import JsonDict

from services.registration.domain.establishment import Domicile, Establishment, Person
from services.registration.domain.filing import DecidedBy, Filing, FilingStatus
from services.registration.domain.kinds import EnterpriseKind, Role
from services.registration.domain.names import NameParts
from services.registration.domain.policy import RegistryPolicy, Wording
from services.registration.domain.review import permits_needed
from services.registration.domain.rule import Outcome, RuleResult
from shared.identifiers.channel import Channel
from shared.web.fields import Code, Fen, Flag, RequestModel, ResponseModel, ShortText

NamePart = Annotated[str, StringConstraints(min_length=1, max_length=60)]
PersonName = Annotated[str, StringConstraints(min_length=1, max_length=60)]
IdNumber = Annotated[str, StringConstraints(min_length=1, max_length=18, pattern=r"^[0-9A-Za-z]+$")]
Phone = Annotated[str, StringConstraints(min_length=5, max_length=20, pattern=r"^[0-9+-]+$")]
TownCode = Annotated[str, StringConstraints(min_length=9, max_length=9, pattern=r"^[0-9]{9}$")]
Reason = Annotated[str, StringConstraints(min_length=1, max_length=500)]

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


class NameIn(RequestModel):
    """The parts of the proposed name (名称)."""

    division: NamePart
    distinctive: NamePart
    trade: NamePart
    form: NamePart


class DomicileIn(RequestModel):
    """The address (住所), declared with a commitment that it is true."""

    division_code: TownCode
    street: ShortText
    commitment: Flag


class PersonIn(RequestModel):
    """Someone with a role; `account` is the opaque id under which the person signs in, where known."""

    roles: Annotated[list[Role], Field(min_length=1, max_length=10)]
    name: PersonName
    id_number: IdNumber
    phone: Phone | None = None
    subscribed_fen: Fen | None = None
    account: Code | None = None


class ContentIn(RequestModel):
    """An establishment filing (设立登记申请)."""

    model_config = ConfigDict(json_schema_extra={"examples": [ESTABLISHMENT_EXAMPLE]})

    kind: Literal["establishment"]
    matter_id: UUID | None = None
    enterprise_kind: EnterpriseKind
    name: NameIn
    domicile: DomicileIn
    service_address_confirmed: Flag
    scope: Annotated[list[Code], Field(min_length=1, max_length=100)]
    registered_capital_fen: Fen
    people: Annotated[list[PersonIn], Field(min_length=1, max_length=220)]

    def establishment(self) -> Establishment:
        """The filing's content as the domain knows it."""
        return Establishment(
            enterprise_kind=self.enterprise_kind,
            name=NameParts(**self.name.model_dump()),
            domicile=Domicile(**self.domicile.model_dump()),
            service_address_confirmed=self.service_address_confirmed,
            scope=tuple(self.scope),
            registered_capital_fen=self.registered_capital_fen,
            people=tuple(
                Person(
                    roles=tuple(person.roles),
                    name=person.name,
                    id_number=person.id_number,
                    phone=person.phone,
                    subscribed_fen=person.subscribed_fen,
                    account=person.account,
                )
                for person in self.people
            ),
        )


class FilingIn(ContentIn):
    """A new filing, and how it comes in; without a word about it, through the portal."""

    channel: Channel = Channel.PORTAL
    on_behalf_of: Annotated[
        Code | None,
        Field(
            description="Who came to the counter of the window or zone that sends this (代收申请人), an opaque id"
        ),
    ] = None


class ReasonIn(RequestModel):
    """An officer's reason, for the applicant to read."""

    reason_zh: Reason = Field(examples=["字号与同行业企业近似，足以造成误认"])
    reason_en: Reason = Field(examples=["the distinctive part misleads beside another in the trade"])

    def wording(self) -> Wording:
        """As the domain knows it."""
        return Wording(self.reason_zh, self.reason_en)


class CheckOut(ResponseModel):
    """A rule applied to the filing, with its legal basis and outcome."""

    rule: str = Field(examples=["name.distinctive"])
    outcome: Outcome
    pointer: str = Field(examples=["/name/distinctive"])
    basis_zh: str
    basis_en: str
    text_zh: str
    text_en: str

    @classmethod
    def of(cls, result: RuleResult) -> "CheckOut":
        """Shape a result."""
        return cls.model_validate(result, from_attributes=True)


class PermitNeedOut(ResponseModel):
    """A permit to apply for after registration (后置许可), with the scope entries that need it."""

    item: str = Field(examples=["food_operation"])
    name_zh: str
    name_en: str
    scope: list[str]


class ReasonOut(ResponseModel):
    """An officer's reason."""

    zh: str
    en: str


class FilingOut(ResponseModel):
    """A filing (登记申请): its status, what the rules found, what came of it."""

    id: UUID
    case_no: str | None = Field(examples=["DJ-140881-20260302-000001-E"])
    kind: Literal["establishment"]
    status: FilingStatus
    version: int
    matter_id: UUID | None
    name: str
    findings: list[CheckOut]
    checks: list[CheckOut]
    required_permits: list[PermitNeedOut]
    uscc: str | None
    licence_identifier: str | None
    decided_by: DecidedBy | None
    decided_at: datetime | None
    submitted_at: datetime
    reason: ReasonOut | None
    channel: Channel
    accepted_at_counter: str | None = Field(
        description="Credit code of the agency at whose counter it was accepted (代收单位)"
    )
    content: ContentIn

    @classmethod
    def of(cls, filing: Filing, policy: RegistryPolicy) -> "FilingOut":
        """Shape a filing for its applicant or the registrar."""
        return cls(
            id=filing.id,
            case_no=filing.case_no,
            kind="establishment",
            status=filing.status,
            version=filing.version,
            matter_id=filing.matter_id,
            name=filing.content.name.full,
            findings=[CheckOut.of(result) for result in filing.findings],
            checks=[CheckOut.of(result) for result in filing.results],
            required_permits=[
                PermitNeedOut(item=n.item, name_zh=n.name.zh, name_en=n.name.en, scope=list(codes))
                for n, codes in permits_needed(filing.content.scope, policy)
            ],
            uscc=filing.uscc,
            licence_identifier=filing.licence_identifier,
            decided_by=filing.decided_by,
            decided_at=filing.decided_at,
            submitted_at=filing.submitted_at,
            reason=ReasonOut(zh=filing.reason.zh, en=filing.reason.en) if filing.reason else None,
            channel=filing.channel,
            accepted_at_counter=filing.counter.agency_uscc if filing.counter else None,
            content=_content(filing),
        )


class FilingSummaryOut(ResponseModel):
    """A filing in a list."""

    id: UUID
    case_no: str | None = Field(examples=["DJ-140881-20260302-000001-E"])
    kind: Literal["establishment"]
    status: FilingStatus
    version: int
    matter_id: UUID | None
    name: str
    uscc: str | None
    submitted_at: datetime
    channel: Channel
    findings: list[CheckOut]

    @classmethod
    def of(cls, filing: Filing) -> "FilingSummaryOut":
        """Shape a filing for a list."""
        return cls(
            id=filing.id,
            case_no=filing.case_no,
            kind="establishment",
            status=filing.status,
            version=filing.version,
            matter_id=filing.matter_id,
            name=filing.content.name.full,
            uscc=filing.uscc,
            submitted_at=filing.submitted_at,
            channel=filing.channel,
            findings=[CheckOut.of(result) for result in filing.findings],
        )


def _content(filing: Filing) -> ContentIn:
    content = filing.content
    return ContentIn(
        kind="establishment",
        matter_id=filing.matter_id,
        enterprise_kind=content.enterprise_kind,
        name=NameIn.model_validate(content.name, from_attributes=True),
        domicile=DomicileIn.model_validate(content.domicile, from_attributes=True),
        service_address_confirmed=content.service_address_confirmed,
        scope=list(content.scope),
        registered_capital_fen=content.registered_capital_fen,
        people=[
            PersonIn(
                roles=list(person.roles),
                name=person.name,
                id_number=person.id_number,
                phone=person.phone,
                subscribed_fen=person.subscribed_fen,
                account=person.account,
            )
            for person in content.people
        ],
    )
