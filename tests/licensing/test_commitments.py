"""Notification and commitment: granted at once by rule, waiting for a grade, or back to the ordinary review."""

from datetime import UTC, datetime, timedelta

from tests.licensing.restaurant import FIRE, MARKET, Restaurants, component
from tests.support.service import ServiceUnderTest
from tests.support.waiting import eventually

DECIDED = "cn.tongban.licensing.application.component_decided.v1"
MADE = "cn.tongban.licensing.commitment.made.v1"


async def settled(restaurants: Restaurants, application_id: str, status: str) -> dict[str, object]:
    async def reached() -> dict[str, object] | None:
        fire = component(await restaurants.read(application_id), "fire_check")
        return fire if fire["status"] == status else None

    found = await eventually(reached)
    assert found is not None
    return found


async def test_a_good_grade_has_the_permit_at_once_and_a_check_follows(
    licensing: ServiceUnderTest, restaurants: Restaurants
) -> None:
    licensing.clock.set(datetime(2026, 3, 2, 1, 30, tzinfo=UTC))
    uscc = await restaurants.registered(grade="B")

    application = (await restaurants.apply(uscc, commitments=["fire_check"])).json()

    fire = component(application, "fire_check")
    assert (fire["status"], fire["decided_by"]) == ("granted", "commitment")
    assert fire["commitment"]["check_due_on"] == "2026-03-30"  # 20 working days after 2 March 2026
    steps = [fire["commitment"][step] for step in ("notice_told_at", "signed_at", "issued_at")]
    assert steps == sorted(steps)
    assert fire["commitment"]["notice_version"] == application["notice_version"]
    made = await licensing.event(MADE, uscc)
    assert made["data"]["agency_uscc"] == FIRE
    assert made["data"]["check_due_on"] == "2026-03-30"
    decided = await licensing.event(DECIDED, application["id"])
    assert (decided["data"]["item"], decided["data"]["by"]) == ("fire_check", "commitment")


async def test_a_poor_grade_falls_back_to_the_ordinary_review_and_says_why(
    licensing: ServiceUnderTest, restaurants: Restaurants
) -> None:
    uscc = await restaurants.registered(grade="C")

    answer = await restaurants.apply(uscc, commitments=["fire_check"])

    fire = component(answer.json(), "fire_check")
    assert answer.status_code == 201
    assert fire["status"] == "under_review"
    assert fire["fallback"]["code"] == "grade_not_allowed"
    assert fire["fallback"]["text"]["en"].startswith("The credit grade")
    assert fire["commitment"]["issued_at"] is None
    assert await licensing.events(MADE, uscc) == []
    assert (await restaurants.decide(answer.json()["id"], "fire_check", FIRE)).status_code == 200


async def test_credit_itself_may_forbid_a_commitment_whatever_the_grade(restaurants: Restaurants) -> None:
    uscc = await restaurants.registered()
    await restaurants.graded(uscc, "A", allows=False)
    await restaurants.known("credit_standing", uscc)

    application = (await restaurants.apply(uscc, commitments=["fire_check"])).json()

    assert component(application, "fire_check")["fallback"]["code"] == "grade_not_allowed"


async def test_an_unknown_grade_of_a_later_scorecard_allows_nothing(restaurants: Restaurants) -> None:
    uscc = await restaurants.registered()
    await restaurants.graded(uscc, "S", allows=True)
    await restaurants.known("credit_standing", uscc)

    application = (await restaurants.apply(uscc, commitments=["fire_check"])).json()

    assert component(application, "fire_check")["fallback"]["code"] == "grade_not_allowed"


async def test_a_commitment_waits_for_its_grade_and_is_granted_when_it_comes(
    licensing: ServiceUnderTest, restaurants: Restaurants
) -> None:
    uscc = await restaurants.registered()
    application = (await restaurants.apply(uscc, commitments=["fire_check"])).json()
    assert component(application, "fire_check")["status"] == "awaiting_credit"

    await restaurants.graded(uscc, "A")

    fire = await settled(restaurants, application["id"], "granted")
    assert fire["decided_by"] == "commitment"
    assert len(await licensing.events(MADE, uscc)) == 1


async def test_a_late_poor_grade_sends_the_commitment_to_the_ordinary_review(
    restaurants: Restaurants,
) -> None:
    uscc = await restaurants.registered()
    application = (await restaurants.apply(uscc, commitments=["fire_check"])).json()

    await restaurants.graded(uscc, "D")

    fire = await settled(restaurants, application["id"], "under_review")
    assert str(fire["fallback"]).startswith("{'code': 'grade_not_allowed'")


async def test_an_agency_cannot_decide_while_the_commitment_waits(restaurants: Restaurants) -> None:
    uscc = await restaurants.registered()
    application = (await restaurants.apply(uscc, commitments=["fire_check"])).json()

    early = await restaurants.decide(application["id"], "fire_check", FIRE)

    assert early.status_code == 409
    assert early.json()["type"] == "/problems/component-action-not-allowed"


async def test_a_grade_that_does_not_come_in_time_leaves_the_ordinary_review(
    licensing: ServiceUnderTest, restaurants: Restaurants
) -> None:
    uscc = await restaurants.registered()
    application = (await restaurants.apply(uscc, commitments=["fire_check"])).json()

    licensing.clock.advance(timedelta(minutes=59))
    await restaurants.registered()
    assert component(await restaurants.read(application["id"]), "fire_check")["status"] == "awaiting_credit"
    licensing.clock.advance(timedelta(minutes=2))

    fire = await settled(restaurants, application["id"], "under_review")
    assert str(fire["fallback"]).startswith("{'code': 'credit_unknown_in_time'")


async def test_a_grade_that_slipped_past_between_reading_and_saving_is_found_by_the_sweep(
    licensing: ServiceUnderTest, restaurants: Restaurants
) -> None:
    uscc = await restaurants.registered(grade="A")
    application = (await restaurants.apply(uscc)).json()
    await licensing.rows_changed(
        "INSERT INTO commitment SELECT application_id, item, 'n', accepted_at, '承诺', 'I promise', 'd', 'owner-1',"
        " accepted_at FROM component WHERE application_id = :i AND item = 'fire_check'",
        i=application["id"],
    )
    await licensing.rows_changed(
        "UPDATE component SET status = 'awaiting_credit' WHERE application_id = :i AND item = 'fire_check'",
        i=application["id"],
    )

    await settled(restaurants, application["id"], "granted")


async def test_the_last_commitment_to_be_settled_ends_the_application(
    licensing: ServiceUnderTest, restaurants: Restaurants
) -> None:
    uscc = await restaurants.registered()
    committed = ["fire_check", "signboard"]
    application = (await restaurants.apply(uscc, commitments=committed)).json()
    assert (await restaurants.decide(application["id"], "food_operation", MARKET)).status_code == 200

    await restaurants.graded(uscc, "A")

    approved = await licensing.event("cn.tongban.licensing.application.approved.v1", application["id"])
    assert approved["data"]["permit_number"].startswith("ZH-140881-")
    assert len(await licensing.events(MADE, uscc)) == 2
