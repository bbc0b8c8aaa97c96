"""An enterprise leaves the register of its own will: licence, names and permits follow."""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from services.registration.domain.enterprise import EnterpriseFile
from services.registration.domain.errors import FilingInProgress
from services.registration.domain.filing import Filing
from services.registration.domain.kinds import EnterpriseState
from services.registration.domain.register_acts import Cause, RegisterAct
from services.registration.domain.wording import Wording
from services.registration.store.filings import FilingStore
from services.registration.use_cases.change_register import change_register
from services.registration.use_cases.registrar_desk import RegistrarDesk
from services.registration.use_cases.suspend import cut_suspension_short
from shared.database.unit_of_work import UnitOfWork


class ExitMethod(StrEnum):
    """By which way it left."""

    SIMPLE = "simple"  # 简易注销
    ORDINARY = "ordinary"  # 普通注销


@dataclass(frozen=True)
class Leaving:
    """How it leaves; `joint` ends its permits with it (证照注销联合办)."""

    method: ExitMethod
    joint: bool
    reason: Wording | None = None


async def require_nothing_else(filing: Filing, uscc: str, uow: UnitOfWork) -> None:
    """What an officer has about the enterprise is decided first. Raises: FilingInProgress."""
    other = await FilingStore(uow.session).under_review_for(uscc, filing.id)
    if other is not None:
        raise FilingInProgress(str(other))


async def leave_register(
    file: EnterpriseFile,
    filing: Filing,
    leaving: Leaving,
    uow: UnitOfWork,
    now: datetime,
    desk: RegistrarDesk,
) -> str | None:
    """Deregister it (注销): its owner's account still reads it. Returns its last licence."""
    await cut_suspension_short(file.enterprise.uscc, uow, now)
    gone = replace(file.enterprise, state=EnterpriseState.DEREGISTERED, suspended_until=None)
    cause = Cause(
        RegisterAct.DEREGISTERED,
        filing_id=filing.id,
        matter_id=filing.matter_id,
        reason=leaving.reason,
        details={"method": leaving.method.value, "joint": str(leaving.joint).lower()},
    )
    changed = await change_register(file, replace(file, enterprise=gone), cause, uow, now, desk)
    return changed.enterprise.licence_identifier
