"""Registration and licensing as seen from outside, over real HTTP, answering as a test orders."""

import asyncio
import json
import secrets
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

JSON = dict[str, Any]


@dataclass(frozen=True)
class Call:
    """One request as it arrived."""

    method: str
    path: str
    headers: dict[str, str]
    body: JSON

    @property
    def key(self) -> str:
        return self.headers["idempotency-key"]


@dataclass(frozen=True)
class Answer:
    """What the service says; cut off means that it did the work and the connection broke before the answer."""

    code: int
    body: JSON
    headers: dict[str, str] = field(default_factory=dict)
    is_cut_off: bool = False


Script = Callable[[Call], Answer]


@dataclass
class FakeServices:
    """Keeps its filings and applications, and repeats the answer to a key that it knows, as the real ones do."""

    url: str = ""
    calls: list[Call] = field(default_factory=list)
    filings: dict[str, JSON] = field(default_factory=dict)
    applications: dict[str, JSON] = field(default_factory=dict)
    notices: dict[str, JSON] = field(default_factory=dict)
    scripts: list[tuple[str, Script]] = field(default_factory=list)
    _kept: dict[str, Answer] = field(default_factory=dict)

    def next_time(self, path_end: str, script: Script) -> None:
        """Let the next request whose path ends so be answered by `script`."""
        self.scripts.append((path_end, script))

    def calls_of(self, matter_id: str, method: str = "POST", path_end: str = "") -> list[Call]:
        return [
            call
            for call in self.calls
            if call.method == method and call.path.endswith(path_end) and self._is_of(call, matter_id)
        ]

    def _is_of(self, call: Call, matter_id: str) -> bool:
        return matter_id in call.headers.get("idempotency-key", "")

    def filing_of(self, matter_id: str) -> JSON:
        return next(each for each in self.filings.values() if each["matter_id"] == matter_id)

    def notice_of(self, matter_id: str) -> JSON:
        return next(each for each in self.notices.values() if each["matter_id"] == matter_id)

    def application_of(self, matter_id: str) -> JSON:
        return next(each for each in self.applications.values() if each["matter_id"] == matter_id)

    def answer(self, call: Call) -> Answer:
        self.calls.append(call)
        for place, (path_end, script) in enumerate(self.scripts):
            if call.path.endswith(path_end):
                del self.scripts[place]
                return script(call)
        return self.done(call)

    def done(self, call: Call, *, status: str | None = None, **also: Any) -> Answer:
        """Do what the request asks; `status` and `also` change the filing or application that it makes."""
        if call.method == "GET":
            return Answer(200, (self.filings | self.notices)[call.path.rsplit("/", 1)[1]])
        if call.method == "PUT":
            filing = self.filings[call.path.rsplit("/", 1)[1]]
            if call.headers["if-match"] != f'"{filing["version"]}"':
                return Answer(412, {"type": "/problems/precondition-failed"})
            filing |= {"status": "draft", "version": filing["version"] + 1, "content": call.body}
            return Answer(200, dict(filing))
        if call.key not in self._kept:
            self._kept[call.key] = self._posted(call, status, also)
        return self._kept[call.key]

    def _posted(self, call: Call, status: str | None, also: JSON) -> Answer:
        if call.path.endswith("/submission"):
            filing = self.filings[call.path.split("/")[-2]]
            filing |= {"status": status or "approved", "findings": [], "uscc": _uscc(), **also}
            return Answer(200, dict(filing))
        if call.path.endswith("/withdrawal"):
            filing = (self.filings | self.notices)[call.path.split("/")[-2]]
            filing["status"] = "withdrawn"
            return Answer(200, dict(filing))
        made: JSON = {"id": _id(), "matter_id": call.body["matter_id"], "version": 1}
        if call.path.endswith("/filings"):
            uscc = call.body.get("uscc") or _uscc()
            made |= {"status": status or "approved", "findings": [], "uscc": uscc, "content": call.body}
            made |= also
            self.filings[made["id"]] = made
        elif call.path.endswith("/notices"):
            made |= {"state": "published", "content": call.body, **also}
            self.notices[made["id"]] = made
        else:
            made |= {"status": status or "under_review", "content": call.body, **also}
            self.applications[made["id"]] = made
        return Answer(201, dict(made))


def problem(code: int, slug: str, *faults: tuple[str, str], retry_after: int | None = None) -> Script:
    """A script that refuses."""
    body: JSON = {"type": f"/problems/{slug}", "title": slug, "status": code}
    if faults:
        body["errors"] = [
            {"pointer": pointer, "code": rule, "detail": f"{rule} 不符合"} for pointer, rule in faults
        ]
    headers = {} if retry_after is None else {"Retry-After": str(retry_after)}
    return lambda call: Answer(code, body, headers)


@asynccontextmanager
async def fake_services() -> AsyncIterator[FakeServices]:
    """Listen on a free port of the loopback address."""
    services = FakeServices()
    talks: set[asyncio.Task[None]] = set()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        talks.add(task)
        try:
            while await _one(services, reader, writer):
                pass
        finally:
            talks.discard(task)
            writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    services.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    try:
        yield services
    finally:
        server.close()
        for talk in talks:
            talk.cancel()


async def _one(services: FakeServices, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
    first = (await reader.readline()).decode()
    if not first:
        return False
    method, path, _ = first.split(" ", 2)
    headers: dict[str, str] = {}
    while (line := (await reader.readline()).decode().strip()) != "":
        name, _, value = line.partition(":")
        headers[name.lower()] = value.strip()
    raw = await reader.readexactly(int(headers.get("content-length", "0")))
    answer = services.answer(Call(method, path, headers, json.loads(raw) if raw else {}))
    if answer.is_cut_off:
        return False
    body = json.dumps(answer.body, ensure_ascii=False).encode()
    lines = [
        f"HTTP/1.1 {answer.code} {HTTPStatus(answer.code).phrase}",
        "Content-Type: application/json",
        f"Content-Length: {len(body)}",
        *(f"{name}: {value}" for name, value in answer.headers.items()),
    ]
    writer.write("\r\n".join(lines).encode() + b"\r\n\r\n" + body)
    await writer.drain()
    return True


def _id() -> str:
    return f"01938f0e-7c1a-7a52-9a53-{secrets.token_hex(6)}"


def _uscc() -> str:
    return f"91140881MAE{secrets.token_hex(4).upper()[:7]}"
