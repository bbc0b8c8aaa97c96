"""Events about filings: what came in, what was decided."""

from datetime import datetime
from typing import Final, Literal

from pydantic import Field

from services.registration.domain.filing import Filing
from services.registration.domain.filing_kinds import FilingKind
from services.registration.domain.precedent_appeal import PrecedentAppeal
from services.registration.published import examples
from shared.messaging.contracts import Published
from shared.messaging.events import Announcement, EventType, Payload

SUBMITTED: Final = EventType("registration", "filing", "submitted")
RETURNED: Final = EventType("registration", "filing", "returned")
APPROVED: Final = EventType("registration", "filing", "approved")
REFUSED: Final = EventType("registration", "filing", "refused")
WITHDRAWN: Final = EventType("registration", "filing", "withdrawn")
OVERDUE: Final = EventType("registration", "filing", "overdue")
REOPENED: Final = EventType("registration", "filing", "reopened")

APPLICANT: Final = Field(
    None, description="Opaque id of the person, or credit code of the enterprise, who applied"
)
KIND: Final = Field(FilingKind.ESTABLISHMENT, description="What was asked for")
USCC: Final = Field(None, description="Credit code of the enterprise, once it has one")
CASE_NO: Final = Field(None, description="The number that people quote (受理编号)")


class FilingSubmitted(Payload):
    """A filing was submitted; `applicant` is an opaque id."""

    filing_id: str
    kind: FilingKind
    matter_id: str | None
    applicant: str
    name: str
    case_no: str | None = CASE_NO
    division_code: str | None = Field(None, description="The town of the address")
    uscc: str | None = USCC


class Finding(Payload):
    """What a rule found, and where (JSON pointer)."""

    rule: str
    pointer: str
    text_zh: str
    text_en: str


class FilingReturned(Payload):
    """A filing went back with all that is missing."""

    filing_id: str
    matter_id: str | None
    findings: list[Finding]
    applicant: str | None = APPLICANT
    case_no: str | None = CASE_NO
    kind: FilingKind = KIND
    uscc: str | None = USCC


class FilingApproved(Payload):
    """A filing was approved, by the rules alone or by an officer."""

    filing_id: str
    matter_id: str | None
    uscc: str
    name: str
    licence_identifier: str | None
    decided_by: Literal["system", "officer"]
    decided_at: datetime
    applicant: str | None = APPLICANT
    case_no: str | None = CASE_NO
    kind: FilingKind = KIND


class FilingRefused(Payload):
    """A filing was refused; `reason_code` is one of those that the region lists."""

    filing_id: str
    matter_id: str | None
    reason_zh: str
    reason_en: str
    reason_code: str | None = None
    applicant: str | None = APPLICANT
    case_no: str | None = CASE_NO
    kind: FilingKind = KIND
    uscc: str | None = USCC


class FilingOverdue(Payload):
    """The time that an officer had for a filing ran out."""

    filing_id: str
    kind: FilingKind
    matter_id: str | None
    due_at: datetime
    division_code: str
    case_no: str | None = CASE_NO
    uscc: str | None = USCC


class FilingReopened(Payload):
    """A refusal was set aside: the filing is under review again. `reason_*` is the answer to the appeal."""

    filing_id: str
    matter_id: str | None
    appeal_id: str
    reason_zh: str
    reason_en: str
    kind: FilingKind
    name: str
    division_code: str
    due_at: datetime | None = Field(
        None, description="When an officer's time ends; none where rules settled it"
    )
    applicant: str | None = APPLICANT
    case_no: str | None = CASE_NO
    uscc: str | None = USCC


class FilingWithdrawn(Payload):
    """The applicant withdrew a filing, or did not go on with it in time."""

    filing_id: str
    matter_id: str | None
    applicant: str | None = APPLICANT
    case_no: str | None = CASE_NO
    kind: FilingKind = KIND
    uscc: str | None = USCC


def filing_submitted(filing: Filing) -> Announcement:
    """Tell that a filing came in, or came again."""
    return _of(
        SUBMITTED,
        filing,
        FilingSubmitted(
            filing_id=str(filing.id),
            kind=filing.kind,
            matter_id=_matter(filing),
            applicant=filing.applicant,
            name=filing.concerns.name,
            case_no=filing.case_no,
            division_code=filing.concerns.division_code,
            uscc=filing.uscc,
        ),
    )


def filing_returned(filing: Filing) -> Announcement:
    """Tell what is missing."""
    findings = [
        Finding(rule=f.rule, pointer=f.pointer, text_zh=f.text_zh, text_en=f.text_en) for f in filing.findings
    ]
    if filing.reason:
        findings.append(
            Finding(rule="officer.return", pointer="", text_zh=filing.reason.zh, text_en=filing.reason.en)
        )
    payload = FilingReturned(
        filing_id=str(filing.id),
        matter_id=_matter(filing),
        findings=findings,
        applicant=filing.applicant,
        case_no=filing.case_no,
        kind=filing.kind,
        uscc=filing.uscc,
    )
    return _of(RETURNED, filing, payload)


def filing_approved(filing: Filing) -> Announcement:
    """Tell the decision and what came of it."""
    return _of(
        APPROVED,
        filing,
        FilingApproved(
            filing_id=str(filing.id),
            matter_id=_matter(filing),
            uscc=filing.uscc or "",
            name=filing.concerns.name,
            licence_identifier=filing.licence_identifier,
            decided_by="officer" if filing.decided_by == "officer" else "system",
            decided_at=filing.decided_at or filing.submitted_at,
            applicant=filing.applicant,
            case_no=filing.case_no,
            kind=filing.kind,
        ),
    )


def filing_refused(filing: Filing) -> Announcement:
    """Tell the refusal with its reason."""
    payload = FilingRefused(
        filing_id=str(filing.id),
        matter_id=_matter(filing),
        reason_zh=filing.reason.zh if filing.reason else "",
        reason_en=filing.reason.en if filing.reason else "",
        reason_code=filing.reason_code,
        applicant=filing.applicant,
        case_no=filing.case_no,
        kind=filing.kind,
        uscc=filing.uscc,
    )
    return _of(REFUSED, filing, payload)


def filing_withdrawn(filing: Filing) -> Announcement:
    """Tell that it ended without a decision."""
    payload = FilingWithdrawn(
        filing_id=str(filing.id),
        matter_id=_matter(filing),
        applicant=filing.applicant,
        case_no=filing.case_no,
        kind=filing.kind,
        uscc=filing.uscc,
    )
    return _of(WITHDRAWN, filing, payload)


def filing_overdue(filing: Filing, due_at: datetime) -> Announcement:
    """Tell that the time ran out."""
    payload = FilingOverdue(
        filing_id=str(filing.id),
        kind=filing.kind,
        matter_id=_matter(filing),
        due_at=due_at,
        division_code=filing.concerns.division_code,
        case_no=filing.case_no,
        uscc=filing.uscc,
    )
    return _of(OVERDUE, filing, payload)


def filing_reopened(filing: Filing, appeal: PrecedentAppeal, due_at: datetime | None) -> Announcement:
    """Tell that the refusal does not stand any more, and why."""
    payload = FilingReopened(
        filing_id=str(filing.id),
        matter_id=_matter(filing),
        appeal_id=str(appeal.id),
        reason_zh=appeal.answer.zh if appeal.answer else "",
        reason_en=appeal.answer.en if appeal.answer else "",
        kind=filing.kind,
        name=filing.concerns.name,
        division_code=filing.concerns.division_code,
        due_at=due_at,
        applicant=filing.applicant,
        case_no=filing.case_no,
        uscc=filing.uscc,
    )
    return _of(REOPENED, filing, payload)


def _of(kind: EventType, filing: Filing, payload: Payload) -> Announcement:
    return Announcement(kind, str(filing.id), payload)


def _matter(filing: Filing) -> str | None:
    return str(filing.matter_id) if filing.matter_id else None


PUBLISHED: tuple[Published, ...] = (
    Published(
        SUBMITTED,
        FilingSubmitted,
        FilingSubmitted(
            filing_id=examples.FILING,
            kind=FilingKind.ESTABLISHMENT,
            matter_id=examples.MATTER,
            applicant=examples.APPLICANT,
            name="永济市蒲津渡餐饮有限公司",
            case_no=examples.CASE_NO,
            division_code="140881001",
        ),
        "A filing was submitted, for the first time or again.",
    ),
    Published(
        RETURNED,
        FilingReturned,
        FilingReturned(
            filing_id=examples.FILING,
            matter_id=examples.MATTER,
            findings=[
                Finding(
                    rule="service_address.confirmed",
                    pointer="/service_address_confirmed",
                    text_zh="请确认法律文书送达地址",
                    text_en="confirm the address for service of legal documents",
                )
            ],
            applicant=examples.APPLICANT,
            case_no=examples.CASE_NO,
        ),
        "A filing was sent back, once, with all that is missing.",
    ),
    Published(
        APPROVED,
        FilingApproved,
        FilingApproved(
            filing_id=examples.FILING,
            matter_id=examples.MATTER,
            uscc=examples.USCC,
            name="永济市蒲津渡餐饮有限公司",
            licence_identifier=examples.LICENCE,
            decided_by="system",
            decided_at=examples.AT,
            applicant=examples.APPLICANT,
            case_no=examples.CASE_NO,
        ),
        "A filing was approved; the enterprise has its code and its licence.",
    ),
    Published(
        REFUSED,
        FilingRefused,
        FilingRefused(
            filing_id=examples.FILING,
            matter_id=examples.MATTER,
            reason_zh="字号与同行业企业近似，足以造成误认",
            reason_en="the distinctive part misleads beside another in the trade",
            applicant=examples.APPLICANT,
            case_no=examples.CASE_NO,
        ),
        "An officer of the registrar refused a filing.",
    ),
    Published(
        WITHDRAWN,
        FilingWithdrawn,
        FilingWithdrawn(
            filing_id=examples.FILING,
            matter_id=examples.MATTER,
            applicant=examples.APPLICANT,
            case_no=examples.CASE_NO,
        ),
        "The applicant withdrew a filing, or did not go on with it in time.",
    ),
    Published(
        OVERDUE,
        FilingOverdue,
        FilingOverdue(
            filing_id=examples.FILING,
            kind=FilingKind.ALTERATION,
            matter_id=None,
            due_at=examples.AT,
            division_code="140881001",
            case_no=examples.CASE_NO,
            uscc=examples.USCC,
        ),
        "The time for the decision on a filing ran out.",
    ),
    Published(
        REOPENED,
        FilingReopened,
        FilingReopened(
            filing_id=examples.FILING,
            matter_id=examples.MATTER,
            appeal_id=examples.APPEAL,
            reason_zh="参照先例可以办理，撤销原不予登记决定",
            reason_en="it can be done as there: the refusal is set aside",
            kind=FilingKind.ESTABLISHMENT,
            name="永济市蒲津渡餐饮有限公司",
            division_code="140881001",
            due_at=examples.AT,
            applicant=examples.APPLICANT,
            case_no=examples.CASE_NO,
        ),
        "An appeal with a precedent was upheld: a refused filing is under review again.",
    ),
)
