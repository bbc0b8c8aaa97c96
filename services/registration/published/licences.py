"""Events about business licences: what a store of certificates (电子证照库) follows to hold the same versions."""

from datetime import datetime
from typing import Final

from pydantic import Field

from services.registration.domain.licence import Licence, LicenceCopy, LicenceOperation
from services.registration.published import examples
from shared.certificates import CertificateState
from shared.messaging.contracts import Published
from shared.messaging.events import Announcement, EventType, Payload

ISSUED: Final = EventType("registration", "licence", "issued")
ENDED: Final = EventType("registration", "licence", "ended")
COPIED: Final = EventType("registration", "licence", "copied")
COPY_REVOKED: Final = EventType("registration", "licence", "copy_revoked")


class LicenceIssued(Payload):
    """A version of a licence is in force; the one that it names has lapsed (失效)."""

    identifier: str
    uscc: str
    version: int
    associated_identifier: str | None = Field(description="The version before it (关联证照标识)")
    operation: LicenceOperation = Field(description="01 new (新发), 09 altered (变更)")
    state: CertificateState
    digest: str = Field(description="SHA-256 of the signed content")
    issued_at: datetime


class LicenceEnded(Payload):
    """A licence ended without another taking its place."""

    identifier: str
    uscc: str
    version: int
    operation: LicenceOperation = Field(description="05: 注销（撤销、吊销、办理转出）")
    state: CertificateState = Field(description="03 撤销, 04 注销, 06 办理转出, 07 吊销")
    ended_at: datetime


class LicenceCopied(Payload):
    """The owner made a copy for a purpose (加注件); for whom and why stays with the register."""

    identifier: str
    licence_identifier: str
    uscc: str
    created_at: datetime
    expires_at: datetime


class LicenceCopyRevoked(Payload):
    """The owner took a copy back before it expired."""

    identifier: str
    licence_identifier: str
    uscc: str
    revoked_at: datetime


def licence_issued(licence: Licence) -> Announcement:
    """Tell that a version is in force."""
    payload = LicenceIssued(
        identifier=licence.identifier,
        uscc=licence.uscc,
        version=licence.version,
        associated_identifier=licence.associated_identifier,
        operation=licence.operation,
        state=licence.state,
        digest=licence.digest,
        issued_at=licence.issued_at,
    )
    return Announcement(ISSUED, licence.uscc, payload)


def licence_ended(licence: Licence, at: datetime) -> Announcement:
    """Tell in which state it ended."""
    payload = LicenceEnded(
        identifier=licence.identifier,
        uscc=licence.uscc,
        version=licence.version,
        operation=LicenceOperation.ENDED,
        state=licence.state,
        ended_at=at,
    )
    return Announcement(ENDED, licence.uscc, payload)


def licence_copied(copy: LicenceCopy) -> Announcement:
    """Tell that there is a copy."""
    payload = LicenceCopied(
        identifier=copy.identifier,
        licence_identifier=copy.licence_identifier,
        uscc=copy.uscc,
        created_at=copy.created_at,
        expires_at=copy.expires_at,
    )
    return Announcement(COPIED, copy.uscc, payload)


def licence_copy_revoked(copy: LicenceCopy, at: datetime) -> Announcement:
    """Tell that a copy serves no more."""
    payload = LicenceCopyRevoked(
        identifier=copy.identifier,
        licence_identifier=copy.licence_identifier,
        uscc=copy.uscc,
        revoked_at=at,
    )
    return Announcement(COPY_REVOKED, copy.uscc, payload)


_SECOND: Final = "1.2.156.3005.2.11100000MB0143028R001.11140881MB9Y00016L.5N0F3YJ8T2QWZ6R1K4B7.002.F"
_COPY: Final = f"{examples.LICENCE}-7K2M9QX4TB"

PUBLISHED: tuple[Published, ...] = (
    Published(
        ISSUED,
        LicenceIssued,
        LicenceIssued(
            identifier=_SECOND,
            uscc=examples.USCC,
            version=2,
            associated_identifier=examples.LICENCE,
            operation=LicenceOperation.ALTERED,
            state=CertificateState.IN_FORCE,
            digest="9c" * 32,
            issued_at=examples.AT,
        ),
        "A business licence was issued, or issued anew after a change of its face.",
    ),
    Published(
        ENDED,
        LicenceEnded,
        LicenceEnded(
            identifier=_SECOND,
            uscc=examples.USCC,
            version=2,
            operation=LicenceOperation.ENDED,
            state=CertificateState.CANCELLED,
            ended_at=examples.AT,
        ),
        "A business licence was cancelled, withdrawn, revoked or transferred out.",
    ),
    Published(
        COPIED,
        LicenceCopied,
        LicenceCopied(
            identifier=_COPY,
            licence_identifier=examples.LICENCE,
            uscc=examples.USCC,
            created_at=examples.AT,
            expires_at=examples.AT.replace(day=30),
        ),
        "The enterprise made a copy of its licence for a purpose.",
    ),
    Published(
        COPY_REVOKED,
        LicenceCopyRevoked,
        LicenceCopyRevoked(
            identifier=_COPY,
            licence_identifier=examples.LICENCE,
            uscc=examples.USCC,
            revoked_at=examples.AT,
        ),
        "The enterprise took a copy of its licence back.",
    ),
)
