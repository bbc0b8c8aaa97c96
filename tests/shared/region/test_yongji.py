"""The pack of Yongji says what the policies say, and is consistent in itself."""

from decimal import Decimal

import pytest
from jsonschema import Draft202012Validator
from pydantic import ValidationError

from shared.calendar import Limit, LimitUnit
from shared.identifiers.uscc import examine_uscc
from shared.region import (
    DivisionStanding,
    FieldClass,
    NotInRegionPack,
    RegionPack,
    load_region_pack,
    typed_fields,
)
from shared.region.__main__ import main
from tests.shared.region.conftest import YONGJI, PackCopy

DEMO_ANSWERS = {
    "floor_area_m2": 180,
    "sells_tobacco": False,
    "discharges_to_sewer": False,
    "is_assembly_place": True,
}


def test_every_agency_has_a_sound_credit_code_of_its_own(yongji: RegionPack) -> None:
    codes = [agency.uscc for agency in yongji.agencies]

    examinations = [examine_uscc(code) for code in codes]

    assert len(set(codes)) == len(codes) == 26
    assert all(not examined.errors and not examined.warnings for examined in examinations)


@pytest.mark.parametrize(
    ("key", "value", "unit"),
    [
        ("startup.total_limit", "0.5", LimitUnit.WORKING_DAY),
        ("hotline.first_contact_limit", "1", LimitUnit.WORKING_DAY),
        ("hotline.general_limit", "5", LimitUnit.WORKING_DAY),
        ("hotline.difficult_limit", "15", LimitUnit.WORKING_DAY),
        ("dereg.simple.notice_period", "20", LimitUnit.CALENDAR_DAY),
        ("dereg.simple.decision_limit", "3", LimitUnit.WORKING_DAY),
    ],
)
def test_a_limit_is_the_one_of_the_policy(yongji: RegionPack, key: str, value: str, unit: LimitUnit) -> None:
    assert yongji.limit(key).limit == Limit(Decimal(value), unit)


def test_a_limit_taken_from_elsewhere_says_so(yongji: RegionPack) -> None:
    borrowed = [limit for limit in yongji.limits if limit.taken_from not in ("yongji", "national")]

    assert {"yuncheng", "beijing"} <= {limit.taken_from for limit in borrowed}
    assert all(limit.confirm and limit.note for limit in borrowed)


def test_starting_a_business_has_six_tasks_and_costs_nothing(yongji: RegionPack) -> None:
    tasks = yongji.parameter("startup.tasks").value

    assert isinstance(tasks, tuple)
    assert len(tasks) == 6
    assert yongji.parameter("startup.fee").value == 0


@pytest.mark.parametrize(
    ("code", "standing"),
    [
        ("140881", DivisionStanding.CURRENT),
        ("140801", DivisionStanding.HISTORIC),
        ("142702", DivisionStanding.HISTORIC),
        ("110101", DivisionStanding.ELSEWHERE),
        ("990101", DivisionStanding.UNKNOWN),
        ("14088", DivisionStanding.UNKNOWN),
        ("１４０８８１", DivisionStanding.UNKNOWN),
        ("14088l", DivisionStanding.UNKNOWN),
    ],
)
def test_a_division_code_is_accepted_if_it_is_or_may_have_been_one(
    yongji: RegionPack, code: str, standing: DivisionStanding
) -> None:
    assert yongji.divisions.standing(code) is standing
    assert yongji.divisions.accepts(code) is (standing is not DivisionStanding.UNKNOWN)


def test_the_region_lists_towns_but_no_prison_and_no_camp(yongji: RegionPack) -> None:
    names = [town.name for town in yongji.region.towns]

    assert len(names) == 10
    assert not any("监狱" in name or "戒毒" in name for name in names)
    assert yongji.region.office_hours.minutes_per_day == 450


def test_the_demo_restaurant_needs_food_signboard_and_fire_and_is_told_why_not_drainage(
    yongji: RegionPack,
) -> None:
    scheme = yongji.scheme("restaurant")

    required = [permit.item for permit in scheme.required_permits(DEMO_ANSWERS)]
    others = {permit.item: permit.not_required_reason for permit in scheme.permits_not_required(DEMO_ANSWERS)}

    assert required == ["food_operation", "signboard", "fire_check"]
    assert set(others) == {"tobacco", "drainage"}
    assert others["drainage"] is not None
    assert "discharges_to_sewer" in others["drainage"].localized("en")


def test_the_fire_check_may_be_granted_on_a_commitment_at_the_starting_grade(yongji: RegionPack) -> None:
    card, commitment = yongji.scorecard, yongji.permit_item("fire_check").commitment

    grade = card.grade_of(card.base)

    assert commitment is not None
    assert grade in card.commitment_grades
    assert card.meets(grade, commitment.minimum_grade)
    assert not card.meets("C", commitment.minimum_grade)


@pytest.mark.parametrize(
    ("score", "grade"), [("100", "A"), ("90", "A"), ("89.99", "B"), ("70", "B"), ("50", "C"), ("0", "D")]
)
def test_a_grade_begins_at_its_threshold(yongji: RegionPack, score: str, grade: str) -> None:
    assert yongji.scorecard.grade_of(Decimal(score)) == grade


@pytest.mark.parametrize("key", ["restaurant", "convenience_store", "hotel"])
def test_the_form_of_a_scheme_is_a_schema_that_asks_nothing_registration_knows(
    yongji: RegionPack, key: str
) -> None:
    form = yongji.scheme_form(key)

    Draft202012Validator.check_schema(form)
    asked = set(typed_fields(form))
    assert form["properties"]["enterprise_name"]["x-source"] == "registration.name"
    assert "/enterprise_name" not in asked
    assert "/premises_area_m2" in asked


def test_the_form_for_given_answers_has_the_sections_of_the_required_permits_only(yongji: RegionPack) -> None:
    form = yongji.scheme_form("restaurant", DEMO_ANSWERS)

    sections = form["properties"]["permits"]
    assert set(sections["properties"]) == {"food_operation", "signboard", "fire_check"}
    assert sections["required"] == list(sections["properties"])


def test_the_matter_asks_each_fact_once_and_less_than_the_departments_would(yongji: RegionPack) -> None:
    matter = yongji.matter("open_restaurant")
    form = yongji.matter_form("open_restaurant")

    forms = [*(step.form_fields for step in matter.steps), *(task.form_fields for task in matter.tasks)]
    would_ask = sum(len(fields) for fields in forms)
    asked = list(typed_fields(form))

    Draft202012Validator.check_schema(form)
    assert len(set(asked)) == len(asked)
    assert len(asked) < would_ask


def test_the_matter_form_takes_a_filled_form_and_refuses_an_unknown_field(yongji: RegionPack) -> None:
    validator = Draft202012Validator(yongji.matter_form("open_restaurant"))
    filled = a_filled_matter()

    accepted = list(validator.iter_errors(filled))
    refused = list(validator.iter_errors({**filled, "favourite_colour": "red"}))

    assert accepted == []
    assert len(refused) == 1


def test_the_tasks_after_registration_go_to_five_departments_and_are_free(yongji: RegionPack) -> None:
    theme = yongji.matter("open_restaurant")
    tasks = {task.key: task for task in theme.tasks if task.after}

    assert {key: task.agency for key, task in tasks.items()} == {
        "seal": "police",
        "invoice": "tax",
        "social_insurance": "human_resources",
        "housing_fund": "housing_fund",
        "bank_account": "bank",
    }
    assert all(task.fee_fen == 0 and task.after == ("enterprise.registered",) for task in tasks.values())
    assert len(tasks["seal"].free) == 4


@pytest.mark.parametrize(
    ("category", "agency"),
    [
        ("drainage_permit", "housing_construction"),
        ("medical_administration", "health"),
        ("other", "hotline_center"),
    ],
)
def test_a_category_has_an_answering_agency(yongji: RegionPack, category: str, agency: str) -> None:
    assert yongji.hotline.responsible_agency(category) == agency


def test_a_category_with_a_duty_goes_to_the_agency_that_has_it(yongji: RegionPack) -> None:
    duties = {agency.key: {duty.key for duty in agency.duties} for agency in yongji.agencies}

    strays = [c.key for c in yongji.hotline.categories if c.duty and c.duty not in duties[c.agency or ""]]

    assert strays == []


def test_tax_may_read_the_legal_representative_for_registration_only(yongji: RegionPack) -> None:
    grants = [grant for grant in yongji.grants if grant.agency == "tax"]

    assert [grant.purpose for grant in grants] == ["tax_registration"]
    assert "legal_representative_name" in grants[0].fields
    classes = {field.name: field.field_class for field in yongji.resource("registration.enterprise").fields}
    assert classes["legal_representative_id_number"] is FieldClass.PERSONAL


def test_the_pack_cannot_be_changed(yongji: RegionPack) -> None:
    with pytest.raises(ValidationError):
        yongji.agencies[0].name.__setattr__("zh", "别的名称")

    assert hash(yongji) == hash(load_region_pack(YONGJI))


def test_the_version_changes_with_the_content_only(yongji: RegionPack, copy_of_yongji: PackCopy) -> None:
    pack = copy_of_yongji()

    unchanged = load_region_pack(pack).version
    with (pack / "limits.yaml").open("a", encoding="utf-8") as file:
        file.write("# reviewed\n")

    assert unchanged == yongji.version
    assert load_region_pack(pack).version != unchanged


def test_every_doubtful_fact_is_listed_with_its_file_and_line(yongji: RegionPack) -> None:
    marks = yongji.unconfirmed()

    written = sum(file.read_text(encoding="utf-8").count("confirm: true") for file in YONGJI.glob("*.yaml"))
    lines = {mark.file: (YONGJI / mark.file).read_text(encoding="utf-8").splitlines() for mark in marks}
    assert len(marks) == written > 100
    assert all(0 < mark.line <= len(lines[mark.file]) for mark in marks)


def test_an_unknown_name_is_refused(yongji: RegionPack) -> None:
    with pytest.raises(NotInRegionPack) as refusal:
        yongji.limit("startup.total")

    assert refusal.value.key == "startup.total"


def test_the_command_prints_ok_and_what_must_be_confirmed(capsys: pytest.CaptureFixture[str]) -> None:
    code = main([str(YONGJI)])

    printed = capsys.readouterr().out
    assert code == 0
    assert printed.startswith("ok\n140881 永济市: agencies 26")
    assert "agencies.yaml:3: agencies[0] (administrative_approval)" in printed


def a_filled_matter() -> dict[str, object]:
    return {
        "enterprise_name": "永济市蒲津渡餐饮店",
        "enterprise_kind": "individual_business",
        "division_code": "140881",
        "address": "城西街道示例路1号",
        "premises_area_m2": 180,
        "scope_codes": ["H6210-01"],
        "capital_fen": 10_000_000,
        "people": [{"role": "operator", "name": "样本甲", "id_number": "14088119000101001X"}],
        "contact_phone": "0359-0000000",
        "employee_count": 8,
        "seal_kinds": ["name_seal", "finance_seal"],
        "taxpayer_type": "small_scale",
        "invoice_kinds": ["electronic_ordinary"],
        "housing_fund_rate_percent": 5,
        "account_purpose": "基本存款账户",
        "answers": dict(DEMO_ANSWERS),
        "permits": {
            "food_operation": {
                "food_business_items": ["hot_dishes"],
                "kitchen_area_m2": 40,
                "food_safety_manager": "样本乙",
            }
        },
    }
