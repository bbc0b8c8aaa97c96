"""In which enterprises a person has roles: for the registrar and under a grant; recorded, found or not."""

from dataclasses import dataclass
from typing import Final

from services.registration.domain.enterprise import Enterprise
from services.registration.domain.kinds import Role
from services.registration.published.access import ACCESSED
from services.registration.store.people_search import PeopleSearch
from services.registration.use_cases.read_enterprise import RESOURCE
from services.registration.use_cases.registrar_desk import RegistrarDesk
from shared.database.unit_of_work import UnitOfWork
from shared.identifiers import person_reference
from shared.messaging.access import AccessRecorded
from shared.messaging.events import Announcement
from shared.security.principal import Principal
from shared.sharing.reading import Record, Stated, open_fields

PERSON_FIELDS: Final = {"id_number": "people.id_number", "name": "people.name"}


@dataclass(frozen=True)
class ReadByPerson:
    """Who is looked for, by whom, and what is stated; the page begins after the code `after`."""

    named: dict[str, str]
    reader: Principal
    stated: Stated
    after: str
    limit: int


@dataclass(frozen=True)
class PersonRole:
    """An enterprise with the person's roles in it."""

    enterprise: Enterprise
    roles: tuple[Role, ...]


async def read_by_person(
    command: ReadByPerson, uow: UnitOfWork, desk: RegistrarDesk
) -> tuple[PersonRole, ...]:
    """By code; an officer of the registrar finds what lies in the office's region.

    Raises: ReadingRefused, CaseNumberMissing.
    """
    reader, region = command.reader, None
    if reader.agency == desk.policy.registrar.uscc:
        region = reader.office.region if reader.office else None
        uow.announce(_by_the_registrar(command, uow, desk))
    else:
        await open_fields(_record(command, desk), command.stated, reader, ACCESSED, uow)
    found = await PeopleSearch(uow.session).enterprises_of(
        command.named, region, command.after, command.limit
    )
    return tuple(PersonRole(enterprise, roles) for enterprise, roles in found)


def _record(command: ReadByPerson, desk: RegistrarDesk) -> Record:
    """The whole register is what is read; who was looked for is told by a reference that tells nothing."""
    looked_for = "".join(command.named.values())
    return Record(
        resource=RESOURCE,
        key=f"person:{person_reference(looked_for, desk.person_reference_key)}",
        division=desk.policy.division_code,
        protected=frozenset(PERSON_FIELDS[column] for column in command.named),
    )


def _by_the_registrar(command: ReadByPerson, uow: UnitOfWork, desk: RegistrarDesk) -> Announcement:
    record = _record(command, desk)
    payload = AccessRecorded.of(
        command.reader,
        resource=record.resource,
        record_key=record.key,
        fields=sorted(record.protected),
        purpose=command.stated.purpose,
        at=uow.now,
    )
    return Announcement(ACCESSED, record.key, payload)
