"""A wallet of electronic business licences outside the suite, over real HTTP: answers as it is told."""

from dataclasses import dataclass, field
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.types import Receive, Scope, Send

TOKEN = "their-wallet-token"


@dataclass
class WalletService:
    """Waits for a licence in every session until `answer` says otherwise."""

    answer: dict[str, Any] = field(default_factory=lambda: {"state": "waiting"})
    broken: bool = False
    begun: list[dict[str, Any]] = field(default_factory=list)
    asked_for: list[str] = field(default_factory=list)
    tokens: set[str | None] = field(default_factory=set)

    def as_it_should(self) -> None:
        """Wait again, and forget who came."""
        self.answer, self.broken = {"state": "waiting"}, False
        self.begun, self.asked_for, self.tokens = [], [], set()

    def shows(self, assertion: str) -> None:
        """The holder has scanned the code and confirmed."""
        self.answer = {"state": "shown", "assertion": assertion}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer as an ASGI app."""
        request = Request(scope, receive)
        self.tokens.add(request.headers.get("authorization"))
        response: Response
        if self.broken:
            response = Response("oh", status_code=500)
        elif request.method == "POST":
            self.begun.append(await request.json())
            name = self.begun[-1]["request_id"]
            told = {"session_id": f"s/{name}", "qr_content": f"https://wallet.example/q?s={name}"}
            response = JSONResponse(told, status_code=201)
        else:
            self.asked_for.append(request.url.path)
            response = JSONResponse(self.answer)
        await response(scope, receive, send)
