"""People of a running suite who act for an enterprise, over HTTP and through the gateway."""

import secrets
import time
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import httpx
from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine

from deploy.local.layout import GATEWAY, PARTS, DataDirectory
from deploy.local.seed import CITIZEN_SCOPES
from deploy.local.suite import surroundings_of_running
from shared.security.keys import SigningKey
from shared.security.principal import Facts
from shared.security.strength import Strength
from shared.security.tokens import access_claims, issue_token
from tests.journeys.suite import RunningSuite

_EXCHANGE = "urn:ietf:params:oauth:grant-type:token-exchange"
_ACCESS_TOKEN = "urn:ietf:params:oauth:token-type:access_token"


@dataclass
class Agents:
    """The persons of the seed, signed in to the portal with a second factor."""

    suite: RunningSuite
    http: httpx.AsyncClient

    async def subject_of(self, username: str) -> str:
        """The subject of a seeded account."""
        around = surroundings_of_running(DataDirectory(self.suite.data))
        engine = create_async_engine(around.database_url(GATEWAY))
        try:
            async with engine.connect() as connection:
                query = text("SELECT subject FROM identity_account WHERE username = :name")
                return str((await connection.execute(query, {"name": username})).scalar_one())
        finally:
            await engine.dispose()

    def own_token(self, subject: str) -> str:
        """A token as the portal has it for a person."""
        key = SigningKey.from_pem((self.suite.data / "keys" / "gateway.pem").read_bytes())
        claims = access_claims(
            issuer=self.suite.url,
            subject=subject,
            client_id="portal",
            audience=[part.name for part in PARTS],
            scopes=CITIZEN_SCOPES,
            now=int(time.time()),
            facts=Facts(acr=Strength.TWO_FACTOR.acr, grant_id=str(uuid4())),
        )
        return issue_token(claims, key)

    async def exchanged(self, subject: str, in_the_name_of: str) -> httpx.Response:
        """Ask for a token in another's name."""
        form = {
            "grant_type": _EXCHANGE,
            "client_id": "portal",
            "subject_token": self.own_token(subject),
            "subject_token_type": _ACCESS_TOKEN,
            "requested_subject": in_the_name_of,
        }
        return await self.http.post("/oauth2/token", data=form)

    async def send(self, path: str, token: str, body: dict[str, Any]) -> Any:
        """Send a command that is taken."""
        headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": secrets.token_hex(16)}
        answer = await self.http.post(path, json=body, headers=headers)
        assert answer.is_success, answer.text
        return answer.json()

    async def get(self, url: str, token: str) -> httpx.Response:
        """Read."""
        return await self.http.get(url, headers={"Authorization": f"Bearer {token}"})
