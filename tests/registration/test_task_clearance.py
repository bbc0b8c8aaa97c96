"""Taxes that are cleared as a part of leaving in one matter are cleared for the register too."""

from tests.registration.builders import FILINGS, TAX, filing
from tests.support.identities import person_token
from tests.support.service import ServiceUnderTest

COMPLETED = "cn.tongban.gateway.task.completed.v1"
CLEARED = "cn.tongban.registration.clearance.told.v1"
ANN = person_token("ann", "registration.filing.submit")


async def test_a_tax_task_that_ends_cleared_tells_the_register_and_no_other_does(
    registration: ServiceUnderTest,
) -> None:
    answer = await registration.post(FILINGS, filing(), ANN)
    uscc = answer.json()["uscc"]
    about = {"matter_id": "m", "agency_uscc": TAX, "uscc": uscc, "working_minutes": 1}

    for task_id, kind, outcome in (
        ("t-1", "seal_closing", None),
        ("t-2", "tax_change", "cleared"),
        ("t-3", "tax_clearance", "cleared_on_commitment"),
    ):
        told = about | {"task_id": task_id, "kind": kind, "outcome": outcome}
        await registration.hear(COMPLETED, task_id, told)
    await registration.event(CLEARED, uscc)

    [event] = await registration.events(CLEARED, uscc)
    assert (event["data"]["outcome"], event["data"]["reference"]) == ("cleared_on_commitment", "t-3")
