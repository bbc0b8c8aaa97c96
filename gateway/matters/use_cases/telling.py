"""Announce what happened to a matter."""

from collections.abc import Sequence
from datetime import datetime

from gateway.matters.domain.model import Case, Happened
from gateway.matters.published import announcement_of
from shared.database.unit_of_work import UnitOfWork


def tell(case: Case, happened: Sequence[Happened], uow: UnitOfWork, now: datetime) -> None:
    for each in happened:
        announcement = announcement_of(case, each, now)
        if announcement is not None:
            uow.announce(announcement)
