"""Names taken apart and put together, codes of a block, capital as registers state it."""

from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.registration.api.region import registry_policy
from services.registration.domain.name_terms import freed_on, reserved_until
from services.registration.domain.names import NameParts, keys_of_parts, name_key, split_name
from services.registration.domain.stated_capital import read_capital
from shared.calendar import Limit, LimitUnit
from shared.identifiers import compose_uscc, examine_uscc, organisation_body
from shared.region import load_region_pack

PACK = Path(__file__).parents[2] / "deploy" / "regions" / "yongji"
POLICY = registry_policy(load_region_pack(PACK))
TRADES = sorted(POLICY.names.trades)
# Characters that stand in no region, trade or form, so that a part cannot be taken for its neighbour.
QUIET = "安柏辰德恩飞歌和吉康兰明宁鹏清瑞顺天万祥雅泽"
FORMS = sorted({form for kind in POLICY.kinds.values() for form in kind.forms})

names = st.builds(
    NameParts,
    division=st.sampled_from(POLICY.names.region_prefixes),
    distinctive=st.text(QUIET, min_size=2, max_size=6),
    trade=st.sampled_from(TRADES),
    form=st.sampled_from(FORMS),
)


@given(names)
def test_a_name_taken_apart_compares_as_the_parts_that_it_was_made_of(parts: NameParts) -> None:
    assert split_name(parts.full, POLICY.names) == keys_of_parts(parts, POLICY.names)


@given(names, st.sampled_from(POLICY.names.region_prefixes), st.sampled_from(FORMS))
def test_region_and_form_do_not_tell_names_apart(parts: NameParts, region: str, form: str) -> None:
    other = NameParts(region, parts.distinctive, parts.trade, form)

    one, two = keys_of_parts(parts, POLICY.names), split_name(other.full, POLICY.names)

    assert (one.distinctive, one.trade) == (two.distinctive, two.trade)


@given(st.text(max_size=60))
def test_any_text_has_keys(text: str) -> None:
    keys = split_name(text, POLICY.names)

    assert keys.name == name_key(text)
    assert keys.distinctive in keys.name


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("永济市渡口餐饮有限公司", "永济市　渡口 餐饮有限公司"),
        ("渡口（永济）餐饮有限公司", "渡口(永济)餐饮有限公司"),
        ("永济ＡＢＣ店", "永济abc店"),
    ],
)
def test_width_case_and_brackets_do_not_make_another_name(one: str, other: str) -> None:
    assert name_key(one) == name_key(other)


@given(st.integers(POLICY.codes.first, POLICY.codes.last), st.integers(POLICY.codes.first, POLICY.codes.last))
def test_codes_of_the_block_are_sound_and_each_serial_has_its_own(one: int, other: int) -> None:
    codes = [
        compose_uscc(
            authority="9",
            body_type="1",
            division_code=POLICY.division_code,
            organisation_body=organisation_body(POLICY.codes.prefix, serial),
        )
        for serial in (one, other)
    ]

    assert all(not examine_uscc(code).errors and not examine_uscc(code).warnings for code in codes)
    assert (codes[0] == codes[1]) is (one == other)


@pytest.mark.parametrize(
    ("stated", "fen", "currency"),
    [
        ("50(万元)", 50_000_000, "CNY"),
        ("1,000(万)", 1_000_000_000, "CNY"),
        ("205万人民币", 205_000_000, "CNY"),
        ("52.5万人民币", 52_500_000, "CNY"),
        ("88万人民币元", 88_000_000, "CNY"),
        ("2，000（万元人民币）", 2_000_000_000, "CNY"),
        ("人民币1亿元", 10_000_000_000, "CNY"),
        ("5000", 500_000, "CNY"),
        ("10万元整", 10_000_000, "CNY"),
        ("300(万美元)", None, "USD"),
        ("12万港元", None, "HKD"),
    ],
)
def test_capital_is_read_as_registers_state_it(stated: str, fen: int | None, currency: str) -> None:
    read = read_capital(stated)

    assert read is not None
    assert (read.fen, read.currency) == (fen, currency)


@pytest.mark.parametrize("stated", ["若干", "N/A", "万元", "1.2.3万", "10万法郎", "9" * 40])
def test_capital_that_cannot_be_understood_is_not_guessed(stated: str) -> None:
    assert read_capital(stated) is None


def test_a_reservation_ends_with_its_last_civil_day() -> None:
    now = datetime(2026, 12, 31, 3, tzinfo=UTC)

    until = reserved_until(now, Limit(Decimal(2), LimitUnit.MONTH), date(2026, 12, 31))

    assert until.astimezone(UTC) == datetime(2027, 2, 28, 16, tzinfo=UTC)
    assert freed_on(date(2026, 11, 21), Limit(Decimal(1), LimitUnit.YEAR)) == date(2025, 11, 21)
