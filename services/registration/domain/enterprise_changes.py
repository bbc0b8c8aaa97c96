"""What differs between two versions of an enterprise, in the words of the published language."""

from typing import Final

from services.registration.domain.addresses import FurtherAddress
from services.registration.domain.enterprise import Enterprise, EnterpriseFile, RegisteredScope
from services.registration.domain.kinds import Role
from services.registration.domain.register_acts import FieldChange

_PUBLIC: Final = (
    "name",
    "enterprise_kind",
    "state",
    "established_on",
    "registered_capital_fen",
    "domicile_division_code",
    "domicile_text",
    "scope",
    "industry_code",
    "registrar_uscc",
    "division_code",
    "suspended_until",
    "ended_on",
    "variant",
    "term_until",
    "further_addresses",
    "parent_name",
    "is_foreign_invested",
)
# Told of without their values.
_CLOSED: Final = ("service_address", "articles")
# On the licence's face. Source: 市场主体登记管理条例 art. 22.
_ON_THE_FACE: Final = frozenset(
    {
        "name",
        "enterprise_kind",
        "variant",
        "registered_capital_fen",
        "domicile_division_code",
        "domicile_text",
        "scope",
        "registrar_uscc",
        "legal_representative",
    }
)


def changes_between(before: EnterpriseFile, after: EnterpriseFile) -> tuple[FieldChange, ...]:
    """Public fields with both values; people only by what of them changed, never who they are."""
    changes = [
        FieldChange(name, _told(before.enterprise, name), _told(after.enterprise, name))
        for name in _PUBLIC
        if getattr(before.enterprise, name) != getattr(after.enterprise, name)
    ]
    changes += [
        FieldChange(name, None, None)
        for name in _CLOSED
        if getattr(before.enterprise, name) != getattr(after.enterprise, name)
    ]
    if _standing(before) != _standing(after):
        changes.append(FieldChange("legal_representative", None, None))
    if before.people != after.people:
        changes.append(FieldChange("people", None, None))
    return tuple(changes)


def is_on_the_face(changes: tuple[FieldChange, ...]) -> bool:
    """Whether the licence shows something else now."""
    return any(change.field in _ON_THE_FACE for change in changes)


def _standing(file: EnterpriseFile) -> tuple[tuple[str, ...], ...]:
    """Who acts in its name, as the licence names them; what else is known of them is not part of it."""
    return tuple(
        (person.party, person.id_number, person.name, person.represents or "")
        for person in file.people
        if person.is_principal or Role.PARTNER_DELEGATE in person.roles
    )


def _told(enterprise: Enterprise, name: str) -> str | None:
    value = getattr(enterprise, name)
    if value is None:
        return None
    if isinstance(value, tuple):
        return "；".join(_words(entry) for entry in value)
    return str(value)


def _words(entry: object) -> str:
    return entry.text if isinstance(entry, RegisteredScope | FurtherAddress) else str(entry)
