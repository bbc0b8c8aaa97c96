"""Officers' offices: at any of the five levels, in their tokens, given and changed by the data bureau (GW-03)."""

import pytest

from deploy.local.seed import PERSONS, Person
from shared.security.office import OfficeLevel, level_of
from shared.security.tokens import split_token
from tests.gateway.browser import Asked, browser, tokens_of
from tests.gateway.identity.test_accounts_api import ACCOUNTS, BUREAU, BUREAU_CLIENT, account, activated
from tests.support.identities import bearer
from tests.support.service import ServiceUnderTest

READ = "registration.filing.read"
LEVELS = {person.office.region: person for person in PERSONS if person.office is not None}


@pytest.mark.parametrize(
    ("person", "level"),
    [(LEVELS["140881"], "county"), (LEVELS["140881001"], "town"), (LEVELS["140881001001"], "village")],
)
async def test_officers_of_every_level_sign_in_at_the_same_place_and_their_tokens_say_where_they_work(
    gateway: ServiceUnderTest, person: Person, level: str
) -> None:
    async with browser(gateway.app) as window:
        tokens = await tokens_of(window, Asked(scope=f"openid {person_scope(person)}"), person.username)

    _, claims = split_token(tokens["access_token"])

    assert person.office is not None
    assert claims["office"] == {"region": person.office.region, "posts": sorted(person.office.posts)}
    assert level_of(claims["office"]["region"]) is OfficeLevel(level)


def person_scope(person: Person) -> str:
    return "hotline.ticket.read" if person.agency == "hotline_center" else READ


async def test_an_office_is_given_and_changed_by_the_bureau(gateway: ServiceUnderTest) -> None:
    town = {"region": "140881001", "posts": ["comprehensive_window"]}
    subject = await activated(
        gateway, "qianoffice", 71, agency=BUREAU, scopes=["catalogue.grant.read"], office=town
    )
    read = await gateway.get(f"{ACCOUNTS}/{subject}", BUREAU_CLIENT)
    moved = await gateway.client.patch(
        f"{ACCOUNTS}/{subject}",
        json={"office": {"region": "140800"}},
        headers=bearer(BUREAU_CLIENT) | {"If-Match": read.headers["etag"]},
    )
    async with browser(gateway.app) as person:
        tokens = await tokens_of(person, Asked(scope="openid catalogue.grant.read"), "qianoffice")

    _, claims = split_token(tokens["access_token"])
    assert read.json()["office"] == town | {"level": "town"}
    assert moved.json()["office"] == {"region": "140800", "level": "city", "posts": []}
    assert claims["office"] == {"region": "140800", "posts": []}


@pytest.mark.parametrize(
    "more",
    [{"office": {"region": "140881"}}, {"agency": BUREAU, "scopes": [], "office": {"region": "149999"}}],
)
async def test_an_office_is_an_officers_in_a_division_that_there_is(
    gateway: ServiceUnderTest, more: dict[str, object]
) -> None:
    answer = await gateway.post(ACCOUNTS, account("qiannowhere", 72, **more), BUREAU_CLIENT)

    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (400, "/office")
