"""Reads the YAML files of a pack into plain values and remembers on which line each of them stands."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path as FilePath

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.error import MarkedYAMLError, YAMLError

from shared.region.faults import PackFault, Path, dotted

MAX_FILE_BYTES = 4 * 2**20


@dataclass(frozen=True)
class Section:
    """One top-level entry of a file, with its positions kept by the parser."""

    name: str
    file: str
    line: int
    node: object

    def resolve(self, path: Path) -> tuple[int, Path]:
        """The line of the deepest part of `path` that is written down, and the path without what is not.

        A last part that is missing stays in the path: it is what the fault is about.
        """
        node, line, found = self.node, self.line, list[str | int]()
        for place, part in enumerate(path):
            if isinstance(node, CommentedMap) and part in node:
                line, node = node.lc.key(part)[0] + 1, node[part]
            elif isinstance(node, CommentedSeq) and isinstance(part, int) and part < len(node):
                line, node = node.lc.item(part)[0] + 1, node[part]
            elif place < len(path) - 1 or not isinstance(node, CommentedMap):
                continue
            found.append(part)
        return line, tuple(found)

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
        page = YAML(typ="rt", pure=True).load(content.decode("utf-8"))
    except UnicodeDecodeError as refusal:
        yield PackFault(name, content[: refusal.start].count(b"\n") + 1, "", "not UTF-8")
        return
    except YAMLError as refusal:
        yield _syntax_fault(name, refusal)
        return
    if not isinstance(page, CommentedMap):
        yield PackFault(name, 1, "", "a file of a region pack is a mapping of sections")
        return
    for key, node in page.items():
        yield Section(str(key), name, page.lc.key(key)[0] + 1, node)


def _syntax_fault(name: str, refusal: YAMLError) -> PackFault:
    if isinstance(refusal, MarkedYAMLError) and refusal.problem_mark is not None:
        problem = str(refusal.problem or refusal.context).strip().splitlines()[0]
        return PackFault(name, refusal.problem_mark.line + 1, "", f"not YAML: {problem}")
    return PackFault(name, 1, "", f"not YAML: {str(refusal).splitlines()[0]}")


def plain(node: object) -> object:
    """The node as JSON would have it; dates become ISO texts."""
    match node:
        case CommentedMap():
            return {str(key): plain(value) for key, value in node.items()}
        case CommentedSeq():
            return [plain(value) for value in node]
        case date():
            return node.isoformat()
        case str():
            return str(node)
        case bool() | None:
            return node
        case int():
            return int(node)
        case float():
            return float(node)
        case _:
            return str(node)


def marked_for_confirmation(node: object, path: Path = ()) -> Iterator[tuple[Path, CommentedMap]]:
    """Every mapping that says `confirm: true`, with its path."""
    if isinstance(node, CommentedMap):
        if node.get("confirm") is True:
            yield path, node
        for key, value in node.items():
            yield from marked_for_confirmation(value, (*path, str(key)))
    elif isinstance(node, CommentedSeq):
        for place, value in enumerate(node):
            yield from marked_for_confirmation(value, (*path, place))
