"""Grants that a service under test hears of, as from the gateway."""

import itertools
from datetime import timedelta
from typing import Any

from tests.support.service import ServiceUnderTest
from tests.support.waiting import eventually

GRANT = "cn.tongban.gateway.grant"
_numbers = itertools.count(1)


async def heard_grant(
    service: ServiceUnderTest, agency: str, resource: str, *fields: str, **changes: Any
) -> dict[str, Any]:
    """Let the service hear of a grant for a purpose of its own and wait until it counts."""
    number = next(_numbers)
    grant: dict[str, Any] = {
        "grant_id": f"heard-{number}",
        "agency_uscc": agency,
        "resource": resource,
        "fields": list(fields),
        "purpose": f"heard_{number}",
        "region_code": None,
        "valid_until": (service.clock() + timedelta(days=1)).isoformat(),
    } | changes
    await service.hear(f"{GRANT}.issued.v1", grant["grant_id"], grant)
    kept = "SELECT 1 FROM data_grant WHERE grant_id = :g"
    await eventually(lambda: service.rows(kept, g=grant["grant_id"]))
    return grant


async def heard_withdrawal(service: ServiceUnderTest, grant: dict[str, Any]) -> None:
    """Let the service hear that the grant was withdrawn; does not wait."""
    told = {"grant_id": grant["grant_id"], "withdrawn_at": service.clock().isoformat()}
    await service.hear(f"{GRANT}.withdrawn.v1", grant["grant_id"], told)
