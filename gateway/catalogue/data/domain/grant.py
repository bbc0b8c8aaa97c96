"""A grant (授权): which agency may read which fields of a resource, for which purpose, until when."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Final
from uuid import UUID

from gateway.catalogue.data.domain.errors import ActionNotAllowed


class GrantStatus(StrEnum):
    """Where a grant stands; expiry is no step of its own, it follows from `valid_until`."""

    ISSUED = "issued"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"


class GrantAction(StrEnum):
    """What may be done to a grant."""

    WITHDRAW = "withdraw"


TRANSITIONS: Final[Mapping[tuple[GrantStatus, GrantAction], GrantStatus]] = MappingProxyType(
    {(GrantStatus.ISSUED, GrantAction.WITHDRAW): GrantStatus.WITHDRAWN}
)


@dataclass(frozen=True)
class Terms:
    """What is granted. Fields are named one by one: the least that the purpose needs (最小化, DS-14)."""

    agency_uscc: str
    resource: str
    fields: tuple[str, ...]
    purpose: str
    valid_until: datetime
    region_code: str | None = None
    basis: str | None = None


@dataclass(frozen=True)
class Seed:
    """Where a grant of the region pack comes from, and the digest of what the pack said of it."""

    key: str
    digest: str


@dataclass(frozen=True)
class Grant:
    """A grant and its life so far; actors are references."""

    grant_id: UUID
    terms: Terms
    status: GrantStatus
    issued_by: str
    issued_at: datetime
    withdrawn_by: str | None = None
    withdrawn_at: datetime | None = None
    seed: Seed | None = None
    version: int = 1

    def status_at(self, now: datetime) -> GrantStatus:
        """Return the status as it counts at an instant."""
        if self.status is GrantStatus.ISSUED and self.terms.valid_until <= now:
            return GrantStatus.EXPIRED
        return self.status


@dataclass(frozen=True)
class ResourceOnOffer:
    """What the rules need to know of a resource."""

    key: str
    is_shareable: bool
    field_names: frozenset[str]


@dataclass(frozen=True)
class Flaw:
    """One reason why a grant cannot be issued: where in the request, a stable code, what is wrong."""

    pointer: str
    code: str
    zh: str
    en: str


def flaws_of(
    terms: Terms,
    *,
    resource: ResourceOnOffer | None,
    agency_is_known: bool,
    region_is_known: bool,
    now: datetime,
) -> Iterator[Flaw]:
    """Yield every reason against a grant, so that one answer names them all.

    Sources: 政务数据共享条例 (国令809) on the three sharing classes; DS-14 on naming fields one by one.
    """
    if not agency_is_known:
        yield Flaw("/agency", "unknown_agency", "没有这个部门", "there is no such agency in this region")
    if not region_is_known:
        yield Flaw("/region_code", "unknown_division", "没有这个行政区划", "there is no such division")
    if terms.valid_until <= now:
        yield Flaw("/valid_until", "already_over", "有效期必须在将来", "must lie in the future")
    if resource is None:
        yield Flaw("/resource", "unknown_resource", "目录中没有该资源", "is not in the catalogue")
        return
    if not resource.is_shareable:
        yield Flaw("/resource", "not_shared", "该资源不予共享", "its owner does not share it")
    for place, name in enumerate(terms.fields):
        if name not in resource.field_names:
            yield Flaw(
                f"/fields/{place}",
                "unknown_field",
                "该资源没有这个字段；须逐项列明，不接受通配",
                "is no field of the resource; fields are named one by one, wildcards are not taken",
            )
        elif name in terms.fields[:place]:
            yield Flaw(f"/fields/{place}", "repeated", "字段重复", "is named twice")


def withdraw(grant: Grant, *, by: str, at: datetime) -> Grant:
    """Withdraw a grant; services refuse it from the moment that they hear of it. Raises: ActionNotAllowed."""
    target = TRANSITIONS.get((grant.status, GrantAction.WITHDRAW))
    if target is None:
        raise ActionNotAllowed(grant_status=grant.status, action=GrantAction.WITHDRAW)
    return replace(grant, status=target, withdrawn_by=by, withdrawn_at=at, version=grant.version + 1)
