"""Who read what (查询留痕): a person's own, and everybody's for the auditor."""

from datetime import datetime
from typing import Annotated, Self
from uuid import UUID

from fastapi import APIRouter, Query, Response
from pydantic import Field

from gateway.audit.api.dependencies import RegionInUse
from gateway.audit.domain.acts import words_for
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


class OwnEntryOut(ResponseModel):
    """Who read which of my fields or what was done in my case, in whose name, for what and when; never the values."""

    number: Annotated[int, Field(examples=[7])]
    action: Annotated[str, Field(examples=["read"])]
    what_zh: Annotated[str, Field(examples=["查询信息"])]
    what_en: Annotated[str, Field(examples=["data were read"])]
    reader: Annotated[str, Field(examples=["client:tax"])]
    agency_uscc: Annotated[str | None, Field(examples=["11140881MB9Y000405"])]
    agency_name_zh: Annotated[str | None, Field(examples=["国家税务总局永济市税务局"])]
    agency_name_en: Annotated[str | None, Field(examples=["Taxation Bureau of Yongji"])]
    resource: Annotated[str, Field(examples=["registration.enterprise"])]
    record_key: Annotated[str, Field(examples=["91140881MA0GTEST0A"])]
    fields: Annotated[list[str], Field(examples=[["legal_representative_name"]])]
    purpose: Annotated[str | None, Field(examples=["tax_registration"])]
    purpose_zh: Annotated[str | None, Field(examples=["税务登记"])]
    purpose_en: Annotated[str | None, Field(examples=["Taxpayer registration"])]
    matter_id: Annotated[str | None, Field(examples=[None])]
    result: Annotated[Result, Field(examples=["allowed"])]
    read_at: Annotated[datetime, Field(examples=["2026-03-02T01:30:00Z"])]

    @classmethod
    def of(cls, link: Link, region: RegionPack) -> Self:
        """Shape a link for the person whose data was read."""
        act = link.act
        agency = region.agency_by_uscc(act.agency_uscc) if act.agency_uscc else None
        basis = next((grant.basis for grant in region.grants if grant.purpose == act.purpose), None)
        what_zh, what_en = words_for(act.resource, act.action)
        return cls(
            number=link.number,
            action=act.action,
            what_zh=what_zh,
            what_en=what_en,
            reader=act.reader,
            agency_uscc=act.agency_uscc,
            agency_name_zh=agency.name.zh if agency else None,
            agency_name_en=agency.name.en if agency else None,
            resource=act.resource,
            record_key=act.record_key,
            fields=list(act.fields),
            purpose=act.purpose,
            purpose_zh=basis.zh if basis else None,
            purpose_en=basis.en if basis else None,
            matter_id=act.matter_id,
            result=act.result,
            read_at=act.read_at,
        )


class EntryOut(ResponseModel):
    """An entry of the chain in full, so that its hash can be computed again."""

    number: Annotated[int, Field(examples=[7])]
    prev_hash: Annotated[str, Field(examples=["0" * 64])]
    hash: Annotated[str, Field(examples=["5e" * 32])]
    event_id: UUID
    action: Annotated[str, Field(examples=["read"])]
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
        stated = {name: getattr(link.act, name) for name in link.act.__dataclass_fields__}
        stated["fields"] = list(link.act.fields)
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
    action: Annotated[str | None, Query(max_length=64, pattern=r"^[a-z][a-z0-9_]*$")] = None,
    record_key: Annotated[str | None, Query(min_length=1, max_length=200)] = None,
    read_from: Annotated[Instant | None, Query(description="From this instant on")] = None,
    read_before: Annotated[Instant | None, Query(description="Before this instant")] = None,
) -> Page[EntryOut]:
    """List entries of the chain for the data bureau, the newest first; the look itself is recorded."""
    filters = Filters(agency, resource, None, read_from, read_before, action=action, record_key=record_key)
    query = ReadEntries(filters, before=_number(paged), limit=paged.fetch)
    found = await read_entries_as_auditor(query, caller, region, uow)
    return paged.page([EntryOut.of(link) for link in found], lambda entry: (entry.number,), response)


@router.get(
    "/chain/head", dependencies=[requires("audit.record.read")], summary="Read the chain's head (链首摘要)"
)
async def show_head(uow: InTransaction) -> HeadOut:
    """Return the newest entry's number and hash."""
    head = await read_head(uow)
    return HeadOut(number=head.number, hash=head.hash)
