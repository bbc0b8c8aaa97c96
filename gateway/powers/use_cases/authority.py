"""Which powers there are and who holds them, by the region pack; who may give and withdraw them."""

from collections.abc import Iterator
from typing import Final

from gateway.powers.domain.delegation import Power, Wording
from gateway.powers.domain.errors import NotYourPower
from shared.region import RegionPack
from shared.security.principal import Principal

ESTABLISHMENT: Final = Wording("经营主体设立登记", "Establishment of enterprises")


def powers_of(region: RegionPack) -> Iterator[Power]:
    """The list of powers (权限清单): establishment filings, and every permit item."""
    yield Power(
        "registration.establishment", ESTABLISHMENT, region.agency(region.registration.registrar).uscc
    )
    for item in region.permit_items:
        name = Wording(item.name.zh, item.name.en)
        yield Power(f"licensing.{item.key}", name, region.agency(item.agency).uscc)


def find_power(item: str, region: RegionPack) -> Power | None:
    """Look a power up by its item."""
    return next((power for power in powers_of(region) if power.item == item), None)


def is_data_bureau(caller: Principal, region: RegionPack) -> bool:
    """Whether the caller works for the agency that administers zones here (数据主管部门)."""
    return region.is_data_bureau(caller.agency)


def require_holder(caller: Principal, granting_uscc: str | None, region: RegionPack) -> None:
    """Only who works for the granting agency as a whole, or the data bureau. Raises: NotYourPower."""
    office = caller.office
    is_whole = office is None or office.covers(region.region.code)
    holds = caller.agency is not None and caller.agency == granting_uscc
    if not (is_whole and (holds or is_data_bureau(caller, region))):
        raise NotYourPower
