"""The establishment filing (设立登记申请) as JSON."""

from typing import Annotated, Literal, Self

from pydantic import ConfigDict, Field, StringConstraints
from pydantic.config import JsonDict

from services.registration.api.acts.base import ContentIn, Envelope
from services.registration.domain.establishment import Domicile, Establishment, Person
from services.registration.domain.filing import Filing
from services.registration.domain.kinds import EnterpriseKind, Role
from services.registration.domain.names import NameParts
from shared.web.fields import Code, Fen, Flag, RequestModel, ShortText

NamePart = Annotated[str, StringConstraints(min_length=1, max_length=60)]
PersonName = Annotated[str, StringConstraints(min_length=1, max_length=60)]
IdNumber = Annotated[str, StringConstraints(min_length=1, max_length=18, pattern=r"^[0-9A-Za-z]+$")]
Phone = Annotated[str, StringConstraints(min_length=5, max_length=20, pattern=r"^[0-9+-]+$")]
TownCode = Annotated[str, StringConstraints(min_length=9, max_length=9, pattern=r"^[0-9]{9}$")]

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


class EstablishmentIn(ContentIn):
    """An establishment filing (设立登记申请)."""

    model_config = ConfigDict(json_schema_extra={"examples": [ESTABLISHMENT_EXAMPLE]})

    kind: Literal["establishment"]
    enterprise_kind: EnterpriseKind
    name: NameIn
    domicile: DomicileIn
    service_address_confirmed: Flag
    scope: Annotated[list[Code], Field(min_length=1, max_length=100)]
    registered_capital_fen: Fen
    people: Annotated[list[PersonIn], Field(min_length=1, max_length=220)]

    def content(self) -> Establishment:
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

    @classmethod
    def of(cls, filing: Filing) -> Self:
        """Shape what was filed."""
        content = filing.content
        assert isinstance(content, Establishment)  # noqa: S101 - the kind says so
        return cls(
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


class EstablishmentFilingIn(Envelope, EstablishmentIn):
    """A new establishment filing."""
