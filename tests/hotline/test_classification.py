"""Which unit a request goes to by its words, and what is no ticket at all."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.hotline.domain.classification import UNCLASSIFIED, classify
from services.hotline.domain.desk import Category, DeskRules
from services.hotline.domain.emergency import EmergencyTransfer, refuse_emergency
from tests.hotline.steps import CENTRE, ECOLOGY, HOUSING, QUESTION, TAX

A, B = "11140881MB9Y000405", "11140881MB9Y00120Q"
TREE = {
    c.key: c
    for c in (
        Category("root", ("root",), A, ()),
        Category("permits", ("permits", "root"), A, ("许可证", "告知单")),
        Category("drains", ("drains", "permits", "root"), B, ("排水许可", "排水")),
        Category("fund", ("fund", "root"), A, ("公积金",)),
        Category("fund_at_work", ("fund_at_work", "root"), B, ("单位公积金",)),
        Category("tie", ("tie",), B, ("发票",)),
        Category("knot", ("knot",), A, ("税务",)),
    )
}


@pytest.mark.parametrize(
    ("content", "named", "category", "confidence", "words", "rival"),
    [
        ("没有一个词", None, None, "0.000", (), None),
        ("告知单", None, "permits", "0.750", ("告知单",), None),
        ("排水", None, "drains", "0.667", ("排水",), None),
        ("告知单上的排水许可", None, "drains", "0.875", ("排水许可", "告知单"), None),
        ("单位公积金", None, "fund_at_work", "0.833", ("单位公积金",), None),
        ("单位公积金和公积金", None, "fund_at_work", "0.521", ("单位公积金",), "fund"),
        ("发票税务", None, "tie", "0.333", ("发票",), "knot"),
        ("没有一个词", "knot", "knot", "0.750", (), None),
        ("发票", "knot", "knot", "0.450", (), "tie"),
        ("排水排水排水", None, "drains", "0.667", ("排水",), None),
    ],
)
def test_a_request_is_classified_by_its_words(
    content: str,
    named: str | None,
    category: str | None,
    confidence: str,
    words: tuple[str, ...],
    rival: str | None,
) -> None:
    found = classify(content, TREE, named)

    assert (found.category, found.confidence, found.words, found.rival) == (
        category,
        Decimal(confidence),
        words,
        rival,
    )


@pytest.mark.parametrize(
    ("content", "named", "category", "agency"),
    [
        (QUESTION, None, "drainage_permit", HOUSING),
        (QUESTION, "business_registration", "drainage_permit", HOUSING),
        ("楼下烧烤店噪音扰民", None, "noise", ECOLOGY),
        ("发票怎么领用", None, "invoices", TAX),
    ],
)
def test_yongji_knows_whose_duty_it_is(
    rules: DeskRules, content: str, named: str | None, category: str, agency: str
) -> None:
    found = classify(content, rules.categories, named)

    assert found.category == category
    assert found.confidence >= rules.automatic_from
    assert rules.categories[category].agency_uscc == agency


def test_what_no_category_fits_is_left_to_the_fallback_unit(rules: DeskRules) -> None:
    assert rules.categories[rules.unowned_category].key == "other"
    assert rules.categories["other"].agency_uscc == CENTRE


@given(st.text(alphabet="告知单排水许可证单位公积金发票税务，x", max_size=60))
def test_confidence_is_bounded_and_words_are_really_there(content: str) -> None:
    found = classify(content, TREE)

    assert Decimal(0) <= found.confidence < 1
    assert all(word in content for word in found.words)
    assert (found == UNCLASSIFIED) == (found.category is None)
    assert classify(content, TREE) == found


def test_a_long_request_of_one_word_is_read_in_reasonable_time() -> None:
    found = classify("排水许可" * 1250, TREE)

    assert found.words == ("排水许可",)


@pytest.mark.parametrize(
    ("content", "lines"),
    [
        ("有人持刀", ("110",)),
        ("楼上着火了，还有人昏迷", ("119", "120")),
        ("门口发生车祸", ("122",)),
    ],
)
def test_present_danger_is_told_the_lines_to_call(
    rules: DeskRules, content: str, lines: tuple[str, ...]
) -> None:
    with pytest.raises(EmergencyTransfer) as refused:
        refuse_emergency(content, rules.emergency_lines)

    assert refused.value.lines == lines


@pytest.mark.parametrize("content", [QUESTION, "办理消防检查手续", "报警器质量问题"])
def test_ordinary_requests_are_no_emergency(rules: DeskRules, content: str) -> None:
    refuse_emergency(content, rules.emergency_lines)


def test_only_the_lines_of_the_region_take_transfers() -> None:
    refuse_emergency("有人持刀", ("119",))
