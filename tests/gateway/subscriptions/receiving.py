"""A subscriber's webhook endpoint as an outsider would write it: it checks signatures by the scheme's own recipe."""

import base64
import hashlib
import hmac
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from tests.gateway.subscriptions.listening import listening


@dataclass
class Receiver:
    """What came, and what is answered; `answers` by subject, 200 for the others."""

    url: str = ""
    secrets: list[str] = field(default_factory=list)
    taken: list[dict[str, Any]] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    answers: dict[str, int] = field(default_factory=dict)
    headers: list[dict[str, str]] = field(default_factory=list)
    is_away: bool = False

    @property
    def subjects(self) -> list[str]:
        """What was taken, in the order in which it came."""
        return [event["subject"] for event in self.taken]

    def held(self) -> set[str]:
        """Ids of events, each once however often it came."""
        return {event["id"] for event in self.taken}

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Serve one request."""
        body = b""
        while True:
            message = await receive()
            body += message.get("body", b"")
            if not message.get("more_body"):
                break
        headers = {name.decode(): value.decode() for name, value in scope["headers"]}
        status, location = self._status(body, headers)
        extra = [(b"location", location)] if location else []
        await send({"type": "http.response.start", "status": status, "headers": extra})
        await send({"type": "http.response.body", "body": b""})

    def _status(self, body: bytes, headers: dict[str, str]) -> tuple[int, bytes]:
        if self.is_away:
            return 503, b""
        if not any(is_signed(secret, headers, body) for secret in self.secrets):
            return 401, b""
        event = json.loads(body)
        answer = self.answers.get(event["subject"], 200)
        if answer == 200:
            self.taken.append(event)
            self.headers.append(headers)
        else:
            self.refused.append(event["subject"])
        return answer, b"http://127.0.0.1:1/" if answer == 302 else b""


def is_signed(secret: str, headers: dict[str, str], body: bytes) -> bool:
    """Verify as the Standard Webhooks specification says."""
    key = base64.b64decode(secret.removeprefix("whsec_"))
    signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    expected = base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
    return any(
        hmac.compare_digest(each, f"v1,{expected}") for each in headers["webhook-signature"].split(" ")
    )


@asynccontextmanager
async def receiving() -> AsyncIterator[Receiver]:
    """A receiver on a socket of its own."""
    receiver = Receiver()
    async with listening(receiver) as url:
        receiver.url = f"{url}/events"
        yield receiver
