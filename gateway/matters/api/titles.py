"""A title in both languages, as every answer of this part shows it."""

from pydantic import Field

from gateway.matters.domain.model import Title
from shared.web.fields import ResponseModel


class TitleOut(ResponseModel):
    zh: str = Field(examples=["公章刻制"])
    en: str = Field(examples=["Company seals"])

    @classmethod
    def of(cls, title: Title) -> "TitleOut":
        return cls(zh=title.zh, en=title.en)
