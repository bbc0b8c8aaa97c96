"""Enterprises registered over the API, and when credit had their events."""

import contextlib
import secrets
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Final

import asyncpg
import httpx

from benchmarks.bench import Bench
from deploy.local.blueprint import cluster_of
from deploy.local.layout import SERVICES
from deploy.local.refusals import Refused
from deploy.local.seed import PERSONS

REGISTRATION: Final = next(part for part in SERVICES if part.name == "registration")
FILINGS: Final = "/registration/v1/filings"
EVENT_TYPE: Final = "cn.tongban.registration.enterprise.registered.v1"
LEAST_SECONDS: Final = 0.0001
INBOX: Final = "REGISTRATION/credit_opening"
# Characters for made-up names; none of them is a division, a trade or a word that a name may not hold.
SYLLABLES: Final = "云溪兰舟青禾松月梅雨荷风竹影桐秋枫晚霞晨露星河清泉石涧柳岸莺歌雁书鹤鸣"

_RECORDED: Final = """
    SELECT event_id::text AS id, subject, recorded_at AS at, octet_length(event::text) AS bytes FROM outbox
    WHERE type = $1 AND subject = ANY($2::text[])
"""
_APPLIED: Final = """
    SELECT event_id AS id, applied_at AS at FROM inbox
    WHERE durable = $1 AND state = 'applied' AND event_id = ANY($2::text[])
"""


@dataclass(frozen=True)
class RecordedEvent:
    """An event in the publisher's outbox."""

    uscc: str
    recorded_at: datetime
    size: int


@dataclass
class RegisteredEnterprises:
    """What was registered, and how far its events have come."""

    client: httpx.AsyncClient
    publisher: "asyncpg.Connection"
    follower: "asyncpg.Connection"
    request_seconds: list[float] = field(default_factory=list)
    _answered: dict[str, datetime] = field(default_factory=dict)
    _unseen: list[str] = field(default_factory=list)
    _recorded: dict[str, RecordedEvent] = field(default_factory=dict)
    _applied: dict[str, datetime] = field(default_factory=dict)

    async def send(self) -> None:
        """Register one enterprise. Raises: Refused where the rules do not approve it."""
        started = time.perf_counter()
        answer = await self.client.post(
            FILINGS, json=a_filing(), headers={"Idempotency-Key": secrets.token_hex(16)}
        )
        answered = datetime.now(UTC)
        self.request_seconds.append(time.perf_counter() - started)
        if answer.status_code != 201 or answer.json()["uscc"] is None:
            raise Refused(f"registration answers {answer.status_code}: {answer.text[:500]}")
        uscc = answer.json()["uscc"]
        self._answered[uscc] = answered
        self._unseen.append(uscc)

    async def has_arrived(self) -> bool:
        """Tell whether credit has applied every event."""
        asked, self._unseen = self._unseen, []
        for row in await self.publisher.fetch(_RECORDED, EVENT_TYPE, asked) if asked else ():
            self._recorded[row["id"]] = RecordedEvent(row["subject"], row["at"], row["bytes"])
        missing = list(self._recorded.keys() - self._applied.keys())
        for row in await self.follower.fetch(_APPLIED, INBOX, missing):
            self._applied[row["id"]] = row["at"]
        return len(self._applied) == len(self.request_seconds)

    def delays(self) -> list[float]:
        """Seconds from the outbox of registration to the inbox of credit."""
        return [
            (self._applied[key] - event.recorded_at).total_seconds() for key, event in self._recorded.items()
        ]

    def delays_since_answer(self) -> list[float]:
        """Seconds from the answer to the request, which follows its commit; credit may even be first."""
        waits = (self._applied[key] - self._answered[event.uscc] for key, event in self._recorded.items())
        return [max(wait.total_seconds(), LEAST_SECONDS) for wait in waits]

    def usual_size(self) -> int:
        """Median size of the events, in bytes."""
        sizes = sorted(event.size for event in self._recorded.values())
        return sizes[len(sizes) // 2]


@contextlib.asynccontextmanager
async def registering(bench: Bench) -> AsyncIterator[RegisteredEnterprises]:
    """A founder with a token, and a look into both databases."""
    token = bench.token("benchmark-founder", "registration.filing.submit")
    cluster = cluster_of(bench.around)
    async with contextlib.AsyncExitStack() as stack:
        client = httpx.AsyncClient(
            base_url=bench.around.ports.url(REGISTRATION),
            headers={"Authorization": f"Bearer {token}"},
            timeout=15,
        )
        await stack.enter_async_context(client)
        databases = []
        for name in ("registration", "credit"):
            databases.append(await asyncpg.connect(cluster.url(name)))
            stack.push_async_callback(databases[-1].close)
        yield RegisteredEnterprises(client, *databases)


def a_filing() -> dict[str, object]:
    """An establishment that the rules approve; the person is one of the made-up ones of the local seed."""
    founder = PERSONS[0]
    return {
        "kind": "establishment",
        "enterprise_kind": "limited_company",
        "name": {
            "division": "永济市",
            "distinctive": "".join(secrets.choice(SYLLABLES) for _ in range(5)),
            "trade": "餐饮",
            "form": "有限公司",
        },
        "domicile": {"division_code": "140881001", "street": "河东大道12号", "commitment": True},
        "service_address_confirmed": True,
        "scope": ["H6210-01"],
        "registered_capital_fen": 10_000_000,
        "people": [
            {
                "roles": ["legal_representative", "shareholder"],
                "name": founder.display_name,
                "id_number": founder.citizen_id,
                "phone": founder.phone,
                "subscribed_fen": 10_000_000,
            }
        ],
    }
