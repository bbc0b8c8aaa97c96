"""Search by need (按需搜索): words of people and of the catalogue as pairs of characters, one index for both.

Chinese is written without gaps, and the PostgreSQL that the suite brings has neither a dictionary of words nor
trigrams: a text is kept as its pairs of neighbouring characters, Latin words as they are.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

_RUNS: Final = re.compile(r"[㐀-鿿豈-﫿]+|[a-z0-9]+")
_MOST_CONCEPTS: Final = 12


@dataclass(frozen=True)
class Vocabulary:
    """Words that mean the same to those who search, and words that say nothing (怎么, 办理)."""

    synonyms: tuple[tuple[str, ...], ...]
    fillers: tuple[str, ...]


@dataclass(frozen=True)
class Concept:
    """One thing that is looked for: any alternative will do, each has all its tokens in the text."""

    alternatives: tuple[frozenset[str], ...]


@dataclass(frozen=True)
class Need:
    """What is looked for; a text answers it that holds most of the concepts."""

    concepts: tuple[Concept, ...]

    @property
    def at_least(self) -> int:
        """How many concepts a text must hold: six in ten, rounded up."""
        return -(-len(self.concepts) * 6 // 10)


def normalised(text: str) -> str:
    """Full-width forms and capitals made plain."""
    return unicodedata.normalize("NFKC", text).casefold()


def tokens_of(texts: Iterable[str]) -> frozenset[str]:
    """Return all tokens of texts: single characters, pairs, Latin words."""
    found: set[str] = set()
    for text in texts:
        for run in _RUNS.findall(normalised(text)):
            found |= set(run) | _pairs(run) if _is_chinese(run) else {run}
    return frozenset(found)


def need_of(query: str, vocabulary: Vocabulary) -> Need:
    """Take a query apart: known words with what means the same, then pairs of what is left.

    A single character that is left over counts only where there is nothing else.
    """
    text = normalised(query)
    concepts = list(_concepts(_without(text, vocabulary.fillers), vocabulary)) or list(
        _concepts(text, vocabulary)
    )
    if not concepts:
        single = tokens_of([text])
        concepts = [Concept((frozenset({token}),)) for token in sorted(single)]
    return Need(tuple(dict.fromkeys(concepts))[:_MOST_CONCEPTS])


def _concepts(text: str, vocabulary: Vocabulary) -> Iterator[Concept]:
    groups = {normalised(word): group for group in vocabulary.synonyms for word in group}
    left = text
    for word in sorted(groups, key=len, reverse=True):
        if word in left:
            left = left.replace(word, " ")
            yield Concept(tuple(map(_phrase, groups[word])))
    for run in _RUNS.findall(left):
        if not _is_chinese(run):
            yield Concept((frozenset({run}),))
        for pair in sorted(_pairs(run), key=run.index) if _is_chinese(run) else ():
            yield Concept((frozenset({pair}),))


def _phrase(word: str) -> frozenset[str]:
    """The tokens that a text has which holds the word."""
    runs = _RUNS.findall(normalised(word))
    return frozenset(
        token for run in runs for token in ((_pairs(run) or {run}) if _is_chinese(run) else {run})
    )


def _without(text: str, fillers: tuple[str, ...]) -> str:
    for filler in sorted(fillers, key=len, reverse=True):
        text = text.replace(normalised(filler), " ")
    return text


def _pairs(run: str) -> set[str]:
    return {run[place : place + 2] for place in range(len(run) - 1)}


def _is_chinese(run: str) -> bool:
    return not run.isascii()
