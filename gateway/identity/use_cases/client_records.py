"""What the register of clients and systems tells: refusals with every reason, and records for the audit chain."""

from collections.abc import Iterable
from datetime import datetime

from gateway.identity.domain.client_refusals import ClientNotPossible
from gateway.identity.domain.clients import Client
from gateway.identity.domain.flaws import Flaw
from gateway.identity.published import SecurityRecord, security_recorded
from shared.messaging.events import Announcement
from shared.security.principal import Principal
from shared.web.problems import FieldFault


def faults_of_flaws(flaws: Iterable[Flaw]) -> tuple[FieldFault, ...]:
    """Tell flaws as faults of the input."""
    return tuple(FieldFault(flaw.pointer, flaw.code, flaw.zh, flaw.en) for flaw in flaws)


def refuse_flaws(flaws: Iterable[Flaw]) -> None:
    """Raises: ClientNotPossible where there is any."""
    if faults := faults_of_flaws(flaws):
        raise ClientNotPossible(faults)


def client_recorded(what: str, client: Client, by: Principal, at: datetime) -> Announcement:
    """Announce what was done to a client, by whom."""
    record = SecurityRecord(
        thing="client",
        key=client.client_id,
        what=what,
        by=by.reference,
        client_id=by.client_id,
        agency_uscc=by.agency,
    )
    return security_recorded(record, at)
