"""Matters (一件事): what a person wants done once, cut into steps and department tasks."""

from collections.abc import Iterator
from enum import StrEnum
from typing import Annotated

from pydantic import Field

from shared.region.facts import DottedKey, Fact, Key, Record, Text
from shared.region.names import AgencyRef, FormFieldRef, KindRef, LimitRef, SchemeRef


class StepKind(StrEnum):
    FILING = "filing"
    PERMIT_APPLICATION = "permit_application"


class FreeOffer(Record):
    """Something the person gets without paying."""

    key: Key
    name: Text


class Step(Fact):
    """A part that a service of the suite carries out; `after` is the event that lets it begin."""

    key: Key
    kind: StepKind
    title: Text
    agency: AgencyRef
    limit: LimitRef
    after: DottedKey | None = None
    form_fields: Annotated[tuple[FormFieldRef, ...], Field(min_length=1, max_length=60)]
    """What the agency's own form asked for when a person came to it alone."""


class DepartmentTask(Fact):
    """A part that a department without a service in the suite carries out on an event."""

    key: Key
    title: Text
    agency: AgencyRef
    limit: LimitRef
    after: DottedKey
    form_fields: Annotated[tuple[FormFieldRef, ...], Field(min_length=1, max_length=60)]
    receives: Annotated[tuple[FormFieldRef, ...], Field(min_length=1, max_length=60)]
    """Shared fields that are handed to the department instead of asked for."""
    fee_fen: Annotated[int, Field(ge=0, le=10**9)]
    free: Annotated[tuple[FreeOffer, ...], Field(max_length=20)] = ()


class Matter(Fact):
    key: Key
    title: Text
    lead_agency: AgencyRef
    limit: LimitRef
    enterprise_kinds: Annotated[tuple[KindRef, ...], Field(min_length=1, max_length=20)]
    scheme: SchemeRef | None = None
    shared_fields: Annotated[tuple[FormFieldRef, ...], Field(min_length=1, max_length=60)]
    """What the person types, each fact once, whoever needs it."""
    steps: Annotated[tuple[Step, ...], Field(min_length=1, max_length=20)]
    tasks: Annotated[tuple[DepartmentTask, ...], Field(max_length=30)] = ()

    def incoherences(self) -> Iterator[tuple[tuple[str | int, ...], str]]:
        seen: set[str] = set()
        for place, name in enumerate(self.shared_fields):
            if name in seen:
                yield ("shared_fields", place), f"{name!r} is asked twice"
            seen.add(name)
        for place, task in enumerate(self.tasks):
            for number, name in enumerate(task.receives):
                if name not in task.form_fields:
                    yield (
                        ("tasks", place, "receives", number),
                        f"{name!r} is not among form_fields",
                    )
