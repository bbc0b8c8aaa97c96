"""Verify a business licence or a copy of it: by its identifier, or by the file that somebody was shown.

Anybody may ask. Whoever asks as a department, for a matter (用证事由), is recorded and gets the basic facts of the
enterprise, so that the licence stands in for papers (一照通办).
"""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from services.registration.domain.enterprise import Enterprise
from services.registration.domain.licence import Licence, LicenceCopy, licence_of_copy
from services.registration.domain.licence_errors import LicenceUnreadable
from services.registration.published.access import ACCESSED
from services.registration.store.enterprises import EnterpriseStore
from services.registration.store.licence_copies import CopyStore
from services.registration.store.licences import LicenceStore
from services.registration.use_cases.registrar_desk import RegistrarDesk
from shared.certificates import (
    FileReport,
    Inquiry,
    MalformedJws,
    RegisterEntry,
    VerificationReport,
    open_jws,
    verify_certificate,
)
from shared.database.unit_of_work import UnitOfWork
from shared.identifiers import EcertId
from shared.messaging.access import AccessRecorded
from shared.messaging.events import Announcement
from shared.security.principal import Principal

RESOURCE: Final = "registration.licence"
PUBLIC_CAUSE: Final = "public verification"
_IDENTIFIER: Final = re.compile(rb'"certificate_identifier":"([0-9A-Z.]{10,120})"')
_COPY_IDENTIFIER: Final = re.compile(rb'"copy_identifier":"([0-9A-Z.-]{10,150})"')


@dataclass(frozen=True)
class Asking:
    """Who asks, and for what matter; `asker` is None for anybody, who states nothing."""

    asker: Principal | None = None
    use_cause: str | None = None


@dataclass(frozen=True)
class Presented:
    """What somebody was shown: the signed content, and what was found of the document that carried it, if one did."""

    jws: str
    file: FileReport | None = None


@dataclass(frozen=True)
class VerifiedLicence:
    """A licence, what the checks said of it, and the enterprise for whom asked with a cause."""

    licence: Licence
    copy: LicenceCopy | None
    report: VerificationReport
    file: FileReport | None
    enterprise: Enterprise | None


async def verify_licence(
    identifier: str, asking: Asking, uow: UnitOfWork, now: datetime, desk: RegistrarDesk
) -> VerifiedLicence:
    """Check what the register holds under the identifier. Raises: LicenceNotFound, CopyNotFound."""
    copies, licences = CopyStore(uow.session), LicenceStore(uow.session)
    copy = await copies.find(identifier) if "-" in identifier else None
    licence = await licences.find(licence_of_copy(identifier))
    jws = copy.jws if copy else licence.jws
    return await _verified(licence, copy, Presented(jws), asking, uow, now, desk)


async def verify_presented(
    presented: Presented, asking: Asking, uow: UnitOfWork, now: datetime, desk: RegistrarDesk
) -> VerifiedLicence:
    """Check what somebody was shown against the register.

    Raises: LicenceUnreadable, LicenceNotFound, CopyNotFound.
    """
    try:
        payload = open_jws(presented.jws).payload
    except MalformedJws as error:
        raise LicenceUnreadable(error.reason) from error
    named, copied = _IDENTIFIER.search(payload), _COPY_IDENTIFIER.search(payload)
    if named is None:
        raise LicenceUnreadable("no identifier is in it")
    licence = await LicenceStore(uow.session).find(named.group(1).decode())
    copy = await CopyStore(uow.session).find(copied.group(1).decode()) if copied else None
    return await _verified(licence, copy, presented, asking, uow, now, desk)


async def _verified(
    licence: Licence,
    copy: LicenceCopy | None,
    presented: Presented,
    asking: Asking,
    uow: UnitOfWork,
    now: datetime,
    desk: RegistrarDesk,
) -> VerifiedLicence:
    successor = await LicenceStore(uow.session).successor(licence.identifier)
    entry = RegisterEntry(
        identifier=EcertId(licence.identifier),
        state=licence.state,
        digest=copy.digest if copy else licence.digest,
        superseded_by=EcertId(successor) if successor else None,
        is_copy=copy is not None,
        is_taken_back=copy is not None and copy.revoked_at is not None,
    )
    asker = asking.asker
    report = verify_certificate(
        presented.jws,
        entry,
        trusted=desk.keys.trusted_for(frozenset({desk.policy.registrar.uscc})),
        inquiry=Inquiry(asker.reference if asker else None, asking.use_cause or PUBLIC_CAUSE, now),
        file=presented.file,
    )
    enterprise = None
    if asker is not None and asking.use_cause is not None:
        enterprise = (await EnterpriseStore(uow.session).find(licence.uscc)).enterprise
        uow.announce(_recorded(licence, enterprise, asker, asking.use_cause, now))
    return VerifiedLicence(licence, copy, report, presented.file, enterprise)


def _recorded(
    licence: Licence, enterprise: Enterprise, asker: Principal, cause: str, now: datetime
) -> Announcement:
    payload = AccessRecorded.of(
        asker,
        resource=RESOURCE,
        record_key=licence.identifier,
        fields=("licence",),
        at=now,
        owner_subject=next(iter(enterprise.owner_accounts), None),
        purpose=cause,
    )
    return Announcement(ACCESSED, licence.uscc, payload)
