"""What decides an establishment beside names and people: addresses, permits, foreign investment, the city's own way."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import pytest

from services.registration.domain.establishment_policy import RegistrationMode
from services.registration.use_cases.precedent_appeals import renew_provisional_appeals
from shared.calendar import WorkingCalendar
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
from tests.support.clock import SettableClock
from tests.support.identities import agency_token
from tests.support.service import ServiceUnderTest

ENTERPRISES = "/registration/v1/enterprises"
CHECKS = "/registration/v1/address-checks"
APPEALS = "/registration/v1/appeals"
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
REASON = {"reason_zh": "行业表述不规范", "reason_en": "the trade is not a standard one"}
PRECEDENT = {"region": "运城市盐湖区", "item": "企业设立登记", "words": "盐湖区已登记同类企业"}


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


async def refused(registration: ServiceUnderTest) -> str:
    """A filing that an officer refused."""
    waiting = (await registration.post(FILINGS, filing(name__trade="曲艺"), ANN)).json()
    await registration.post(f"{FILINGS}/{waiting['id']}/refusal", REASON, OFFICER)
    found: str = waiting["id"]
    return found


async def test_a_refusal_is_appealed_with_a_precedent_and_answered_in_writing(
    registration: ServiceUnderTest,
) -> None:
    filing_id = await refused(registration)
    path = f"{FILINGS}/{filing_id}/appeals"

    strange = await registration.post(path, PRECEDENT, BOB)
    made = await registration.post(path, PRECEDENT, ANN)
    again = await registration.post(path, PRECEDENT, ANN)
    one = f"{APPEALS}/{made.json()['id']}"
    silent = await registration.post(f"{one}/answer", {"outcome": "upheld"}, OFFICER)
    answer = {"outcome": "upheld", "answer_zh": "参照先例办理", "answer_en": "as there"}
    elsewhere = await registration.post(f"{one}/answer", answer, OTHER_OFFICER)
    waiting = await registration.get(APPEALS, OFFICER, limit=200)
    answered = await registration.post(f"{one}/answer", answer, OFFICER)
    late = await registration.post(f"{one}/withdrawal", None, ANN)

    assert (strange.status_code, made.status_code, again.status_code) == (404, 201, 409)
    assert made.json()["clock"]["due_at"] is not None
    assert (silent.status_code, elsewhere.status_code, late.status_code) == (400, 403, 409)
    assert made.json()["id"] in {each["id"] for each in waiting.json()["entries"]}
    assert (answered.json()["status"], answered.json()["answer"]["zh"]) == ("upheld", "参照先例办理")
    told = await registration.event(f"{PREFIX}appeal.answered.v1", made.json()["id"])
    assert (told["data"]["filing_id"], told["data"]["region"]) == (filing_id, "运城市盐湖区")
    assert (await registration.get(one, ANN)).json()["status"] == "upheld"
    assert (await registration.get(one, BOB)).status_code == 404


async def test_only_a_refusal_is_appealed_and_an_appeal_can_be_taken_back(
    registration: ServiceUnderTest,
) -> None:
    approved = await established(registration)
    filing_id = await refused(registration)
    made = (await registration.post(f"{FILINGS}/{filing_id}/appeals", PRECEDENT, ANN)).json()

    wrong = await registration.post(f"{FILINGS}/{approved['id']}/appeals", PRECEDENT, ANN)
    foreign = await registration.post(f"{APPEALS}/{made['id']}/withdrawal", None, BOB)
    withdrawn = await registration.post(f"{APPEALS}/{made['id']}/withdrawal", None, ANN)
    anew = await registration.post(f"{FILINGS}/{filing_id}/appeals", PRECEDENT, ANN)

    assert (wrong.status_code, foreign.status_code) == (409, 404)
    assert (withdrawn.json()["status"], anew.status_code) == ("withdrawn", 201)


async def test_an_answer_that_is_late_is_told_once_and_still_owed(registration: ServiceUnderTest) -> None:
    path = f"{FILINGS}/{await refused(registration)}/appeals"
    made = (await registration.post(path, PRECEDENT, ANN)).json()
    overdue = f"{PREFIX}appeal.overdue.v1"
    answer = {"outcome": "rejected", "answer_zh": "法律依据不同", "answer_en": "another law applies"}

    registration.clock.advance(timedelta(days=40))
    try:
        for _ in range(2):
            await registration.stop_worker()
            await registration.start_worker()
            told = await registration.event(overdue, made["id"])
        answered = await registration.post(f"{APPEALS}/{made['id']}/answer", answer, OFFICER)
    finally:
        registration.clock.advance(-timedelta(days=40))

    assert told["data"]["due_at"] == made["clock"]["due_at"]
    assert len(await registration.events(overdue, made["id"])) == 1
    assert answered.json()["status"] == "rejected"


async def test_an_answer_that_hangs_on_an_unpublished_calendar_is_dated_anew_once(
    registration: ServiceUnderTest, clock: SettableClock
) -> None:
    clock.set(datetime(2026, 3, 2, 2, tzinfo=UTC))
    made = (
        await registration.post(f"{FILINGS}/{await refused(registration)}/appeals", PRECEDENT, ANN)
    ).json()
    await registration.rows_changed(
        "UPDATE precedent_appeal SET due_is_provisional = true WHERE id = CAST(:id AS uuid)", id=made["id"]
    )
    published = registration.app.state.desk.calendar
    unpublished = replace(published, published_years=frozenset())

    async def renewed(calendar: WorkingCalendar) -> int:
        sweep = partial(renew_provisional_appeals, calendar=calendar)
        return int(await registration.app.state.backend.transactions.run(sweep))

    waiting = [await renewed(unpublished) for _ in range(2)]
    certain = [await renewed(published) for _ in range(2)]

    assert (waiting, certain) == ([0, 0], [1, 0])
