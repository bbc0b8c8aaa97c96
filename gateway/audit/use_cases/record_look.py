"""A look into the log is itself in the log."""

from collections.abc import Sequence
from typing import Final

from gateway.audit.published import ACCESS_RECORDED
from shared.database.unit_of_work import UnitOfWork
from shared.messaging.access import AccessRecorded
from shared.messaging.events import Announcement
from shared.security.principal import Principal

SHOWN: Final = ("reader", "purpose", "matter_id", "record_key", "owner_subject")
"""What of an entry says something about people."""


def record_look(caller: Principal, key: str, fields: Sequence[str], uow: UnitOfWork) -> None:
    """Announce that an auditor saw or did something with the log; `key` names the entries."""
    looked = AccessRecorded.of(
        caller,
        resource="gateway.audit_entry",
        record_key=key,
        fields=tuple(fields),
        purpose="audit",
        at=uow.now,
    )
    uow.announce(Announcement(ACCESS_RECORDED, key, looked))
