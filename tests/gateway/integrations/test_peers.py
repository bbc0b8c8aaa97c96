"""Sample peers, written by the pages alone, against a gateway on a real socket."""

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from typing import Any

import pytest
import pytest_asyncio

from gateway.integrations.contracts import load_contracts
from tests.gateway.acting import a_uscc
from tests.gateway.integrations.conftest import FOLLOW, SEND, Json
from tests.gateway.integrations.peers import by_contract, cultural_market, departments, senders, utilities
from tests.gateway.matters.conftest import Front, clock, front, pack_directory
from tests.gateway.subscriptions.listening import listening
from tests.support.identities import agency_token, enterprise_token
from tests.support.waiting import eventually

__all__ = ["clock", "front", "pack_directory"]

RECEIVED = "cn.tongban.gateway.external.received.v1"
UTILITIES = {"water_m3_a_day": 3, "gas_m3_a_day": 2, "heated_area_m2": 180, "contact_phone": "13900000001"}
LEAVE = {
    "leave_method": "general",
    "leave_reason": "resolution",
    "leave_decided_on": "2026-09-01",
    "joint_cancellation": False,
    "contact_phone": "13900000001",
}
SENDERS: dict[str, Callable[[str, str, str], list[str]]] = {
    "housing_construction": senders.construction,
    "trading_centre": senders.bidding,
    "court": senders.court,
    "bank": senders.finance,
    "customs": senders.customs,
    "hotline_center": senders.supervision,
    "natural_resources": senders.realestate,
    "development_zone": senders.park,
}


@dataclass
class City:
    """A gateway that peers reach by its address."""

    front: Front
    url: str

    def token(self, agency: str) -> str:
        """A token of the agency that answers for a peer."""
        uscc = self.front.pack.agency(agency).uscc
        return agency_token(agency, uscc, SEND, FOLLOW, "matters.task.handle")

    async def enterprise(self) -> str:
        """An enterprise that is registered, and known to the gateway."""
        uscc = a_uscc()
        heard = {
            "uscc": uscc,
            "name": "永济市甲乙餐饮有限公司",
            "enterprise_kind": "limited_company",
            "state": "active",
            "established_on": "2026-11-02",
            "registered_capital_fen": 100,
            "domicile": {"division_code": "140881001", "text": "永济市城西街道1号"},
            "scope": [{"code": "H6210-01", "text": "餐饮服务"}],
            "division_code": "140881",
        }
        gateway = self.front.gateway
        await gateway.hear("cn.tongban.registration.enterprise.registered.v1", uscc, heard)
        query = "SELECT 1 FROM matter_enterprise WHERE uscc = :uscc AND facts IS NOT NULL"
        await eventually(lambda: gateway.rows(query, uscc=uscc), within=40)
        return uscc

    async def opened(self, theme: str, form: Json, uscc: str) -> str:
        """The enterprise opens a matter."""
        body = {"theme": theme, "form": form, "channel": "portal", "uscc": uscc}
        answer = await self.front.gateway.post("/matters/v1/matters", body, self.owner(uscc))
        assert answer.status_code == 201, answer.text
        return str(answer.json()["id"])

    def owner(self, uscc: str) -> str:
        """A token in the enterprise's name."""
        return enterprise_token(uscc, "ann", "matters.matter.submit", "matters.matter.read")

    async def run(self, peer: Callable[..., Any], agency: str, *arguments: str) -> Any:
        """Run a peer's program beside the gateway."""
        return await asyncio.to_thread(peer, self.url, self.token(agency), *arguments)


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def city(front: Front) -> AsyncIterator[City]:
    """The gateway, served."""
    async with listening(front.gateway.app) as url:
        yield City(front, url)


async def test_utilities_connect_an_enterprise_and_it_sees_each_step(city: City) -> None:
    uscc = await city.enterprise()

    numbers = [
        await city.run(utilities.connect, f"{agency}_supply", system, uscc)
        for system, agency in (("electricity", "power"), ("heat", "heat"))
    ]

    async def shown() -> list[Json]:
        answer = await city.front.gateway.get("/matters/v1/mine", city.owner(uscc), state="completed")
        found: list[Json] = answer.json()["entries"]
        assert {each["case_no"] for each in found} == set(numbers)
        return found

    assert {each["handling_unit"]["name"]["zh"] for each in await eventually(shown)} == {
        "永济市供电公司",
        "永济市供热公司",
    }


async def test_utilities_carry_out_their_tasks_of_a_matter(city: City) -> None:
    uscc = await city.enterprise()
    matter_id = await city.opened("connect_utilities", UTILITIES, uscc)

    done = [
        await city.run(utilities.carry_out, f"{system}_supply", system, uscc)
        for system in ("water", "gas", "heat")
    ]

    assert [task["state"] for task in done] == ["completed"] * 3
    matter = await city.front.gateway.get(f"/matters/v1/matters/{matter_id}", city.owner(uscc))
    assert matter.json()["state"] == "completed"


async def test_departments_complete_their_tasks_and_tell_what_they_did(city: City) -> None:
    uscc = await city.enterprise()
    await city.opened("leave", LEAVE, uscc)

    cleared = await city.run(departments.tax, "tax", uscc)
    insured = await city.run(departments.insurance, "human_resources", uscc)
    fund = await city.run(departments.housing_fund, "housing_fund", uscc)
    await city.run(departments.police, "police", uscc)

    assert {task["state"] for task in (cleared, insured, fund)} == {"completed"}
    told = {event["data"]["system"] for event in await _received(city, uscc)}
    assert told == {"tax", "social_insurance", "police"}


@pytest.mark.parametrize("agency", sorted(SENDERS))
async def test_a_sender_tells_what_became_of_something(city: City, agency: str) -> None:
    sent = await city.run(SENDERS[agency], agency, a_uscc())

    events = await city.front.gateway.events(RECEIVED)
    told = {event["data"]["external_id"]: event["data"]["sender_uscc"] for event in events}
    assert {told[each] for each in sent} == {city.front.pack.agency(agency).uscc}


async def test_every_system_connects_by_following_its_contract(city: City) -> None:
    systems = load_contracts().systems
    sent = [await city.run(by_contract.send_examples, each.agency, each.key) for each in systems]

    events = await city.front.gateway.events(RECEIVED)
    told = {each["data"]["external_id"]: each["data"]["type"] for each in events}
    assert [[told[each] for each in of_one] for of_one in sent] == [
        [kind.type for kind in each.sends] for each in systems
    ]


async def test_the_cultural_market_platform_hands_in_its_weekly_file(city: City) -> None:
    tickets = ["HL-140881-20261120-000001-7", "HL-140881-20261120-000002-5"]

    report = await city.run(cultural_market.hand_in, "culture_tourism", *tickets)

    assert (report["first"]["taken"], report["again"]["known"]) == (2, 2)


async def _received(city: City, uscc: str) -> list[Json]:
    events = await city.front.gateway.events(RECEIVED)
    return [event for event in events if event["data"]["data"].get("uscc") == uscc]
