"""What is wrong with something that is to be registered."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Flaw:
    """One reason: where in the request (JSON pointer), a stable code, what is wrong in both languages."""

    pointer: str
    code: str
    zh: str
    en: str
