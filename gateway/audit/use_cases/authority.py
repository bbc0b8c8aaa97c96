"""Who audits: the agency that governs data sharing (政务数据共享主管部门)."""

from gateway.audit.domain.errors import AuditorsOnly
from shared.region import RegionPack
from shared.security.principal import Principal


def is_auditor(caller: Principal, region: RegionPack) -> bool:
    """Tell whether the caller works for the data bureau."""
    return region.is_data_bureau(caller.agency)


def require_auditor(caller: Principal, region: RegionPack) -> None:
    """Raises: AuditorsOnly."""
    if not is_auditor(caller, region):
        raise AuditorsOnly
