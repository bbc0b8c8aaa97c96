"""Permits (许可证): the comprehensive permit of an industry and the component permits inside it."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from uuid import UUID

from services.licensing.domain.rules import Wording
from shared.calendar import add_months


class PermitKind(StrEnum):
    """Comprehensive (行业综合许可证) or component (单项许可)."""

    COMPREHENSIVE = "comprehensive"
    COMPONENT = "component"


@dataclass(eq=False)
class PermitNotFound(Exception):
    """There is no such permit."""


@dataclass(frozen=True)
class Permit:
    """A permit with its electronic certificate; `certificate_state` is the state by its code (01 有效)."""

    number: str
    kind: PermitKind
    item: str | None
    name: Wording
    uscc: str
    holder_name: str
    industry_code: str
    application_id: UUID
    matter_id: str | None
    part_of: str | None
    issuer_uscc: str
    issuer_name: Wording
    supervising_uscc: str
    supervising_name: Wording
    valid_from: date
    valid_to: date | None
    certificate_identifier: str
    certificate_state: str
    digest: str
    jws: str
    seal_zh: str
    seal_en: str
    issued_at: datetime

    @property
    def verify_path(self) -> str:
        """Where anyone can verify it, relative to the suite's public URL."""
        return f"/licensing/v1/verify/{self.certificate_identifier}"


def valid_to(valid_from: date, years: int | None) -> date | None:
    """The last day of a validity of whole years from `valid_from`; None is without end."""
    return None if years is None else add_months(valid_from, 12 * years) - timedelta(days=1)


def shared_valid_to(ends: list[date | None]) -> date | None:
    """The comprehensive permit ends with the first permit inside it.

    Source: 上海市浦东新区深化“一业一证”改革规定 art. 8, taken as a model:
    one shared period of validity.
    """
    return min((end for end in ends if end is not None), default=None)
