"""The life of a filing (登记申请): one table of transitions, nothing else assigns a status."""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Final
from uuid import UUID

from services.registration.domain.errors import ActionNotAllowed
from services.registration.domain.filing_kinds import Concerns, FilingContent, FilingKind
from services.registration.domain.policy import Wording
from services.registration.domain.rule import Outcome, RuleResult
from shared.calendar import DeadlineLedger
from shared.identifiers import CaseNumber
from shared.identifiers.channel import Channel


class FilingStatus(StrEnum):
    """Where a filing stands. A draft is not decided on yet: first submission, or changed after a return."""

    DRAFT = "draft"
    UNDER_REVIEW = "under_review"
    RETURNED = "returned"
    APPROVED = "approved"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


class FilingAction(StrEnum):
    """What can happen to a filing."""

    PASS_RULES = "pass_rules"  # noqa: S105 - an action, no password
    FAIL_RULES = "fail_rules"
    REFER = "refer"
    AMEND = "amend"
    WITHDRAW = "withdraw"
    APPROVE = "approve"
    REFUSE = "refuse"
    RETURN = "return"
    ASK_FOR_PERSON = "ask_for_person"
    EXTEND = "extend"
    REOPEN = "reopen"  # 申诉成立，撤销不予登记决定


class DecidedBy(StrEnum):
    """Who decided: the rules alone, or an officer of the registrar."""

    SYSTEM = "system"
    OFFICER = "officer"


_DRAFT, _REVIEW, _RETURNED = FilingStatus.DRAFT, FilingStatus.UNDER_REVIEW, FilingStatus.RETURNED

TRANSITIONS: Final = {
    (_DRAFT, FilingAction.PASS_RULES): FilingStatus.APPROVED,
    (_DRAFT, FilingAction.FAIL_RULES): FilingStatus.RETURNED,
    (_DRAFT, FilingAction.REFER): FilingStatus.UNDER_REVIEW,
    (_DRAFT, FilingAction.AMEND): FilingStatus.DRAFT,
    (_DRAFT, FilingAction.WITHDRAW): FilingStatus.WITHDRAWN,
    (_RETURNED, FilingAction.AMEND): FilingStatus.DRAFT,
    (_RETURNED, FilingAction.WITHDRAW): FilingStatus.WITHDRAWN,
    (_RETURNED, FilingAction.ASK_FOR_PERSON): FilingStatus.UNDER_REVIEW,
    (_REVIEW, FilingAction.EXTEND): FilingStatus.UNDER_REVIEW,
    (_REVIEW, FilingAction.APPROVE): FilingStatus.APPROVED,
    (_REVIEW, FilingAction.REFUSE): FilingStatus.REFUSED,
    (_REVIEW, FilingAction.RETURN): FilingStatus.RETURNED,
    (_REVIEW, FilingAction.WITHDRAW): FilingStatus.WITHDRAWN,
    (FilingStatus.REFUSED, FilingAction.REOPEN): FilingStatus.UNDER_REVIEW,
}
SUBMITTED: Final = {
    Outcome.PASSED: FilingAction.PASS_RULES,
    Outcome.REFERRED: FilingAction.REFER,
    Outcome.FAULT: FilingAction.FAIL_RULES,
}


@dataclass(frozen=True)
class Counter:
    """Who accepted a filing for somebody else (窗口代收): the agency, and the officer or client as a reference."""

    agency_uscc: str
    accepted_by: str


@dataclass(frozen=True)
class Agent:
    """A bank that files for a founder, free of charge (银行免费代办): its credit code, and the client that spoke."""

    uscc: str
    client_id: str


@dataclass(frozen=True)
class Filing:
    """A filing with its content and what the rules said; `version` counts every change.

    `counter` is who accepted it for an applicant who came to a counter; `case_no` is the number that people quote
    (受理编号), which filings from before there were numbers do not have. `clock` runs while an officer has it.
    """

    id: UUID
    status: FilingStatus
    version: int
    matter_id: UUID | None
    applicant: str
    concerns: Concerns
    content: FilingContent
    results: tuple[RuleResult, ...]
    submitted_at: datetime
    licence_identifier: str | None = None
    decided_by: DecidedBy | None = None
    decided_at: datetime | None = None
    reason: Wording | None = None
    channel: Channel = Channel.PORTAL
    counter: Counter | None = None
    case_no: CaseNumber | None = None
    wants_person: bool = False
    clock: DeadlineLedger | None = None
    agent: Agent | None = None
    reason_code: str | None = None

    @property
    def kind(self) -> FilingKind:
        """What it asks for."""
        return self.content.kind

    @property
    def uscc(self) -> str | None:
        """The enterprise's code, once it has one."""
        return self.concerns.uscc

    @property
    def findings(self) -> tuple[RuleResult, ...]:
        """What is not simply passed."""
        return tuple(result for result in self.results if result.outcome is not Outcome.PASSED)


def advance(filing: Filing, action: FilingAction) -> Filing:
    """Return the filing after `action`; raises ActionNotAllowed where its status does not know it."""
    target = TRANSITIONS.get((filing.status, action))
    if target is None:
        raise ActionNotAllowed(filing.status.value, action.value)
    return replace(filing, status=target, version=filing.version + 1)
