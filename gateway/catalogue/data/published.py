"""Events that the catalogue part publishes of grants and consents, which the services enforce themselves."""

from datetime import UTC, datetime
from typing import Annotated, Any, Final

from pydantic import Field

from gateway.catalogue.data.domain.consent import Consent
from gateway.catalogue.data.domain.grant import Grant
from shared.messaging.contracts import Published
from shared.messaging.events import Announcement, EventType, Payload
from shared.sharing.deciding import Way

ISSUED: Final = EventType("gateway", "grant", "issued")
NARROWED: Final = EventType("gateway", "grant", "narrowed")
SUSPENDED: Final = EventType("gateway", "grant", "suspended")
RESUMED: Final = EventType("gateway", "grant", "resumed")
WITHDRAWN: Final = EventType("gateway", "grant", "withdrawn")
EXPIRED: Final = EventType("gateway", "grant", "expired")
CONSENT_GIVEN: Final = EventType("gateway", "consent", "given")
CONSENT_WITHDRAWN: Final = EventType("gateway", "consent", "withdrawn")


Addressee = Annotated[str | None, Field(description="The agency whose grant it is")]


class GrantIssued(Payload):
    """An agency may read these fields for this purpose until an instant that services heed themselves."""

    grant_id: str
    agency_uscc: str
    resource: Annotated[str, Field(description="Key of the resource, `<service>.<resource>`")]
    fields: Annotated[tuple[str, ...], Field(description="Names of the fields, each one; never a wildcard")]
    purpose: str
    region_code: Annotated[str | None, Field(description="Only records of this division; null for all")]
    valid_until: datetime
    regions: Annotated[
        tuple[str, ...],
        Field(description="Only records of these divisions, `region_code` being the first; none for all"),
    ] = ()
    scenes: Annotated[tuple[str, ...], Field(description="Only in these scenes (场景); none for all")] = ()
    ways: Annotated[tuple[Way, ...], Field(description="By copy, by verification call, or both")] = (
        Way.COPY,
    )
    needs_consent: Annotated[
        bool, Field(description="Only with the living consent of whom the record is about")
    ] = False
    needs_case_number: Annotated[bool, Field(description="Each reading names the case that it is for")] = (
        False
    )
    version: Annotated[int, Field(ge=1)] = 1


class GrantNarrowed(GrantIssued):
    """The grant holds for less than before: these are its terms now."""


class GrantSuspended(Payload):
    """The grant does not hold until it is resumed."""

    grant_id: str
    suspended_at: datetime
    agency_uscc: Addressee = None


class GrantResumed(Payload):
    """The grant holds again."""

    grant_id: str
    resumed_at: datetime
    agency_uscc: Addressee = None


class GrantWithdrawn(Payload):
    """The grant holds no longer."""

    grant_id: str
    withdrawn_at: datetime
    agency_uscc: Addressee = None


class GrantExpired(Payload):
    """The grant's term is over."""

    grant_id: str
    valid_until: datetime
    agency_uscc: Addressee = None


class ConsentGiven(Payload):
    """Whom the data is about consents that an agency reads it; references only."""

    consent_id: str
    subject: Annotated[str, Field(description="Opaque id of the person, or credit code of the enterprise")]
    agency_uscc: str
    resource: str
    fields: tuple[str, ...]
    purpose: str
    valid_until: datetime


class ConsentWithdrawn(Payload):
    """The consent holds no longer."""

    consent_id: str
    withdrawn_at: datetime


def grant_issued(grant: Grant) -> Announcement:
    """Tell the services what they may show."""
    return Announcement(ISSUED, str(grant.grant_id), GrantIssued(**_terms(grant)))


def grant_narrowed(grant: Grant) -> Announcement:
    """Tell the services that they may show less."""
    return Announcement(NARROWED, str(grant.grant_id), GrantNarrowed(**_terms(grant)))


def grant_suspended(grant: Grant, at: datetime) -> Announcement:
    """Tell the services what they may not show for now."""
    payload = GrantSuspended(
        grant_id=str(grant.grant_id), suspended_at=at, agency_uscc=grant.terms.agency_uscc
    )
    return Announcement(SUSPENDED, str(grant.grant_id), payload)


def grant_resumed(grant: Grant, at: datetime) -> Announcement:
    """Tell the services what they may show again."""
    payload = GrantResumed(grant_id=str(grant.grant_id), resumed_at=at, agency_uscc=grant.terms.agency_uscc)
    return Announcement(RESUMED, str(grant.grant_id), payload)


def grant_withdrawn(grant: Grant, at: datetime) -> Announcement:
    """Tell the services what they may show no longer."""
    payload = GrantWithdrawn(
        grant_id=str(grant.grant_id), withdrawn_at=at, agency_uscc=grant.terms.agency_uscc
    )
    return Announcement(WITHDRAWN, str(grant.grant_id), payload)


def grant_expired(grant: Grant) -> Announcement:
    """Tell whoever follows that a term is over."""
    payload = GrantExpired(
        grant_id=str(grant.grant_id), valid_until=grant.terms.valid_until, agency_uscc=grant.terms.agency_uscc
    )
    return Announcement(EXPIRED, str(grant.grant_id), payload)


def consent_given(consent: Consent) -> Announcement:
    """Tell the services whose data they may show."""
    payload = ConsentGiven(
        consent_id=str(consent.consent_id),
        subject=consent.subject,
        agency_uscc=consent.agency_uscc,
        resource=consent.resource,
        fields=consent.fields,
        purpose=consent.purpose,
        valid_until=consent.valid_until,
    )
    return Announcement(CONSENT_GIVEN, str(consent.consent_id), payload)


def consent_withdrawn(consent: Consent, at: datetime) -> Announcement:
    """Tell the services whose data they may show no longer."""
    payload = ConsentWithdrawn(consent_id=str(consent.consent_id), withdrawn_at=at)
    return Announcement(CONSENT_WITHDRAWN, str(consent.consent_id), payload)


def _terms(grant: Grant) -> dict[str, Any]:
    terms = grant.terms
    return {
        "grant_id": str(grant.grant_id),
        "agency_uscc": terms.agency_uscc,
        "resource": terms.resource,
        "fields": terms.fields,
        "purpose": terms.purpose,
        "region_code": terms.regions[0] if terms.regions else None,
        "valid_until": terms.valid_until,
        "regions": terms.regions,
        "scenes": terms.scenes,
        "ways": terms.ways,
        "needs_consent": terms.needs_consent,
        "needs_case_number": terms.needs_case_number,
        "version": grant.version,
    }


_EXAMPLE_ID: Final = "019523a1-7c00-7000-8000-000000000001"
_EXAMPLE_AGENCY: Final = "11140881MB9Y000405"
_EXAMPLE_AT: Final = datetime(2026, 3, 2, 1, 30, tzinfo=UTC)
_EXAMPLE_TERMS: Final[dict[str, Any]] = {
    "grant_id": _EXAMPLE_ID,
    "agency_uscc": _EXAMPLE_AGENCY,
    "resource": "registration.enterprise",
    "fields": ("uscc", "name", "legal_representative_name"),
    "purpose": "tax_registration",
    "region_code": None,
    "valid_until": datetime(2027, 12, 31, 16, tzinfo=UTC),
}

PUBLISHED: Final = (
    Published(ISSUED, GrantIssued, GrantIssued(**_EXAMPLE_TERMS), "A grant was issued (授权)"),
    Published(
        NARROWED,
        GrantNarrowed,
        GrantNarrowed(**_EXAMPLE_TERMS | {"fields": ("uscc", "name"), "version": 2}),
        "A grant was narrowed (缩小授权)",
    ),
    Published(
        SUSPENDED,
        GrantSuspended,
        GrantSuspended(grant_id=_EXAMPLE_ID, suspended_at=_EXAMPLE_AT, agency_uscc=_EXAMPLE_AGENCY),
        "A grant was suspended (暂停授权)",
    ),
    Published(
        RESUMED,
        GrantResumed,
        GrantResumed(grant_id=_EXAMPLE_ID, resumed_at=_EXAMPLE_AT, agency_uscc=_EXAMPLE_AGENCY),
        "A suspended grant was resumed (恢复授权)",
    ),
    Published(
        WITHDRAWN,
        GrantWithdrawn,
        GrantWithdrawn(grant_id=_EXAMPLE_ID, withdrawn_at=_EXAMPLE_AT, agency_uscc=_EXAMPLE_AGENCY),
        "A grant was withdrawn (撤回授权)",
    ),
    Published(
        EXPIRED,
        GrantExpired,
        GrantExpired(
            grant_id=_EXAMPLE_ID,
            valid_until=datetime(2027, 12, 31, 16, tzinfo=UTC),
            agency_uscc=_EXAMPLE_AGENCY,
        ),
        "A grant's term is over (授权到期)",
    ),
    Published(
        CONSENT_GIVEN,
        ConsentGiven,
        ConsentGiven(
            consent_id=_EXAMPLE_ID,
            subject="p-1",
            agency_uscc=_EXAMPLE_AGENCY,
            resource="registration.enterprise",
            fields=("contact_phone",),
            purpose="tax_registration",
            valid_until=datetime(2026, 9, 2, tzinfo=UTC),
        ),
        "A consent to the reading of data was given (数据授权同意)",
    ),
    Published(
        CONSENT_WITHDRAWN,
        ConsentWithdrawn,
        ConsentWithdrawn(consent_id=_EXAMPLE_ID, withdrawn_at=_EXAMPLE_AT),
        "A consent to the reading of data was withdrawn (撤回同意)",
    ),
)
