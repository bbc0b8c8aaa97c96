"""Departments of the test city that share data, and what they send."""

from typing import Any

import httpx

from tests.support.identities import agency_token
from tests.support.service import ServiceUnderTest

RESOURCES = "/catalogue/v1/resources"
REQUESTS = "/catalogue/v1/requests"
NEEDS = "/catalogue/v1/needs"
CORRECTIONS = "/catalogue/v1/corrections"
SCOPES = (
    "catalogue.resource.manage",
    "catalogue.request.manage",
    "catalogue.correction.submit",
    "catalogue.grant.read",
)
APPROVAL, TAX, POLICE = "11140881MB9Y00016L", "11140881MB9Y000405", "11140881MB9Y00032A"
FIRE, HEALTH, BUREAU = "11140881MB9Y00083J", "11140881MB9Y00112X", "11140881MB9Y00155B"
APPROVAL_CLIENT = agency_token("administrative_approval", APPROVAL, *SCOPES)
TAX_CLIENT = agency_token("tax", TAX, *SCOPES)
POLICE_CLIENT = agency_token("police", POLICE, *SCOPES)
FIRE_CLIENT = agency_token("fire_rescue", FIRE, *SCOPES)
HEALTH_CLIENT = agency_token("health", HEALTH, *SCOPES)
BUREAU_CLIENT = agency_token("data_bureau", BUREAU, *SCOPES, "catalogue.grant.manage")


def field(name: str, **changed: Any) -> dict[str, Any]:
    return {
        "name": name,
        "title_zh": f"信息项{name}",
        "title_en": name,
        "data_type": "string",
        "field_class": "public",
        "datum": f"fire.{name}.{name}",
    } | changed


def entry(key: str | None = "fire.inspection", **changed: Any) -> dict[str, Any]:
    """An entry with every element; one without key revises a draft."""
    told: dict[str, Any] = {
        "title_zh": "消防检查结果",
        "title_en": "Results of fire checks",
        "summary": "公众聚集场所投入使用前的消防安全检查",
        "data_source": "消防监督管理系统",
        "kind": "department",
        "format": "database",
        "sharing_class": "conditional",
        "conditions": ["用于许可审查"],
        "ways": ["copy", "verify"],
        "is_open": False,
        "publication_months": 36,
        "update_cycle": "monthly",
        "secrecy": "unclassified",
        "fields": [field("number"), field("result")],
    }
    return ({"key": key} if key else {}) | told | changed


async def done(answer: httpx.Response, status: int = 200) -> dict[str, Any]:
    assert answer.status_code == status, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def published(
    gateway: ServiceUnderTest, key: str, owner: str = FIRE_CLIENT, **changed: Any
) -> dict[str, Any]:
    """Draft, hand in, publish; the data are named after the key unless the fields are given."""
    own = {"fields": [field(name, datum=f"{key}.{name}") for name in ("number", "result")]}
    await done(await gateway.post(RESOURCES, entry(key, **(own | changed)), owner), 201)
    await done(await gateway.post(f"{RESOURCES}/{key}/draft/submission", None, owner))
    return await done(await gateway.post(f"{RESOURCES}/{key}/draft/publication", {}, BUREAU_CLIENT))


def ask(resource: str = "registration.enterprise", **changed: Any) -> dict[str, Any]:
    return {
        "resource": resource,
        "fields": ["uscc", "contact_phone"],
        "purpose": "invoice_review",
        "basis": "税收征收管理法第十五条",
        "matter": "增值税发票核定",
        "way": "copy",
        "valid_until": "2039-12-31T16:00:00Z",
    } | changed


def need(*fields: str) -> dict[str, Any]:
    return {
        "title": "卫生许可信息",
        "fields": list(fields or ("number",)),
        "purpose": "permit_review",
        "matter": "餐饮店开办",
        "basis": "食品安全法",
    }


def doubt(**changed: Any) -> dict[str, Any]:
    return {
        "resource": "registration.enterprise",
        "record_key": "91140881MAE000002E",
        "field": "contact_phone",
        "claimed": "13912345678",
        "reason": "电话已停机",
    } | changed


async def asked(gateway: ServiceUnderTest, token: str = TAX_CLIENT, **changed: Any) -> dict[str, Any]:
    return await done(await gateway.post(REQUESTS, ask(**changed), token), 201)


async def step(
    gateway: ServiceUnderTest, request: dict[str, Any], verb: str, body: Any, token: str, status: int = 200
) -> dict[str, Any]:
    """Take a step on a request."""
    path = f"{REQUESTS}/{request['request_id']}/{verb}"
    return await done(await gateway.post(path, body, token), status)
