"""Writes the reference of the registration events from their contracts: `python -m deploy.event_pages`."""

import json
from collections.abc import Iterator, Mapping
from itertools import groupby
from pathlib import Path
from typing import Any, Final

from deploy.contracts import published_by
from shared.messaging.contracts import Published

PAGE: Final = Path(__file__).parents[1] / "docs" / "registration" / "events.md"
_PACKAGE: Final = "services.registration"
_HEAD: Final = """\
<!-- Written by `python -m deploy.event_pages` from services/registration/published. -->
# Events of the register (登记事件)

One event per fact that another department acts on, with what that department needs to act without asking. Every event
is a CloudEvent 1.0 whose `subject` is the key of what it is about; its schema is served at
`/registration/v1/contracts/<name>.json`. To follow them: [following events](../following-events.md); how they replace
a department's own register: [replace your register](replace-your-register.md). Optional fields are marked `?`.
"""


def page() -> str:
    """The whole page."""
    events = sorted(published_by(_PACKAGE), key=lambda each: (each.type.aggregate, each.type.verb))
    parts = [_HEAD]
    for aggregate, kinds in groupby(events, key=lambda each: each.type.aggregate):
        parts.append(f"## {aggregate}\n")
        told: dict[type[Any], str] = {}
        for kind in kinds:
            parts.append("\n".join(_event(kind, told)))
    return "\n".join(parts)


def _event(kind: Published, told: dict[type[Any], str]) -> Iterator[str]:
    """An event; fields that an earlier one of the same shape has are not listed again."""
    yield f"### `{kind.type.name}`\n"
    yield f"{kind.summary}\n"
    earlier = told.setdefault(kind.payload, kind.type.name)
    if earlier != kind.type.name:
        yield f"Data: as of `{earlier}`.\n"
        return
    schema = kind.payload.model_json_schema(mode="serialization")
    required = set(schema.get("required", ()))
    yield "| field | type | meaning |"
    yield "|---|---|---|"
    for name, member in schema["properties"].items():
        mark = "" if name in required else "?"
        yield f"| `{name}`{mark} | {_type(member, schema)} | {member.get('description', '')} |"
    example = json.dumps(kind.example.model_dump(mode="json"), ensure_ascii=False, indent=2)
    yield f"\n<details><summary>Example</summary>\n\n```json\n{example}\n```\n\n</details>\n"


def _type(member: Mapping[str, Any], schema: Mapping[str, Any]) -> str:
    if "$ref" in member:
        named = schema["$defs"][member["$ref"].rpartition("/")[2]]
        if "enum" in named:
            return ", ".join(f"`{value}`" for value in named["enum"])
        return "object: " + ", ".join(f"`{name}`" for name in named["properties"])
    if "anyOf" in member:
        return " or ".join(_type(each, schema) for each in member["anyOf"])
    if member.get("type") == "array":
        return f"list of {_type(member['items'], schema)}"
    if "const" in member:
        return f"`{member['const']}`"
    if "enum" in member:
        return ", ".join(f"`{value}`" for value in member["enum"])
    return str(member.get("format") or member.get("type", "any"))


def main() -> None:
    """Write the page."""
    PAGE.write_text(page())


if __name__ == "__main__":
    main()
