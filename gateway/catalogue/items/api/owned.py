"""Items in the hands of their departments (主管部门): drafted, published in versions, withdrawn."""

from http import HTTPStatus
from typing import Annotated, Any, Final

from fastapi import APIRouter, Response
from pydantic import ConfigDict, Field

from gateway.catalogue.items.api.dependencies import MANAGE, InEnglish, ItemCode, ItemPath, RegionInUse
from gateway.catalogue.items.api.shapes import DraftOut, GuideOut, WithdrawnOut
from gateway.catalogue.items.api.standards import EXAMPLE, StandardBody
from gateway.catalogue.items.domain.errors import (
    ItemActionNotAllowed,
    ItemExists,
    ItemFlawed,
    NothingDrafted,
    NotItemOwner,
)
from gateway.catalogue.items.use_cases.draft_item import DraftItem, draft_item, read_draft, revise_draft
from gateway.catalogue.items.use_cases.publish_item import PublishItem, publish_item
from gateway.catalogue.items.use_cases.withdraw_item import WithdrawItem, withdraw_item
from shared.web.conditional import IfMatch, set_etag
from shared.web.fields import CivilDate, RequestModel, ShortText
from shared.web.openapi import refuses
from shared.web.routes import Caller, InTransaction, Now, ServiceRoute

router = APIRouter(prefix="/catalogue/v1/items", route_class=ServiceRoute, tags=["service items"])

_BODY: Final[dict[str, Any]] = {"examples": [{"code": "urban_management.advertising", "standard": EXAMPLE}]}
EffectiveFrom = Annotated[
    CivilDate | None, Field(examples=["2039-12-31"], description="From which day on; today unless given")
]


class ItemIn(RequestModel):
    """A new item."""

    model_config = ConfigDict(json_schema_extra=_BODY)

    code: Annotated[ItemCode, Field(description="事项编码: who handles it, then what")]
    standard: StandardBody


class DraftIn(RequestModel):
    """The next version of an item, whole."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"standard": EXAMPLE}]})

    standard: StandardBody


class PublicationIn(RequestModel):
    """When the draft becomes the version in force."""

    effective_from: EffectiveFrom = None


class ItemWithdrawalIn(RequestModel):
    """From when on the item is not offered, and why."""

    effective_from: EffectiveFrom = None
    reason: Annotated[ShortText, Field(examples=["改为事中事后监管"])]


@router.post("", status_code=HTTPStatus.CREATED, dependencies=[MANAGE], summary="Draft an item (拟定事项)")
@refuses(NotItemOwner, ItemFlawed, ItemExists)
async def draft(
    body: ItemIn, caller: Caller, region: RegionInUse, uow: InTransaction, now: Now, response: Response
) -> DraftOut:
    """The caller's department owns it; every fault of the standard comes in one answer."""
    command = DraftItem(body.code, body.standard.standard(), caller)
    item = await draft_item(command, region, uow, now)
    response.headers["Location"] = f"{router.prefix}/{item.code}/draft"
    set_etag(response, item.revision)
    return DraftOut.of(item)


@router.get("/{item_code}/draft", dependencies=[MANAGE], summary="Read the draft of an item (事项草案)")
@refuses(NotItemOwner, NothingDrafted)
async def show_draft(
    item_code: ItemPath, caller: Caller, region: RegionInUse, uow: InTransaction, response: Response
) -> DraftOut:
    """Its owner's only."""
    item = await read_draft(item_code, caller, region, uow)
    set_etag(response, item.revision)
    return DraftOut.of(item)


@router.put("/{item_code}/draft", dependencies=[MANAGE], summary="Revise an item (修订事项)")
@refuses(NotItemOwner, ItemFlawed, ItemActionNotAllowed)
async def put_draft(
    item_code: ItemPath,
    body: DraftIn,
    caller: Caller,
    if_match: IfMatch,
    region: RegionInUse,
    uow: InTransaction,
    now: Now,
    response: Response,
) -> DraftOut:
    """What is published stays in force until the draft is; `*` as If-Match begins the first draft after a version."""
    command = DraftItem(item_code, body.standard.standard(), caller)
    item = await revise_draft(command, if_match, region, uow, now)
    set_etag(response, item.revision)
    return DraftOut.of(item)


@router.post("/{item_code}/publication", dependencies=[MANAGE], summary="Publish the draft (发布事项)")
@refuses(NotItemOwner, ItemFlawed, ItemActionNotAllowed, NothingDrafted)
async def publish(
    item_code: ItemPath,
    body: PublicationIn,
    caller: Caller,
    region: RegionInUse,
    english: InEnglish,
    uow: InTransaction,
    now: Now,
    response: Response,
) -> GuideOut:
    """A new version, in force from its day on; cases keep the one that they began under."""
    item, version = await publish_item(PublishItem(item_code, body.effective_from, caller), region, uow, now)
    set_etag(response, item.revision)
    return GuideOut.guide(version, region, english=english)


@router.post("/{item_code}/withdrawal", dependencies=[MANAGE], summary="Withdraw an item (取消事项)")
@refuses(NotItemOwner, ItemFlawed, ItemActionNotAllowed)
async def withdraw(
    item_code: ItemPath,
    body: ItemWithdrawalIn,
    caller: Caller,
    region: RegionInUse,
    uow: InTransaction,
    now: Now,
    response: Response,
) -> WithdrawnOut:
    """It is not offered from the day on; its versions stay readable as of the days on which they held."""
    command = WithdrawItem(item_code, body.effective_from, body.reason, caller)
    item = await withdraw_item(command, region, uow, now)
    set_etag(response, item.revision)
    assert item.withdrawal is not None  # noqa: S101 - it was just withdrawn
    return WithdrawnOut(
        code=item.code,
        status=item.status,
        version=item.version,
        effective_from=item.withdrawal.effective_from,
        reason=item.withdrawal.reason,
    )
