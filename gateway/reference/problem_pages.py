"""What each problem type means: the gateway's own by its tables, the services' by their documents."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from shared.web.problems import ProblemType

# `shared.web.openapi` writes each answer's problems as: Title (标题, `slug`); Title (标题, `slug`)
_DECLARED = re.compile(r"(?:^|; )(?P<en>[^;`]+?) \((?P<zh>[^`]+?), `(?P<slug>[a-z0-9-]+)`\)")


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


def explained(kinds: Iterable[ProblemType]) -> dict[str, ExplainedProblem]:
    """Explain problem types that this process knows itself."""
    return {
        kind.slug: ExplainedProblem(
            kind.slug, int(kind.status), kind.title_zh, kind.title_en, kind.detail_zh, kind.detail_en
        )
        for kind in kinds
    }


def declared(documents: Mapping[str, Mapping[str, Any]]) -> dict[str, ExplainedProblem]:
    """Read the problem types that the services' documents declare for their operations."""
    found: dict[str, ExplainedProblem] = {}
    for service, document in sorted(documents.items()):
        for operations in document.get("paths", {}).values():
            for operation in operations.values():
                for status, answer in operation.get("responses", {}).items():
                    if status.isdigit() and int(status) >= 400:
                        found |= _in_answer(service, int(status), answer.get("description", ""))
    return found


def _in_answer(service: str, status: int, description: str) -> dict[str, ExplainedProblem]:
    return {
        match["slug"]: ExplainedProblem(match["slug"], status, match["zh"], match["en"], service=service)
        for match in _DECLARED.finditer(description)
    }
