"""The matter's form as an establishment filing (设立登记申请): each fact where the register wants it."""

from gateway.matters.domain.filing_request import (
    ADDRESS,
    CAPITAL,
    KIND,
    NAME,
    PHONE,
    PUBLISHED_KINDS,
    SCOPE,
    Body,
    FilingForm,
    Places,
    RegisterVocabulary,
    domicile_parts,
    name_parts,
)
from gateway.matters.domain.model import Finding


def establishment_request(
    form: FilingForm, words: RegisterVocabulary, matter_id: str
) -> tuple[Body, Places, tuple[Finding, ...]]:
    """Return the body, the way back from its pointers to the form, and what cannot be read from the form."""
    name, found = name_parts(str(form.value(NAME)), form.pointer(NAME), words)
    town, street, missing = domicile_parts(str(form.value(ADDRESS)), form.pointer(ADDRESS), words)
    people, seats = _people(form)
    body: Body = {
        "kind": "establishment",
        "matter_id": matter_id,
        "enterprise_kind": PUBLISHED_KINDS.get(form.value(KIND), form.value(KIND)),
        "name": name,
        "domicile": {"division_code": town, "street": street, "commitment": True},
        "service_address_confirmed": True,
        "scope": list(form.value(SCOPE)),
        "registered_capital_fen": form.value(CAPITAL),
        "people": people,
    }
    places = (
        ("/enterprise_kind", form.pointer(KIND)),
        ("/name", form.pointer(NAME)),
        ("/domicile", form.pointer(ADDRESS)),
        *((f"/domicile/{part}", form.pointer(ADDRESS)) for part in body["domicile"]),
        *((f"/name/{part}", form.pointer(NAME)) for part in name),
        ("/scope", form.pointer(SCOPE)),
        ("/registered_capital_fen", form.pointer(CAPITAL)),
        ("/people", f"/form/{form.people_field}"),
        *((f"/people/{seat}", f"/form/{form.people_field}/{first}") for seat, first in enumerate(seats)),
    )
    return body, places, (*found, *missing)


def _people(form: FilingForm) -> tuple[list[Body], list[int]]:
    """One entry per person with all roles typed; the whole capital is a sole shareholder's."""
    seats: dict[str, int] = {}
    people: list[Body] = []
    for place, typed in enumerate(form.values[form.people_field]):
        number = typed["id_number"]
        if number not in seats:
            seats[number] = place
            phone = typed.get("phone") or form.value(PHONE)
            people.append({"roles": [], "name": typed["name"], "id_number": number, "phone": phone})
            if "residence" in typed:
                people[-1]["residence"] = typed["residence"]
        person = next(each for each in people if each["id_number"] == number)
        if typed["role"] not in person["roles"]:
            person["roles"].append(typed["role"])
    holders = [person for person in people if "shareholder" in person["roles"]]
    if len(holders) == 1:
        holders[0]["subscribed_fen"] = form.value(CAPITAL)
    return people, list(seats.values())
