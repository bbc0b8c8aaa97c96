"""Many at once for one name: one holder, everybody else told why, nothing betrayed and nothing broken."""

import asyncio
import json
import secrets
from typing import Any

from httpx import Response

from services.registration.published import PUBLISHED
from tests.registration.builders import ANN, FILINGS, OFFICER, distinctive, filing
from tests.support.identities import person_token
from tests.support.service import ServiceUnderTest


async def file_patiently(registration: ServiceUnderTest, body: dict[str, Any], token: str) -> Response:
    """File as a client should: a service that is unavailable for a moment is asked again under the same key."""
    key = secrets.token_hex(16)
    for _ in range(10):
        answer = await registration.post(FILINGS, body, token, key=key)
        if answer.status_code != 503:
            break
    return answer


async def test_of_thirty_filings_at_once_for_one_name_one_gets_it(registration: ServiceUnderTest) -> None:
    body = filing()
    tokens = [person_token(f"racer-{number}", "registration.filing.submit") for number in range(30)]

    answers = await asyncio.gather(*(file_patiently(registration, body, token) for token in tokens))

    won = [answer.json() for answer in answers if answer.status_code == 201]
    lost = [answer for answer in answers if answer.status_code != 201]
    assert [filing["status"] for filing in won] == ["approved"]
    assert {answer.status_code for answer in lost} == {409}
    assert {answer.json()["type"] for answer in lost} == {"/problems/name-taken"}
    assert not any(won[0]["id"] in answer.text or won[0]["uscc"] in answer.text for answer in lost)
    held = await registration.rows("SELECT uscc FROM name_claim WHERE uscc = :u", u=won[0]["uscc"])
    assert len(held) == 1
    named = await registration.rows("SELECT uscc FROM enterprise WHERE name = :n", n=won[0]["name"])
    assert len(named) == 1


async def test_alike_names_at_once_leave_one_approved(registration: ServiceUnderTest) -> None:
    name = distinctive()
    bodies = [
        filing(name__distinctive=name, name__division=division, name__form=form)
        for division in ("永济市", "永济", "运城市", "运城")
        for form in ("有限公司", "有限责任公司")
    ]

    answers = await asyncio.gather(*(file_patiently(registration, body, ANN) for body in bodies))

    statuses = [answer.json()["status"] for answer in answers]
    assert (statuses.count("approved"), statuses.count("returned")) == (1, 7)


async def test_filings_at_once_get_codes_of_their_own(registration: ServiceUnderTest) -> None:
    answers = await asyncio.gather(*(file_patiently(registration, filing(), ANN) for _ in range(20)))

    codes = {answer.json()["uscc"] for answer in answers}
    assert len(codes) == 20


async def test_two_officers_at_once_decide_once(registration: ServiceUnderTest) -> None:
    waiting = (await registration.post(FILINGS, filing(name__trade="曲艺"), ANN)).json()
    path = f"{FILINGS}/{waiting['id']}"
    reason = {"reason_zh": "近似", "reason_en": "misleads"}

    answers = await asyncio.gather(
        registration.post(f"{path}/approval", None, OFFICER),
        registration.post(f"{path}/refusal", reason, OFFICER),
    )

    assert sorted(answer.status_code for answer in answers) == [200, 409]


async def test_published_events_hold_to_their_contracts(registration: ServiceUnderTest) -> None:
    for published in PUBLISHED:
        served = await registration.get(published.type.contract)
        assert served.status_code == 200
        assert json.loads(served.text)["examples"]
