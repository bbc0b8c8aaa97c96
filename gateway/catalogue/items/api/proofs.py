"""The list of proofs that may still be asked for (保留的证明事项清单): public, kept by one agency."""

from datetime import date, datetime
from http import HTTPStatus
from typing import Annotated, Self

from fastapi import APIRouter, Path, Response
from pydantic import Field

from gateway.catalogue.items.api.dependencies import MANAGE, InEnglish, RegionInUse
from gateway.catalogue.items.api.items import OPEN
from gateway.catalogue.items.api.standards import KeyField, WordingBody
from gateway.catalogue.items.domain.errors import (
    ProofCancelled,
    ProofExists,
    ProofListKeeperOnly,
    ProofNotFound,
)
from gateway.catalogue.items.domain.proof import Proof
from gateway.catalogue.items.domain.standard import Wording
from gateway.catalogue.items.use_cases.keep_proofs import KeptProof, cancel_proof, list_proof, read_proofs
from shared.calendar import local_date
from shared.web.conditional import set_etag
from shared.web.fields import CivilDate, RequestModel, ResponseModel, ShortText
from shared.web.openapi import refuses
from shared.web.paging import Page, Paged
from shared.web.routes import Caller, InTransaction, Now, ServiceRoute

router = APIRouter(prefix="/catalogue/v1/proofs", route_class=ServiceRoute, tags=["service items"])


class ProofIn(RequestModel):
    """An entry: basis, who asks, who issues, how to get it."""

    code: Annotated[KeyField, Field(examples=["residence_proof"])]
    title: Annotated[WordingBody, Field(examples=[{"zh": "居住证明", "en": "Proof of residence"}])]
    legal_basis: Annotated[ShortText, Field(examples=["居住证暂行条例第九条"])]
    requesting_unit: Annotated[ShortText, Field(examples=["永济市公安局"])]
    issuing_unit: Annotated[ShortText, Field(examples=["村（居）民委员会"])]
    guide: Annotated[
        WordingBody, Field(examples=[{"zh": "到村（居）民委员会开具", "en": "From the committee"}])
    ]
    introduced_on: Annotated[
        CivilDate | None,
        Field(examples=["2026-03-02"], description="Since when it is asked for; today unless given"),
    ] = None


class ProofCancellationIn(RequestModel):
    """From which day on it may not be asked for any more."""

    cancelled_on: Annotated[CivilDate | None, Field(examples=["2026-07-01"])] = None


class ProofOut(ResponseModel):
    """An entry, and whether the list and the items follow its last change within seven working days."""

    code: str
    title: str
    legal_basis: str
    requesting_unit: str
    issuing_unit: str
    guide: str
    introduced_on: date
    listed_at: datetime
    cancelled_on: date | None
    update_due_on: Annotated[date, Field(description="By when the lists must follow the last change")]
    still_asked_by: Annotated[list[str], Field(description="Items that ask for it after it was cancelled")]
    is_overdue: bool

    @classmethod
    def of(cls, kept: KeptProof, *, english: bool) -> Self:
        """Shape an entry."""
        proof, currency = kept.proof, kept.currency
        return cls(
            code=proof.code,
            title=proof.title.localized(english=english),
            legal_basis=proof.legal_basis,
            requesting_unit=proof.requesting_unit,
            issuing_unit=proof.issuing_unit,
            guide=proof.guide.localized(english=english),
            introduced_on=proof.introduced_on,
            listed_at=proof.listed_at,
            cancelled_on=proof.cancelled_on,
            update_due_on=currency.due_on,
            still_asked_by=list(currency.lagging_items),
            is_overdue=currency.is_overdue,
        )


@router.get("", dependencies=[OPEN], summary="List the proofs that may be asked for (证明事项清单)")
async def show_proofs(
    region: RegionInUse, english: InEnglish, paged: Paged, uow: InTransaction, response: Response
) -> Page[ProofOut]:
    """By code, cancelled ones with their day; what is not on it, no unit may demand (LIC-31)."""
    after = str(paged.after[0]) if paged.after else None
    kept = await read_proofs(after, paged.fetch, region, uow)
    entries = [ProofOut.of(each, english=english) for each in kept]
    return paged.page(entries, lambda entry: (entry.code,), response)


@router.post("", status_code=HTTPStatus.CREATED, dependencies=[MANAGE], summary="List a proof (列入证明事项)")
@refuses(ProofListKeeperOnly, ProofExists)
async def add(
    body: ProofIn,
    caller: Caller,
    region: RegionInUse,
    english: InEnglish,
    uow: InTransaction,
    now: Now,
    response: Response,
) -> ProofOut:
    """By the agency that keeps the list."""
    proof = Proof(
        code=body.code,
        title=Wording(body.title.zh, body.title.en),
        legal_basis=body.legal_basis,
        requesting_unit=body.requesting_unit,
        issuing_unit=body.issuing_unit,
        guide=Wording(body.guide.zh, body.guide.en),
        introduced_on=body.introduced_on or local_date(now),
        listed_at=now,
    )
    kept = await list_proof(proof, caller, region, uow)
    set_etag(response, kept.proof.version)
    return ProofOut.of(kept, english=english)


@router.post("/{proof_code}/cancellation", dependencies=[MANAGE], summary="Cancel a proof (取消证明事项)")
@refuses(ProofListKeeperOnly, ProofNotFound, ProofCancelled)
async def cancel(
    proof_code: Annotated[KeyField, Path(description="Code of the entry")],
    body: ProofCancellationIn,
    caller: Caller,
    region: RegionInUse,
    english: InEnglish,
    uow: InTransaction,
    now: Now,
    response: Response,
) -> ProofOut:
    """From the day on no item may be published that demands it; one that still does is shown as late."""
    kept = await cancel_proof(proof_code, body.cancelled_on, caller, region, uow, now)
    set_etag(response, kept.proof.version)
    return ProofOut.of(kept, english=english)
