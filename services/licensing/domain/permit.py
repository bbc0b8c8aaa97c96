"""Permits (许可证): the comprehensive permit of an industry and the component permits inside it."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from uuid import UUID

from services.licensing.domain.rules import Wording
from shared.calendar import add_months
from shared.certificates import CertificateAction, CertificateState, next_state


class PermitKind(StrEnum):
    """Comprehensive (行业综合许可证) or component (单项许可)."""

    COMPREHENSIVE = "comprehensive"
    COMPONENT = "component"


@dataclass(eq=False)
class PermitNotFound(Exception):
    """There is no such permit."""


@dataclass(eq=False)
class PermitHeld(Exception):
    """The enterprise holds the permits that it applies for; `renewable_from` is None where they have no end."""

    uscc: str
    permit_number: str
    renewable_from: date | None


@dataclass(frozen=True)
class Permit:
    """A permit with its electronic certificate; `certificate_state` is the state by its code (01 有效).

    `ended_on` is the day on which it ended before its time. `premises` are those that it names; where its holder left
    them, `premises_changed_on` says since when, and `apply_by` until when a new permit is to be applied for, if the
    law says so. A later `version` follows the certificate `associated_identifier`.
    """

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
    ended_on: date | None = None
    premises: str | None = None
    version: int = 1
    associated_identifier: str | None = None
    premises_changed_on: date | None = None
    apply_by: date | None = None

    @property
    def is_at_its_premises(self) -> bool:
        """Whether its holder is still where it was given for."""
        return self.premises_changed_on is None

    @property
    def verify_path(self) -> str:
        """Where anyone can verify it, relative to the suite's public URL."""
        return f"/licensing/v1/verify/{self.certificate_identifier}"


@dataclass(frozen=True)
class LapsedVersion:
    """A permit as an earlier version of its certificate had it, and the version that took its place."""

    permit: Permit
    superseded_by: str
    lapsed_at: datetime

    @property
    def as_it_was(self) -> Permit:
        """The permit with that version, out of force (失效)."""
        return replace(self.permit, certificate_state=CertificateState.LAPSED.value)


def cancelled(permit: Permit, on: date) -> Permit:
    """The permit once its holder has left (注销). Raises: CertificateActionNotAllowed.

    Source: 行政许可法 art. 70(3).
    """
    state = next_state(CertificateState(permit.certificate_state), CertificateAction.CANCEL)
    return replace(permit, certificate_state=state.value, ended_on=on)


def superseded(permit: Permit, later: Permit, at: datetime) -> "LapsedVersion":
    """The certificate of the permit once a later version took its place. Raises: CertificateActionNotAllowed."""
    next_state(CertificateState(permit.certificate_state), CertificateAction.SUPERSEDE)
    return LapsedVersion(permit, later.certificate_identifier, at)


def covering(held: Iterable[Permit], items: Iterable[str], renewable_after: date) -> Permit | None:
    """The permit that makes an application for the items needless: every one is held beyond that day.

    Of several the one that ends first. One whose holder left its premises makes none needless.
    Source: 行政许可法 art. 50 (renewal before the end), art. 49 (what was permitted has changed).
    """
    wanted = set(items)
    lasting = [
        permit
        for permit in held
        if permit.item in wanted
        and permit.is_at_its_premises
        and (permit.valid_to is None or permit.valid_to > renewable_after)
    ]
    if not wanted or {permit.item for permit in lasting} != wanted:
        return None
    return min(lasting, key=lambda permit: permit.valid_to or date.max)


def valid_to(valid_from: date, years: int | None) -> date | None:
    """The last day of a validity of whole years from `valid_from`; None is without end."""
    return None if years is None else add_months(valid_from, 12 * years) - timedelta(days=1)


def shared_valid_to(ends: list[date | None]) -> date | None:
    """The comprehensive permit ends with the first permit inside it.

    Source: 上海市浦东新区深化“一业一证”改革规定 art. 8, taken as a model:
    one shared period of validity.
    """
    return min((end for end in ends if end is not None), default=None)
