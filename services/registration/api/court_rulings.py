"""Rulings of courts on bankruptcy and liquidation (破产、强制清算裁定)."""

from datetime import date, datetime
from typing import Annotated, Self
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import ConfigDict

from services.registration.api.authority_models import DocumentNo
from services.registration.api.dependencies import Desk
from services.registration.domain.authority_errors import (
    DecisionNotYetMade,
    NotACourt,
    RulingEntered,
    RulingNotPossible,
)
from services.registration.domain.court_ruling import CourtRuling, Proceedings, RulingKind
from services.registration.domain.errors import EnterpriseNotFound, EnterpriseStateForbids
from services.registration.store.court_rulings import CourtRulingStore
from services.registration.store.enterprises import EnterpriseStore
from services.registration.use_cases.enter_ruling import EnterRuling, enter_ruling
from shared.security.access import public, requires
from shared.web.fields import CivilDate, RequestModel, ResponseModel, ShortText, UsccField
from shared.web.openapi import refuses
from shared.web.routes import Caller, InTransaction, Now, ServiceRoute

router = APIRouter(
    prefix="/registration/v1/court-rulings", route_class=ServiceRoute, tags=["acts of authorities"]
)


class RulingIn(RequestModel):
    """A ruling as the court made it; `administrator` is whom it appointed (管理人、清算组)."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "uscc": "91140881MAE000002E",
                    "kind": "bankruptcy_accepted",
                    "number": "（2026）晋0881破申1号",
                    "ruled_on": "2026-03-02",
                    "court_name": "永济市人民法院",
                    "administrator": "山西示例律师事务所",
                }
            ]
        }
    )

    uscc: UsccField
    kind: RulingKind
    number: DocumentNo
    ruled_on: CivilDate
    court_name: ShortText
    administrator: ShortText | None = None


class CourtRulingOut(ResponseModel):
    """A ruling in the register, and where the enterprise stands with the courts after it."""

    id: UUID
    uscc: str
    kind: RulingKind
    number: str
    ruled_on: date
    court_name: str
    administrator: str | None
    proceedings: Proceedings
    entered_at: datetime

    @classmethod
    def of(cls, ruling: CourtRuling) -> Self:
        """Shape a ruling."""
        return cls.model_validate(ruling, from_attributes=True)


class CourtRulingsOut(ResponseModel):
    """All about an enterprise, the newest first."""

    entries: list[CourtRulingOut]


@router.post(
    "",
    status_code=201,
    dependencies=[requires("registration.ruling.enter")],
    summary="Tell of a ruling (告知裁定)",
)
@refuses(
    NotACourt,
    EnterpriseNotFound,
    EnterpriseStateForbids,
    DecisionNotYetMade,
    RulingEntered,
    RulingNotPossible,
)
async def enter(body: RulingIn, caller: Caller, uow: InTransaction, now: Now, desk: Desk) -> CourtRulingOut:
    """By a court of the region; the enterprise's state follows, and all who follow the register are told."""
    command = EnterRuling(**body.model_dump(), caller=caller)
    return CourtRulingOut.of(await enter_ruling(command, uow, now, desk))


@router.get(
    "",
    dependencies=[public("rulings on bankruptcy are announced by the courts (企业破产法 art. 14)")],
    summary="Rulings about an enterprise (破产、清算信息)",
)
@refuses(EnterpriseNotFound)
async def list_all(
    uow: InTransaction, uscc: Annotated[UsccField, Query(description="Of which enterprise")]
) -> CourtRulingsOut:
    """The newest first."""
    await EnterpriseStore(uow.session).find(uscc)
    found = await CourtRulingStore(uow.session).of(uscc)
    return CourtRulingsOut(entries=[CourtRulingOut.of(each) for each in found])
