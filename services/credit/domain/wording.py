"""A text for persons in both languages of the suite."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Wording:
    """The same in Chinese and English."""

    zh: str
    en: str
