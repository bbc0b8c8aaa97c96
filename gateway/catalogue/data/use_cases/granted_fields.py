"""Which fields of a resource an agency holds grants for now, as another part of the gateway has to know."""

from datetime import datetime
from typing import Final

from gateway.catalogue.data.domain.grant import GrantStatus, Way
from gateway.catalogue.data.store.grants import GrantFilters, GrantStore
from shared.database.unit_of_work import UnitOfWork

_MOST: Final = 100


async def granted_fields(agency_uscc: str, resource: str, uow: UnitOfWork, now: datetime) -> frozenset[str]:
    """The fields that any purpose opens for the whole region; grants with conditions on each reading count for none."""
    filters = GrantFilters(agency_uscc, resource, GrantStatus.ISSUED)
    held = await GrantStore(uow.session).newest(filters, now=now, before=None, limit=_MOST)
    return frozenset(
        name
        for grant in held
        if Way.COPY in grant.terms.ways
        and not (grant.terms.regions or grant.terms.scenes)
        and not (grant.terms.needs_consent or grant.terms.needs_case_number)
        for name in grant.terms.fields
    )
