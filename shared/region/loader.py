"""Loads a region pack: reads all files, reports every fault at once, or gives back the finished pack."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path as FilePath
from typing import Any, Final, Protocol, get_args, get_origin, runtime_checkable

from pydantic import BaseModel, TypeAdapter, ValidationError

from shared.region.faults import BrokenRegionPack, PackFault, Path
from shared.region.names import Names, gather_names
from shared.region.pack import RegionPack, UnconfirmedFact
from shared.region.pages import Pages, Section, digest_of, marked_for_confirmation, read_pages

SECTIONS: Final = tuple(
    name for name in RegionPack.model_fields if name not in ("version", "unconfirmed_facts")
)


@runtime_checkable
class _Coherent(Protocol):
    """A part of the pack that checks what no single field can say."""

    def incoherences(self) -> Iterator[tuple[Path, str]]: ...


def load_region_pack(directory: FilePath) -> RegionPack:
    """Load and validate the pack in `directory`: all its `*.yaml` files together.

    Raises: BrokenRegionPack with every fault found, each naming file and line.
    """
    version = digest_of(directory)
    if version not in _loaded:
        _loaded[version] = _load(directory, version)
    return _loaded[version]


# A pack is frozen: a process that needs the same one twice (its API and its worker, a test) reads it once.
_loaded: Final[dict[str, RegionPack]] = {}


def _load(directory: FilePath, version: str) -> RegionPack:
    pages = read_pages(directory)
    raw = {name: section.node.value for name, section in pages.sections.items()}
    builder = _Builder(gather_names(raw), [*pages.faults, *_strange_sections(pages)])
    built = {name: builder.section(pages.sections[name], raw[name]) for name in SECTIONS if name in raw}
    faults = {*builder.faults, *_missing_sections(pages, directory.name), *_repeated_keys(pages, raw)}
    if faults:
        raise BrokenRegionPack(tuple(sorted(faults)))
    marks = [mark for section in pages.sections.values() for mark in _unconfirmed(section)]
    marks.sort(key=lambda mark: (mark.file, mark.line))
    return RegionPack.model_validate({**built, "version": version, "unconfirmed_facts": tuple(marks)})


@dataclass(frozen=True)
class _Builder:
    """Builds the parts of a pack against the names it defines, and collects what is wrong with them."""

    names: Names
    faults: list[PackFault]

    def section(self, section: Section, raw: object) -> object:
        """Build one section; a list entry by entry, so that a broken entry hides no fault of another."""
        annotation = RegionPack.model_fields[section.name].annotation
        if get_origin(annotation) is not tuple:
            return self._part(section, (), annotation, raw)
        if not isinstance(raw, list) or not raw:
            self.faults.append(section.fault((), "must be a list with at least one entry"))
            return ()
        element = get_args(annotation)[0]
        return tuple(self._part(section, (place,), element, entry) for place, entry in enumerate(raw))

    def _part(self, section: Section, path: Path, annotation: Any, raw: object) -> object:
        try:
            part: BaseModel = TypeAdapter(annotation).validate_json(json.dumps(raw), context=self.names)
        except ValidationError as refusal:
            self.faults.extend(section.fault((*path, *where), why) for where, why in _reasons(refusal))
            return None
        self.faults.extend(section.fault((*path, *inside), why) for inside, why in _incoherences(part))
        return part


def _reasons(refusal: ValidationError) -> Iterator[tuple[Path, str]]:
    """Each error of `refusal`, less the lists that only look short because their entries are broken."""
    errors = refusal.errors(include_url=False, include_input=False)
    for error in errors:
        where = error["loc"]
        is_echo = any(other["loc"] != where and other["loc"][: len(where)] == where for other in errors)
        if error["type"] != "too_short" or not is_echo:
            yield where, error["msg"]


def _incoherences(part: object) -> Iterator[tuple[Path, str]]:
    if isinstance(part, _Coherent):
        yield from part.incoherences()


def _strange_sections(pages: Pages) -> Iterator[PackFault]:
    for section in pages.sections.values():
        if section.name not in SECTIONS:
            yield section.fault((), f"unknown section; a pack has {', '.join(SECTIONS)}")


def _missing_sections(pages: Pages, pack: str) -> Iterator[PackFault]:
    if pages.sections:
        for name in SECTIONS:
            if name not in pages.sections:
                yield PackFault(pack, 0, name, "section is missing: no file of the pack has it")


def _repeated_keys(pages: Pages, raw: Mapping[str, object]) -> Iterator[PackFault]:
    for name, value in raw.items():
        for path, attribute, key in _repetitions(value, ()):
            yield pages.sections[name].fault((*path, attribute), f"{key!r} is defined twice")


def _repetitions(value: object, path: Path) -> Iterator[tuple[Path, str, str]]:
    """Entries of one list that carry the same key or code."""
    if isinstance(value, dict):
        for name, part in value.items():
            yield from _repetitions(part, (*path, name))
    if not isinstance(value, list):
        return
    seen: set[tuple[str, str]] = set()
    for place, entry in enumerate(value):
        yield from _repetitions(entry, (*path, place))
        for attribute in ("key", "code", "uscc"):
            key = entry.get(attribute) if isinstance(entry, dict) else None
            if isinstance(key, str):
                if (attribute, key) in seen:
                    yield (*path, place), attribute, key
                seen.add((attribute, key))


def _unconfirmed(section: Section) -> Iterator[UnconfirmedFact]:
    for path, mapping in marked_for_confirmation(section.node):
        place = section.fault(path, "")
        note = mapping.get("note")
        yield UnconfirmedFact(
            file=place.file,
            line=place.line,
            where=_name_of(place.where, mapping),
            src=str(mapping.get("src", "")),
            note=None if note is None else str(note),
        )


def _name_of(where: str, mapping: Mapping[str, object]) -> str:
    name = mapping.get("key") or mapping.get("code") or mapping.get("word")
    return f"{where} ({name})" if name else where
