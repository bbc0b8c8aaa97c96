"""Alteration (变更登记): which registered items change, and what the enterprise is like afterwards.

Source: 市场主体登记管理条例 arts. 24 to 28.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import ClassVar, Final
from uuid import UUID

from services.registration.domain.addresses import Domicile, InterimAddress, ServiceAddress
from services.registration.domain.enterprise import Enterprise, EnterpriseFile, RegisteredScope
from services.registration.domain.establishment import BranchOf, Establishment
from services.registration.domain.filing_kinds import FilingContent, FilingKind
from services.registration.domain.kinds import PRINCIPAL_ROLES, EnterpriseKind, KindVariant, Role
from services.registration.domain.name_relations import NameConsent
from services.registration.domain.names import BranchName, NameParts
from services.registration.domain.people_changes import OWNERS, Placed, on_file, with_people
from services.registration.domain.person import Person
from services.registration.domain.policy import RegistryPolicy


class Reorganisation(StrEnum):
    """公司合并、分立: creditors are told before it is registered. Source: 公司法 arts. 220 and 222."""

    MERGER = "merger"
    DIVISION = "division"


@dataclass(frozen=True)
class NewKind:
    """变更类型: the kind that it becomes, and which of that kind."""

    enterprise_kind: EnterpriseKind
    variant: KindVariant | None = None


@dataclass(frozen=True)
class Alteration(FilingContent):
    """What changes, each item by itself; what is None stays as it is. Capital in fen.

    `decided_on` is the day of the resolution, or of the event that the law names. `owners` are all who contribute after
    it (股东、合伙人、成员). `permit_ended_on` is the day on which a permit for part of the scope was lost.
    `creditors_told_on` is the day of the notice to creditors (公告), for a cut of capital, merger or division.
    """

    kind: ClassVar[FilingKind] = FilingKind.ALTERATION

    uscc: str
    decided_on: date
    resolution_signed: bool
    name: NameParts | None = None
    branch_name: BranchName | None = None
    new_kind: NewKind | None = None
    domicile: Domicile | None = None
    scope: tuple[str, ...] | None = None
    registered_capital_fen: int | None = None
    principal: Person | None = None
    owners: tuple[Person, ...] | None = None
    permit_ended_on: date | None = None
    reorganisation: Reorganisation | None = None
    creditors_told_on: date | None = None
    name_reservation_id: UUID | None = None
    name_consent: NameConsent | None = None

    @property
    def new_name(self) -> str | None:
        """The name that it asks for, if any."""
        asked = self.name or self.branch_name
        return asked.full if asked else None

    def items(self) -> Mapping[str, "Alteration"]:
        """Each item that is asked for, with the alteration of it alone."""
        said = {name: getattr(self, name) for name in ITEMS if getattr(self, name) is not None}
        return {
            name: Alteration(self.uscc, self.decided_on, self.resolution_signed, **{name: value})
            for name, value in said.items()
        }


ITEMS: Final = (
    "name",
    "branch_name",
    "new_kind",
    "domicile",
    "scope",
    "registered_capital_fen",
    "principal",
    "owners",
)


def altered(before: EnterpriseFile, filed: Alteration, policy: RegistryPolicy) -> EnterpriseFile:
    """The enterprise with every item that changes; scope entries and town are known by then."""
    one = before.enterprise
    if filed.new_name is not None:
        one = replace(one, name=filed.new_name)
    if filed.new_kind is not None:
        kind = filed.new_kind
        one = replace(one, enterprise_kind=kind.enterprise_kind, variant=kind.variant, kind_stated=None)
    if filed.domicile is not None:
        one = moved(one, filed.domicile, policy)
    if filed.scope is not None:
        one = _with_scope(one, filed.scope, policy)
    if filed.registered_capital_fen is not None:
        capital = filed.registered_capital_fen
        one = replace(one, registered_capital_fen=capital, capital_currency="CNY", capital_stated=None)
    if filed.principal is not None:
        one = replace(one, owner_accounts=_accounts_under(filed.principal, before))
    return replace(altered_people(before, filed), enterprise=one)


def altered_people(before: EnterpriseFile, filed: Alteration) -> EnterpriseFile:
    """The enterprise with those who are behind it afterwards, and all else as it is."""
    return replace(before, people=tuple(placed.person for placed in people_after(before, filed)))


def _accounts_under(principal: Person, before: EnterpriseFile) -> tuple[str, ...]:
    """Whoever stood for it before has no say in it any more, also if the successor names no account."""
    if principal.account is not None:
        return (principal.account,)
    stays = any(each.is_principal and each.id_number == principal.id_number for each in before.people)
    return before.enterprise.owner_accounts if stays else ()


def moved(one: Enterprise, domicile: Domicile, policy: RegistryPolicy) -> Enterprise:
    """The enterprise at another address of this region; papers that reached it at the old one follow."""
    text = policy.address(domicile.division_code, domicile.street)
    return replace(
        one,
        domicile_division_code=domicile.division_code,
        domicile_text=text,
        service_address=_following(one.service_address, one.domicile_text, text),
    )


def _following(served: ServiceAddress | None, old: str | None, new: str) -> ServiceAddress | None:
    if isinstance(served, InterimAddress):
        return replace(served, instead_of=_following(served.instead_of, old, new))
    return replace(served, text=new) if served is not None and served.text == old else served


def people_after(before: EnterpriseFile, filed: Alteration) -> tuple[Placed, ...]:
    """All its people, and where the filing tells of them."""
    people = on_file(before.people)
    if filed.owners is not None:
        told = [Placed(owner, f"/owners/{at}") for at, owner in enumerate(filed.owners)]
        people = with_people(people, told, OWNERS)
    if filed.principal is not None:
        people = with_people(people, [Placed(filed.principal, "/principal")], PRINCIPAL_ROLES)
    return people


def as_established(before: EnterpriseFile, filed: Alteration) -> Establishment:
    """The enterprise after the alteration, as if it were established so: the same rules apply to it."""
    one = before.enterprise
    kind = filed.new_kind or NewKind(one.enterprise_kind, one.variant)
    capital = filed.registered_capital_fen
    parent = one.parent_uscc
    codes = tuple(entry.code for entry in one.scope if entry.code is not None)
    return Establishment(
        enterprise_kind=kind.enterprise_kind,
        variant=kind.variant,
        name=filed.name,
        name_consent=filed.name_consent,
        branch_of=BranchOf(parent, filed.branch_name) if filed.branch_name and parent else None,
        domicile=filed.domicile or Domicile(one.domicile_division_code, one.domicile_text or "", True),
        service_address_confirmed=True,
        service_address=one.service_address,
        scope=codes if filed.scope is None else filed.scope,
        registered_capital_fen=(one.registered_capital_fen or 0) if capital is None else capital,
        people=tuple(placed.person for placed in people_after(before, filed)),
        term_until=one.term_until,
        articles=one.articles,
        foreign_invested=one.is_foreign_invested,
        exempt_from_beneficial_owners=not any(Role.BENEFICIAL_OWNER in p.roles for p in before.people),
    )


def _with_scope(one: Enterprise, codes: tuple[str, ...], policy: RegistryPolicy) -> Enterprise:
    entries = [policy.scope[code] for code in codes]
    return replace(
        one,
        scope=tuple(RegisteredScope(entry.code, entry.text.zh) for entry in entries),
        industry_code=entries[0].industry_code,
        scope_stated=None,
    )
