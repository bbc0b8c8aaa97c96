"""Someone with a role in an enterprise: a person, or an organisation that owns part of it."""

from dataclasses import dataclass, field
from datetime import date

from services.registration.domain.kinds import (
    FOREIGN,
    ORGANISATIONS,
    OWNER_ROLES,
    PRINCIPAL_ROLES,
    ContributionForm,
    Liability,
    Party,
    Role,
    SignMode,
)


@dataclass(frozen=True)
class Person:
    """Someone with a role in the enterprise; `account` is the opaque id under which the person signs in.

    `id_number` is by `party`: the identity number of a citizen, the credit code of an organisation, the number of a
    foreign paper. Contributions are in fen: what is subscribed (认缴), what of it is paid (实缴), until when the
    rest is. A delegate (委派代表) names by `represents` the number of the partner it acts for. `is_farmer` is said of
    members of a cooperative (农民成员).
    """

    roles: tuple[Role, ...]
    name: str = field(repr=False)
    id_number: str = field(repr=False)
    phone: str | None = field(default=None, repr=False)
    subscribed_fen: int | None = None
    account: str | None = None
    party: Party = Party.CITIZEN
    paid_fen: int | None = None
    contribution_forms: tuple[ContributionForm, ...] = ()
    contribute_by: date | None = None
    residence: str | None = field(default=None, repr=False)
    resides_in_china: bool = True
    represents: str | None = field(default=None, repr=False)
    sign_mode: SignMode = SignMode.ONLINE
    is_farmer: bool = False

    @property
    def is_principal(self) -> bool:
        """Whether this is who stands for the enterprise on the licence."""
        return bool(PRINCIPAL_ROLES & set(self.roles))

    @property
    def is_owner(self) -> bool:
        """Whether it contributes to the capital."""
        return bool(OWNER_ROLES & set(self.roles))

    @property
    def is_organisation(self) -> bool:
        """Whether no human being."""
        return self.party in ORGANISATIONS

    @property
    def is_foreign(self) -> bool:
        """Whether from abroad, or from Hong Kong, Macao or Taiwan."""
        return self.party in FOREIGN


def liability_of(person: Person, *, is_special: bool = False) -> Liability | None:
    """How an owner is liable for the enterprise's debts; None for who is no owner.

    `is_special`: in a special general partnership. Source: 合伙企业法 arts. 2 and 57; 个人独资企业法 art. 2;
    农民专业合作社法 art. 5.
    """
    roles = set(person.roles)
    if Role.GENERAL_PARTNER in roles:
        return Liability.UNLIMITED_WHERE_AT_FAULT if is_special else Liability.UNLIMITED
    if roles & {Role.INVESTOR, Role.OPERATOR}:
        return Liability.UNLIMITED
    return Liability.LIMITED if person.is_owner else None
