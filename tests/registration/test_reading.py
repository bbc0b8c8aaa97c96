"""Who sees what of an enterprise: public fields, and protected ones by grant, purpose, region and time."""

import itertools
from datetime import timedelta
from typing import Any

import pytest

from shared.region import RegionPack
from tests.registration.builders import ANN, BOB, FILINGS, OFFICER, REGISTRAR, TAX, TAX_CLIENT, filing, person
from tests.support.identities import agency_token
from tests.support.service import ServiceUnderTest
from tests.support.waiting import eventually

ENTERPRISES = "/registration/v1/enterprises"
ACCESS = "cn.tongban.registration.access.recorded.v1"
PROTECTED = ("legal_representative_name", "legal_representative_id_number", "contact_phone")
_grants = itertools.count(1)


@pytest.fixture
async def enterprise(registration: ServiceUnderTest) -> str:
    """An enterprise of Ann's; its code."""
    body = filing(people=[person("legal_representative", "shareholder") | {"account": "lin"}])
    found: str = (await registration.post(FILINGS, body, ANN)).json()["uscc"]
    return found


async def a_grant(registration: ServiceUnderTest, **changes: Any) -> dict[str, Any]:
    """Let the service hear of a grant to the tax office and wait until it counts."""
    grant: dict[str, Any] = {
        "grant_id": f"grant-{next(_grants)}",
        "agency_uscc": TAX,
        "resource": "registration.enterprise",
        "fields": ["name", "legal_representative_name", "contact_phone"],
        "purpose": f"purpose_{next(_grants)}",
        "region_code": "140881",
        "valid_until": (registration.clock() + timedelta(days=1)).isoformat(),
        "unknown_to_us": 1,
    } | changes
    await registration.hear("cn.tongban.gateway.grant.issued.v1", grant["grant_id"], grant)
    await eventually(
        lambda: registration.rows("SELECT 1 FROM data_grant WHERE grant_id = :g", g=grant["grant_id"])
    )
    return grant


async def test_everybody_sees_public_fields_only(registration: ServiceUnderTest, enterprise: str) -> None:
    answer = await registration.get(f"{ENTERPRISES}/{enterprise}")

    out = answer.json()
    assert (out["uscc"], out["state"], out["registered_capital_fen"]) == (enterprise, "active", 10_000_000)
    assert (out["legal_representative_name"], out["legal_representative_id_number"]) == (None, "***")
    assert (out["people"], out["filing_id"]) == ([], None)
    assert "张三丰" not in answer.text
    assert answer.headers["etag"] == '"1"'
    assert answer.headers["last-modified"]
    assert await registration.events(ACCESS, enterprise) == []


async def test_an_agency_with_a_grant_sees_the_granted_fields_and_is_recorded(
    registration: ServiceUnderTest, enterprise: str
) -> None:
    grant = await a_grant(registration)

    answer = await registration.get(f"{ENTERPRISES}/{enterprise}", TAX_CLIENT, purpose=grant["purpose"])

    out = answer.json()
    assert (out["legal_representative_name"], out["contact_phone"]) == ("张三丰", "13800000000")
    assert (out["legal_representative_id_number"], out["people"]) == ("***", [])
    assert answer.headers["cache-control"] == "no-store"
    [event] = await registration.events(ACCESS, enterprise)
    told = event["data"]
    assert (told["result"], told["grant_id"], told["agency_uscc"]) == ("allowed", grant["grant_id"], TAX)
    assert (told["owner_subject"], told["purpose"]) == ("ann", grant["purpose"])
    assert told["fields"] == ["contact_phone", "legal_representative_name"]
    assert "张三丰" not in str(event)


@pytest.mark.parametrize(
    ("changes", "missing"),
    [
        ({"agency_uscc": REGISTRAR}, "grant"),
        ({"resource": "registration.filing"}, "grant"),
        ({"region_code": "140882"}, "region"),
        ({"region_code": "140882", "regions": ["140882", "140821"]}, "region"),
        ({"valid_until": "2020-01-01T00:00:00+00:00"}, "expired"),
        ({"scenes": ["open_restaurant"]}, "scene"),
        ({"ways": ["verify"]}, "way"),
        ({"needs_consent": True}, "consent"),
    ],
)
async def test_a_grant_that_does_not_fit_opens_nothing_and_the_attempt_is_recorded(
    registration: ServiceUnderTest, enterprise: str, changes: dict[str, Any], missing: str
) -> None:
    grant = await a_grant(registration, **changes)

    answer = await registration.get(f"{ENTERPRISES}/{enterprise}", TAX_CLIENT, purpose=grant["purpose"])

    assert (answer.status_code, answer.json()["type"]) == (403, "/problems/reading-refused")
    assert answer.json()["missing"] == missing
    assert answer.headers["cache-control"] == "no-store"
    [event] = await registration.events(ACCESS, enterprise)
    assert (event["data"]["result"], event["data"]["grant_id"]) == ("denied", None)
    assert event["data"]["fields"] == sorted(event["data"]["fields"])


async def test_a_court_reads_the_address_for_papers_by_the_grant_of_the_pack_and_nothing_else(
    registration: ServiceUnderTest,
) -> None:
    pack: RegionPack = registration.app.state.region
    [given] = [each for each in pack.grants if each.purpose == "service_of_papers"]
    court = pack.agency("court").uscc
    served = {"text": "永济市城北街道法院路1号", "recipient": "王收件", "phone": "13900000000", "email": None}
    uscc = (await registration.post(FILINGS, filing(service_address=served), ANN)).json()["uscc"]
    await a_grant(
        registration,
        agency_uscc=court,
        purpose=given.purpose,
        fields=list(given.fields),
        regions=list(given.regions),
    )
    client = agency_token("court-client", court, "registration.enterprise.read")
    path, purpose = f"{ENTERPRISES}/{uscc}", given.purpose

    by_court = (await registration.get(path, client, purpose=purpose)).json()
    more = await registration.get(path, client, purpose=purpose, fields="contact_phone")
    unexplained = (await registration.get(path, client)).json()
    by_others = await registration.get(path, TAX_CLIENT, purpose=purpose)

    assert given.agency == "court"
    assert by_court["service_address"] == served
    assert (by_court["legal_representative_id_number"], by_court["contact_phone"]) == ("***", "***")
    assert by_court["people"] == []
    assert unexplained["service_address"] is None
    assert [(each.status_code, each.json()["missing"]) for each in (more, by_others)] == [
        (403, "fields"),
        (403, "grant"),
    ]
    told = [event["data"] for event in await registration.events(ACCESS, uscc)]
    assert [(each["agency_uscc"], each["result"]) for each in told] == [
        (court, "allowed"),
        (court, "denied"),
        (TAX, "denied"),
    ]
    assert told[0]["fields"] == ["legal_representative_name", "service_address"]


async def test_a_grant_of_public_fields_only_opens_no_others(
    registration: ServiceUnderTest, enterprise: str
) -> None:
    grant = await a_grant(registration, fields=["name"])

    out = (await registration.get(f"{ENTERPRISES}/{enterprise}", TAX_CLIENT, purpose=grant["purpose"])).json()

    assert (out["legal_representative_name"], out["contact_phone"]) == (None, "***")


@pytest.mark.parametrize("region_code", ["140000", "140800", None])
async def test_a_grant_for_the_prefecture_or_province_covers_the_city(
    registration: ServiceUnderTest, enterprise: str, region_code: str | None
) -> None:
    grant = await a_grant(registration, region_code=region_code)

    out = (await registration.get(f"{ENTERPRISES}/{enterprise}", TAX_CLIENT, purpose=grant["purpose"])).json()

    assert out["legal_representative_name"] == "张三丰"


async def test_a_grant_serves_its_purpose_only_until_it_ends_or_is_withdrawn(
    registration: ServiceUnderTest, enterprise: str
) -> None:
    grant = await a_grant(registration)
    path = f"{ENTERPRISES}/{enterprise}"

    other = await registration.get(path, TAX_CLIENT, purpose="another_purpose")
    none = (await registration.get(path, TAX_CLIENT)).json()
    unexplained = await registration.get(path, TAX_CLIENT, fields="contact_phone")
    withdrawn = {"grant_id": grant["grant_id"], "withdrawn_at": registration.clock().isoformat()}
    await registration.hear("cn.tongban.gateway.grant.withdrawn.v1", grant["grant_id"], withdrawn)

    async def closed() -> bool:
        answer = await registration.get(path, TAX_CLIENT, purpose=grant["purpose"])
        return answer.status_code == 403 and answer.json()["missing"] == "withdrawn"

    assert (other.status_code, other.json()["missing"]) == (403, "grant")
    assert none["legal_representative_name"] is None
    assert (unexplained.status_code, unexplained.json()["missing"]) == (403, "purpose")
    assert await eventually(closed, within=5)


async def test_people_are_opened_field_by_field(registration: ServiceUnderTest, enterprise: str) -> None:
    grant = await a_grant(registration, fields=["people.name"])

    out = (await registration.get(f"{ENTERPRISES}/{enterprise}", TAX_CLIENT, purpose=grant["purpose"])).json()

    [one] = out["people"]
    assert (one["name"], one["id_number"], one["subscribed_fen"]) == ("张三丰", "***", None)


async def test_the_owner_the_representative_and_the_registrar_read_their_own_unrecorded(
    registration: ServiceUnderTest, enterprise: str
) -> None:
    from tests.support.identities import person_token

    for token in (ANN, person_token("lin", "registration.enterprise.read"), OFFICER):
        out = (await registration.get(f"{ENTERPRISES}/{enterprise}", token)).json()
        assert out["legal_representative_name"] == "张三丰"
        assert out["people"][0]["id_number"].startswith("140881")
    assert await registration.events(ACCESS, enterprise) == []


async def test_another_person_learns_nothing_by_stating_a_purpose(
    registration: ServiceUnderTest, enterprise: str
) -> None:
    grant = await a_grant(registration)
    path = f"{ENTERPRISES}/{enterprise}"

    other = await registration.get(path, BOB, purpose=grant["purpose"])
    nobody = await registration.get(path, purpose=grant["purpose"])
    unscoped = await registration.get(path, agency_token("tax", TAX), purpose=grant["purpose"])

    assert (other.status_code, other.json()["missing"]) == (403, "agency")
    assert (nobody.status_code, unscoped.status_code) == (401, 403)
    [event] = await registration.events(ACCESS, enterprise)
    assert (event["data"]["reader"], event["data"]["result"]) == ("person:bob", "denied")


async def test_the_signed_licence_is_for_those_who_may_see_the_representative(
    registration: ServiceUnderTest, enterprise: str
) -> None:
    path = f"{ENTERPRISES}/{enterprise}/licence"

    own = (await registration.get(path, ANN)).json()
    foreign = (await registration.get(path, BOB)).json()

    assert own["jws"].count(".") == 2
    assert foreign["jws"] is None
    assert foreign["identifier"] == own["identifier"]
    assert (await registration.get(path)).status_code == 401


async def test_the_register_is_searched_by_beginning_division_state_and_date(
    registration: ServiceUnderTest,
) -> None:
    made = [(await registration.post(FILINGS, filing(), ANN)).json() for _ in range(3)]
    wanted = {entry["uscc"] for entry in made}

    first = await registration.get(ENTERPRISES, name="永济市", division="140881", state="active", limit=2)
    found, cursor = {e["uscc"] for e in first.json()["entries"]}, first.json()["next_cursor"]
    while cursor:
        page = (
            await registration.get(
                ENTERPRISES, name="永济市", division="140881", state="active", limit=2, cursor=cursor
            )
        ).json()
        assert not found & {e["uscc"] for e in page["entries"]}
        found |= {e["uscc"] for e in page["entries"]}
        cursor = page["next_cursor"]

    assert wanted <= found
    assert (await registration.get(ENTERPRISES, established_from="2999-01-01")).json()["entries"] == []
    assert (await registration.get(ENTERPRISES, division="140882")).json()["entries"] == []
    assert (await registration.get(ENTERPRISES, state="king")).status_code == 400
    assert "legal_representative_name" not in first.text


async def test_an_unknown_or_malformed_code_is_refused(registration: ServiceUnderTest) -> None:
    assert (await registration.get(f"{ENTERPRISES}/91140881MB000001XX")).status_code == 400
    assert (await registration.get(f"{ENTERPRISES}/{REGISTRAR}")).status_code == 404
    assert (await registration.get("/registration/v1/verify/1.2.156.3005.2.NO.NO")).status_code == 404
