"""A YAML text becomes plain values by the core rules of YAML 1.2, each with its line, or is refused with one."""

import json
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from ruamel.yaml import YAML

from shared.region.nodes import MAX_DEPTH, Node, NotYaml, read_yaml
from tests.shared.region.conftest import YONGJI

TEXTS = st.text(st.characters(min_codepoint=0x20, exclude_categories=["Cc", "Cs"]), max_size=20)
DOCUMENTS = st.dictionaries(
    TEXTS,
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | TEXTS,
        lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS, inner, max_size=4),
        max_leaves=12,
    ),
    max_size=5,
)


@pytest.mark.parametrize("file", sorted(YONGJI.glob("*.yaml")), ids=lambda file: file.name)
def test_a_file_of_the_pack_reads_as_another_parser_reads_it(file: Path) -> None:
    text = file.read_text(encoding="utf-8")

    page = read(text)

    assert page.value == json.loads(
        json.dumps(YAML(typ="safe", pure=True).load(text), default=date.isoformat)
    )


@given(document=DOCUMENTS)
def test_every_json_document_is_read_as_json_reads_it(document: dict[str, object]) -> None:
    text = json.dumps(document, ensure_ascii=False, indent=1)

    page = read(text)

    assert page.value == json.loads(text)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        *[(word, word) for word in ("yes", "no", "on", "off", "y", "N", "tRUE", "nUll", "=", "<<")],
        *[("true", True), ("False", False), ("~", None), ("Null", None), ("", None), ('""', "")],
        *[("12", 12), ("-3", -3), ("010", 10), ("08", 8), ("0o17", 15), ("0x1F", 31), ("'12'", "12")],
        *[("0.5", 0.5), (".5", 0.5), ("1e3", 1000.0), ("-.inf", float("-inf")), ("0.1.2", "0.1.2")],
        *[("1:30", "1:30"), ("1_000", "1_000"), ("0b101", "0b101"), ("١٢", "١٢"), ("9" * 101, "9" * 101)],
        *[("2026-11-21", "2026-11-21"), ("2026-13-45", "2026-13-45")],
        *[("2026-11-21T10:00:00+08:00", "2026-11-21T10:00:00+08:00")],
        *[("!!str 12", "12"), ("!!bool yes", "yes"), ("!!python/object:os.system id", "id")],
    ],
)
def test_a_scalar_means_what_the_core_rules_say(written: str, meant: object) -> None:
    page = read(f"key: {written}\n")

    value = page.parts["key"].value

    assert (value, type(value)) == (meant, type(meant))


def test_keys_are_the_texts_as_written() -> None:
    page = read("{true: a, 1: b, 010: c, no: d, 2026-01-01: e}")

    assert page.value == {"true": "a", "1": "b", "010": "c", "no": "d", "2026-01-01": "e"}


def test_a_node_stands_on_the_line_of_its_key_or_entry() -> None:
    page = read("# first\na:\n  b: |\n    text\n    more\n  c:\n  - x\n  -\n    d: {e: [1,\n      2]}\n")

    inner = page.parts["a"]
    entry = inner.parts["c"].parts[1]

    assert (inner.line, inner.parts["b"].line, inner.parts["c"].line) == (2, 3, 6)
    assert (inner.parts["c"].parts[0].line, entry.line, entry.parts["d"].line) == (7, 9, 9)
    assert entry.parts["d"].parts["e"].parts[1].line == 10


@pytest.mark.parametrize(
    ("text", "line", "problem"),
    [
        ("a: 1\nb: {c: 1,\n  'c': 2}\n", 3, "duplicate key 'c'"),
        ("1: a\n'1': b\n", 2, "duplicate key '1'"),
        ("a: 1\nb: &x [1]\nc: *x\n", 2, "anchor or alias"),
        ("a: 1\nb: *x\n", 2, "anchor or alias"),
        ("a: 1\n---\nb: 2\n", 2, "another document"),
        ("a: 1\n? [b]\n: 2\n", 2, "a key that is no text"),
        ("a: 1\n*b : 2\n", 2, "a key that is no text"),
        ("a:\n" + " [\n" * 10_000, 1 + MAX_DEPTH, f"nested deeper than {MAX_DEPTH} levels"),
        ("a: 1\n b: 2\n", 2, "mapping values are not allowed"),
    ],
)
def test_what_a_pack_may_not_hold_is_refused_with_its_line(text: str, line: int, problem: str) -> None:
    with pytest.raises(NotYaml) as refused:
        read_yaml(text)

    assert refused.value.line == line
    assert problem in refused.value.problem


def test_laughter_is_refused_before_it_multiplies() -> None:
    jokes = ["a0: &a0 [ha, ha, ha, ha, ha, ha, ha, ha, ha]"]
    jokes += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 12)]

    with pytest.raises(NotYaml) as refused:
        read_yaml("\n".join(jokes))

    assert refused.value.line == 1


def test_a_text_of_comments_holds_no_document() -> None:
    assert read_yaml("# nothing\n") is None


def read(text: str) -> Node:
    page = read_yaml(text)
    assert page is not None
    return page
