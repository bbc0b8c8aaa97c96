"""Readiness names the part that is missing, liveness does not care, metrics show what waits."""

from pathlib import Path
from typing import Any

from deploy.local.broker import Broker, configuration, start, write_configuration
from deploy.local.layout import free_port
from tests.shared.test_following import registered
from tests.support.broker import PASSWORDS, publish
from tests.support.service import ServiceUnderTest
from tests.support.waiting import eventually


async def ready(probe: ServiceUnderTest) -> Any:
    """Ask whether it is ready, once it is connected to its broker."""

    async def connected() -> Any:
        answer = await probe.client.get("/readyz")
        return None if "not connected" in answer.text else answer

    return await eventually(connected)


async def test_a_service_with_all_its_parts_is_ready(probe: ServiceUnderTest) -> None:
    probe.app.state.backend.broker_monitoring = probe.broker.monitoring_url

    answer = await ready(probe)

    assert (answer.status_code, answer.json()["parts"]) == (200, {"database": "ok", "broker": "ok"})


async def test_a_broker_that_does_not_write_before_it_acknowledges_is_named(
    probe: ServiceUnderTest, tmp_path: Path
) -> None:
    broker = Broker(tmp_path / "nats", free_port(), free_port())
    text = configuration(broker, PASSWORDS, ())
    write_configuration(broker, text.replace("sync_interval: always", 'sync_interval: "2m"'))
    server = start(broker, tmp_path / "nats.log")
    probe.app.state.backend.broker_monitoring = broker.monitoring_url
    try:

        async def named() -> bool:
            answer = await ready(probe)
            return answer.status_code == 503 and "broker_not_durable" in answer.json()["parts"]["broker"]

        assert await eventually(named)
    finally:
        server.kill()
        server.wait(10)
        probe.app.state.backend.broker_monitoring = None


async def test_the_metrics_show_an_event_that_waits_for_its_predecessor(probe: ServiceUnderTest) -> None:
    await publish(probe.broker, registered("gap", 1))
    await publish(probe.broker, registered("gap", 3))
    line = 'tongban_events_waiting{durable="REGISTRATION/hotline",service="hotline"}'

    async def shown(value: str) -> bool:
        metrics = (await probe.client.get("/metrics")).text
        return f"{line} {value}" in metrics or (value == "0.0" and line not in metrics)

    assert await eventually(lambda: shown("1.0"))

    await publish(probe.broker, registered("gap", 2))

    assert await eventually(lambda: shown("0.0"))
