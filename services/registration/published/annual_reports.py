"""Events about annual reports and publicity: one per department with its own part, one for everybody."""

from datetime import date, datetime
from typing import Final

from pydantic import Field

from services.registration.domain.annual_report import (
    AnnualReport,
    Debtor,
    ReportState,
    Value,
    public_answers,
)
from services.registration.domain.enterprise import Enterprise
from services.registration.domain.publicity import Disclosure, DisclosureKind
from services.registration.domain.publicity_policy import ReportPart, ReportPolicy
from services.registration.published import examples
from shared.messaging.contracts import Published
from shared.messaging.events import Announcement, EventType, Payload

DUE: Final = EventType("registration", "annual_report", "due")
SUBMITTED: Final = EventType("registration", "annual_report", "submitted")
RECEIVED: Final = EventType("registration", "annual_report", "received")
DISCLOSED: Final = EventType("registration", "disclosure", "published")


class AnnualReportDue(Payload):
    """An enterprise is reminded of its report; `applicant` is whom to tell."""

    uscc: str
    name: str
    year: int
    due_on: date
    days_left: int
    applicant: str = Field(description="Opaque id of the owner's account, or the enterprise's credit code")


class AnnualReportSubmitted(Payload):
    """An enterprise reported on a year, corrected its report, or made it up after 30 June."""

    report_id: str
    uscc: str
    name: str
    year: int
    version: int
    state: ReportState
    is_late: bool
    filed_at: datetime
    published: dict[str, str | int | bool] = Field(description="What everybody may see of it, by field")


class AnnualReportReceived(Payload):
    """What a department asked for, and nothing else; addressed to that department alone."""

    report_id: str
    uscc: str
    name: str
    year: int
    version: int
    is_late: bool
    filed_at: datetime
    department: str
    agency_uscc: str
    fields: dict[str, str | int | bool]


class DisclosurePublished(Payload):
    """An enterprise made something known (即时信息公示), or put right what it had."""

    disclosure_id: str
    uscc: str
    kind: DisclosureKind
    version: int
    arose_on: date
    is_late: bool
    published_at: datetime


def annual_report_due(debtor: Debtor, year: int, due_on: date, days_left: int) -> Announcement:
    """Remind an enterprise."""
    applicant = next(iter(debtor.owner_accounts), debtor.uscc)
    payload = AnnualReportDue(
        uscc=debtor.uscc,
        name=debtor.name,
        year=year,
        due_on=due_on,
        days_left=days_left,
        applicant=applicant,
    )
    return Announcement(DUE, debtor.uscc, payload)


def annual_report_submitted(report: AnnualReport, one: Enterprise, policy: ReportPolicy) -> Announcement:
    """Tell everybody what is public."""
    payload = AnnualReportSubmitted(
        report_id=str(report.id),
        uscc=one.uscc,
        name=one.name,
        year=report.year,
        version=report.version,
        state=report.state,
        is_late=report.is_late,
        filed_at=report.filed_at,
        published=public_answers(report.content, policy),
    )
    return Announcement(SUBMITTED, one.uscc, payload)


def annual_report_received(report: AnnualReport, one: Enterprise, part: ReportPart) -> Announcement:
    """Tell a department what it asked for."""
    fields: dict[str, Value] = dict(report.content.answers.get(part.key, {}))
    payload = AnnualReportReceived(
        report_id=str(report.id),
        uscc=one.uscc,
        name=one.name,
        year=report.year,
        version=report.version,
        is_late=report.is_late,
        filed_at=report.filed_at,
        department=part.key,
        agency_uscc=part.agency_uscc,
        fields=fields,
    )
    return Announcement(RECEIVED, one.uscc, payload)


def disclosure_published(disclosure: Disclosure) -> Announcement:
    """Tell that something was made known."""
    payload = DisclosurePublished(
        disclosure_id=str(disclosure.id),
        uscc=disclosure.uscc,
        kind=disclosure.kind,
        version=disclosure.version,
        arose_on=disclosure.content.arose_on,
        is_late=disclosure.is_late,
        published_at=disclosure.published_at,
    )
    return Announcement(DISCLOSED, disclosure.uscc, payload)


_REPORT: Final = "0198c0de-0000-7000-8000-000000000031"
_NAME: Final = "永济市蒲津渡餐饮有限公司"

PUBLISHED: tuple[Published, ...] = (
    Published(
        DUE,
        AnnualReportDue,
        AnnualReportDue(
            uscc=examples.USCC,
            name=_NAME,
            year=2025,
            due_on=date(2026, 6, 30),
            days_left=30,
            applicant=examples.APPLICANT,
        ),
        "The annual report of an enterprise is due soon and was not filed.",
    ),
    Published(
        SUBMITTED,
        AnnualReportSubmitted,
        AnnualReportSubmitted(
            report_id=_REPORT,
            uscc=examples.USCC,
            name=_NAME,
            year=2025,
            version=1,
            state=ReportState.SUBMITTED,
            is_late=False,
            filed_at=examples.AT,
            published={"postal_address": "永济市城西街道河东大道12号", "has_website": False},
        ),
        "An annual report was filed, corrected or made up; with the public part of it.",
    ),
    Published(
        RECEIVED,
        AnnualReportReceived,
        AnnualReportReceived(
            report_id=_REPORT,
            uscc=examples.USCC,
            name=_NAME,
            year=2025,
            version=1,
            is_late=False,
            filed_at=examples.AT,
            department="tax",
            agency_uscc="11140881MB9Y000405",
            fields={"tax_paid_fen": 120_000_00},
        ),
        "A department's part of an annual report came in; only that department is told.",
    ),
    Published(
        DISCLOSED,
        DisclosurePublished,
        DisclosurePublished(
            disclosure_id="0198c0de-0000-7000-8000-000000000032",
            uscc=examples.USCC,
            kind=DisclosureKind.CAPITAL_CONTRIBUTION,
            version=1,
            arose_on=date(2026, 3, 2),
            is_late=False,
            published_at=examples.AT,
        ),
        "An enterprise made known what happened in it, or put right what it had made known.",
    ),
)
