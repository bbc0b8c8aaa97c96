"""Secrets of a local suite: made once per data directory, at random, readable by the owner alone."""

import json
import os
import secrets
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

from deploy.local.layout import PART_NAMES, DataDirectory
from deploy.local.refusals import Refused

PROVISIONER: Final = "provisioner"
SIGNING_PARTS: Final = ("gateway", "registration", "licensing")


@dataclass(frozen=True)
class LocalSecrets:
    """Passwords and shared secrets by the name of who owns them.

    `person_reference` is one key for registration and the gateway; an older directory gets it at the next start.
    """

    postgres_superuser: str
    database: dict[str, str]
    nats: dict[str, str]
    hmac: dict[str, str]
    accounts: dict[str, str]
    person_reference: str = ""


def load_or_create(
    data: DataDirectory, *, accounts: tuple[str, ...], subscribers: tuple[str, ...]
) -> LocalSecrets:
    """Read the secrets and add what is missing (a new account); what exists never changes."""
    known = _read(data.secrets_file)
    filled: dict[str, Any] = {
        "postgres_superuser": known.get("postgres_superuser") or secrets.token_urlsafe(24),
        "database": _fill(known.get("database"), PART_NAMES, _password),
        "nats": _fill(known.get("nats"), (*PART_NAMES, PROVISIONER, *subscribers), _password),
        "hmac": _fill(known.get("hmac"), PART_NAMES, _hmac_secret),
        "accounts": _fill(known.get("accounts"), accounts, _account_password),
        "person_reference": known.get("person_reference") or _hmac_secret(),
    }
    if filled != known:
        write_private(data.secrets_file, json.dumps(filled, indent=2).encode())
    return LocalSecrets(**filled)


def load(data: DataDirectory) -> LocalSecrets:
    """Raises: Refused when this data directory has never been started."""
    if not data.secrets_file.is_file():
        raise Refused(f"{data.root} holds no suite yet; start one with `tongban up`")
    return LocalSecrets(**_read(data.secrets_file))


def signing_key_file(data: DataDirectory, name: str) -> Path:
    """The PEM of an EC P-256 key; made when it is not there."""
    path = data.keys / f"{name}.pem"
    if not path.exists():
        pem = ec.generate_private_key(ec.SECP256R1()).private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        write_private(path, pem)
    return path


def client_key_file(data: DataDirectory, client_id: str) -> Path:
    return signing_key_file(data, f"client-{client_id}")


def write_private(path: Path, content: bytes) -> None:
    """Write whole or not at all, never readable by others, not even for a moment."""
    draft = path.with_name(f".{path.name}.draft")
    draft.unlink(missing_ok=True)
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)


def _read(path: Path) -> dict[str, Any]:
    if not path.is_file():
        return {}
    try:
        document = json.loads(path.read_text())
    except ValueError as error:
        raise Refused(
            f"{path} is damaged ({error}); restore it, or start on another --data directory"
        ) from error
    if not isinstance(document, dict):
        raise Refused(f"{path} is damaged (not an object); restore it, or start on another --data directory")
    return document


def _fill(known: dict[str, str] | None, names: Iterable[str], make: Callable[[], str]) -> dict[str, str]:
    present = known or {}
    return present | {name: make() for name in names if name not in present}


def _password() -> str:
    return secrets.token_urlsafe(24)


def _hmac_secret() -> str:
    return secrets.token_hex(32)


def _account_password() -> str:
    """Short enough to be typed into the login page: 64 bits."""
    return "-".join(secrets.token_hex(2) for _ in range(4))
