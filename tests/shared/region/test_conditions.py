"""Conditions are decided by the answers alone."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter

from shared.region import Answer, AnswerMissing, AnswerOfWrongType, Condition, evaluate

CONDITION: TypeAdapter[Condition] = TypeAdapter(Condition)
SELLS = {"answer": "sells_tobacco", "is": True}
LARGE = {"answer": "floor_area_m2", "at_least": 50}
SMALL = {"answer": "floor_area_m2", "at_most": 49}


def condition(tree: dict[str, object]) -> Condition:
    return CONDITION.validate_json(json.dumps(tree))


@pytest.mark.parametrize(
    ("tree", "answers", "expected"),
    [
        (SELLS, {"sells_tobacco": True}, True),
        (SELLS, {"sells_tobacco": False}, False),
        ({"answer": "sells_tobacco", "is": False}, {"sells_tobacco": False}, True),
        (LARGE, {"floor_area_m2": 49}, False),
        (LARGE, {"floor_area_m2": 50}, True),
        (SMALL, {"floor_area_m2": 49}, True),
        (SMALL, {"floor_area_m2": 50}, False),
        ({"any": [SELLS, LARGE]}, {"sells_tobacco": False, "floor_area_m2": 180}, True),
        ({"any": [SELLS, LARGE]}, {"sells_tobacco": False, "floor_area_m2": 10}, False),
        ({"all": [SELLS, LARGE]}, {"sells_tobacco": True, "floor_area_m2": 10}, False),
        ({"all": [SELLS, {"not": SMALL}]}, {"sells_tobacco": True, "floor_area_m2": 50}, True),
    ],
)
def test_a_condition_is_decided_by_the_answers(
    tree: dict[str, object], answers: dict[str, Answer], expected: bool
) -> None:
    assert evaluate(condition(tree), answers) is expected


@given(area=st.integers(-(10**9), 10**9), bound=st.integers(-(10**9), 10**9))
def test_at_least_is_the_opposite_of_at_most_one_less(area: int, bound: int) -> None:
    at_least = condition({"answer": "area", "at_least": bound})
    at_most = condition({"not": {"answer": "area", "at_most": max(bound - 1, -(10**9))}})

    if bound > -(10**9):
        assert evaluate(at_least, {"area": area}) is evaluate(at_most, {"area": area})
    assert evaluate(at_least, {"area": area}) is (area >= bound)


def test_a_missing_answer_is_named() -> None:
    with pytest.raises(AnswerMissing) as refusal:
        evaluate(condition({"all": [SELLS, LARGE]}), {"sells_tobacco": True})

    assert refusal.value.question == "floor_area_m2"


@pytest.mark.parametrize(("tree", "answer"), [(SELLS, 1), (LARGE, True)])
def test_an_answer_of_another_type_is_never_taken_for_the_right_one(
    tree: dict[str, object], answer: Answer
) -> None:
    with pytest.raises(AnswerOfWrongType):
        evaluate(condition(tree), {str(tree["answer"]): answer})
