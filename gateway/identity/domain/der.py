"""Reads DER strictly, one value at a time: definite lengths in their shortest form, nothing left over.

Source: ITU-T X.690 section 10.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final, Self

SEQUENCE: Final = 0x30
SET: Final = 0x31
OBJECT_IDENTIFIER: Final = 0x06
OCTET_STRING: Final = 0x04
INTEGER: Final = 0x02


@dataclass(eq=False)
class UnreadableDer(Exception):
    """The bytes are not the DER that was expected."""


@dataclass(frozen=True)
class Der:
    """One value: its tag, its content, and all of its bytes."""

    tag: int
    content: bytes = field(repr=False)
    whole: bytes = field(repr=False)

    @classmethod
    def read(cls, data: bytes) -> Self:
        """Read the only value of some bytes; raises UnreadableDer."""
        found, rest = cls._first(data)
        if rest:
            raise UnreadableDer
        return found

    @classmethod
    def _first(cls, data: bytes) -> tuple[Self, bytes]:
        if len(data) < 2 or data[0] & 0x1F == 0x1F:
            raise UnreadableDer
        length, start = data[1], 2
        if length >= 0x80:
            start = 2 + (length & 0x7F)
            sized = data[2:start]
            length = int.from_bytes(sized)
            if not 1 <= len(sized) <= 4 or len(sized) != start - 2 or length < 0x80 or sized[0] == 0:
                raise UnreadableDer
        end = start + length
        if len(data) < end:
            raise UnreadableDer
        return cls(data[0], data[start:end], data[:end]), data[end:]

    def expect(self, tag: int) -> Self:
        """Return itself if it has this tag; raises UnreadableDer."""
        if self.tag != tag:
            raise UnreadableDer
        return self

    def children(self) -> list["Der"]:
        """Return the values within; raises UnreadableDer."""
        return list(self._children())

    def _children(self) -> Iterator["Der"]:
        rest = self.content
        while rest:
            found, rest = Der._first(rest)
            yield found

    def object_identifier(self) -> str:
        """Return a dotted object identifier; raises UnreadableDer."""
        content = self.expect(OBJECT_IDENTIFIER).content
        if not content or content[-1] & 0x80:
            raise UnreadableDer
        arcs, value = [], 0
        for byte in content:
            value = value << 7 | byte & 0x7F
            if not byte & 0x80:
                arcs.append(value)
                value = 0
        top = min(arcs[0] // 40, 2)
        return ".".join(str(arc) for arc in (top, arcs[0] - 40 * top, *arcs[1:]))
