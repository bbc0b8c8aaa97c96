"""The commands of docs/data-sharing.md do what it says: run as they stand there, against a gateway on a socket."""

import asyncio
import json
import os
import re
from pathlib import Path
from typing import Any

from tests.gateway.catalogue.sharing import APPROVAL_CLIENT, BUREAU_CLIENT, FIRE_CLIENT, TAX, TAX_CLIENT
from tests.gateway.serving import served
from tests.support.identities import still_good
from tests.support.service import ServiceUnderTest
from tests.support.waiting import eventually

PAGE = Path(__file__).parents[3] / "docs" / "data-sharing.md"
SHELL = "post() { curl"
EXPECTED_REFUSALS = ["/problems/form-asks-again"]


def documents(said: str) -> list[dict[str, Any]]:
    """The JSON documents that stand one after the other in an output."""
    decoder, found, rest = json.JSONDecoder(), [], said.strip()
    while rest:
        document, end = decoder.raw_decode(rest)
        found.append(document)
        rest = rest[end:].strip()
    return found


async def test_every_command_of_the_page_does_what_it_says(gateway: ServiceUnderTest) -> None:
    blocks = re.findall(r"```bash\n(.*?)```", PAGE.read_text(), re.DOTALL)
    made = {"FIRE": FIRE_CLIENT, "TAX": TAX_CLIENT, "APPROVAL": APPROVAL_CLIENT, "BUREAU": BUREAU_CLIENT}
    tokens = {name: still_good(token) for name, token in made.items()}
    await eventually(lambda: gateway.rows("SELECT 1 FROM catalogue_grant WHERE agency_uscc = :tax", tax=TAX))

    async with served(gateway.app) as port:
        surroundings = os.environ | tokens | {"GATEWAY": f"http://127.0.0.1:{port}"}
        shell = await asyncio.create_subprocess_exec(
            "bash",
            "-euo",
            "pipefail",
            "-c",
            "\n".join(blocks),
            stdout=asyncio.subprocess.PIPE,
            env=surroundings,
        )
        said, _ = await asyncio.wait_for(shell.communicate(), 120)

    assert blocks[0].startswith(SHELL)
    answers = documents(said.decode())
    assert shell.returncode == 0
    refusals = [answer["type"] for answer in answers if str(answer.get("type", "")).startswith("/problems/")]
    assert refusals == EXPECTED_REFUSALS
    assert [answer["status"] for answer in answers if "answer" in answer] == ["agreed", "provided"]
    assert [entry["status"] for entry in answers[7]["entries"]] == ["fulfilled"]
