"""What every benchmark is given: the running suite, how much it may do, whom to tell how far it is."""

import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from benchmarks.figures import Figures, Row
from deploy.local import secrets
from deploy.local.environment import Surroundings
from shared.messaging.topology import PUBLISHERS
from shared.security.keys import SigningKey
from shared.security.principal import Facts
from shared.security.tokens import access_claims, issue_token


@dataclass(frozen=True)
class Extent:
    """How much a run does. Every load has an end in time and in number."""

    is_quick: bool
    rounds: int
    seconds: float
    at_most: int
    events: int
    events_per_second: int
    imported_rows: int
    register_sizes: tuple[int, ...]
    establishments: int


FULL: Final = Extent(
    is_quick=False,
    rounds=3,
    seconds=5,
    at_most=100_000,
    events=200,
    events_per_second=10,
    imported_rows=100_000,
    register_sizes=(250_000, 4_000_000),
    establishments=1_500,
)
QUICK: Final = Extent(
    is_quick=True,
    rounds=1,
    seconds=2,
    at_most=20_000,
    events=40,
    events_per_second=10,
    imported_rows=3_000,
    register_sizes=(5_000, 20_000),
    establishments=150,
)

Advance = Callable[[str], None]
Measured = Callable[[], Awaitable[Figures]]


@dataclass(frozen=True)
class Bench:
    """The surroundings of a measurement; `advance` says what is being done now."""

    around: Surroundings
    folder: Path
    extent: Extent
    advance: Advance

    def token(self, subject: str, *scopes: str, client_id: str = "portal", agency: str | None = None) -> str:
        """An access token as the gateway issues it, signed with this suite's own key; good for 10 minutes."""
        key = SigningKey.from_pem(secrets.signing_key_file(self.around.data, "gateway").read_bytes())
        claims = access_claims(
            issuer=self.around.public_url,
            subject=subject,
            client_id=client_id,
            audience=PUBLISHERS,
            scopes=scopes,
            now=int(time.time()),
            facts=Facts(agency=agency),
        )
        return issue_token(claims, key)

    async def in_turns(self, what: str, ours: Measured, peer: Measured) -> tuple[Figures, Figures]:
        """Both sides in turns, so that what else the machine does hits both; the middle round counts."""
        measured: tuple[list[Figures], list[Figures]] = ([], [])
        for number in range(1, self.extent.rounds + 1):
            for side, measure in zip(measured, (ours, peer), strict=True):
                self.advance(f"{what}, round {number} of {self.extent.rounds}")
                side.append(await measure())
        return Figures.middle(measured[0]), Figures.middle(measured[1])


Benchmark = Callable[[Bench], Awaitable[list[Row]]]
