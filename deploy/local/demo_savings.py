"""What was saved: fields that the person typed, and fields that the departments would have asked for."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from shared.region import typed_fields

Json = Mapping[str, Any]


@dataclass(frozen=True)
class Asked:
    """What one department's own form asked for, before facts were shared."""

    key: str
    title: Json
    agency: Json
    fields: int


@dataclass(frozen=True)
class Savings:
    """Counted from the theme's schema as it was served and the form as it was sent."""

    typed: int
    asked: tuple[Asked, ...]

    @property
    def departments_total(self) -> int:
        return sum(each.fields for each in self.asked)

    @property
    def saved_percent(self) -> int:
        total = self.departments_total
        return round(100 * (total - self.typed) / total) if total else 0


def savings_of(
    theme: Json, form: Json, parts_there: Collection[str], required_permits: Iterable[str]
) -> Savings:
    """Of the parts that the matter has. A list of records counts each part of it that was typed once, on both sides."""
    schema = theme["form"]
    wanted = set(required_permits)
    parts = [part for part in (*theme["steps"], *theme["tasks"]) if part["key"] in parts_there]
    parts += [permit for permit in theme["permits"] if permit["key"] in wanted]
    asked = tuple(
        Asked(
            part["key"],
            part["title"],
            part["agency"]["name"],
            sum(_width(schema, form, name) for name in part["form_fields"]),
        )
        for part in parts
    )
    return Savings(len([pointer for pointer in typed_fields(dict(schema)) if _is_in(form, pointer)]), asked)


def _width(schema: Json, form: Json, name: str) -> int:
    part = schema["properties"].get(name)
    typed = typed_fields(dict(part)) if part is not None else ()
    return max(1, sum(_is_in(form, f"/{name}{pointer}") for pointer in typed))


def _is_in(form: Any, pointer: str) -> bool:
    steps = pointer.strip("/").split("/")
    return _reaches(form, steps)


def _reaches(value: Any, steps: list[str]) -> bool:
    if not steps:
        return True
    first, *rest = steps
    if first == "*":
        return isinstance(value, list) and any(_reaches(each, rest) for each in value)
    return isinstance(value, Mapping) and first in value and _reaches(value[first], rest)
