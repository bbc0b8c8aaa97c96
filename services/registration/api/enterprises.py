"""The register (登记簿): one enterprise, what is claimed of it, name check."""

from email.utils import format_datetime
from typing import Annotated

from fastapi import APIRouter, Path, Query, Response

from services.registration.api.dependencies import Desk
from services.registration.api.enterprise_models import EnterpriseOut
from services.registration.domain.errors import EnterpriseNotFound
from services.registration.use_cases.read_enterprise import (
    OpenedFile,
    ReadEnterprise,
    read_enterprise,
    verify_enterprise,
)
from services.registration.use_cases.read_past import Past, read_past
from services.registration.use_cases.registrar_desk import RegistrarDesk
from shared.database.unit_of_work import UnitOfWork
from shared.security.access import public, requires
from shared.security.masking import disclose, protected_fields
from shared.security.principal import Principal
from shared.sharing.reading import Stated
from shared.sharing.refusals import CaseNumberMissing, ReadingRefused, TooManyClaims
from shared.sharing.stating import ClaimsIn, Stating, VerdictsOut, who_states
from shared.web.conditional import set_etag
from shared.web.fields import CivilDate, UsccField
from shared.web.openapi import refuses
from shared.web.problems import SCOPE_MISSING, UNAUTHENTICATED
from shared.web.routes import Caller, CallerIfAny, InTransaction, ServiceRoute, invalid

router = APIRouter(prefix="/registration/v1", route_class=ServiceRoute, tags=["register"])

READ_SCOPE = "registration.enterprise.read"
PROTECTED = protected_fields(EnterpriseOut)
PUBLIC_REGISTER = "the register's public fields are for everyone (企业信息公示暂行条例 art. 6)"
UsccPath = Annotated[UsccField, Path(description="Unified social credit code (统一社会信用代码)")]


@router.get(
    "/enterprises/{uscc}", dependencies=[public(PUBLIC_REGISTER)], summary="Read an enterprise (查看经营主体)"
)
@refuses(EnterpriseNotFound, ReadingRefused, CaseNumberMissing, UNAUTHENTICATED, SCOPE_MISSING)
async def read(
    uscc: UsccPath,
    caller: CallerIfAny,
    uow: InTransaction,
    stated: Stating,
    desk: Desk,
    response: Response,
    as_of: Annotated[
        CivilDate | None, Query(description="As the register stood at the end of this day (历史时点)")
    ] = None,
    version: Annotated[int | None, Query(ge=1, le=2**31 - 1, description="As of this version (版本)")] = None,
) -> EnterpriseOut:
    """Public fields for everyone; protected ones for the owner, the registrar, and by grant for a purpose.

    Whoever states a purpose, or names fields, gets what the grant opens or a refusal that names what is missing.
    """
    if as_of is not None and version is not None:
        raise invalid("query:version", "one_of_them")
    opened = await read_past(_reading(uscc, caller, stated), Past(as_of, version), uow, desk)
    out = disclose(EnterpriseOut.open(opened.file), opened.shown)
    if not any(path.startswith("people.") for path in opened.shown):
        out = out.model_copy(update={"people": []})
    set_etag(response, out.version)
    if caller is None:
        response.headers["Cache-Control"] = "public, max-age=60"
        response.headers["Last-Modified"] = format_datetime(out.changed_at, usegmt=True)
    else:
        response.headers["Cache-Control"] = "no-store"
    response.headers["Vary"] = "Authorization"
    return out


@router.post(
    "/enterprises/{uscc}/verification",
    dependencies=[requires(READ_SCOPE)],
    summary="Verify what is claimed of an enterprise (数据核验)",
    openapi_extra={"x-idempotent": True},
)
@refuses(EnterpriseNotFound, ReadingRefused, CaseNumberMissing, TooManyClaims)
async def verify_claimed(
    uscc: UsccPath, body: ClaimsIn, caller: Caller, uow: InTransaction, response: Response
) -> VerdictsOut:
    """Match or no match for each field, never the value; only under a grant whose way is `verify`."""
    response.headers["Cache-Control"] = "no-store"
    return VerdictsOut.of(await verify_enterprise(uscc, body.made(), body.stated(), caller, uow))


async def opened_file(
    uscc: str, caller: Principal | None, uow: UnitOfWork, stated: Stated, desk: RegistrarDesk
) -> OpenedFile:
    """The enterprise, with what its reader may see of it."""
    return await read_enterprise(_reading(uscc, caller, stated), uow, desk)


def _reading(uscc: str, caller: Principal | None, stated: Stated) -> ReadEnterprise:
    if stated.asks:
        caller = who_states(caller, READ_SCOPE)
    elif caller is not None and READ_SCOPE not in caller.scopes:
        caller = None
    return ReadEnterprise(uscc, caller, stated, PROTECTED)
