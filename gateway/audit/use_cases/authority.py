"""Who audits: the agency that governs data sharing (政务数据共享主管部门)."""

from typing import Final

from gateway.audit.domain.errors import AuditorsOnly
from shared.region import RegionPack
from shared.security.principal import Principal

GOVERNS_SHARING: Final = "govern_data_sharing"


def is_auditor(caller: Principal, region: RegionPack) -> bool:
    """Tell whether the caller works for the data bureau."""
    agency = region.agency_by_uscc(caller.agency) if caller.agency else None
    return agency is not None and any(duty.key == GOVERNS_SHARING for duty in agency.duties)


def require_auditor(caller: Principal, region: RegionPack) -> None:
    """Raises: AuditorsOnly."""
    if not is_auditor(caller, region):
        raise AuditorsOnly
