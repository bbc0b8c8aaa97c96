"""Consents: told in full, specific, with an end; given and withdrawn by whom the data is about and nobody else."""

from datetime import timedelta
from typing import Any

import pytest

from shared.security.principal import Facts, SubjectKind
from tests.support.identities import agency_token, enterprise_token, officer_token, person_token, signed_token
from tests.support.service import ServiceUnderTest

CONSENTS = "/catalogue/v1/consents"
BANK, ENTERPRISE, TAX = "91140881MB9Y00075F", "91140881MAE000002E", "11140881MB9Y000405"
SCOPE = "catalogue.consent.manage"
ANN, BOB = person_token("ann", SCOPE), person_token("bob", SCOPE)
OWNER = enterprise_token(ENTERPRISE, "ann", SCOPE)
GIVEN = "cn.tongban.gateway.consent.given.v1"
WITHDRAWN = "cn.tongban.gateway.consent.withdrawn.v1"
NOTICE = {
    "content": "法定代表人姓名",
    "method": "开户时通过接口核验",
    "use": "核验开户资料",
    "scope": "仅本次开户",
    "rights_notice": "可随时撤回；撤回前的使用不受影响",
}


def consent(gateway: ServiceUnderTest, **changes: Any) -> dict[str, Any]:
    """A sound consent; with None a part is left out."""
    body = {
        "agency": BANK,
        "resource": "registration.enterprise",
        "fields": ["legal_representative_name"],
        "purpose": "bank_account_opening",
        "valid_until": (gateway.clock() + timedelta(days=30)).isoformat(),
        **NOTICE,
    } | changes
    return {name: value for name, value in body.items() if value is not None}


@pytest.mark.parametrize(
    ("token", "subject"), [(ANN, "ann"), (OWNER, ENTERPRISE)], ids=["person", "enterprise"]
)
async def test_a_consent_is_given_told_by_reference_and_withdrawn_at_any_time(
    gateway: ServiceUnderTest, token: str, subject: str
) -> None:
    made = await gateway.post(CONSENTS, consent(gateway), token)
    path = f"{CONSENTS}/{made.json()['consent_id']}"
    listed = await gateway.get(CONSENTS, token)
    foreign = await gateway.post(f"{path}/withdrawal", None, BOB)
    withdrawal = await gateway.post(f"{path}/withdrawal", None, token)
    again = await gateway.post(f"{path}/withdrawal", None, token)

    assert made.status_code == 201, made.text
    assert made.headers["cache-control"] == "no-store"
    key = made.json()["consent_id"]
    assert key in {each["consent_id"] for each in listed.json()["entries"]}
    told = await gateway.event(GIVEN, key)
    assert (told["data"]["subject"], told["data"]["fields"]) == (subject, ["legal_representative_name"])
    assert "content" not in told["data"]
    assert (foreign.status_code, withdrawal.status_code, again.status_code) == (404, 200, 409)
    assert withdrawal.json()["status"] == "withdrawn"
    assert (await gateway.event(WITHDRAWN, key))["data"]["consent_id"] == key
    assert (await gateway.get(path, BOB)).status_code == 404


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        *(({name: None}, f"/{name}") for name in ("purpose", *NOTICE)),
        ({"valid_until": None}, "/valid_until"),
        ({"valid_until": "2099-01-01T00:00:00Z"}, "/valid_until"),
        ({"valid_until": "2020-01-01T00:00:00Z"}, "/valid_until"),
        ({"fields": ["shoe_size"]}, "/fields/0"),
        ({"resource": "registration.nothing"}, "/resource"),
        ({"agency": "91110000600037341L"}, "/agency"),
    ],
)
async def test_what_was_not_told_is_not_specific_or_has_no_end_is_no_consent(
    gateway: ServiceUnderTest, changes: dict[str, Any], pointer: str
) -> None:
    answer = await gateway.post(CONSENTS, consent(gateway, **changes), ANN)

    assert answer.status_code == 422, answer.text
    assert [error["pointer"] for error in answer.json()["errors"]] == [pointer]


@pytest.mark.parametrize(
    "token",
    [
        agency_token("bank", BANK, SCOPE),
        officer_token("olga", TAX, SCOPE),
        person_token("ann", SCOPE, acted_by="some-app"),
        signed_token(
            ENTERPRISE,
            "some-app",
            (SCOPE,),
            Facts(subject_kind=SubjectKind.ENTERPRISE, actors=("some-app", "ann")),
        ),
    ],
    ids=["the agency that would read", "an officer", "an app for ann", "an app for ann for the enterprise"],
)
async def test_nobody_consents_in_anothers_place(gateway: ServiceUnderTest, token: str) -> None:
    answer = await gateway.post(CONSENTS, consent(gateway), token)

    assert (answer.status_code, answer.json()["type"]) == (403, "/problems/consent-is-personal")


async def test_a_guardian_consents_under_a_mandate(gateway: ServiceUnderTest) -> None:
    guardian = signed_token("child", "portal", (SCOPE,), Facts(actors=("mother",), mandate_id="m-1"))

    answer = await gateway.post(CONSENTS, consent(gateway), guardian)

    assert answer.status_code == 201, answer.text
    told = await gateway.event(GIVEN, answer.json()["consent_id"])
    assert told["data"]["subject"] == "child"
