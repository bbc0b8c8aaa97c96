"""Open a matter: one form, accepted in one place, split over all who take part (集中受理、自动分送)."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from gateway.matters.domain.model import Case, MatterId
from gateway.matters.domain.progress import open_case
from gateway.matters.store.cases import CaseStore, MatterIsOpen
from gateway.matters.use_cases.assistance import only_matter, record_assistance
from gateway.matters.use_cases.form_checks import check_form
from gateway.matters.use_cases.telling import tell
from gateway.matters.use_cases.themes import find_theme, plan_case
from shared.database.unit_of_work import UnitOfWork
from shared.identifiers import new_uuid7
from shared.identifiers.channel import Channel
from shared.region import RegionPack
from shared.security.principal import Principal


@dataclass(frozen=True)
class OpenMatter:
    theme: str
    form: dict[str, Any]
    channel: Channel
    commitments: tuple[str, ...]
    caller: Principal


async def open_matter(command: OpenMatter, pack: RegionPack, uow: UnitOfWork, now: datetime) -> Case:
    """A helper opens the one matter of the mandate, once. Raises: ThemeNotFound, FormNotAccepted, MatterIsOpen."""
    theme = find_theme(pack, command.theme)
    check_form(pack, theme, command.form, command.commitments)
    planned = plan_case(
        pack,
        theme,
        matter_id=MatterId(only_matter(command.caller) or new_uuid7()),
        applicant=command.caller.subject,
        channel=command.channel,
        form=command.form,
        commitments=command.commitments,
        now=now,
    )
    case, happened = open_case(planned, now)
    store = CaseStore(uow.session)
    if not await store.add(case):
        raise MatterIsOpen(case.matter.id)
    await store.remember(case, happened, now)
    tell(case, happened, uow, now)
    record_assistance(case, command.caller, "opening", uow, now)
    return case
