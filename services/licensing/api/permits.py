"""Permits (许可证): read, show as QR code, and verify in public."""

from datetime import date, datetime
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query, Request, Response
from pydantic import Field
from starlette.responses import JSONResponse

from services.licensing.api.dependencies import Identifier, InOffice, PermitNumber
from services.licensing.api.texts import TextOut
from services.licensing.api.verification_page import render
from services.licensing.domain.enterprise import Enterprise
from services.licensing.domain.holder_change import PREMISES_CHANGED
from services.licensing.domain.permit import Permit, PermitNotFound
from services.licensing.use_cases.read_permit_by_grant import read_permit_by_grant, verify_permit_claims
from services.licensing.use_cases.verify_permit import (
    VerifiedPermit,
    holder_now,
    read_permit,
    verify_permit,
)
from shared.certificates import CertificateState, CheckResult, qr_svg
from shared.security.access import public, requires
from shared.sharing.refusals import CaseNumberMissing, ReadingRefused, TooManyClaims
from shared.sharing.stating import ClaimsIn, Stating, VerdictsOut, who_states
from shared.web.fields import ResponseModel
from shared.web.negotiation import prefers_html
from shared.web.openapi import refuses
from shared.web.problems import UNAUTHENTICATED, prefers_english
from shared.web.routes import Caller, CallerIfAny, InTransaction, Now, ServiceRoute
from shared.web.verification_page import CONTENT_SECURITY_POLICY

router = APIRouter(prefix="/licensing/v1", route_class=ServiceRoute, tags=["permits"])
OPEN = public("permits are public registers: anyone may verify one")

Language = Annotated[Literal["zh", "en"] | None, Query(description="Language of the page (页面语言)")]


class PremisesChangedOut(ResponseModel):
    """Since when the holder is no more at the premises that a permit was given for, and what that means."""

    since: date
    apply_by: Annotated[date | None, Field(description="Until when a new permit is applied for (申请期限)")]
    statement: TextOut

    @classmethod
    def of(cls, permit: Permit) -> "PremisesChangedOut | None":
        """None for a permit that is at its premises, or that follows its holder."""
        if permit.premises_changed_on is None:
            return None
        statement = TextOut.of(PREMISES_CHANGED)
        return cls(since=permit.premises_changed_on, apply_by=permit.apply_by, statement=statement)


class PermitBrief(ResponseModel):
    """A permit with who issued it, who supervises, and how long it is valid."""

    permit_number: Annotated[str, Field(examples=["ZH-140881-20260302-000001-7"])]
    kind: Annotated[str, Field(examples=["comprehensive"])]
    item: str | None
    name: TextOut
    issuer_uscc: str
    issuer_name: TextOut
    supervising_uscc: str
    supervising_name: TextOut
    valid_from: date
    valid_to: date | None
    certificate_identifier: str
    certificate_version: int
    certificate_state: str
    certificate_state_name: str
    premises: Annotated[str | None, Field(description="The premises that it names (经营场所)")]
    premises_changed: PremisesChangedOut | None
    verify_path: str


class HolderOut(ResponseModel):
    """Who holds a permit, as the register says today: it outlives a new name or address (迁移后继续有效)."""

    name: str
    address: str | None
    state: Annotated[str, Field(examples=["active"])]
    forced_exit_on: Annotated[
        date | None, Field(description="Last day of the notice of its forced deregistration (强制注销公告)")
    ]

    @classmethod
    def of(cls, enterprise: Enterprise | None) -> "HolderOut | None":
        """None while the register has not told of it."""
        if enterprise is None:
            return None
        return cls.model_validate(enterprise, from_attributes=True)


class PermitOut(PermitBrief):
    """A permit with its signed certificate (compact JWS, ES256) and the permits inside it."""

    uscc: str
    holder_name: str
    holder: HolderOut | None
    industry_code: str
    part_of: str | None
    associated_identifier: Annotated[
        str | None, Field(description="The version of the certificate before (关联证照标识)")
    ]
    ended_on: date | None
    issued_at: datetime
    digest: str
    jws: str
    seal: TextOut
    components: list[PermitBrief]


class CheckOut(ResponseModel):
    """One check; the statement says what holds when it passed."""

    check: str
    passed: bool
    statement: TextOut


class VerificationOut(ResponseModel):
    """What the checks said of a permit."""

    certificate_identifier: str
    superseded_by: Annotated[str | None, Field(description="The version that took its place")]
    is_valid: bool
    checks: list[CheckOut]
    permit: PermitBrief
    holder_name: str
    holder: HolderOut | None
    uscc: str
    components: list[PermitBrief]
    seal: TextOut
    verified_at: datetime

    @classmethod
    def of(cls, verified: VerifiedPermit) -> "VerificationOut":
        """From the use case."""
        permit, report = verified.permit, verified.report
        return cls(
            certificate_identifier=permit.certificate_identifier,
            superseded_by=verified.superseded_by,
            is_valid=report.is_valid,
            checks=[_check(result) for result in report.results],
            permit=PermitBrief(**_brief(permit)),
            holder_name=permit.holder_name,
            holder=HolderOut.of(verified.holder),
            uscc=permit.uscc,
            components=[PermitBrief(**_brief(part)) for part in verified.parts],
            seal=TextOut(zh=permit.seal_zh, en=permit.seal_en),
            verified_at=report.inquiry.at,
        )


@router.get("/permits/{number}", dependencies=[OPEN], summary="Read a permit (查看许可证)")
@refuses(PermitNotFound, ReadingRefused, CaseNumberMissing, UNAUTHENTICATED)
async def read(number: PermitNumber, caller: CallerIfAny, stated: Stating, uow: InTransaction) -> PermitOut:
    """The certificate's JWS can be verified offline with the keys of `/licensing/v1/signing-keys`.

    An agency that states a purpose is held to its grant, and its reading is recorded.
    """
    if stated.asks:
        permit, parts = await read_permit_by_grant(number, stated, who_states(caller), uow)
    else:
        permit, parts = await read_permit(number, uow)
    return PermitOut(
        **_brief(permit),
        uscc=permit.uscc,
        holder_name=permit.holder_name,
        holder=HolderOut.of(await holder_now(permit, uow)),
        associated_identifier=permit.associated_identifier,
        ended_on=permit.ended_on,
        industry_code=permit.industry_code,
        part_of=permit.part_of,
        issued_at=permit.issued_at,
        digest=permit.digest,
        jws=permit.jws,
        seal=TextOut(zh=permit.seal_zh, en=permit.seal_en),
        components=[PermitBrief(**_brief(part)) for part in parts],
    )


@router.post(
    "/permits/{number}/verification",
    dependencies=[requires("licensing.application.read")],
    summary="Verify what is claimed of a permit (数据核验)",
    openapi_extra={"x-idempotent": True},
)
@refuses(PermitNotFound, ReadingRefused, CaseNumberMissing, TooManyClaims)
async def verify_claimed(
    number: PermitNumber, body: ClaimsIn, caller: Caller, uow: InTransaction, response: Response
) -> VerdictsOut:
    """Match or no match for each field; only under a grant whose way is `verify`."""
    response.headers["Cache-Control"] = "no-store"
    return VerdictsOut.of(await verify_permit_claims(number, body.made(), body.stated(), caller, uow))


@router.get(
    "/permits/{number}/qr.svg",
    dependencies=[OPEN],
    summary="QR code of a permit (二维码)",
    response_class=Response,
    responses={200: {"content": {"image/svg+xml": {}}, "description": "SVG image"}},
)
@refuses(PermitNotFound)
async def read_qr(number: PermitNumber, uow: InTransaction, office: InOffice) -> Response:
    """Leads to the page that verifies the permit."""
    permit, _ = await read_permit(number, uow)
    return Response(
        qr_svg(f"{office.public_url}{permit.verify_path}"),
        media_type="image/svg+xml",
        headers={"Cache-Control": "public, max-age=86400", "Content-Security-Policy": "default-src 'none'"},
    )


@router.get("/signing-keys", dependencies=[OPEN], summary="Keys that sign certificates (签名公钥)")
async def read_keys(office: InOffice) -> dict[str, list[dict[str, str]]]:
    """A JSON Web Key Set (RFC 7517): the key that signs now, then those of older certificates."""
    return {"keys": office.keys.published()}


@router.get(
    "/verify/{identifier}",
    dependencies=[OPEN],
    summary="Verify a permit (许可证核验)",
    response_model=VerificationOut,
    responses={200: {"content": {"text/html": {"schema": {"type": "string"}}}, "description": "Verified"}},
)
@refuses(PermitNotFound)
async def verify(
    identifier: Identifier,
    request: Request,
    caller: CallerIfAny,
    uow: InTransaction,
    now: Now,
    office: InOffice,
    language: Language = None,
) -> Response:
    """JSON, or a page for people where `Accept` prefers `text/html`."""
    asked_by = caller.reference if caller else None
    verified = await verify_permit(identifier, asked_by, uow, now, office)
    answer = VerificationOut.of(verified)
    vary = {"Vary": "Accept, Accept-Language"}
    if not prefers_html(request.headers.get("accept")):
        return JSONResponse(answer.model_dump(mode="json"), headers=vary)
    english = language == "en" if language else prefers_english(request.headers.get("accept-language"))
    qr = qr_svg(f"{office.public_url}{verified.permit.verify_path}")
    return Response(
        render(answer.model_dump(mode="json"), qr=qr, english=english),
        media_type="text/html; charset=utf-8",
        headers={
            **vary,
            "Content-Language": "en" if english else "zh-CN",
            "Content-Security-Policy": CONTENT_SECURITY_POLICY,
            "Referrer-Policy": "no-referrer",
        },
    )


def _check(result: CheckResult) -> CheckOut:
    statement = TextOut(zh=result.statement.zh, en=result.statement.en)
    return CheckOut(check=result.check.value, passed=result.passed, statement=statement)


def _brief(permit: Permit) -> dict[str, Any]:
    return {
        "permit_number": permit.number,
        "kind": permit.kind.value,
        "item": permit.item,
        "name": TextOut.of(permit.name),
        "issuer_uscc": permit.issuer_uscc,
        "issuer_name": TextOut.of(permit.issuer_name),
        "supervising_uscc": permit.supervising_uscc,
        "supervising_name": TextOut.of(permit.supervising_name),
        "valid_from": permit.valid_from,
        "valid_to": permit.valid_to,
        "certificate_identifier": permit.certificate_identifier,
        "certificate_version": permit.version,
        "premises": permit.premises,
        "premises_changed": PremisesChangedOut.of(permit),
        "certificate_state": permit.certificate_state,
        "certificate_state_name": CertificateState(permit.certificate_state).name_zh,
        "verify_path": permit.verify_path,
    }
