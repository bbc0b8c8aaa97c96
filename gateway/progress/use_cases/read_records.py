"""Everything filed under an enterprise's code, as far as the caller may see it. Source: DS-20."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from gateway.catalogue.data.public import consents_held, open_now
from gateway.progress.domain.errors import NothingFiled
from gateway.progress.domain.records import FACTS, Openness, Record, RecordType
from gateway.progress.store.records import RecordStore, Sight
from gateway.progress.use_cases.read_progress import ACCESS
from gateway.progress.use_cases.wording import Wording
from shared.database.unit_of_work import UnitOfWork
from shared.messaging.access import AccessRecorded
from shared.messaging.events import Announcement
from shared.security.principal import Principal
from shared.sharing.deciding import Wanted

RESOURCE: Final = "gateway.enterprise_record"
_PUBLIC: Final = tuple(what for what, told in FACTS.items() if told.openness is Openness.PUBLIC)
# No place and no scene is stated here: grants for some of them open nothing.
_OF_THE_WHOLE_REGION: Final = Wanted(division="")
_RESOURCES: Final = tuple(sorted({told.resource for told in FACTS.values() if told.resource is not None}))

Withheld = Mapping[str, frozenset[str]]
"""By resource that is open to the caller: the fields that no grant opens."""


@dataclass(frozen=True)
class ReadRecords:
    """Whose records, of which types; `purpose` is what an agency reads them for."""

    uscc: str
    caller: Principal
    types: Sequence[RecordType] | None
    purpose: str | None
    after: tuple[str, str] | None
    limit: int


async def read_records(
    command: ReadRecords, wording: Wording, uow: UnitOfWork, now: datetime
) -> list[Record]:
    """The newest first. What is not public the enterprise itself sees and, on the record, agencies with a grant.

    Raises: NothingFiled where the caller may see nothing at all of it.
    """
    withheld = await _withheld(command, wording, uow, now)
    items = wording.public_catalogue_items()
    is_own = command.caller.enterprise == command.uscc
    sight = Sight(None) if is_own else Sight((*_PUBLIC, *_shared_of(withheld)), items)
    found = await RecordStore(uow.session).of_enterprise(
        command.uscc, sight, command.types, command.after, command.limit
    )
    if not found and command.types is None and command.after is None:
        raise NothingFiled(command.uscc)
    if is_own:
        return found
    protected = sorted({each.type.value for each in found if not _is_public(each, items)})
    if protected:
        _announce(command, protected, uow, now)
    return [_without(each, withheld) for each in found]


async def _withheld(command: ReadRecords, wording: Wording, uow: UnitOfWork, now: datetime) -> Withheld:
    """A grant that needs the consent of the enterprise counts with it, or with the ruling in its place (REG-41)."""
    caller = command.caller
    if caller.agency is None or caller.enterprise is not None or caller.on_behalf_of is not None:
        return {}
    found: dict[str, frozenset[str]] = {}
    consents = [
        consent
        for consent in await consents_held(caller.agency, command.uscc, uow, now)
        if consent.purpose == command.purpose
    ]
    for resource in _RESOURCES:
        if wording.is_open_to(caller.agency, resource):
            found[resource] = frozenset()
            continue
        opened = await open_now(
            caller.agency,
            resource,
            _OF_THE_WHOLE_REGION,
            uow,
            now,
            consents=[consent for consent in consents if consent.resource == resource],
            purpose=command.purpose,
        )
        if opened.fields:
            found[resource] = wording.protected_fields(resource) - opened.fields
    return found


def _shared_of(open_to_it: Withheld) -> list[str]:
    shared = (Openness.SHARED, Openness.CATALOGUE)
    return [what for what, told in FACTS.items() if told.resource in open_to_it and told.openness in shared]


def _is_public(record: Record, items: tuple[str, ...]) -> bool:
    return record.origin.what in _PUBLIC or (
        FACTS[record.origin.what].openness is Openness.CATALOGUE and record.about in items
    )


def _without(record: Record, withheld: Withheld) -> Record:
    left_out = withheld.get(FACTS[record.origin.what].resource or "", frozenset())
    kept = {name: value for name, value in record.details.items() if name not in left_out}
    return replace(record, details=kept)


def _announce(command: ReadRecords, types: list[str], uow: UnitOfWork, now: datetime) -> None:
    payload = AccessRecorded.of(
        command.caller,
        resource=RESOURCE,
        record_key=command.uscc,
        fields=types,
        purpose=command.purpose,
        at=now,
    )
    uow.announce(Announcement(ACCESS, command.uscc, payload))
