"""Offices and regions: what lies inside, which level is above, who decides what."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.security.deciding import (
    DecisionPoint,
    DelegatedPower,
    NotEmpowered,
    Standing,
    may_decide,
    standing_of,
)
from shared.security.office import WINDOW, Office, OfficeLevel, narrowed, region_covers, span_of, within
from shared.security.principal import Facts, Principal

NOW = datetime(2026, 3, 2, 2, tzinfo=UTC)
OWN, OTHER, ZONE = "11140881MB9Y00091D", "11140881MB9Y00083J", "11140881MB9Y001711"
POINT = DecisionPoint("licensing.signboard", OWN, "140881001")

pairs = st.integers(1, 99).map(lambda n: f"{n:02d}")
threes = st.integers(1, 999).map(lambda n: f"{n:03d}")
villages = st.tuples(pairs, pairs, pairs, threes, threes).map("".join)


def caller(agency: str = OWN, region: str | None = None, *posts: str) -> Principal:
    office = Office(region, frozenset(posts)) if region else None
    return Principal("olga", "portal", frozenset(), "t", 0, facts=Facts(agency=agency, office=office))


def power(**changed: object) -> DelegatedPower:
    stated: dict[str, object] = {
        "delegation_id": "d",
        "item": POINT.item,
        "zone_uscc": ZONE,
        "regions": ("140881001",),
        "valid_from": NOW,
        "valid_until": None,
    }
    return DelegatedPower(**(stated | changed))  # type: ignore[arg-type]


@given(villages, st.sampled_from((2, 4, 6, 9, 12)))
def test_a_region_holds_itself_and_what_begins_like_it_and_sorts_between_its_bounds(
    code: str, digits: int
) -> None:
    region = code[:digits].ljust(max(6, digits), "0")

    first, end = span_of(region)

    assert region_covers(region, code)
    assert first <= code < end
    assert Office(region).covers(region)


@given(villages, villages, st.sampled_from((2, 4, 6, 9, 12)))
def test_the_bounds_hold_nothing_else(code: str, other: str, digits: int) -> None:
    region = code[:digits].ljust(max(6, digits), "0")

    first, end = span_of(region)

    assert (first <= other < end) is region_covers(region, other)


@given(villages)
def test_the_record_of_a_whole_region_lies_in_no_office_below_it(code: str) -> None:
    county = code[:6]

    assert not within(Office(code[:9]), county)
    assert not within(Office(code), code[:9])
    assert within(Office(county), county)
    assert within(None, county)


@pytest.mark.parametrize(
    ("office", "left"),
    [
        (None, ("140881001", "140881002")),
        (Office("140881"), ("140881001", "140881002")),
        (Office("140881002"), ("140881002",)),
        (Office("140881002003"), ("140881002003",)),
        (Office("140882"), ()),
    ],
)
def test_regions_are_narrowed_to_what_an_office_covers(office: Office | None, left: tuple[str, ...]) -> None:
    assert narrowed(("140881001", "140881002"), office) == left


def test_each_level_is_at_least_itself_and_those_below() -> None:
    assert OfficeLevel.PROVINCE.is_at_least(OfficeLevel.VILLAGE)
    assert OfficeLevel.COUNTY.is_at_least(OfficeLevel.COUNTY)
    assert not OfficeLevel.TOWN.is_at_least(OfficeLevel.COUNTY)


@pytest.mark.parametrize(
    ("who", "standing"),
    [
        (power(), Standing.RUNNING),
        (power(valid_from=NOW + timedelta(seconds=1)), Standing.NONE),
        (power(valid_until=NOW + timedelta(seconds=1)), Standing.RUNNING),
        (power(valid_until=NOW), Standing.ENDED),
        (power(withdrawn_at=NOW), Standing.ENDED),
        (power(regions=("140881002",)), Standing.NONE),
        (power(item="licensing.fire_check"), Standing.NONE),
    ],
)
def test_a_delegated_power_holds_for_its_item_in_its_region_and_its_time(
    who: DelegatedPower, standing: Standing
) -> None:
    assert standing_of([who], POINT, NOW) is standing


@pytest.mark.parametrize(
    ("who", "decides"),
    [
        (caller(), True),
        (caller(OTHER), False),
        (caller(OWN, "140881"), True),
        (caller(OWN, "140882"), False),
        (caller(OWN, "140881001001"), False),
        (caller(ZONE), True),
        (caller(ZONE, "140881002"), False),
    ],
)
def test_who_decides_where(who: Principal, decides: bool) -> None:
    powers = [power()] if who.agency == ZONE else []

    assert may_decide(who, POINT, powers, NOW) is decides


@pytest.mark.parametrize(
    ("who", "point", "powers"),
    [
        (caller(OWN, "140881001"), POINT, []),
        (caller(OWN, "140881001", WINDOW), POINT, []),
        (caller(OTHER, "140881", WINDOW), POINT, []),
        (caller(ZONE), POINT, [power(withdrawn_at=NOW)]),
    ],
)
def test_who_knows_of_a_case_and_may_not_decide_is_told_why(
    who: Principal, point: DecisionPoint, powers: list[DelegatedPower]
) -> None:
    with pytest.raises(NotEmpowered):
        may_decide(who, point, powers, NOW)
