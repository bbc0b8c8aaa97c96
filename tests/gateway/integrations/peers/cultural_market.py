"""The cultural-market platform (EXT-26): a file a week, until it is connected."""

import json

from .outsider import Json, Outsider


def hand_in(gateway: str, token: str, *tickets: str) -> Json:
    """Hand in what became of the tickets as NDJSON, twice, as a file is sent again after a doubt."""
    platform = Outsider(gateway, token, "cultural_market")
    events = [
        platform.event(
            "case_handled",
            "ticket_number",
            {"ticket_number": ticket, "result": "责令改正", "handled_on": "2026-11-20"},
        )
        for ticket in tickets
    ]
    content = "\n".join(json.dumps(event, ensure_ascii=False) for event in events).encode()
    media = {"Content-Type": "application/x-ndjson"}
    path = "/integrations/v1/files/cultural_market"
    first = platform.call("POST", path, content=content, headers=media)
    again = platform.call("POST", path, content=content, headers=media)
    first.raise_for_status()
    again.raise_for_status()
    return {"first": first.json(), "again": again.json()}
