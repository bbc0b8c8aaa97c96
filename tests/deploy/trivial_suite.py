"""Real PostgreSQL, real NATS and ten trivial processes: what the supervisor does, without services.

As a program: `python -m tests.deploy.trivial_suite DATA PORT`, the same foreground run as `tongban up`.
"""

import asyncio
import sys
from pathlib import Path

from rich.console import Console

from deploy.local.blueprint import CALLERS, SERVICE_APIS, Blueprint
from deploy.local.commands.lifecycle import serve
from deploy.local.commands.options import refusals
from deploy.local.environment import Surroundings, environment_of
from deploy.local.layout import GATEWAY, PARTS, DataDirectory
from deploy.local.seed import SeedAgency
from deploy.local.suite import SuiteOptions
from deploy.local.supervisor import ChildSpec
from shared.messaging.topology import Follower, follow

AGENCIES = (SeedAgency("tax", "税务局"), SeedAgency("fire_rescue", "消防救援大队"))
FOLLOWERS = (follow("credit", "registration", "enterprise"),)
READY_API = """
import http.server, sys
class Ready(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.end_headers()
    def log_message(self, *words):
        pass
http.server.ThreadingHTTPServer.allow_reuse_address = True
http.server.ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Ready).serve_forever()
"""
IDLE_WORKER = "import signal; signal.pause()"


def trivial_processes(around: Surroundings) -> list[ChildSpec]:
    def child(name: str, phase: int, *command: str) -> ChildSpec:
        part = next(part for part in PARTS if name.startswith(part.name))
        return ChildSpec(
            name=name,
            command=[sys.executable, "-S", "-c", *command],
            environment=environment_of(part, around),
            log=around.data.log(name),
            stop_phase=phase,
        )

    apis = [
        child(
            f"{part.name}.api",
            CALLERS if part is GATEWAY else SERVICE_APIS,
            READY_API,
            str(around.ports.api(part)),
        )
        for part in PARTS
    ]
    return apis + [child(f"{part.name}.worker", CALLERS, IDLE_WORKER) for part in PARTS]


def failing_processes(around: Surroundings) -> list[ChildSpec]:
    """One API that ends at once, as with a wrong setting."""
    specs = trivial_processes(around)
    broken = ChildSpec(
        name=specs[0].name,
        command=[sys.executable, "-S", "-c", "raise SystemExit('the signing key is not readable')"],
        environment=specs[0].environment,
        log=specs[0].log,
        stop_phase=specs[0].stop_phase,
    )
    return [broken, *specs[1:]]


async def no_migration(_around: Surroundings) -> None:
    """Trivial processes have no tables."""


def trivial_followers() -> tuple[Follower, ...]:
    return FOLLOWERS


TRIVIAL = Blueprint(
    agencies=lambda _pack: AGENCIES,
    followers=trivial_followers,
    migrate=no_migration,
    processes=trivial_processes,
)


if __name__ == "__main__":
    data = DataDirectory(Path(sys.argv[1]))
    with refusals():
        options = SuiteOptions(data, int(sys.argv[2]), region=str(data.root.parent))
        asyncio.run(serve(options, TRIVIAL, Console(file=sys.stdout)))
