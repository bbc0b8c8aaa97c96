"""Field classes and masking, in one place, on the response model; the default is masked.

A response field is public unless annotated `Shared()` (another department needs a grant) or `Personal(...)` (a grant
with a purpose; masked otherwise). `disclose` returns a copy that shows exactly what was granted.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, TypeVar

from pydantic import BaseModel

M = TypeVar("M", bound=BaseModel)


class FieldClass(StrEnum):
    """Who may see a field."""

    PUBLIC = "public"
    SHARED = "shared"
    PERSONAL = "personal"


def mask_name(name: str) -> str:
    """Keep the family name: 张三 becomes 张*."""
    return name[:1] + "*" * max(1, len(name) - 1) if name else name


def mask_middle(text: str, head: int = 3, tail: int = 2) -> str:
    """Keep the first and last characters of an identity or telephone number."""
    if len(text) <= head + tail:
        return "*" * len(text)
    return text[:head] + "*" * (len(text) - head - tail) + text[-tail:]


def mask_whole(_: str) -> str:
    """Show nothing of the value."""
    return "***"


@dataclass(frozen=True)
class Shared:
    """Marks a field that another department sees only under a grant; it is left out (null) otherwise."""


@dataclass(frozen=True)
class Personal:
    """Marks personal data: shown under a grant with a purpose, masked otherwise."""

    mask: Callable[[str], str] = mask_whole


def field_class(model: type[BaseModel], name: str) -> FieldClass:
    """Return the class of a response field."""
    metadata = model.model_fields[name].metadata
    if any(isinstance(m, Personal) for m in metadata):
        return FieldClass.PERSONAL
    return FieldClass.SHARED if any(isinstance(m, Shared) for m in metadata) else FieldClass.PUBLIC


def protected_fields(model: type[BaseModel]) -> frozenset[str]:
    """Names of the fields of a model that need a grant, nested ones by dotted path."""
    found: set[str] = set()
    for name, info in model.model_fields.items():
        if field_class(model, name) is not FieldClass.PUBLIC:
            found.add(name)
        nested = _nested_model(info.annotation)
        if nested is not None:
            found |= {f"{name}.{inner}" for inner in protected_fields(nested)}
    return frozenset(found)


def disclose(model: M, granted: Collection[str], prefix: str = "") -> M:
    """Return a copy in which every protected field outside `granted` (dotted paths) is masked or left out."""
    changes: dict[str, Any] = {}
    for name, info in type(model).model_fields.items():
        path = f"{prefix}{name}"
        value = getattr(model, name)
        if path not in granted and value is not None:
            personal = next((m for m in info.metadata if isinstance(m, Personal)), None)
            if personal is not None:
                changes[name] = personal.mask(value) if isinstance(value, str) else None
                continue
            if any(isinstance(m, Shared) for m in info.metadata):
                changes[name] = None
                continue
        if isinstance(value, BaseModel):
            changes[name] = disclose(value, granted, f"{path}.")
        elif isinstance(value, list | tuple) and value and isinstance(value[0], BaseModel):
            changes[name] = type(value)(disclose(each, granted, f"{path}.") for each in value)
    return model.model_copy(update=changes)


def _nested_model(annotation: Any) -> type[BaseModel] | None:
    for candidate in (annotation, *getattr(annotation, "__args__", ())):
        if isinstance(candidate, type) and issubclass(candidate, BaseModel):
            return candidate
    return None
