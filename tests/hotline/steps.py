"""What people of the hotline do, as calls."""

import secrets
from typing import Any

import httpx

from tests.support.identities import agency_token, bearer, officer_token, person_token
from tests.support.service import ServiceUnderTest

TICKETS = "/hotline/v1/tickets"
QUESTION = "我的餐馆为什么告知单里没有排水许可证？"
CENTRE = "11140881MB9Y00147G"
HOUSING = "11140881MB9Y00120Q"
ECOLOGY = "11140881MB9Y001636"
TAX = "11140881MB9Y000405"

PERSON_SCOPES = ("hotline.ticket.submit", "hotline.ticket.read")
UNIT_SCOPES = ("hotline.ticket.read", "hotline.ticket.handle")
DESK_SCOPES = (*UNIT_SCOPES, "hotline.ticket.submit", "hotline.ticket.manage")
OWNER = person_token("person-owner", *PERSON_SCOPES)
STRANGER = person_token("person-stranger", *PERSON_SCOPES)
HOUSING_TOKEN = agency_token("housing", HOUSING, *UNIT_SCOPES)
ECOLOGY_TOKEN = agency_token("ecology", ECOLOGY, *UNIT_SCOPES)
DESK = officer_token("officer-desk", CENTRE, *DESK_SCOPES)
PROTECTED = officer_token("officer-protected", CENTRE, *DESK_SCOPES, "hotline.identity.read")


def request(**changes: Any) -> dict[str, Any]:
    """A sound request; fields may be replaced, or left out with None."""
    body = {
        "kind": "consult",
        "channel": "app",
        "content": QUESTION,
        "contact": {"name": "张三丰", "phone": "13900000001"},
    } | changes
    return {name: value for name, value in body.items() if value is not None}


async def submit(hotline: ServiceUnderTest, token: str = OWNER, **changes: Any) -> dict[str, Any]:
    """Submit a request that is taken."""
    answer = await hotline.post(TICKETS, request(**changes), token)
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()
    return made


async def act(hotline: ServiceUnderTest, number: str, action: str, token: str, **body: Any) -> httpx.Response:
    """Do something with a ticket; actions without a body send none."""
    return await hotline.post(f"{TICKETS}/{number}/{action}", body or None, token)


async def done(
    hotline: ServiceUnderTest, number: str, action: str, token: str, **body: Any
) -> dict[str, Any]:
    """Do something that is allowed."""
    answer = await act(hotline, number, action, token, **body)
    assert answer.status_code == 200, answer.text
    ticket: dict[str, Any] = answer.json()
    return ticket


async def answered(hotline: ServiceUnderTest, token: str = OWNER, **changes: Any) -> str:
    """A ticket with the housing bureau's reply."""
    number: str = (await submit(hotline, token, **changes))["number"]
    await done(hotline, number, "signature", HOUSING_TOKEN)
    await done(hotline, number, "contact", HOUSING_TOKEN)
    await done(hotline, number, "reply", HOUSING_TOKEN, text="贵店所在商业楼已办理排水许可，无需另办。")
    return number


async def change_level(
    hotline: ServiceUnderTest, number: str, level: str, *, etag: str | None = None, token: str = DESK
) -> httpx.Response:
    """Change the level against the version read, or the one just read."""
    if etag is None:
        etag = (await hotline.get(f"{TICKETS}/{number}", token)).headers["etag"]
    headers = bearer(token) | {"If-Match": etag}
    return await hotline.client.patch(f"{TICKETS}/{number}", json={"level": level}, headers=headers)


def somebody() -> str:
    """A person of this test alone."""
    return person_token(f"person-{secrets.token_hex(6)}", *PERSON_SCOPES)


def slug(answer: httpx.Response) -> str:
    """What a refusal is called."""
    name: str = answer.json()["type"].removeprefix("/problems/")
    return name
