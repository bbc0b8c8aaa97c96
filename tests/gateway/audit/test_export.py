"""An export proves itself, and whatever is done to it is found."""

import json
import random
from collections.abc import Callable
from dataclasses import replace

import pytest

from gateway.audit.domain.entry import Head, chained
from gateway.audit.domain.export_file import keys_of, verify_export
from gateway.audit.domain.merkle import audit_path, follows, root_of
from shared.security.keys import SigningKey
from tests.gateway.audit.exporting import a_chain, an_export, roots_over

KEY = SigningKey.generate()
LINKS = a_chain(60)
EXPORT = an_export(LINKS, roots_over(LINKS, 16, KEY), KEY)
TRUSTED = keys_of([KEY.public_jwk()])
ENTRIES = [place for place, line in enumerate(EXPORT) if '"kind":"entry"' in line]
ROOTS = [place for place, line in enumerate(EXPORT) if '"kind":"root"' in line]

Lines = list[str]
Tampering = Callable[[random.Random, Lines], int | None]
"""Changes the lines in place; returns the number of the first bad entry, None where any place may be named."""


def number_at(place: int) -> int:
    """The number of the entry at a line, or of the one that would come next."""
    return sum(1 for each in ENTRIES if each < place) + 1


def changed_field(chance: random.Random, lines: Lines) -> int:
    place = chance.choice(ENTRIES)
    stated = json.loads(lines[place])
    name = chance.choice([name for name in stated if name != "kind"])
    value = stated[name]
    if isinstance(value, str):
        at = chance.randrange(len(value) or 1)
        other = chance.choice([c for c in "0123456789abcdef" if c != value[at : at + 1]])
        stated[name] = value[:at] + other + value[at + 1 :]
    elif isinstance(value, int):
        stated[name] = value + chance.choice([-1, 1, 1000])
    elif isinstance(value, list):
        stated[name] = [*value, "name"] if chance.random() < 0.5 or not value else value[:-1]
    else:
        stated[name] = "x"
    lines[place] = json.dumps(stated, ensure_ascii=False) + "\n"
    return number_at(place)


def retyped_field(chance: random.Random, lines: Lines) -> int:
    place = chance.choice(ENTRIES)
    stated = json.loads(lines[place])
    change = chance.choice(
        [
            {"number": str(stated["number"])},
            {"read_at": stated["read_at"].replace("Z", "+00:00")},
            {"fields": None},
            {"remark": "added"},
            {"result": "granted"},
        ]
    )
    lines[place] = json.dumps(stated | change) + "\n"
    return number_at(place)


def removed_entry(chance: random.Random, lines: Lines) -> int:
    place = chance.choice(ENTRIES)
    del lines[place]
    return number_at(place)


def exchanged_entries(chance: random.Random, lines: Lines) -> int:
    first, second = sorted(chance.sample(ENTRIES, 2))
    lines[first], lines[second] = lines[second], lines[first]
    return number_at(first)


def doubled_entry(chance: random.Random, lines: Lines) -> int:
    place = chance.choice(ENTRIES)
    lines.insert(place + 1, lines[place])
    return number_at(place) + 1


def garbled_line(chance: random.Random, lines: Lines) -> int:
    place = chance.choice(ENTRIES)
    at = chance.randrange(1, len(lines[place]) - 1)
    lines[place] = lines[place][:at] + "\n"
    return number_at(place)


def cut_off(chance: random.Random, lines: Lines) -> int:
    place = chance.randrange(1, len(lines))
    del lines[place:]
    return number_at(place)


def cut_before_the_end(chance: random.Random, lines: Lines) -> int:
    place = chance.choice([each for each in ENTRIES if each > ROOTS[-1]])
    del lines[place:-1]
    return number_at(place)


def altered_root(chance: random.Random, lines: Lines) -> int | None:
    place = chance.choice(ROOTS)
    stated = json.loads(lines[place])
    part = chance.randrange(3)
    pieces = stated["jws"].split(".")
    at = chance.randrange(len(pieces[part]) - 1)
    other = chance.choice([c for c in "ABCDEFGHabcdefgh0123" if c != pieces[part][at]])
    pieces[part] = pieces[part][:at] + other + pieces[part][at + 1 :]
    lines[place] = json.dumps(stated | {"jws": ".".join(pieces)}) + "\n"
    return number_at(place)


def removed_root(chance: random.Random, lines: Lines) -> int | None:
    del lines[chance.choice(ROOTS)]
    return None


TAMPERINGS: tuple[Tampering, ...] = (
    changed_field,
    retyped_field,
    removed_entry,
    exchanged_entries,
    doubled_entry,
    garbled_line,
    cut_off,
    cut_before_the_end,
    altered_root,
    removed_root,
)


def test_a_whole_export_verifies_with_keys_from_elsewhere_and_with_its_own() -> None:
    found, by_itself = verify_export(EXPORT, TRUSTED), verify_export(EXPORT)

    assert found.broken is None
    assert (found.entries, found.roots, found.under_root) == (60, 3, 48)
    assert found.head == Head(60, LINKS[-1].hash)
    assert by_itself.keys_from_file
    assert by_itself.broken is None


def test_each_of_a_thousand_random_tamperings_is_found_and_the_first_bad_entry_named() -> None:
    chance = random.Random(20_260_302)
    missed = []

    for turn in range(1000):
        lines = list(EXPORT)
        tampering = TAMPERINGS[turn % len(TAMPERINGS)]
        expected = tampering(chance, lines)
        broken = verify_export(lines, TRUSTED).broken
        if broken is None or (expected is not None and broken.number != expected):
            missed.append((turn, tampering.__name__, expected, broken))

    assert missed == []


def test_another_order_of_names_and_other_spaces_change_nothing() -> None:
    lines = [json.dumps(dict(sorted(json.loads(line).items())), indent=None) + "\n\n" for line in EXPORT]

    assert verify_export(lines, TRUSTED).broken is None


def test_a_log_that_was_written_anew_does_not_fit_the_signed_root_of_its_interval() -> None:
    forged = LINKS[:17]
    for link in LINKS[17:]:
        act = replace(link.act, reader="client:police") if link.number == 18 else link.act
        forged.append(chained(Head(forged[-1].number, forged[-1].hash), act))

    broken = verify_export(an_export(forged, roots_over(LINKS, 16, KEY), KEY), TRUSTED).broken

    assert broken is not None
    assert broken.number == 17
    assert broken.why == "the interval's root is not that of its entries"


def test_another_key_is_not_believed() -> None:
    other = SigningKey.generate()
    lines = an_export(LINKS, roots_over(LINKS, 16, other), other)

    broken = verify_export(lines, TRUSTED).broken

    assert broken is not None
    assert broken.number == 17
    assert broken.why.startswith("root: no key")
    assert verify_export(lines).broken is None  # the file's own keys show only that it is whole


@pytest.mark.parametrize("count", [1, 2, 3, 5, 8, 13, 64, 100])
def test_every_entry_is_proven_by_its_path_and_no_other_is(count: int) -> None:
    hashes = [link.hash for link in a_chain(count)]
    root = root_of(hashes)

    for place, own in enumerate(hashes):
        path = audit_path(hashes, place)
        assert follows(own, place, count, path, root)
        assert not follows("00" * 32, place, count, path, root)
        assert not follows(own, (place + 1) % count, count, path, root) or count == 1
