"""The registration worker: relay, consumers and deadline sweeps."""

import asyncio
from functools import partial

from services.registration.api.desk import open_desk
from services.registration.api.publicity_region import publicity_policy
from services.registration.consumers import CONSUMERS
from services.registration.domain.publicity_policy import PublicityPolicy
from services.registration.settings import RegistrationSettings
from services.registration.store.retention import CASES, FILINGS, RECONCILIATIONS
from services.registration.use_cases.finish_hearings import finish_hearings
from services.registration.use_cases.forget_lapsed_names import forget_lapsed_names
from services.registration.use_cases.list_abnormal import tell_three_years
from services.registration.use_cases.precedent_appeals import (
    renew_provisional_appeals,
    tell_overdue_appeals,
)
from services.registration.use_cases.publish_information import lapse_orders
from services.registration.use_cases.registrar_desk import RegistrarDesk
from services.registration.use_cases.settle_notices import (
    renew_notice_terms,
    settle_notices,
    warn_of_lapse,
)
from services.registration.use_cases.suspend import begin_suspensions, end_suspensions
from services.registration.use_cases.walk_reports import walk_reports
from services.registration.use_cases.watch_false_registrations import (
    end_publications,
    renew_provisional_cases,
    tell_overdue_cases,
)
from services.registration.use_cases.watch_filings import (
    age_out_filings,
    renew_provisional_clocks,
    tell_overdue_filings,
)
from services.registration.use_cases.watch_forced_exits import (
    drop_needless_exits,
    end_forced_notices,
    list_due_exits,
    renew_forced_notices,
)
from services.registration.use_cases.watch_hand_overs import (
    hand_over_settled,
    renew_provisional_hand_overs,
    tell_overdue_hand_overs,
)
from services.registration.use_cases.watch_names import (
    end_reservations,
    enforce_rulings,
    mark_names,
    remind_of_names,
    renew_provisional_disputes,
    tell_overdue_disputes,
)
from shared.calendar import WorkingCalendar
from shared.clock import Clock, system_clock
from shared.region import load_region_pack
from shared.retention import purge_sweep
from shared.worker import Sweep, main, run_worker

SWEEPS = (
    Sweep("remind_of_names", 300.0, remind_of_names),
    Sweep("end_reservations", 60.0, end_reservations),
    Sweep("forget_lapsed_names", 60.0, forget_lapsed_names),
    Sweep("mark_names", 5.0, mark_names),
)


def publicity_sweeps(policy: PublicityPolicy, calendar: WorkingCalendar) -> tuple[Sweep, ...]:
    """Reports and the list of abnormal operations."""
    return (
        Sweep("walk_reports", 300.0, partial(walk_reports, policy)),
        Sweep("lapse_orders", 300.0, partial(lapse_orders, policy, calendar)),
        Sweep("tell_three_years", 300.0, tell_three_years),
    )


def name_sweeps(desk: RegistrarDesk) -> tuple[Sweep, ...]:
    """Disputes over names and what follows from a ruling."""
    return (
        Sweep("tell_overdue_disputes", 300.0, partial(tell_overdue_disputes, calendar=desk.calendar)),
        Sweep(
            "renew_provisional_disputes", 3600.0, partial(renew_provisional_disputes, calendar=desk.calendar)
        ),
        Sweep("enforce_rulings", 60.0, partial(enforce_rulings, desk=desk)),
    )


def exit_sweeps(desk: RegistrarDesk) -> tuple[Sweep, ...]:
    """Notices of enterprises that leave."""
    return (
        Sweep("settle_notices", 60.0, settle_notices),
        Sweep("finish_hearings", 60.0, partial(finish_hearings, desk=desk)),
        Sweep("warn_of_lapse", 300.0, partial(warn_of_lapse, desk=desk)),
        Sweep("renew_notice_terms", 3600.0, partial(renew_notice_terms, desk=desk)),
    )


def relocation_sweeps(desk: RegistrarDesk) -> tuple[Sweep, ...]:
    """Files that other registrars ask for, and those asked of them."""
    return (
        Sweep("hand_over_settled", 60.0, partial(hand_over_settled, desk=desk)),
        Sweep("tell_overdue_hand_overs", 60.0, partial(tell_overdue_hand_overs, calendar=desk.calendar)),
        Sweep(
            "renew_provisional_hand_overs",
            3600.0,
            partial(renew_provisional_hand_overs, calendar=desk.calendar),
        ),
    )


def suspension_sweeps(desk: RegistrarDesk) -> tuple[Sweep, ...]:
    """Suspensions of business, on their first day and after their last."""
    return (
        Sweep("begin_suspensions", 60.0, partial(begin_suspensions, desk=desk)),
        Sweep("end_suspensions", 60.0, partial(end_suspensions, desk=desk)),
    )


def authority_sweeps(desk: RegistrarDesk) -> tuple[Sweep, ...]:
    """Forced deregistrations, and cases of false registrations."""
    return (
        Sweep("list_due_exits", 300.0, partial(list_due_exits, desk=desk)),
        Sweep("end_forced_notices", 60.0, end_forced_notices),
        Sweep("drop_needless_exits", 300.0, drop_needless_exits),
        Sweep("renew_forced_notices", 3600.0, partial(renew_forced_notices, desk=desk)),
        Sweep("end_publications", 60.0, partial(end_publications, desk=desk)),
        Sweep("tell_overdue_cases", 60.0, partial(tell_overdue_cases, desk=desk)),
        Sweep("renew_provisional_cases", 3600.0, partial(renew_provisional_cases, desk=desk)),
    )


def sweeps_of(calendar: WorkingCalendar) -> tuple[Sweep, ...]:
    """Clocks that count the region's working days."""
    return (
        Sweep("tell_overdue_filings", 60.0, partial(tell_overdue_filings, calendar=calendar)),
        Sweep("renew_provisional_clocks", 3600.0, partial(renew_provisional_clocks, calendar=calendar)),
        Sweep("tell_overdue_appeals", 60.0, partial(tell_overdue_appeals, calendar=calendar)),
        Sweep("renew_provisional_appeals", 3600.0, partial(renew_provisional_appeals, calendar=calendar)),
    )


async def run(
    settings: RegistrationSettings | None = None,
    *,
    clock: Clock = system_clock,
    stopping: asyncio.Event | None = None,
) -> None:
    """Run until told to stop; settings come from the environment unless given (a test)."""
    settings = settings or RegistrationSettings()
    region = load_region_pack(settings.region_pack)
    await run_worker(
        "registration",
        settings,
        region.region.code,
        consumers=CONSUMERS,
        sweeps=(
            *SWEEPS,
            Sweep("age_out_filings", 3600.0, partial(age_out_filings, desk=open_desk(settings, region))),
            *sweeps_of(region.calendar()),
            *name_sweeps(open_desk(settings, region)),
            *exit_sweeps(open_desk(settings, region)),
            *relocation_sweeps(open_desk(settings, region)),
            *suspension_sweeps(open_desk(settings, region)),
            *authority_sweeps(open_desk(settings, region)),
            *publicity_sweeps(publicity_policy(region), region.calendar()),
            purge_sweep(FILINGS, region),
            purge_sweep(CASES, region),
            purge_sweep(RECONCILIATIONS, region),
        ),
        clock=clock,
        stopping=stopping,
    )


if __name__ == "__main__":
    main("registration", run)
