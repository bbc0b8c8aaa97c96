"""Open fields of a record to another department, or refuse: recorded either way."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from shared.database.unit_of_work import UnitOfWork
from shared.messaging.access import AccessRecorded
from shared.messaging.events import Announcement, EventType
from shared.security.office import within
from shared.security.principal import Principal
from shared.sharing.deciding import Missing, Opened, Wanted, Way, decide
from shared.sharing.refusals import refused
from shared.sharing.store import SharingStore


@dataclass(frozen=True)
class Stated:
    """What a reader states: why, in which scene (场景), matter and case, and which fields; none for all granted."""

    purpose: str | None = None
    scene: str | None = None
    matter_id: UUID | None = None
    case_number: str | None = None
    fields: frozenset[str] = frozenset()

    @property
    def asks(self) -> bool:
        """Whether more than the public fields is asked for; the plain reading of a record states nothing."""
        return bool(self.purpose or self.scene or self.case_number or self.fields)


@dataclass(frozen=True)
class Record:
    """What is read: its resource and key, where it lies, which fields are protected, and whom it is about.

    `owner` is told by whom it was read; any of `subjects` (owner, enterprise) may have consented.
    """

    resource: str
    key: str
    division: str
    protected: frozenset[str]
    owner: str | None = None
    subjects: tuple[str, ...] = ()


async def open_fields(
    record: Record,
    stated: Stated,
    reader: Principal,
    recorded_as: EventType,
    uow: UnitOfWork,
    *,
    way: Way = Way.COPY,
) -> Opened:
    """Return what is open. Raises: ReadingRefused, CaseNumberMissing; both are recorded."""
    answer = await _decide(record, stated, reader, uow, way)
    if isinstance(answer, Missing):
        refusal = refused(answer)
        refusal.record = access_of(record, stated, reader, recorded_as, uow.now)
        raise refusal
    uow.announce(access_of(record, stated, reader, recorded_as, uow.now, opened=answer))
    return answer


async def _decide(
    record: Record, stated: Stated, reader: Principal, uow: UnitOfWork, way: Way
) -> Opened | Missing:
    if stated.purpose is None:
        return Missing.PURPOSE
    if reader.agency is None:
        return Missing.AGENCY
    if not within(reader.office, record.division):
        return Missing.OFFICE
    store = SharingStore(uow.session)
    grants = await store.grants(reader.agency, record.resource, stated.purpose)
    consents = (
        await store.consents(record.subjects, reader.agency, record.resource, stated.purpose)
        if any(grant.needs_consent for grant in grants)
        else ()
    )
    wanted = Wanted(record.division, stated.scene, way, stated.fields, stated.case_number)
    return decide(grants, consents, wanted, uow.now)


def access_of(
    record: Record,
    stated: Stated,
    reader: Principal,
    recorded_as: EventType,
    now: datetime,
    opened: Opened | None = None,
) -> Announcement:
    """State a reading for the audit: what was shown, or without `opened` what was asked for and refused."""
    asked = stated.fields or record.protected
    fields = asked if opened is None else opened.fields & record.protected or opened.fields
    payload = AccessRecorded.of(
        reader,
        resource=record.resource,
        record_key=record.key,
        owner_subject=record.owner,
        fields=sorted(fields),
        purpose=stated.purpose,
        matter_id=str(stated.matter_id) if stated.matter_id else None,
        grant_id=opened.grant_ids[0] if opened else None,
        allowed=opened is not None,
        at=now,
    )
    return Announcement(recorded_as, record.key, payload)
