"""Payloads of the events of matters and tasks: ids, places and times, never what was typed into the form."""

from datetime import datetime

from shared.messaging.events import Payload


class FindingV1(Payload):
    rule: str
    pointer: str
    text_zh: str
    text_en: str


class OfMatter(Payload):
    """What every event of a matter says: `applicant` is the person's opaque id or the enterprise's credit code."""

    matter_id: str
    case_no: str | None = None
    theme: str | None = None
    applicant: str | None = None


class MatterOpenedV1(OfMatter):
    theme: str
    applicant: str
    title_zh: str | None = None
    title_en: str | None = None
    uscc: str | None = None
    lead_agency_uscc: str | None = None
    due_at: datetime | None = None


class MatterHandedOverV1(OfMatter):
    """From the office that accepted it to the unit that handles it (异地受理、属地办理)."""

    mode: str | None
    from_region: str
    from_agency: str | None
    to_region: str
    to_agency: str


class MatterStepRefusedV1(OfMatter):
    step: str
    findings: list[FindingV1]


class MatterChoiceAskedV1(OfMatter):
    parts: list[str]


class MatterPartlyCompletedV1(OfMatter):
    uscc: str | None
    completed_at: datetime
    working_minutes: int
    completed_parts: list[str]
    open_parts: list[str]


class MatterWarnedV1(OfMatter):
    """`step` is the part whose time runs out; null for the matter as a whole."""

    step: str | None
    due_at: datetime


class MatterEscalatedV1(OfMatter):
    step: str | None
    due_at: datetime
    to: str
    agency_uscc: str


class MatterStepCompletedV1(OfMatter):
    step: str
    result: dict[str, str]


class MatterFilingMergedV1(OfMatter):
    """A filing that the licence took in (多证合一), in the story of the matter; the register tells its agency."""

    uscc: str
    filing: str
    title_zh: str
    title_en: str
    agency_uscc: str


class MatterReturnedV1(OfMatter):
    step: str
    findings: list[FindingV1]


class MatterResubmittedV1(OfMatter):
    """The applicant corrected what was returned."""


class MatterCompletedV1(OfMatter):
    uscc: str | None
    completed_at: datetime
    working_minutes: int


class MatterWithdrawnV1(OfMatter):
    """Nothing had been granted."""


class MatterOverdueV1(OfMatter):
    due_at: datetime
    step: str | None = None


class TaskAssignedV1(Payload):
    task_id: str
    matter_id: str
    kind: str
    agency_uscc: str
    uscc: str | None
    due_at: datetime


class TaskTakenV1(Payload):
    task_id: str
    matter_id: str
    kind: str
    agency_uscc: str
    taken_at: datetime


class TaskReleasedV1(Payload):
    task_id: str
    matter_id: str
    kind: str
    agency_uscc: str


class TaskVisitRequestedV1(Payload):
    task_id: str
    matter_id: str
    kind: str
    agency_uscc: str
    reason: str
    basis: str


class TaskReturnedV1(Payload):
    task_id: str
    matter_id: str
    kind: str
    agency_uscc: str
    reason: str


class TaskCompletedV1(Payload):
    """`outcome` is which of several possible outcomes it had, for a task that has them (办理结论)."""

    task_id: str
    matter_id: str
    kind: str
    agency_uscc: str
    uscc: str | None
    completed_at: datetime
    working_minutes: int
    outcome: str | None = None


class TaskRefusedV1(Payload):
    task_id: str
    matter_id: str
    kind: str
    agency_uscc: str
    reason: str
    legal_basis: str


class TaskCancelledV1(Payload):
    task_id: str
    matter_id: str
    kind: str
    agency_uscc: str


class TaskWarnedV1(Payload):
    task_id: str
    matter_id: str
    kind: str
    agency_uscc: str
    due_at: datetime


class TaskEscalatedV1(Payload):
    """`to_agency_uscc` is told that `agency_uscc` is late."""

    task_id: str
    matter_id: str
    kind: str
    agency_uscc: str
    due_at: datetime
    to: str
    to_agency_uscc: str


class TaskOverdueV1(Payload):
    task_id: str
    matter_id: str
    kind: str
    agency_uscc: str
    due_at: datetime
