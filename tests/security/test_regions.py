"""Officers see and decide only what lies in their office's region (NFR-10, GW-03, A09), at its level, at the window."""

from typing import Any

import httpx
import pytest

from shared.security.office import WINDOW, Office
from tests.hotline import steps
from tests.hotline.conftest import hotline
from tests.licensing.conftest import licensing, restaurants
from tests.licensing.restaurant import ANSWERS, APPLICATIONS, FIRE, FORM, MARKET, SIGNS, Restaurants
from tests.registration.builders import ANN, FILINGS, REGISTRAR, TAX, filing, person
from tests.registration.conftest import registration
from tests.support.identities import agency_token, officer_token, person_token
from tests.support.service import ServiceUnderTest

__all__ = ["hotline", "licensing", "registration", "restaurants"]

TOWN, COUNTY, ELSEWHERE = "140881001", "140881", "140882"
# Offices and whether a record of the town is theirs to know (A09).
OFFICES = [
    (COUNTY, True),
    ("140800", True),
    (TOWN, True),
    (ELSEWHERE, False),
    ("140881002", False),
    ("140881001001", False),
]
SUBMIT = ("registration.filing.submit", "registration.filing.read")
DECIDE = ("registration.filing.read", "registration.filing.decide", "registration.enterprise.read")
LICENSING = ("licensing.application.read", "licensing.component.decide")


def officer(agency: str, region: str, *scopes: str, posts: tuple[str, ...] = ()) -> str:
    return officer_token(f"officer-{region}", agency, *scopes, office=Office(region, frozenset(posts)))


def why(answer: httpx.Response) -> str:
    slug: str = answer.json()["type"].removeprefix("/problems/")
    return slug


@pytest.mark.parametrize(("region", "is_theirs"), OFFICES)
async def test_a_ticket_is_there_for_officers_of_its_place_and_above(
    hotline: ServiceUnderTest, region: str, is_theirs: bool
) -> None:
    number = (await steps.submit(hotline, place={"code": TOWN}))["number"]
    token = officer(steps.HOUSING, region, *steps.UNIT_SCOPES)

    read = await hotline.get(f"{steps.TICKETS}/{number}", token)
    listed = await hotline.get(steps.TICKETS, token, limit=200)
    signed = await steps.act(hotline, number, "signature", token)

    assert (number in {each["number"] for each in listed.json()["entries"]}) is is_theirs
    assert (read.status_code, signed.status_code) == ((200, 200) if is_theirs else (404, 404))


async def test_a_ticket_of_the_whole_city_is_not_a_towns(hotline: ServiceUnderTest) -> None:
    number = (await steps.submit(hotline))["number"]
    city, town = (officer(steps.CENTRE, region, *steps.DESK_SCOPES) for region in (COUNTY, TOWN))

    seen = [await hotline.get(f"{steps.TICKETS}/{number}", token) for token in (city, town)]
    listed = await hotline.get(steps.TICKETS, town, limit=200)
    counted = await hotline.get(
        "/hotline/v1/stats", town, received_from="2020-01-01", received_to="2029-01-01"
    )

    assert [answer.status_code for answer in seen] == [200, 404]
    assert number not in {each["number"] for each in listed.json()["entries"]}
    assert counted.status_code == 200


async def test_a_region_filter_includes_what_lies_inside(hotline: ServiceUnderTest) -> None:
    number = (await steps.submit(hotline, place={"code": "140881003001"}))["number"]

    found = {
        division: number
        in {
            each["number"]
            for each in (await hotline.get(steps.TICKETS, steps.DESK, division=division, limit=200)).json()[
                "entries"
            ]
        }
        for division in (COUNTY, "140881003", "140881003001", TOWN, ELSEWHERE)
    }

    assert found == {COUNTY: True, "140881003": True, "140881003001": True, TOWN: False, ELSEWHERE: False}


async def a_filing_under_review(registration: ServiceUnderTest, **changes: Any) -> str:
    stated = {"name__trade": "曲艺", "domicile__division_code": TOWN} | changes
    answer = await registration.post(FILINGS, filing(**stated), ANN)
    assert answer.json()["status"] == "under_review", answer.text
    found: str = answer.json()["id"]
    return found


def individual_business() -> dict[str, Any]:
    """What makes a filing one for an individual business, which towns and windows decide."""
    return {
        "enterprise_kind": "individual_business",
        "name__form": "馆",
        "registered_capital_fen": 0,
        "people": [person("operator", subscribed_fen=None) | {"residence": "永济市城西街道河东大道12号"}],
    }


@pytest.mark.parametrize(("region", "is_theirs"), OFFICES)
async def test_a_filing_is_there_for_the_registrars_officers_of_its_place_and_above(
    registration: ServiceUnderTest, region: str, is_theirs: bool
) -> None:
    waiting = await a_filing_under_review(registration)
    token = officer(REGISTRAR, region, *DECIDE)

    read = await registration.get(f"{FILINGS}/{waiting}", token)
    queue = await registration.get("/registration/v1/review-queue", token, limit=200)
    refused = await registration.post(
        f"{FILINGS}/{waiting}/refusal", {"reason_zh": "不符", "reason_en": "does not fit"}, token
    )

    assert read.status_code == (200 if is_theirs else 404)
    assert (waiting in {each["id"] for each in queue.json()["entries"]}) is is_theirs
    # A company is decided by the county: the town may know of it, and is told that it is not its to decide.
    assert refused.status_code == {TOWN: 403, COUNTY: 200, "140800": 200}.get(region, 404)


async def test_a_town_decides_what_is_open_to_its_level(registration: ServiceUnderTest) -> None:
    town = officer(REGISTRAR, TOWN, *DECIDE)
    company = await a_filing_under_review(registration)
    business = await a_filing_under_review(registration, **individual_business())

    beyond = await registration.post(f"{FILINGS}/{company}/approval", None, town)
    approved = await registration.post(f"{FILINGS}/{business}/approval", None, town)

    assert (beyond.status_code, why(beyond)) == (403, "not-empowered")
    assert approved.json()["status"] == "approved"


async def test_personal_fields_of_an_enterprise_are_for_the_registrars_officers_of_its_place(
    registration: ServiceUnderTest,
) -> None:
    made = (await registration.post(FILINGS, filing(domicile__division_code=TOWN), ANN)).json()
    path = f"/registration/v1/enterprises/{made['uscc']}"

    phones = {
        region: (await registration.get(path, officer(REGISTRAR, region, *DECIDE))).json()["contact_phone"]
        for region, _ in OFFICES
    }
    inside = await registration.get("/registration/v1/enterprises", division=TOWN, limit=200)
    outside = await registration.get("/registration/v1/enterprises", division="140881002", limit=200)
    wider = await registration.get("/registration/v1/enterprises", division="140800", limit=200)

    assert {region: phone == "13800000000" for region, phone in phones.items()} == dict(OFFICES)
    found = [{each["uscc"] for each in page.json()["entries"]} for page in (inside, outside, wider)]
    assert [made["uscc"] in each for each in found] == [True, False, True]


async def an_application(restaurants: Restaurants, town: str = TOWN) -> str:
    domicile = {"division_code": town, "text": "山西省运城市永济市城西街道河东大道12号"}
    answer = await restaurants.apply(await restaurants.registered(domicile=domicile))
    assert answer.status_code == 201, answer.text
    found: str = answer.json()["id"]
    return found


@pytest.mark.parametrize(("region", "is_theirs"), OFFICES)
async def test_an_application_is_there_for_the_agencys_officers_of_its_place_and_above(
    licensing: ServiceUnderTest, restaurants: Restaurants, region: str, is_theirs: bool
) -> None:
    application = await an_application(restaurants)
    token = officer(FIRE, region, *LICENSING)

    read = await licensing.get(f"{APPLICATIONS}/{application}", token)
    listed = await licensing.get("/licensing/v1/components", token, limit=200)
    decided = await licensing.post(
        f"{APPLICATIONS}/{application}/components/fire_check/decision", {"decision": "granted"}, token
    )

    assert read.status_code == (200 if is_theirs else 404)
    assert (application in {each["application_id"] for each in listed.json()["entries"]}) is is_theirs
    assert decided.status_code == {TOWN: 403, COUNTY: 200, "140800": 200}.get(region, 404)


async def test_the_window_decides_on_the_spot_what_is_instant_and_nothing_else(
    licensing: ServiceUnderTest, restaurants: Restaurants, registration: ServiceUnderTest
) -> None:
    window = officer(REGISTRAR, COUNTY, *LICENSING, *DECIDE, posts=(WINDOW,))
    elsewhere = officer(REGISTRAR, ELSEWHERE, *LICENSING, *DECIDE, posts=(WINDOW,))
    application = await an_application(restaurants)
    company = await a_filing_under_review(registration)
    business = await a_filing_under_review(registration, **individual_business())

    async def decide(item: str, token: str) -> httpx.Response:
        path = f"{APPLICATIONS}/{application}/components/{item}/decision"
        return await licensing.post(path, {"decision": "granted"}, token)

    other_city = await decide("signboard", elsewhere)
    listed = await licensing.get("/licensing/v1/components", window, limit=200)
    signboard, fire = await decide("signboard", window), await decide("fire_check", window)
    beyond = await registration.post(f"{FILINGS}/{company}/approval", None, window)
    approved = await registration.post(f"{FILINGS}/{business}/approval", None, window)

    assert {each["item"] for each in listed.json()["entries"]} == {"signboard"}
    assert (signboard.json()["status"], signboard.json()["deciding_uscc"]) == ("granted", REGISTRAR)
    assert signboard.json()["agency_uscc"] == SIGNS
    assert other_city.status_code == 404
    assert [(each.status_code, why(each)) for each in (fire, beyond)] == [(403, "not-empowered")] * 2
    assert approved.json()["status"] == "approved"


async def test_the_window_accepts_for_whoever_comes_to_it_and_others_do_not(
    licensing: ServiceUnderTest, restaurants: Restaurants, registration: ServiceUnderTest
) -> None:
    scopes = ("licensing.application.submit", *SUBMIT)
    village = officer(REGISTRAR, "140881001001", *scopes, posts=(WINDOW,))
    colleague = officer(MARKET, COUNTY, *scopes)
    domicile = {"division_code": TOWN, "text": "山西省运城市永济市城西街道河东大道12号"}
    uscc = await restaurants.registered(domicile=domicile)
    far = await restaurants.registered(domicile=domicile | {"division_code": "140881002"})
    counter = {"channel": "hall", "on_behalf_of": "owner-1"}
    applied = {"industry_code": "restaurant", "answers": ANSWERS, "form": FORM, **counter}
    filed = filing(domicile__division_code=TOWN) | counter

    taken = await licensing.post(APPLICATIONS, applied | {"uscc": uscc}, village)
    out_of_reach = await licensing.post(APPLICATIONS, applied | {"uscc": far}, village)
    not_theirs = await licensing.post(APPLICATIONS, applied | {"uscc": uscc, "on_behalf_of": "bob"}, village)
    filing_taken = await registration.post(FILINGS, filed, village)
    refused = [
        await registration.post(FILINGS, filed, colleague),
        await registration.post(FILINGS, filed, ANN),
        await registration.post(FILINGS, filing(domicile__division_code="140881002") | counter, village),
    ]
    own = await registration.get(
        f"{FILINGS}/{filing_taken.json()['id']}", person_token("owner-1", "registration.filing.read")
    )

    assert (taken.status_code, taken.json()["accepted_at_counter"]) == (201, REGISTRAR)
    assert taken.json()["channel"] == "hall"
    assert [each.status_code for each in (out_of_reach, not_theirs)] == [404, 404]
    assert (filing_taken.status_code, own.json()["channel"]) == (201, "hall")
    assert [(each.status_code, why(each)) for each in refused] == [(403, "not-empowered")] * 3


async def test_cases_are_counted_by_channel_in_the_officers_region(
    registration: ServiceUnderTest, licensing: ServiceUnderTest, restaurants: Restaurants
) -> None:
    town = "140881106"
    await registration.post(FILINGS, filing(domicile__division_code=town) | {"channel": "kiosk"}, ANN)
    await registration.post(FILINGS, filing(domicile__division_code=town), ANN)
    domicile = {"division_code": town, "text": "山西省运城市永济市张营镇1号"}
    await restaurants.apply(await restaurants.registered(domicile=domicile), channel="mini_program")
    unknown = await registration.post(FILINGS, filing() | {"channel": "fax"}, ANN)

    here = await registration.get("/registration/v1/stats/channels", officer(REGISTRAR, town, *DECIDE))
    elsewhere = await registration.get(
        "/registration/v1/stats/channels", officer(REGISTRAR, ELSEWHERE, *DECIDE)
    )
    stranger = await registration.get("/registration/v1/stats/channels", officer(TAX, COUNTY, *DECIDE))
    permits = await licensing.get("/licensing/v1/stats/channels", officer(FIRE, town, *LICENSING))
    person_asks = await licensing.get(
        "/licensing/v1/stats/channels", person_token("ann", "licensing.application.read")
    )

    counts = {each["channel"]: each["count"] for each in here.json()["channels"]}
    assert counts == dict.fromkeys(counts, 0) | {"kiosk": 1, "portal": 1}
    assert set(counts) == {"hall", "kiosk", "portal", "app", "mini_program", "phone", "agent"}
    assert (here.json()["total"], elsewhere.json()["total"], permits.json()["total"]) == (2, 0, 1)
    assert (stranger.status_code, person_asks.status_code) == (403, 403)
    assert (unknown.status_code, unknown.json()["errors"][0]["pointer"]) == (400, "/channel")


async def test_an_agencys_client_has_the_whole_region(
    licensing: ServiceUnderTest, restaurants: Restaurants
) -> None:
    application = await an_application(restaurants)

    read = await licensing.get(f"{APPLICATIONS}/{application}", agency_token("fire", FIRE, *LICENSING))

    assert read.status_code == 200
