"""Categories of requests, and figures of how they were handled."""

from typing import Annotated

from fastapi import APIRouter, Query

from services.hotline.api.answers import AgencyFiguresOut, CategoriesOut, CategoryOut, FiguresOut
from services.hotline.api.dependencies import CallingViewer, RegionOfDesk, Rules
from services.hotline.use_cases.count_tickets import FiguresAreForAgencies, count_tickets
from shared.security.access import public, requires
from shared.web.fields import CivilDate
from shared.web.openapi import refuses
from shared.web.problems import INVALID_INPUT, FieldFault, Refusal
from shared.web.routes import InTransaction, ServiceRoute

router = APIRouter(prefix="/hotline/v1", route_class=ServiceRoute, tags=["figures"])
_MAX_DAYS = 3660
Day = Annotated[CivilDate, Query(examples=["2025-01-01"], description="Civil day of China (北京时间日期)")]


@router.get(
    "/categories",
    dependencies=[public("the categories are a public directory")],
    summary="List the categories of requests (诉求分类)",
)
async def categories(rules: Rules, region: RegionOfDesk) -> CategoriesOut:
    """The region's tree, with who answers for each."""
    return CategoriesOut(
        categories=[
            CategoryOut(
                key=category.key,
                parent=category.parent,
                name_zh=category.name.zh,
                name_en=category.name.en,
                agency_uscc=rules.categories[category.key].agency_uscc,
                is_for_enterprises=rules.is_enterprise_category(category.key),
            )
            for category in region.hotline.categories
        ]
    )


@router.get(
    "/stats",
    dependencies=[requires("hotline.ticket.read")],
    summary="Read completion, punctuality and satisfaction (办结率、按时率、满意率)",
)
@refuses(FiguresAreForAgencies)
async def figures(
    received_from: Day, received_to: Day, caller: CallingViewer, uow: InTransaction, rules: Rules
) -> FiguresOut:
    """Per agency, with numerator and denominator: the centre sees all agencies, an agency itself."""
    if not 0 <= (received_to - received_from).days <= _MAX_DAYS:
        wrong = FieldFault("query:received_to", "period", "应不早于起始日且不超过十年", "ten years at most")
        raise Refusal(INVALID_INPUT, faults=[wrong])
    counted = await count_tickets(received_from, received_to, caller, uow, rules)
    return FiguresOut(
        received_from=received_from,
        received_to=received_to,
        agencies=[AgencyFiguresOut.of(counts) for counts in counted],
    )
