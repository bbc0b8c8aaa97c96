"""The credit worker: relay, consumers and deadline sweeps."""

import asyncio

from services.credit.consumers import consumers_under
from services.credit.domain.rules import CreditRules
from services.credit.settings import CreditSettings
from services.credit.use_cases.read_rules import read_rules
from services.credit.use_cases.review_due_subjects import review_due_subjects
from shared.clock import Clock, system_clock
from shared.database.unit_of_work import UnitOfWork
from shared.region import load_region_pack
from shared.worker import Sweep, main, run_worker

_REVIEW_SECONDS = 60.0


async def run(
    settings: CreditSettings | None = None,
    *,
    clock: Clock = system_clock,
    stopping: asyncio.Event | None = None,
) -> None:
    """Run until told to stop; settings come from the environment unless given (a test)."""
    settings = settings or CreditSettings()
    region = load_region_pack(settings.region_pack)
    rules = read_rules(region)
    await run_worker(
        "credit",
        settings,
        region.region.code,
        consumers=consumers_under(rules),
        sweeps=(review_sweep(rules),),
        clock=clock,
        stopping=stopping,
    )


def review_sweep(rules: CreditRules) -> Sweep:
    """Ends publication at its maximum and evaluates again what time has changed."""

    async def review(uow: UnitOfWork) -> int:
        return await review_due_subjects(rules, uow)

    return Sweep("review_due_subjects", _REVIEW_SECONDS, review)


if __name__ == "__main__":
    main("credit", run)
