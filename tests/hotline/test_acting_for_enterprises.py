"""A ticket in an enterprise's name is the enterprise's: whoever acts for it follows and rates it."""

from shared.identifiers import compose_uscc, organisation_body
from tests.hotline.steps import PERSON_SCOPES, TICKETS, act, answered
from tests.support.identities import enterprise_token, person_token
from tests.support.service import ServiceUnderTest

USCC, OTHER = (
    compose_uscc(
        authority="9",
        body_type="1",
        division_code="140881",
        organisation_body=organisation_body("MH", serial),
    )
    for serial in (1, 2)
)


async def test_all_who_act_for_the_enterprise_follow_its_ticket(hotline: ServiceUnderTest) -> None:
    first, second = (enterprise_token(USCC, agent, *PERSON_SCOPES) for agent in ("agent-1", "agent-2"))
    number = await answered(hotline, first)
    tokens = (second, person_token("agent-1", *PERSON_SCOPES), enterprise_token(OTHER, "x", *PERSON_SCOPES))

    seen = [await hotline.get(f"{TICKETS}/{number}", token) for token in tokens]
    rated = await act(hotline, number, "rating", second, score=5, solved=True)

    assert [answer.status_code for answer in seen] == [200, 404, 404]
    assert rated.status_code == 200, rated.text
