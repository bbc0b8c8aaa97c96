"""Annual reports on the wire: what is filed, the form with what is known, what each reader sees."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field, StrictBool, StrictInt, StringConstraints

from services.registration.domain.annual_report import FiledContent, ReportState, Value, Window
from services.registration.domain.publicity_policy import FieldKind, Publicity, ReportField, ReportPolicy
from services.registration.domain.report_check import way_to_change
from services.registration.use_cases.read_annual_report import OpenedReport
from services.registration.use_cases.request_report import RequestedReport
from shared.identifiers.channel import Channel
from shared.web.fields import RequestModel, ResponseModel

_KEY = r"^[a-z][a-z0-9_]*$"
FieldKey = Annotated[str, StringConstraints(min_length=1, max_length=64, pattern=_KEY)]
ReportYear = Annotated[StrictInt, Field(ge=1949, le=2999, examples=[2025])]
Answer = (
    Annotated[str, StringConstraints(min_length=1, max_length=4000)]
    | StrictBool
    | Annotated[StrictInt, Field(ge=-(10**15), le=10**15)]
)
Answered = Annotated[dict[FieldKey, Answer], Field(max_length=50)]
_EXAMPLE: dict[str, dict[str, Value]] = {
    "market_supervision": {
        "postal_address": "永济市城西街道河东大道12号",
        "operating_state": "开业",
        "has_website": False,
        "total_assets_fen": 50_000_000,
        "total_liabilities_fen": 10_000_000,
        "revenue_fen": 80_000_000,
        "net_profit_fen": -1_000_000,
        "employees": 6,
    },
    "social_insurance": {
        "insured_pension": 6,
        "insured_unemployment": 6,
        "insured_injury": 6,
        "contribution_base_fen": 30_000_000,
        "contribution_paid_fen": 7_000_000,
        "contribution_owed_fen": 0,
    },
    "tax": {"tax_paid_fen": 1_200_000, "main_business_revenue_fen": 80_000_000},
    "customs": {"is_customs_declarant": False},
}


class ReportContentIn(RequestModel):
    """Answers by part and field; `known` sends back what the form showed, which nobody changes here."""

    known: Annotated[
        dict[FieldKey, Annotated[str, StringConstraints(max_length=20_000)]], Field(max_length=20)
    ] = Field(default={}, examples=[{}])
    parts: Annotated[dict[FieldKey, Answered], Field(max_length=20)] = Field(examples=[_EXAMPLE])
    publish: Annotated[list[FieldKey], Field(max_length=50)] = Field(
        default=[], description="Fields left to choice that are to be published", examples=[["employees"]]
    )
    is_withheld: StrictBool = Field(
        default=False, description="个体工商户选择不公示: publish nothing", examples=[False]
    )

    def content(self) -> FiledContent:
        """What the domain takes."""
        return FiledContent(self.parts, frozenset(self.publish), self.is_withheld)


class AnnualReportIn(ReportContentIn):
    """A report for a year."""

    year: ReportYear
    channel: Channel = Field(default=Channel.PORTAL, examples=["portal"])
    is_on_paper: StrictBool = Field(
        default=False, description="个体工商户纸质年报，由窗口录入: entered at the counter", examples=[False]
    )


class ReportRequestIn(RequestModel):
    """Which year's report a department asks for."""

    year: ReportYear


class EarlierOut(ResponseModel):
    """What a report said before a correction."""

    version: int
    filed_at: datetime
    parts: dict[str, dict[str, str | int | bool]]


class AnnualReportOut(ResponseModel):
    """A report, as far as the reader may see it."""

    id: UUID
    uscc: str
    year: int
    state: ReportState
    version: int
    is_late: bool
    is_withheld: bool
    channel: Channel
    is_on_paper: bool
    filed_at: datetime
    known: dict[str, str]
    parts: dict[str, dict[str, str | int | bool]]
    chosen: list[str]
    before: list[EarlierOut]

    @classmethod
    def of(cls, opened: OpenedReport) -> "AnnualReportOut":
        """Shape what was opened."""
        report = opened.report
        return cls(
            id=report.id,
            uscc=report.uscc,
            year=report.year,
            state=report.state,
            version=report.version,
            is_late=report.is_late,
            is_withheld=report.content.is_withheld,
            channel=report.channel,
            is_on_paper=report.is_on_paper,
            filed_at=report.filed_at,
            known=dict(report.known),
            parts={part: dict(answers) for part, answers in opened.answers.items()},
            chosen=sorted(report.content.chosen),
            before=[
                EarlierOut(
                    version=each.version,
                    filed_at=each.filed_at,
                    parts={part: dict(answers) for part, answers in each.content.answers.items()},
                )
                for each in opened.before
            ],
        )


class PublishedVersionOut(ResponseModel):
    """What was published, and what a correction replaced."""

    version: int
    filed_at: datetime
    fields: dict[str, str | int | bool]


class PublishedReportOut(ResponseModel):
    """The public part of a report. Withheld: an individual business that publishes nothing of it."""

    id: UUID
    year: int
    state: ReportState
    is_late: bool
    is_withheld: bool
    filed_at: datetime
    fields: dict[str, str | int | bool]
    before: list[PublishedVersionOut]


class PublishedReportsOut(ResponseModel):
    """The reports of an enterprise, the newest first."""

    uscc: str
    reports: list[PublishedReportOut]


class KnownOut(ResponseModel):
    """A fact of the register: shown, not asked; and by which filing it is changed."""

    key: str
    value: str
    changed_by: str
    way_zh: str
    way_en: str


class FormFieldOut(ResponseModel):
    """A question."""

    key: str
    title_zh: str
    title_en: str
    type: FieldKind
    publicity: Publicity
    is_required: bool
    minimum: int
    maximum: int
    max_length: int
    choices: list[str]

    @classmethod
    def of(cls, field: ReportField) -> "FormFieldOut":
        """Shape a question."""
        return cls(
            key=field.key,
            title_zh=field.title.zh,
            title_en=field.title.en,
            type=field.kind,
            publicity=field.publicity,
            is_required=field.is_required,
            minimum=field.minimum,
            maximum=field.maximum,
            max_length=field.max_length,
            choices=list(field.choices),
        )


class FormPartOut(ResponseModel):
    """What one department asks."""

    key: str
    title_zh: str
    title_en: str
    agency_uscc: str
    fields: list[FormFieldOut]


class ReportFormOut(ResponseModel):
    """The one form: what is known is filled in, the rest is asked."""

    uscc: str
    year: int
    opens_at: datetime
    closes_at: datetime
    last_day: date
    known: list[KnownOut]
    parts: list[FormPartOut]

    @classmethod
    def of(
        cls, uscc: str, year: int, window: Window, known: dict[str, str], policy: ReportPolicy
    ) -> "ReportFormOut":
        """Shape the form."""
        return cls(
            uscc=uscc,
            year=year,
            opens_at=window.opens_at,
            closes_at=window.closes_at,
            last_day=window.last_day,
            known=[_known(key, value) for key, value in known.items()],
            parts=[
                FormPartOut(
                    key=part.key,
                    title_zh=part.title.zh,
                    title_en=part.title.en,
                    agency_uscc=part.agency_uscc,
                    fields=[FormFieldOut.of(field) for field in part.fields],
                )
                for part in policy.parts
            ],
        )


class ReportRequestOut(ResponseModel):
    """The report is awaited; the department gets its part as an event when it comes."""

    uscc: str
    year: int
    department: str
    agency_uscc: str
    due_at: datetime
    event_type: str

    @classmethod
    def of(cls, requested: RequestedReport) -> "ReportRequestOut":
        """Shape it."""
        return cls(**vars(requested), event_type="cn.tongban.registration.annual_report.received.v1")


def _known(key: str, value: str) -> KnownOut:
    way = way_to_change(key)
    return KnownOut(key=key, value=value, changed_by=way.filing, way_zh=way.text.zh, way_en=way.text.en)
