"""What an agency's grants open of a resource now, for another part of the gateway; decided as in every service."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from gateway.catalogue.data.domain.grant import Grant, GrantStatus
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
) -> OpenNow:
    """Decide for any purpose; `consents` are those that the agency holds of whom the record is about."""
    filters = GrantFilters(agency_uscc, resource, GrantStatus.ISSUED)
    held = [
        _as_decided(grant)
        for grant in await GrantStore(uow.session).newest(filters, now=now, before=None, limit=_MOST)
    ]
    opened = decide(held, consents, wanted, now)
    if not isinstance(opened, Opened):
        return OpenNow()
    return OpenNow(opened.fields, tuple(grant for grant in held if grant.grant_id in opened.grant_ids))


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
