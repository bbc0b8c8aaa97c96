"""A client of the suite on a socket of its own: takes the browser back, and can hold a form like an attacker's."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from html import escape
from urllib.parse import parse_qs

from starlette.requests import Request
from starlette.responses import HTMLResponse
from starlette.types import Receive, Scope, Send


@dataclass
class Portal:
    """What came back to the client, and the page that it shows at any other path."""

    url: str = ""
    answers: list[dict[str, str]] = field(default_factory=list)
    page: str = ""

    @property
    def callback(self) -> str:
        """The redirect URI that the client registered."""
        return f"{self.url}/callback"

    @property
    def origins(self) -> tuple[str, str]:
        """Its address, and the other name of the same machine, which is another site to a browser."""
        return self.url, self.url.replace("127.0.0.1", "localhost")

    def holds_form(self, action: str, fields: Mapping[str, str]) -> None:
        """Show a form that sends these fields somewhere else."""
        inputs = "".join(
            f'<input type="hidden" name="{escape(name)}" value="{escape(value)}">'
            for name, value in fields.items()
        )
        self.page = f'<form method="post" action="{escape(action)}">{inputs}<button>win</button></form>'

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer as an ASGI app."""
        request = Request(scope, receive)
        if request.url.path == "/callback":
            query = parse_qs(request.url.query)
            self.answers.append({name: values[0] for name, values in query.items()})
        html = f'<!doctype html><html lang="en"><title>Portal</title><body>{self.page}</body></html>'
        await HTMLResponse(html)(scope, receive, send)
