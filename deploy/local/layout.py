"""Where everything of a local suite is: parts and their ports, files and folders of the data directory."""

import os
import shutil
import socket
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from deploy.local.refusals import PortTaken, Refused, refusal_of

HOST: Final = "127.0.0.1"
DEFAULT_PORT: Final = 8000
MINIMUM_FREE_BYTES: Final = 512 * 2**20


@dataclass(frozen=True)
class Part:
    """A process pair of the suite: an API and a worker, with one database and one broker user."""

    name: str
    package: str
    port_offset: int

    @property
    def stream(self) -> str:
        return self.name.upper()


SERVICES: Final = (
    Part("registration", "services.registration", 1),
    Part("credit", "services.credit", 2),
    Part("licensing", "services.licensing", 3),
    Part("hotline", "services.hotline", 4),
)
GATEWAY: Final = Part("gateway", "gateway", 0)
PARTS: Final = (*SERVICES, GATEWAY)
PART_NAMES: Final = tuple(part.name for part in PARTS)


@dataclass(frozen=True)
class Ports:
    """Eight neighbouring ports on the loopback address, counted from the gateway's."""

    base: int

    @property
    def postgres(self) -> int:
        return self.base + 5

    @property
    def nats(self) -> int:
        return self.base + 6

    @property
    def nats_monitoring(self) -> int:
        return self.base + 7

    def api(self, part: Part) -> int:
        return self.base + part.port_offset

    def url(self, part: Part) -> str:
        return f"http://{HOST}:{self.api(part)}"

    def __iter__(self) -> Iterator[tuple[int, str]]:
        yield from ((self.api(part), f"the API of {part.name}") for part in PARTS)
        yield self.postgres, "PostgreSQL"
        yield self.nats, "NATS"
        yield self.nats_monitoring, "NATS monitoring"

    def refuse_taken(self) -> None:
        """Raises: PortTaken for the first port on which somebody listens; Refused for an impossible base."""
        if not 1024 <= self.base <= 65528:
            raise Refused(f"base port {self.base} is not between 1024 and 65528")
        for port, wanted_by in self:
            if not is_free(port):
                raise PortTaken(port, wanted_by)


def is_free(port: int) -> bool:
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        # Without this a port with connections in TIME_WAIT looks taken; a listener is still found.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
    return True


def free_port() -> int:
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.bind((HOST, 0))
        port: int = probe.getsockname()[1]
        return port


@dataclass(frozen=True)
class DataDirectory:
    """Everything that a local suite writes, below one root."""

    root: Path

    @property
    def postgres(self) -> Path:
        return self.root / "postgres"

    @property
    def nats(self) -> Path:
        return self.root / "nats"

    @property
    def logs(self) -> Path:
        return self.root / "logs"

    @property
    def run(self) -> Path:
        return self.root / "run"

    @property
    def keys(self) -> Path:
        return self.root / "keys"

    @property
    def secrets_file(self) -> Path:
        return self.root / "secrets.json"

    @property
    def seed_file(self) -> Path:
        return self.root / "seed.json"

    @property
    def suite_file(self) -> Path:
        return self.root / "suite.json"

    @property
    def lock_file(self) -> Path:
        return self.root / "lock"

    def log(self, name: str) -> Path:
        return self.logs / f"{name}.log"

    def prepare(self) -> None:
        """Make the folders; raises Refused when that is impossible or the disk is as good as full."""
        try:
            self.root.mkdir(parents=True, exist_ok=True)
            # As root PostgreSQL runs as another user, which must be able to pass through, not to look.
            self.root.chmod(0o711 if os.geteuid() == 0 else 0o700)
            for folder in (self.nats, self.logs, self.run, self.keys):
                folder.mkdir(mode=0o700, exist_ok=True)
            probe = self.run / ".probe"
            probe.write_bytes(b"x" * 4096)
            probe.unlink()
        except OSError as error:
            raise refusal_of(error, self.root) from error
        free = shutil.disk_usage(self.root).free
        if free < MINIMUM_FREE_BYTES:
            raise Refused(
                f"the disk that holds {self.root} is full: {free // 2**20} MiB free, "
                f"{MINIMUM_FREE_BYTES // 2**20} MiB needed; free some space or choose another --data"
            )


def checkout() -> Path:
    """The folder that holds `deploy/`: the checkout for an editable installation."""
    return Path(__file__).resolve().parents[2]


def default_data_directory() -> Path:
    """`.tongban` in the checkout; in the working directory where the suite is installed without one."""
    root = checkout()
    return (root if (root / "pyproject.toml").is_file() else Path.cwd()) / ".tongban"


def region_pack_directory(region: str) -> Path:
    """A pack of the checkout by its name, or any folder by its path."""
    named = checkout() / "deploy" / "regions" / region
    for candidate in (named, Path(region)):
        if candidate.is_dir():
            return candidate.resolve()
    raise Refused(f"no region pack {region!r}: neither {named} nor that path is a folder")
