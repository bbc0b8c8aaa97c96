"""Every fault of a pack is named with file and line, and all of them at once."""

from pathlib import Path

import pytest

from shared.region import BrokenRegionPack, load_region_pack
from shared.region.__main__ import main
from tests.shared.region.conftest import PackCopy

MUTATIONS = [
    (
        "schemes.yaml",
        "- item: tobacco",
        "- item: tobaco",
        "schemes[0].component_permits[3].item: unknown permit item 'tobaco'",
    ),
    (
        "schemes.yaml",
        "{any: [{answer: sells_tobacco,",
        "{any: [{answer: sells_cigars,",
        "schemes[0].component_permits[3].condition.any[0].answer: unknown question 'sells_cigars'",
    ),
    (
        "schemes.yaml",
        "{answer: floor_area_m2, at_least: 500}",
        "{answer: floor_area_m2, is: true}",
        "schemes[1].component_permits[2].condition.answer: question 'floor_area_m2' is integer",
    ),
    (
        "schemes.yaml",
        "{answer: serves_food, is: true}",
        "{answer: serves_food, equals: true}",
        "schemes[2].component_permits[3].condition: a condition is one of all, any, not",
    ),
    (
        "schemes.yaml",
        "{answer: serves_food, is: true}",
        '{answer: serves_food, is: "true"}',
        "schemes[2].component_permits[3].condition.is: Input should be a valid boolean",
    ),
    (
        "schemes.yaml",
        "lead_agency: police",
        "lead_agency: polize",
        "schemes[2].lead_agency: unknown agency 'polize'",
    ),
    (
        "schemes.yaml",
        "scope_codes: [F5213-01,",
        "scope_codes: [F5213-99,",
        "schemes[1].scope_codes[0]: unknown scope code 'F5213-99'",
    ),
    (
        "agencies.yaml",
        "11140881MB9Y00016L",
        "11140881MB9Y00016M",
        "agencies[0].uscc: not a unified social credit code: check_character",
    ),
    (
        "agencies.yaml",
        '    division: "140881"',
        '    division: "140899"',
        "agencies[0].division: unknown division '140899'",
    ),
    ("agencies.yaml", "- key: tax\n", "- key: police\n", "agencies[3].key: 'police' is defined twice"),
    (
        "agencies.yaml",
        "    level: county",
        "    level: village",
        "agencies[0].level: Input should be 'nation', 'province', 'prefecture', 'county' or 'zone'",
    ),
    (
        "agencies.yaml",
        "    confirm: true",
        "    confirm: false",
        "agencies[0].confirm: src 'own' is not a source yet: needs confirm: true",
    ),
    (
        "hotline.yaml",
        "agency: ecology, duty: control_pollution",
        "agency: ecology, duty: control_noise",
        "unknown duty 'control_noise'",
    ),
    (
        "hotline.yaml",
        "{key: seal_consulting, parent: business_registration",
        "{key: seal_consulting, parent: nowhere",
        "unknown hotline category 'nowhere'",
    ),
    (
        "hotline.yaml",
        "{key: seal_consulting, parent: business_registration",
        "{key: seal_consulting, parent: establishment",
        "the tree has more than 3 levels",
    ),
    (
        "limits.yaml",
        "    value: 0.5",
        "    value: -0.5",
        "limits[0].value: Input should be greater than or equal to 0",
    ),
    ("limits.yaml", "    unit: working_day", "    unit: fortnight", "limits[0].unit: Input should be"),
    (
        "matters.yaml",
        "limit: startup.total_limit",
        "limit: startup.total",
        "matters[0].limit: unknown limit 'startup.total'",
    ),
    (
        "matters.yaml",
        "shared_fields: [enterprise_name,",
        "shared_fields: [people, enterprise_name,",
        "matters[0].shared_fields[8]: 'people' is asked twice",
    ),
    (
        "permits.yaml",
        "minimum_grade: B",
        "minimum_grade: Z",
        "permit_items[2].commitment.minimum_grade: unknown credit grade 'Z'",
    ),
    ("permits.yaml", "mode: commitment", "mode: handshake", "permit_items[2].mode: Input should be"),
    (
        "permits.yaml",
        "needs: [fire_check]",
        "needs: [fire_chek]",
        "permit_items[7].needs[0]: unknown permit item 'fire_chek'",
    ),
    (
        "permits.yaml",
        "needs: [fire_check]",
        "needs: [special_trade_hotel]",
        "permit_items[7].needs[0]: an item cannot come after itself",
    ),
    (
        "permits.yaml",
        "needs: [fire_check]",
        "needs: [fire_check, fire_check]",
        "permit_items[7].needs[1]: 'fire_check' is named twice",
    ),
    (
        "fields.yaml",
        "source: registration.name",
        "source: registration.nickname",
        "form_fields[0].source: unknown source of a field 'registration.nickname'",
    ),
    (
        "sharing.yaml",
        "fields: [grade], purpose",
        "fields: [grade, mood], purpose",
        "not fields of credit.evaluation: mood",
    ),
    (
        "credit.yaml",
        "grade: B, at_least: 70",
        "grade: B, at_least: 95",
        "scorecard.grades[1].at_least: must be below the grade before it",
    ),
    (
        "limits.yaml",
        "key: dereg.general.limit\n    value: 15",
        "key: dereg.general.limit\n    value: 16",
        "the statutory limit is 15 working days",
    ),
    (
        "registration.yaml",
        "permit_items: [drug_retail]",
        "permit_items: [drugs]",
        "unknown permit item 'drugs'",
    ),
    (
        "region.yaml",
        "time_zone: Asia/Shanghai",
        "time_zone: Asia/Shanghai\n  mayor: nobody",
        "region.mayor: Extra inputs are not permitted",
    ),
    (
        "items.yaml",
        "items: [licensing.tobacco]",
        "items: [licensing.tobaco]",
        "service_items.market_access.entries[1].items[0]: unknown service item 'licensing.tobaco'",
    ),
    (
        "items.yaml",
        "set_by: national",
        "set_by: yongji",
        "service_items.market_access.entries[0].set_by: Input should be 'national'",
    ),
    (
        "items.yaml",
        "life_events: [close_a_business]",
        "life_events: [close_up]",
        "service_items.listed[2].life_events[0]: unknown life event 'close_up'",
    ),
    ("region.yaml", '  code: "140881"', "  code: 140881", "region.code: Input should be a valid string"),
]


@pytest.mark.parametrize(
    ("file", "old", "new", "message"), MUTATIONS, ids=[case[3][:60] for case in MUTATIONS]
)
def test_a_fault_is_named_with_its_file_and_line(
    copy_of_yongji: PackCopy, file: str, old: str, new: str, message: str
) -> None:
    pack = copy_of_yongji()
    line = mutate(pack / file, old, new)

    faults = faults_of(pack)

    assert any(fault.startswith(f"{file}:{line}: ") and message in fault for fault in faults), faults


def test_a_permit_among_the_papers_without_an_order_is_named_with_its_line(copy_of_yongji: PackCopy) -> None:
    pack = copy_of_yongji()
    line = mutate(pack / "permits.yaml", "shared_from: licensing.permit", "shared_from: licensing.permit")
    mutate(pack / "permits.yaml", "    needs: [fire_check]\n", "")

    faults = faults_of(pack)

    where = "permit_items[7].materials[2].shared_from"
    assert faults == [
        f"permits.yaml:{line}: {where}: a permit as a paper: needs must say which item comes first"
    ]


def test_a_single_slip_gives_exactly_one_fault(copy_of_yongji: PackCopy) -> None:
    pack = copy_of_yongji()
    line = mutate(pack / "schemes.yaml", "- item: tobacco", "- item: tobaco")

    faults = faults_of(pack)

    expected = f"schemes.yaml:{line}: schemes[0].component_permits[3].item: unknown permit item 'tobaco'"
    assert faults == [expected]


def test_faults_of_several_files_and_kinds_are_reported_at_once(copy_of_yongji: PackCopy) -> None:
    pack = copy_of_yongji()
    mutate(pack / "agencies.yaml", "    level: county", "    level: village")
    mutate(pack / "schemes.yaml", "- item: tobacco", "- item: tobaco")
    mutate(pack / "schemes.yaml", "- item: drainage", "- item: dranage")
    mutate(pack / "credit.yaml", "grade: B, at_least: 70", "grade: B, at_least: 95")

    faults = faults_of(pack)

    assert [fault.partition(":")[0] for fault in faults] == [
        "agencies.yaml",
        "credit.yaml",
        *["schemes.yaml"] * 2,
    ]


def test_a_missing_section_and_an_unknown_one_are_named(copy_of_yongji: PackCopy) -> None:
    pack = copy_of_yongji()
    mutate(pack / "credit.yaml", "scorecard:", "score_card:")

    faults = faults_of(pack)

    assert "yongji:0: scorecard: section is missing: no file of the pack has it" in faults
    assert any(fault.startswith("credit.yaml:2: score_card: unknown section") for fault in faults)


def test_a_section_in_two_files_is_refused(copy_of_yongji: PackCopy) -> None:
    pack = copy_of_yongji()
    (pack / "zz.yaml").write_text("region: {}\n", encoding="utf-8")

    assert faults_of(pack) == ["zz.yaml:1: region: section is already in region.yaml:2"]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"a: 1\na: 2\n", "zz.yaml:2: not YAML: found duplicate key"),
        (b"a: [1\nb: 2\n", "zz.yaml:2: not YAML: "),
        (b"ok: 1\nbad: \xff\n", "zz.yaml:2: not UTF-8"),
        (b"- a\n", "zz.yaml:1: a file of a region pack is a mapping of sections"),
        (b"", "zz.yaml:1: a file of a region pack is a mapping of sections"),
        (b"a: !!python/object:os.system {}\n", "unknown section"),
    ],
)
def test_a_file_that_is_no_page_of_a_pack_is_refused(
    copy_of_yongji: PackCopy, content: bytes, message: str
) -> None:
    pack = copy_of_yongji()
    (pack / "zz.yaml").write_bytes(content)

    assert any(message in fault for fault in faults_of(pack)), faults_of(pack)


def test_an_empty_directory_is_no_pack(tmp_path: Path) -> None:
    assert "no region pack here" in faults_of(tmp_path)[0]


def test_the_command_prints_the_faults_and_exits_with_1(
    copy_of_yongji: PackCopy, capsys: pytest.CaptureFixture[str]
) -> None:
    pack = copy_of_yongji()
    mutate(pack / "schemes.yaml", "- item: tobacco", "- item: tobaco")

    code = main([str(pack)])

    assert code == 1
    assert "unknown permit item 'tobaco'" in capsys.readouterr().err


def mutate(file: Path, old: str, new: str) -> int:
    """Replace the first `old` by `new`; return the line where the change ends."""
    text = file.read_text(encoding="utf-8")
    before, found, after = text.partition(old)
    assert found, f"{file.name} has no {old!r}"
    file.write_text(before + new + after, encoding="utf-8")
    return (before + new.rstrip("\n")).count("\n") + 1


def faults_of(pack: Path) -> list[str]:
    with pytest.raises(BrokenRegionPack) as broken:
        load_region_pack(pack)
    return [str(fault) for fault in broken.value.faults]
