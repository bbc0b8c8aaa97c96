"""Who acts in an enterprise's name applies for it and sees its applications, whoever made them."""

from tests.licensing.restaurant import APPLICATIONS, FIRE, OWNER, Restaurants, agency
from tests.support.identities import enterprise_token, person_token
from tests.support.service import ServiceUnderTest

SCOPES = ("licensing.application.submit", "licensing.application.read")
ACCESSED = "cn.tongban.licensing.access.recorded.v1"


async def test_an_enterprise_that_came_by_import_can_apply_in_its_own_name(
    licensing: ServiceUnderTest, restaurants: Restaurants
) -> None:
    imported = await restaurants.registered(holder=None)

    stranger = await restaurants.apply(imported, person_token("agent", *SCOPES))
    other = await restaurants.apply(imported, enterprise_token(restaurants.new_uscc(), "agent", *SCOPES))
    own = await restaurants.apply(imported, enterprise_token(imported, "agent", *SCOPES))

    assert [answer.status_code for answer in (stranger, other, own)] == [404, 404, 201]
    [event] = await licensing.events("cn.tongban.licensing.application.submitted.v1", own.json()["id"])
    assert event["actor"] == f"enterprise:{imported};by:agent"


async def test_the_enterprises_applications_are_seen_by_all_who_act_for_it(
    licensing: ServiceUnderTest, restaurants: Restaurants
) -> None:
    uscc = await restaurants.registered()
    by_holder = (await restaurants.apply(uscc)).json()["id"]
    path = f"{APPLICATIONS}/{by_holder}"

    first, second = (enterprise_token(uscc, agent, *SCOPES) for agent in ("agent-1", "agent-2"))
    another = enterprise_token(await restaurants.registered(), "agent-1", *SCOPES)

    answers = [await licensing.get(path, token) for token in (OWNER, first, second, another)]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 404]
    listed = [(await licensing.get(APPLICATIONS, token)).json()["entries"] for token in (first, another)]
    assert [[each["id"] for each in entries] for entries in listed] == [[by_holder], []]


async def test_a_reading_names_in_whose_name_it_was_only_where_somebody_acts_for_another(
    licensing: ServiceUnderTest, restaurants: Restaurants
) -> None:
    made = (await restaurants.apply(await restaurants.registered())).json()["id"]

    await licensing.get(f"{APPLICATIONS}/{made}", agency(FIRE))

    [event] = await licensing.events(ACCESSED, made)
    assert event["data"]["on_behalf_of"] is None
