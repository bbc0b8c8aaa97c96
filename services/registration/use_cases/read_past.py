"""What the register said of an enterprise on a day, or in a version; open to whom it would be open today.

Of people who are on file no more their names are history (变更信息); their numbers and addresses are their own again.
Source: 个人信息保护法 art. 6 (no more than the purpose needs).
"""

from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from services.registration.domain.enterprise import EnterpriseFile
from services.registration.domain.errors import EnterpriseNotFound
from services.registration.store.changes import RegisterChanges, Version
from services.registration.store.enterprises import EnterpriseStore
from services.registration.use_cases.read_enterprise import (
    OpenedFile,
    ReadEnterprise,
    keeps_file,
    read_enterprise,
)
from services.registration.use_cases.registrar_desk import RegistrarDesk
from shared.calendar import CHINA
from shared.database.unit_of_work import UnitOfWork
from shared.security.masking import mask_whole


@dataclass(frozen=True)
class Past:
    """As of the end of a civil day in China, or in a version; neither means as it is now."""

    as_of: date | None = None
    version: int | None = None


async def read_past(command: ReadEnterprise, past: Past, uow: UnitOfWork, desk: RegistrarDesk) -> OpenedFile:
    """Raises: EnterpriseNotFound, also where it was not registered yet; ReadingRefused, CaseNumberMissing."""
    opened = await read_enterprise(command, uow, desk)
    file = await _as_it_was(opened.file, past, RegisterChanges(uow.session))
    if file is None:
        raise EnterpriseNotFound
    reader = command.reader
    if reader is not None and keeps_file(reader, opened.file.enterprise, desk):
        return OpenedFile(file, opened.shown)
    return OpenedFile(_without_the_gone(file, opened.file), opened.shown)


async def list_versions(uscc: str, before: int, limit: int, uow: UnitOfWork) -> list[Version]:
    """Newest first. Raises: EnterpriseNotFound."""
    await EnterpriseStore(uow.session).find(uscc)
    return await RegisterChanges(uow.session).versions(uscc, before, limit)


async def _as_it_was(current: EnterpriseFile, past: Past, log: RegisterChanges) -> EnterpriseFile | None:
    if past.version is not None:
        return await log.file_version(current, past.version)
    if past.as_of is not None:
        return await log.file_at(current, _end_of(past.as_of))
    return current


def _without_the_gone(file: EnterpriseFile, current: EnterpriseFile) -> EnterpriseFile:
    on_file = {person.id_number for person in current.people}
    people = tuple(
        person
        if person.id_number in on_file or person.is_organisation
        else replace(person, id_number=mask_whole(person.id_number), phone=None, residence=None)
        for person in file.people
    )
    address = file.enterprise.service_address
    if address is not None and address != current.enterprise.service_address:
        address = replace(address, recipient=None, phone=None, email=None)
    return EnterpriseFile(replace(file.enterprise, service_address=address), people)


def _end_of(day: date) -> datetime:
    return datetime.combine(day + timedelta(days=1), time(), CHINA)
