"""What a body must keep that only the region's rules can tell; every fault at once, by its pointer."""

from services.hotline.api.requests import DispatchIn, LevelIn, SubmitIn
from services.hotline.domain.desk import DeskRules
from services.hotline.domain.ticket import RequesterType
from shared.web.problems import INVALID_INPUT, FieldFault, Refusal
from shared.web.validation import fault


def check_request(body: SubmitIn, rules: DeskRules) -> None:
    """Refuse unknown category or place, and an enterprise without code and category (HOT-07: 企业专席)."""
    faults = _category(body.category, rules)
    if body.place is not None and body.place.code is not None and not rules.is_place(body.place.code):
        faults.append(
            FieldFault("/place/code", "place", "不是本地区的区划代码", "not a division of this region")
        )
    if body.requester_type is RequesterType.ENTERPRISE:
        if body.uscc is None:
            faults.append(fault("/uscc", "missing"))
        if body.category is None:
            faults.append(fault("/category", "missing"))
        elif not faults and not rules.is_enterprise_category(body.category):
            faults.append(
                FieldFault(
                    "/category",
                    "enterprise_category",
                    "企业诉求应选择企业类别",
                    "an enterprise chooses a category of enterprises' demands",
                )
            )
    _refuse(faults)


def check_dispatch(body: DispatchIn, rules: DeskRules) -> None:
    """Refuse unknown categories and agencies."""
    faults = _category(body.category, rules)
    if body.agency_uscc is not None and body.agency_uscc not in rules.agencies:
        faults.append(
            FieldFault("/agency_uscc", "agency", "不是本地区的承办单位", "not an agency of this region")
        )
    _refuse(faults)


def check_level(body: LevelIn, rules: DeskRules) -> None:
    """Refuse levels that the region does not have."""
    if body.level not in rules.levels:
        known = ", ".join(rules.levels)
        _refuse([FieldFault("/level", "enum", f"应为 {known} 之一", f"must be one of {known}")])


def _category(key: str | None, rules: DeskRules) -> list[FieldFault]:
    if key is None or key in rules.categories:
        return []
    return [FieldFault("/category", "category", "不是本地区的诉求类别", "not a category of this region")]


def _refuse(faults: list[FieldFault]) -> None:
    if faults:
        raise Refusal(INVALID_INPUT, faults=faults)
