"""Acting for others in tests: the register names a representative, mandates are given, taken on and used."""

import itertools
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import httpx

from deploy.local.seed import CITIZEN_SCOPES, PERSONS
from gateway.identity.domain.refusals import OAuthError, OAuthRefusal
from shared.identifiers import compose_uscc, organisation_body, person_reference
from shared.security.principal import Facts, SubjectKind
from shared.security.strength import Strength
from tests.support.identities import bearer, person_token, signed_token
from tests.support.service import PERSON_REFERENCE_KEY, ServiceUnderTest
from tests.support.waiting import eventually

MANDATES = "/identity/v1/mandates"
DETERMINED = "cn.tongban.registration.representative.determined.v1"
TOKEN_EXCHANGE = "urn:ietf:params:oauth:grant-type:token-exchange"
ACCESS_TOKEN = "urn:ietf:params:oauth:token-type:access_token"
MANAGE = "identity.mandate.manage"
ONE_MATTER = ("matters.matter.submit", "matters.matter.read")
Json = dict[str, Any]
_serials = itertools.count(500)


def a_uscc() -> str:
    """A credit code of an enterprise that no other test has."""
    return compose_uscc(
        authority="9",
        body_type="1",
        division_code="140881",
        organisation_body=organisation_body("MC", next(_serials)),
    )


def reference_of(username: str) -> str:
    """How registration names one of the made-up persons."""
    [person] = [each for each in PERSONS if each.username == username]
    return person_reference(person.citizen_id, PERSON_REFERENCE_KEY.encode())


async def subject_of(gateway: ServiceUnderTest, username: str) -> str:
    """The subject of a made-up person's account."""
    query = "SELECT subject FROM identity_account WHERE username = :name"
    [row] = await gateway.rows(query, name=username)
    return str(row["subject"])


async def represented_by(gateway: ServiceUnderTest, uscc: str, username: str | None) -> None:
    """Let the register name the enterprise's legal representative, and wait until the gateway knows."""
    reference = reference_of(username) if username else None
    await gateway.hear(DETERMINED, uscc, {"uscc": uscc, "person_reference": reference})

    async def known() -> bool:
        rows = await gateway.rows(
            "SELECT agent_reference FROM identity_mandate"
            " WHERE principal = :uscc AND source = 'by_law' AND state = 'active'",
            uscc=uscc,
        )
        return [row["agent_reference"] for row in rows] == ([reference] if reference else [])

    assert await eventually(known)


async def acting(
    gateway: ServiceUnderTest,
    person: str,
    in_the_name_of: str,
    *scopes: str,
    mandate_id: str | None = None,
    held: Sequence[str] = CITIZEN_SCOPES,
    strength: Strength = Strength.TWO_FACTOR,
) -> str:
    """Exchange the person's token for one in another's name. Raises: OAuthRefusal with what the endpoint says."""
    own = signed_token(person, "portal", held, Facts(acr=strength.acr, grant_id=str(uuid4())))
    form = {
        "grant_type": TOKEN_EXCHANGE,
        "client_id": "portal",
        "subject_token": own,
        "subject_token_type": ACCESS_TOKEN,
        "requested_subject": in_the_name_of,
        "scope": " ".join(scopes),
    }
    more = {"mandate_id": mandate_id} if mandate_id else {}
    answer = await gateway.client.post("/oauth2/token", data=form | more)
    if answer.status_code != 200:
        raise OAuthRefusal(OAuthError(answer.json()["error"]), answer.json()["error_description"])
    token: str = answer.json()["access_token"]
    return token


def owner_token(person: str, strength: Strength = Strength.TWO_FACTOR) -> str:
    """A token of a person in their own name, good for mandates, matters and the audit."""
    return person_token(person, MANAGE, *ONE_MATTER, "audit.record.read", strength=strength)


def bare_enterprise_token(uscc: str) -> str:
    """A token in an enterprise's name that stands on no mandate, as an electronic licence gives it."""
    facts = Facts(subject_kind=SubjectKind.ENTERPRISE, acr=Strength.TWO_FACTOR.acr, methods=("ecl",))
    return signed_token(uscc, "portal", (MANAGE,), facts)


def terms(now: datetime, *scopes: str, reach: str = "one_matter", days: int = 30, **more: Any) -> Json:
    """What a mandate is asked for with."""
    until = (now + timedelta(days=days)).isoformat()
    return {"reach": reach, "scopes": list(scopes or ONE_MATTER), "valid_until": until, **more}


async def given(gateway: ServiceUnderTest, token: str, body: Json) -> Json:
    """Give a mandate; returns the offer."""
    answer = await gateway.post(MANDATES, body, token)
    assert answer.status_code == 201, answer.text
    offer: Json = answer.json()
    return offer


async def taken_on(gateway: ServiceUnderTest, person: str, code: str) -> httpx.Response:
    """Take on what an invitation code offers."""
    return await gateway.post(f"{MANDATES}/acceptance", {"invitation_code": code}, owner_token(person))


async def helper_of(gateway: ServiceUnderTest, applicant: str, helper: str, **more: Any) -> Json:
    """One person makes another the helper of one matter; returns the mandate."""
    offer = await given(gateway, owner_token(applicant), terms(gateway.clock(), **more))
    answer = await taken_on(gateway, helper, offer["invitation_code"])
    assert answer.status_code == 200, answer.text
    mandate: Json = answer.json()
    return mandate


async def refused_everywhere(gateway: ServiceUnderTest, path: str, token: str) -> bool:
    """Wait until a token that was good is refused."""

    async def refused() -> bool:
        return (await gateway.client.get(path, headers=bearer(token))).status_code == 401

    return await eventually(refused, within=5)
