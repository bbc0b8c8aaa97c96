"""Enterprises that stand in the register, as the gateway hears of them, and what is done in their name."""

from typing import Any

from shared.identifiers import compose_uscc, organisation_body
from tests.gateway.matters.conftest import Front
from tests.support.identities import enterprise_token
from tests.support.waiting import eventually

JSON = dict[str, Any]
MATTERS = "/matters/v1/matters"
_made = iter(range(1, 99))


def new_uscc() -> str:
    body = organisation_body("MAT", next(_made))
    return compose_uscc(authority="9", body_type="1", division_code="140881", organisation_body=body)


def enterprise_of(uscc: str) -> str:
    return enterprise_token(uscc, "ann", "matters.matter.submit", "matters.matter.read")


async def registered(front: Front, uscc: str, **facts: Any) -> None:
    """The register tells of an enterprise."""
    heard = {
        "uscc": uscc,
        "name": "永济市甲乙餐饮有限公司",
        "enterprise_kind": "limited_company",
        "state": "active",
        "established_on": "2026-11-02",
        "registered_capital_fen": 100,
        "domicile": {"division_code": "140881001", "text": "永济市城西街道1号"},
        "scope": [{"code": "H6210-01", "text": "餐饮服务"}],
        "division_code": "140881",
        **facts,
    }
    await front.gateway.hear("cn.tongban.registration.enterprise.registered.v1", uscc, heard)

    async def known() -> bool:
        query = "SELECT 1 FROM matter_enterprise WHERE uscc = :uscc AND facts IS NOT NULL"
        return bool(await front.gateway.rows(query, uscc=uscc))

    await eventually(known, within=40)


async def posted(front: Front, body: JSON, token: str) -> JSON:
    answer = await front.gateway.post(MATTERS, body, token)
    assert answer.status_code == 201, answer.text
    matter: JSON = answer.json()
    return matter


async def read_as(front: Front, matter_id: str, token: str) -> JSON:
    answer = await front.gateway.get(f"{MATTERS}/{matter_id}", token)
    assert answer.status_code == 200, answer.text
    matter: JSON = answer.json()
    return matter


async def until_seen(front: Front, matter: JSON, token: str, **wanted: str) -> JSON:
    """Wait until the matter (`state`), a step or a task has the state that is wanted, as its applicant sees it."""

    async def reached() -> JSON:
        seen = await read_as(front, matter["id"], token)
        states = {"state": seen["state"]} | {step["key"]: step["state"] for step in seen["steps"]}
        states |= {task["kind"]: task["state"] for task in seen["tasks"]}
        assert wanted.items() <= states.items(), (states, seen["findings"])
        return seen

    return await eventually(reached)
