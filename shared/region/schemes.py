"""Industry schemes (一业一证): the questions an applicant answers and the permits they call for."""

from collections.abc import Iterator, Mapping
from enum import StrEnum
from typing import Annotated

from pydantic import Field

from shared.region.conditions import Answer, Condition, Is, comparisons, evaluate
from shared.region.facts import Fact, IndustryClass, Key, Record, Text
from shared.region.forms import JsonObject, closed_object
from shared.region.names import AgencyRef, FormFieldRef, PermitItemRef, ScopeCodeRef
from shared.region.permits import Certificate


class QuestionType(StrEnum):
    BOOLEAN = "boolean"
    INTEGER = "integer"


class Question(Record):
    """One plain question; an integer has bounds and its unit in the text."""

    key: Key
    type: QuestionType
    text: Text
    minimum: Annotated[int, Field(ge=0, le=1_000_000)] | None = None
    maximum: Annotated[int, Field(ge=0, le=1_000_000)] | None = None

    def json_schema(self) -> JsonObject:
        shape: JsonObject = {"title": self.text.zh, "x-title-en": self.text.en, "type": self.type.value}
        if self.type is QuestionType.INTEGER:
            shape |= {"minimum": self.minimum, "maximum": self.maximum}
        return shape


class ComponentPermit(Fact):
    """A permit of the scheme; without a condition it belongs to the core and is always required."""

    item: PermitItemRef
    condition: Condition | None = None
    not_required_reason: Text | None = None

    def is_required(self, answers: Mapping[str, Answer]) -> bool:
        return self.condition is None or evaluate(self.condition, answers)


class IndustryScheme(Fact):
    key: Key
    name: Text
    lead_agency: AgencyRef
    gbt4754: Annotated[tuple[IndustryClass, ...], Field(min_length=1, max_length=20)]
    scope_codes: Annotated[tuple[ScopeCodeRef, ...], Field(min_length=1, max_length=50)]
    """Entries of business scope that lead to this scheme."""
    questions: Annotated[tuple[Question, ...], Field(min_length=1, max_length=30)]
    component_permits: Annotated[tuple[ComponentPermit, ...], Field(min_length=1, max_length=20)]
    common_fields: Annotated[tuple[FormFieldRef, ...], Field(min_length=1, max_length=60)]
    certificate: Certificate

    def required_permits(self, answers: Mapping[str, Answer]) -> tuple[ComponentPermit, ...]:
        """The permits that `answers` call for, in the order of the scheme. Raises as `evaluate` does."""
        return tuple(permit for permit in self.component_permits if permit.is_required(answers))

    def permits_not_required(self, answers: Mapping[str, Answer]) -> tuple[ComponentPermit, ...]:
        """The others; each has its `not_required_reason`."""
        return tuple(permit for permit in self.component_permits if not permit.is_required(answers))

    def answers_schema(self) -> JsonObject:
        """The questions as a closed JSON Schema object; every answer is required."""
        questions = {question.key: question.json_schema() for question in self.questions}
        return closed_object(questions, questions)

    def incoherences(self) -> Iterator[tuple[tuple[str | int, ...], str]]:
        types = {question.key: question.type for question in self.questions}
        for place, question in enumerate(self.questions):
            bounds = (question.minimum, question.maximum)
            if (question.type is QuestionType.INTEGER) is (None in bounds):
                yield (
                    ("questions", place),
                    "an integer question has minimum and maximum, a boolean has neither",
                )
        for place, permit in enumerate(self.component_permits):
            yield from ((("component_permits", place, *path), why) for path, why in _doubts(permit, types))


def _doubts(
    permit: ComponentPermit, types: Mapping[str, QuestionType]
) -> Iterator[tuple[tuple[str | int, ...], str]]:
    if permit.condition is None:
        return
    if permit.not_required_reason is None:
        yield ("condition",), "a permit with a condition needs a not_required_reason"
    for path, comparison in comparisons(permit.condition, ("condition",)):
        asked = types.get(comparison.answer)
        wanted = QuestionType.BOOLEAN if isinstance(comparison, Is) else QuestionType.INTEGER
        if asked is None:
            yield (*path, "answer"), f"unknown question {comparison.answer!r}"
        elif asked is not wanted:
            yield (
                (*path, "answer"),
                f"question {comparison.answer!r} is {asked.value}, compared as {wanted.value}",
            )
