"""What may come next for an enterprise (主动推送)."""

from typing import Annotated

from fastapi import APIRouter, Query, Response
from pydantic import Field

from gateway.matters.api.dependencies import Acting, Region
from gateway.matters.api.titles import TitleOut
from gateway.matters.use_cases.enterprises import EnterpriseNotFound, own_enterprise
from gateway.matters.use_cases.suggestions import suggest
from shared.region import Text
from shared.security.access import requires
from shared.security.deciding import NotEmpowered
from shared.web.fields import ResponseModel, UsccField
from shared.web.openapi import refuses
from shared.web.routes import InTransaction, ServiceRoute

router = APIRouter(prefix="/matters/v1/suggestions", route_class=ServiceRoute, tags=["suggestions"])


class SuggestedThemeOut(ResponseModel):
    key: str = Field(examples=["connect_utilities"])
    title: TitleOut
    stage: str = Field(examples=["operate"])


class SuggestedPermitOut(ResponseModel):
    """An industry of the enterprise's scope; its one notice says which permits it needs."""

    industry_code: str = Field(examples=["restaurant"])
    title: TitleOut
    notice_path: str = Field(examples=["/licensing/v1/industries/restaurant/notice"])


class SuggestionsOut(ResponseModel):
    uscc: str
    themes: list[SuggestedThemeOut]
    permits: list[SuggestedPermitOut]


@router.get("", dependencies=[requires("matters.matter.read")], summary="What may come next (主动推送)")
@refuses(EnterpriseNotFound, NotEmpowered)
async def list_own(
    actor: Acting,
    region: Region,
    uow: InTransaction,
    response: Response,
    uscc: Annotated[UsccField, Query(description="The enterprise: one's own (统一社会信用代码)")],
) -> SuggestionsOut:
    """Themes of the next stage of its life, and permits that fit what it does, by the rules of today."""
    response.headers["Cache-Control"] = "no-store"
    found = await suggest(await own_enterprise(uscc, actor, uow), region, uow)
    return SuggestionsOut(
        uscc=uscc,
        themes=[
            SuggestedThemeOut(key=theme.key, title=_title(theme.title), stage=theme.stage)
            for theme in found.themes
        ],
        permits=[
            SuggestedPermitOut(
                industry_code=scheme.key,
                title=_title(scheme.name),
                notice_path=f"/licensing/v1/industries/{scheme.key}/notice",
            )
            for scheme in found.schemes
        ],
    )


def _title(text: Text) -> TitleOut:
    return TitleOut(zh=text.zh, en=text.en)
