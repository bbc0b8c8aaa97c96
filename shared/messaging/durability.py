"""Whether the broker writes before it acknowledges: without `sync_interval: always` a power cut loses what it said."""

import json

import httpx

from shared.outbound import outbound_client


async def not_durable(monitoring_urls: str) -> str | None:
    """Ask each node's monitoring page; the reason why the broker is not durable, or None.

    A node that does not answer is passed over: its streams have replicas elsewhere, and readiness asks the broker
    itself whether it is there.
    """
    async with outbound_client(1.5) as client:
        for url in monitoring_urls.split(","):
            try:
                answer = (
                    await client.get(f"{url.strip().rstrip('/')}/jsz", params={"config": "true"})
                ).json()
            except (httpx.HTTPError, json.JSONDecodeError):
                continue
            if answer.get("config", {}).get("sync_always") is not True:
                return f"broker_not_durable: {answer.get('server_id')} runs without sync_interval: always"
    return None
