"""Enterprises that report, and reports, for tests: synthetic throughout."""

from copy import deepcopy
from datetime import UTC, datetime
from typing import Any

import httpx

from services.registration.api.publicity_region import publicity_policy
from services.registration.use_cases.walk_reports import walk_reports
from shared.calendar import CHINA
from shared.region import load_region_pack
from tests.registration.builders import IMPORTER, row, uscc
from tests.support.identities import enterprise_token
from tests.support.service import REGION_PACK, ServiceUnderTest

PACK = load_region_pack(REGION_PACK)
POLICY = publicity_policy(PACK)
YEAR = 2025
PARTS: dict[str, dict[str, Any]] = {
    "market_supervision": {
        "postal_address": "永济市城西街道河东大道12号",
        "operating_state": "开业",
        "has_website": False,
        "total_assets_fen": 50_000_000,
        "total_liabilities_fen": 10_000_000,
        "revenue_fen": 80_000_000,
        "net_profit_fen": -1_000_000,
        "employees": 6,
    },
    "social_insurance": {
        "insured_pension": 6,
        "insured_unemployment": 6,
        "insured_injury": 6,
        "contribution_base_fen": 30_000_000,
        "contribution_paid_fen": 7_000_000,
        "contribution_owed_fen": 0,
    },
    "tax": {"tax_paid_fen": 1_200_000, "main_business_revenue_fen": 80_000_000},
    "customs": {"is_customs_declarant": False},
}


def civil(year: int, month: int, day: int, hour: int = 12) -> datetime:
    """A moment by the clock of China."""
    return datetime(year, month, day, hour, tzinfo=CHINA).astimezone(UTC)


def report(year: int = YEAR, **changes: Any) -> dict[str, Any]:
    """A sound report."""
    return {"year": year, "parts": deepcopy(PARTS), "publish": ["employees"], **changes}


def own(code: str) -> str:
    """A token in the enterprise's own name."""
    return enterprise_token(code, "agent", "registration.filing.submit", "registration.enterprise.read")


async def enterprise(
    registration: ServiceUnderTest, serial: int, *, registered: datetime | None = None, **cells: str
) -> str:
    """One of the register before this one, taken over at the clock's moment and since some other, if told."""
    started = await registration.post(
        "/registration/v1/imports",
        {"file_name": "old.csv", "sha256": f"{serial:064x}", "total_lines": 2},
        IMPORTER,
    )
    batch = {"first_line": 2, "rows": [row(serial, **cells)]}
    done = await registration.post(
        f"/registration/v1/imports/{started.json()['id']}/batches", batch, IMPORTER
    )
    assert done.status_code in (200, 201), done.text
    if registered is not None:
        await registration.rows_changed(
            "UPDATE enterprise SET registered_at = :at WHERE uscc = :uscc", at=registered, uscc=uscc(serial)
        )
    return uscc(serial)


async def filed(registration: ServiceUnderTest, code: str, **changes: Any) -> httpx.Response:
    """File a report in the enterprise's own name."""
    return await registration.post(
        f"/registration/v1/enterprises/{code}/annual-reports", report(**changes), own(code)
    )


async def walk(registration: ServiceUnderTest, at: datetime, *, at_once: int = 500) -> int:
    """Let the sweep run at a moment until it has nothing to do; returns how many it looked at."""
    registration.clock.set(at)
    transactions, total = registration.app.state.backend.transactions, 0
    while seen := await transactions.run(lambda uow: walk_reports(POLICY, uow, at_once)):
        total += seen
    return total
