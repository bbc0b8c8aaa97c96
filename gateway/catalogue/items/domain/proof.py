"""The list of proofs that may still be asked for (保留的证明事项清单), kept up to date within seven working days."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Final

from gateway.catalogue.items.domain.errors import ProofCancelled
from gateway.catalogue.items.domain.standard import Wording
from shared.calendar import Limit, LimitUnit, WorkingCalendar, local_date

UPDATE_LIMIT: Final = Limit(Decimal(7), LimitUnit.WORKING_DAY)
"""From the day on which a proof is introduced or cancelled. Source: 滁州条例 art. 27 (七个工作日内)."""


@dataclass(frozen=True)
class Proof:
    """A proof: its basis, who asks for it, who issues it, how to get it; cancelled from a day on (取消).

    `introduced_on` is the day from which it may be asked for; the list was to have it within the limit after.
    """

    code: str
    title: Wording
    legal_basis: str
    requesting_unit: str
    issuing_unit: str
    guide: Wording
    introduced_on: date
    listed_at: datetime
    cancelled_on: date | None = None
    version: int = 1

    def may_be_asked_on(self, day: date) -> bool:
        """Whether a unit may demand it on a day."""
        return self.introduced_on <= day and (self.cancelled_on is None or day < self.cancelled_on)


def cancel(proof: Proof, on: date) -> Proof:
    """Raises: ProofCancelled."""
    if proof.cancelled_on is not None:
        raise ProofCancelled(proof.code)
    return replace(proof, cancelled_on=on, version=proof.version + 1)


@dataclass(frozen=True)
class Currency:
    """Whether the lists follow a change in time: by when they must, who still lags, whether it is late."""

    due_on: date
    lagging_items: tuple[str, ...]
    is_overdue: bool


def currency_of(proof: Proof, asked_by: tuple[str, ...], today: date, calendar: WorkingCalendar) -> Currency:
    """A cancelled proof that items still demand, or a new one that was listed late, is overdue after the limit."""
    changed_on = proof.cancelled_on or proof.introduced_on
    due_on = calendar.add_working_days(changed_on, int(UPDATE_LIMIT.value)).on
    if proof.cancelled_on is None:
        return Currency(due_on, (), local_date(proof.listed_at) > due_on)
    lagging = asked_by if today >= proof.cancelled_on else ()
    return Currency(due_on, lagging, bool(lagging) and today > due_on)
