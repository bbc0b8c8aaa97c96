"""The register (登记簿): one enterprise, search, licence, verification, name check."""

from email.utils import format_datetime
from typing import Annotated

from fastapi import APIRouter, Path, Query, Response
from pydantic import AfterValidator, StringConstraints

from services.registration.api.dependencies import Desk
from services.registration.api.enterprise_models import (
    EnterpriseOut,
    LicenceOut,
    NameCheckOut,
    VerificationOut,
)
from services.registration.domain.errors import EnterpriseNotFound, LicenceNotFound
from services.registration.domain.names import name_key
from services.registration.store.licences import LicenceStore
from services.registration.use_cases.check_name import check_name
from services.registration.use_cases.read_enterprise import (
    OpenedFile,
    ReadEnterprise,
    read_enterprise,
    verify_enterprise,
)
from services.registration.use_cases.verify_licence import verify_licence
from shared.certificates import CertificateState
from shared.database.unit_of_work import UnitOfWork
from shared.security.access import public, requires
from shared.security.masking import disclose, protected_fields
from shared.security.principal import Principal
from shared.sharing.reading import Stated
from shared.sharing.refusals import CaseNumberMissing, ReadingRefused, TooManyClaims
from shared.sharing.stating import ClaimsIn, Stating, VerdictsOut, who_states
from shared.web.conditional import set_etag
from shared.web.fields import UsccField
from shared.web.openapi import refuses
from shared.web.problems import SCOPE_MISSING, UNAUTHENTICATED
from shared.web.routes import Caller, CallerIfAny, InTransaction, Now, ServiceRoute

router = APIRouter(prefix="/registration/v1", route_class=ServiceRoute, tags=["register"])

READ_SCOPE = "registration.enterprise.read"
PROTECTED = protected_fields(EnterpriseOut)
PUBLIC_REGISTER = "the register's public fields are for everyone (企业信息公示暂行条例 art. 6)"
UsccPath = Annotated[UsccField, Path(description="Unified social credit code (统一社会信用代码)")]


def _has_letters(name: str) -> str:
    """Names compare without their marks; of marks alone nothing is left to compare."""
    if not name_key(name):
        raise ValueError("no_letters")
    return name


NameText = Annotated[
    str,
    StringConstraints(min_length=2, max_length=100, strip_whitespace=True),
    AfterValidator(_has_letters),
]


@router.get(
    "/names/check", dependencies=[public("anyone may ask for a name")], summary="Check a name (名称查重)"
)
async def check(name: Annotated[NameText, Query()], uow: InTransaction, now: Now, desk: Desk) -> NameCheckOut:
    """Says at once whether the name is free, not whose it is; takes no claim."""
    return NameCheckOut.of(name, await check_name(name, uow, now, desk.policy))


@router.get(
    "/enterprises/{uscc}", dependencies=[public(PUBLIC_REGISTER)], summary="Read an enterprise (查看经营主体)"
)
@refuses(EnterpriseNotFound, ReadingRefused, CaseNumberMissing, UNAUTHENTICATED, SCOPE_MISSING)
async def read(
    uscc: UsccPath,
    caller: CallerIfAny,
    uow: InTransaction,
    stated: Stating,
    response: Response,
) -> EnterpriseOut:
    """Public fields for everyone; protected ones for the owner, the registrar, and by grant for a purpose.

    Whoever states a purpose, or names fields, gets what the grant opens or a refusal that names what is missing.
    """
    opened = await _opened(uscc, caller, uow, stated)
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


@router.get(
    "/enterprises/{uscc}/licence",
    dependencies=[requires(READ_SCOPE)],
    summary="Read the business licence (电子营业执照)",
)
@refuses(EnterpriseNotFound, LicenceNotFound, ReadingRefused, CaseNumberMissing)
async def licence(
    uscc: UsccPath,
    caller: CallerIfAny,
    uow: InTransaction,
    stated: Stating,
    response: Response,
) -> LicenceOut:
    """Its signed content is for whoever may see the legal representative's name."""
    opened = await _opened(uscc, caller, uow, stated)
    identifier = opened.file.enterprise.licence_identifier
    if identifier is None:
        raise LicenceNotFound
    response.headers["Cache-Control"] = "no-store"
    found = await LicenceStore(uow.session).find(identifier)
    return LicenceOut.of(found, shown="legal_representative_name" in opened.shown)


@router.get(
    "/verify/{identifier}",
    dependencies=[public("whoever is shown a licence may verify it")],
    summary="Verify a licence (证照核验)",
)
@refuses(LicenceNotFound)
async def verify(
    identifier: Annotated[str, Path(min_length=10, max_length=200, pattern=r"^[0-9A-Z.]+$")],
    caller: CallerIfAny,
    uow: InTransaction,
    now: Now,
    desk: Desk,
) -> VerificationOut:
    """Each check by name: identifier, issuer, signature, state, validity, digest."""
    found, report = await verify_licence(identifier, caller.reference if caller else None, uow, now, desk)
    return VerificationOut.of(report, found, CertificateState(found.state).name_zh)


async def _opened(uscc: str, caller: Principal | None, uow: UnitOfWork, stated: Stated) -> OpenedFile:
    if stated.asks:
        caller = who_states(caller, READ_SCOPE)
    elif caller is not None and READ_SCOPE not in caller.scopes:
        caller = None
    return await read_enterprise(ReadEnterprise(uscc, caller, stated, PROTECTED), uow)
