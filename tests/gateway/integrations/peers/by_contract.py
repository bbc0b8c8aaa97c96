"""Any system, connected by its contract alone: it reads its own page and sends what stands there as examples."""

import httpx

from .outsider import Outsider


def send_examples(gateway: str, token: str, system: str) -> list[str]:
    """Send one event of each kind that the system may send; returns their ids."""
    answer = httpx.get(f"{gateway}/integrations/v1/systems/{system}", timeout=20)
    answer.raise_for_status()
    outsider = Outsider(gateway, token, system)
    return [
        outsider.send(kind["type"].split(".")[-2], kind["subject"], **kind["example"])
        for kind in answer.json()["sends"]
    ]
