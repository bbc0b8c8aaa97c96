"""Records of a region in a query (区域隔离): a condition that an index on the division's code serves."""

from typing import Any

from sqlalchemy import ColumnElement, and_, collate, or_

from shared.security.office import span_of


def in_region(division_code: Any, region: str) -> "ColumnElement[bool]":
    """The column's division is the region or inside it; an index is on the column in collation C."""
    first, end = span_of(region)
    coded = collate(division_code, "C")
    return and_(coded >= first, coded < end)


def in_any_region(division_code: Any, regions: tuple[str, ...]) -> "ColumnElement[bool]":
    """The column's division is in one of the regions; with no region, nothing is."""
    return or_(False, *(in_region(division_code, region) for region in regions))
