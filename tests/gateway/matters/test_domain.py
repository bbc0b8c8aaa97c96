"""Rules without a database: life cycles, the filing's parts, pointers back to the form."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.matters.domain.establishment_request import establishment_request
from gateway.matters.domain.filing_request import (
    ADDRESS,
    CAPITAL,
    KIND,
    NAME,
    PHONE,
    SCOPE,
    FilingForm,
    RegisterVocabulary,
)
from gateway.matters.domain.life_cycles import (
    MATTER_TRANSITIONS,
    STEP_TRANSITIONS,
    TASK_TRANSITIONS,
    ActionNotAllowed,
    MatterAction,
    MatterState,
    StepAction,
    StepState,
    TaskAction,
    TaskState,
    next_matter_state,
    next_step_state,
    next_task_state,
)
from gateway.matters.domain.model import Receivable, Title
from gateway.matters.domain.progress import form_pointer
from gateway.matters.domain.shared_facts import Openness, facts_for

WORDS = RegisterVocabulary(
    region_name="永济市",
    region_prefixes=("永济市", "永济", "山西省"),
    trade_words=("餐饮", "餐饮管理"),
    organisation_forms=("有限公司", "有限责任公司"),
    towns={"城西街道": "140881001", "城东街道": "140881003"},
)
FIELDS = {NAME: "a", KIND: "b", ADDRESS: "c", SCOPE: "d", CAPITAL: "e", PHONE: "f"}


def _form(**changes: object) -> FilingForm:
    values = {
        "a": "永济市蒲津餐饮管理有限责任公司",
        "b": "individual_business",
        "c": "山西省永济市城东街道1号",
        "d": ["H6210-01"],
        "e": 100,
        "f": "13900000001",
        "g": [{"role": "operator", "name": "张三", "id_number": "1"}],
    }
    return FilingForm(values | changes, FIELDS, "g")


def test_every_move_outside_the_tables_is_refused() -> None:
    for state, action in itertools.product(MatterState, MatterAction):
        if (state, action) not in MATTER_TRANSITIONS:
            with pytest.raises(ActionNotAllowed):
                next_matter_state(state, action)
    for step_state, step_action in itertools.product(StepState, StepAction):
        if (step_state, step_action) not in STEP_TRANSITIONS:
            with pytest.raises(ActionNotAllowed):
                next_step_state(step_state, step_action)
    for task_state, task_action in itertools.product(TaskState, TaskAction):
        if (task_state, task_action) not in TASK_TRANSITIONS:
            with pytest.raises(ActionNotAllowed):
                next_task_state(task_state, task_action)


def test_nothing_leads_out_of_an_end() -> None:
    ends = {MatterState.COMPLETED, MatterState.WITHDRAWN, TaskState.COMPLETED, StepState.COMPLETED}

    moves = (*MATTER_TRANSITIONS, *STEP_TRANSITIONS, *TASK_TRANSITIONS)

    assert not {state for state, _ in moves} & ends


def test_a_name_is_taken_apart_at_its_longest_known_words() -> None:
    body, _, findings = establishment_request(_form(), WORDS, "m")

    assert findings == ()
    assert body["name"] == {
        "division": "永济市",
        "distinctive": "蒲津",
        "trade": "餐饮管理",
        "form": "有限责任公司",
    }
    assert body["domicile"]["division_code"] == "140881003"
    assert body["people"] == [
        {"roles": ["operator"], "name": "张三", "id_number": "1", "phone": "13900000001"}
    ]


@given(st.text(st.characters(min_codepoint=0x4E00, max_codepoint=0x9FA5), min_size=1, max_size=20))
def test_the_parts_of_a_name_make_the_name(trade_name: str) -> None:
    whole = f"永济市{trade_name}餐饮有限公司"

    body, _, findings = establishment_request(_form(a=whole), WORDS, "m")

    assert "".join(body["name"].values()) == whole
    assert findings == () or body["name"]["distinctive"] == ""


@given(st.text(max_size=60), st.text(max_size=60))
def test_what_cannot_be_read_is_found_and_never_filed_as_something_else(name: str, address: str) -> None:
    body, _, findings = establishment_request(_form(a=name, c=address), WORDS, "m")

    assert bool(findings) is not (all(body["name"].values()) and all(body["domicile"].values()))


def test_a_pointer_leads_back_by_the_longest_place() -> None:
    places = (("/people", "/form/g"), ("/people/1", "/form/g/2"), ("/name", "/form/a"))

    assert form_pointer("/people/1/phone", places) == "/form/g/2/phone"
    assert form_pointer("/people/10/phone", places) == "/form/g/10/phone"
    assert form_pointer("/people", places) == "/form/g"
    assert form_pointer("/names", places) == "/form"
    assert form_pointer("", places) == "/form"


def test_a_protected_fact_without_grant_has_no_value() -> None:
    title = Title("", "")
    receives = (
        Receivable("x", title, "r.x"),
        Receivable("y", title, "r.y"),
        Receivable("own", title, None),
    )

    facts = facts_for(
        receives,
        form={"own": 1, "x": "secret"},
        known={"r.y": "shown"},
        openness={"r.x": Openness.PERSONAL, "r.y": Openness.SHARED},
        granted={"r.y"},
    )

    assert [(fact.key, fact.value, fact.is_withheld) for fact in facts] == [
        ("x", None, True),
        ("y", "shown", False),
        ("own", 1, False),
    ]
