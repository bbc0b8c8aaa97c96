"""A text for persons."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Wording:
    """One text in both languages."""

    zh: str
    en: str
