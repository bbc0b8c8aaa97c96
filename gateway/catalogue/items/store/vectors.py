"""Tokens and needs as PostgreSQL's text search writes them; no dictionary takes part, only its index and its order."""

from collections.abc import Iterable

from gateway.catalogue.items.domain.needs import Concept

_TITLE = "A"


def vector_of(in_title: frozenset[str], elsewhere: frozenset[str]) -> str:
    """Return a tsvector: all tokens, those of the title with weight A. Tokens are letters and digits only."""
    titled = (f"'{token}':1{_TITLE}" for token in sorted(in_title))
    return " ".join((*titled, *(f"'{token}':1" for token in sorted(elsewhere - in_title))))


def query_of(concepts: Iterable[Concept], *, in_title: bool = False) -> str:
    """Return a tsquery for any of some concepts, anywhere or in the title alone."""
    weight = f":{_TITLE}" if in_title else ""
    phrases = (
        " & ".join(f"'{token}'{weight}" for token in sorted(alternative))
        for concept in concepts
        for alternative in concept.alternatives
    )
    return " | ".join(f"({phrase})" for phrase in dict.fromkeys(phrases))
