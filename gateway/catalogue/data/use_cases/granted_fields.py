"""Which grants on a resource an agency holds now, as another part of the gateway has to know."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from gateway.catalogue.data.domain.grant import GrantStatus, Way
from gateway.catalogue.data.store.grants import GrantFilters, GrantStore
from shared.database.unit_of_work import UnitOfWork

_MOST: Final = 100


@dataclass(frozen=True)
class LivingGrant:
    """A grant that opens fields now, whatever is read."""

    grant_id: UUID
    purpose: str
    fields: tuple[str, ...]


async def living_grants(
    agency_uscc: str, resource: str, uow: UnitOfWork, now: datetime, *, is_consented: bool = False
) -> tuple[LivingGrant, ...]:
    """The agency's grants that open a resource for the whole region; those with conditions on each reading are none.

    `is_consented` says that the person concerned handed the data to this agency, as the applicant of a matter does.
    """
    filters = GrantFilters(agency_uscc, resource, GrantStatus.ISSUED)
    held = await GrantStore(uow.session).newest(filters, now=now, before=None, limit=_MOST)
    return tuple(
        LivingGrant(grant.grant_id, grant.terms.purpose, grant.terms.fields)
        for grant in held
        if Way.COPY in grant.terms.ways
        and not (grant.terms.regions or grant.terms.scenes)
        and not grant.terms.needs_case_number
        and (is_consented or not grant.terms.needs_consent)
    )


async def granted_fields(agency_uscc: str, resource: str, uow: UnitOfWork, now: datetime) -> frozenset[str]:
    """The fields that they open, for any purpose."""
    held = await living_grants(agency_uscc, resource, uow, now)
    return frozenset(name for grant in held for name in grant.fields)
