"""What the register said of an enterprise on a day, or in a version; open to whom it would be open today."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from services.registration.domain.enterprise import EnterpriseFile
from services.registration.domain.errors import EnterpriseNotFound
from services.registration.store.changes import RegisterChanges, Version
from services.registration.store.enterprises import EnterpriseStore
from services.registration.use_cases.read_enterprise import OpenedFile, ReadEnterprise, read_enterprise
from shared.calendar import CHINA
from shared.database.unit_of_work import UnitOfWork


@dataclass(frozen=True)
class Past:
    """As of the end of a civil day in China, or in a version; neither means as it is now."""

    as_of: date | None = None
    version: int | None = None


async def read_past(command: ReadEnterprise, past: Past, uow: UnitOfWork) -> OpenedFile:
    """Raises: EnterpriseNotFound, also where it was not registered yet; ReadingRefused, CaseNumberMissing."""
    opened = await read_enterprise(command, uow)
    file = await _as_it_was(opened.file, past, RegisterChanges(uow.session))
    if file is None:
        raise EnterpriseNotFound
    return OpenedFile(file, opened.shown)


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


def _end_of(day: date) -> datetime:
    return datetime.combine(day + timedelta(days=1), time(), CHINA)
