"""The matter's form as an alteration filing (变更登记申请): what changes, each item with its new content."""

from collections.abc import Mapping
from typing import Any, Final

from gateway.matters.domain.filing_request import (
    Body,
    Places,
    RegisterVocabulary,
    domicile_parts,
    name_parts,
)
from gateway.matters.domain.model import Finding

CHANGED: Final = "changed_facts"
DECIDED_ON: Final = "decided_on"
SIGNED: Final = "resolution_signed"
NEW_NAME: Final = "new_name"
NEW_ADDRESS: Final = "new_address"
NEW_SCOPE: Final = "new_scope_codes"
NEW_CAPITAL: Final = "new_capital_fen"
CREDITORS_TOLD_ON: Final = "creditors_told_on"
NEW_PRINCIPAL: Final = "new_principal"


def alteration_request(
    form: Mapping[str, Any], uscc: str, principal_role: str, words: RegisterVocabulary, matter_id: str
) -> tuple[Body, Places, tuple[Finding, ...]]:
    """Return the body, the way back from its pointers to the form, and what cannot be read from the form."""
    body: Body = {
        "kind": "alteration",
        "matter_id": matter_id,
        "uscc": uscc,
        "decided_on": form[DECIDED_ON],
        "resolution_signed": form[SIGNED],
    }
    found: list[Finding] = []
    changed = form[CHANGED]
    if "name" in changed:
        body["name"], missing = name_parts(form[NEW_NAME], _at(NEW_NAME), words)
        found += missing
    if "address" in changed:
        town, street, unread = domicile_parts(form[NEW_ADDRESS], _at(NEW_ADDRESS), words)
        body["domicile"] = {"division_code": town, "street": street, "commitment": True}
        found += unread
    if "scope" in changed:
        body["scope"] = list(form[NEW_SCOPE])
    if "capital" in changed:
        body["registered_capital_fen"] = form[NEW_CAPITAL]
    if CREDITORS_TOLD_ON in form:
        body["creditors_told_on"] = form[CREDITORS_TOLD_ON]
    if "legal_representative" in changed:
        body["principal"] = {**form[NEW_PRINCIPAL][0], "roles": [principal_role]}
    return body, _PLACES, tuple(found)


def _at(field: str) -> str:
    return f"/form/{field}"


_PLACES: Final = (
    ("/decided_on", _at(DECIDED_ON)),
    ("/resolution_signed", _at(SIGNED)),
    ("/name", _at(NEW_NAME)),
    *((f"/name/{part}", _at(NEW_NAME)) for part in ("division", "distinctive", "trade", "form")),
    ("/domicile", _at(NEW_ADDRESS)),
    *((f"/domicile/{part}", _at(NEW_ADDRESS)) for part in ("division_code", "street", "commitment")),
    ("/scope", _at(NEW_SCOPE)),
    ("/registered_capital_fen", _at(NEW_CAPITAL)),
    ("/creditors_told_on", _at(CREDITORS_TOLD_ON)),
    ("/principal", f"{_at(NEW_PRINCIPAL)}/0"),
    ("/principal/roles", f"{_at(NEW_PRINCIPAL)}/0"),
    ("/uscc", _at(CHANGED)),
)
