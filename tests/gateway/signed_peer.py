"""A system outside (a payment provider, a courier, a message gateway) on a real socket, that checks every signature."""

import base64
import hashlib
import hmac
import json
import secrets
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import httpx
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from tests.gateway.serving import served
from tests.support.service import ServiceUnderTest

SECRET = "whsec_" + base64.b64encode(secrets.token_bytes(32)).decode()


def signature_of(message_id: str, timestamp: str, body: bytes, secret: str = SECRET) -> str:
    """The signature as the Standard Webhooks specification writes it, made without the suite's own code."""
    key = base64.b64decode(secret.removeprefix("whsec_"))
    signed = hmac.new(key, f"{message_id}.{timestamp}.".encode() + body, hashlib.sha256).digest()
    return "v1," + base64.b64encode(signed).decode()


@dataclass
class Received:
    """A message as it came in."""

    path: str
    message_id: str
    said: dict[str, Any]


@dataclass
class SignedPeer:
    """Answers with `status` and `answer`; remembers all that came, repeats too."""

    url: str = ""
    status: int = 200
    answer: dict[str, Any] = field(default_factory=dict)
    received: list[Received] = field(default_factory=list)

    async def receive(self, request: Request) -> Response:
        """Take a message that is signed for exactly this body."""
        body, headers = await request.body(), request.headers
        message_id = headers["webhook-id"]
        expected = signature_of(message_id, headers["webhook-timestamp"], body)
        if not hmac.compare_digest(expected, headers["webhook-signature"]):
            return Response("signature", status_code=401)
        assert headers["idempotency-key"] == message_id
        self.received.append(Received(request.url.path, message_id, json.loads(body)))
        if self.status != 200:
            return Response("not now", status_code=self.status)
        return JSONResponse(self.answer)

    def about(self, text: str) -> list[Received]:
        """Messages that mention something, in their order."""
        return [each for each in self.received if text in json.dumps(each.said) + each.path]


@asynccontextmanager
async def signed_peer() -> AsyncIterator[SignedPeer]:
    """Serve a peer."""
    peer = SignedPeer()
    app = Starlette(routes=[Route("/{path:path}", peer.receive, methods=["POST"])])
    async with served(app) as port:
        peer.url = f"http://127.0.0.1:{port}"
        yield peer


async def call_back(
    service: ServiceUnderTest,
    path: str,
    said: Mapping[str, Any],
    *,
    message_id: str | None = None,
    at: datetime | None = None,
    secret: str = SECRET,
) -> httpx.Response:
    """Call the suite back as the peer does."""
    body = json.dumps(dict(said)).encode()
    message_id = message_id or secrets.token_hex(8)
    timestamp = str(int((at or service.clock()).timestamp()))
    headers = {
        "Content-Type": "application/json",
        "webhook-id": message_id,
        "webhook-timestamp": timestamp,
        "webhook-signature": signature_of(message_id, timestamp, body, secret),
    }
    return await service.client.post(path, content=body, headers=headers)
