"""What is known of an enterprise, filed under its code (记于企业名下): one line per event that tells a fact of it.

Source: DS-20 (涉企信息应归尽归). A fact whose code cannot be resolved waits as an exception; it is never dropped.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Final

from gateway.progress.domain.case import Title
from shared.identifiers.uscc import InvalidUscc, parse_uscc


class RecordType(StrEnum):
    """What kind of fact it is."""

    REGISTRATION = "registration"
    FILING = "filing"
    APPLICATION = "application"
    PERMIT = "permit"
    COMMITMENT = "commitment"
    CREDIT_RECORD = "credit_record"
    CREDIT_EVALUATION = "credit_evaluation"
    CREDIT_WARNING = "credit_warning"
    TICKET = "ticket"
    TASK = "task"
    MATTER = "matter"


class Openness(StrEnum):
    """Whom a fact is for."""

    PUBLIC = "public"
    CATALOGUE = "catalogue"
    """As the credit catalogue says of its item."""
    SHARED = "shared"
    """For agencies that answer for it or hold a grant on its resource, and the enterprise itself."""
    OWN = "own"
    """For the enterprise itself."""


@dataclass(frozen=True)
class FactTold:
    """What an event type tells of an enterprise. `keeps` names the fields that are kept, all others are left."""

    type: RecordType
    openness: Openness
    text: Title
    key: str
    keeps: tuple[str, ...]
    resource: str | None = None
    about: str | None = None
    case_key: str | None = None
    path: str | None = None
    is_about_one: bool = True
    """Whether it is about an enterprise by its nature: then a missing code is an exception."""


_IN_THE_REGISTER: Final[Mapping[str, Title]] = {
    "altered": Title("变更登记", "Registered items altered"),
    "recorded": Title("备案", "Recorded items changed"),
    "relocated": Title("迁移登记", "Moved"),
    "moved_out": Title("迁出", "Moved to another register"),
    "suspended": Title("歇业", "Business suspended"),
    "resumed": Title("恢复营业", "Business resumed"),
    "deregistered": Title("注销登记", "Deregistered"),
    "forcibly_deregistered": Title("强制注销", "Deregistered by the registrar"),
    "licence_revoked": Title("吊销营业执照", "Business licence revoked"),
    "closed_by_order": Title("责令关闭", "Ordered to close"),
    "registration_revoked": Title("撤销登记", "Registration revoked"),
    "restored": Title("恢复登记", "Restored"),
    "court_ruled": Title("人民法院裁定", "Ruling of a court"),
    "representative_entered": Title("补录法定代表人", "Representative entered"),
}

FACTS: Final[Mapping[str, FactTold]] = {
    **{
        f"registration.enterprise.{act}": FactTold(
            RecordType.REGISTRATION,
            Openness.PUBLIC,
            title,
            key="uscc",
            keeps=("name", "state", "effective_on", "version", "division_code", "licence_identifier"),
            path="/registration/v1/enterprises/{uscc}",
        )
        for act, title in _IN_THE_REGISTER.items()
    },
    "registration.enterprise.registered": FactTold(
        RecordType.REGISTRATION,
        Openness.PUBLIC,
        Title("登记设立", "Entered in the register"),
        key="uscc",
        keeps=("name", "enterprise_kind", "state", "established_on", "division_code", "licence_identifier"),
        path="/registration/v1/enterprises/{uscc}",
    ),
    "registration.filing.approved": FactTold(
        RecordType.FILING,
        Openness.PUBLIC,
        Title("准予登记", "Registration granted"),
        key="filing_id",
        keeps=("licence_identifier", "decided_at"),
        case_key="filing_id",
        path="/registration/v1/verify/{licence_identifier}",
    ),
    "registration.name.ruled": FactTold(
        RecordType.REGISTRATION,
        Openness.PUBLIC,
        Title("企业名称裁决", "Ruling on the name"),
        key="dispute_id",
        keeps=("name", "is_to_stop", "change_by"),
        path="/registration/v1/enterprises/{uscc}",
    ),
    "registration.name.withdrawn": FactTold(
        RecordType.REGISTRATION,
        Openness.PUBLIC,
        Title("以统一社会信用代码代替名称", "Credit code stands in for the name"),
        key="dispute_id",
        keeps=("name", "withdrawn_at"),
        path="/registration/v1/enterprises/{uscc}",
    ),
    "registration.annual_report.submitted": FactTold(
        RecordType.REGISTRATION,
        Openness.PUBLIC,
        Title("报送年度报告", "Annual report filed"),
        key="report_id",
        keeps=("year", "state", "is_late", "version", "filed_at"),
        about="year",
        path="/registration/v1/enterprises/{uscc}/annual-reports",
    ),
    "registration.abnormal_list.entered": FactTold(
        RecordType.REGISTRATION,
        Openness.PUBLIC,
        Title("列入经营异常名录", "Put on the list of abnormal operations"),
        key="listing_id",
        keeps=("cause", "effect", "year", "entered_at"),
        about="cause",
        path="/registration/v1/enterprises/{uscc}/abnormal-list",
    ),
    "registration.abnormal_list.removed": FactTold(
        RecordType.REGISTRATION,
        Openness.PUBLIC,
        Title("移出经营异常名录", "Taken off the list of abnormal operations"),
        key="listing_id",
        keeps=("cause", "effect", "state", "year", "ended_at"),
        about="cause",
        path="/registration/v1/enterprises/{uscc}/abnormal-list",
    ),
    "licensing.application.submitted": FactTold(
        RecordType.APPLICATION,
        Openness.SHARED,
        Title("提交许可申请", "Applied for a comprehensive permit"),
        key="application_id",
        keeps=("industry_code", "components"),
        resource="licensing.permit",
        about="industry_code",
    ),
    "licensing.application.refused": FactTold(
        RecordType.APPLICATION,
        Openness.SHARED,
        Title("不予许可", "Permit refused"),
        key="application_id",
        keeps=(),
        resource="licensing.permit",
    ),
    "licensing.permit.issued": FactTold(
        RecordType.PERMIT,
        Openness.PUBLIC,
        Title("签发许可证", "Permit issued"),
        key="permit_number",
        keeps=(
            "kind",
            "item",
            "industry_code",
            "issuer_uscc",
            "valid_from",
            "valid_to",
            "certificate_identifier",
        ),
        about="industry_code",
        case_key="application_id",
        path="{verify_path}",
    ),
    "licensing.permit.altered": FactTold(
        RecordType.PERMIT,
        Openness.PUBLIC,
        Title("变更许可证", "Permit altered"),
        key="permit_number",
        keeps=("item", "changed", "issuer_uscc", "certificate_identifier", "associated_identifier"),
        path="{verify_path}",
    ),
    "licensing.permit.premises_changed": FactTold(
        RecordType.PERMIT,
        Openness.PUBLIC,
        Title("许可场所变动", "Permitted premises left"),
        key="permit_number",
        keeps=("item", "issuer_uscc", "premises_changed_on", "apply_by"),
        path="/licensing/v1/permits/{permit_number}",
    ),
    "licensing.permit.cancelled": FactTold(
        RecordType.PERMIT,
        Openness.PUBLIC,
        Title("注销许可证", "Permit cancelled"),
        key="permit_number",
        keeps=("item", "issuer_uscc", "ended_on", "certificate_identifier"),
        path="/licensing/v1/permits/{permit_number}",
    ),
    "licensing.commitment.made": FactTold(
        RecordType.COMMITMENT,
        Openness.SHARED,
        Title("作出告知承诺", "Commitment made"),
        key="item",
        keeps=("item", "agency_uscc", "made_at", "check_due_on"),
        resource="licensing.permit",
        about="item",
    ),
    "credit.record.entered": FactTold(
        RecordType.CREDIT_RECORD,
        Openness.CATALOGUE,
        Title("归集信用信息", "Credit record entered"),
        key="record_id",
        keeps=("catalogue_item", "nature", "happened_on", "provider_uscc"),
        resource="credit.evaluation",
        about="catalogue_item",
    ),
    "credit.subject.evaluated": FactTold(
        RecordType.CREDIT_EVALUATION,
        Openness.SHARED,
        Title("公共信用综合评价", "Credit evaluated"),
        key="uscc",
        keeps=("grade", "score", "scorecard_version", "evaluated_at"),
        resource="credit.evaluation",
    ),
    "credit.subject.warned": FactTold(
        RecordType.CREDIT_WARNING,
        Openness.SHARED,
        Title("信用预警", "Credit warning"),
        key="uscc",
        keeps=("previous_grade", "grade", "warned_at"),
        resource="credit.evaluation",
    ),
    "hotline.ticket.received": FactTold(
        RecordType.TICKET,
        Openness.OWN,
        Title("企业诉求", "Request of the enterprise"),
        key="ticket_number",
        keeps=("kind", "category_code"),
        about="category_code",
        is_about_one=False,
    ),
    "gateway.task.completed": FactTold(
        RecordType.TASK,
        Openness.SHARED,
        Title("部门任务办结", "Department task completed"),
        key="task_id",
        keeps=("kind", "agency_uscc", "completed_at"),
        resource="registration.enterprise",
        about="kind",
        is_about_one=False,
    ),
    "gateway.matter.partly_completed": FactTold(
        RecordType.MATTER,
        Openness.SHARED,
        Title("一件事部分办结", "Matter completed in part"),
        key="matter_id",
        keeps=("theme", "completed_at", "working_minutes", "completed_parts", "open_parts"),
        resource="registration.enterprise",
        about="theme",
        is_about_one=False,
    ),
    "gateway.matter.completed": FactTold(
        RecordType.MATTER,
        Openness.SHARED,
        Title("一件事办结", "Matter completed"),
        key="matter_id",
        keeps=("theme", "completed_at", "working_minutes"),
        resource="registration.enterprise",
        about="theme",
        is_about_one=False,
    ),
}


@dataclass(frozen=True)
class Origin:
    """Which event told it: from which service, when, and the version of its subject after it."""

    service: str
    event_id: str
    what: str
    at: datetime
    sequence: int


@dataclass(frozen=True)
class Record:
    """One fact. Without `uscc` it waits for somebody to say whose it is; `stated` is what the event said."""

    origin: Origin
    type: RecordType
    uscc: str | None
    stated: str | None
    key: str
    about: str | None
    case_id: str | None
    path: str | None
    details: Mapping[str, object] = field(default_factory=dict)


def record_of(origin: Origin, said: Mapping[str, object]) -> Record | None:
    """The fact that an event tells of an enterprise; None where it tells of none."""
    told = FACTS.get(origin.what)
    if told is None:
        return None
    stated = _text(said.get("uscc"))
    if stated is None and not told.is_about_one:
        return None
    if told.openness is Openness.OWN and said.get("applicant") != stated:
        return None  # somebody named an enterprise in a request of their own: no fact about it
    return Record(
        origin=origin,
        type=told.type,
        uscc=_resolved(stated),
        stated=stated,
        key=_text(said.get(told.key)) or origin.event_id,
        about=_text(said.get(told.about)) if told.about else None,
        case_id=_text(said.get(told.case_key)) if told.case_key else None,
        path=_path(told.path, said),
        details={name: said[name] for name in told.keeps if said.get(name) is not None},
    )


def fact_text(what: str) -> Title:
    """What a record says."""
    told = FACTS.get(what)
    return told.text if told else Title(what, what)


def _resolved(stated: str | None) -> str | None:
    try:
        return parse_uscc(stated) if stated is not None else None
    except InvalidUscc:
        return None


def _path(template: str | None, said: Mapping[str, object]) -> str | None:
    if template is None:
        return None
    try:
        path = template.format_map(said)
    except KeyError:
        return None
    return path if path.startswith("/") else None


def _text(value: object) -> str | None:
    return str(value) if value not in (None, "") else None
