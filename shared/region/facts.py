"""What every part of a region pack is made of: frozen records, sourced facts and texts in two languages."""

import re
from decimal import Decimal
from typing import Annotated, Final

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationInfo, field_validator
from pydantic_core import PydanticCustomError

DOUBTFUL_SOURCE: Final = re.compile(r"\bown\b|unverified|\[U\]")

Key = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$", max_length=64)]
DottedKey = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)+$", max_length=99)]
Line = Annotated[str, StringConstraints(min_length=1, max_length=500, pattern=r"^\S")]
DivisionCode = Annotated[str, StringConstraints(pattern=r"^[1-9]\d{5}$")]
TownCode = Annotated[str, StringConstraints(pattern=r"^[1-9]\d{8}$")]
IndustryClass = Annotated[str, StringConstraints(pattern=r"^[A-T]\d{4}$")]
"""A class of GB/T 4754 with its section letter, such as H6210."""
Points = Annotated[Decimal, Field(ge=-1000, le=1000, decimal_places=2)]


class Record(BaseModel):
    """A part of a fact: immutable, strictly typed, without unknown fields."""

    model_config = ConfigDict(frozen=True, strict=True, extra="forbid")


class Text(Record):
    """A text for persons, in both languages of the suite."""

    zh: Line
    en: Line

    def localized(self, language: str) -> str:
        """The English text for `en` and its variants (`en-GB`), otherwise the Chinese one."""
        return self.en if language.lower().partition("-")[0] == "en" else self.zh


class Fact(Record):
    """Something the pack claims: `src` says on what it rests, `confirm` that the city must still confirm it.

    A source that marks itself as doubtful (`own`, `unverified`, `[U]`) cannot pass without `confirm: true`.
    """

    src: Line
    confirm: Annotated[bool, Field(validate_default=True)] = False
    note: Line | None = None

    @field_validator("confirm")
    @classmethod
    def _doubt_is_marked(cls, confirm: bool, about: ValidationInfo) -> bool:
        src = str(about.data.get("src", ""))
        if not confirm and DOUBTFUL_SOURCE.search(src):
            raise PydanticCustomError(
                "unmarked_doubt", "src '{src}' is not a source yet: needs confirm: true", {"src": src}
            )
        return confirm
