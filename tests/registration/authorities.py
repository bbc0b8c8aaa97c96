"""What tests of authorities' acts share: decisions, enterprises that an authority ends, ways to look."""

from datetime import datetime, timedelta
from typing import Any

import httpx

from services.registration.use_cases.registrar_desk import RegistrarDesk
from shared.calendar import local_date
from shared.identifiers import person_reference
from tests.registration.builders import BOB, OFFICER, id_number, person
from tests.registration.changing import registered
from tests.support.service import ServiceUnderTest

ENTERPRISES = "/registration/v1/enterprises"
EXITS = "/registration/v1/forced-exits"
CASES = "/registration/v1/false-registrations"
FACTS = {"facts_zh": "住所无法联系", "facts_en": "nobody is found at its address"}
ENTERPRISE = "cn.tongban.registration.enterprise."
BECAUSE = {"reason_zh": "经审查", "reason_en": "looked into"}
DOCUMENTED = BECAUSE | {"document_no": "永政复决〔2026〕3号"}


def decision(on: datetime, **changes: Any) -> dict[str, Any]:
    """A decision made on a day."""
    return {
        "decision_no": "永市监罚〔2026〕12号",
        "decided_on": local_date(on).isoformat(),
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


async def reported(
    registration: ServiceUnderTest, uscc: str, version: int = 1, token: str = BOB, path: str = ""
) -> httpx.Response:
    """Bob says that his name was used."""
    body = {"uscc": uscc, "target_version": version, "statement": "本人身份被冒用"}
    return await registration.post(CASES + path, body, token)


async def begun(registration: ServiceUnderTest, uscc: str, version: int = 1) -> str:
    """A case that the registrar looks into."""
    answer = await reported(registration, uscc, version, OFFICER, "/ex-officio")
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


async def act(
    registration: ServiceUnderTest, case: str, what: str, token: str = OFFICER, **body: Any
) -> dict[str, Any]:
    """Something is done to it; the answer with its status."""
    answer = await registration.post(f"{CASES}/{case}/{what}", body or None, token)
    found: dict[str, Any] = answer.json()
    return found | {"http": answer.status_code}
