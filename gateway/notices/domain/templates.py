"""Templates of notices: texts in both languages with named places, and nothing of a person in them."""

import string
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from gateway.notices.domain.notice import Language, NoticeKind

PLACES: Final = frozenset({"case_no", "title", "step", "due", "amount", "number"})
"""What a text may name: the number and title of the case, a step, a due time, an amount, a tracking number."""


@dataclass(frozen=True)
class Texts:
    """A text in both languages."""

    zh: str
    en: str

    def in_language(self, language: Language) -> str:
        """The text in one of them."""
        return self.en if language is Language.EN else self.zh


@dataclass(frozen=True)
class Template:
    """What is said of one kind of event, or of one variant of it; `urgent` ones do not wait for the morning."""

    key: str
    kind: NoticeKind
    title: Texts
    content: Texts
    path: str
    urgent: bool = False


def places_of(text: str) -> frozenset[str]:
    """Return the places that a text names. Raises: ValueError for braces that are none."""
    found = list(string.Formatter().parse(text))
    if any(spec or conversion for _, name, spec, conversion in found if name is not None):
        raise ValueError("a place has a name and nothing else")
    return frozenset(name for _, name, _, _ in found if name is not None)


def render(text: str, values: Mapping[str, str]) -> str:
    """Fill the places; one without value is a dash."""
    return text.format_map({place: values.get(place, "—") for place in PLACES})
