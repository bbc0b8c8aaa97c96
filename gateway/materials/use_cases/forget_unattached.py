"""Delete files that neither a case nor a draft refers to after a while: what nobody needs is not kept (最小必要)."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from gateway.materials.store.materials import MaterialStore
from shared.database.unit_of_work import UnitOfWork

BATCH: Final = 100


@dataclass(frozen=True)
class ForgetUnattached:
    """Keeps a file so many days for the case that it was handed in for."""

    days: int

    async def __call__(self, uow: UnitOfWork) -> int:
        """Returns how many were deleted."""
        before = uow.now - timedelta(days=self.days)
        return await MaterialStore(uow.session).forget_unattached(before, uow.now, BATCH)
