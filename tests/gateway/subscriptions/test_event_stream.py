"""Server-sent events over a real socket: cut off again and again, nothing missed, nothing doubled."""

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

import httpx

from tests.gateway.subscriptions.listening import listening
from tests.support.identities import agency_token, bearer
from tests.support.service import ServiceUnderTest

TAX, POLICE = "11140881MB9Y000405", "11140881MB9Y00032A"
SCOPE = "subscriptions.subscription.manage"
REGISTERED = "cn.tongban.registration.enterprise.registered.v1"
ASSIGNED = "cn.tongban.gateway.task.assigned.v1"


async def read(
    url: str, token: str, types: str, count: int, last: str | None
) -> list[tuple[str, dict[str, Any]]]:
    """Follow the stream until so many events have come, then cut the connection."""
    headers = bearer(token) | ({"Last-Event-ID": last} if last else {})
    found: list[tuple[str, dict[str, Any]]] = []
    async with (
        asyncio.timeout(20),
        httpx.AsyncClient(base_url=url) as client,
        client.stream("GET", "/subscriptions/v1/events", params={"types": types}, headers=headers) as answer,
    ):
        assert answer.status_code == 200
        assert answer.headers["content-type"].startswith("text/event-stream")
        async for position, event in _events(answer.aiter_lines()):
            found.append((position, event))
            if len(found) == count:
                break
    return found


async def _events(lines: AsyncIterator[str]) -> AsyncIterator[tuple[str, dict[str, Any]]]:
    position = ""
    async for line in lines:
        if line.startswith("id: "):
            position = line.removeprefix("id: ")
        elif line.startswith("data: "):
            yield position, json.loads(line.removeprefix("data: "))


async def test_a_stream_that_is_cut_off_goes_on_where_it_was(gateway: ServiceUnderTest) -> None:
    async def publish() -> list[str]:
        return [
            str((await gateway.hear(REGISTERED, f"91140881MA0CUT00{n:02}", {"uscc": "x", "name": "x"}))["id"])
            for n in range(12)
        ]

    held: list[tuple[str, dict[str, Any]]] = []
    async with listening(gateway.app) as url:
        publishing = asyncio.create_task(publish())
        for count in (1, 4, 2, 5):
            last = held[-1][0] if held else None
            held += await read(url, agency_token("tax", TAX, SCOPE), REGISTERED, count, last)
        published = await publishing
    shown = await gateway.get("/subscriptions/v1/acknowledgements", agency_token("tax", TAX, SCOPE))
    [standing] = shown.json()["entries"]

    assert [event["id"] for _, event in held] == published
    assert [int(position) for position, _ in held] == sorted(int(position) for position, _ in held)
    assert held[0][1]["specversion"] == "1.0"
    assert held[0][1]["data"] == {"uscc": "x", "name": "x"}
    last_resumed = int(held[6][0])
    assert (standing["acknowledged_up_to"], standing["way"]) == (last_resumed, "event_stream")


async def test_an_agency_hears_of_its_own_tasks_only(gateway: ServiceUnderTest) -> None:
    for name, uscc in (("t-1", TAX), ("t-2", POLICE), ("t-3", TAX)):
        await gateway.hear(ASSIGNED, name, {"task_id": name, "agency_uscc": uscc})

    async with listening(gateway.app) as url:
        of_tax = await read(url, agency_token("tax", TAX, SCOPE), ASSIGNED, 2, None)
        of_police = await read(url, agency_token("police", POLICE, SCOPE), ASSIGNED, 1, None)

    assert sorted(event["subject"] for _, event in of_tax) == ["t-1", "t-3"]
    assert [event["subject"] for _, event in of_police] == ["t-2"]
