"""Standards of made-up items, and who keeps them."""

from copy import deepcopy
from typing import Any, Final

from tests.support.identities import agency_token, still_good
from tests.support.service import ServiceUnderTest
from tests.support.waiting import eventually

ITEMS: Final = "/catalogue/v1/items"
URBAN, MARKET, BUREAU = "11140881MB9Y00091D", "11140881MB9Y00024F", "11140881MB9Y00155B"
URBAN_CLIENT: Final = agency_token("urban_management", URBAN, "catalogue.item.manage")
MARKET_CLIENT: Final = agency_token("market_supervision", MARKET, "catalogue.item.manage")
BUREAU_CLIENT: Final = agency_token("data_bureau", BUREAU, "catalogue.item.manage")
SKETCH: Final = {"code": "sketch", "title": {"zh": "效果图"}, "source": "applicant"}

_STANDARD: Final[dict[str, Any]] = {
    "title": {"zh": "户外广告设施设置审批", "en": "Permit for outdoor advertising"},
    "item_type": "licence",
    "subjects": ["legal_person"],
    "levels": ["county", "town"],
    "legal_basis": ["城市市容和环境卫生管理条例第十一条"],
    "conditions": [{"zh": "符合城市容貌标准"}],
    "criteria": [{"zh": "位置、规格符合设置规划"}],
    "materials": [SKETCH],
    "steps": [{"zh": "申请"}, {"zh": "决定"}],
    "statutory": {"value": "20", "unit": "working_day"},
    "promised": {"value": "5", "unit": "working_day"},
    "channels": ["hall", "portal"],
    "online_depth": 4,
    "handling_system": "urban_permits",
    "online_full": True,
    "needs": ["灯箱", "广告牌"],
}


def standard(**changed: Any) -> dict[str, Any]:
    """A sound standard, or one changed here and there."""
    return deepcopy(_STANDARD) | changed


async def drafted(gateway: ServiceUnderTest, code: str, **changed: Any) -> str:
    """Draft an item of the urban management; returns its ETag."""
    answer = await gateway.post(ITEMS, {"code": code, "standard": standard(**changed)}, URBAN_CLIENT)
    assert answer.status_code == 201, answer.text
    etag: str = answer.headers["etag"]
    return etag


async def published(gateway: ServiceUnderTest, code: str, on: str | None = None) -> dict[str, Any]:
    """Publish what is drafted."""
    body = {"effective_from": on} if on else {}
    answer = await gateway.post(f"{ITEMS}/{code}/publication", body, URBAN_CLIENT)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def revised(gateway: ServiceUnderTest, code: str, **changed: Any) -> None:
    """Draft the next version."""
    answer = await gateway.client.put(
        f"{ITEMS}/{code}/draft",
        json={"standard": standard(**changed)},
        headers={"Authorization": f"Bearer {still_good(URBAN_CLIENT)}", "If-Match": "*"},
    )
    assert answer.status_code == 200, answer.text


async def codes(gateway: ServiceUnderTest, **filters: Any) -> list[str]:
    """Codes that a list shows, in its order."""
    answer = await gateway.get(ITEMS, **({"limit": 200} | filters))
    assert answer.status_code == 200, answer.text
    return [entry["code"] for entry in answer.json()["entries"]]


async def until_seeded(gateway: ServiceUnderTest) -> None:
    """Wait until the pack's items are in the catalogue."""

    async def is_there() -> bool:
        answer = await gateway.get(f"{ITEMS}/matters.open_restaurant")
        return answer.status_code == 200

    assert await eventually(is_there)
