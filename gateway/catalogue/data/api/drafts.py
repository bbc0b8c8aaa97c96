"""Entries in work: drafted by the department that has the data, published or returned by the data bureau."""

from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Response
from pydantic import Field

from gateway.catalogue.data.api.dependencies import KeyInPath, RegionInUse
from gateway.catalogue.data.api.resource_shapes import DraftOut, EntryIn, NewEntryIn, ResourceOut
from gateway.catalogue.data.domain.errors import ResourceNotFound
from gateway.catalogue.data.domain.refusals import (
    AgencyOnly,
    AlreadyCollected,
    BureauDecides,
    DraftExists,
    NotTheOwner,
    SharingNotPossible,
    StepNotAllowed,
)
from gateway.catalogue.data.domain.resource import EntryStatus, EntryVersion
from gateway.catalogue.data.use_cases import draft_entry, keep_fresh, publish_entry, read_resources
from shared.region import RegionPack
from shared.security.access import requires
from shared.web.conditional import IfMatch, set_etag
from shared.web.fields import CivilDate, Instant, RequestModel, ShortText
from shared.web.openapi import refuses
from shared.web.paging import Page, Paged
from shared.web.routes import Caller, InTransaction, Now, ServiceRoute

router = APIRouter(prefix="/catalogue/v1", route_class=ServiceRoute, tags=["catalogue"])
MANAGE = requires("catalogue.resource.manage")


class PublicationIn(RequestModel):
    """From which day the version is in force; today unless given."""

    effective_on: Annotated[CivilDate | None, Field(examples=["2039-12-31"])] = None


class ReasonIn(RequestModel):
    """Why."""

    reason: Annotated[ShortText, Field(examples=["共享条件不明确"])]


class ExtensionIn(ReasonIn):
    """Why there is more time, and on which legal basis."""

    legal_basis: Annotated[ShortText, Field(examples=["政务数据共享条例"])]


class UpdateIn(RequestModel):
    """As of when the data stand."""

    as_of: Annotated[Instant, Field(examples=["2026-03-02T01:30:00Z"])]


def _shown(version: EntryVersion, region: RegionPack, response: Response) -> DraftOut:
    set_etag(response, version.version)
    return DraftOut.of(version, region.calendar())


@router.post(
    "/resources", status_code=HTTPStatus.CREATED, dependencies=[MANAGE], summary="Draft an entry (编制目录)"
)
@refuses(AgencyOnly, NotTheOwner, DraftExists, AlreadyCollected, SharingNotPossible)
async def draft(
    body: NewEntryIn, caller: Caller, region: RegionInUse, uow: InTransaction, now: Now, response: Response
) -> DraftOut:
    """Begin a new entry, or the next version of one's own."""
    command = draft_entry.DraftEntry(body.key, body.entry(), caller)
    version = await draft_entry.draft_entry(command, region, uow, now)
    response.headers["Location"] = f"{router.prefix}/resources/{version.key}/draft"
    return _shown(version, region, response)


@router.get("/drafts", dependencies=[MANAGE], summary="List entries in work (待发布目录)")
@refuses(AgencyOnly)
async def show_drafts(
    caller: Caller,
    region: RegionInUse,
    paged: Paged,
    uow: InTransaction,
    response: Response,
    status: EntryStatus | None = None,
) -> Page[DraftOut]:
    """List the caller's own by key; the data bureau sees all, and until when it has to review them."""
    after = str(paged.after[0]) if paged.after else ""
    found = await read_resources.list_drafts(status, caller, region, uow, after=after, limit=paged.fetch)
    calendar = region.calendar()
    shown = [DraftOut.of(version, calendar) for version in found]
    return paged.page(shown, lambda version: (version.key,), response)


@router.get("/resources/{key}/draft", dependencies=[MANAGE], summary="Read an entry in work")
@refuses(AgencyOnly, ResourceNotFound)
async def show_draft(
    key: KeyInPath, caller: Caller, region: RegionInUse, uow: InTransaction, response: Response
) -> DraftOut:
    """Return the version that is being worked on, to its owner and the data bureau."""
    return _shown(await read_resources.read_draft(key, caller, region, uow), region, response)


@router.put("/resources/{key}/draft", dependencies=[MANAGE], summary="Revise an entry in work (修改目录)")
@refuses(AgencyOnly, ResourceNotFound, NotTheOwner, StepNotAllowed, AlreadyCollected, SharingNotPossible)
async def revise(
    key: KeyInPath,
    body: EntryIn,
    expected: IfMatch,
    caller: Caller,
    region: RegionInUse,
    uow: InTransaction,
    now: Now,
    response: Response,
) -> DraftOut:
    """Change a draft, or what was returned."""
    command = draft_entry.DraftEntry(key, body.entry(), caller)
    version = await draft_entry.revise_draft(command, expected, region, uow, now)
    return _shown(version, region, response)


@router.post(
    "/resources/{key}/draft/submission", dependencies=[MANAGE], summary="Hand in an entry (提交审核)"
)
@refuses(AgencyOnly, ResourceNotFound, NotTheOwner, StepNotAllowed)
async def submit(
    key: KeyInPath, caller: Caller, region: RegionInUse, uow: InTransaction, now: Now, response: Response
) -> DraftOut:
    """Hand it to the data bureau, which has 2 working days."""
    return _shown(await draft_entry.submit_draft(key, caller, region, uow, now), region, response)


@router.post(
    "/resources/{key}/draft/publication", dependencies=[MANAGE], summary="Publish an entry (发布目录)"
)
@refuses(BureauDecides, ResourceNotFound, StepNotAllowed, AlreadyCollected, SharingNotPossible)
async def publish(
    key: KeyInPath,
    body: PublicationIn,
    caller: Caller,
    region: RegionInUse,
    uow: InTransaction,
    now: Now,
    response: Response,
) -> DraftOut:
    """Put it in the one catalogue; earlier versions stay readable by their days."""
    command = publish_entry.PublishEntry(key, body.effective_on, caller)
    return _shown(await publish_entry.publish_entry(command, region, uow, now), region, response)


@router.post("/resources/{key}/draft/return", dependencies=[MANAGE], summary="Return an entry (退回修改)")
@refuses(BureauDecides, ResourceNotFound, StepNotAllowed)
async def give_back(
    key: KeyInPath,
    body: ReasonIn,
    caller: Caller,
    region: RegionInUse,
    uow: InTransaction,
    now: Now,
    response: Response,
) -> DraftOut:
    """Give it back to its owner with the reason."""
    version = await publish_entry.return_entry(key, body.reason, caller, region, uow, now)
    return _shown(version, region, response)


@router.post(
    "/resources/{key}/updates", dependencies=[MANAGE], summary="Report an update of the data (数据更新)"
)
@refuses(AgencyOnly, ResourceNotFound, NotTheOwner, SharingNotPossible)
async def report_update(
    key: KeyInPath, body: UpdateIn, caller: Caller, region: RegionInUse, uow: InTransaction, now: Now
) -> ResourceOut:
    """Say as of when the data stand; a new cycle begins."""
    command = keep_fresh.ReportUpdate(key, body.as_of, caller)
    listed = await keep_fresh.report_update(command, region, uow, now)
    return ResourceOut.of(listed, region, region.calendar(), now)


@router.post(
    "/resources/{key}/change", dependencies=[MANAGE], summary="Say that an entry has to change (目录变更)"
)
@refuses(AgencyOnly, ResourceNotFound, NotTheOwner, StepNotAllowed)
async def declare_change(
    key: KeyInPath, body: ReasonIn, caller: Caller, region: RegionInUse, uow: InTransaction, now: Now
) -> ResourceOut:
    """What it describes has changed: its owner has 10 working days to hand in the next version."""
    listed = await keep_fresh.declare_change(key, body.reason, caller, region, uow, now)
    return ResourceOut.of(listed, region, region.calendar(), now)


@router.post("/resources/{key}/change/extension", dependencies=[MANAGE], summary="Give 5 working days more")
@refuses(BureauDecides, ResourceNotFound, StepNotAllowed)
async def extend_change(
    key: KeyInPath, body: ExtensionIn, caller: Caller, region: RegionInUse, uow: InTransaction, now: Now
) -> ResourceOut:
    """Once, before the time has run out, by the data bureau."""
    command = keep_fresh.ExtendChange(key, body.reason, body.legal_basis, caller)
    listed = await keep_fresh.extend_change(command, region, uow, now)
    return ResourceOut.of(listed, region, region.calendar(), now)
