"""Whose like names do not bar a name: enterprises that invest in one another, and one that agrees in writing.

Source: 企业名称登记管理规定 art. 17 (有投资关系的除外). Own readings, to be confirmed: the investment is direct, in
either direction, of any size; the article knows no consent, so that one without investment is a registrar's to weigh.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final

from services.registration.domain.kinds import IN_BUSINESS
from services.registration.domain.known_facts import KnownEnterprise
from services.registration.domain.rule import Rule, RuleResult, fault, passed
from services.registration.domain.wording import Wording

CONSENT: Final = Rule(
    "name.consent",
    Wording("登记机关要求（名称书面同意）", "the registrar's own requirement on written consent"),
    Wording(
        "同意使用相近名称的企业在本登记机关登记并存续", "whoever agrees is registered here and in business"
    ),
)
_AT: Final = "/name_consent"


@dataclass(frozen=True)
class NameConsent:
    """An enterprise agrees to a name like its own (书面同意): when, and the digest of the paper it signed."""

    uscc: str
    agreed_on: date
    sha256: str


@dataclass(frozen=True)
class Related:
    """Credit codes of those who invest in the applicant or in whom it invests, and of who agrees."""

    invested: frozenset[str] = frozenset()
    agreed: frozenset[str] = frozenset()

    @property
    def all(self) -> frozenset[str]:
        """Everybody whose like name does not bar this one by itself."""
        return self.invested | self.agreed


NOBODY: Final = Related()


def review_consent(
    consent: NameConsent | None, agrees: KnownEnterprise | None, today: date
) -> Iterator[RuleResult]:
    """Whether the consent is one: by an enterprise of this register, by now."""
    if consent is None:
        return
    if agrees is None or agrees.state not in IN_BUSINESS:
        zh, en = (
            "同意的企业不在本登记机关登记或者已不在营业",
            "whoever agrees is not in business in this register",
        )
        yield fault(CONSENT, f"{_AT}/uscc", zh, en)
    elif consent.agreed_on > today:
        zh, en = "同意书的日期晚于今天", "the consent is dated after today"
        yield fault(CONSENT, f"{_AT}/agreed_on", zh, en)
    else:
        yield passed(CONSENT, _AT)
