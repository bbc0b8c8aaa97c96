"""Events of the identity part: what concerns security, told in the words of the audit chain.

The contract of `gateway.access.recorded` is listed once, by the matters part.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from gateway.identity.domain.authorization import Grant
from shared.messaging.access import AccessRecorded
from shared.messaging.events import Announcement, EventType
from shared.security.principal import Principal

ACCESS_RECORDED: Final = EventType("gateway", "access", "recorded")


@dataclass(frozen=True)
class SecurityRecord:
    """Something that happened to an identity: `what` to which `thing` (`refresh_token`, `client`, `mandate` ...)."""

    thing: str
    key: str
    what: str
    by: str
    client_id: str
    allowed: bool = True
    owner_subject: str | None = None
    agency_uscc: str | None = None
    on_behalf_of: str | None = None
    matter_id: str | None = None


def security_recorded(record: SecurityRecord, at: datetime) -> Announcement:
    """Announce it, in the transaction in which it happens."""
    payload = AccessRecorded(
        reader=record.by,
        client_id=record.client_id,
        agency_uscc=record.agency_uscc,
        on_behalf_of=record.on_behalf_of,
        resource=f"identity.{record.thing}",
        record_key=record.key,
        owner_subject=record.owner_subject,
        fields=(record.what,),
        matter_id=record.matter_id,
        result="allowed" if record.allowed else "denied",
        at=at,
    )
    return Announcement(ACCESS_RECORDED, record.key, payload)


def reuse_recorded(thing: str, grant: Grant, at: datetime) -> Announcement:
    """A secret that is good once was used again: the grant's tokens are withdrawn."""
    record = SecurityRecord(
        thing=thing,
        key=str(grant.grant_id),
        what="reused",
        by=f"client:{grant.client_id}",
        client_id=grant.client_id,
        allowed=False,
        owner_subject=grant.subject,
    )
    return security_recorded(record, at)


def key_recorded(kid: str, what: str, by: Principal, at: datetime) -> Announcement:
    """A key that signs tokens was replaced."""
    record = SecurityRecord(
        thing="signing_key",
        key=kid,
        what=what,
        by=by.reference,
        client_id=by.client_id,
        agency_uscc=by.agency,
    )
    return security_recorded(record, at)
