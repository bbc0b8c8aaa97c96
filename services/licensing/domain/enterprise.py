"""What licensing knows of an enterprise by events: the registered facts and the credit grade."""

from dataclasses import dataclass
from datetime import date, datetime

ACTIVE = "active"


@dataclass(frozen=True)
class Enterprise:
    """A registered enterprise (经营主体) as of the last event about it; an imported register may lack some facts.

    `division_code` is the register's division, `domicile_division_code` the town where one is known.
    `forced_exit_on` is the last day of the notice of its forced deregistration (强制注销公告), while one runs.
    """

    uscc: str
    name: str
    kind: str
    state: str
    established_on: date | None
    address: str | None
    division_code: str
    scope_codes: tuple[str, ...]
    industry_class: str | None
    registered_capital_fen: int | None
    filing_id: str | None
    domicile_division_code: str | None = None
    forced_exit_on: date | None = None

    @property
    def is_active(self) -> bool:
        """Whether it may apply for permits."""
        return self.state == ACTIVE

    def works_in(self, classes: tuple[str, ...], scope_codes: tuple[str, ...]) -> bool:
        """Whether its industry or an entry of its scope is among those given.

        Classes are of GB/T 4754 with the section letter; a register may leave the letter out.
        """
        written = {self.industry_class} - {None}
        known = {form for code in classes for form in (code, code[1:])}
        return bool(written & known) or bool(set(self.scope_codes) & set(scope_codes))


@dataclass(frozen=True)
class CreditStanding:
    """The credit grade (信用等级) of an enterprise and whether credit says that it may commit."""

    uscc: str
    grade: str
    allows_commitment: bool
    evaluated_at: datetime


def acting_for(
    uscc: str, enterprise: Enterprise | None, holder: str | None, acting_as: str | None
) -> Enterprise:
    """The enterprise, for whoever acts in its name, and for who applied for its establishment (经办人).

    `acting_as` is the person or enterprise in whose name the call is made. An enterprise that came by import has no
    holder. Raises EnterpriseUnknown while an event may be on its way, EnterpriseNotFound for everybody else.
    """
    in_its_name = acting_as == uscc
    if enterprise is None or (holder is None and enterprise.filing_id is not None and not in_its_name):
        raise EnterpriseUnknown(uscc)
    if acting_as is None or not (in_its_name or acting_as == holder):
        raise EnterpriseNotFound(uscc)
    return enterprise


@dataclass(eq=False)
class EnterpriseNotFound(Exception):
    """There is no such enterprise for the caller, who may not act for it."""

    uscc: str


@dataclass(eq=False)
class EnterpriseUnknown(Exception):
    """No event of registration has told of the enterprise, or of its holder, yet."""

    uscc: str


@dataclass(eq=False)
class EnterpriseNotActive(Exception):
    """The enterprise may not apply in its state."""

    uscc: str
    state: str


@dataclass(eq=False)
class IndustryDoesNotFit(Exception):
    """Neither industry nor scope of the enterprise leads to the scheme."""

    uscc: str
    industry_code: str
