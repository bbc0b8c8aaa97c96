"""Grants narrowed, suspended and for a case; consent given and withdrawn; claims verified without telling a value."""

from typing import Any

import pytest

from tests.registration.builders import ANN, FILINGS, TAX, TAX_CLIENT, filing, person
from tests.registration.test_reading import ACCESS, ENTERPRISES, a_grant
from tests.support.service import ServiceUnderTest
from tests.support.waiting import eventually

GRANT = "cn.tongban.gateway.grant"
CONSENT = "cn.tongban.gateway.consent"


@pytest.fixture
async def path(registration: ServiceUnderTest) -> str:
    """Where an enterprise of Ann's is read."""
    body = filing(people=[person("legal_representative", "shareholder") | {"account": "lin"}])
    uscc: str = (await registration.post(FILINGS, body, ANN)).json()["uscc"]
    return f"{ENTERPRISES}/{uscc}"


async def outcome(registration: ServiceUnderTest, path: str, grant: dict[str, Any], **more: str) -> str:
    """`open`, or what is missing."""
    answer = await registration.get(path, TAX_CLIENT, purpose=grant["purpose"], **more)
    return "open" if answer.status_code == 200 else str(answer.json().get("missing", answer.json()["type"]))


async def test_a_suspended_grant_opens_nothing_until_it_is_resumed_and_a_narrowed_one_less(
    registration: ServiceUnderTest, path: str
) -> None:
    grant = await a_grant(registration, scenes=["open_restaurant"])
    key, now = grant["grant_id"], registration.clock().isoformat()

    async def stands(expected: str, **more: str) -> None:
        async def found() -> bool:
            return await outcome(registration, path, grant, scene="open_restaurant", **more) == expected

        assert await eventually(found, within=5)

    await stands("open")
    await registration.hear(f"{GRANT}.suspended.v1", key, {"grant_id": key, "suspended_at": now})
    await stands("suspended")
    await registration.hear(f"{GRANT}.resumed.v1", key, {"grant_id": key, "resumed_at": now})
    await stands("open")
    await registration.hear(f"{GRANT}.narrowed.v1", key, grant | {"fields": ["contact_phone"], "version": 4})
    await stands("fields", fields="legal_representative_name")
    await stands("open", fields="contact_phone")


async def test_a_reading_for_enforcement_names_its_case(registration: ServiceUnderTest, path: str) -> None:
    grant = await a_grant(registration, needs_case_number=True)

    without = await registration.get(path, TAX_CLIENT, purpose=grant["purpose"])
    found = await outcome(registration, path, grant, case_number="（2026）晋0881执12号")

    assert (without.status_code, without.json()["type"]) == (422, "/problems/case-number-missing")
    assert found == "open"
    results = [event["data"]["result"] for event in await registration.events(ACCESS, path[-18:])]
    assert results == ["denied", "allowed"]


@pytest.mark.parametrize("subject", ["ann", "the enterprise"])
async def test_a_grant_that_needs_consent_opens_what_was_consented_to_and_nothing_after_its_withdrawal(
    registration: ServiceUnderTest, path: str, subject: str
) -> None:
    grant = await a_grant(registration, needs_consent=True)
    key = f"consent-{grant['grant_id']}"
    consent = {
        "consent_id": key,
        "subject": path[-18:] if subject == "the enterprise" else subject,
        "agency_uscc": TAX,
        "resource": grant["resource"],
        "fields": ["contact_phone"],
        "purpose": grant["purpose"],
        "valid_until": grant["valid_until"],
    }
    another = await a_grant(registration)

    async def stands(expected: str) -> None:
        async def found() -> bool:
            return await outcome(registration, path, grant) == expected

        assert await eventually(found, within=5)

    await stands("consent")
    assert await outcome(registration, path, another) == "open"  # refusing consent blocks nothing else
    await registration.hear(f"{CONSENT}.given.v1", key, consent)
    await stands("open")
    told = (await registration.get(path, TAX_CLIENT, purpose=grant["purpose"])).json()
    assert (told["contact_phone"], told["legal_representative_name"]) == ("13800000000", None)
    now = registration.clock().isoformat()
    await registration.hear(f"{CONSENT}.withdrawn.v1", key, {"consent_id": key, "withdrawn_at": now})
    await stands("consent")


def claims(grant: dict[str, Any], **claimed: str) -> dict[str, Any]:
    return {
        "purpose": grant["purpose"],
        "claims": [{"field": name, "value": value} for name, value in claimed.items()],
    }


async def test_a_claim_is_answered_with_match_or_no_match_and_never_the_value(
    registration: ServiceUnderTest, path: str
) -> None:
    grant = await a_grant(registration, ways=["verify"])

    answer = await registration.post(
        f"{path}/verification",
        claims(grant, contact_phone="138 0000 0000", legal_representative_name="王五"),
        TAX_CLIENT,
    )

    assert answer.status_code == 200, answer.text
    verdicts = {each["field"]: each["verdict"] for each in answer.json()["verdicts"]}
    assert verdicts == {"contact_phone": "match", "legal_representative_name": "no_match"}
    assert not {"13800000000", "张三丰"} & set(answer.text.split('"'))
    assert answer.headers["cache-control"] == "no-store"
    [event] = await registration.events(ACCESS, path[-18:])
    assert event["data"]["fields"] == ["contact_phone", "legal_representative_name"]


async def test_a_claim_needs_a_grant_that_allows_verification_of_each_field(
    registration: ServiceUnderTest, path: str
) -> None:
    by_copy, by_verification = await a_grant(registration), await a_grant(registration, ways=["verify"])

    async def missing(body: dict[str, Any]) -> tuple[int, str]:
        answer = await registration.post(f"{path}/verification", body, TAX_CLIENT)
        return answer.status_code, answer.json().get("missing", "")

    assert await missing(claims(by_copy, contact_phone="1")) == (403, "way")
    assert await missing(claims(by_verification, legal_representative_id_number="1")) == (403, "fields")
    repeated = claims(by_verification, contact_phone="1")
    repeated["claims"] *= 2
    assert await missing(repeated) == (400, "")


async def test_guessing_by_claims_ends_after_ten_in_an_hour_and_is_recorded(
    registration: ServiceUnderTest, path: str
) -> None:
    grant = await a_grant(registration, ways=["verify"])

    answers = [
        await registration.post(
            f"{path}/verification", claims(grant, contact_phone=f"1380000{guess:04}"), TAX_CLIENT
        )
        for guess in range(1, 13)
    ]

    assert [answer.status_code for answer in answers] == [200] * 10 + [429] * 2
    assert answers[-1].headers["retry-after"] == "3600"
    results = [event["data"]["result"] for event in await registration.events(ACCESS, path[-18:])]
    assert results == ["allowed"] * 10 + ["denied"] * 2
