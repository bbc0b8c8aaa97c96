"""Whether a reading is granted: every condition of a grant, and the first one that a reading lacks."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from shared.security.office import region_covers


class Way(StrEnum):
    """How the data comes: as a copy (数据落地), or as a yes or no to a claim (数据核验). Source: DS-08."""

    COPY = "copy"
    VERIFY = "verify"


class Missing(StrEnum):
    """The condition that a reading lacks, in the order in which they are looked at."""

    PURPOSE = "purpose"
    AGENCY = "agency"
    OFFICE = "office"
    GRANT = "grant"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"
    SUSPENDED = "suspended"
    REGION = "region"
    SCENE = "scene"
    WAY = "way"
    FIELDS = "fields"
    CASE_NUMBER = "case_number"
    CONSENT = "consent"


@dataclass(frozen=True)
class DataGrant:
    """A grant as it stands; no `regions` means all, no `scenes` any."""

    grant_id: str
    agency_uscc: str
    resource: str
    fields: tuple[str, ...]
    purpose: str
    valid_until: datetime
    regions: tuple[str, ...] = ()
    scenes: tuple[str, ...] = ()
    ways: tuple[str, ...] = (Way.COPY,)
    needs_consent: bool = False
    needs_case_number: bool = False
    suspended_at: datetime | None = None
    withdrawn_at: datetime | None = None


@dataclass(frozen=True)
class DataConsent:
    """A consent: `subject` is an opaque id of a person or the credit code of an enterprise."""

    consent_id: str
    subject: str
    agency_uscc: str
    resource: str
    fields: tuple[str, ...]
    purpose: str
    valid_until: datetime
    withdrawn_at: datetime | None = None


@dataclass(frozen=True)
class Wanted:
    """What is asked for: `fields` one by one, or none for all that is granted; `division` is where the record lies."""

    division: str
    scene: str | None = None
    way: Way = Way.COPY
    fields: frozenset[str] = frozenset()
    case_number: str | None = None


@dataclass(frozen=True)
class Opened:
    """The fields that are open, and under which grants."""

    grant_ids: tuple[str, ...]
    fields: frozenset[str]


def decide(
    grants: Iterable[DataGrant], consents: Sequence[DataConsent], wanted: Wanted, now: datetime
) -> Opened | Missing:
    """Decide under an agency's grants on the resource for the stated purpose, and its consents of the subjects.

    Sources: DS-08, DS-09, DS-13, DS-14, DS-16, DS-17, DS-26, DS-27.
    """
    left = list(grants)
    conditions: tuple[tuple[Missing, Callable[[DataGrant], bool]], ...] = (
        (Missing.GRANT, lambda _: True),
        (Missing.WITHDRAWN, lambda grant: grant.withdrawn_at is None or grant.withdrawn_at > now),
        (Missing.EXPIRED, lambda grant: grant.valid_until > now),
        (Missing.SUSPENDED, lambda grant: grant.suspended_at is None),
        (Missing.REGION, lambda grant: _covers(grant.regions, wanted.division)),
        (Missing.SCENE, lambda grant: not grant.scenes or wanted.scene in grant.scenes),
        (Missing.WAY, lambda grant: wanted.way in grant.ways),
    )
    for missing, holds in conditions:
        left = [grant for grant in left if holds(grant)]
        if not left:
            return missing
    return _opened(left, consents, wanted, now)


def _opened(
    grants: Sequence[DataGrant], consents: Sequence[DataConsent], wanted: Wanted, now: datetime
) -> Opened | Missing:
    """Join what the grants open; one that lacks its case number or consent opens nothing beside the others."""
    if not wanted.fields <= {name for grant in grants for name in grant.fields}:
        return Missing.FIELDS
    ready = [grant for grant in grants if wanted.case_number or not grant.needs_case_number]
    if not ready:
        return Missing.CASE_NUMBER
    agreed = {
        name
        for consent in consents
        if consent.valid_until > now and (consent.withdrawn_at is None or consent.withdrawn_at > now)
        for name in consent.fields
    }
    by_grant = {
        grant.grant_id: {name for name in grant.fields if not grant.needs_consent or name in agreed}
        for grant in ready
    }
    used = tuple(sorted(grant_id for grant_id, names in by_grant.items() if names))
    fields = frozenset(name for names in by_grant.values() for name in names)
    if not used or not wanted.fields <= fields:
        return Missing.CONSENT
    return Opened(used, wanted.fields or fields)


def _covers(regions: tuple[str, ...], division: str) -> bool:
    return not regions or any(region_covers(region, division) for region in regions)
