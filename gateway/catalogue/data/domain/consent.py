"""A consent (授权同意): whom data is about lets one agency read named fields for one purpose, for a time.

Sources: 黑龙江信用措施 五（二） (DS-16, DS-17), 售电公司办法 第十五条、第十六条 (DS-27), 个人信息保护法 art. 13 to 17.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final
from uuid import UUID

from gateway.catalogue.data.domain.errors import ConsentAlreadyWithdrawn
from gateway.catalogue.data.domain.grant_rules import Flaw, ResourceOnOffer

LONGEST_CONSENT: Final = timedelta(days=366)
"""No consent holds for longer (一次授权终身 is forbidden, DS-17). The law names no figure; this one is ours."""

BY_RULING: Final = "ruling:"
"""How `given_by` begins where a court's ruling stands in the place of a consent; the number follows."""


class ConsentStatus(StrEnum):
    """Where a consent stands; expiry follows from `valid_until`."""

    GIVEN = "given"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"


@dataclass(frozen=True)
class Notice:
    """What the subject was told before, beside the purpose: content, method, use, scope, rights and duties."""

    content: str
    method: str
    use: str
    scope: str
    rights_notice: str


@dataclass(frozen=True)
class Consent:
    """A consent and its life so far. `subject` is an opaque id of a person or an enterprise's credit code."""

    consent_id: UUID
    subject: str
    given_by: str
    agency_uscc: str
    resource: str
    fields: tuple[str, ...]
    purpose: str
    notice: Notice
    given_at: datetime
    valid_until: datetime
    withdrawn_by: str | None = None
    withdrawn_at: datetime | None = None
    version: int = 1

    @property
    def is_by_ruling(self) -> bool:
        """Whether a court's ruling stands in its place: then its subject cannot withdraw it."""
        return self.given_by.startswith(BY_RULING)

    def status_at(self, now: datetime) -> ConsentStatus:
        """Return the status as it counts at an instant."""
        if self.withdrawn_at is not None:
            return ConsentStatus.WITHDRAWN
        return ConsentStatus.EXPIRED if self.valid_until <= now else ConsentStatus.GIVEN


@dataclass(frozen=True)
class Asked:
    """What somebody is asked to consent to, as it was sent: what is missing is None."""

    agency_uscc: str
    resource: str
    fields: tuple[str, ...]
    purpose: str | None
    content: str | None
    method: str | None
    use: str | None
    scope: str | None
    rights_notice: str | None
    valid_until: datetime | None

    def notice(self) -> Notice | None:
        """The notice, if each of its parts is there."""
        parts = (self.content, self.method, self.use, self.scope, self.rights_notice)
        told = [part for part in parts if part]
        return Notice(*told) if len(told) == len(parts) else None


def flaws_of_consent(
    asked: Asked, *, resource: ResourceOnOffer | None, agency_is_known: bool, now: datetime
) -> Iterator[Flaw]:
    """Yield every reason why this is no consent: not told (DS-16), not specific, without end (DS-17)."""
    for name in ("purpose", "content", "method", "use", "scope", "rights_notice"):
        if not getattr(asked, name):
            yield Flaw(f"/{name}", "not_told", "须明确告知", "must be told before consent is given")
    if not agency_is_known:
        yield Flaw("/agency", "unknown_agency", "没有这个部门", "there is no such agency in this region")
    yield from _against_term(asked.valid_until, now)
    if resource is None:
        yield Flaw("/resource", "unknown_resource", "目录中没有该资源", "is not in the catalogue")
        return
    for place, name in enumerate(asked.fields):
        if name not in resource.field_names:
            yield Flaw(
                f"/fields/{place}",
                "unknown_field",
                "须逐项列明该资源的字段",
                "consent names fields of the resource one by one",
            )


def _against_term(valid_until: datetime | None, now: datetime) -> Iterator[Flaw]:
    if valid_until is None:
        yield Flaw("/valid_until", "no_end", "须有截止日期，不得一次授权终身", "a consent has an end")
    elif valid_until <= now:
        yield Flaw("/valid_until", "already_over", "有效期必须在将来", "must lie in the future")
    elif valid_until > now + LONGEST_CONSENT:
        yield Flaw("/valid_until", "too_long", "有效期最长一年", "must lie within a year")


def withdraw_consent(consent: Consent, *, by: str, at: datetime) -> Consent:
    """Possible at any time, also after its end. Raises: ConsentAlreadyWithdrawn."""
    if consent.withdrawn_at is not None:
        raise ConsentAlreadyWithdrawn
    return replace(consent, withdrawn_by=by, withdrawn_at=at, version=consent.version + 1)
