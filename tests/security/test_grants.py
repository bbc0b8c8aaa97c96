"""A grant opens exactly its fields, to its agency, for its purpose, while it lasts: nothing beside them (A07, A08)."""

import base64
import json
from datetime import timedelta
from typing import Any

import pytest

from services.registration.api.enterprises import PROTECTED
from tests.registration.builders import FILINGS, OFFICER, TAX_CLIENT, filing, person
from tests.registration.conftest import registration
from tests.registration.test_reading import ACCESS, ENTERPRISES, a_grant
from tests.support.identities import person_token
from tests.support.service import ServiceUnderTest
from tests.support.waiting import eventually

__all__ = ["registration"]

APPLICANT = person_token("grace", "registration.filing.submit", "registration.filing.read")
SOME = ("contact_phone", "people.name", "legal_representative_id_number")


@pytest.fixture
async def uscc(registration: ServiceUnderTest) -> str:
    """An enterprise with something in every protected field."""
    body = filing(
        people=[
            person("legal_representative", "shareholder")
            | {
                "paid_fen": 1,
                "contribution_forms": ["money"],
                "contribute_by": "2030-12-31",
                "residence": "永济市城西街道河东大道12号",
            },
            person("supervisor", serial=2, subscribed_fen=None),
        ]
    )
    answer = await registration.post(FILINGS, body, APPLICANT)
    found: str = answer.json()["uscc"]
    return found


def value(told: dict[str, Any], path: str) -> Any:
    """The value at a dotted path; of a list, one for each entry."""
    name, _, rest = path.partition(".")
    inner = told[name]
    return inner if not rest else [value(each, rest) for each in inner]


def shown(told: dict[str, Any], full: dict[str, Any]) -> set[str]:
    """The protected fields that an answer tells as they are."""
    return {path for path in PROTECTED if value(told, path) == value(full, path)}


def public_part(told: dict[str, Any]) -> dict[str, Any]:
    """What everybody sees."""
    return {name: held for name, held in told.items() if name not in PROTECTED and name != "people"}


async def read(registration: ServiceUnderTest, uscc: str, token: str | None, **query: str) -> dict[str, Any]:
    """The enterprise as a caller sees it."""
    answer = await registration.get(f"{ENTERPRISES}/{uscc}", token, **query)
    assert answer.status_code == 200, answer.text
    told: dict[str, Any] = answer.json()
    return told


@pytest.mark.parametrize(
    "fields", [*([each] for each in sorted(PROTECTED)), list(SOME), ["name", "domicile"]]
)
async def test_exactly_the_granted_fields_are_shown(
    registration: ServiceUnderTest,
    uscc: str,
    fields: list[str],
) -> None:
    full = await read(registration, uscc, OFFICER)
    grant = await a_grant(registration, fields=fields)

    told = await read(registration, uscc, TAX_CLIENT, purpose=grant["purpose"])

    assert shown(full, full) == PROTECTED
    assert shown(told, full) == set(fields) & PROTECTED
    assert public_part(told) == public_part(full)
    [event] = await registration.events(ACCESS, uscc)
    assert (event["data"]["result"], event["data"]["fields"]) == ("allowed", sorted(fields))


@pytest.mark.parametrize(
    ("condition", "missing"),
    [
        ("no purpose", None),
        ("no purpose, fields asked for", "purpose"),
        ("another purpose", "grant"),
        ("expired", "expired"),
        ("withdrawn", "withdrawn"),
        ("of another agency", "grant"),
    ],
)
async def test_a_grant_without_one_of_its_conditions_opens_nothing(
    registration: ServiceUnderTest, uscc: str, condition: str, missing: str | None
) -> None:
    full = await read(registration, uscc, OFFICER)
    until = registration.clock() + timedelta(seconds=-1 if condition == "expired" else 60)
    changes = {"agency_uscc": "11140881MB9Y00032A"} if condition == "of another agency" else {}
    grant = await a_grant(registration, fields=sorted(PROTECTED), valid_until=until.isoformat(), **changes)
    if condition == "withdrawn":
        told = {"grant_id": grant["grant_id"], "withdrawn_at": registration.clock().isoformat()}
        await registration.hear("cn.tongban.gateway.grant.withdrawn.v1", grant["grant_id"], told)
        gone = "SELECT 1 FROM data_grant WHERE grant_id = :g AND withdrawn_at IS NOT NULL"
        await eventually(lambda: registration.rows(gone, g=grant["grant_id"]))
    stated = {
        "no purpose": {},
        "no purpose, fields asked for": {"fields": "contact_phone"},
        "another purpose": {"purpose": "another"},
    }.get(condition, {"purpose": grant["purpose"]})

    answer = await registration.get(f"{ENTERPRISES}/{uscc}", TAX_CLIENT, **stated)

    if missing is None:
        assert shown(answer.json(), full) == set()
    else:
        assert (answer.status_code, answer.json()["missing"]) == (403, missing)


async def test_a_list_shows_public_fields_under_any_grant(
    registration: ServiceUnderTest,
    uscc: str,
) -> None:
    full = await read(registration, uscc, OFFICER)
    grant = await a_grant(registration, fields=sorted(PROTECTED))

    query = {"name": full["name"], "purpose": grant["purpose"]}
    answer = await registration.get(ENTERPRISES, TAX_CLIENT, **query)

    [entry] = answer.json()["entries"]
    assert entry["uscc"] == uscc
    assert set(entry) & (PROTECTED | {"people"}) == set()


async def test_the_signed_licence_tells_no_number_of_a_person(
    registration: ServiceUnderTest,
    uscc: str,
) -> None:
    full = await read(registration, uscc, OFFICER)
    grant = await a_grant(registration, fields=["legal_representative_name"])

    path = f"{ENTERPRISES}/{uscc}/licence"
    told = (await registration.get(path, TAX_CLIENT, purpose=grant["purpose"])).json()

    payload = told["jws"].split(".")[1]
    content = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
    text = json.dumps(content, ensure_ascii=False)
    assert full["legal_representative_name"] in text
    assert full["legal_representative_id_number"] not in text
    assert full["contact_phone"] not in text
