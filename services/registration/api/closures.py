"""Revocation of licences, closing orders (吊销、责令关闭), and restoration (恢复登记)."""

from typing import Annotated

from fastapi import APIRouter, Path, Response

from services.registration.api.authority_models import ClosureIn, ClosureOut, ClosuresOut, DocumentedIn
from services.registration.api.dependencies import Desk
from services.registration.api.enterprise_models import EnterpriseSummaryOut
from services.registration.domain.authority_errors import (
    DecisionNotYetMade,
    DecisionTooEarly,
    LaterChangeStands,
    NothingToRestore,
    RestorationTooLate,
    RevocationStands,
)
from services.registration.domain.errors import EnterpriseNotFound, EnterpriseStateForbids, NotTheRegistrar
from services.registration.store.closures import ClosureStore
from services.registration.store.enterprises import EnterpriseStore
from services.registration.use_cases.close_enterprise import EndBusiness, end_business
from services.registration.use_cases.restore_enterprise import RestoreEnterprise, restore_enterprise
from shared.security.access import public, requires
from shared.web.conditional import set_etag
from shared.web.fields import UsccField
from shared.web.openapi import refuses
from shared.web.routes import Caller, InTransaction, Now, ServiceRoute

router = APIRouter(
    prefix="/registration/v1/enterprises", route_class=ServiceRoute, tags=["acts of authorities"]
)

DECIDE = requires("registration.filing.decide")
UsccPath = Annotated[UsccField, Path(description="Unified social credit code (统一社会信用代码)")]


@router.get(
    "/{uscc}/closures",
    dependencies=[public("penalties against enterprises are published (企业信息公示暂行条例 art. 6)")],
    summary="Decisions that ended an enterprise's business (吊销、关闭、撤销、强制注销)",
)
@refuses(EnterpriseNotFound)
async def closures(uscc: UsccPath, uow: InTransaction) -> ClosuresOut:
    """Those that stand and those that were undone."""
    await EnterpriseStore(uow.session).find(uscc)
    found = await ClosureStore(uow.session).of(uscc)
    return ClosuresOut(entries=[ClosureOut.of(each) for each in found])


@router.post(
    "/{uscc}/closures",
    dependencies=[DECIDE],
    summary="Enter the revocation of a licence or a closing order (吊销营业执照、责令关闭)",
)
@refuses(EnterpriseNotFound, NotTheRegistrar, EnterpriseStateForbids, DecisionNotYetMade, DecisionTooEarly)
async def close(
    uscc: UsccPath,
    body: ClosureIn,
    caller: Caller,
    uow: InTransaction,
    now: Now,
    desk: Desk,
    response: Response,
) -> EnterpriseSummaryOut:
    """By an officer of the registrar: the licence ends, and the enterprise has to be liquidated and deregistered."""
    command = EndBusiness(uscc, body.penalty.act, body.decision(), body.representative_is_responsible, caller)
    file = await end_business(command, uow, now, desk)
    set_etag(response, file.enterprise.version)
    return EnterpriseSummaryOut.of(file.enterprise)


@router.post("/{uscc}/restoration", dependencies=[DECIDE], summary="Restore an enterprise (恢复登记)")
@refuses(
    EnterpriseNotFound,
    NotTheRegistrar,
    NothingToRestore,
    RevocationStands,
    EnterpriseStateForbids,
    RestorationTooLate,
    LaterChangeStands,
)
async def restore(
    uscc: UsccPath,
    body: DocumentedIn,
    caller: Caller,
    uow: InTransaction,
    now: Now,
    desk: Desk,
    response: Response,
) -> EnterpriseSummaryOut:
    """The newest decision is undone; after a forced deregistration within three years.

    A name that somebody else has by now is replaced by the credit code until another one is registered.
    """
    command = RestoreEnterprise(uscc, body.wording(), body.document_no, caller)
    file = await restore_enterprise(command, uow, now, desk)
    set_etag(response, file.enterprise.version)
    return EnterpriseSummaryOut.of(file.enterprise)
