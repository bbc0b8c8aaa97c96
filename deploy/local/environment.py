"""The environment of each process of a local suite: its own service's variables and the common ones."""

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from deploy.local import secrets
from deploy.local.layout import GATEWAY, HOST, SERVICES, DataDirectory, Part, Ports
from deploy.local.secrets import LocalSecrets

# Of the operator's own TONGBAN_* variables only what tests of faults need may reach a process.
PASSED_ON: Final = ("TONGBAN_FAULTPOINT", "TONGBAN_LOG_LEVEL")
# Who names natural persons to one another by a keyed reference.
PERSON_REFERENCE_PARTS: Final = ("registration", "gateway")


@dataclass(frozen=True)
class Surroundings:
    """What the environments are made from."""

    data: DataDirectory
    ports: Ports
    secrets: LocalSecrets
    region_pack: Path

    @property
    def public_url(self) -> str:
        return self.ports.url(GATEWAY)

    def database_url(self, part: Part, *, driver: str = "+asyncpg") -> str:
        password = self.secrets.database[part.name]
        return f"postgresql{driver}://{part.name}:{password}@{HOST}:{self.ports.postgres}/{part.name}"


def inherited() -> dict[str, str]:
    """The operator's environment without any setting of the suite."""
    return {
        name: value
        for name, value in os.environ.items()
        if not name.startswith("TONGBAN_") or name in PASSED_ON
    } | {"PYTHONUNBUFFERED": "1"}


def environment_of(part: Part, around: Surroundings) -> dict[str, str]:
    own = f"TONGBAN_{part.name.upper()}_"
    variables = {
        "TONGBAN_MODE": "local",
        "TONGBAN_REGION_PACK": str(around.region_pack),
        "TONGBAN_NATS_URL": f"nats://{HOST}:{around.ports.nats}",
        "TONGBAN_NATS_MONITORING_URL": f"http://{HOST}:{around.ports.nats_monitoring}",
        "TONGBAN_PUBLIC_URL": around.public_url,
        "TONGBAN_IDENTITY_URL": around.public_url,
        f"{own}DATABASE_URL": around.database_url(part),
        f"{own}NATS_USER": part.name,
        f"{own}NATS_PASSWORD": around.secrets.nats[part.name],
        f"{own}SECRET": around.secrets.hmac[part.name],
    }
    if part.name in PERSON_REFERENCE_PARTS:
        variables["TONGBAN_PERSON_REFERENCE_KEY"] = around.secrets.person_reference
    if part.name in secrets.SIGNING_PARTS:
        variables[f"{own}SIGNING_KEY_FILE"] = str(secrets.signing_key_file(around.data, part.name))
        older = around.data.keys / "older" / part.name
        if older.is_dir():
            variables[f"{own}OLDER_KEYS"] = str(older)
    if part is GATEWAY:
        variables |= {f"{own}{service.name.upper()}_URL": around.ports.url(service) for service in SERVICES}
        variables[f"{own}SEED_FILE"] = str(around.data.seed_file)
    return inherited() | variables
