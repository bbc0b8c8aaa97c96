"""Certificate identifiers, identity numbers, case numbers, UUIDv7."""

import csv
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.identifiers import (
    CaseNumberParts,
    CitizenIdFault,
    EcertFault,
    EcertParts,
    InvalidCaseNumber,
    InvalidCitizenId,
    InvalidEcertId,
    compose_case_number,
    compose_ecert_id,
    examine_citizen_id,
    is_case_number,
    is_ecert_id,
    mask_citizen_id,
    new_uuid7,
    parse_case_number,
    parse_citizen_id,
    parse_ecert_id,
    uuid7,
)

VECTORS = Path(__file__).parent / "vectors"
LICENCE = EcertParts("11100000MB0143028R001", "11430000006122244L", "20260000000001", 1)
CHARACTERS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def _rows(name: str) -> list[dict[str, str]]:
    return list(csv.DictReader((VECTORS / name).open(encoding="utf-8", newline="")))


@pytest.mark.parametrize("vector", _rows("ecert-id-vectors.csv"), ids=lambda vector: str(vector["serial"]))
def test_each_known_certificate_identifier_is_judged_as_its_check_character_says(
    vector: dict[str, str],
) -> None:
    if vector["match"] == "1":
        parts = parse_ecert_id(vector["identifier"])

        assert parts == EcertParts(
            vector["type_code"], vector["issuer_code"], vector["serial"], int(vector["version"])
        )
    else:
        with pytest.raises(InvalidEcertId) as refusal:
            parse_ecert_id(vector["identifier"])

        assert refusal.value.reason is EcertFault.CHECK_CHARACTER


@given(st.text(CHARACTERS, min_size=8, max_size=32), st.integers(1, 999))
def test_a_composed_certificate_identifier_reads_back(serial: str, version: int) -> None:
    parts = EcertParts(LICENCE.type_code, LICENCE.issuer_code, serial, version)

    assert parse_ecert_id(compose_ecert_id(parts)) == parts


@given(st.data())
def test_one_altered_character_of_a_certificate_identifier_is_found(data: st.DataObject) -> None:
    identifier = compose_ecert_id(LICENCE)
    position = data.draw(st.integers(0, len(identifier) - 1))

    altered = (
        identifier[:position] + data.draw(st.sampled_from(CHARACTERS + ".")) + identifier[position + 1 :]
    )

    assert is_ecert_id(altered) is (altered == identifier)


@pytest.mark.parametrize(
    ("parts", "fault"),
    [
        (EcertParts("11100000MB0143028R01", LICENCE.issuer_code, "12345678", 1), EcertFault.TYPE_CODE),
        (EcertParts("11100000MB0143028A001", LICENCE.issuer_code, "12345678", 1), EcertFault.TYPE_CODE),
        (EcertParts(LICENCE.type_code, "140881", "12345678", 1), EcertFault.ISSUER_CODE),
        (EcertParts(LICENCE.type_code, LICENCE.issuer_code, "1234567", 1), EcertFault.SERIAL),
        (EcertParts(LICENCE.type_code, LICENCE.issuer_code, "12345678", 1000), EcertFault.VERSION),
    ],
)
def test_a_certificate_identifier_is_not_composed_of_bad_parts(parts: EcertParts, fault: EcertFault) -> None:
    with pytest.raises(InvalidEcertId) as refusal:
        compose_ecert_id(parts)

    assert refusal.value.reason is fault


@pytest.mark.parametrize("vector", _rows("citizen-id-vectors.csv"), ids=lambda vector: str(vector["number"]))
def test_each_synthetic_identity_number_is_judged_by_date_and_checksum(vector: dict[str, str]) -> None:
    faults = examine_citizen_id(vector["number"])

    assert (CitizenIdFault.CHECKSUM in faults) is (vector["checksum"] == "checksum-bad")
    assert (CitizenIdFault.BIRTH_DATE in faults) is (vector["birth_date"] == "date-bad")


def test_a_person_cannot_be_born_after_today() -> None:
    number = "14088119000101001X"

    assert parse_citizen_id(number, today=date(1900, 1, 1)) == number
    with pytest.raises(InvalidCitizenId) as refusal:
        parse_citizen_id(number, today=date(1899, 12, 31))
    assert number not in str(refusal.value)


@pytest.mark.parametrize("text", ["", "X", "1408811900010100", "０40881190001010011", "14088119000101001x"])
def test_other_shapes_are_no_identity_numbers(text: str) -> None:
    assert examine_citizen_id(text) == (CitizenIdFault.SHAPE,)


def test_a_masked_identity_number_hides_birth_date_and_sequence() -> None:
    assert mask_citizen_id("14088119000101001X") == "1408************1X"
    assert mask_citizen_id("1408811") == "*******"


@given(st.dates(), st.integers(1, 999_999), st.from_regex("[A-Z]{2,4}", fullmatch=True))
def test_a_case_number_reads_back(day: date, serial: int, prefix: str) -> None:
    parts = CaseNumberParts(prefix, "140881", day, serial)

    assert parse_case_number(compose_case_number(parts)) == parts


@given(st.data())
def test_one_altered_character_of_a_case_number_is_found(data: st.DataObject) -> None:
    number = compose_case_number(CaseNumberParts("REG", "140881", date(2026, 11, 20), 42))
    position = data.draw(st.integers(0, len(number) - 1))

    altered = number[:position] + data.draw(st.sampled_from(CHARACTERS + "-")) + number[position + 1 :]

    assert is_case_number(altered) is (altered == number)


@pytest.mark.parametrize(
    "parts",
    [
        CaseNumberParts("R", "140881", date(2026, 1, 1), 1),
        CaseNumberParts("REG", "1408", date(2026, 1, 1), 1),
        CaseNumberParts("REG", "140881", date(2026, 1, 1), 0),
        CaseNumberParts("REG", "140881", date(2026, 1, 1), 1_000_000),
    ],
)
def test_a_case_number_is_not_composed_of_bad_parts(parts: CaseNumberParts) -> None:
    with pytest.raises(InvalidCaseNumber):
        compose_case_number(parts)


@given(st.integers(0, 2**48 - 2), st.integers(0, 2**74 - 1), st.integers(0, 2**74 - 1))
def test_identifiers_of_a_later_millisecond_sort_later(now: int, some: int, other: int) -> None:
    earlier, later = uuid7(now, some), uuid7(now + 1, other)

    assert earlier < later
    assert str(earlier) < str(later)
    assert earlier.version == 7
    assert earlier.variant == "specified in RFC 4122"


def test_new_identifiers_differ() -> None:
    made = [new_uuid7() for _ in range(2000)]

    assert len(set(made)) == len(made)
    assert made[0] < made[-1]
