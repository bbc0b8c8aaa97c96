"""What an agency's grants open of a resource now, for another part of the gateway; decided as in every service."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from gateway.catalogue.data.domain.grant import Grant, GrantStatus
from gateway.catalogue.data.store.consents import ConsentStore
from gateway.catalogue.data.store.grants import GrantFilters, GrantStore
from shared.database.unit_of_work import UnitOfWork
from shared.sharing.deciding import DataConsent, DataGrant, Opened, Wanted, decide

_MOST: Final = 100


@dataclass(frozen=True)
class OpenNow:
    """The fields that are open, and the grants that open them."""

    fields: frozenset[str] = frozenset()
    grants: tuple[DataGrant, ...] = ()


async def open_now(
    agency_uscc: str,
    resource: str,
    wanted: Wanted,
    uow: UnitOfWork,
    now: datetime,
    *,
    consents: Sequence[DataConsent] = (),
    purpose: str | None = None,
) -> OpenNow:
    """Decide for any purpose; `consents` are those that the agency holds of whom the record is about.

    With `purpose`, a grant that needs consent counts for that one alone, so that no consent serves another purpose.
    """
    filters = GrantFilters(agency_uscc, resource, GrantStatus.ISSUED)
    held = [
        _as_decided(grant)
        for grant in await GrantStore(uow.session).newest(filters, now=now, before=None, limit=_MOST)
    ]
    held = [grant for grant in held if not grant.needs_consent or purpose in (None, grant.purpose)]
    opened = decide(held, consents, wanted, now)
    if not isinstance(opened, Opened):
        return OpenNow()
    return OpenNow(opened.fields, tuple(grant for grant in held if grant.grant_id in opened.grant_ids))


async def consents_held(
    agency_uscc: str, subject: str, uow: UnitOfWork, now: datetime
) -> tuple[DataConsent, ...]:
    """The living consents of a subject to the agency's readings, as every service decides by them."""
    held = await ConsentStore(uow.session).held_by(agency_uscc, subject, now)
    return tuple(
        DataConsent(
            consent_id=str(each.consent_id),
            subject=each.subject,
            agency_uscc=each.agency_uscc,
            resource=each.resource,
            fields=each.fields,
            purpose=each.purpose,
            valid_until=each.valid_until,
        )
        for each in held
    )


def _as_decided(grant: Grant) -> DataGrant:
    terms = grant.terms
    return DataGrant(
        grant_id=str(grant.grant_id),
        agency_uscc=terms.agency_uscc,
        resource=terms.resource,
        fields=terms.fields,
        purpose=terms.purpose,
        valid_until=terms.valid_until,
        regions=terms.regions,
        scenes=terms.scenes,
        ways=terms.ways,
        needs_consent=terms.needs_consent,
        needs_case_number=terms.needs_case_number,
    )
