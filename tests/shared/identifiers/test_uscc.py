"""Credit codes: vectors, what is an error and what a warning, composition, older numbers."""

import csv
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.iso7064 import mod_11_10

from shared.identifiers import (
    IdentifierKind,
    InvalidUscc,
    OrganisationBlockExhausted,
    UsccFaultCode,
    classify_identifier,
    compose_uscc,
    examine_uscc,
    organisation_body,
    organisation_code_check_character,
    parse_uscc,
    uscc_check_character,
)

ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
VECTORS = list(
    csv.DictReader(
        (Path(__file__).parent / "vectors" / "uscc-vectors.csv").open(encoding="utf-8", newline="")
    )
)
BODIES = st.text(ALPHABET, min_size=8, max_size=8)


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: str(vector["code"]))
def test_each_known_code_is_judged_as_its_source_says(vector: dict[str, str]) -> None:
    expected = vector["expect"]

    found = examine_uscc(vector["code"])

    assert bool(found.errors) is (expected == "invalid")
    if expected == "outer-ok-inner-bad":
        assert [fault.code for fault in found.warnings] == [UsccFaultCode.ORGANISATION_CHECK_CHARACTER]
    if expected == "valid":
        assert found.warnings == ()


def test_a_wrong_inner_digit_is_a_warning_and_the_code_is_still_parsed() -> None:
    code = "914403001922038203"

    parsed = parse_uscc(code)

    assert parsed == code
    assert [fault.position for fault in examine_uscc(code).warnings] == [17]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", UsccFaultCode.LENGTH),
        ("91440300192203821", UsccFaultCode.LENGTH),
        ("91440300I922038216", UsccFaultCode.ALPHABET),
        ("91440300192203821x", UsccFaultCode.ALPHABET),
        ("９14403001922038216", UsccFaultCode.ALPHABET),
        ("B14403001922038216", UsccFaultCode.AUTHORITY),
        ("97440300192203821" + uscc_check_character("97440300192203821"), UsccFaultCode.BODY_TYPE),
        ("9144A300192203821" + uscc_check_character("9144A300192203821"), UsccFaultCode.DIVISION_CODE),
        ("914403001922038217", UsccFaultCode.CHECK_CHARACTER),
    ],
)
def test_a_refused_code_names_its_reason(text: str, reason: UsccFaultCode) -> None:
    with pytest.raises(InvalidUscc) as refusal:
        parse_uscc(text)

    assert refusal.value.reason is reason


@given(BODIES, st.from_regex("[0-9]{6}", fullmatch=True), st.integers(0, 17), st.sampled_from(ALPHABET))
def test_a_composed_code_is_sound_and_any_other_character_in_it_is_an_error(
    body: str, division: str, position: int, other: str
) -> None:
    code = compose_uscc(authority="9", body_type="1", division_code=division, organisation_body=body)

    altered = code[:position] + other + code[position + 1 :]

    assert examine_uscc(code).errors == examine_uscc(code).warnings == ()
    assert bool(examine_uscc(altered).errors) is (altered != code)


@pytest.mark.parametrize(
    ("authority", "body_type", "division", "body"),
    [
        ("9", "9", "140881", "MAE00001"),
        ("Z", "1", "140881", "MAE00001"),
        ("9", "1", "14088", "MAE00001"),
        ("9", "1", "140881", "MAI00001"),
        ("9", "1", "140881", "MAE0001"),
    ],
)
def test_a_code_is_not_composed_of_bad_parts(
    authority: str, body_type: str, division: str, body: str
) -> None:
    with pytest.raises(InvalidUscc):
        compose_uscc(authority=authority, body_type=body_type, division_code=division, organisation_body=body)


@given(st.integers(0, 31**5 - 1))
def test_a_serial_can_be_read_back_from_its_organisation_body(serial: int) -> None:
    body = organisation_body("MAE", serial)

    value = 0
    for character in body[3:]:
        value = value * 31 + ALPHABET.index(character)

    assert body.startswith("MAE")
    assert len(body) == 8
    assert value == serial


def test_an_exhausted_block_gives_no_more_bodies() -> None:
    assert organisation_body("MAE0000", 30) == "MAE0000Y"

    with pytest.raises(OrganisationBlockExhausted):
        organisation_body("MAE0000", 31)


@pytest.mark.parametrize(
    ("text", "kind", "sound"),
    [
        ("91140502MA0000007A", IdentifierKind.USCC, True),
        ("914403001922038217", IdentifierKind.USCC, False),
        ("14088119000101001X", IdentifierKind.CITIZEN_ID, True),
        ("1408811000001", IdentifierKind.REGISTRATION_NUMBER_13, None),
        (
            "14088110000012" + mod_11_10.calc_check_digit("14088110000012"),
            IdentifierKind.REGISTRATION_NUMBER_15,
            True,
        ),
        ("192203821", IdentifierKind.ORGANISATION_CODE, True),
        ("19220382-1", IdentifierKind.ORGANISATION_CODE, True),
        ("19220382-2", IdentifierKind.ORGANISATION_CODE, False),
        ("N/A", IdentifierKind.UNKNOWN, None),
        ("一二三四五六七八九", IdentifierKind.UNKNOWN, None),
        ("", IdentifierKind.UNKNOWN, None),
    ],
)
def test_numbers_of_old_registers_are_called_by_name(
    text: str, kind: IdentifierKind, sound: bool | None
) -> None:
    found = classify_identifier(text)

    assert (found.kind, found.is_sound) == (kind, sound)
    assert found.name_zh
    assert found.name_en


def test_a_fifteen_digit_number_with_another_check_digit_is_named_but_unsound() -> None:
    digit = mod_11_10.calc_check_digit("14088110000012")

    found = classify_identifier("14088110000012" + str((int(digit) + 1) % 10))

    assert (found.kind, found.is_sound) == (IdentifierKind.REGISTRATION_NUMBER_15, False)


def test_the_organisation_code_check_covers_digit_zero_and_x() -> None:
    checks = {organisation_code_check_character(f"{number:08d}") for number in range(40)}

    assert checks == set("0123456789X")


@given(st.text(max_size=24))
def test_no_text_breaks_the_examination(text: str) -> None:
    found = examine_uscc(text)

    assert found.errors or len(text) == 18
    assert classify_identifier(text).kind in IdentifierKind
