"""Mandates as those concerned see them: who gave, and who received."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from gateway.identity.domain.mandates import Mandate, MandateNotFound
from gateway.identity.store.mandates import Agent, MandateStore, Side
from shared.database.unit_of_work import UnitOfWork
from shared.identifiers import person_reference
from shared.security.masking import mask_name
from shared.security.principal import Principal


@dataclass(frozen=True)
class ListMandates:
    """Whose mandates from which side, and which page."""

    caller: Principal
    side: Side
    before: UUID | None
    limit: int


@dataclass(frozen=True)
class MandateView:
    """A mandate with the masked names of the persons in it, by subject."""

    mandate: Mandate
    names: dict[str, str]


@dataclass(frozen=True)
class ResponsibleHelper:
    """The person who helps through a matter: subject, masked name, until when."""

    subject: str
    name: str
    valid_until: datetime | None


async def agent_of(subject: str, reference_key: bytes, store: MandateStore) -> Agent:
    """The person behind a subject, also by the reference that registration's events use."""
    citizen_id = await store.citizen_id_of(subject)
    return Agent(subject, person_reference(citizen_id, reference_key) if citizen_id else None)


async def list_mandates(query: ListMandates, reference_key: bytes, uow: UnitOfWork) -> list[MandateView]:
    """The newest first."""
    store, subject = MandateStore(uow.session), query.caller.subject
    if query.side is Side.GIVEN:
        found = await store.given(subject, query.before, query.limit)
    else:
        agent = await agent_of(subject, reference_key, store)
        found = await store.received(agent, query.before, query.limit)
    return await with_names(found, uow)


async def read_mandate(
    mandate_id: UUID, caller: Principal, reference_key: bytes, uow: UnitOfWork
) -> MandateView:
    """Raises: MandateNotFound, for strangers too."""
    store = MandateStore(uow.session)
    mandate = await store.find(mandate_id)
    if caller.subject not in (mandate.principal, mandate.agent):
        reference = mandate.agent_reference
        agent = await agent_of(caller.subject, reference_key, store)
        if reference is None or agent.reference != reference:
            raise MandateNotFound(mandate_id)
    return (await with_names([mandate], uow))[0]


async def responsible_helper(
    principal: str, matter_id: UUID, uow: UnitOfWork, now: datetime
) -> ResponsibleHelper | None:
    """Who helps through this matter (专办人员); there is one at most."""
    store = MandateStore(uow.session)
    mandate = await store.of_matter(principal, matter_id)
    if mandate is None or mandate.agent is None or not mandate.is_good(now):
        return None
    names = await store.names_of([mandate.agent])
    return ResponsibleHelper(mandate.agent, mask_name(names[mandate.agent]), mandate.valid_until)


async def with_names(mandates: list[Mandate], uow: UnitOfWork) -> list[MandateView]:
    """Look the names up; an agent who has not answered is not named, so that no name is tried out."""
    persons = {m.principal for m in mandates} | {m.agent for m in mandates if m.agent and m.accepted_at}
    names = await MandateStore(uow.session).names_of(sorted(persons))
    masked = {subject: mask_name(name) for subject, name in names.items()}
    return [MandateView(mandate, masked) for mandate in mandates]
