"""What each problem type means: the gateway's own by its tables, the services' by their documents."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from gateway.reference.documents import Document
from shared.web.openapi import PROBLEMS_KEY
from shared.web.problems import ProblemType


@dataclass(frozen=True)
class ExplainedProblem:
    """A problem type as a person reads it."""

    slug: str
    status: int
    title_zh: str
    title_en: str
    detail_zh: str = ""
    detail_en: str = ""
    service: str = "gateway"


class _InBothLanguages(BaseModel):
    model_config = ConfigDict(extra="ignore")

    zh: Annotated[str, Field(alias="zh-CN")]
    en: str


class _Told(BaseModel):
    model_config = ConfigDict(extra="ignore")

    status: int
    title: _InBothLanguages
    detail: _InBothLanguages


_TOLD = TypeAdapter(dict[str, _Told])


def explained(kinds: Iterable[ProblemType]) -> dict[str, ExplainedProblem]:
    """Explain problem types that this process knows itself."""
    return {
        kind.slug: ExplainedProblem(
            kind.slug, int(kind.status), kind.title_zh, kind.title_en, kind.detail_zh, kind.detail_en
        )
        for kind in kinds
    }


def declared(documents: Mapping[str, Document]) -> dict[str, ExplainedProblem]:
    """Read the problem types that the documents declare under `x-problems`; a malformed table tells nothing."""
    found: dict[str, ExplainedProblem] = {}
    for service, document in sorted(documents.items()):
        try:
            told = _TOLD.validate_python(document.get(PROBLEMS_KEY, {}))
        except ValidationError:
            continue  # a service of another release: its problems have no page, all else works
        for slug, kind in told.items():
            page = ExplainedProblem(
                *(slug, kind.status, kind.title.zh, kind.title.en, kind.detail.zh, kind.detail.en),
                service=service,
            )
            found.setdefault(slug, page)
    return found
