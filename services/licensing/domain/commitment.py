"""Notification and commitment (告知承诺): who may commit, what was signed, when it must be checked."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from services.licensing.domain.enterprise import CreditStanding
from services.licensing.domain.rules import PermitRule, Wording


class FallbackReason(StrEnum):
    """Why a commitment was not taken and the component goes the ordinary way."""

    GRADE_NOT_ALLOWED = "grade_not_allowed"
    CREDIT_UNKNOWN_IN_TIME = "credit_unknown_in_time"
    PREDECESSOR_PENDING = "predecessor_pending"

    @property
    def wording(self) -> Wording:
        """The reason as the applicant is told it."""
        return _WORDING[self]


_WORDING = {
    FallbackReason.GRADE_NOT_ALLOWED: Wording(
        "信用等级不适用告知承诺，转为一般程序审查。",
        "The credit grade does not allow a commitment here; the ordinary review takes place.",
    ),
    FallbackReason.CREDIT_UNKNOWN_IN_TIME: Wording(
        "未能及时取得信用评价结果，转为一般程序审查。",
        "No credit grade became known in time; the ordinary review takes place.",
    ),
    FallbackReason.PREDECESSOR_PENDING: Wording(
        "前置许可尚未作出决定，转为一般程序审查。",
        "A permit that comes first is not decided yet; the ordinary review takes place.",
    ),
}


@dataclass(frozen=True)
class Ruling:
    """The outcome of a rule, with its id and legal basis."""

    rule: str
    legal_basis: str
    is_met: bool


@dataclass(frozen=True)
class SignedCommitment:
    """The three steps in their order (LIC-18): notice told, commitment signed, and, once issued, when.

    `signed_by` names the token's subject by an opaque id; the digest is over the text that was signed.
    """

    notice_version: str
    notice_told_at: datetime
    text: Wording
    text_digest: str
    signed_by: str
    signed_at: datetime
    issued_at: datetime | None = None
    check_due_on: date | None = None


def sign(text: Wording, *, notice_version: str, signed_by: str, at: datetime) -> SignedCommitment:
    """Take down a commitment that was made with the application."""
    digest = hashlib.sha256(f"{text.zh}\n{text.en}".encode()).hexdigest()
    return SignedCommitment(notice_version, at, text, digest, signed_by, at)


def may_commit(rule: PermitRule, standing: CreditStanding, grades: Sequence[str]) -> Ruling:
    """Decide whether credit allows a commitment for the item; `grades` run from the best down.

    A grade that the region does not know allows nothing.
    Source: 永济规划 #37 (LIC-17); 国务院关于全面推行证明事项和涉企经营许可事项告知承诺制 (credit as a limit).
    """
    order = {grade: place for place, grade in enumerate(grades)}
    is_met = (
        rule.offers_commitment
        and rule.offer is not None
        and standing.allows_commitment
        and standing.grade in order
        and order[standing.grade] <= order.get(rule.offer.minimum_grade, -1)
    )
    return Ruling("licensing.commitment.credit", "国办发〔2020〕42号；永济规划 #37", is_met)


@dataclass(eq=False)
class NoticeChanged(Exception):
    """The applicant was told another notice than the one in force."""

    notice_version: str
