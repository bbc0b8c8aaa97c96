"""A condition on a person's answers as data: a tiny expression tree, stored, shown and evaluated."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Annotated

from pydantic import Discriminator, Field, Tag

from shared.region.facts import Key, Record

Answer = bool | int
Bound = Annotated[int, Field(ge=-1_000_000_000, le=1_000_000_000)]


@dataclass(eq=False)
class AnswerMissing(Exception):
    """The condition asks for an answer that was not given."""

    question: str


@dataclass(eq=False)
class AnswerOfWrongType(Exception):
    """The condition compares an answer with a value of another type."""

    question: str
    expected: str


class AllOf(Record):
    conditions: Annotated[tuple["Condition", ...], Field(alias="all", min_length=1, max_length=20)]


class AnyOf(Record):
    conditions: Annotated[tuple["Condition", ...], Field(alias="any", min_length=1, max_length=20)]


class Not(Record):
    condition: Annotated["Condition", Field(alias="not")]


class Is(Record):
    answer: Key
    expected: Annotated[bool, Field(alias="is")]


class AtLeast(Record):
    answer: Key
    at_least: Bound


class AtMost(Record):
    answer: Key
    at_most: Bound


def _form(value: object) -> str | None:
    """The word that tells the forms apart, in brackets: a tag must not look like a key in an error's path."""
    if not isinstance(value, Mapping):
        return None
    words = ("all", "any", "not", "is", "at_least", "at_most")
    return next((f"<{word}>" for word in words if word in value), None)


Condition = Annotated[
    Annotated[AllOf, Tag("<all>")]
    | Annotated[AnyOf, Tag("<any>")]
    | Annotated[Not, Tag("<not>")]
    | Annotated[Is, Tag("<is>")]
    | Annotated[AtLeast, Tag("<at_least>")]
    | Annotated[AtMost, Tag("<at_most>")],
    Discriminator(
        _form,
        custom_error_type="condition_form",
        custom_error_message="a condition is one of all, any, not, or an answer with is, at_least or at_most",
    ),
]
for _model in (AllOf, AnyOf, Not):
    _model.model_rebuild()


def evaluate(condition: Condition, answers: Mapping[str, Answer]) -> bool:
    """Decide `condition` on `answers` (key of the question to its answer).

    Raises: AnswerMissing, AnswerOfWrongType. `all` and `any` stop at the first part that decides.
    """
    match condition:
        case AllOf(conditions=parts):
            return all(evaluate(part, answers) for part in parts)
        case AnyOf(conditions=parts):
            return any(evaluate(part, answers) for part in parts)
        case Not(condition=part):
            return not evaluate(part, answers)
        case Is(answer=question, expected=expected):
            return _boolean(question, answers) is expected
        case AtLeast(answer=question, at_least=bound):
            return _integer(question, answers) >= bound
        case AtMost(answer=question, at_most=bound):
            return _integer(question, answers) <= bound


def _boolean(question: str, answers: Mapping[str, Answer]) -> bool:
    answer = _given(question, answers)
    if not isinstance(answer, bool):
        raise AnswerOfWrongType(question, "boolean")
    return answer


def _integer(question: str, answers: Mapping[str, Answer]) -> int:
    answer = _given(question, answers)
    if isinstance(answer, bool) or not isinstance(answer, int):
        raise AnswerOfWrongType(question, "integer")
    return answer


def _given(question: str, answers: Mapping[str, Answer]) -> Answer:
    if question not in answers:
        raise AnswerMissing(question)
    return answers[question]


def comparisons(
    condition: Condition, path: tuple[str | int, ...] = ()
) -> Iterator[tuple[tuple[str | int, ...], Is | AtLeast | AtMost]]:
    """Every comparison in the tree with the path that leads to it."""
    match condition:
        case AllOf(conditions=parts) | AnyOf(conditions=parts):
            word = "all" if isinstance(condition, AllOf) else "any"
            for place, part in enumerate(parts):
                yield from comparisons(part, (*path, word, place))
        case Not(condition=part):
            yield from comparisons(part, (*path, "not"))
        case _:
            yield path, condition
