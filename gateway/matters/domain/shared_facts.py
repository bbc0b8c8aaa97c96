"""Which shared facts a department reads with its task: what it receives, less what no grant opens."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from gateway.matters.domain.model import Receivable, Title


class Openness(StrEnum):
    """Class of a field in the catalogue (共享目录)."""

    PUBLIC = "public"
    SHARED = "shared"
    PERSONAL = "personal"


@dataclass(frozen=True)
class SharedFact:
    """A fact in the task; withheld means that the department has no grant for it and so no value."""

    key: str
    title: Title
    value: Any
    openness: Openness
    is_withheld: bool


def facts_for(
    receives: Sequence[Receivable],
    *,
    form: Mapping[str, Any],
    known: Mapping[str, Any],
    openness: Mapping[str, Openness],
    granted: Collection[str],
    confidential: Collection[str] = (),
) -> tuple[SharedFact, ...]:
    """Put the facts together; `known`, `openness` and `granted` go by the facts' sources.

    A fact that only the form has was typed for its departments; a registered one follows its class. Of
    `confidential` ones the department is told that they are there.
    """
    facts = []
    for receivable in receives:
        kind = openness.get(receivable.source or "", Openness.PUBLIC)
        ungranted = kind is not Openness.PUBLIC and receivable.source not in granted
        withheld = ungranted or receivable.key in confidential
        value = form.get(receivable.key, known.get(receivable.source or ""))
        facts.append(
            SharedFact(receivable.key, receivable.title, None if withheld else value, kind, withheld)
        )
    return tuple(facts)
