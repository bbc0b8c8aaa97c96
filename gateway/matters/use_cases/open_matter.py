"""Open a matter: one form, accepted in one place, split over all who take part (集中受理、自动分送)."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from gateway.deliveries.public import DeliveryChoice, DeliveryMethod, choose_delivery
from gateway.materials.public import attach
from gateway.matters.domain.model import Acceptance, Case, Happened, MatterId, Verb
from gateway.matters.domain.progress import open_case
from gateway.matters.store.cases import CaseStore, MatterIsOpen
from gateway.matters.store.enterprises import KnownEnterprise
from gateway.matters.use_cases.acting import Actor
from gateway.matters.use_cases.assistance import only_matter, record_assistance
from gateway.matters.use_cases.enterprises import enterprise_for
from gateway.matters.use_cases.form_checks import check_confidential, check_form
from gateway.matters.use_cases.planning import Opening, case_number, items_in_force, plan_case
from gateway.matters.use_cases.settling import tell
from gateway.matters.use_cases.themes import find_theme
from gateway.matters.use_cases.zero_material import check_zero_material
from shared import region
from shared.database.unit_of_work import UnitOfWork
from shared.identifiers import new_uuid7
from shared.identifiers.channel import Channel
from shared.region import RegionPack
from shared.security.office import region_covers


@dataclass(eq=False)
class OnlyAtHome(Exception):
    """The law has this accepted where the business is, and nowhere else."""

    basis: str


@dataclass(eq=False)
class NotForAgents(Exception):
    """An agent opens a new enterprise's theme that costs nothing, and no other."""

    theme: str


@dataclass(frozen=True)
class OpenMatter:
    """`filing_region` is the place from which an applicant files online, where it is not the business's home."""

    theme: str
    form: dict[str, Any]
    channel: Channel
    commitments: tuple[str, ...]
    actor: Actor
    uscc: str | None = None
    filing_region: str | None = None
    materials: tuple[UUID, ...] = ()
    confidential_fields: tuple[str, ...] = ()
    delivery: DeliveryChoice | None = None


async def open_matter(command: OpenMatter, pack: RegionPack, uow: UnitOfWork, now: datetime) -> Case:
    """A helper opens the one matter of the mandate, once. Every office accepts, whoever handles.

    Raises: ThemeNotFound, FormNotAccepted, MatterIsOpen, MaterialNotFound, EnterpriseNotFound, ThemeNotForCaller,
    OnlyAtHome, FaceOrMaterialsNeeded, AddressNeeded.
    """
    actor = command.actor
    theme = find_theme(pack, command.theme)
    enterprise = await enterprise_for(theme, command.uscc, actor, uow)
    if actor.agent is not None:
        check_agency(theme)
    check_form(pack, theme, command.form, command.commitments)
    check_confidential(command.form, command.confidential_fields)
    if actor.counter is None and actor.agent is None:
        await check_zero_material(theme.key, command.materials, actor.caller, uow, now)
    opening = Opening(
        matter_id=MatterId(only_matter(actor.caller) or new_uuid7()),
        case_no=await case_number(pack, uow, now),
        applicant=actor.subject,
        channel=actor.opening_channel(command.channel),
        accepted_at=actor.counter or Acceptance(command.filing_region),
        form=command.form,
        commitments=command.commitments,
        enterprise=enterprise,
        items=await items_in_force(theme, uow, now),
        confidential_fields=command.confidential_fields,
        agent=actor.agent,
        unsettled=await unsettled_of(enterprise, uow),
    )
    planned = plan_case(pack, theme, opening, now)
    _check_office(theme, planned)
    case, happened = open_case(planned, now)
    if case.matter.is_handed_over:
        happened = (happened[0], _handed_over(case), *happened[1:])
    store = CaseStore(uow.session)
    if not await store.add(case):
        raise MatterIsOpen(case.matter.id)
    await attach(command.materials, str(case.matter.id), actor.subject, uow, now)
    delivery = command.delivery or _at_counter(theme, opening.channel)
    if delivery is not None:
        await choose_delivery(str(case.matter.id), case.matter.case_no, actor.subject, delivery, uow, now)
    await store.remember(case, happened, now, opening.channel)
    await tell(case, happened, uow, now)
    record_assistance(case, actor.caller, "opening", uow, now)
    return case


def check_agency(theme: region.Matter) -> None:
    """Who files for founders does so for new enterprises, and nothing is paid. Raises: NotForAgents.

    Source: REG-40 (各合作银行为新设企业免费提供营业执照代办服务).
    """
    if not theme.makes_enterprise or any(part.fee_fen for part in theme.parts):
        raise NotForAgents(theme.key)


async def unsettled_of(enterprise: KnownEnterprise | None, uow: UnitOfWork) -> tuple[str, ...]:
    """Case numbers of what is open of the enterprise already (未办结事项)."""
    if enterprise is None:
        return ()
    return await CaseStore(uow.session).open_case_numbers(enterprise.uscc)


def _at_counter(theme: region.Matter, channel: Channel) -> DeliveryChoice | None:
    """What is put together for a counter is handed out there, unless the applicant says otherwise (一次性发放)."""
    if theme.consolidation is None or channel is not Channel.HALL:
        return None
    return DeliveryChoice(method=DeliveryMethod.WINDOW)


def _check_office(theme: region.Matter, case: Case) -> None:
    """No office turns an item away because of where it is, unless the law says so. Source: GW-16."""
    here, home = case.matter.accepted_at.region, case.matter.division_code
    if theme.only_at_home and here and home and not region_covers(here, home):
        raise OnlyAtHome(theme.only_at_home)


def _handed_over(case: Case) -> Happened:
    """From the office that accepted it to the unit that handles it: both ends stand in the history."""
    matter = case.matter
    ends = {
        "from_region": matter.accepted_at.region,
        "from_agency": matter.accepted_at.agency_uscc,
        "to_region": matter.division_code,
        "to_agency": matter.lead_agency_uscc,
    }
    return Happened(Verb.HANDED_OVER, result=ends)
