"""Each kind of enterprise has a way into the register, with the items that it registers and records, and no other."""

from typing import Any

import pytest

from services.registration.api.acts.establishment import PARTNERSHIP_EXAMPLE
from shared.certificates import certificate_from_json, open_jws
from tests.registration.builders import ANN, FILINGS, OFFICER, distinctive, filing, person, uscc
from tests.registration.kind_builders import (
    branch,
    cooperative,
    general_partnership,
    individual_business,
    joint_stock_company,
    limited_partnership,
    partner,
    sole_proprietorship,
)
from tests.registration.test_rules import outcomes
from tests.support.service import ServiceUnderTest

ENTERPRISES = "/registration/v1/enterprises"


async def registered(registration: ServiceUnderTest, body: dict[str, Any]) -> dict[str, Any]:
    """What the register says of an enterprise after a sound filing, to the registrar."""
    out = (await registration.post(FILINGS, body, ANN)).json()
    assert out["status"] == "approved", out["findings"]
    answer = await registration.get(f"{ENTERPRISES}/{out['uscc']}", OFFICER)
    entry: dict[str, Any] = answer.json()
    return entry


async def face(registration: ServiceUnderTest, code: str) -> dict[str, Any]:
    """What the licence says."""
    licence = (await registration.get(f"{ENTERPRISES}/{code}/licence", OFFICER)).json()
    return dict(certificate_from_json(open_jws(licence["jws"]).payload).face)


@pytest.mark.parametrize(
    ("body", "begins", "shown"),
    [
        (
            filing,
            "91",
            {
                "kind": "有限责任公司",
                "legal_representative_title": "法定代表人",
                "registered_capital_title": "注册资本",
            },
        ),
        (joint_stock_company, "91", {"kind": "股份有限公司", "registered_capital_title": "注册资本"}),
        (
            general_partnership,
            "91",
            {
                "kind": "普通合伙企业",
                "legal_representative_title": "执行事务合伙人",
                "domicile_title": "主要经营场所",
                "registered_capital_title": "出资额",
            },
        ),
        (
            limited_partnership,
            "91",
            {"kind": "有限合伙企业", "legal_representative": "运城市盐湖投资有限公司（委派代表：王委派）"},
        ),
        (
            sole_proprietorship,
            "91",
            {"legal_representative_title": "投资人", "registered_capital_title": "出资额"},
        ),
        (
            individual_business,
            "92",
            {
                "kind": "个体工商户（家庭经营）",
                "legal_representative_title": "经营者",
                "registered_capital_title": None,
            },
        ),
        (cooperative, "93", {"kind": "农民专业合作社", "registered_capital_title": "成员出资总额"}),
    ],
)
async def test_each_kind_is_registered_by_rules_alone_and_its_licence_has_its_words(
    registration: ServiceUnderTest, body: Any, begins: str, shown: dict[str, str | None]
) -> None:
    entry = await registered(registration, body())

    said = await face(registration, entry["uscc"])

    assert entry["uscc"].startswith(begins)
    assert {title: said.get(title) for title in shown} == shown


async def test_the_documents_example_of_a_partnership_is_sound(registration: ServiceUnderTest) -> None:
    example: dict[str, Any] = dict(PARTNERSHIP_EXAMPLE)
    name = example["name"] | {"distinctive": distinctive()}

    entry = await registered(registration, example | {"name": name})

    assert [person["liability"] for person in entry["people"]] == ["unlimited", "limited"]
    assert entry["variant"] == "limited_partnership"


async def test_a_branch_bears_its_enterprises_name_and_the_type_of_its_code(
    registration: ServiceUnderTest,
) -> None:
    parent = await registered(registration, cooperative())

    entry = await registered(registration, branch(parent["uscc"], parent["name"], "虞乡"))
    outside = await registered(registration, branch(uscc(900_002), "运城市盐湖贸易有限公司", "永济"))
    said = await face(registration, entry["uscc"])

    assert (entry["name"], entry["uscc"][:2]) == (f"{parent['name']}虞乡分公司", "93")
    assert (entry["parent_uscc"], entry["registered_capital_fen"]) == (parent["uscc"], None)
    assert (said["legal_representative_title"], said["domicile_title"]) == ("负责人", "经营场所")
    assert outside["parent_name"] == "运城市盐湖贸易有限公司"
    event = await registration.event("cn.tongban.registration.enterprise.registered.v1", entry["uscc"])
    assert (event["data"]["parent_uscc"], event["data"]["enterprise_kind"]) == (parent["uscc"], "branch")


async def test_an_individual_business_without_a_name_is_called_by_its_code(
    registration: ServiceUnderTest,
) -> None:
    entry = await registered(registration, individual_business())

    assert entry["name"] == entry["uscc"]
    assert entry["variant"] == "family_operation"


@pytest.mark.parametrize(
    ("rule", "body", "changes", "outcome"),
    [
        ("items.name", filing, {"name": None}, "fault"),
        ("items.variant", general_partnership, {"variant": None}, "fault"),
        ("items.variant", filing, {"variant": "limited_partnership"}, "fault"),
        ("kind.offered", individual_business, {"variant": "limited_partnership"}, "fault"),
        ("items.registered_capital_fen", individual_business, {"registered_capital_fen": 1}, "fault"),
        ("items.articles", general_partnership, {"articles": None}, "fault"),
        ("items.articles", general_partnership, {"articles": {"adopted_on": "2099-01-01"}}, "fault"),
        ("items.articles", sole_proprietorship, {"articles": {"adopted_on": "2026-01-05"}}, "fault"),
        ("items.articles", cooperative, {}, "passed"),
        ("items.term_until", filing, {"term_until": "2046-01-01"}, "passed"),
        ("items.term_until", filing, {"term_until": "2026-01-01"}, "fault"),
        ("items.term_until", cooperative, {"term_until": "2046-01-01"}, "fault"),
        ("items.residence", sole_proprietorship, {"people": [person("investor")]}, "fault"),
        ("items.beneficial_owners", filing, {"exempt_from_beneficial_owners": False}, "noted"),
        ("items.branch_of", branch, {"branch_of": None}, "fault"),
        ("items.foreign_papers_recipient", filing, {"foreign_invested": True}, "fault"),
        ("branch.parent", branch, {}, "noted"),
        ("name.branch", branch, {"branch_of__ending": "公司"}, "fault"),
        ("people.roles", individual_business, {"variant": "personal_operation"}, "fault"),
        (
            "people.roles",
            joint_stock_company,
            {"people": [person("legal_representative", "director", "shareholder")]},
            "fault",
        ),
        ("people.contributions_paid_in", joint_stock_company, {"people__1__paid_fen": 399_999}, "fault"),
        (
            "people.supervisors_apart",
            joint_stock_company,
            {"people__2__roles": ["supervisor", "manager"]},
            "fault",
        ),
        (
            "people.representative_in_office",
            joint_stock_company,
            {
                "people__1__roles": ["promoter", "director"],
                "people__0__roles": ["promoter", "legal_representative"],
            },
            "fault",
        ),
        ("people.promoters_resident", joint_stock_company, {"people__1__resides_in_china": False}, "passed"),
        (
            "people.promoters_resident",
            joint_stock_company,
            {"people__1__resides_in_china": False, "people__0__resides_in_china": False},
            "fault",
        ),
        (
            "people.roles",
            general_partnership,
            {"people": [partner("executive_partner", 1, 300_000, "general_partner")]},
            "fault",
        ),
        (
            "people.executive_partners",
            limited_partnership,
            {"people__1__roles": ["limited_partner", "executive_partner"]},
            "fault",
        ),
        (
            "people.partners",
            limited_partnership,
            {"people__1__roles": ["limited_partner", "general_partner"]},
            "fault",
        ),
        (
            "people.executive_partners",
            general_partnership,
            {"people__1__roles": ["limited_partner"]},
            "fault",
        ),
        (
            "people.partner_delegates",
            limited_partnership,
            {"people__2__roles": ["beneficial_owner"]},
            "fault",
        ),
        ("people.partner_delegates", limited_partnership, {"people__2__represents": None}, "fault"),
        ("people.contributions_agreed", general_partnership, {"people__1__contribute_by": None}, "fault"),
        ("people.contributions_agreed", general_partnership, {"people__1__contribution_forms": []}, "fault"),
        (
            "people.contribution_forms",
            general_partnership,
            {"people__1__contribution_forms": ["labour"]},
            "passed",
        ),
        (
            "people.contribution_forms",
            limited_partnership,
            {"people__1__contribution_forms": ["labour"]},
            "fault",
        ),
        ("people.contribution_forms", filing, {"people__0__contribution_forms": ["labour"]}, "fault"),
        ("people.contributions", filing, {"people__0__paid_fen": 10_000_001}, "fault"),
        (
            "people.general_partners",
            limited_partnership,
            {"people__0__id_number": "12140881MB9Y000045"},
            "referred",
        ),
        ("people.parties", sole_proprietorship, {"people__0__party": "foreign_organisation"}, "fault"),
        ("people.parties", filing, {"people__0__party": "foreign_organisation"}, "fault"),
    ],
)
async def test_an_item_that_is_missing_or_foreign_to_the_kind_is_told_with_its_article(
    registration: ServiceUnderTest, rule: str, body: Any, changes: dict[str, Any], outcome: str
) -> None:
    made = body(uscc(900_003), "运城市盐湖文化有限公司", distinctive()) if body is branch else body()

    found = await outcomes(registration, changed(made, changes))

    assert found[rule] == outcome, found


def changed(body: dict[str, Any], changes: dict[str, Any]) -> dict[str, Any]:
    """The body with a value at each path; numbers count in lists."""
    for path, value in changes.items():
        *outer, last = path.split("__")
        target: Any = body
        for name in outer:
            target = target[int(name) if name.isdecimal() else name]
        target[last] = value
    return body
