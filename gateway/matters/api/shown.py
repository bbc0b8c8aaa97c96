"""The whole answer about a matter, as every command on it gives it."""

from datetime import datetime

from fastapi import Response

from gateway.identity.public import responsible_helper
from gateway.matters.api.answers import MatterOut
from gateway.matters.domain.model import Case
from gateway.matters.store.cases import CaseStore
from gateway.matters.use_cases.assistance import shown_to
from gateway.matters.use_cases.results import result_of
from shared.database.unit_of_work import UnitOfWork
from shared.region import RegionPack
from shared.security.principal import Principal
from shared.web.conditional import set_etag


async def shown(
    case: Case, caller: Principal, pack: RegionPack, uow: UnitOfWork, now: datetime, response: Response
) -> MatterOut:
    """With its version as the tag, its history, and who helps with it."""
    set_etag(response, case.matter.version)
    response.headers["Cache-Control"] = "no-store"
    history = (await CaseStore(uow.session).history(case.matter.id))[::-1]
    helper = await responsible_helper(case.matter.applicant, case.matter.id, uow, now)
    return MatterOut.of_case(shown_to(case, caller), history, helper, result_of(case, pack), now)
