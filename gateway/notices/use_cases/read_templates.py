"""Reads the templates; a file that is not right stops the start."""

from importlib.resources import files
from typing import Annotated, Final

from pydantic import BaseModel, ConfigDict, Field, field_validator
from ruamel.yaml import YAML

from gateway.notices.domain.notice import NoticeKind
from gateway.notices.domain.templates import PLACES, Template, Texts, places_of

CASES_PAGE: Final = "/my/cases"
Line = Annotated[str, Field(min_length=1, max_length=300)]


class _TextsIn(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    zh: Line
    en: Line

    @field_validator("zh", "en")
    @classmethod
    def _names_known_places(cls, text: str) -> str:
        unknown = places_of(text) - PLACES
        if unknown:
            raise ValueError(f"a text names {', '.join(sorted(PLACES))}, not {', '.join(sorted(unknown))}")
        return text

    @property
    def texts(self) -> Texts:
        return Texts(self.zh, self.en)


class _TemplateIn(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    key: Annotated[str, Field(pattern=r"^[a-z_]+(\.[a-z_]+){2,3}$")]
    kind: NoticeKind
    urgent: bool = False
    path: Annotated[str, Field(pattern=r"^/[a-z/]+$")] = CASES_PAGE
    title: _TextsIn
    content: _TextsIn


class _FileIn(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    templates: tuple[_TemplateIn, ...]


def read_templates(text: str | None = None) -> dict[str, Template]:
    """Return the templates by key, of the part's own file unless told otherwise. Raises: ValueError."""
    raw = text if text is not None else files("gateway.notices").joinpath("templates.yaml").read_text("utf-8")
    listed = _FileIn.model_validate(YAML(typ="safe").load(raw)).templates
    by_key = {
        each.key: Template(each.key, each.kind, each.title.texts, each.content.texts, each.path, each.urgent)
        for each in listed
    }
    if len(by_key) < len(listed):
        raise ValueError("every template is listed once")
    return by_key
