"""The electronic business licence (电子营业执照): as JSON, as a page to hang on a wall, its log, copies of it."""

import asyncio
from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Request, Response

from services.registration.api.dependencies import Desk
from services.registration.api.enterprises import READ_SCOPE, UsccPath, opened_file
from services.registration.api.licence_models import (
    CopyIn,
    CopyOut,
    LicenceOut,
    OperationOut,
    OperationsOut,
    WordingOut,
)
from services.registration.api.licence_sheet import LicencePage, PageSigning, SheetForm, draw_licence
from services.registration.domain.errors import EnterpriseNotFound, LicenceNotFound, NotTheOwner
from services.registration.domain.licence import Licence
from services.registration.domain.licence_errors import CopyNotFound, CopyOver, CopyTooLong, LicenceNotInForce
from services.registration.store.licences import LicenceStore
from services.registration.use_cases.copy_licence import (
    MakeCopy,
    copies_of,
    make_copy,
    read_copy,
    take_back_copy,
)
from services.registration.use_cases.issue_licence import current_licence
from services.registration.use_cases.registrar_desk import RegistrarDesk
from shared.certificates import CertificateState, certificate_from_json, open_jws
from shared.certificates.pdf_signing import SigningUnavailable
from shared.certificates.sheet import PaperSize
from shared.security.access import requires
from shared.sharing.deciding import Missing
from shared.sharing.refusals import CaseNumberMissing, ReadingRefused, refused
from shared.sharing.stating import Stating
from shared.web.openapi import refuses
from shared.web.paging import Page, Paged
from shared.web.routes import Caller, InTransaction, Now, ServiceRoute

router = APIRouter(prefix="/registration/v1/enterprises", route_class=ServiceRoute, tags=["licences"])

FILE_SCOPE = "registration.filing.submit"
_NAME_ON_THE_FACE = "legal_representative_name"
PDF: dict[int | str, dict[str, Any]] = {
    200: {"content": {"application/pdf": {"schema": {"type": "string", "format": "binary"}}}}
}
CopyPath = Annotated[
    str,
    Path(
        min_length=12,
        max_length=200,
        pattern=r"^[0-9A-Z.]+-[0-9A-Z]+$",
        description="Identifier of the copy (加注件标识)",
    ),
]
Form = Annotated[SheetForm, Query(description="正本 (original) or 副本 (duplicate)")]
Size = Annotated[PaperSize, Query(description="Paper, landscape (纸张，横向)")]


@router.get(
    "/{uscc}/licence", dependencies=[requires(READ_SCOPE)], summary="Read the business licence (电子营业执照)"
)
@refuses(EnterpriseNotFound, LicenceNotFound, ReadingRefused, CaseNumberMissing)
async def read(
    uscc: UsccPath, caller: Caller, uow: InTransaction, stated: Stating, desk: Desk, response: Response
) -> LicenceOut:
    """Its signed content is for whoever may see the legal representative's name."""
    opened = await opened_file(uscc, caller, uow, stated, desk)
    licence = await current_licence(uscc, uow)
    response.headers["Cache-Control"] = "no-store"
    merged = [WordingOut(zh=each.name.zh, en=each.name.en) for each in desk.policy.licence.merged_filings]
    seal = desk.seals.seal(certificate_from_json(open_jws(licence.jws).payload))
    return LicenceOut.of(licence, merged, seal, shown=_NAME_ON_THE_FACE in opened.shown)


@router.get(
    "/{uscc}/licence/pdf",
    dependencies=[requires(READ_SCOPE)],
    summary="The business licence as PDF (营业执照版面)",
    response_class=Response,
    responses=PDF,
)
@refuses(EnterpriseNotFound, LicenceNotFound, ReadingRefused, CaseNumberMissing, SigningUnavailable)
async def read_pdf(
    uscc: UsccPath,
    caller: Caller,
    uow: InTransaction,
    stated: Stating,
    request: Request,
    now: Now,
    desk: Desk,
    form: Form = SheetForm.DUPLICATE,
    size: Size = PaperSize.A4,
) -> Response:
    """For whoever may see the legal representative's name; the file carries the signed content with it."""
    opened = await opened_file(uscc, caller, uow, stated, desk)
    if _NAME_ON_THE_FACE not in opened.shown:
        raise refused(Missing.FIELDS if stated.asks else Missing.PURPOSE)
    licence = await current_licence(uscc, uow)
    page = _page(request, desk, licence.jws, licence.identifier, licence, form, size)
    return await _drawn(page, desk, now, f"{licence.identifier}.pdf")


@router.get(
    "/{uscc}/licence/operations",
    dependencies=[requires(READ_SCOPE)],
    summary="What was done to the licence (证照操作记录)",
)
@refuses(EnterpriseNotFound)
async def read_operations(
    uscc: UsccPath, caller: Caller, uow: InTransaction, stated: Stating, desk: Desk
) -> OperationsOut:
    """Each version with its state, the first first; no personal data."""
    await opened_file(uscc, caller, uow, stated, desk)
    logged = await LicenceStore(uow.session).operations(uscc)
    return OperationsOut(operations=[OperationOut.of(each) for each in logged])


@router.post(
    "/{uscc}/licence/copies",
    status_code=201,
    dependencies=[requires(FILE_SCOPE)],
    summary="Make a copy for a purpose (制作加注件)",
)
@refuses(NotTheOwner, LicenceNotFound, LicenceNotInForce, CopyTooLong)
async def copy(
    uscc: UsccPath, body: CopyIn, caller: Caller, uow: InTransaction, now: Now, desk: Desk, response: Response
) -> CopyOut:
    """By the enterprise alone: signed anew with recipient, purpose and expiry, which its verification tells."""
    response.headers["Cache-Control"] = "no-store"
    command = MakeCopy(uscc, caller, body.purpose, body.recipient, body.expires_at)
    return CopyOut.of(await make_copy(command, uow, now, desk))


@router.get(
    "/{uscc}/licence/copies",
    dependencies=[requires(FILE_SCOPE)],
    summary="Copies that were made (加注件列表)",
)
@refuses(NotTheOwner)
async def list_copies(
    uscc: UsccPath, caller: Caller, paged: Paged, uow: InTransaction, response: Response
) -> Page[CopyOut]:
    """The enterprise's own, the newest first."""
    response.headers["Cache-Control"] = "no-store"
    after = (datetime.fromisoformat(str(paged.after[0])), str(paged.after[1])) if paged.after else None
    found = [CopyOut.of(each) for each in await copies_of(uscc, caller, after, paged.fetch, uow)]
    return paged.page(found, lambda each: (each.created_at.isoformat(), each.identifier), response)


@router.get(
    "/{uscc}/licence/copies/{copy_identifier}/pdf",
    dependencies=[requires(FILE_SCOPE)],
    summary="A copy as PDF (加注件版面)",
    response_class=Response,
    responses=PDF,
)
@refuses(NotTheOwner, CopyNotFound, SigningUnavailable)
async def read_copy_pdf(
    uscc: UsccPath,
    copy_identifier: CopyPath,
    caller: Caller,
    uow: InTransaction,
    request: Request,
    now: Now,
    desk: Desk,
    size: Size = PaperSize.A4,
) -> Response:
    """Marked on its face with recipient, purpose and expiry."""
    found = await read_copy(uscc, copy_identifier, caller, uow)
    licence = await LicenceStore(uow.session).find(found.licence_identifier)
    page = _page(request, desk, found.jws, found.identifier, licence, SheetForm.DUPLICATE, size)
    return await _drawn(page, desk, now, f"{found.identifier}.pdf")


@router.post(
    "/{uscc}/licence/copies/{copy_identifier}/revocation",
    dependencies=[requires(FILE_SCOPE)],
    summary="Take a copy back (收回加注件)",
)
@refuses(NotTheOwner, CopyNotFound, CopyOver)
async def take_back(
    uscc: UsccPath,
    copy_identifier: CopyPath,
    caller: Caller,
    uow: InTransaction,
    now: Now,
    response: Response,
) -> CopyOut:
    """From then on its verification says that it was taken back."""
    response.headers["Cache-Control"] = "no-store"
    return CopyOut.of(await take_back_copy(uscc, copy_identifier, caller, uow, now))


def _page(
    request: Request,
    desk: RegistrarDesk,
    jws: str,
    identifier: str,
    licence: Licence,
    form: SheetForm,
    size: PaperSize,
) -> LicencePage:
    certificate = certificate_from_json(open_jws(jws).payload)
    return LicencePage(
        certificate=certificate,
        jws=jws,
        issued_at=certificate.copy_mark.created_at if certificate.copy_mark else licence.issued_at,
        verify_url=f"{request.app.state.settings.issuer}/registration/v1/verify/{identifier}",
        state=CertificateState(licence.state),
        seal=desk.seals.seal(certificate),
        form=form,
        size=size,
    )


async def _drawn(page: LicencePage, desk: RegistrarDesk, now: datetime, name: str) -> Response:
    """Drawing and signing take a good part of a second: beside the loop, so that others are answered meanwhile."""
    signing = PageSigning(desk.documents.signer, desk.keys.signing, now)
    content = await asyncio.to_thread(draw_licence, page, signing)
    headers = {"Cache-Control": "no-store", "Content-Disposition": f'inline; filename="{name}"'}
    return Response(content, media_type="application/pdf", headers=headers)
