"""What sharing of each department amounts to, and how often an agency reads what (成效评估)."""

from collections import Counter
from dataclasses import replace
from datetime import datetime, timedelta

from gateway.catalogue.data.domain.figures import Period, SharingFigures
from gateway.catalogue.data.store.figures import Call, FigureStore
from gateway.identity import public as identity
from shared.database.unit_of_work import UnitOfWork
from shared.region import RegionPack


async def count_call(call: Call, uow: UnitOfWork) -> None:
    """Count a call of an agency."""
    await FigureStore(uow.session).count_call(call)


async def sharing_figures(
    period: Period, patience: timedelta, region: RegionPack, uow: UnitOfWork, now: datetime
) -> list[SharingFigures]:
    """Return the figures of every agency of the region, in the order of the pack."""
    agencies = [agency.uscc for agency in region.agencies]
    figures = await FigureStore(uow.session).of_departments(agencies, period, now)
    systems, connected = Counter[str](), Counter[str]()
    for count in await identity.count_all_systems(uow, now, patience):
        systems[count.agency_uscc] += count.total
        connected[count.agency_uscc] += count.connected
    return [
        replace(each, systems=systems[each.agency_uscc], systems_connected=connected[each.agency_uscc])
        for each in figures
    ]
