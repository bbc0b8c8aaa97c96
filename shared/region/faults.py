"""Faults of a region pack, each with the file and the line where the city's author finds it."""

from dataclasses import dataclass

Path = tuple[str | int, ...]


@dataclass(frozen=True, order=True)
class PackFault:
    """One thing to put right. `line` counts from 1; 0 means the pack as a whole."""

    file: str
    line: int
    where: str
    message: str

    def __str__(self) -> str:
        return ": ".join(part for part in (f"{self.file}:{self.line}", self.where, self.message) if part)


@dataclass(eq=False)
class BrokenRegionPack(Exception):
    """The pack cannot be used; `faults` holds all of them, in the order of files and lines."""

    faults: tuple[PackFault, ...]

    def __str__(self) -> str:
        return "\n".join(map(str, self.faults))


def dotted(path: Path) -> str:
    """`("schemes", 0, "key")` as `schemes[0].key`."""
    text = ""
    for part in path:
        text += f"[{part}]" if isinstance(part, int) else f".{part}" if text else part
    return text
