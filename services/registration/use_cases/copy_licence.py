"""The owner makes copies of the licence for a purpose (加注件) and takes them back.

A copy is the certificate signed anew with who made it when, for what and until when (GB/T 36903, 加注件), so that a
copy that goes astray serves nobody else for nothing else.
"""

import secrets
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from services.registration.domain.errors import EnterpriseNotFound, NotTheOwner
from services.registration.domain.licence import Licence, LicenceCopy
from services.registration.domain.licence_errors import CopyNotFound, CopyOver, CopyTooLong, LicenceNotInForce
from services.registration.published.licences import licence_copied, licence_copy_revoked
from services.registration.store.enterprises import EnterpriseStore
from services.registration.store.licence_copies import CopyStore
from services.registration.use_cases.issue_licence import current_licence
from services.registration.use_cases.ownership import require_owner
from services.registration.use_cases.registrar_desk import RegistrarDesk
from shared.calendar import due
from shared.certificates import Certificate, CopyMark, certificate_from_json, issue_certificate, open_jws
from shared.database.unit_of_work import UnitOfWork
from shared.security.principal import Principal

_ALPHABET: Final = "0123456789ABCDEFGHJKLMNPQRSTUVWXYZ"
_LENGTH: Final = 12


@dataclass(frozen=True)
class MakeCopy:
    """Who makes a copy of which licence, for whom, for what, until when."""

    uscc: str
    owner: Principal
    purpose: str
    recipient: str
    expires_at: datetime


async def make_copy(command: MakeCopy, uow: UnitOfWork, now: datetime, desk: RegistrarDesk) -> LicenceCopy:
    """Raises: NotTheOwner, LicenceNotFound, LicenceNotInForce, CopyTooLong."""
    await _owned(command.uscc, command.owner, uow)
    licence = await current_licence(command.uscc, uow)
    if not licence.is_in_force:
        raise LicenceNotInForce(licence.state.name_zh)
    latest = due(desk.policy.licence.longest_copy, now, desk.calendar).at
    if not now < command.expires_at <= latest:
        raise CopyTooLong(latest)
    command = replace(command, expires_at=command.expires_at.replace(microsecond=0))
    identifier = f"{licence.identifier}-{''.join(secrets.choice(_ALPHABET) for _ in range(_LENGTH))}"
    issued = issue_certificate(_marked(licence, identifier, command, now), desk.keys.signing, desk.seals)
    copy = LicenceCopy(
        identifier=identifier,
        licence_identifier=licence.identifier,
        uscc=command.uscc,
        purpose=command.purpose,
        recipient=command.recipient,
        created_by=command.owner.reference,
        created_at=now,
        expires_at=command.expires_at,
        digest=issued.digest,
        jws=issued.jws,
    )
    await CopyStore(uow.session).add(copy)
    uow.announce(licence_copied(copy))
    return copy


async def take_back_copy(
    uscc: str, identifier: str, owner: Principal, uow: UnitOfWork, now: datetime
) -> LicenceCopy:
    """Raises: NotTheOwner, CopyNotFound, CopyOver."""
    await _owned(uscc, owner, uow)
    store = CopyStore(uow.session)
    copy = await store.lock(identifier)
    if copy.uscc != uscc:
        raise CopyNotFound
    if not copy.serves(now):
        raise CopyOver
    await store.take_back(identifier, now)
    uow.announce(licence_copy_revoked(copy, now))
    return replace(copy, revoked_at=now)


async def copies_of(
    uscc: str, owner: Principal, after: tuple[datetime, str] | None, limit: int, uow: UnitOfWork
) -> tuple[LicenceCopy, ...]:
    """The newest first. Raises: NotTheOwner."""
    await _owned(uscc, owner, uow)
    return await CopyStore(uow.session).of(uscc, after, limit)


async def read_copy(uscc: str, identifier: str, owner: Principal, uow: UnitOfWork) -> LicenceCopy:
    """Raises: NotTheOwner, CopyNotFound."""
    await _owned(uscc, owner, uow)
    copy = await CopyStore(uow.session).find(identifier)
    if copy.uscc != uscc:
        raise CopyNotFound
    return copy


async def _owned(uscc: str, owner: Principal, uow: UnitOfWork) -> None:
    """To a stranger an enterprise that is not there is one that is not theirs."""
    try:
        file = await EnterpriseStore(uow.session).find(uscc)
    except EnterpriseNotFound as error:
        raise NotTheOwner from error
    require_owner(owner, file.enterprise)


def _marked(licence: Licence, identifier: str, command: MakeCopy, now: datetime) -> Certificate:
    original = certificate_from_json(open_jws(licence.jws).payload)
    mark = CopyMark(
        created_at=now.replace(microsecond=0),
        creator=original.holders[0].name,
        cause=command.purpose,
        expires_at=command.expires_at,
    )
    face = {**original.face, "copy_identifier": identifier, "copy_recipient": command.recipient}
    return replace(original, copy_mark=mark, face=face)
