"""Who may be behind an enterprise: contributions at their edges, investors, bars that are told without their cause."""

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.registration.domain.branch_rules import CONSENT as OF_PARENT
from services.registration.domain.contribution_rules import last_day_to_pay
from services.registration.domain.establishment_policy import RegistrationMode
from services.registration.domain.investor_rules import CONSENT as OF_INVESTORS
from services.registration.domain.party_rules import fewest_farmers, most_organisations
from services.registration.domain.review import settled_by_mode, verdict
from services.registration.domain.rule import Outcome, referred
from shared.calendar import add_months, local_date
from shared.clock import system_clock
from tests.registration.builders import (
    ANN,
    BOB,
    FILINGS,
    OFFICER,
    OTHER_OFFICER,
    TAX,
    filing,
    id_number,
    person,
    uscc,
)
from tests.registration.kind_builders import (
    RESIDENCE,
    branch,
    cooperative,
    cooperative_union,
    general_partnership,
    individual_business,
    limited_partnership,
    organisation,
    partner,
)
from tests.registration.test_rules import outcomes
from tests.support.identities import enterprise_token
from tests.support.service import ServiceUnderTest

BARS = "/registration/v1/person-bars"
DAYS = st.dates(date(2024, 7, 1), date(2100, 12, 31))


def barred(serial: int, kind: str, since: str, **more: Any) -> dict[str, Any]:
    """A bar as a court tells of it."""
    about = {
        "basis": "人民法院生效文书",
        "decided_by": "永济市人民法院",
        "document_no": "（2026）晋0881执12号",
    }
    return {"id_number": id_number(serial), "kind": kind, "since": since} | about | more


@given(DAYS)
def test_five_years_to_pay_end_on_the_day_of_the_month_or_the_last_of_it(established: date) -> None:
    last = last_day_to_pay(established)

    assert (last.year, last.month) == (established.year + 5, established.month)
    assert last.day == established.day or (established.month, established.day, last.day) == (2, 29, 28)


@given(st.integers(5, 500))
def test_of_a_cooperatives_members_one_or_one_in_twenty_may_be_organisations(members: int) -> None:
    most = most_organisations(members)

    assert most == 1 if members <= 20 else most * 20 <= members < (most + 1) * 20


@pytest.mark.parametrize(("days", "outcome"), [(0, "passed"), (1, "fault")])
async def test_a_limited_company_is_paid_within_five_years(
    registration: ServiceUnderTest, days: int, outcome: str
) -> None:
    today = local_date(system_clock())
    by = (last_day_to_pay(today) + timedelta(days=days)).isoformat()
    owner = person("legal_representative", "shareholder") | {"contribute_by": by}

    open_ = await outcomes(registration, filing(people=[owner]))
    paid = await outcomes(registration, filing(people=[owner | {"paid_fen": 10_000_000}]))

    assert open_["people.contribution_term"] == outcome
    assert paid["people.contribution_term"] == "passed"


@pytest.mark.parametrize(
    ("count", "limited", "outcome"), [(1, 1, "passed"), (1, 49, "passed"), (2, 49, "fault"), (50, 1, "fault")]
)
async def test_a_limited_partnership_has_two_to_fifty_partners(
    registration: ServiceUnderTest, count: int, limited: int, outcome: str
) -> None:
    partners = [
        partner("general_partner", serial, 100, *(["executive_partner"] if serial == 1 else []))
        for serial in range(1, count + 1)
    ]
    partners += [partner("limited_partner", count + serial, 100) for serial in range(1, limited + 1)]
    body = limited_partnership(people=partners, registered_capital_fen=100 * (count + limited))

    found = await outcomes(registration, body)

    worst = max((found["people.partners"], found["people.roles"]), key=["passed", "fault"].index)
    assert worst == outcome


async def test_an_enterprise_that_invests_is_in_business_and_named_as_registered(
    registration: ServiceUnderTest,
) -> None:
    parent = (await registration.post(FILINGS, filing(), ANN)).json()
    owner = person("shareholder") | organisation(parent["uscc"], parent["name"])
    manager = person("legal_representative", serial=2, subscribed_fen=None)
    body = {"people": [owner, manager], "exempt_from_beneficial_owners": False}

    sound = await outcomes(registration, filing(**body))
    misnamed = await outcomes(
        registration, filing(**body | {"people": [owner | {"name": "别的名称"}, manager]})
    )
    unsound = await outcomes(
        registration, filing(**body | {"people": [owner | {"id_number": uscc(7)[:-1] + "0"}, manager]})
    )
    await registration.rows_changed(
        "UPDATE enterprise SET state = 'revoked' WHERE uscc = :u", u=parent["uscc"]
    )
    gone = await outcomes(registration, filing(**body))
    of_gone = await outcomes(registration, branch(parent["uscc"], parent["name"], "虞乡"))

    assert (sound["people.investors_in_business"], sound["items.beneficial_owners"]) == ("passed", "fault")
    assert misnamed["people.investors_in_business"] == "fault"
    assert unsound["people.identity_numbers"] == "fault"
    assert gone["people.investors_in_business"] == "fault"
    assert of_gone["branch.parent"] == "fault"


async def test_nobody_invests_or_branches_out_for_a_strangers_enterprise_without_a_registrar(
    registration: ServiceUnderTest,
) -> None:
    parent = (await registration.post(FILINGS, filing(), ANN)).json()
    owner = person("shareholder") | organisation(parent["uscc"], parent["name"])
    others = [
        person("legal_representative", serial=2, subscribed_fen=None),
        person("beneficial_owner", serial=3, subscribed_fen=None),
    ]
    owned = {"people": [owner, *others], "exempt_from_beneficial_owners": False}
    own = enterprise_token(parent["uscc"], "abe", "registration.filing.submit")

    async def filed(body: dict[str, Any], token: str) -> tuple[str, set[str]]:
        told = (await registration.post(FILINGS, body, token)).json()
        return told["status"], {f["rule"] for f in told["findings"] if f["outcome"] == "referred"}

    assert await filed(filing(**owned), BOB) == ("under_review", {"people.investors_consent"})
    of_bob = branch(parent["uscc"], parent["name"], "虞乡")
    assert await filed(of_bob, BOB) == ("under_review", {"branch.parent_consent"})
    assert await filed(filing(**owned), ANN) == ("approved", set())
    of_its_own = branch(parent["uscc"], parent["name"], "栲栳")
    assert await filed(of_its_own, own) == ("approved", set())


@pytest.mark.parametrize("mode", list(RegistrationMode))
def test_a_strangers_enterprise_is_a_registrars_to_ask_in_every_way_of_deciding(
    mode: RegistrationMode,
) -> None:
    results = [referred(rule, "/people/0", "核实", "a registrar looks") for rule in (OF_INVESTORS, OF_PARENT)]

    settled = settled_by_mode(results, mode, is_committed=True)

    assert verdict(settled) is Outcome.REFERRED
    assert [result.outcome for result in settled[:2]] == [Outcome.REFERRED] * 2


async def test_a_foreigner_is_barred_by_the_number_of_the_paper(registration: ServiceUnderTest) -> None:
    foreigner = person("legal_representative", "shareholder") | {
        "party": "foreign_person",
        "id_number": "E98765432",
    }
    bar = barred(1, "debt", "2026-01-05") | {"id_number": "E98765432"}

    as_citizen = await registration.post(BARS, bar, OFFICER)
    entered = await registration.post(BARS, bar | {"party": "foreign_person"}, OFFICER)
    found = await outcomes(registration, filing(people=[foreigner]))

    assert (as_citizen.status_code, entered.status_code) == (400, 201), entered.text
    assert found["people.bar_debt"] == "fault"


@pytest.mark.parametrize(
    ("kind", "rule"),
    [
        ("incapacity", "people.bar_incapacity"),
        ("crime", "people.bar_crime"),
        ("bankruptcy", "people.bar_bankruptcy"),
        ("revoked_or_closed", "people.bar_revoked_or_closed"),
        ("debt", "people.bar_debt"),
        ("false_registration", "people.bar_false_registration"),
    ],
)
async def test_a_barred_person_stands_for_no_company_and_nobody_is_told_why(
    registration: ServiceUnderTest, kind: str, rule: str
) -> None:
    serial = 400 + len(kind)
    entered = await registration.post(BARS, barred(serial, kind, "2026-01-05"), OFFICER)
    body = filing(people=[person("legal_representative", "shareholder", serial=serial)])
    company = (await registration.post(FILINGS, body, ANN)).json()
    partners = [
        partner("executive_partner", serial, 100_000, "general_partner"),
        partner("general_partner", serial + 50, 200_000),
    ]
    partnership = await outcomes(registration, general_partnership(people=partners))
    await registration.post(f"{BARS}/{entered.json()['id']}/lifting", {"why": "已解除"}, OFFICER)
    again = await outcomes(registration, filing(people=body["people"]))

    [told] = [f for f in company["findings"] if f["rule"] == rule]
    assert (told["outcome"], told["pointer"]) == ("fault", "/people/0")
    assert "2026" not in told["text_zh"] + told["text_en"] and "法院" not in told["text_zh"]
    assert (rule in partnership) is (kind == "false_registration")
    assert rule not in again


async def test_a_bar_lasts_as_long_as_the_law_says_to_its_last_day(registration: ServiceUnderTest) -> None:
    today = local_date(system_clock())
    last = add_months(today, -36)
    lasting, over = (last, last - timedelta(days=1))

    for serial, since in ((440, lasting), (441, over)):
        entered = await registration.post(BARS, barred(serial, "bankruptcy", since.isoformat()), OFFICER)
        assert entered.json()["until"] == add_months(since, 36).isoformat()
    found = [
        await outcomes(
            registration, filing(people=[person("legal_representative", "shareholder", serial=serial)])
        )
        for serial in (440, 441)
    ]

    assert ["people.bar_bankruptcy" in each for each in found] == [True, False]


async def test_bars_are_the_registrars_alone_and_keep_no_identity_number(
    registration: ServiceUnderTest,
) -> None:
    refused = await registration.post(BARS, barred(450, "debt", "2026-01-05"), OTHER_OFFICER)
    entered = await registration.post(BARS, barred(450, "debt", "2026-01-05"), OFFICER)
    listed = await registration.get(BARS, OFFICER)
    hidden = await registration.get(BARS, OTHER_OFFICER)
    twice = [
        await registration.post(f"{BARS}/{entered.json()['id']}/lifting", {"why": "已履行"}, OFFICER)
        for _ in range(2)
    ]

    assert (refused.status_code, hidden.status_code) == (403, 403)
    assert entered.json()["id"] in {bar["id"] for bar in listed.json()["entries"]}
    [kept] = await registration.rows("SELECT * FROM person_bar WHERE id = :i", i=entered.json()["id"])
    assert id_number(450) not in str(kept) and id_number(450) not in listed.text
    assert [answer.status_code for answer in twice] == [200, 409]


@pytest.mark.parametrize(("ago", "outcome"), [("1 year", "referred"), ("37 months", None)])
async def test_who_stood_for_a_closed_enterprise_is_looked_at_for_three_years(
    registration: ServiceUnderTest, ago: str, outcome: str | None
) -> None:
    serial = 460 + len(ago)
    head = [person("legal_representative", "shareholder", serial=serial)]
    closed = (await registration.post(FILINGS, filing(people=head), ANN)).json()
    await registration.rows_changed(
        "INSERT INTO register_change (uscc, version, act, at) VALUES (:u, 2, 'licence_revoked',"
        " now() - CAST(CAST(:ago AS text) AS interval))",
        u=closed["uscc"],
        ago=ago,
    )

    found = await outcomes(registration, filing(people=head))

    assert found.get("people.stood_for_closed") == outcome


@pytest.mark.parametrize(
    ("years", "days", "outcome"),
    [(18, 0, "passed"), (18, 1, "referred"), (16, 0, "referred"), (16, 1, "fault")],
)
async def test_capacity_comes_at_eighteen_and_before_that_by_income(
    registration: ServiceUnderTest, years: int, days: int, outcome: str
) -> None:
    today = local_date(system_clock())
    born = add_months(today, -12 * years) + timedelta(days=days)
    operator = person("operator", subscribed_fen=None) | {
        "residence": RESIDENCE,
        "id_number": id_number(5, f"{born:%Y%m%d}"),
    }

    found = await outcomes(registration, individual_business(people=[operator]))

    assert found.get("people.bar_incapacity", "passed") == outcome


async def test_more_organisations_than_the_law_has_it_make_no_cooperative(
    registration: ServiceUnderTest,
) -> None:
    body = cooperative()
    for serial, member in enumerate(body["people"][3:], start=910_001):
        member |= organisation(uscc(serial), "运城市盐湖果业有限公司")

    found = await outcomes(registration, body)

    assert found["people.cooperative_members"] == "fault"


@given(st.integers(5, 500))
def test_of_a_cooperatives_members_four_in_five_are_farmers(members: int) -> None:
    fewest = fewest_farmers(members)

    assert fewest * 5 >= members * 4 > (fewest - 1) * 5


@pytest.mark.parametrize(("farmers", "outcome"), [(4, "passed"), (3, "fault")])
async def test_four_of_five_members_that_are_farmers_make_a_cooperative(
    registration: ServiceUnderTest, farmers: int, outcome: str
) -> None:
    body = cooperative()
    for member in body["people"][farmers:]:
        member["is_farmer"] = False

    found = await outcomes(registration, body)

    assert found["people.cooperative_farmers"] == outcome


async def test_an_authority_joins_no_cooperative(registration: ServiceUnderTest) -> None:
    body = cooperative()
    body["people"][4] |= organisation(TAX, "永济市税务局") | {"is_farmer": False}

    found = await outcomes(registration, body)

    assert found["people.cooperative_public_bodies"] == "fault"
    assert (found["people.cooperative_members"], found["people.cooperative_farmers"]) == ("passed", "passed")


@pytest.mark.parametrize(("members", "outcome"), [(3, "passed"), (2, "fault")])
async def test_three_cooperatives_make_a_union(
    registration: ServiceUnderTest, members: int, outcome: str
) -> None:
    found = await outcomes(registration, cooperative_union(members))

    assert found["people.cooperative_union_members"] == outcome
    assert not {"people.cooperative_farmers", "people.cooperative_members"} & set(found)
    assert {rule for rule, each in found.items() if each == "fault"} <= {
        "people.cooperative_union_members",
        "people.roles",
    }


async def test_only_a_union_is_called_one(registration: ServiceUnderTest) -> None:
    plain = await outcomes(registration, cooperative(name__form="专业合作社联合社"))
    union = await outcomes(registration, cooperative_union(name__form="专业合作社"))

    assert (plain["name.cooperative_union"], union["name.cooperative_union"]) == ("fault", "fault")
