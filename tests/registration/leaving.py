"""What tests of exits share: enterprises that leave, agencies, days, sweeps."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import httpx

from shared.calendar import CHINA
from shared.database.unit_of_work import UnitOfWork
from shared.region import load_region_pack
from tests.registration.builders import ANN, FILINGS, TAX, filing
from tests.support.identities import agency_token, person_token
from tests.support.service import ServiceUnderTest

PACK = load_region_pack(Path(__file__).parents[2] / "deploy" / "regions" / "yongji")
PREFIX = "cn.tongban.registration."
NOTICES = "/registration/v1/notices"
LIQUIDATIONS = "/registration/v1/liquidations"
AGENCY_SCOPES = (
    "registration.objection.submit",
    "registration.clearance.submit",
    "registration.enterprise.read",
)
TAX_AGENCY = agency_token("tax", TAX, *AGENCY_SCOPES)
POLICE = agency_token("police", "11140881MB9Y00083M", *AGENCY_SCOPES)
CREDITOR = person_token("carl", "registration.objection.submit", "registration.filing.submit")
REASON = {"ground": "debts", "reason": "尚欠货款十二万元"}


def china(year: int, month: int, day: int, hour: int = 10, minute: int = 0, second: int = 0) -> datetime:
    """A moment by the wall clock of China."""
    return datetime(year, month, day, hour, minute, second, tzinfo=CHINA)


async def enterprise(registration: ServiceUnderTest, body: dict[str, Any] | None = None) -> str:
    """An enterprise of Ann's; a limited company with one shareholder unless told otherwise."""
    answer = await registration.post(FILINGS, body or filing(), ANN)
    assert answer.json().get("status") == "approved", answer.text
    code: str = answer.json()["uscc"]
    return code


def commitments(*places: int, on: str = "2026-03-01") -> list[dict[str, Any]]:
    """Signed by whoever stands at these places."""
    return [{"place": place, "signed_on": on} for place in places]


async def give_notice(registration: ServiceUnderTest, code: str, *places: int) -> httpx.Response:
    """Ann gives notice for it, signed by all of these."""
    body = {"uscc": code, "commitments": commitments(*(places or (1,)))}
    return await registration.post(NOTICES, body, ANN)


async def noticed(registration: ServiceUnderTest, code: str) -> dict[str, Any]:
    """The notice that Ann gave for it."""
    answer = await give_notice(registration, code)
    assert answer.status_code == 201, answer.text
    told: dict[str, Any] = answer.json()
    return told


async def leave(registration: ServiceUnderTest, code: str, **changes: Any) -> httpx.Response:
    """Ann files the simple deregistration."""
    body = {"kind": "simple_deregistration", "uscc": code} | changes
    return await registration.post(FILINGS, body, ANN)


async def objected(
    registration: ServiceUnderTest, notice_id: str, token: str = TAX_AGENCY, **changes: str
) -> httpx.Response:
    """Somebody objects."""
    return await registration.post(f"{NOTICES}/{notice_id}/objections", REASON | changes, token)


async def state_of(registration: ServiceUnderTest, code: str) -> str:
    """What the register says of it to everybody."""
    state: str = (await registration.get(f"/registration/v1/enterprises/{code}")).json()["state"]
    return state


async def sweep(registration: ServiceUnderTest, run: Callable[[UnitOfWork], Awaitable[int]]) -> int:
    """Run a sweep once, as the worker does."""
    done: int = await registration.app.state.backend.transactions.run(run)
    return done
