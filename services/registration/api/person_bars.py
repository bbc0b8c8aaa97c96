"""Bars on persons (任职限制): for the registrar alone; nothing of it tells who is barred."""

from datetime import date, datetime
from typing import Annotated, Literal, Self
from uuid import UUID

from fastapi import APIRouter, Path, Response
from pydantic import ConfigDict, Field, model_validator

from services.registration.api.acts.shapes import IdNumber
from services.registration.api.dependencies import Desk
from services.registration.domain.errors import BarLifted, BarNotFound, NotTheRegistrar
from services.registration.domain.kinds import Party
from services.registration.domain.person_bar import BarKind, PersonBar
from services.registration.store.person_bars import PersonBarStore
from services.registration.use_cases.person_bars import EnterBar, enter_bar, lift_bar
from services.registration.use_cases.registrars import require_registrar
from shared.identifiers import examine_citizen_id
from shared.security.access import requires
from shared.security.principal import Principal
from shared.web.fields import CivilDate, RequestModel, ResponseModel, ShortText, UsccField
from shared.web.openapi import refuses
from shared.web.paging import Page, Paged
from shared.web.routes import Caller, InTransaction, Now, ServiceRoute

router = APIRouter(prefix="/registration/v1/person-bars", route_class=ServiceRoute, tags=["person bars"])

DECIDE = requires("registration.filing.decide")
BarId = Annotated[UUID, Path(description="Id of the bar (限制编号)")]


class BarIn(RequestModel):
    """A bar as a court or an authority told of it; the identity number is turned into a reference and not kept."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "id_number": "140881199001010010",
                    "kind": "debt",
                    "basis": "被人民法院列为失信被执行人",
                    "decided_by": "永济市人民法院",
                    "document_no": "（2026）晋0881执12号",
                    "since": "2026-03-02",
                }
            ]
        }
    )

    id_number: Annotated[
        IdNumber, Field(description="Identity number; of a foreign person the number of the paper")
    ]
    party: Literal[Party.CITIZEN, Party.FOREIGN_PERSON] = Party.CITIZEN
    kind: BarKind
    basis: ShortText
    decided_by: ShortText
    document_no: ShortText | None = None
    since: CivilDate
    until: Annotated[
        CivilDate | None, Field(description="Its last day; none: for as long as the law says")
    ] = None
    uscc: Annotated[UsccField | None, Field(description="The enterprise from which it comes")] = None

    @model_validator(mode="after")
    def _is_sound(self) -> Self:
        if self.party is Party.CITIZEN and examine_citizen_id(self.id_number):
            raise ValueError(
                "citizen_id|公民身份号码不正确（GB 11643）|not a sound citizen identity number (GB 11643)"
            )
        if self.until is not None and self.until < self.since:
            raise ValueError("order|止期不得早于起期|it cannot end before it begins")
        return self

    def command(self, officer: Principal) -> EnterBar:
        """As the use case takes it."""
        return EnterBar(**self.model_dump(exclude={"party"}), officer=officer)


class LiftIn(RequestModel):
    """Why a bar is lifted before its end."""

    why: ShortText = Field(examples=["已履行完毕，人民法院解除限制"])


class BarOut(ResponseModel):
    """A bar, without whom it bars."""

    id: UUID
    kind: BarKind
    basis: str
    decided_by: str
    document_no: str | None
    since: date
    until: date | None
    uscc: str | None
    entered_by: str
    entered_at: datetime
    lifted_at: datetime | None
    lifted_why: str | None

    @classmethod
    def of(cls, bar: PersonBar) -> "BarOut":
        """Shape a bar."""
        return cls.model_validate(bar, from_attributes=True)


@router.post("", status_code=201, dependencies=[DECIDE], summary="Enter a bar on a person (登记任职限制)")
@refuses(NotTheRegistrar)
async def enter(
    body: BarIn, caller: Caller, uow: InTransaction, now: Now, desk: Desk, response: Response
) -> BarOut:
    """By the registrar, from what courts and authorities tell; filings that name the person meet it from now on."""
    response.headers["Cache-Control"] = "no-store"
    return BarOut.of(await enter_bar(body.command(caller), uow, now, desk))


@router.get("", dependencies=[DECIDE], summary="List bars on persons (任职限制清单)")
@refuses(NotTheRegistrar)
async def list_all(
    caller: Caller, paged: Paged, uow: InTransaction, desk: Desk, response: Response
) -> Page[BarOut]:
    """For the registrar, the newest first."""
    response.headers["Cache-Control"] = "no-store"
    require_registrar(caller, desk)
    after = (datetime.fromisoformat(paged.after[0]), UUID(paged.after[1])) if paged.after else None
    rows = await PersonBarStore(uow.session).page(after, paged.fetch)
    shown = [BarOut.of(bar) for bar in rows]
    return paged.page(shown, lambda out: (out.entered_at.isoformat(), str(out.id)), response)


@router.post("/{person_bar_id}/lifting", dependencies=[DECIDE], summary="Lift a bar (解除任职限制)")
@refuses(NotTheRegistrar, BarNotFound, BarLifted)
async def lift(
    person_bar_id: BarId,
    body: LiftIn,
    caller: Caller,
    uow: InTransaction,
    now: Now,
    desk: Desk,
    response: Response,
) -> BarOut:
    """With the reason; it stays on record."""
    response.headers["Cache-Control"] = "no-store"
    return BarOut.of(await lift_bar(person_bar_id, body.why, caller, uow, now, desk))
