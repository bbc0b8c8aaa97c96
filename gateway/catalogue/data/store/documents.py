"""Frozen values of the domain to JSON and back, whole."""

from typing import Any, Generic, TypeVar

from pydantic import TypeAdapter

T = TypeVar("T")


class Documents(Generic[T]):
    """Writes and reads values of one kind."""

    def __init__(self, kind: type[T]) -> None:
        self._adapter: TypeAdapter[T] = TypeAdapter(kind)

    def write(self, value: T) -> Any:
        """Return JSON-ready primitives."""
        return self._adapter.dump_python(value, mode="json")

    def read(self, content: Any) -> T:
        """Return the value that was written."""
        return self._adapter.validate_python(content)
