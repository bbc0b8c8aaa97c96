"""Matters (一件事): what is wanted done once, cut into steps and department tasks that wait for one another."""

from collections.abc import Iterator
from enum import StrEnum
from graphlib import CycleError, TopologicalSorter
from typing import Annotated, Final

from pydantic import Field, StringConstraints

from shared.identifiers.service_item import CrossRegionMode
from shared.region.facts import Fact, Key, Line, Record, Text
from shared.region.handling import ThemeSubject
from shared.region.names import (
    AgencyRef,
    FormFieldRef,
    KindRef,
    LimitRef,
    SchemeRef,
    ServiceItemRef,
    StageRef,
)
from shared.region.theme_parts import Consolidation, FilingKind, OnlyIf, Option, PackageSection

ENTERPRISE_REGISTERED: Final = "enterprise.registered"
ENTERPRISE_CHANGED: Final = "enterprise.changed"
"""What parts may wait for beside other parts: the register has the enterprise, or tells what it changed of it."""

Dependency = Annotated[
    str, StringConstraints(pattern=r"^([a-z][a-z0-9_]*|enterprise\.(registered|changed))$", max_length=64)
]
Place = tuple[str | int, ...]


class StepKind(StrEnum):
    FILING = "filing"
    EXIT_NOTICE = "exit_notice"
    """The public notice before a simple deregistration (简易注销公告)."""
    PERMIT_APPLICATION = "permit_application"


class FreeOffer(Record):
    """Something the person gets without paying."""

    key: Key
    name: Text


class Part(Fact):
    """A part of a theme. It begins when all that it comes `after` is done, and its fee, if any, is paid.

    Without an `is_optional` part the rest can be finished, where its department refuses it and the applicant agrees.
    A part with `only_if` is in a case only where all of it holds; nothing waits for one that is not there.
    """

    key: Key
    title: Text
    agency: AgencyRef
    limit: LimitRef
    after: Annotated[tuple[Dependency, ...], Field(max_length=20)] = ()
    form_fields: Annotated[tuple[FormFieldRef, ...], Field(min_length=1, max_length=60)]
    """What the agency's own form asked for when a person came to it alone."""
    fee_fen: Annotated[int, Field(ge=0, le=10**9)] = 0
    fee_basis: Line | None = None
    is_optional: bool = False
    only_if: Annotated[tuple[OnlyIf, ...], Field(max_length=5)] = ()
    package_section: PackageSection | None = None
    """Where in the start-up package its result lies."""


class Step(Part):
    """A part that a service of the suite carries out; of a filing, which one."""

    kind: StepKind
    filing_kind: FilingKind = FilingKind.ESTABLISHMENT

    @property
    def is_establishment(self) -> bool:
        """Whether it registers the enterprise."""
        return self.kind is StepKind.FILING and self.filing_kind is FilingKind.ESTABLISHMENT


class DepartmentTask(Part):
    """A part that a department without a service in the suite carries out.

    One with `told_of` is only for a change of one of these fields of the register, and is told what was and what is
    (变更信息推送); one with `spared_when_clear` is only for an enterprise with open matters or not in normal state.
    """

    receives: Annotated[tuple[FormFieldRef, ...], Field(min_length=1, max_length=60)]
    """Shared fields that are handed to the department instead of asked for."""
    free: Annotated[tuple[FreeOffer, ...], Field(max_length=20)] = ()
    item: ServiceItemRef | None = None
    """The service item that the department carries out here; it says whether a law asks the applicant to come."""
    told_of: Annotated[tuple[Key, ...], Field(max_length=40)] = ()
    outcomes: Annotated[tuple[Key, ...], Field(max_length=10)] = ()
    """What the department's result may say under `status`; without, it says what it likes."""
    spared_when_clear: bool = False


class Matter(Fact):
    """A theme. With a filing among its steps it makes its enterprise; else an enterprise's theme is for one that is.

    `only_at_home` is the legal basis on which it is not accepted at every office; without, it is.
    """

    key: Key
    title: Text
    subject: ThemeSubject = ThemeSubject.ENTERPRISE
    stage: StageRef
    lead_agency: AgencyRef
    limit: LimitRef
    limit_when_clear: LimitRef | None = None
    """Holds instead for an enterprise in normal state of which nothing is open (正常户且无未办结事项)."""
    items: Annotated[tuple[Line, ...], Field(max_length=60)] = ()
    """Codes of the service items that it bundles."""
    cross_region: CrossRegionMode | None = None
    only_at_home: Line | None = None
    enterprise_kinds: Annotated[tuple[KindRef, ...], Field(max_length=20)] = ()
    scheme: SchemeRef | None = None
    shared_fields: Annotated[tuple[FormFieldRef, ...], Field(min_length=1, max_length=60)]
    """What the person types, each fact once, whoever needs it."""
    options: Annotated[tuple[Option, ...], Field(max_length=10)] = ()
    consolidation: Consolidation | None = None
    steps: Annotated[tuple[Step, ...], Field(max_length=20)] = ()
    tasks: Annotated[tuple[DepartmentTask, ...], Field(max_length=30)] = ()

    @property
    def parts(self) -> tuple[Part, ...]:
        """Steps and tasks."""
        return (*self.steps, *self.tasks)

    @property
    def makes_enterprise(self) -> bool:
        """Whether a step of it registers the enterprise."""
        return any(step.is_establishment for step in self.steps)

    @property
    def is_for_registered(self) -> bool:
        """Whether it is opened for an enterprise that is in the register."""
        return self.subject is ThemeSubject.ENTERPRISE and not self.makes_enterprise

    def incoherences(self) -> Iterator[tuple[Place, str]]:
        yield from self._form_faults()
        yield from self._part_faults()
        yield from self._dependency_faults()

    def _form_faults(self) -> Iterator[tuple[Place, str]]:
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
        for place, option in enumerate(self.options):
            for name in (option.field, *option.fields):
                if name not in seen:
                    yield ("options", place), f"{name!r} is not among shared_fields"

    def _part_faults(self) -> Iterator[tuple[Place, str]]:
        if not self.parts:
            yield ("tasks",), "a matter has a step or a task"
        if self.makes_enterprise is not bool(self.enterprise_kinds):
            yield (
                ("enterprise_kinds",),
                "a matter that makes its enterprise names kinds, and only such a one",
            )
        keys = [part.key for part in self.parts]
        for place, part in self._placed():
            if keys.count(part.key) > 1:
                yield (*place, "key"), f"{part.key!r} is another part's key too"
            if (part.fee_fen > 0) is not (part.fee_basis is not None):
                yield (*place, "fee_basis"), "a fee has its basis, and only a fee"
        for number, task in enumerate(self.tasks):
            if task.told_of and ENTERPRISE_CHANGED not in task.after:
                yield ("tasks", number, "after"), f"who is told of changes waits for {ENTERPRISE_CHANGED!r}"
        for number, step in enumerate(self.steps):
            if step.kind is StepKind.PERMIT_APPLICATION and self.scheme is None:
                yield ("steps", number, "kind"), "a permit application needs an industry scheme"

    def _dependency_faults(self) -> Iterator[tuple[Place, str]]:
        keys = {part.key for part in self.parts}
        of_register = {ENTERPRISE_REGISTERED, ENTERPRISE_CHANGED}
        known = keys | (of_register if self.subject is ThemeSubject.ENTERPRISE else set())
        for place, part in self._placed():
            for number, name in enumerate(part.after):
                if name not in known:
                    yield (*place, "after", number), f"nothing in this matter is called {name!r}"
        try:
            TopologicalSorter({part.key: set(part.after) & keys for part in self.parts}).prepare()
        except CycleError as ring:
            yield ("tasks",), "parts wait for one another in a ring: " + " -> ".join(ring.args[1])
        filings = {step.key for step in self.steps if step.kind is StepKind.FILING}
        for number, step in enumerate(self.steps):
            if step.key in filings and of_register & set(step.after):
                yield ("steps", number, "after"), "a filing cannot wait for what it makes"

    def _placed(self) -> Iterator[tuple[Place, Part]]:
        for number, step in enumerate(self.steps):
            yield ("steps", number), step
        for number, task in enumerate(self.tasks):
            yield ("tasks", number), task
