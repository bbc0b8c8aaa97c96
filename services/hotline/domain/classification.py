"""Which category a request belongs to, by the words of the region's tree: deterministic and explained.

Weights are in characters. A category is a candidate when one of its own words occurs or the requester named
it; words of its ancestors then count for it too, so that the most exact category wins. A word inside a longer
word of the tree that stands at the same place does not count (公积金 inside 单位公积金).
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from services.hotline.domain.desk import Category

NAMED_WEIGHT: Final = 3
"""What the requester's own choice weighs: as much as one word of three characters."""
_THOUSANDTH: Final = Decimal("0.001")


@dataclass(frozen=True)
class Classification:
    """The category, how sure it is (0 to 1), the words that led there, another unit's strongest category."""

    category: str | None
    confidence: Decimal
    words: tuple[str, ...] = ()
    rival: str | None = None


UNCLASSIFIED: Final = Classification(None, Decimal("0.000"))


def classify(content: str, tree: Mapping[str, Category], named: str | None = None) -> Classification:
    """Find the category of a request.

    Confidence is the share of the best category against the strongest one of another agency, times s/(s+1)
    for its weight s: one word of two characters without rival gives 0.667, a tie at most 0.5.
    """
    found = _words_found(content, tree.values())
    weights = {
        category.key: sum(len(w) for k in category.lineage for w in found.get(k, ()))
        + (NAMED_WEIGHT if named in category.lineage else 0)
        for category in tree.values()
        if category.key in found or category.key == named
    }
    if not weights:
        return UNCLASSIFIED
    best = tree[max(weights, key=lambda key: (weights[key], len(tree[key].lineage)))]
    weight = weights[best.key]
    rivals = [
        key for key in weights if tree[key].agency_uscc != best.agency_uscc and not tree[key].is_related(best)
    ]
    rival = max(rivals, key=lambda key: weights[key], default=None)
    against = weights[rival] if rival is not None else 0
    share = Decimal(weight) / (weight + against)
    return Classification(
        category=best.key,
        confidence=(share * weight / (weight + 1)).quantize(_THOUSANDTH),
        words=tuple(w for k in best.lineage for w in found.get(k, ())),
        rival=rival,
    )


def _words_found(content: str, tree: Iterable[Category]) -> dict[str, tuple[str, ...]]:
    """The tree's words that occur on their own somewhere, by category, each once."""
    spans: dict[tuple[int, int], list[tuple[str, str]]] = {}
    for category in tree:
        for word in category.keywords:
            for start in _occurrences(content, word):
                spans.setdefault((start, start + len(word)), []).append((category.key, word))
    found: dict[str, dict[str, None]] = {}
    reached = -1
    for start, end in sorted(spans, key=lambda span: (span[0], -span[1])):
        if end > reached:
            reached = end
            for key, word in spans[start, end]:
                found.setdefault(key, {})[word] = None
    return {key: tuple(words) for key, words in found.items()}


def _occurrences(content: str, word: str) -> Iterator[int]:
    start = content.find(word)
    while start >= 0:
        yield start
        start = content.find(word, start + 1)
