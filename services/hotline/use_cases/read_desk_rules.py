"""Read the desk's rules out of the region pack, once at start."""

from decimal import Decimal
from typing import Final

from services.hotline.domain.desk import Category, DeskRules, LevelLimits
from shared.calendar import Limit, LimitUnit
from shared.region import NotInRegionPack, RegionPack

RATING_WINDOW_KEY: Final = "hotline.rating_window"
DISPATCH_PERCENT_KEY: Final = "hotline.automatic_dispatch_percent"

# Where the pack is silent. Three days: 好差评 practice (亳州); the confidence is own.
_RATING_WINDOW: Final = Limit(Decimal(3), LimitUnit.CALENDAR_DAY)
_AUTOMATIC_FROM: Final = Decimal("0.6")


def read_desk_rules(pack: RegionPack) -> DeskRules:
    """Turn the pack's hotline section, limits, office hours and agencies into the desk's rules.

    Raises ValueError for a pack in which every category belongs to some unit.
    """
    desk = pack.hotline
    categories = {
        category.key: Category(
            key=category.key,
            lineage=tuple(node.key for node in desk.lineage(category.key)),
            agency_uscc=pack.agency(desk.responsible_agency(category.key)).uscc,
            keywords=category.keywords,
        )
        for category in desk.categories
    }
    parents = {category.parent for category in desk.categories}
    unowned = next(
        (
            category.key
            for category in desk.categories
            if category.key not in parents
            and not category.keywords
            and all(node.agency is None for node in desk.lineage(category.key))
        ),
        None,
    )
    if unowned is None:
        raise ValueError("the region pack leaves no hotline category to the fallback unit")
    return DeskRules(
        division_code=pack.region.code,
        centre_uscc=pack.agency(desk.fallback_unit).uscc,
        agencies=frozenset(agency.uscc for agency in pack.agencies),
        places=frozenset((pack.region.code, *(town.code for town in pack.region.towns))),
        categories=categories,
        unowned_category=unowned,
        levels={
            level.key: LevelLimits(
                pack.limit(level.first_contact_limit).limit, pack.limit(level.reply_limit).limit
            )
            for level in desk.levels
        },
        default_level=desk.default_level,
        emergency_lines=desk.emergency_lines,
        automatic_from=_automatic_from(pack),
        rating_window=_rating_window(pack),
        calendar=pack.calendar(),
    )


def _rating_window(pack: RegionPack) -> Limit:
    try:
        return pack.limit(RATING_WINDOW_KEY).limit
    except NotInRegionPack:  # the pack need not set it: the practice of other cities holds
        return _RATING_WINDOW


def _automatic_from(pack: RegionPack) -> Decimal:
    try:
        percent = pack.parameter(DISPATCH_PERCENT_KEY).value
    except NotInRegionPack:  # the pack need not set it
        return _AUTOMATIC_FROM
    if isinstance(percent, bool) or not isinstance(percent, int) or not 0 <= percent <= 100:
        raise ValueError(f"{DISPATCH_PERCENT_KEY} is a percentage")
    return Decimal(percent) / 100
