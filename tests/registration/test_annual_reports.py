"""REG-35: the annual report is filed once for all departments, prefilled, corrected in time, made up late."""

from copy import deepcopy
from datetime import timedelta
from typing import Any

import httpx
import pytest

from services.registration.use_cases.walk_reports import walk_reports
from tests.registration.builders import (
    ANN,
    BOB,
    FILINGS,
    OFFICER,
    OTHER_OFFICER,
    TAX,
    TAX_CLIENT,
    filing,
)
from tests.registration.reporting import (
    PACK,
    PARTS,
    POLICY,
    YEAR,
    civil,
    enterprise,
    filed,
    own,
    report,
    walk,
)
from tests.support.identities import agency_token, bearer
from tests.support.service import ServiceUnderTest

SUBMITTED = "cn.tongban.registration.annual_report.submitted.v1"
RECEIVED = "cn.tongban.registration.annual_report.received.v1"
DUE = "cn.tongban.registration.annual_report.due.v1"


async def corrected(
    registration: ServiceUnderTest, made: httpx.Response, body: dict[str, Any]
) -> httpx.Response:
    """Put another content in its place, as it was read."""
    code, report_id = made.json()["uscc"], made.json()["id"]
    headers = bearer(own(code)) | {"If-Match": made.headers["etag"]}
    return await registration.client.put(
        f"/registration/v1/annual-reports/{report_id}", json=body, headers=headers
    )


@pytest.fixture(autouse=True)
async def _in_the_window(registration: ServiceUnderTest) -> None:
    registration.clock.set(civil(2026, 3, 2))


async def test_one_report_tells_each_of_four_departments_its_own_part_and_nothing_else(
    registration: ServiceUnderTest,
) -> None:
    code = await enterprise(registration, 7001)

    made = await filed(registration, code)

    assert (made.status_code, made.json()["state"]) == (201, "submitted"), made.text
    events = await registration.events(RECEIVED, code)
    told = {event["data"]["agency_uscc"]: event["data"]["fields"] for event in events}
    agencies = ("market_supervision", "human_resources", "tax", "customs")
    assert told == dict(zip((PACK.agency(key).uscc for key in agencies), PARTS.values(), strict=True))
    [public] = await registration.events(SUBMITTED, code)
    shown = (await registration.get(f"/registration/v1/enterprises/{code}/annual-reports")).json()
    assert public["data"]["published"] == shown["reports"][0]["fields"]
    assert shown["reports"][0]["fields"]["employees"] == 6
    assert not {"revenue_fen", "contribution_paid_fen", "main_business_revenue_fen"} & set(
        shown["reports"][0]["fields"]
    )


async def test_what_the_register_knows_is_filled_in_and_changed_by_a_filing_only(
    registration: ServiceUnderTest,
) -> None:
    code = await enterprise(registration, 7002)
    path = f"/registration/v1/enterprises/{code}/annual-reports"
    form = (await registration.get(f"{path}/form", own(code))).json()
    known = {each["key"]: each["value"] for each in form["known"]}

    changed = await registration.post(
        path, report(known=known | {"name": "永济市新名餐饮有限公司"}), own(code)
    )
    as_shown = await registration.post(path, report(known=known), own(code))

    assert known["name"] == "永济市渡口7002号餐饮有限公司"
    assert (changed.status_code, changed.json()["type"]) == (422, "/problems/known-field-changed")
    assert [(e["pointer"], e["code"]) for e in changed.json()["errors"]] == [
        ("/known/name", "known_field.alteration")
    ]
    assert as_shown.status_code == 201
    assert form["year"] == YEAR
    assert not set(known) & {field["key"] for part in form["parts"] for field in part["fields"]}


async def test_all_faults_of_a_report_come_at_once(registration: ServiceUnderTest) -> None:
    code = await enterprise(registration, 7003)
    parts = deepcopy(PARTS)
    del parts["tax"]["tax_paid_fen"]
    parts["customs"]["is_customs_declarant"] = 1
    parts["market_supervision"] |= {"operating_state": "休眠", "employees": -1}
    parts["hotline"] = {"calls": 1}

    refused = await filed(
        registration, code, parts=parts, publish=["contribution_paid_fen"], is_withheld=True
    )

    assert (refused.status_code, refused.json()["type"]) == (400, "/problems/report-faulty")
    assert {each["pointer"] for each in refused.json()["errors"]} == {
        "/parts/tax/tax_paid_fen",
        "/parts/customs/is_customs_declarant",
        "/parts/market_supervision/operating_state",
        "/parts/market_supervision/employees",
        "/parts/hotline",
        "/publish/contribution_paid_fen",
        "/is_withheld",
    }


async def test_the_window_ends_with_30_june_and_the_first_report_is_due_the_year_after(
    registration: ServiceUnderTest,
) -> None:
    codes = [await enterprise(registration, 7010 + number) for number in range(3)]
    registration.clock.set(civil(2026, 6, 30, 0) + timedelta(days=1, seconds=-2))
    in_time = await filed(registration, codes[0])
    registration.clock.set(civil(2026, 7, 1, 0))
    late = await filed(registration, codes[1])
    corrected_late = await corrected(registration, in_time, report_content())
    twice = await filed(registration, codes[0])
    running = await filed(registration, codes[2], year=2026)
    founded = await registration.post(FILINGS, filing(), ANN)
    path = f"/registration/v1/enterprises/{founded.json()['uscc']}/annual-reports"
    before_it_stood = await registration.post(path, report(), ANN)
    registration.clock.set(civil(2027, 1, 1, 0))
    first = await registration.post(path, report(2026), ANN)

    assert [in_time.json()["is_late"], late.json()["is_late"]] == [False, True]
    assert late.json()["state"] == "made_up"
    assert corrected_late.json()["type"] == "/problems/report-move-not-allowed"
    assert (twice.status_code, twice.json()["type"]) == (409, "/problems/report-filed")
    assert twice.json()["where"] == in_time.headers["location"]
    assert {each.json()["type"] for each in (running, before_it_stood)} == {"/problems/report-not-taken"}
    assert first.status_code == 201


def report_content(**changes: Any) -> dict[str, Any]:
    """The part of a report that may be corrected."""
    return {name: value for name, value in report(**changes).items() if name != "year"}


async def test_a_correction_until_30_june_shows_both_versions(registration: ServiceUnderTest) -> None:
    code = await enterprise(registration, 7020)
    made = await filed(registration, code)
    body = report_content()
    body["parts"]["market_supervision"]["employees"] = 9

    after = await corrected(registration, made, body)
    stale = await corrected(registration, made, body)

    assert (after.status_code, after.json()["state"], stale.status_code) == (200, "corrected", 412)
    [shown] = (await registration.get(f"/registration/v1/enterprises/{code}/annual-reports")).json()[
        "reports"
    ]
    assert (shown["fields"]["employees"], [each["fields"]["employees"] for each in shown["before"]]) == (
        9,
        [6],
    )
    assert [event["data"]["version"] for event in await registration.events(SUBMITTED, code)] == [1, 2]


async def test_each_reader_sees_what_is_for_them(registration: ServiceUnderTest) -> None:
    code = await enterprise(registration, 7030)
    made = await filed(registration, code)
    path = made.headers["location"]

    whole, of_tax = await registration.get(path, own(code)), await registration.get(path, TAX_CLIENT)
    of_nobody = [
        await registration.get(path, token)
        for token in (
            BOB,
            agency_token("fire", PACK.agency("fire_rescue").uscc, "registration.enterprise.read"),
        )
    ]

    assert set(whole.json()["parts"]) == set(PARTS)
    assert of_tax.json()["parts"] == {"tax": PARTS["tax"]}
    assert [answer.status_code for answer in of_nobody] == [404, 404]


async def test_a_second_request_for_reported_data_is_refused_with_the_place_of_the_data(
    registration: ServiceUnderTest,
) -> None:
    code = await enterprise(registration, 7040, registered=civil(2025, 5, 1))
    path = f"/registration/v1/enterprises/{code}/report-requests"
    first = await registration.post(path, {"year": YEAR}, TAX_CLIENT)
    customs = agency_token("customs", PACK.agency("customs").uscc, "registration.enterprise.read")
    by_another = await registration.post(path, {"year": YEAR}, customs)
    made = await filed(registration, code)
    after = await registration.post(path, {"year": YEAR}, TAX_CLIENT)
    without_part = await registration.post(path, {"year": YEAR}, BOB)

    assert (first.status_code, first.json()["department"]) == (201, "tax")
    assert [answer.json()["type"] for answer in (by_another, after)] == ["/problems/asked-already"] * 2
    assert by_another.json()["asked_by"] == TAX
    assert after.json()["where"] == made.headers["location"]
    assert without_part.status_code == 403


async def test_an_individual_business_may_report_on_paper_at_the_counter_and_publish_nothing(
    registration: ServiceUnderTest,
) -> None:
    business = await enterprise(registration, 7050, kind="个体工商户")
    company = await enterprise(registration, 7051)
    counter = agency_token("hall", PACK.agency("administrative_approval").uscc, "registration.filing.submit")
    paper = report(is_on_paper=True, is_withheld=True, channel="hall", publish=[])

    async def on_paper(code: str, token: str) -> httpx.Response:
        return await registration.post(f"/registration/v1/enterprises/{code}/annual-reports", paper, token)

    by_itself = await on_paper(business, own(business))
    of_company = await on_paper(company, counter)
    entered = await on_paper(business, counter)

    assert [by_itself.json()["type"], of_company.json()["type"]] == ["/problems/report-faulty"] * 2
    assert (entered.status_code, entered.json()["channel"]) == (201, "hall"), entered.text
    [shown] = (await registration.get(f"/registration/v1/enterprises/{business}/annual-reports")).json()[
        "reports"
    ]
    assert (shown["is_withheld"], shown["fields"]) == (True, {})


async def test_a_suspended_enterprise_still_owes_its_report_and_a_revoked_one_does_not(
    registration: ServiceUnderTest,
) -> None:
    suspended, revoked = await enterprise(registration, 7060), await enterprise(registration, 7061)
    for code, state in ((suspended, "suspended"), (revoked, "revoked")):
        await registration.rows_changed(
            "UPDATE enterprise SET state = :state WHERE uscc = :uscc", state=state, uscc=code
        )

    answers = [await filed(registration, code) for code in (suspended, revoked)]

    assert [answer.status_code for answer in answers] == [201, 409]


async def test_a_stranger_files_for_nobody(registration: ServiceUnderTest) -> None:
    code = await enterprise(registration, 7070)
    path = f"/registration/v1/enterprises/{code}/annual-reports"

    answers = [await registration.post(path, report(), token) for token in (ANN, BOB)]

    assert [answer.status_code for answer in answers] == [404, 404]
    assert (await registration.post(path, report(), OFFICER)).status_code == 403
    assert (await registration.post(path, report(), OTHER_OFFICER)).status_code == 403


async def test_who_has_not_reported_is_reminded_once_per_prompt_also_late_and_by_two_workers(
    registration: ServiceUnderTest,
) -> None:
    started = civil(2029, 1, 2)
    registration.clock.set(started)
    codes = [await enterprise(registration, 7080 + number) for number in range(3)]
    assert (await filed(registration, codes[0], year=2028)).status_code == 201
    transactions = registration.app.state.backend.transactions

    async def reminded() -> dict[str, list[int]]:
        found = {code: await registration.events(DUE, code) for code in codes}
        return {code: [event["data"]["days_left"] for event in events] for code, events in found.items()}

    await walk(registration, civil(2029, 5, 31, 12))
    early = await reminded()
    await walk(registration, civil(2029, 6, 1, 12), at_once=2)
    again = await walk(registration, civil(2029, 6, 2, 12))
    once = await reminded()
    registration.clock.set(civil(2029, 6, 25))
    async with transactions.open() as first, transactions.open() as second:
        seen = await walk_reports(POLICY, first)
        beside = await walk_reports(POLICY, second)
        await first.commit()
    await walk(registration, civil(2029, 6, 26))

    assert early == {code: [] for code in codes}
    assert once == {codes[0]: [], codes[1]: [29], codes[2]: [29]}
    assert again == 0
    assert (seen >= 3, beside) == (True, 0)
    assert await reminded() == {codes[0]: [], codes[1]: [29, 5], codes[2]: [29, 5]}
