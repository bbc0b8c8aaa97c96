"""What makes the log provable (审计存证): signed roots, keys, proofs, exports, and the auditor's reviews."""

from collections.abc import AsyncIterator
from datetime import datetime
from http import HTTPStatus
from typing import Annotated, Self
from uuid import UUID

from fastapi import APIRouter, Path, Query, Response
from pydantic import Field, StringConstraints
from starlette.requests import Request
from starlette.responses import StreamingResponse

from gateway.audit.api.dependencies import RegionInUse
from gateway.audit.api.entries import EntryOut
from gateway.audit.domain.errors import AuditorsOnly, EntryNotFound, IntervalOpen
from gateway.audit.domain.review import Finding, Review
from gateway.audit.domain.statements import SignedRoot
from gateway.audit.store.roots import KeyStore, RootStore
from gateway.audit.use_cases.export_log import Export, Period, exported_lines, plan_export
from gateway.audit.use_cases.prove_entry import prove_entry
from gateway.audit.use_cases.read_entries import read_entry_as_auditor
from gateway.audit.use_cases.review_entry import ReviewEntry, review_entry
from gateway.audit.use_cases.signing import LogKey
from shared.database.unit_of_work import UnitOfWorkFactory
from shared.identifiers.uuid7 import new_uuid7
from shared.security.access import public, requires
from shared.web.backend import backend_of
from shared.web.fields import Instant, RequestModel, ResponseModel
from shared.web.openapi import refuses
from shared.web.paging import Page, Paged
from shared.web.routes import Caller, InTransaction, ServiceRoute

router = APIRouter(prefix="/audit/v1", route_class=ServiceRoute, tags=["audit"])
OPEN = public("a root says how many entries there are and commits to them; it shows none (GW-04, NFR-14)")
READ = requires("audit.record.read")

Number = Annotated[int, Path(ge=1, le=2**53 - 1, examples=[7])]


class RootOut(ResponseModel):
    """A closed interval under its signed Merkle root."""

    first: Annotated[int, Field(examples=[1])]
    last: Annotated[int, Field(examples=[240])]
    root: Annotated[str, Field(examples=["5e" * 32])]
    prev_root: Annotated[str, Field(examples=["00" * 32])]
    chain_hash: Annotated[str, Field(examples=["7a" * 32])]
    kid: str
    jws: str
    closed_at: datetime

    @classmethod
    def of(cls, signed: SignedRoot) -> Self:
        """Shape a root."""
        root = signed.root
        return cls(
            first=root.first,
            last=root.last,
            root=root.root,
            prev_root=root.prev_root,
            chain_hash=root.chain_hash,
            kid=signed.kid,
            jws=signed.jws,
            closed_at=root.closed_at,
        )


class KeysOut(ResponseModel):
    """A key set (RFC 7517); keys stay in it for ever, because roots do."""

    keys: list[dict[str, str]]


class ProofOut(ResponseModel):
    """Shows that an entry stands in its interval (RFC 9162 section 2.1.3), whatever the others say."""

    number: int
    hash: str
    place: Annotated[int, Field(description="Place in the interval, from 0")]
    path: Annotated[list[str], Field(description="Sibling hashes from the leaf to the root")]
    interval: RootOut


class ReviewIn(RequestModel):
    """What an auditor found."""

    finding: Annotated[Finding, Field(examples=["in_order"])]
    note: Annotated[str, StringConstraints(max_length=500), Field(examples=["与申请事项一致"])] = ""


class ReviewOut(ResponseModel):
    """A review, as it was written down."""

    review_id: UUID
    number: int
    reviewer: Annotated[str, Field(examples=["client:data_bureau"])]
    finding: Finding
    note: str
    reviewed_at: datetime

    @classmethod
    def of(cls, review: Review) -> Self:
        """Shape a review."""
        return cls(**{name: getattr(review, name) for name in review.__dataclass_fields__})


class ReviewedEntryOut(ResponseModel):
    """An entry with its reviews."""

    entry: EntryOut
    reviews: list[ReviewOut]


class ExportStream(StreamingResponse):
    """One JSON object a line."""

    media_type = "application/x-ndjson"


@router.get("/roots", dependencies=[OPEN], summary="List closed intervals with their roots (区间根)")
async def list_roots(
    region: RegionInUse, paged: Paged, uow: InTransaction, response: Response
) -> Page[RootOut]:
    """The newest first; who keeps them can show later that nothing before was changed."""
    before = int(paged.after[0]) if paged.after else None
    found = await RootStore(uow.session, region.region.code).page(before=before, limit=paged.fetch)
    return paged.page([RootOut.of(each) for each in found], lambda root: (root.last,), response)


@router.get("/keys", dependencies=[OPEN], summary="Keys of the audit log (审计签名公钥)")
async def list_keys(uow: InTransaction) -> KeysOut:
    """Every key that ever signed, the newest first."""
    return KeysOut(keys=await KeyStore(uow.session).public())


@router.get("/records/{number}", dependencies=[READ], summary="Read an entry with its reviews (审计记录详情)")
@refuses(AuditorsOnly, EntryNotFound)
async def show_record(
    number: Number, caller: Caller, region: RegionInUse, uow: InTransaction
) -> ReviewedEntryOut:
    """For the auditor; the look itself is recorded."""
    link, reviews = await read_entry_as_auditor(number, caller, region, uow)
    return ReviewedEntryOut(entry=EntryOut.of(link), reviews=[ReviewOut.of(each) for each in reviews])


@router.get("/records/{number}/proof", dependencies=[READ], summary="Prove an entry (存证证明)")
@refuses(EntryNotFound, IntervalOpen)
async def show_proof(number: Number, caller: Caller, region: RegionInUse, uow: InTransaction) -> ProofOut:
    """For the auditor, and for whoever the entry is about."""
    proof = await prove_entry(number, caller, region, uow)
    return ProofOut(
        number=number,
        hash=proof.link.hash,
        place=proof.place,
        path=list(proof.path),
        interval=RootOut.of(proof.signed),
    )


@router.post(
    "/records/{number}/reviews",
    status_code=HTTPStatus.CREATED,
    dependencies=[requires("audit.record.review")],
    summary="Review an entry (审查)",
)
@refuses(AuditorsOnly, EntryNotFound)
async def review(
    number: Number, body: ReviewIn, caller: Caller, region: RegionInUse, uow: InTransaction
) -> ReviewOut:
    """Write down that an entry was looked into; a later review stands beside it."""
    command = ReviewEntry(new_uuid7(), number, body.finding, body.note, caller)
    return ReviewOut.of(await review_entry(command, region, uow))


@router.get(
    "/export",
    dependencies=[READ],
    response_class=ExportStream,
    responses={
        200: {
            "description": "begin, entries with their roots, end; `tongban audit verify FILE` checks it offline",
            "content": {"application/x-ndjson": {"schema": {"type": "string"}}},
        }
    },
    summary="Export the log for verification (审计导出)",
)
@refuses(AuditorsOnly)
async def export_log(
    request: Request,
    caller: Caller,
    region: RegionInUse,
    uow: InTransaction,
    closed_from: Annotated[Instant | None, Query(description="Intervals closed from this instant on")] = None,
    closed_before: Annotated[
        Instant | None,
        Query(description="Intervals closed before; without it the open interval is in it too"),
    ] = None,
) -> ExportStream:
    """Whole intervals with their signed roots; the export itself is recorded."""
    period = Period(closed_from, closed_before)
    key = LogKey.of(request.app.state.settings)
    plan = await plan_export(caller, region, period, key, uow)
    lines = _lines(plan, backend_of(request).transactions)
    return ExportStream(lines, headers={"Cache-Control": "no-store"})


async def _lines(plan: Export, transactions: UnitOfWorkFactory) -> AsyncIterator[str]:
    async for lines in exported_lines(plan, transactions):
        yield lines
