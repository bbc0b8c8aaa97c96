"""Personal values of three made-up people, each through one door: they stay with who needs them, and nowhere else."""

import json
import secrets
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

import httpx
import pytest_asyncio
from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine
from stdnum.iso7064 import mod_11_2

from deploy.local.layout import PARTS, DataDirectory
from deploy.local.suite import surroundings_of_running
from shared.security.keys import SigningKey
from shared.security.principal import Facts
from shared.security.tokens import access_claims, issue_token
from tests.gateway.matters.forms import THEME, restaurant_form
from tests.journeys.suite import RunningSuite
from tests.registration.builders import filing
from tests.support.waiting import eventually

TAX = "11140881MB9Y000405"
SCOPES = (
    *("registration.filing.submit", "registration.filing.read", "registration.enterprise.read"),
    *("hotline.ticket.submit", "hotline.ticket.read", "matters.matter.submit", "matters.matter.read"),
    *("matters.task.handle", "licensing.application.submit", "licensing.application.read"),
)
Json = dict[str, Any]


@dataclass(frozen=True)
class Canary:
    """A person whose every value is found at once where it does not belong, and the databases where it does."""

    subject: str
    name: str
    id_number: str
    phone: str
    address: str
    belongs_to: frozenset[str]

    @property
    def values(self) -> tuple[str, ...]:
        """What must not be found."""
        return (self.name, self.id_number, self.phone, self.address)

    def seen_in(self, content: bytes) -> list[str]:
        """Values that stand in some bytes: as they are, escaped as in JSON, as in a URL, or in hexadecimal."""
        return [value for value in self.values if any(form in content for form in _forms(value))]


def _forms(value: str) -> tuple[bytes, ...]:
    escaped = json.dumps(value)[1:-1].encode()
    return (
        value.encode(),
        escaped,
        quote(value).encode(),
        value.encode().hex().encode(),
        value.encode("gb18030"),
    )


def _id_number(serial: int) -> str:
    body = f"14088119930517{serial:03d}"
    return body + mod_11_2.calc_check_digit(body)


FILER = Canary(
    "01900000-0000-7000-8000-000000000001",
    *("岩鹂鹬", _id_number(731), "13987650731", "鹳雀楼北巷771弄"),
    frozenset({"registration"}),
)
CALLER = Canary(
    "01900000-0000-7000-8000-000000000002",
    *("岑鹮鸻", _id_number(733), "13987650733", "鹳雀楼北巷773弄"),
    frozenset({"hotline"}),
)
FOUNDER = Canary(
    "01900000-0000-7000-8000-000000000003",
    *("邝鸬鸫", _id_number(735), "13987650735", "鹳雀楼北巷775弄"),
    frozenset({"gateway", "registration", "licensing"}),
)
CANARIES = (FILER, CALLER, FOUNDER)


@dataclass
class Journey:
    """What was asked of the suite, and every answer."""

    suite: RunningSuite
    http: httpx.AsyncClient
    key: SigningKey
    answers: list[httpx.Response]

    def token(self, subject: str, agency: str | None = None) -> str:
        """A token as the suite's gateway would issue it."""
        claims = access_claims(
            issuer=self.suite.url,
            subject=subject,
            client_id="tax" if agency else "portal",
            audience=[part.name for part in PARTS],
            scopes=SCOPES,
            now=int(time.time()),
            facts=Facts(agency=agency),
        )
        return issue_token(claims, self.key)

    async def send(self, method: str, path: str, token: str | None, **more: Any) -> httpx.Response:
        """Send a request with a key of its own and keep the answer."""
        headers = {"Idempotency-Key": secrets.token_hex(16), **more.pop("headers", {})}
        headers |= {"Authorization": f"Bearer {token}"} if token else {}
        answer = await self.http.request(method, path, headers=headers, **more)
        self.answers.append(answer)
        return answer


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def journey(suite: RunningSuite) -> AsyncIterator[Journey]:
    """All three go through their doors, well and badly, and an agency reads what it is granted."""
    key = SigningKey.from_pem((suite.data / "keys" / "gateway.pem").read_bytes())
    async with httpx.AsyncClient(base_url=suite.url, timeout=30) as http:
        journey = Journey(suite, http, key, [])
        await _file(journey)
        await _call(journey)
        await _found(journey)
        await _ask_wrongly(journey)
        yield journey


async def _file(journey: Journey) -> None:
    token = journey.token(FILER.subject)
    person = {"name": FILER.name, "id_number": FILER.id_number, "phone": FILER.phone}
    shares = {"roles": ["legal_representative", "shareholder"], "subscribed_fen": 10_000_000}
    bodies = {
        "approved": filing(people=[person | shares]),
        "returned": filing(people=[person | shares | {"id_number": FILER.id_number[:-1] + "A"}]),
    }
    for status, body in bodies.items():
        answer = await journey.send("POST", "/registration/v1/filings", token, json=body)
        assert answer.json()["status"] == status, answer.text
    refused = filing(people=[person | shares | {"phone": f"{FILER.phone} {FILER.name}"}])
    assert (await journey.send("POST", "/registration/v1/filings", token, json=refused)).status_code == 400


async def _call(journey: Journey) -> None:
    token = journey.token(CALLER.subject)
    body = {
        "kind": "consult",
        "channel": "app",
        "content": "，".join((*CALLER.values, "排水许可证怎么办？")),
        "contact": {"name": CALLER.name, "phone": CALLER.phone},
        "place": {"code": "140881001", "text": CALLER.address},
    }
    answer = await journey.send("POST", "/hotline/v1/tickets", token, json=body)
    assert answer.status_code == 201, answer.text
    for changes in ({"contact": {"name": CALLER.name, "phone": CALLER.name}}, {"kind": CALLER.name}):
        assert (
            await journey.send("POST", "/hotline/v1/tickets", token, json=body | changes)
        ).status_code == 400


async def _found(journey: Journey) -> None:
    token = journey.token(FOUNDER.subject)
    head = {"name": FOUNDER.name, "id_number": FOUNDER.id_number}
    form = restaurant_form(
        people=[{"role": "legal_representative", **head}, {"role": "shareholder", **head}],
        contact_phone=FOUNDER.phone,
    )
    opened = await journey.send("POST", "/matters/v1/matters", token, json={"theme": THEME, "form": form})
    assert opened.status_code == 201, opened.text
    matter_id = opened.json()["id"]

    async def under_way() -> Json:
        matter: Json = (await journey.send("GET", f"/matters/v1/matters/{matter_id}", token)).json()
        assert matter["tasks"]
        assert {step["state"] for step in matter["steps"]} == {"completed", "submitted"}, matter["findings"]
        return matter

    await eventually(under_way, within=30)
    tax = journey.token("tax", TAX)
    tasks = (await journey.send("GET", "/matters/v1/tasks", tax, params={"limit": 200})).json()["entries"]
    [task] = [each for each in tasks if each["matter_id"] == matter_id]
    told = await journey.send("GET", f"/matters/v1/tasks/{task['id']}", tax)
    assert FOUNDER.phone in told.text, "the granted answer has what was granted"


async def _ask_wrongly(journey: Journey) -> None:
    token, json_type = journey.token(CALLER.subject), {"Content-Type": "application/json"}
    for value in CALLER.values:
        await journey.send("GET", f"/registration/v1/enterprises/{quote(value)}", token)
        await journey.send("GET", f"/hotline/v1/tickets/{quote(value)}", token, params={"q": value})
        await journey.send(
            "GET", "/registration/v1/enterprises", None, params={"name": value, "state": value}
        )
        await journey.send("GET", "/matters/v1/tasks", token, params={"kind": value, "status": value})
        await journey.send("GET", "/oauth2/userinfo", None, params={"access_token": value})
        body: Json = {"theme": THEME, "form": {"people": value}}
        await journey.send("POST", "/matters/v1/matters", token, json=body)
        broken = f'{{"name": "{value}", "name":'.encode()
        await journey.send("POST", "/hotline/v1/tickets", token, content=broken, headers=json_type)
    form = {"username": CALLER.phone, "password": CALLER.name}
    await journey.send("POST", "/login", None, data=form)


def _hits(content: bytes) -> list[str]:
    return [value for canary in CANARIES for value in canary.seen_in(content)]


async def test_no_log_names_anybody(journey: Journey) -> None:
    logs = sorted((journey.suite.data / "logs").glob("*.log"))

    assert len(logs) >= 12
    assert {log.name: _hits(log.read_bytes()) for log in logs} == {log.name: [] for log in logs}


async def test_no_event_names_anybody_nor_does_the_brokers_store(journey: Journey) -> None:
    events = journey.suite.events()
    stored = [path for path in (journey.suite.data / "nats" / "store").rglob("*") if path.is_file()]

    types = {event["type"].split(".", 2)[2] for event in events}
    assert {
        "registration.filing.returned.v1",
        "hotline.ticket.received.v1",
        "gateway.matter.opened.v1",
    } <= types
    assert [event for event in events if _hits(json.dumps(event, ensure_ascii=False).encode())] == []
    assert stored
    assert [path.name for path in stored if _hits(path.read_bytes())] == []


async def test_no_refusal_repeats_what_was_sent(journey: Journey) -> None:
    refusals = [
        answer
        for answer in journey.answers
        if answer.status_code >= 400 and "json" in answer.headers["content-type"]
    ]

    assert len(refusals) > 20
    assert [(answer.url.path, answer.text[:300]) for answer in refusals if _hits(answer.content)] == []


async def test_no_metrics_page_names_anybody(journey: Journey) -> None:
    pages = {
        part.name: await journey.http.get(f"http://127.0.0.1:{journey.suite.port + part.port_offset}/metrics")
        for part in PARTS
    }

    assert {page.status_code for page in pages.values()} == {200}
    assert {name: _hits(page.content) for name, page in pages.items()} == {name: [] for name in pages}


async def test_a_personal_value_lies_in_the_databases_of_those_who_need_it_only(journey: Journey) -> None:
    around = surroundings_of_running(DataDirectory(journey.suite.data))

    found = {part.name: await _rows_of(around.database_url(part)) for part in PARTS}

    for canary in CANARIES:
        holders = {name for name, content in found.items() if canary.seen_in(content)}
        assert holders == canary.belongs_to, canary.name


async def _rows_of(url: str) -> bytes:
    """Everything that a database holds, as text."""
    engine = create_async_engine(url)
    try:
        async with engine.connect() as connection:
            tables = await connection.execute(
                text("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
            )
            rows: list[str] = []
            for table in tables.scalars().all():
                rows += (await connection.execute(text(f'SELECT t::text FROM "{table}" t'))).scalars().all()  # noqa: S608
            return "\n".join(rows).encode()
    finally:
        await engine.dispose()
