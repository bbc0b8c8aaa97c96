"""What the register does with an enterprise, and what its credit subject says of it."""

from typing import Any

import pytest

from services.credit.consumers import ENTERPRISE_CHANGED
from tests.credit.builders import SUBJECTS, an_open_subject, registered, today
from tests.support.service import ServiceUnderTest
from tests.support.waiting import eventually

ENTERPRISE = "cn.tongban.registration.enterprise"
REGISTRAR = "11140881MB9Y00016L"
COURT = "11140881MB9Y000T5B"


async def told(credit: ServiceUnderTest, uscc: str, act: str, version: int = 2, **changes: Any) -> None:
    """Registration tells of an act; everything else of the enterprise is as it was."""
    behind = {"act": act, "version": version, "effective_on": "2026-06-01", "registrar_uscc": REGISTRAR}
    known = {"established_on": today(credit).isoformat()}
    await credit.hear(f"{ENTERPRISE}.{act}.v1", uscc, registered(uscc, **known) | behind | changes)


async def shows(credit: ServiceUnderTest, uscc: str, **facts: str) -> None:
    """Wait until everybody sees it so."""

    async def so() -> bool:
        found = (await credit.get(f"{SUBJECTS}/{uscc}")).json()
        return all(found[name] == value for name, value in facts.items())

    await eventually(so)


async def recorded(credit: ServiceUnderTest, uscc: str) -> dict[str, Any]:
    """Wait for the record of a subject."""
    found = await eventually(lambda: credit.rows("SELECT * FROM credit_record WHERE uscc = :u", u=uscc))
    return found[0]


@pytest.mark.parametrize("type_name", ENTERPRISE_CHANGED)
async def test_name_and_state_of_a_subject_follow_every_act_of_the_register(
    credit: ServiceUnderTest, type_name: str
) -> None:
    uscc = await an_open_subject(credit)

    act = type_name.split(".")[-2]
    await told(credit, uscc, act, name="永济市改名餐饮有限公司", state="suspended")

    await shows(credit, uscc, name="永济市改名餐饮有限公司", state="suspended")


@pytest.mark.parametrize(
    ("act", "state", "item"),
    [
        ("licence_revoked", "revoked", "licence_revoked"),
        ("closed_by_order", "closed", "closed_by_order"),
        ("registration_revoked", "annulled", "registration_revoked"),
        ("forcibly_deregistered", "deregistered", "forced_deregistration"),
    ],
)
async def test_each_step_of_a_forced_exit_is_a_record_that_everybody_sees(
    credit: ServiceUnderTest, act: str, state: str, item: str
) -> None:
    uscc = await an_open_subject(credit)

    await told(credit, uscc, act, state=state)
    await recorded(credit, uscc)
    listed = (await credit.get(f"{SUBJECTS}/{uscc}/records")).json()["entries"]

    [record] = listed
    assert record["catalogue_item"] == item
    assert record["provider_uscc"] == REGISTRAR
    assert record["happened_on"] == "2026-06-01"
    await shows(credit, uscc, state=state)


async def test_a_notice_of_a_forced_deregistration_is_recorded(credit: ServiceUnderTest) -> None:
    uscc = await an_open_subject(credit)

    notice = {
        "forced_exit_id": f"exit-of-{uscc}",
        "uscc": uscc,
        "registrar_uscc": REGISTRAR,
        "noticed_at": "2026-03-02T01:30:00Z",
    }
    await credit.hear("cn.tongban.registration.forced_exit.noticed.v1", uscc, notice)

    record = await recorded(credit, uscc)
    assert (record["catalogue_item"], record["provider_uscc"]) == ("forced_exit_notice", REGISTRAR)


async def test_the_court_provides_its_ruling(credit: ServiceUnderTest) -> None:
    uscc = await an_open_subject(credit)

    ruling = {"ruling": "bankruptcy_declared", "agency_uscc": COURT}
    await told(credit, uscc, "court_ruled", state="in_liquidation", details=ruling)

    record = await recorded(credit, uscc)
    assert (record["catalogue_item"], record["provider_uscc"]) == ("court_ruling", COURT)


async def test_an_act_without_a_registrar_to_name_changes_the_state_and_leaves_no_record(
    credit: ServiceUnderTest,
) -> None:
    uscc = await an_open_subject(credit)

    await told(credit, uscc, "licence_revoked", state="revoked", registrar_uscc=None)
    await shows(credit, uscc, state="revoked")

    assert await credit.rows("SELECT 1 FROM credit_record WHERE uscc = :u", u=uscc) == []
