"""Reads the files of a pack section by section and finds the line on which each part of them stands."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path as FilePath

from shared.region.faults import PackFault, Path, dotted
from shared.region.nodes import Node, NotYaml, read_yaml

MAX_FILE_BYTES = 4 * 2**20


@dataclass(frozen=True)
class Section:
    """One top-level entry of a file."""

    name: str
    file: str
    node: Node

    @property
    def line(self) -> int:
        return self.node.line

    def resolve(self, path: Path) -> tuple[int, Path]:
        """The line of the deepest part of `path` that is written down, and the path without what is not.

        A last part that is missing stays in the path: it is what the fault is about.
        """
        node, found = self.node, list[str | int]()
        for place, part in enumerate(path):
            if part in node.parts:
                node = node.parts[part]
            elif place < len(path) - 1 or not isinstance(node.value, dict):
                continue
            found.append(part)
        return node.line, tuple(found)

    def fault(self, path: Path, message: str) -> PackFault:
        """A fault at `path` inside this section."""
        line, found = self.resolve(path)
        return PackFault(self.file, line, dotted((self.name, *found)), message)


@dataclass(frozen=True)
class Pages:
    """All sections of a pack, and the faults met while reading."""

    sections: dict[str, Section]
    faults: tuple[PackFault, ...]


def contents_of(directory: FilePath) -> Iterator[tuple[str, bytes]]:
    """Each `*.yaml` of a pack by name, in order."""
    for file in sorted(directory.glob("*.yaml")):
        yield file.name, file.read_bytes()


def digest_of(directory: FilePath) -> str:
    """A digest of the files' names and content: the version of the pack."""
    digest = hashlib.sha256()
    for name, content in contents_of(directory):
        digest.update(f"{name}\0{len(content)}\0".encode() + content)
    return digest.hexdigest()


def read_pages(directory: FilePath) -> Pages:
    """Read every `*.yaml` of `directory`; each section may stand in one file only."""
    sections: dict[str, Section] = {}
    faults: list[PackFault] = []
    for name, content in contents_of(directory):
        for found in _sections_of(name, content):
            if isinstance(found, PackFault):
                faults.append(found)
            elif found.name in sections:
                earlier = sections[found.name]
                why = f"section is already in {earlier.file}:{earlier.line}"
                faults.append(PackFault(found.file, found.line, found.name, why))
            else:
                sections[found.name] = found
    if not sections and not faults:
        faults.append(PackFault(directory.name, 0, "", "no region pack here: no *.yaml file with a section"))
    return Pages(sections, tuple(faults))


def _sections_of(name: str, content: bytes) -> Iterator[Section | PackFault]:
    if len(content) > MAX_FILE_BYTES:
        yield PackFault(name, 1, "", f"file is larger than {MAX_FILE_BYTES} bytes")
        return
    try:
        page = read_yaml(content.decode("utf-8"))
    except UnicodeDecodeError as refusal:
        yield PackFault(name, content[: refusal.start].count(b"\n") + 1, "", "not UTF-8")
        return
    except NotYaml as refusal:
        yield PackFault(name, refusal.line, "", f"not YAML: {refusal.problem}")
        return
    if page is None or not isinstance(page.value, dict):
        yield PackFault(name, 1, "", "a file of a region pack is a mapping of sections")
        return
    for key, node in page.parts.items():
        yield Section(str(key), name, node)


def marked_for_confirmation(node: Node, path: Path = ()) -> Iterator[tuple[Path, dict[str, object]]]:
    """Every mapping that says `confirm: true`, with its path."""
    if isinstance(node.value, dict) and node.value.get("confirm") is True:
        yield path, node.value
    for place, part in node.parts.items():
        yield from marked_for_confirmation(part, (*path, place))
