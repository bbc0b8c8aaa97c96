"""Events around resources, requests, needs and corrections: who owes what to whom. None carries a value of the data.

`audience` names the agencies that an event is for.
"""

from datetime import UTC, date, datetime
from typing import Annotated, Final

from pydantic import Field

from gateway.catalogue.data.domain.correction import Correction
from gateway.catalogue.data.domain.need import Need
from gateway.catalogue.data.domain.resource import EntryStatus, EntryVersion, Resource
from gateway.catalogue.data.domain.share_request import ShareRequest
from shared.messaging.contracts import Published
from shared.messaging.events import Announcement, EventType, Payload

Audience = Annotated[tuple[str, ...], Field(description="Credit codes of the agencies that it is for")]

ENTRY_VERBS: Final = {
    EntryStatus.IN_REVIEW: EventType("gateway", "entry", "submitted"),
    EntryStatus.RETURNED: EventType("gateway", "entry", "returned"),
    EntryStatus.PUBLISHED: EventType("gateway", "entry", "published"),
}
UPDATED: Final = EventType("gateway", "resource", "updated")
STALE: Final = EventType("gateway", "resource", "stale")
CHANGE_OVERDUE: Final = EventType("gateway", "resource", "change_overdue")
REQUEST_VERBS: Final = (
    *("submitted", "completion_asked", "completed", "answered", "provided", "disputed", "decided"),
    *("withdrawn", "due_soon", "overdue"),
)
NEED_VERBS: Final = ("submitted", "assigned", "declined", "fulfilled", "overdue")
CORRECTION_VERBS: Final = ("submitted", "answered", "overdue")


class EntryTold(Payload):
    """Where a version of a catalogue entry stands."""

    resource: str
    number: int
    owner_uscc: str
    status: str
    sharing_class: str
    effective_on: date | None
    audience: Audience


class ResourceTold(Payload):
    """How fresh a resource is: since when its data stand, or have grown old, or its entry is late."""

    resource: str
    owner_uscc: str
    since: datetime
    audience: Audience


class ShareRequestTold(Payload):
    """Where a sharing request stands."""

    request_id: str
    resource: str
    requester_uscc: str
    owner_uscc: str
    status: str
    due_at: datetime | None
    grant_id: str | None
    refusal_basis: str | None
    audience: Audience


class NeedTold(Payload):
    """Where a need stands, and who is responsible for it."""

    need_id: str
    requester_uscc: str
    provider_uscc: str | None
    resource: str | None
    status: str
    due_on: date | None
    list_version: int | None
    audience: Audience


class CorrectionTold(Payload):
    """Where a correction request stands; it names the record and the field, never a value."""

    correction_id: str
    resource: str
    record_key: str
    field: str
    owner_uscc: str
    status: str
    due_at: datetime
    audience: Audience


def entry_told(version: EntryVersion) -> Announcement:
    """Tell its owner, and of a published one everybody who follows the catalogue."""
    payload = EntryTold(
        resource=version.key,
        number=version.number,
        owner_uscc=version.owner_uscc,
        status=version.status,
        sharing_class=version.entry.sharing_class,
        effective_on=version.effective_on,
        audience=(version.owner_uscc,),
    )
    return Announcement(ENTRY_VERBS[version.status], version.key, payload)


def resource_updated(resource: Resource, since: datetime) -> Announcement:
    """Tell those who hold a copy that there is something newer."""
    return _resource(UPDATED, resource, since)


def resource_stale(resource: Resource, since: datetime) -> Announcement:
    """Tell its owner that it is older than its cycle."""
    return _resource(STALE, resource, since)


def change_overdue(resource: Resource, since: datetime) -> Announcement:
    """Tell its owner that the entry ought to have followed a change."""
    return _resource(CHANGE_OVERDUE, resource, since)


def _resource(kind: EventType, resource: Resource, since: datetime) -> Announcement:
    payload = ResourceTold(
        resource=resource.key,
        owner_uscc=resource.owner_uscc,
        since=since,
        audience=(resource.owner_uscc,),
    )
    return Announcement(kind, resource.key, payload)


def request_told(verb: str, request: ShareRequest) -> Announcement:
    """Tell both parties."""
    answer = request.answer
    payload = ShareRequestTold(
        request_id=str(request.request_id),
        resource=request.ask.resource,
        requester_uscc=request.requester_uscc,
        owner_uscc=request.owner_uscc,
        status=request.status,
        due_at=request.due_at,
        grant_id=str(answer.grant_id) if answer and answer.grant_id else None,
        refusal_basis=answer.basis if answer and answer.grant_id is None else None,
        audience=(request.requester_uscc, request.owner_uscc),
    )
    return Announcement(EventType("gateway", "share_request", verb), str(request.request_id), payload)


def need_told(verb: str, need: Need) -> Announcement:
    """Tell who needs it and who has to provide it."""
    duty = need.responsibility
    provider = duty.provider_uscc if duty else None
    payload = NeedTold(
        need_id=str(need.need_id),
        requester_uscc=need.requester_uscc,
        provider_uscc=provider,
        resource=duty.resource if duty else None,
        status=need.status,
        due_on=duty.due_on if duty else None,
        list_version=duty.list_version if duty else None,
        audience=(need.requester_uscc, *((provider,) if provider else ())),
    )
    return Announcement(EventType("gateway", "need", verb), str(need.need_id), payload)


def correction_told(verb: str, correction: Correction) -> Announcement:
    """Tell its owner; and the answer to all who hold the datum."""
    doubt = correction.doubt
    reporter = correction.reporter_agency_uscc
    everybody = {correction.owner_uscc, *correction.told, *((reporter,) if reporter else ())}
    payload = CorrectionTold(
        correction_id=str(correction.correction_id),
        resource=doubt.resource,
        record_key=doubt.record_key,
        field=doubt.field,
        owner_uscc=correction.owner_uscc,
        status=correction.status,
        due_at=correction.due_at,
        audience=tuple(sorted(everybody)),
    )
    return Announcement(EventType("gateway", "correction", verb), str(correction.correction_id), payload)


_ID: Final = "019523a1-7c00-7000-8000-000000000019"
_OWNER: Final = "11140881MB9Y00016L"
_TAX: Final = "11140881MB9Y000405"
_AT: Final = datetime(2026, 3, 2, 1, 30, tzinfo=UTC)
_RESOURCE: Final = "registration.enterprise"

_SAID: Final = {
    **{kind: f"A version of a catalogue entry was {kind.verb} (目录条目)" for kind in ENTRY_VERBS.values()},
    UPDATED: "The owner brought a resource up to date (数据更新)",
    STALE: "A resource is older than its update cycle (数据超期未更新)",
    CHANGE_OVERDUE: "An entry ought to have followed a change (目录超期未更新)",
}
_OF_ENTRIES: Final = EntryTold(
    resource=_RESOURCE,
    number=2,
    owner_uscc=_OWNER,
    status="published",
    sharing_class="conditional",
    effective_on=date(2026, 3, 2),
    audience=(_OWNER,),
)
_OF_RESOURCES: Final = ResourceTold(resource=_RESOURCE, owner_uscc=_OWNER, since=_AT, audience=(_OWNER,))
_OF_REQUESTS: Final = ShareRequestTold(
    request_id=_ID,
    resource=_RESOURCE,
    requester_uscc=_TAX,
    owner_uscc=_OWNER,
    status="submitted",
    due_at=datetime(2026, 3, 16, 10, tzinfo=UTC),
    grant_id=None,
    refusal_basis=None,
    audience=(_TAX, _OWNER),
)
_OF_NEEDS: Final = NeedTold(
    need_id=_ID,
    requester_uscc=_TAX,
    provider_uscc=_OWNER,
    resource=_RESOURCE,
    status="assigned",
    due_on=date(2026, 6, 30),
    list_version=7,
    audience=(_TAX, _OWNER),
)
_OF_CORRECTIONS: Final = CorrectionTold(
    correction_id=_ID,
    resource=_RESOURCE,
    record_key="91140881MAE000002E",
    field="contact_phone",
    owner_uscc=_OWNER,
    status="corrected",
    due_at=datetime(2026, 3, 16, 10, tzinfo=UTC),
    audience=(_TAX, _OWNER),
)


def _said(kind: EventType, payload: type[Payload], example: Payload, summary: str) -> Published:
    return Published(kind, payload, example, summary)


PUBLISHED_SHARING: Final = (
    *(_said(kind, EntryTold, _OF_ENTRIES, _SAID[kind]) for kind in ENTRY_VERBS.values()),
    *(_said(kind, ResourceTold, _OF_RESOURCES, _SAID[kind]) for kind in (UPDATED, STALE, CHANGE_OVERDUE)),
    *(
        _said(
            EventType("gateway", "share_request", verb),
            ShareRequestTold,
            _OF_REQUESTS,
            f"A sharing request: {verb} (共享申请)",
        )
        for verb in REQUEST_VERBS
    ),
    *(
        _said(EventType("gateway", "need", verb), NeedTold, _OF_NEEDS, f"A data need: {verb} (数据需求)")
        for verb in NEED_VERBS
    ),
    *(
        _said(
            EventType("gateway", "correction", verb),
            CorrectionTold,
            _OF_CORRECTIONS,
            f"A correction request: {verb} (校核)",
        )
        for verb in CORRECTION_VERBS
    ),
)
