"""Who acts in an enterprise's name sees its own credit record in full."""

from tests.credit.builders import an_open_subject, enter, entry, new_uscc, shown_to, today
from tests.support.identities import enterprise_token, person_token
from tests.support.service import ServiceUnderTest

READ = "credit.subject.read"


async def test_the_own_record_is_shown_in_full_in_the_enterprises_name(credit: ServiceUnderTest) -> None:
    uscc = await an_open_subject(credit)
    made = await enter(credit, entry(uscc, "penalty_minor", today(credit)))

    shown = [
        await shown_to(credit, uscc, token)
        for token in (
            enterprise_token(uscc, "agent", READ),
            enterprise_token(uscc, "agent"),
            enterprise_token(new_uscc(), "agent", READ),
            person_token("agent", READ),
        )
    ]

    assert shown == [{made["catalogue_item"]}, set(), set(), set()]
