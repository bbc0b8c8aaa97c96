"""Who stands for an enterprise (法定代表人、经营者), entered by the registrar where an old register did not say."""

from typing import Annotated

from fastapi import APIRouter, Path, Response
from pydantic import AfterValidator, Field, StringConstraints

from services.registration.api.dependencies import Desk
from services.registration.api.enterprise_models import EnterpriseOut
from services.registration.domain.authority_errors import ChangesFrozen
from services.registration.domain.errors import (
    EnterpriseNotFound,
    EnterpriseStateForbids,
    NotTheRegistrar,
    RepresentativeOnFile,
)
from services.registration.domain.establishment import Person
from services.registration.domain.kinds import Role
from services.registration.use_cases.enter_representative import EnterRepresentative, enter_representative
from shared.identifiers import examine_citizen_id
from shared.security.access import requires
from shared.web.conditional import set_etag
from shared.web.fields import RequestModel, UsccField
from shared.web.openapi import refuses
from shared.web.routes import Caller, InTransaction, Now, ServiceRoute

router = APIRouter(prefix="/registration/v1/enterprises", route_class=ServiceRoute, tags=["register"])


def _sound(number: str) -> str:
    if examine_citizen_id(number):
        raise ValueError(
            "citizen_id|公民身份号码不正确（GB 11643）|not a sound citizen identity number (GB 11643)"
        )
    return number


class RepresentativeIn(RequestModel):
    """The person, as the registrar has checked the papers (实名登记)."""

    name: Annotated[str, StringConstraints(min_length=1, max_length=60)] = Field(examples=["张三丰"])
    id_number: Annotated[
        str,
        StringConstraints(min_length=18, max_length=18, pattern=r"^[0-9]{17}[0-9X]$"),
        AfterValidator(_sound),
    ] = Field(examples=["140881199001010010"])
    phone: Annotated[str, StringConstraints(min_length=5, max_length=20, pattern=r"^[0-9+-]+$")] | None = (
        Field(default=None, examples=["13800000000"])
    )


@router.post(
    "/{uscc}/representative",
    status_code=201,
    dependencies=[requires("registration.filing.decide")],
    summary="Enter the legal representative of a taken-over enterprise (补录法定代表人)",
)
@refuses(EnterpriseNotFound, NotTheRegistrar, EnterpriseStateForbids, ChangesFrozen, RepresentativeOnFile)
async def enter(
    uscc: Annotated[UsccField, Path(description="Unified social credit code (统一社会信用代码)")],
    body: RepresentativeIn,
    caller: Caller,
    uow: InTransaction,
    now: Now,
    desk: Desk,
    response: Response,
) -> EnterpriseOut:
    """Once, by an officer of the registrar; from then on that person may act in the enterprise's name."""
    person = Person((Role.LEGAL_REPRESENTATIVE,), body.name, body.id_number, body.phone)
    file = await enter_representative(EnterRepresentative(uscc, person, caller), uow, now, desk)
    response.headers["Cache-Control"] = "no-store"
    set_etag(response, file.enterprise.version)
    return EnterpriseOut.open(file)
