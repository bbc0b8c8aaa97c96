"""Matters that change an enterprise, and what the register then tells."""

from typing import Any

from tests.gateway.matters.conftest import Front
from tests.gateway.matters.enterprises import enterprise_of, new_uscc, posted, registered

JSON = dict[str, Any]
THEME = "change_enterprise"
ALTERED = "cn.tongban.registration.enterprise.altered.v1"
OLD_ADDRESS, NEW_ADDRESS = "永济市城西街道1号", "永济市城东街道2号"
MOVED = {"field": "domicile_text", "before": OLD_ADDRESS, "after": NEW_ADDRESS}
RENAMED = {"field": "name", "before": "永济市甲乙餐饮有限公司", "after": "永济市丙丁餐饮有限公司"}
PERSON = {"name": "王五", "id_number": "140881199303030031", "phone": "13900000003"}


def change_form(*changed: str, **new: Any) -> JSON:
    return {
        "changed_facts": list(changed),
        "decided_on": "2026-11-20",
        "resolution_signed": True,
        "contact_phone": "13900000001",
        **new,
    }


async def change_opened(front: Front, form: JSON) -> tuple[JSON, str]:
    uscc = new_uscc()
    await registered(front, uscc)
    token = enterprise_of(uscc)
    return await posted(front, {"theme": THEME, "form": form, "uscc": uscc}, token), token


async def altered(front: Front, matter: JSON, *changes: JSON) -> None:
    """The register tells what the filing changed."""
    filing = front.services.filing_of(matter["id"])
    told = {"uscc": matter["uscc"], "filing_id": filing["id"], "matter_id": matter["id"]}
    await front.gateway.hear(ALTERED, matter["uscc"], told | {"act": "altered", "changes": list(changes)})
