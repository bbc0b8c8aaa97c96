"""How matters are handled here (办理规则): life-cycle stages, drafts, warnings and who is told when time runs out."""

from collections.abc import Iterator
from enum import StrEnum
from typing import Annotated

from pydantic import Field

from shared.region.facts import Fact, Key, Text
from shared.region.names import AgencyRef, LimitRef, StageRef
from shared.region.theme_parts import PolicyDocument


class ThemeSubject(StrEnum):
    """自然人、法人、项目. Source: GW-21."""

    PERSON = "person"
    ENTERPRISE = "enterprise"
    PROJECT = "project"


class Stage(Fact):
    """A stage in the life of a person, an enterprise or a project (全生命周期); `following` may come after it."""

    key: Key
    subject: ThemeSubject
    title: Text
    following: Annotated[tuple[StageRef, ...], Field(max_length=10)] = ()


class Superior(StrEnum):
    """Who is told of what stays overdue."""

    LEAD_AGENCY = "lead_agency"
    SUPERVISOR = "supervisor"


class Escalation(Fact):
    """Told to `to` when `after` has gone by since the due time."""

    to: Superior
    after: LimitRef


class MatterHandling(Fact):
    """Rules for every matter; a matter keeps those under which it was opened."""

    stages: Annotated[tuple[Stage, ...], Field(min_length=1, max_length=50)]
    draft_days: Annotated[int, Field(ge=1, le=3650)]
    """How long a draft is kept after its last change, in calendar days."""
    warning_percent: Annotated[int, Field(ge=1, le=99)]
    """The share of a limit after which its agency is warned."""
    escalations: Annotated[tuple[Escalation, ...], Field(max_length=5)]
    supervising_agency: AgencyRef
    policy_documents: Annotated[tuple[PolicyDocument, ...], Field(max_length=200)] = ()
    """What the start-up package (创业礼包) gives to read."""

    def stage(self, key: str) -> Stage:
        """The stage of this name, which the pack has."""
        return next(stage for stage in self.stages if stage.key == key)

    def incoherences(self) -> Iterator[tuple[tuple[str | int, ...], str]]:
        subjects = {stage.key: stage.subject for stage in self.stages}
        for place, stage in enumerate(self.stages):
            for number, name in enumerate(stage.following):
                if subjects[name] is not stage.subject:
                    yield ("stages", place, "following", number), f"{name!r} is a stage of another subject"
