"""Who read what (查询留痕): a person's own, and everybody's for the auditor."""

from datetime import datetime
from typing import Annotated, Self
from uuid import UUID

from fastapi import APIRouter, Query, Response
from pydantic import Field

from gateway.audit.api.dependencies import RegionInUse
from gateway.audit.domain.entry import Link, Result
from gateway.audit.domain.errors import AuditorsOnly
from gateway.audit.store.chain import Filters
from gateway.audit.use_cases.read_entries import (
    ReadEntries,
    read_entries_as_auditor,
    read_head,
    read_own_entries,
)
from shared.region import RegionPack
from shared.security.access import requires
from shared.web.fields import Instant, ResponseModel
from shared.web.openapi import refuses
from shared.web.paging import Page, Paged
from shared.web.routes import Caller, InTransaction, ServiceRoute

router = APIRouter(prefix="/audit/v1", route_class=ServiceRoute, tags=["audit"])
GOVERNS_SHARING = "govern_data_sharing"
"""The duty whose bearer audits (政务数据共享主管部门)."""


class OwnEntryOut(ResponseModel):
    """Who read which of my fields, in whose name, for what and when; never the values."""

    number: Annotated[int, Field(examples=[7])]
    reader: Annotated[str, Field(examples=["client:tax"])]
    agency_uscc: Annotated[str | None, Field(examples=["11140881MB9Y000405"])]
    agency_name_zh: Annotated[str | None, Field(examples=["国家税务总局永济市税务局"])]
    agency_name_en: Annotated[str | None, Field(examples=["Taxation Bureau of Yongji"])]
    resource: Annotated[str, Field(examples=["registration.enterprise"])]
    record_key: Annotated[str, Field(examples=["91140881MA0GTEST0A"])]
    fields: Annotated[list[str], Field(examples=[["legal_representative_name"]])]
    purpose: Annotated[str | None, Field(examples=["tax_registration"])]
    matter_id: Annotated[str | None, Field(examples=[None])]
    result: Annotated[Result, Field(examples=["allowed"])]
    read_at: Annotated[datetime, Field(examples=["2026-03-02T01:30:00Z"])]

    @classmethod
    def of(cls, link: Link, region: RegionPack) -> Self:
        """Shape a link for the person whose data was read."""
        reading = link.reading
        agency = region.agency_by_uscc(reading.agency_uscc) if reading.agency_uscc else None
        return cls(
            number=link.number,
            reader=reading.reader,
            agency_uscc=reading.agency_uscc,
            agency_name_zh=agency.name.zh if agency else None,
            agency_name_en=agency.name.en if agency else None,
            resource=reading.resource,
            record_key=reading.record_key,
            fields=list(reading.fields),
            purpose=reading.purpose,
            matter_id=reading.matter_id,
            result=reading.result,
            read_at=reading.read_at,
        )


class EntryOut(ResponseModel):
    """An entry of the chain in full, so that its hash can be computed again."""

    number: Annotated[int, Field(examples=[7])]
    prev_hash: Annotated[str, Field(examples=["0" * 64])]
    hash: Annotated[str, Field(examples=["5e" * 32])]
    event_id: UUID
    source: Annotated[str, Field(examples=["/140881/registration"])]
    reader: Annotated[str, Field(examples=["client:tax"])]
    client_id: Annotated[str, Field(examples=["tax"])]
    agency_uscc: str | None
    on_behalf_of: str | None
    resource: Annotated[str, Field(examples=["registration.enterprise"])]
    record_key: str
    owner_subject: str | None
    fields: list[str]
    purpose: str | None
    matter_id: str | None
    grant_id: str | None
    result: Result
    read_at: datetime
    traceparent: str | None
    recorded_at: datetime

    @classmethod
    def of(cls, link: Link) -> Self:
        """Shape a link for the auditor."""
        stated = {name: getattr(link.reading, name) for name in link.reading.__dataclass_fields__}
        stated["fields"] = list(link.reading.fields)
        return cls(number=link.number, prev_hash=link.prev_hash, hash=link.hash, **stated)


class HeadOut(ResponseModel):
    """The newest entry's number and hash: who notes it down can show later that nothing before it changed."""

    number: Annotated[int, Field(examples=[7])]
    hash: Annotated[str, Field(examples=["5e" * 32])]


def _number(paged: Paged) -> int | None:
    return int(paged.after[0]) if paged.after else None


@router.get(
    "/mine", dependencies=[requires("audit.record.read")], summary="See who read my data (谁看过我的数据)"
)
async def list_mine(
    caller: Caller, region: RegionInUse, paged: Paged, uow: InTransaction, response: Response
) -> Page[OwnEntryOut]:
    """List readings of the caller's own data, the newest first; of an enterprise's record, in its name."""
    own = Filters(owner_subject=caller.subject, of_enterprise=caller.enterprise)
    query = ReadEntries(own, before=_number(paged), limit=paged.fetch)
    shown = [OwnEntryOut.of(link, region) for link in await read_own_entries(query, uow)]
    return paged.page(shown, lambda entry: (entry.number,), response)


@router.get(
    "/records", dependencies=[requires("audit.record.read")], summary="Audit everybody's readings (审计记录)"
)
@refuses(AuditorsOnly)
async def list_records(
    caller: Caller,
    region: RegionInUse,
    paged: Paged,
    uow: InTransaction,
    response: Response,
    agency: Annotated[str | None, Query(min_length=18, max_length=18, pattern="^[0-9A-Z]+$")] = None,
    resource: Annotated[str | None, Query(max_length=99, pattern=r"^[a-z][a-z0-9_.]*$")] = None,
    read_from: Annotated[Instant | None, Query(description="From this instant on")] = None,
    read_before: Annotated[Instant | None, Query(description="Before this instant")] = None,
) -> Page[EntryOut]:
    """List entries of the chain for the data bureau, the newest first; the look itself is recorded."""
    filters = Filters(agency, resource, None, read_from, read_before)
    auditors = [a.uscc for a in region.agencies if any(duty.key == GOVERNS_SHARING for duty in a.duties)]
    query = ReadEntries(filters, before=_number(paged), limit=paged.fetch)
    found = await read_entries_as_auditor(query, caller, auditors, uow)
    return paged.page([EntryOut.of(link) for link in found], lambda entry: (entry.number,), response)


@router.get(
    "/chain/head", dependencies=[requires("audit.record.read")], summary="Read the chain's head (链首摘要)"
)
async def show_head(uow: InTransaction) -> HeadOut:
    """Return the newest entry's number and hash."""
    head = await read_head(uow)
    return HeadOut(number=head.number, hash=head.hash)
