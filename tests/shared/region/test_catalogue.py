"""The public credit catalogue: an item states all eight elements (CRD-03), or the pack does not load."""

from typing import Any

import pytest
from pydantic import ValidationError

from shared.region import CatalogueItem

ELEMENTS = (
    "conduct",
    "providers",
    "data_source",
    "nature",
    "sharing",
    "openness",
    "publicity",
    "update_cycle",
)


def item(**changes: Any) -> dict[str, Any]:
    """A sound item as a pack writes it."""
    return {
        "key": "penalty_general",
        "title": {"zh": "一般失信行政处罚", "en": "General penalty"},
        "conduct": {"zh": "较大数额罚款", "en": "A considerable fine"},
        "providers": ["market_supervision"],
        "data_source": "departments",
        "nature": "negative",
        "severity": "general",
        "sharing": "unconditional",
        "openness": "public",
        "publicity": {"least": 3, "most": 12},
        "update_cycle": "within 7 working days",
        "src": "W-CREDIT36",
    } | changes


def read(raw: dict[str, Any]) -> CatalogueItem:
    """Read an item as the loader does, without the pack's other sections."""
    return CatalogueItem.model_validate(raw, strict=False)


@pytest.mark.parametrize("element", ELEMENTS)
def test_an_item_that_leaves_an_element_out_is_refused(element: str) -> None:
    assert getattr(read(item()), element) is not None
    raw = item()
    del raw[element]

    with pytest.raises(ValidationError) as refused:
        read(raw)

    assert [error["loc"] for error in refused.value.errors()] == [(element,)]


@pytest.mark.parametrize(
    ("changes", "where"),
    [
        ({"publicity": {"least": 12, "most": 3}}, ("publicity", "most")),
        ({"severity": None}, ("severity",)),
        ({"nature": "neutral"}, ("severity",)),
    ],
)
def test_an_item_whose_elements_contradict_each_other_is_incoherent(
    changes: dict[str, Any], where: tuple[str, ...]
) -> None:
    assert list(read(item()).incoherences()) == []

    assert [path for path, _ in read(item(**changes)).incoherences()] == [where]
