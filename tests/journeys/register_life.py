"""What becomes of an enterprise after it is opened: matters opened in its name, departments that do their part."""

import asyncio
from dataclasses import dataclass
from typing import Any

from shared.region import RegionPack, load_region_pack
from tests.journeys.agents import Agents
from tests.support.service import REGION_PACK
from tests.support.waiting import eventually

Json = dict[str, Any]
MATTERS = "/matters/v1/matters"


@dataclass
class RegisterLife:
    """One enterprise with its owner's token."""

    agents: Agents
    uscc: str
    token: str

    async def opened(self, theme: str, form: Json) -> Json:
        body = {"theme": theme, "form": form, "uscc": self.uscc}
        matter: Json = await self.agents.send(MATTERS, self.token, body)
        return matter

    async def until(self, matter: Json, **wanted: str) -> Json:
        """Wait until the matter (`state`), a step or a task has the state that is wanted."""

        async def reached() -> Json:
            seen: Json = (await self.agents.get(f"{MATTERS}/{matter['id']}", self.token)).json()
            states = {"state": seen["state"]} | {step["key"]: step["state"] for step in seen["steps"]}
            states |= {task["kind"]: task["state"] for task in seen["tasks"]}
            because = [step["waits_because"] for step in seen["steps"]]
            assert wanted.items() <= states.items(), (states, seen["findings"], because)
            return seen

        return await eventually(reached, within=60)

    async def done(self, matter: Json, *kinds: str) -> None:
        """Each department takes its task and completes it with its own client."""
        pack: RegionPack = await asyncio.to_thread(load_region_pack, REGION_PACK)
        for kind in kinds:
            task = next(each for each in matter["tasks"] if each["kind"] == kind)
            agency = pack.agency_by_uscc(task["agency_uscc"])
            assert agency is not None
            told = await asyncio.to_thread(self.agents.suite.tongban, "token", "--client", agency.key)
            token, url = told.stdout.strip(), f"/matters/v1/tasks/{task['id']}"
            await self.agents.send(f"{url}/taking", token, {})
            await self.agents.send(f"{url}/completion", token, {"result": {"number": kind}})

    async def registered(self) -> Json:
        """What the register says of it."""
        answer = await self.agents.get(f"/registration/v1/enterprises/{self.uscc}", self.token)
        one: Json = answer.json()
        return one
