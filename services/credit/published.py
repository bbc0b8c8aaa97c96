"""Events that the credit service publishes: the published language, versioned."""

from datetime import UTC, date, datetime

from services.credit.domain.evaluation import Evaluation, WarningReason
from services.credit.domain.records import Record
from services.credit.domain.subjects import Enterprise
from shared.messaging.access import AccessRecorded
from shared.messaging.contracts import Published
from shared.messaging.events import Announcement, EventType, Payload
from shared.security.principal import Principal

SUBJECT_OPENED = EventType("credit", "subject", "opened")
SUBJECT_EVALUATED = EventType("credit", "subject", "evaluated")
SUBJECT_WARNED = EventType("credit", "subject", "warned")
RECORD_ENTERED = EventType("credit", "record", "entered")
ACCESS_RECORDED = EventType("credit", "access", "recorded")


class SubjectOpened(Payload):
    """A credit subject exists under this code."""

    uscc: str
    name: str


class FactorCounted(Payload):
    """What one factor of the score card gave."""

    code: str
    points: str
    count: int


class SubjectEvaluated(Payload):
    """The subject's present evaluation, explained by factor."""

    uscc: str
    grade: str
    score: str
    scorecard_version: str
    evaluated_at: datetime
    allows_commitment: bool
    factors: list[FactorCounted]


class SubjectWarned(Payload):
    """The subject's credit fell as the region's warning rule describes."""

    uscc: str
    previous_grade: str
    grade: str
    previous_score: str
    score: str
    scorecard_version: str
    reasons: list[WarningReason]
    warned_at: datetime


class RecordEntered(Payload):
    """A record stands under this code."""

    record_id: str
    uscc: str
    catalogue_item: str
    nature: str
    happened_on: date
    provider_uscc: str
    source_event: str | None


def subject_opened(enterprise: Enterprise) -> Announcement:
    return Announcement(
        SUBJECT_OPENED, enterprise.uscc, SubjectOpened(uscc=enterprise.uscc, name=enterprise.name)
    )


def subject_evaluated(uscc: str, evaluation: Evaluation) -> Announcement:
    payload = SubjectEvaluated(
        uscc=uscc,
        grade=evaluation.grade,
        score=str(evaluation.score),
        scorecard_version=evaluation.scorecard_version,
        evaluated_at=evaluation.evaluated_at,
        allows_commitment=evaluation.allows_commitment,
        factors=[
            FactorCounted(code=c.code, points=str(c.points), count=c.count) for c in evaluation.contributions
        ],
    )
    return Announcement(SUBJECT_EVALUATED, uscc, payload)


def subject_warned(
    uscc: str, before: Evaluation, after: Evaluation, reasons: tuple[WarningReason, ...]
) -> Announcement:
    payload = SubjectWarned(
        uscc=uscc,
        previous_grade=before.grade,
        grade=after.grade,
        previous_score=str(before.score),
        score=str(after.score),
        scorecard_version=after.scorecard_version,
        reasons=list(reasons),
        warned_at=after.evaluated_at,
    )
    return Announcement(SUBJECT_WARNED, uscc, payload)


def record_entered(record: Record) -> Announcement:
    payload = RecordEntered(
        record_id=str(record.id),
        uscc=record.uscc,
        catalogue_item=record.catalogue_item,
        nature=record.elements.nature,
        happened_on=record.happened_on,
        provider_uscc=record.provider_uscc,
        source_event=record.source_event,
    )
    return Announcement(RECORD_ENTERED, str(record.id), payload)


def access_recorded(uscc: str, reader: Principal, fields: list[str], at: datetime) -> Announcement:
    payload = AccessRecorded.of(reader, resource="credit.subject", record_key=uscc, fields=fields, at=at)
    return Announcement(ACCESS_RECORDED, uscc, payload)


_USCC = "91140881MB9Y00075F"
_AGENCY = "11140881MB9Y00024F"
_AT = datetime(2026, 5, 11, 1, 30, tzinfo=UTC)
_RECORD_ID = "019705e2-6d52-7c1e-9a46-5b1f0f0c7a11"

PUBLISHED: tuple[Published, ...] = (
    Published(
        SUBJECT_OPENED,
        SubjectOpened,
        SubjectOpened(uscc=_USCC, name="永济市示例餐饮有限公司"),
        "A credit subject was opened for an enterprise (信用主体建档)",
    ),
    Published(
        SUBJECT_EVALUATED,
        SubjectEvaluated,
        SubjectEvaluated(
            uscc=_USCC,
            grade="B",
            score="70.00",
            scorecard_version="yongji-2026.1",
            evaluated_at=_AT,
            allows_commitment=True,
            factors=[FactorCounted(code="penalty_general", points="-10.00", count=1)],
        ),
        "A subject was evaluated (公共信用综合评价)",
    ),
    Published(
        SUBJECT_WARNED,
        SubjectWarned,
        SubjectWarned(
            uscc=_USCC,
            previous_grade="B",
            grade="C",
            previous_score="80.00",
            score="55.00",
            scorecard_version="yongji-2026.1",
            reasons=[WarningReason.GRADE, WarningReason.SCORE],
            warned_at=_AT,
        ),
        "A subject's grade or score fell as the warning rule describes (信用预警)",
    ),
    Published(
        RECORD_ENTERED,
        RecordEntered,
        RecordEntered(
            record_id=_RECORD_ID,
            uscc=_USCC,
            catalogue_item="penalty_general",
            nature="negative",
            happened_on=date(2026, 5, 6),
            provider_uscc=_AGENCY,
            source_event=None,
        ),
        "A credit record was entered (信用信息归集)",
    ),
    Published(
        ACCESS_RECORDED,
        AccessRecorded,
        AccessRecorded(
            reader="client:tax",
            client_id="tax",
            agency_uscc="11140881MB9Y000405",
            on_behalf_of=None,
            resource="credit.subject",
            record_key=_USCC,
            owner_subject=None,
            fields=["records.penalty_minor"],
            purpose=None,
            matter_id=None,
            grant_id=None,
            result="allowed",
            at=_AT,
        ),
        "An agency read records that are not public and not its own (查询留痕)",
    ),
)
