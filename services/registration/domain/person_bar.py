"""Bars on persons (任职限制): who may not stand for a company, or register anything, and until when."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from services.registration.domain.errors import BarLifted
from shared.identifiers import PersonReference


class BarKind(StrEnum):
    """On what a bar rests. Source: 公司法 art. 178; 市场主体登记管理条例 arts. 12 and 40."""

    INCAPACITY = "incapacity"  # 无民事行为能力或者限制民事行为能力
    CRIME = "crime"  # 贪污贿赂等刑罚执行期满未逾五年
    BANKRUPTCY = "bankruptcy"  # 破产企业负责人，负有个人责任，未逾三年
    REVOKED_OR_CLOSED = "revoked_or_closed"  # 吊销、责令关闭，负有个人责任，未逾三年
    DEBT = "debt"  # 个人大额到期债务未清偿，被列为失信被执行人
    FALSE_REGISTRATION = "false_registration"  # 虚假登记直接责任人，三年
    OTHER = "other"  # 法律、行政法规规定的其他情形


@dataclass(frozen=True)
class PersonBar:
    """A bar on somebody, who is named by a keyed reference only; `until` is its last day, None while it lasts.

    `uscc` is the enterprise from which it comes, if from one.
    """

    id: UUID
    person_reference: PersonReference
    kind: BarKind
    basis: str
    decided_by: str
    document_no: str | None
    since: date
    until: date | None
    uscc: str | None
    entered_by: str
    entered_at: datetime
    lifted_at: datetime | None = None
    lifted_by: str | None = None
    lifted_why: str | None = None

    def runs_on(self, day: date) -> bool:
        """Whether it bars on the day; both ends included."""
        return self.lifted_at is None and self.since <= day and (self.until is None or day <= self.until)


def lifted(bar: PersonBar, by: str, why: str, at: datetime) -> PersonBar:
    """The bar as it is once lifted. Raises: BarLifted where it was before."""
    if bar.lifted_at is not None:
        raise BarLifted
    return replace(bar, lifted_at=at, lifted_by=by, lifted_why=why)
