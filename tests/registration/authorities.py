"""What tests of authorities' acts share: decisions, enterprises that an authority ends, ways to look."""

from datetime import datetime, timedelta
from typing import Any

import httpx

from services.registration.use_cases.registrar_desk import RegistrarDesk
from shared.identifiers import person_reference
from tests.registration.builders import OFFICER, id_number, person
from tests.registration.changing import registered
from tests.support.service import ServiceUnderTest

ENTERPRISES = "/registration/v1/enterprises"
EXITS = "/registration/v1/forced-exits"
CASES = "/registration/v1/false-registrations"
ENTERPRISE = "cn.tongban.registration.enterprise."
BECAUSE = {"reason_zh": "经审查", "reason_en": "looked into"}
DOCUMENTED = BECAUSE | {"document_no": "永政复决〔2026〕3号"}


def decision(on: datetime, **changes: Any) -> dict[str, Any]:
    """A decision made on a day."""
    return {
        "decision_no": "永市监罚〔2026〕12号",
        "decided_on": on.date().isoformat(),
        "decided_by": "永济市市场监督管理局",
        "basis": "《公司法》第二百六十条",
    } | changes


async def enterprise_of(registration: ServiceUnderTest, serial: int, **changes: Any) -> str:
    """An enterprise that somebody of their own number stands for."""
    people = [person("legal_representative", "shareholder", serial=serial)]
    return str((await registered(registration, people=people, **changes))["uscc"])


async def close(
    registration: ServiceUnderTest, uscc: str, token: str = OFFICER, **changes: Any
) -> httpx.Response:
    """The registrar enters a penalty of today."""
    body = {"penalty": "licence_revoked", "representative_is_responsible": False}
    sent = body | decision(registration.clock()) | changes
    return await registration.post(f"{ENTERPRISES}/{uscc}/closures", sent, token)


async def restore(registration: ServiceUnderTest, uscc: str, token: str = OFFICER) -> httpx.Response:
    """The registrar undoes the newest decision."""
    return await registration.post(f"{ENTERPRISES}/{uscc}/restoration", DOCUMENTED, token)


async def shown(registration: ServiceUnderTest, uscc: str) -> dict[str, Any]:
    """What the register says to everybody."""
    found: dict[str, Any] = (await registration.get(f"{ENTERPRISES}/{uscc}")).json()
    return found


async def bars_on(registration: ServiceUnderTest, serial: int) -> list[dict[str, Any]]:
    """Bars on somebody."""
    desk: RegistrarDesk = registration.app.state.desk
    reference = person_reference(id_number(serial), desk.person_reference_key)
    query = "SELECT kind, since, until, lifted_at FROM person_bar WHERE person_reference = :r"
    return await registration.rows(query, r=reference)


def years_later(moment: datetime, years: int, days: int = 0) -> datetime:
    """The same time of the same day, years and days later."""
    return moment.replace(year=moment.year + years) + timedelta(days=days)
