"""Read an enterprise: which protected fields the reader gets, under which grant, and that it is recorded."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from services.registration.domain.enterprise import Enterprise, EnterpriseFile
from services.registration.published import ACCESSED
from services.registration.store.enterprises import EnterpriseStore
from services.registration.store.grants import GrantedFields, GrantStore
from shared.database.unit_of_work import UnitOfWork
from shared.messaging.access import AccessRecorded
from shared.messaging.events import Announcement
from shared.security.office import within
from shared.security.principal import Principal, SubjectKind

RESOURCE: Final = "registration.enterprise"


@dataclass(frozen=True)
class ReadEnterprise:
    """Who reads what, why, and which fields are protected at all."""

    uscc: str
    reader: Principal | None
    purpose: str | None
    matter_id: UUID | None
    protected: frozenset[str]


@dataclass(frozen=True)
class OpenedFile:
    """The enterprise, and the protected fields that this reader may see."""

    file: EnterpriseFile
    shown: frozenset[str]


async def read_enterprise(command: ReadEnterprise, uow: UnitOfWork, now: datetime) -> OpenedFile:
    """Everybody sees the public fields; a reader with a purpose is recorded, allowed or denied.

    The owner and the registrar that keeps the register read their own; an officer only within the office's region.
    Raises: EnterpriseNotFound.
    """
    file = await EnterpriseStore(uow.session).find(command.uscc)
    reader, one = command.reader, file.enterprise
    if reader is not None and (_is_owner(reader, one) or _keeps_register(reader, one)):
        return OpenedFile(file, command.protected)
    if reader is None or command.purpose is None:
        return OpenedFile(file, frozenset())
    granted = GrantedFields((), frozenset())
    if reader.agency and within(reader.office, one.domicile_division_code):
        granted = await GrantStore(uow.session).granted(
            reader.agency, RESOURCE, command.purpose, one.division_code, now
        )
    shown = command.protected & granted.fields
    uow.announce(_access(command, reader, file, shown or command.protected, granted, bool(shown), now))
    return OpenedFile(file, shown)


def _is_owner(reader: Principal, one: Enterprise) -> bool:
    """Who acts in the enterprise's name, or for whom it was registered; never a system that speaks for itself."""
    in_own_name = reader.kind is not SubjectKind.CLIENT and reader.subject in one.owner_accounts
    return reader.enterprise == one.uscc or in_own_name


def _keeps_register(reader: Principal, one: Enterprise) -> bool:
    is_registrar = reader.agency is not None and reader.agency == one.registrar_uscc
    return is_registrar and within(reader.office, one.domicile_division_code)


def _access(
    command: ReadEnterprise,
    reader: Principal,
    file: EnterpriseFile,
    fields: Collection[str],
    granted: GrantedFields,
    allowed: bool,
    now: datetime,
) -> Announcement:
    owners = file.enterprise.owner_accounts
    payload = AccessRecorded.of(
        reader,
        resource=RESOURCE,
        record_key=command.uscc,
        owner_subject=owners[0] if owners else None,
        fields=sorted(fields),
        purpose=command.purpose,
        matter_id=str(command.matter_id) if command.matter_id else None,
        grant_id=granted.grant_ids[0] if allowed else None,
        allowed=allowed,
        at=now,
    )
    return Announcement(ACCESSED, command.uscc, payload)
