"""How a system outside the suite is connected (对接约定): what it sends, follows and calls.

`gateway/integrations/systems.yaml` holds them; a datum's kind there is one short text, which becomes JSON Schema here.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

EXTERNAL_PREFIX: Final = "cn.tongban.external."
EVERYBODY: Final = "*"
_USCC: Final = {"type": "string", "pattern": "^[0-9A-HJ-NPQRTUWXY]{18}$"}


@dataclass(frozen=True)
class Text:
    """Both languages."""

    zh: str
    en: str


@dataclass(frozen=True)
class SentEvent:
    """A kind of event that the system sends; `open_to` are keys of agencies that may follow it."""

    system: str
    verb: str
    subject: str
    summary: Text
    data: Mapping[str, str]
    example: Mapping[str, Any]
    open_to: tuple[str, ...]

    @property
    def type(self) -> str:
        """CloudEvents type."""
        return f"{EXTERNAL_PREFIX}{self.system}.{self.verb}.v1"

    def is_open_to(self, agency: str) -> bool:
        """Whether the agency of this key may follow it."""
        return EVERYBODY in self.open_to or agency in self.open_to

    def schema(self) -> dict[str, Any]:
        """JSON Schema (2020-12) of the event's data."""
        required = [name for name in self.data if not name.endswith("?")]
        return {
            "type": "object",
            "additionalProperties": False,
            "required": required,
            "properties": {name.rstrip("?"): schema_of(kind) for name, kind in self.data.items()},
        }


@dataclass(frozen=True)
class Call:
    """A call that the system makes to the suite; without a scope it needs no token."""

    method: str
    path: str
    scope: str | None
    why: Text


@dataclass(frozen=True)
class System:
    """A system outside; `agency` is the key of the agency that answers for it in the region pack."""

    key: str
    rows: tuple[str, ...]
    title: Text
    agency: str
    purpose: Text
    sends: tuple[SentEvent, ...]
    follows: tuple[str, ...]
    calls: tuple[Call, ...]
    tasks: tuple[str, ...]
    takes_files: bool

    def event(self, verb: str) -> SentEvent | None:
        """The kind of event of this name."""
        return next((each for each in self.sends if each.verb == verb), None)


@dataclass(frozen=True)
class WithoutInterface:
    """A row of the requirements that names a system but no interface, and why there is none."""

    row: str
    reason: Text


@dataclass(frozen=True)
class Contracts:
    """All of them."""

    systems: tuple[System, ...]
    without_interface: tuple[WithoutInterface, ...]

    def system(self, key: str) -> System | None:
        """The system of this name."""
        return next((each for each in self.systems if each.key == key), None)

    def open_to(self, agency: str) -> tuple[SentEvent, ...]:
        """Every kind of event that the agency of this key may follow."""
        return tuple(each for system in self.systems for each in system.sends if each.is_open_to(agency))

    def event(self, event_type: str) -> SentEvent | None:
        """The kind of event of this CloudEvents type."""
        parts = event_type.removeprefix(EXTERNAL_PREFIX).split(".")
        if not event_type.startswith(EXTERNAL_PREFIX) or len(parts) != 3 or parts[2] != "v1":
            return None
        system = self.system(parts[0])
        return system.event(parts[1]) if system else None


def schema_of(kind: str) -> dict[str, Any]:
    """JSON Schema of one datum. Raises: ValueError for a kind that is not known."""
    word, _, rest = kind.partition(" ")
    match word:
        case "uscc":
            return dict(_USCC)
        case "date":
            return {"type": "string", "format": "date"}
        case "division":
            return {"type": "string", "pattern": "^[0-9]{6}$"}
        case "material":
            return {"type": "string", "format": "uuid"}
        case "code":
            return {"type": "string", "pattern": f"^[A-Za-z0-9-]{{1,{int(rest)}}}$"}
        case "text":
            return {"type": "string", "minLength": 1, "maxLength": int(rest)}
        case "integer":
            least, _, most = rest.partition("..")
            bounds = {"minimum": int(least)} | ({"maximum": int(most)} if most else {})
            return {"type": "integer", **bounds}
        case "one" if rest.startswith("of "):
            return {"enum": rest.removeprefix("of ").split()}
    raise ValueError(f"no such kind of datum: {kind!r}")
