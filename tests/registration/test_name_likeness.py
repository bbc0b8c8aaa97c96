"""When two names are alike: the stated measure, and what the register makes of it."""

from datetime import date, timedelta
from decimal import Decimal
from itertools import groupby
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.registration.api.region import registry_policy
from services.registration.domain.name_conflicts import conflict_results, conflicts_of
from services.registration.domain.name_likeness import Likeness, likeness, marks, shared_pairs
from services.registration.domain.name_sounds import sounds_of
from services.registration.domain.name_terms import freed_on
from services.registration.domain.name_variants import STANDARD_FORMS, standard_form
from services.registration.domain.names import NameKeys, claim_marks, compared_marks, name_key
from services.registration.domain.rule import Outcome
from shared.calendar import Limit, LimitUnit, add_months
from shared.region import load_region_pack

POLICY = registry_policy(load_region_pack(Path(__file__).parents[2] / "deploy" / "regions" / "yongji")).names
FROM = POLICY.likeness.similar_from
# Few characters, so that parts often have some in common; 鸿宏红 and 发法 sound the same.
parts = st.text("鸿宏红发法蒲津渡口湾大", min_size=1, max_size=8)


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("蒲津渡", "蒲津渡", Likeness.IDENTICAL),
        ("蒲津渡", "津蒲渡", Likeness.REORDERED),
        ("鸿发", "宏发", Likeness.SAME_SOUND),
        ("鑫源", "欣源", Likeness.SAME_SOUND),
        ("晟达", "盛达", Likeness.SAME_SOUND),
        ("蒲津", "蒲津渡", Likeness.CONTAINED),
        ("津渡", "蒲津渡口", Likeness.CONTAINED),
        ("蒲津渡", "蒲津湾", Likeness.ONE_APART),
        ("蒲津渡", "蒲河渡", Likeness.ONE_APART),
        ("蒲津", "蒲湾", None),
        ("蒲津渡口", "大蒲津渡", Likeness.SIMILAR),
        ("蒲津渡", "鹳雀楼", None),
        ("渡", "蒲津渡", None),
        ("", "", Likeness.IDENTICAL),
        ("", "蒲津", None),
    ],
)
def test_the_measure_names_what_two_parts_have_in_common_and_a_mark_finds_it(
    one: str, other: str, expected: Likeness | None
) -> None:
    assert likeness(one, other, FROM) is expected
    assert expected in (None, Likeness.IDENTICAL) or set(marks(one)) & set(marks(other))


@given(parts, parts)
def test_the_measure_is_the_same_in_both_directions(one: str, other: str) -> None:
    assert likeness(one, other, FROM) is likeness(other, one, FROM)
    assert 0 <= shared_pairs(one, other) <= 1


@given(parts, parts)
def test_only_the_same_part_is_identical(one: str, other: str) -> None:
    assert (likeness(one, other, FROM) is Likeness.IDENTICAL) is (one == other)


@given(parts, parts)
def test_whatever_is_alike_is_found_by_a_mark(one: str, other: str) -> None:
    found = likeness(one, other, FROM)

    assert found in (None, Likeness.IDENTICAL) or set(marks(one)) & set(marks(other))


@given(parts.filter(lambda part: len(part) > 1), st.sampled_from(sorted(POLICY.trades)))
def test_a_held_name_is_found_by_itself_from_its_trade_and_from_none(part: str, trade: str) -> None:
    held = claim_marks(NameKeys("", part, trade))

    assert set(compared_marks(NameKeys("x", part, trade), POLICY)) >= set(held)
    assert set(compared_marks(NameKeys("x", part, trade), POLICY)) >= set(claim_marks(NameKeys("", part, "")))


@pytest.mark.parametrize(
    ("proposed", "held", "outcomes"),
    [
        (("蒲津渡", "餐饮"), ("蒲津渡", "餐饮"), {"name.alike": "fault"}),
        (("蒲津渡", "餐饮"), ("蒲津渡", ""), {"name.alike": "fault"}),
        (("蒲津渡", "餐饮"), ("蒲津渡", "饭店"), {"name.alike": "referred"}),
        (("蒲津渡", "餐饮"), ("蒲津渡", "便利店"), {}),
        (("鸿发", "餐饮"), ("宏发", "餐饮"), {"name.resembling": "referred"}),
        (("鸿发", "餐饮"), ("宏发", "饭店"), {"name.resembling": "noted"}),
        (("鸿发", "餐饮"), ("宏发", "便利店"), {}),
        (("蒲津渡", "餐饮"), ("津蒲渡", "餐饮"), {"name.resembling": "referred"}),
        (("蒲津渡", "餐饮"), ("蒲津", "餐饮"), {"name.resembling": "noted"}),
        (("蒲津渡", "餐饮"), ("蒲津", "饭店"), {}),
        (("蒲津渡", "餐饮"), ("蒲津湾", "餐饮"), {"name.resembling": "noted"}),
    ],
)
def test_what_follows_hangs_on_the_likeness_and_the_trade(
    proposed: tuple[str, str], held: tuple[str, str], outcomes: dict[str, str]
) -> None:
    conflicts = conflicts_of(NameKeys("one", *proposed), [NameKeys("other", *held)], POLICY)

    results = conflict_results(conflicts, POLICY.likeness)

    assert {r.rule: r.outcome.value for r in results if r.outcome is not Outcome.PASSED} == outcomes


def test_both_what_is_looked_at_and_what_is_told_are_named() -> None:
    held = [NameKeys("a", "津蒲渡", "餐饮"), NameKeys("b", "蒲津湾", "餐饮")]

    results = list(
        conflict_results(conflicts_of(NameKeys("x", "蒲津渡", "餐饮"), held, POLICY), POLICY.likeness)
    )

    told = [(r.outcome.value, r.text_en.split("(")[1].split(")")[0]) for r in results[2:]]
    assert told == [
        ("referred", "the same characters in another order"),
        ("noted", "one character apart"),
    ]


@given(st.text(sorted(STANDARD_FORMS), min_size=1, max_size=10))
def test_a_name_in_traditional_characters_is_the_same_name(text: str) -> None:
    assert name_key(text) == name_key(standard_form(text)) == standard_form(text)


def test_standard_forms_are_standard() -> None:
    assert not set(STANDARD_FORMS) & set(STANDARD_FORMS.values())
    assert all(len(old) == len(new) == 1 for old, new in STANDARD_FORMS.items())


def test_every_character_of_the_first_level_has_a_sound_in_the_standards_order() -> None:
    level = [
        bytes([row, cell]).decode("gb2312", "ignore")
        for row in range(0xB0, 0xD8)
        for cell in range(0xA1, 0xFF)
    ]
    characters = [character for character in level if character]

    sounds = [sounds_of(character) for character in characters]

    assert len(characters) == 3_755
    assert len(list(groupby(sounds))) == len(set(sounds)) == 396
    assert all(sounds_of(sound) == sound for sound in sounds)


@pytest.mark.parametrize(
    ("gone_on", "first_free_day"),
    [
        (date(2025, 11, 21), date(2026, 11, 21)),
        (date(2024, 12, 31), date(2025, 12, 31)),
        (date(2024, 2, 29), date(2025, 3, 1)),
        (date(2023, 2, 28), date(2024, 2, 28)),
    ],
)
def test_a_name_given_up_is_free_from_the_day_on_which_a_year_is_full(
    gone_on: date, first_free_day: date
) -> None:
    year = Limit(Decimal(1), LimitUnit.YEAR)

    assert gone_on <= freed_on(first_free_day, year)
    assert gone_on > freed_on(first_free_day - timedelta(days=1), year)


@given(st.dates(date(2001, 1, 1), date(2090, 12, 31)), st.integers(0, 800))
def test_once_free_a_name_stays_free_and_never_is_before_its_year(gone_on: date, later: int) -> None:
    year = Limit(Decimal(1), LimitUnit.YEAR)
    day = gone_on + timedelta(days=later)

    is_free = gone_on <= freed_on(day, year)

    assert not is_free or day >= add_months(gone_on, 12)
    assert not is_free or gone_on <= freed_on(day + timedelta(days=1), year)
