"""What several acts say in the same words: names, addresses, people."""

from typing import Annotated, Self

from pydantic import Field, StringConstraints

from services.registration.domain.addresses import FurtherAddress, ServiceAddress
from services.registration.domain.establishment import Articles, BranchOf, PriorPermit
from services.registration.domain.kinds import ContributionForm, Party, Role, SignMode
from services.registration.domain.name_relations import NameConsent
from services.registration.domain.names import BranchName
from services.registration.domain.person import Person
from shared.web.fields import CivilDate, Code, Fen, Flag, RequestModel, ShortText, UsccField

NamePart = Annotated[str, StringConstraints(min_length=1, max_length=60)]
PersonName = Annotated[str, StringConstraints(min_length=1, max_length=60)]
IdNumber = Annotated[str, StringConstraints(min_length=1, max_length=18, pattern=r"^[0-9A-Za-z]+$")]
Phone = Annotated[str, StringConstraints(min_length=5, max_length=20, pattern=r"^[0-9+-]+$")]
TownCode = Annotated[str, StringConstraints(min_length=9, max_length=9, pattern=r"^[0-9]{9}$")]
Email = Annotated[str, StringConstraints(min_length=3, max_length=100, pattern=r"^[^@\s]+@[^@\s]+$")]
Digest = Annotated[str, StringConstraints(min_length=64, max_length=64, pattern=r"^[0-9a-f]{64}$")]


class NameIn(RequestModel):
    """The parts of the proposed name (名称)."""

    division: NamePart
    distinctive: NamePart
    trade: NamePart
    form: NamePart


class BranchOfIn(RequestModel):
    """Whose branch it is (所从属企业), and what the branch's name adds: the place, and what it is (分公司, 分店)."""

    uscc: UsccField
    enterprise: Annotated[str, StringConstraints(min_length=1, max_length=100)]
    place: NamePart
    ending: NamePart

    def branch(self) -> BranchOf:
        """As the domain knows it."""
        return BranchOf(self.uscc, BranchName(self.enterprise, self.place, self.ending))

    @classmethod
    def of(cls, branch: BranchOf) -> Self:
        """As it was filed."""
        name = branch.name
        return cls(uscc=branch.uscc, enterprise=name.enterprise, place=name.place, ending=name.ending)


class DomicileIn(RequestModel):
    """The address (住所), declared with a commitment that it is true."""

    division_code: TownCode
    street: ShortText
    commitment: Flag


class FurtherAddressIn(RequestModel):
    """Another place of business under the same licence (一照多址)."""

    division_code: TownCode
    text: ShortText

    def address(self) -> FurtherAddress:
        """As the domain knows it."""
        return FurtherAddress(self.division_code, self.text)


class ServiceAddressIn(RequestModel):
    """Where papers of the law are served (法律文书送达地址)."""

    text: ShortText
    recipient: PersonName | None = None
    phone: Phone | None = None
    email: Email | None = None

    def address(self) -> ServiceAddress:
        """As the domain knows it."""
        return ServiceAddress(self.text, self.recipient, self.phone, self.email)


class ArticlesIn(RequestModel):
    """The articles or the partnership agreement (章程、合伙协议); without a digest the registrar's model text."""

    adopted_on: CivilDate
    sha256: Digest | None = None

    def articles(self) -> Articles:
        """As the domain knows it."""
        return Articles(self.adopted_on, self.sha256)


class NameConsentIn(RequestModel):
    """An enterprise with a like name agrees in writing (书面同意); the registrar keeps the paper's digest."""

    uscc: UsccField
    agreed_on: CivilDate
    sha256: Digest

    def consent(self) -> NameConsent:
        """As the domain knows it."""
        return NameConsent(self.uscc, self.agreed_on, self.sha256)


class PriorPermitIn(RequestModel):
    """An approval that the law wants before registration (前置审批文件), for an entry of the scope."""

    scope: Code
    number: Annotated[str, StringConstraints(min_length=1, max_length=100)]
    issuer: Annotated[str, StringConstraints(min_length=1, max_length=100)]

    def permit(self) -> PriorPermit:
        """As the domain knows it."""
        return PriorPermit(self.scope, self.number, self.issuer)


class PersonIn(RequestModel):
    """Someone with a role; `account` is the opaque id under which the person signs in, where known."""

    roles: Annotated[list[Role], Field(min_length=1, max_length=10)]
    name: PersonName
    id_number: Annotated[
        IdNumber, Field(description="By `party`: identity number, credit code, number of a foreign paper")
    ]
    phone: Phone | None = None
    subscribed_fen: Fen | None = None
    account: Code | None = None
    party: Party = Party.CITIZEN
    paid_fen: Fen | None = None
    contribution_forms: list[ContributionForm] = Field(default_factory=list, max_length=7)
    contribute_by: CivilDate | None = None
    residence: ShortText | None = None
    resides_in_china: Flag = True
    represents: Annotated[
        IdNumber | None, Field(description="Number of the partner for whom a delegate acts (委派代表)")
    ] = None
    sign_mode: Annotated[SignMode, Field(description="Signs online, or on paper at the window")] = (
        SignMode.ONLINE
    )
    is_farmer: Annotated[Flag, Field(description="A farmer among a cooperative's members (农民成员)")] = False

    def person(self) -> Person:
        """As the domain knows them."""
        said = self.model_dump()
        return Person(
            **said | {"roles": tuple(self.roles), "contribution_forms": tuple(self.contribution_forms)}
        )

    @classmethod
    def of(cls, person: Person) -> Self:
        """As they were filed."""
        known = {name: getattr(person, name) for name in cls.model_fields}
        return cls.model_validate(
            known | {"roles": list(person.roles), "contribution_forms": list(person.contribution_forms)}
        )
