"""Publicity by enterprises (即时信息公示) and orders to publish (责令公示)."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path, Response
from pydantic import Field

from services.registration.api.abnormal_list_models import ClockOut, ReasonsIn
from services.registration.api.dependencies import Desk
from services.registration.domain.errors import EnterpriseNotFound, EnterpriseStateForbids
from services.registration.domain.publicity import (
    DisclosedContent,
    Disclosure,
    DisclosureKind,
    OrderState,
    PublicationOrder,
)
from services.registration.domain.publicity_errors import DisclosureNotFound, NotTheSupervisor
from services.registration.store.enterprises import EnterpriseStore
from services.registration.store.publicity import PublicityStore
from services.registration.use_cases.publish_information import (
    CorrectDisclosure,
    Disclose,
    OrderPublication,
    correct_disclosure,
    disclose,
    order_publication,
    orders_for,
)
from shared.calendar import WorkingCalendar
from shared.security.access import public, requires
from shared.web.conditional import IfMatch, set_etag
from shared.web.fields import CivilDate, Fen, RequestModel, ResponseModel, ShortText, UsccField
from shared.web.openapi import refuses
from shared.web.paging import Page, Paged, PageRequest
from shared.web.routes import Caller, InTransaction, Now, ServiceRoute

router = APIRouter(prefix="/registration/v1", route_class=ServiceRoute, tags=["publicity"])

SUBMIT = requires("registration.filing.submit")
READ = requires("registration.enterprise.read")
ORDER = requires("registration.listing.decide")
UsccPath = Annotated[UsccField, Path(description="Unified social credit code (统一社会信用代码)")]
DisclosureId = Annotated[UUID, Path(description="Id of the disclosure (公示编号)")]
Statement = Annotated[str, Field(min_length=1, max_length=2000)]


class DisclosedIn(RequestModel):
    """What is made known."""

    statement: Statement = Field(examples=["股东认缴出资人民币10万元，已实缴5万元"])
    arose_on: CivilDate = Field(examples=["2026-03-02"])
    amount_fen: Fen | None = Field(default=None, examples=[5_000_000])
    document_number: ShortText | None = Field(default=None, examples=["永出质〔2026〕1号"])

    def content(self) -> DisclosedContent:
        """What the domain takes."""
        return DisclosedContent(self.statement, self.arose_on, self.amount_fen, self.document_number)


class DisclosureIn(DisclosedIn):
    """A piece of instant information, and the order that it meets."""

    kind: DisclosureKind = Field(examples=["capital_contribution"])
    order_id: UUID | None = Field(default=None, examples=[None])


class OrderIn(ReasonsIn):
    """What has to be made known."""

    kind: DisclosureKind = Field(examples=["capital_contribution"])


class DisclosedOut(ResponseModel):
    """What was made known in one version."""

    version: int
    statement: str
    arose_on: date
    amount_fen: int | None
    document_number: str | None
    is_late: bool
    published_at: datetime

    @classmethod
    def of(cls, disclosure: Disclosure) -> "DisclosedOut":
        """Shape one version."""
        return cls(
            version=disclosure.version,
            is_late=disclosure.is_late,
            published_at=disclosure.published_at,
            **vars(disclosure.content),
        )


class DisclosureOut(ResponseModel):
    """A piece of instant information; what corrections replaced is shown beside it."""

    id: UUID
    uscc: str
    kind: DisclosureKind
    current: DisclosedOut
    before: list[DisclosedOut]

    @classmethod
    def of(cls, disclosure: Disclosure, before: tuple[Disclosure, ...] = ()) -> "DisclosureOut":
        """Shape it."""
        return cls(
            id=disclosure.id,
            uscc=disclosure.uscc,
            kind=disclosure.kind,
            current=DisclosedOut.of(disclosure),
            before=[DisclosedOut.of(each) for each in before],
        )


class OrderOut(ResponseModel):
    """An order to publish and its time."""

    id: UUID
    uscc: str
    kind: DisclosureKind
    wanted_zh: str
    wanted_en: str
    state: OrderState
    clock: ClockOut

    @classmethod
    def of(cls, order: PublicationOrder, calendar: WorkingCalendar, now: datetime) -> "OrderOut":
        """Shape it with its clock as of now."""
        return cls(
            id=order.id,
            uscc=order.uscc,
            kind=order.kind,
            wanted_zh=order.wanted.zh,
            wanted_en=order.wanted.en,
            state=order.state,
            clock=ClockOut.of(order.clock, calendar, now),
        )


@router.get(
    "/enterprises/{uscc}/disclosures",
    dependencies=[public("instant information is published (企业信息公示暂行条例 art. 10)")],
    summary="What an enterprise made known (企业公示信息)",
)
@refuses(EnterpriseNotFound)
async def published(
    uscc: UsccPath, paged: Paged, uow: InTransaction, response: Response
) -> Page[DisclosureOut]:
    """The newest first."""
    response.headers["Cache-Control"] = "public, max-age=60"
    await EnterpriseStore(uow.session).find(uscc)
    store = PublicityStore(uow.session)
    rows = await store.of_enterprise(uscc, _after(paged), paged.fetch)
    before = await store.before([row.id for row in rows])
    shown = [DisclosureOut.of(row, before.get(row.id, ())) for row in rows]
    return paged.page(shown, lambda out: (out.current.published_at.isoformat(), str(out.id)), response)


@router.post(
    "/enterprises/{uscc}/disclosures",
    status_code=201,
    dependencies=[SUBMIT],
    summary="Make something known (即时信息公示)",
)
@refuses(EnterpriseNotFound, EnterpriseStateForbids, DisclosureNotFound)
async def make_known(
    uscc: UsccPath,
    body: DisclosureIn,
    caller: Caller,
    uow: InTransaction,
    now: Now,
    desk: Desk,
    response: Response,
) -> DisclosureOut:
    """Public at once; marked where more than 20 working days have gone by."""
    command = Disclose(uscc, body.kind, body.content(), body.order_id, caller)
    return _shaped(await disclose(command, uow, now, desk), response)


@router.put(
    "/disclosures/{disclosure_id}", dependencies=[SUBMIT], summary="Put right what was published (更正)"
)
@refuses(DisclosureNotFound)
async def correct(
    disclosure_id: DisclosureId,
    body: DisclosedIn,
    caller: Caller,
    if_match: IfMatch,
    uow: InTransaction,
    now: Now,
    response: Response,
) -> DisclosureOut:
    """Both versions are shown."""
    command = CorrectDisclosure(disclosure_id, body.content(), caller, if_match.check)
    return _shaped(await correct_disclosure(command, uow, now), response)


@router.post(
    "/enterprises/{uscc}/publication-orders",
    status_code=201,
    dependencies=[ORDER],
    summary="Order an enterprise to publish (责令公示)",
)
@refuses(NotTheSupervisor, EnterpriseNotFound)
async def order(
    uscc: UsccPath,
    body: OrderIn,
    caller: Caller,
    uow: InTransaction,
    now: Now,
    desk: Desk,
    response: Response,
) -> OrderOut:
    """Not met in time, it leads to the list of abnormal operations."""
    response.headers["Cache-Control"] = "no-store"
    made = await order_publication(OrderPublication(uscc, body.kind, body.wording(), caller), uow, now, desk)
    return OrderOut.of(made, desk.calendar, now)


@router.get(
    "/enterprises/{uscc}/publication-orders", dependencies=[READ], summary="Orders to publish (责令公示记录)"
)
@refuses(EnterpriseNotFound)
async def orders(
    uscc: UsccPath, caller: Caller, uow: InTransaction, now: Now, desk: Desk, response: Response
) -> list[OrderOut]:
    """For the enterprise and the supervisor."""
    response.headers["Cache-Control"] = "no-store"
    found = await orders_for(uscc, caller, uow, desk)
    return [OrderOut.of(each, desk.calendar, now) for each in found]


def _shaped(disclosure: Disclosure, response: Response) -> DisclosureOut:
    set_etag(response, disclosure.version)
    response.headers["Cache-Control"] = "no-store"
    return DisclosureOut.of(disclosure)


def _after(paged: PageRequest) -> tuple[datetime, UUID] | None:
    return (datetime.fromisoformat(paged.after[0]), UUID(paged.after[1])) if paged.after else None
