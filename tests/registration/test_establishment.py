"""What decides an establishment beside names and people: addresses, permits, foreign investment, the city's own way."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import pytest

from services.registration.domain.establishment_policy import RegistrationMode
from tests.registration.builders import (
    ANN,
    BOB,
    FILINGS,
    OFFICER,
    OTHER_OFFICER,
    TAX_CLIENT,
    distinctive,
    filing,
    person,
    uscc,
)
from tests.registration.kind_builders import ABROAD, branch
from tests.registration.test_rules import outcomes
from tests.support.identities import agency_token
from tests.support.service import ServiceUnderTest

ENTERPRISES = "/registration/v1/enterprises"
CHECKS = "/registration/v1/address-checks"
PREFIX = "cn.tongban.registration."
BANK_USCC = "11140881MB9Y00098Q"
BANK = agency_token(
    "bank",
    BANK_USCC,
    "registration.filing.submit",
    "registration.filing.represent",
    "registration.filing.read",
)
ELSEWHERE = [{"division_code": "140881104", "text": "永济市虞乡镇大街3号"}]


@contextmanager
def in_mode(registration: ServiceUnderTest, mode: RegistrationMode) -> Iterator[None]:
    """The app of a city that decides in this way."""
    state = registration.app.state
    ours = state.desk
    establishment = replace(ours.policy.establishment, mode=mode)
    state.desk = replace(ours, policy=replace(ours.policy, establishment=establishment))
    try:
        yield
    finally:
        state.desk = ours


async def established(registration: ServiceUnderTest, **changes: Any) -> dict[str, Any]:
    """A sound filing, approved in the call."""
    out: dict[str, Any] = (await registration.post(FILINGS, filing(**changes), ANN)).json()
    assert out["status"] == "approved", out["findings"]
    return out


async def test_an_address_is_verified_online_and_what_does_not_match_is_looked_at_later(
    registration: ServiceUnderTest,
) -> None:
    street = f"虞乡镇{distinctive()}街9号"
    asked = {"division_code": "140881001", "street": street}

    before = (await registration.get("/registration/v1/addresses/check", **asked)).json()
    out = await established(registration, domicile__street=street)
    neighbour = await established(registration, domicile__street=street)
    after = (await registration.get("/registration/v1/addresses/check", **asked)).json()
    fits = await registration.get(
        "/registration/v1/addresses/check", division_code="140881001", street="河东大道1号"
    )
    away = await registration.get("/registration/v1/addresses/check", division_code="140802001", street="1号")

    assert (before["result"], before["enterprises_there"]) == ("no_match", 0)
    assert (after["enterprises_there"], fits.json()["result"], away.json()["result"]) == (
        2,
        "match",
        "no_match",
    )
    assert neighbour["uscc"] != out["uscc"]
    listed = (await registration.get(CHECKS, OFFICER, rule="domicile.address_match", limit=200)).json()
    [check] = [each for each in listed["entries"] if each["uscc"] == out["uscc"]]
    hidden = await registration.get(CHECKS, OTHER_OFFICER)
    found = {"finding": "confirmed", "remark": "现场核查属实"}
    concluded = [
        await registration.post(f"{CHECKS}/{check['id']}/conclusion", found, OFFICER) for _ in range(2)
    ]
    assert hidden.status_code == 403
    assert [answer.status_code for answer in concluded] == [200, 409]
    rest = (await registration.get(CHECKS, OFFICER, rule="domicile.address_match", limit=200)).json()
    assert check["id"] not in {each["id"] for each in rest["entries"]}


async def test_one_licence_is_for_several_addresses_but_not_for_what_touches_public_safety(
    registration: ServiceUnderTest,
) -> None:
    out = await established(registration, further_addresses=ELSEWHERE)

    entry = (await registration.get(f"{ENTERPRISES}/{out['uscc']}")).json()
    twice = await outcomes(registration, filing(further_addresses=ELSEWHERE * 2))
    away = await outcomes(
        registration, filing(further_addresses=[ELSEWHERE[0] | {"division_code": "140802001"}])
    )
    unsafe = await outcomes(registration, filing(further_addresses=ELSEWHERE, scope=["H6210-01", "F5169-01"]))

    assert entry["further_addresses"] == ELSEWHERE
    [[licences]] = [
        row.values()
        for row in await registration.rows("SELECT count(*) FROM licence WHERE uscc = :u", u=out["uscc"])
    ]
    assert licences == 1
    assert (twice["further_addresses.in_region"], away["further_addresses.in_region"]) == ("fault", "fault")
    assert unsafe["further_addresses.public_safety"] == "fault"


async def test_the_address_for_papers_is_confirmed_kept_and_closed_to_others(
    registration: ServiceUnderTest,
) -> None:
    served = {"text": "永济市城北街道法院路1号", "recipient": "王收件", "phone": "13900000000", "email": None}
    stated = await established(registration, service_address=served)
    unstated = await established(registration)

    own = (await registration.get(f"{ENTERPRISES}/{stated['uscc']}", OFFICER)).json()
    at_domicile = (await registration.get(f"{ENTERPRISES}/{unstated['uscc']}", OFFICER)).json()
    others = (await registration.get(f"{ENTERPRISES}/{stated['uscc']}", TAX_CLIENT)).json()

    assert own["service_address"] == served
    assert at_domicile["service_address"]["text"] == "永济市城西街道河东大道12号"
    assert others["service_address"] is None


@pytest.mark.parametrize(
    ("permits", "outcome", "status"),
    [
        ([], "fault", "returned"),
        (
            [{"scope": "F5169-01", "number": "晋运危化经字〔2026〕1号", "issuer": "运城市应急管理局"}],
            "referred",
            "under_review",
        ),
    ],
)
async def test_only_a_permit_that_the_law_puts_first_bars_registration(
    registration: ServiceUnderTest, permits: list[dict[str, str]], outcome: str, status: str
) -> None:
    free = await outcomes(registration, filing(scope=["H6110-01"], name__trade="酒店"))
    body = filing(scope=["H6210-01", "F5169-01"], prior_permits=permits)

    out = (await registration.post(FILINGS, body, ANN)).json()

    assert (free["scope.permit_first"], free["scope.licence_first"]) == ("passed", "passed")
    assert {c["outcome"] for c in out["checks"] if c["rule"] == "scope.permit_first"} == {outcome}
    assert out["status"] == status


def of_foreigners(scope: list[str]) -> dict[str, Any]:
    """A company with a shareholder from abroad."""
    people = [
        person("legal_representative", "beneficial_owner", "foreign_papers_recipient", subscribed_fen=None),
        person("shareholder", serial=2) | ABROAD | {"name": "Harbour Holdings"},
    ]
    return filing(people=people, scope=scope)


async def test_foreign_investment_is_looked_at_on_the_negative_list_and_nowhere_else(
    registration: ServiceUnderTest,
) -> None:
    domestic = await outcomes(registration, filing(scope=["H6210-01"]))
    free = (await registration.post(FILINGS, of_foreigners(["H6210-01"]), ANN)).json()
    listed = (await registration.post(FILINGS, of_foreigners(["H6210-01", "F5213-04"]), ANN)).json()

    assert free["status"] == "approved", free["findings"]
    assert {c["rule"] for c in free["checks"]} - set(domestic) == {"scope.foreign_investment"}
    assert listed["status"] == "under_review"
    assert [(f["rule"], f["pointer"]) for f in listed["findings"]] == [
        ("scope.foreign_investment", "/scope/1")
    ]
    entry = (await registration.get(f"{ENTERPRISES}/{free['uscc']}")).json()
    assert entry["is_foreign_invested"] is True


@pytest.mark.parametrize(
    ("mode", "is_committed", "status"),
    [
        (RegistrationMode.REVIEW, True, "under_review"),
        (RegistrationMode.CONFIRMATION, False, "approved"),
        (RegistrationMode.COMMITMENT, True, "approved"),
        (RegistrationMode.COMMITMENT, False, "returned"),
    ],
)
async def test_a_complete_filing_is_decided_in_the_citys_way(
    registration: ServiceUnderTest, mode: RegistrationMode, is_committed: bool, status: str
) -> None:
    with in_mode(registration, mode):
        body = filing(name__trade="曲艺", commitment=is_committed)
        out = (await registration.post(FILINGS, body, ANN)).json()
        wished = (await registration.post(FILINGS, filing(commitment=True, wants_person=True), ANN)).json()
        listed = (
            await registration.post(
                FILINGS, of_foreigners(["H6210-01", "F5213-04"]) | {"commitment": True}, ANN
            )
        ).json()

    assert (out["status"], wished["status"]) == (status, "under_review")
    assert listed["status"] == "under_review"
    if out["status"] == "approved":
        checks = (await registration.get(CHECKS, OFFICER, rule="registration.commitment", limit=200)).json()
        followed = {check["uscc"] for check in checks["entries"]}
        assert (out["uscc"] in followed) is (mode is RegistrationMode.COMMITMENT)


async def test_a_branch_of_an_outside_enterprise_is_looked_at_later(registration: ServiceUnderTest) -> None:
    body = branch(uscc(920_001), "运城市盐湖贸易有限公司", distinctive())

    out = (await registration.post(FILINGS, body, ANN)).json()

    checks = (await registration.get(CHECKS, OFFICER, rule="branch.parent", limit=200)).json()
    assert out["uscc"] in {check["uscc"] for check in checks["entries"]}


async def test_a_bank_files_for_a_founder_free_of_charge_and_nothing_else(
    registration: ServiceUnderTest,
) -> None:
    out = (await registration.post(FILINGS, filing(on_behalf_of="ann"), BANK)).json()
    own = await registration.get(f"{FILINGS}/{out['id']}", ANN)
    banks = await registration.get(f"{FILINGS}/{out['id']}", BANK)
    strange = await registration.get(f"{FILINGS}/{out['id']}", BOB)
    tax = agency_token("tax", "11140881MB9Y000405", "registration.filing.submit")
    without = await registration.post(FILINGS, filing(on_behalf_of="ann"), tax)

    assert out["agent"] == {"uscc": BANK_USCC, "client_id": "bank"}
    assert (out["fee_fen"], out["accepted_at_counter"]) == (0, None)
    assert (own.status_code, banks.status_code, strange.status_code) == (200, 200, 404)
    assert without.status_code == 403
