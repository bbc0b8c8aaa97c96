"""A type of event in the published language, as a service declares it."""

from dataclasses import dataclass


@dataclass(frozen=True)
class DeclaredType:
    """CloudEvents type, NATS subject, path of its JSON Schema, what it tells."""

    name: str
    nats_subject: str
    schema_path: str
    summary: str


@dataclass(frozen=True)
class Directory:
    """All declared types, and the services that could not be asked: what they publish may be missing."""

    types: tuple[DeclaredType, ...]
    unreachable: tuple[str, ...]

    def names(self) -> frozenset[str]:
        """Names of all declared types."""
        return frozenset(declared.name for declared in self.types)
