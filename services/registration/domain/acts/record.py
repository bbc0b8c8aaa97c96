"""Record (备案): which recorded items change, and what the enterprise is like afterwards.

Source: 市场主体登记管理条例 arts. 9 and 29; 实施细则 art. 7.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import ClassVar, Final

from services.registration.domain.acts.alteration import Alteration, as_established
from services.registration.domain.addresses import FurtherAddress, ServiceAddress
from services.registration.domain.enterprise import EnterpriseFile
from services.registration.domain.establishment import Articles, Establishment
from services.registration.domain.filing_kinds import FilingContent, FilingKind
from services.registration.domain.kinds import ContributionForm, Role
from services.registration.domain.people_changes import Placed, on_file, with_people
from services.registration.domain.person import Person

OFFICERS: Final = frozenset({Role.DIRECTOR, Role.MANAGER, Role.SUPERVISOR})  # 董事、监事、高级管理人员
CONTACTS: Final = frozenset({Role.REGISTRATION_LIAISON, Role.CONTACT, Role.FINANCE_OFFICER})
# Whom each part of a record is about, instead of those who were it so far.
ROLES: Final[Mapping[str, Collection[Role]]] = {
    "officers": OFFICERS,
    "contacts": CONTACTS,
    "beneficial_owners": frozenset({Role.BENEFICIAL_OWNER}),
    "members": frozenset({Role.MEMBER}),
    "family_members": frozenset({Role.FAMILY_MEMBER}),
    "foreign_papers_recipients": frozenset({Role.FOREIGN_PAPERS_RECIPIENT}),
}


@dataclass(frozen=True)
class Term:
    """经营期限、合伙期限: until a day, or without an end (长期)."""

    until: date | None


@dataclass(frozen=True)
class Contribution:
    """What somebody on file contributes (认缴、实缴出资额), by the number that names them; amounts in fen."""

    id_number: str = field(repr=False)
    subscribed_fen: int | None = None
    paid_fen: int | None = None
    forms: tuple[ContributionForm, ...] = ()
    contribute_by: date | None = None


@dataclass(frozen=True)
class Record(FilingContent):
    """What is recorded, each item by itself; what is None stays as it is.

    Of people, all who are of that kind afterwards. `decided_on` is the day of the decision or of the event.
    """

    kind: ClassVar[FilingKind] = FilingKind.RECORD

    uscc: str
    decided_on: date
    articles: Articles | None = None
    term: Term | None = None
    contributions: tuple[Contribution, ...] | None = None
    officers: tuple[Person, ...] | None = None
    contacts: tuple[Person, ...] | None = None
    beneficial_owners: tuple[Person, ...] | None = None
    members: tuple[Person, ...] | None = None
    family_members: tuple[Person, ...] | None = None
    foreign_papers_recipients: tuple[Person, ...] | None = None
    further_addresses: tuple[FurtherAddress, ...] | None = None
    service_address: ServiceAddress | None = None

    def items(self) -> Mapping[str, "Record"]:
        """Each item that is recorded, with the record of it alone."""
        said = {name: getattr(self, name) for name in ITEMS if getattr(self, name) is not None}
        return {name: Record(self.uscc, self.decided_on, **{name: value}) for name, value in said.items()}


ITEMS: Final = (
    "articles",
    "term",
    "contributions",
    *ROLES,
    "further_addresses",
    "service_address",
)


def recorded(before: EnterpriseFile, filed: Record) -> EnterpriseFile:
    """The enterprise with every item that is recorded."""
    one = before.enterprise
    if filed.articles is not None:
        one = replace(one, articles=filed.articles)
    if filed.term is not None:
        one = replace(one, term_until=filed.term.until)
    if filed.further_addresses is not None:
        one = replace(one, further_addresses=filed.further_addresses)
    if filed.service_address is not None:
        one = replace(one, service_address=filed.service_address)
    return EnterpriseFile(one, tuple(placed.person for placed in people_recorded(before, filed)))


def people_recorded(before: EnterpriseFile, filed: Record) -> tuple[Placed, ...]:
    """All its people, and where the record tells of them."""
    people = _contributing(on_file(before.people), filed.contributions or ())
    for name, roles in ROLES.items():
        told: Sequence[Person] | None = getattr(filed, name)
        if told is not None:
            placed = [Placed(person, f"/{name}/{at}") for at, person in enumerate(told)]
            people = with_people(people, placed, roles)
    return people


def as_established_with(before: EnterpriseFile, filed: Record) -> Establishment:
    """The enterprise after the record, as if it were established so: the same rules apply to it."""
    after = recorded(before, filed)
    one = after.enterprise
    return replace(
        as_established(before, Alteration(filed.uscc, filed.decided_on, resolution_signed=True)),
        people=after.people,
        articles=one.articles,
        term_until=one.term_until,
        further_addresses=one.further_addresses,
        service_address=one.service_address,
    )


def _contributing(people: Sequence[Placed], told: Sequence[Contribution]) -> tuple[Placed, ...]:
    by_number = {each.id_number: (at, each) for at, each in enumerate(told)}
    placed = []
    for each in people:
        found = by_number.get(each.person.id_number) if each.person.is_owner else None
        if found is None:
            placed.append(each)
            continue
        at, said = found
        person = replace(
            each.person,
            subscribed_fen=each.person.subscribed_fen if said.subscribed_fen is None else said.subscribed_fen,
            paid_fen=each.person.paid_fen if said.paid_fen is None else said.paid_fen,
            contribution_forms=said.forms or each.person.contribution_forms,
            contribute_by=said.contribute_by or each.person.contribute_by,
        )
        placed.append(Placed(person, f"/contributions/{at}"))
    return tuple(placed)
