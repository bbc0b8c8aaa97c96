"""What the region and the catalogue say of a resource and of whom it may be granted to."""

from collections.abc import Iterable

from gateway.catalogue.data.domain.entry import Secrecy
from gateway.catalogue.data.domain.grant_rules import Grantee, ResourceOnOffer
from gateway.catalogue.data.store.resources import ResourceStore
from shared.calendar import local_date
from shared.database.unit_of_work import UnitOfWork
from shared.region import ClosedBecause, DivisionStanding, RegionPack, SharingClass


async def resource_on_offer(key: str, uow: UnitOfWork) -> ResourceOnOffer | None:
    """Look a resource up in the catalogue as it is in force today."""
    version = await ResourceStore(uow.session).in_force(key, local_date(uow.now))
    if version is None:
        return None
    entry = version.entry
    return ResourceOnOffer(
        key=key,
        is_shareable=entry.sharing_class is not SharingClass.NONE,
        field_names=frozenset(field.name for field in entry.fields),
        secret_fields=frozenset(
            field.name for field in entry.fields if field.closed_because is ClosedBecause.BUSINESS
        ),
        is_state_secret=entry.secrecy is not Secrecy.UNCLASSIFIED,
    )


def grantee(agency_uscc: str, region: RegionPack) -> Grantee:
    """Look the agency up, and what it may be granted at all if it is a third party (第三方)."""
    agency = region.agency_by_uscc(agency_uscc)
    if agency is None:
        return Grantee(is_known=False)
    rule = region.third_party(agency.key)
    return Grantee(is_known=True, whitelist=frozenset(rule.resources) if rule else None)


def unknown_regions(codes: Iterable[str], region: RegionPack) -> tuple[str, ...]:
    """Those of the codes that name no division in force."""
    return tuple(
        code for code in codes if region.divisions.standing(code[:6]) is not DivisionStanding.CURRENT
    )
