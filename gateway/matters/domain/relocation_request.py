"""The matter's form as a relocation filing (迁移登记申请), made where the enterprise moves to."""

from collections.abc import Mapping
from typing import Any, Final

from gateway.matters.domain.filing_request import Body, Places, RegisterVocabulary, domicile_parts
from gateway.matters.domain.model import Finding

DESTINATION: Final = "destination_address"
MOVES_ON: Final = "moves_on"
FROM_ELSEWHERE: Final = "comes_from_elsewhere"
# Where the enterprise stands in the register so far: in the filing, and in the form.
_BEFORE: Final = {
    "registrar_uscc": "previous_registrar_uscc",
    "name": "previous_name",
    "enterprise_kind": "previous_kind",
    "representative_name": "representative_name",
    "representative_id_number": "representative_id_number",
}


def relocation_request(
    form: Mapping[str, Any], uscc: str, words: RegisterVocabulary, matter_id: str
) -> tuple[Body, Places, tuple[Finding, ...]]:
    """Return the body, the way back from its pointers to the form, and what cannot be read from the form."""
    town, street, found = domicile_parts(form[DESTINATION], f"/form/{DESTINATION}", words)
    body: Body = {
        "kind": "relocation",
        "matter_id": matter_id,
        "uscc": uscc,
        "domicile": {"division_code": town, "street": street, "commitment": True},
        "moves_on": form[MOVES_ON],
    }
    if form.get(FROM_ELSEWHERE):
        body["coming_from"] = {name: form[field] for name, field in _BEFORE.items()}
    return body, _PLACES, found


_PLACES: Final = (
    ("/uscc", f"/form/{DESTINATION}"),
    ("/domicile", f"/form/{DESTINATION}"),
    *((f"/domicile/{part}", f"/form/{DESTINATION}") for part in ("division_code", "street", "commitment")),
    ("/moves_on", f"/form/{MOVES_ON}"),
    ("/coming_from", f"/form/{FROM_ELSEWHERE}"),
    *((f"/coming_from/{name}", f"/form/{field}") for name, field in _BEFORE.items()),
)
