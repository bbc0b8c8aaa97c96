"""Events that the registration service publishes: the published language, versioned."""

from datetime import UTC, date, datetime
from typing import Final, Literal

from pydantic import Field

from services.registration.domain.enterprise import Enterprise
from services.registration.domain.filing import Filing
from services.registration.domain.kinds import EnterpriseKind, EnterpriseState, Origin
from shared.identifiers import PersonReference
from shared.messaging.access import AccessRecorded
from shared.messaging.contracts import Published
from shared.messaging.events import Announcement, EventType, Payload

REGISTERED: Final = EventType("registration", "enterprise", "registered")
SUBMITTED: Final = EventType("registration", "filing", "submitted")
RETURNED: Final = EventType("registration", "filing", "returned")
APPROVED: Final = EventType("registration", "filing", "approved")
REFUSED: Final = EventType("registration", "filing", "refused")
WITHDRAWN: Final = EventType("registration", "filing", "withdrawn")
REPRESENTATIVE_DETERMINED: Final = EventType("registration", "representative", "determined")
ACCESSED: Final = EventType("registration", "access", "recorded")


class DomicilePart(Payload):
    """Where the enterprise is: the town's code, or only the division's where no more is known."""

    division_code: str
    text: str | None


class ScopePart(Payload):
    """An entry of the registered scope."""

    code: str | None
    text: str


class EnterpriseRegistered(Payload):
    """An enterprise stands in the register."""

    uscc: str
    name: str
    enterprise_kind: EnterpriseKind
    state: EnterpriseState
    established_on: date | None
    registered_capital_fen: int | None
    domicile: DomicilePart
    scope: list[ScopePart]
    industry_code: str | None
    registrar_uscc: str | None
    division_code: str
    licence_identifier: str | None
    filing_id: str | None
    matter_id: str | None
    origin: Origin


APPLICANT: Final = Field(
    None, description="Opaque id of the person, or credit code of the enterprise, who applied"
)
CASE_NO: Final = Field(None, description="The number that people quote (受理编号)")


class FilingSubmitted(Payload):
    """A filing was submitted; `applicant` is an opaque id."""

    filing_id: str
    kind: Literal["establishment"]
    matter_id: str | None
    applicant: str
    name: str
    case_no: str | None = CASE_NO
    division_code: str | None = Field(None, description="The town of the address")


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


class FilingApproved(Payload):
    """A filing was approved, by the rules alone or by an officer."""

    filing_id: str
    matter_id: str | None
    uscc: str
    name: str
    licence_identifier: str
    decided_by: Literal["system", "officer"]
    decided_at: datetime
    applicant: str | None = APPLICANT
    case_no: str | None = CASE_NO


class FilingRefused(Payload):
    """A filing was refused."""

    filing_id: str
    matter_id: str | None
    reason_zh: str
    reason_en: str
    applicant: str | None = APPLICANT
    case_no: str | None = CASE_NO


class FilingWithdrawn(Payload):
    """The applicant withdrew a filing."""

    filing_id: str
    matter_id: str | None
    applicant: str | None = APPLICANT
    case_no: str | None = CASE_NO


class RepresentativeDetermined(Payload):
    """Who stands for an enterprise by law (法定代表人、经营者), by a reference that tells nothing of the person.

    Followed by the gateway's identity part alone, which holds the same key.
    """

    uscc: str
    person_reference: str | None = Field(
        description="HMAC-SHA-256 of the identity number under the key that registration and the gateway share"
    )


def representative_determined(uscc: str, reference: PersonReference | None) -> Announcement:
    """Tell who stands for the enterprise from now on; None where nobody does."""
    payload = RepresentativeDetermined(uscc=uscc, person_reference=reference)
    return Announcement(REPRESENTATIVE_DETERMINED, uscc, payload)


def enterprise_registered(enterprise: Enterprise) -> Announcement:
    """Tell that an enterprise stands in the register."""
    payload = EnterpriseRegistered(
        uscc=enterprise.uscc,
        name=enterprise.name,
        enterprise_kind=enterprise.enterprise_kind,
        state=enterprise.state,
        established_on=enterprise.established_on,
        registered_capital_fen=enterprise.registered_capital_fen,
        domicile=DomicilePart(division_code=enterprise.domicile_division_code, text=enterprise.domicile_text),
        scope=[ScopePart(code=entry.code, text=entry.text) for entry in enterprise.scope],
        industry_code=enterprise.industry_code,
        registrar_uscc=enterprise.registrar_uscc,
        division_code=enterprise.division_code,
        licence_identifier=enterprise.licence_identifier,
        filing_id=str(enterprise.filing_id) if enterprise.filing_id else None,
        matter_id=str(enterprise.matter_id) if enterprise.matter_id else None,
        origin=enterprise.origin,
    )
    return Announcement(REGISTERED, enterprise.uscc, payload)


def filing_submitted(filing: Filing) -> Announcement:
    """Tell that a filing came in, or came again."""
    return _of(
        SUBMITTED,
        filing,
        FilingSubmitted(
            filing_id=str(filing.id),
            kind="establishment",
            matter_id=_matter(filing),
            applicant=filing.applicant,
            name=filing.content.name.full,
            case_no=filing.case_no,
            division_code=filing.content.domicile.division_code,
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
            name=filing.content.name.full,
            licence_identifier=filing.licence_identifier or "",
            decided_by="officer" if filing.decided_by == "officer" else "system",
            decided_at=filing.decided_at or filing.submitted_at,
            applicant=filing.applicant,
            case_no=filing.case_no,
        ),
    )


def filing_refused(filing: Filing) -> Announcement:
    """Tell the refusal with its reason."""
    payload = FilingRefused(
        filing_id=str(filing.id),
        matter_id=_matter(filing),
        reason_zh=filing.reason.zh if filing.reason else "",
        reason_en=filing.reason.en if filing.reason else "",
        applicant=filing.applicant,
        case_no=filing.case_no,
    )
    return _of(REFUSED, filing, payload)


def filing_withdrawn(filing: Filing) -> Announcement:
    """Tell that the applicant took it back."""
    payload = FilingWithdrawn(
        filing_id=str(filing.id),
        matter_id=_matter(filing),
        applicant=filing.applicant,
        case_no=filing.case_no,
    )
    return _of(WITHDRAWN, filing, payload)


def _of(kind: EventType, filing: Filing, payload: Payload) -> Announcement:
    return Announcement(kind, str(filing.id), payload)


def _matter(filing: Filing) -> str | None:
    return str(filing.matter_id) if filing.matter_id else None


_FILING: Final = "0198c0de-0000-7000-8000-000000000001"
_MATTER: Final = "0198c0de-0000-7000-8000-000000000002"
_APPLICANT: Final = "person-7c1d"
_CASE_NO: Final = "DJ-140881-20260302-000001-E"
_USCC: Final = "91140881MAE000002E"
_LICENCE: Final = "1.2.156.3005.2.11100000MB0143028R001.11140881MB9Y00016L.5N0F3YJ8T2QWZ6R1K4B7.001.H"
_AT: Final = datetime(2026, 3, 2, 1, 30, tzinfo=UTC)

PUBLISHED: tuple[Published, ...] = (
    Published(
        REGISTERED,
        EnterpriseRegistered,
        EnterpriseRegistered(
            uscc=_USCC,
            name="永济市蒲津渡餐饮有限公司",
            enterprise_kind=EnterpriseKind.LIMITED_COMPANY,
            state=EnterpriseState.ACTIVE,
            established_on=date(2026, 3, 2),
            registered_capital_fen=10_000_000,
            domicile=DomicilePart(division_code="140881001", text="永济市城西街道河东大道12号"),
            scope=[ScopePart(code="H6210-01", text="餐饮服务")],
            industry_code="H6210",
            registrar_uscc="11140881MB9Y00016L",
            division_code="140881",
            licence_identifier=_LICENCE,
            filing_id=_FILING,
            matter_id=_MATTER,
            origin=Origin.FILING,
        ),
        "An enterprise was entered in the register, by a filing or from the register before it.",
    ),
    Published(
        SUBMITTED,
        FilingSubmitted,
        FilingSubmitted(
            filing_id=_FILING,
            kind="establishment",
            matter_id=_MATTER,
            applicant=_APPLICANT,
            name="永济市蒲津渡餐饮有限公司",
            case_no=_CASE_NO,
            division_code="140881001",
        ),
        "A filing was submitted, for the first time or again.",
    ),
    Published(
        RETURNED,
        FilingReturned,
        FilingReturned(
            filing_id=_FILING,
            matter_id=_MATTER,
            findings=[
                Finding(
                    rule="service_address.confirmed",
                    pointer="/service_address_confirmed",
                    text_zh="请确认法律文书送达地址",
                    text_en="confirm the address for service of legal documents",
                )
            ],
            applicant=_APPLICANT,
            case_no=_CASE_NO,
        ),
        "A filing was sent back, once, with all that is missing.",
    ),
    Published(
        APPROVED,
        FilingApproved,
        FilingApproved(
            filing_id=_FILING,
            matter_id=_MATTER,
            uscc=_USCC,
            name="永济市蒲津渡餐饮有限公司",
            licence_identifier=_LICENCE,
            decided_by="system",
            decided_at=_AT,
            applicant=_APPLICANT,
            case_no=_CASE_NO,
        ),
        "A filing was approved; the enterprise has its code and its licence.",
    ),
    Published(
        REFUSED,
        FilingRefused,
        FilingRefused(
            filing_id=_FILING,
            matter_id=_MATTER,
            reason_zh="字号与同行业企业近似，足以造成误认",
            reason_en="the distinctive part misleads beside another in the trade",
            applicant=_APPLICANT,
            case_no=_CASE_NO,
        ),
        "An officer of the registrar refused a filing.",
    ),
    Published(
        WITHDRAWN,
        FilingWithdrawn,
        FilingWithdrawn(filing_id=_FILING, matter_id=_MATTER, applicant=_APPLICANT, case_no=_CASE_NO),
        "The applicant withdrew a filing.",
    ),
    Published(
        REPRESENTATIVE_DETERMINED,
        RepresentativeDetermined,
        RepresentativeDetermined(uscc=_USCC, person_reference="5f" * 32),
        "Who stands for an enterprise by law was entered, or changed.",
    ),
    Published(
        ACCESSED,
        AccessRecorded,
        AccessRecorded(
            reader="client:tax",
            client_id="tax",
            agency_uscc="11140881MB9Y000405",
            on_behalf_of=None,
            resource="registration.enterprise",
            record_key=_USCC,
            owner_subject="person-7c1d",
            fields=["legal_representative_name"],
            purpose="tax_registration",
            matter_id=_MATTER,
            grant_id="0198c0de-0000-7000-8000-000000000003",
            result="allowed",
            at=_AT,
        ),
        "Protected fields of an enterprise were asked for by somebody other than their owner.",
    ),
)
