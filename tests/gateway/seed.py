"""Clients and persons that a gateway under test knows, in the shape of the local seed; all made up."""

from dataclasses import asdict
from typing import Any, Final

from deploy.local.seed import PERSONS, SCOPES_BY_AGENCY, scopes_of_agency, scopes_of_person
from shared.security.keys import SigningKey

PASSWORD: Final = "correct-horse-battery"
REDIRECT: Final = "https://app.example/callback"
OTHER_REDIRECT: Final = "https://other.example/callback"
AGENCY_KEYS: Final = {
    key: SigningKey.generate()
    for key in sorted({*SCOPES_BY_AGENCY, "tax", "police", "human_resources", "housing_fund", "bank"})
}


def seed_document() -> dict[str, Any]:
    """The seed of the run: every agency with a key of its own, two public clients, the local persons."""
    clients = [
        _client(key, "agency", key, signing.public_jwk(), scopes_of_agency(key), ())
        for key, signing in AGENCY_KEYS.items()
    ]
    everything = sorted({scope for person in PERSONS for scope in scopes_of_person(person)})
    clients.append(_client("portal", "app", None, None, tuple(everything), (REDIRECT,)))
    clients.append(_client("other", "app", None, None, ("credit.subject.read",), (OTHER_REDIRECT,)))
    accounts = [
        {
            "username": person.username,
            "display_name": person.display_name,
            "citizen_id": person.citizen_id,
            "phone": person.phone,
            "agency": person.agency,
            "password": PASSWORD,
            "scopes": scopes_of_person(person),
            "office": asdict(person.office) if person.office else None,
        }
        for person in PERSONS
    ]
    return {"clients": clients, "accounts": accounts}


def _client(
    client_id: str,
    kind: str,
    agency: str | None,
    jwk: dict[str, str] | None,
    scopes: tuple[str, ...],
    redirects: tuple[str, ...],
) -> dict[str, Any]:
    return {
        "client_id": client_id,
        "name": f"名称 {client_id}",
        "kind": kind,
        "agency": agency,
        "jwk": jwk,
        "scopes": list(scopes),
        "redirect_uris": list(redirects),
    }
