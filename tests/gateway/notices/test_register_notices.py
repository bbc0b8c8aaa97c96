"""What an enterprise is told of by the register beside its filings: reports due, listings, names."""

from uuid import uuid4

import pytest

from gateway.notices.domain.news import news_of
from gateway.notices.use_cases.read_templates import read_templates
from tests.gateway.acting import a_uscc
from tests.support.service import ServiceUnderTest
from tests.support.waiting import eventually


async def test_an_enterprise_is_prompted_for_its_report_told_of_its_listing_and_of_the_way_off_it(
    gateway: ServiceUnderTest,
) -> None:
    uscc, ann = a_uscc(), f"p-{uuid4()}"
    due = {
        "uscc": uscc,
        "name": "永济市蒲津渡餐饮有限公司",
        "year": 2025,
        "due_on": "2026-06-30",
        "days_left": 7,
        "applicant": ann,
    }
    listing = {"listing_id": str(uuid4()), "uscc": uscc, "name": due["name"], "applicant": ann}

    await gateway.hear("cn.tongban.registration.annual_report.due.v1", uscc, due)
    await gateway.hear("cn.tongban.registration.abnormal_list.entered.v1", uscc, listing)
    await gateway.hear("cn.tongban.registration.abnormal_list.removed.v1", uscc, listing)

    async def told() -> dict[str, str]:
        query = "SELECT template, content FROM notice WHERE case_no = :c"
        return {row["template"]: row["content"] for row in await gateway.rows(query, c=uscc)}

    async def all_told() -> bool:
        return len(await told()) == 3

    assert await eventually(all_told)
    texts = await told()
    assert "2026-06-30 23:59" in texts["registration.annual_report.due"]
    assert "移出" in texts["registration.abnormal_list.removed"]
    assert "已列入" in texts["registration.abnormal_list.entered"]


@pytest.mark.parametrize(
    ("kind", "template"),
    [
        ("establishment", "registration.filing.approved"),
        ("deregistration", "registration.filing.approved.other"),
    ],
)
def test_only_who_establishes_an_enterprise_is_told_of_a_new_licence(kind: str, template: str) -> None:
    said = {"filing_id": "f-1", "kind": kind, "matter_id": None, "applicant": "p-ann", "case_no": "DJ-1"}

    news = news_of("cn.tongban.registration.filing.approved.v1", said)

    assert news is not None
    assert news.template == template
    assert template in read_templates()
