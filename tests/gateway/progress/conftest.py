"""What the services tell of their cases, in their own published words."""

import itertools
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import uuid4

import pytest

from shared.identifiers import CaseNumberParts, compose_case_number
from shared.region import RegionPack, load_region_pack
from tests.support.identities import agency_token, person_token
from tests.support.service import REGION_PACK, ServiceUnderTest
from tests.support.waiting import eventually

Json = dict[str, Any]
READ = "matters.matter.read"
_serials = itertools.count(1)


def a_case_no(prefix: str) -> str:
    """A number that no other case has."""
    return compose_case_number(CaseNumberParts(prefix, "140881", date(2026, 3, 2), next(_serials)))


@dataclass
class City:
    """The gateway, which hears what the services say, and those who ask it."""

    gateway: ServiceUnderTest
    pack: RegionPack = field(default_factory=lambda: load_region_pack(REGION_PACK))

    async def tell(self, what: str, subject: str, data: Json) -> Json:
        """Let the gateway hear an event."""
        return await self.gateway.hear(f"cn.tongban.{what}.v1", subject, data)

    async def filed(self, applicant: str, **more: Any) -> Json:
        """Somebody submits a filing; returns what its events say of it."""
        case_no, filing_id = a_case_no("DJ"), str(uuid4())
        known = {"filing_id": filing_id, "matter_id": None, "applicant": applicant, "case_no": case_no} | more
        told = known | {"kind": "establishment", "name": "永济市蒲津渡餐饮有限公司"}
        await self.tell("registration.filing.submitted", filing_id, told)
        return known

    async def returned(self, filing: Json) -> None:
        """The registrar sends it back."""
        finding = {"rule": "r", "pointer": "/name", "text_zh": "字号缺少", "text_en": "no distinctive part"}
        await self.tell("registration.filing.returned", filing["filing_id"], filing | {"findings": [finding]})

    async def approved(self, filing: Json, uscc: str) -> None:
        """The registrar approves it."""
        more = {"uscc": uscc, "name": "永济市蒲津渡餐饮有限公司", "licence_identifier": "1.2.156.1"}
        await self.tell("registration.filing.approved", filing["filing_id"], filing | more)

    def person(self, subject: str, *more: str) -> str:
        return person_token(subject, READ, "progress.record.read", *more)

    def agency(self, key: str, *more: str) -> str:
        scopes = (READ, "progress.record.read", *more)
        return agency_token(key, self.pack.agency(key).uscc, *scopes)

    async def mine(self, subject: str, **filters: Any) -> list[Json]:
        answer = await self.gateway.get("/matters/v1/mine", self.person(subject), **filters)
        assert answer.status_code == 200, answer.text
        entries: list[Json] = answer.json()["entries"]
        return entries

    async def progress(self, reference: str, token: str) -> Any:
        return await self.gateway.get(f"/matters/v1/progress/{reference}", token)

    async def until(self, subject: str, state: str, reference: str) -> Json:
        """Wait until one's case is in a state."""

        async def reached() -> Json:
            answer = await self.progress(reference, self.person(subject))
            told: Json = answer.json()
            assert told.get("state") == state, answer.text
            return told

        return await eventually(reached)

    async def records(self, uscc: str, token: str, number: int) -> list[Json]:
        """Wait until so many records are shown."""

        async def shown() -> list[Json]:
            answer = await self.gateway.get(f"/progress/v1/subjects/{uscc}/records", token)
            assert answer.status_code == 200, answer.text
            entries: list[Json] = answer.json()["entries"]
            assert len(entries) == number, entries
            return entries

        return await eventually(shown)


Told = Callable[..., Awaitable[None]]


@pytest.fixture(scope="module")
def city(gateway: ServiceUnderTest) -> City:
    """The gateway with nothing around it but what it hears."""
    return City(gateway)
