"""The gateway's register of clients, as an administrator uses it from the command line."""

import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import httpx
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

from deploy.local.access_token import Credentials, fetch_token
from deploy.local.refusals import Refused
from deploy.local.secrets import write_private
from deploy.local.seed import public_jwk

CLIENTS: Final = "/identity/v1/clients"
SCOPE: Final = "identity.client.manage"
# What to do about a refusal whose own words do not say it.
_CURES: Final = {
    "client-not-found": "`tongban client list` shows all",
    "client-id-taken": "choose another id; a closed client's is not given again",
    "identity-authority-only": "only a client of the data bureau registers clients",
    "last-key": "`tongban client add-key` first; where the key is compromised, `tongban client suspend`",
    "too-many-keys": "`tongban client remove-key` first",
    "client-action-not-allowed": "`tongban client show` tells how it stands",
}


@dataclass(frozen=True)
class Registry:
    """The register behind a gateway, with an administrator's token."""

    gateway: str
    token: str = field(repr=False)

    @classmethod
    def behind(cls, gateway: str, client_id: str, pem: Path) -> "Registry":
        """Get a token as the administrator's client. Raises: Refused."""
        address = gateway.rstrip("/")
        try:
            found = httpx.get(f"{address}/.well-known/openid-configuration", timeout=10).json()
            issuer = str(found["issuer"])
        except (httpx.HTTPError, ValueError, KeyError, TypeError) as error:
            raise Refused(f"no gateway answers at {address}; check --gateway ({error})") from error
        credentials = Credentials(client_id, pem, public_jwk(pem)["kid"])
        return cls(address, fetch_token(address, issuer, credentials, (SCOPE,))["access_token"])

    def list_clients(self, filters: Mapping[str, str]) -> list[dict[str, Any]]:
        """Return all clients, page by page."""
        found: list[dict[str, Any]] = []
        cursor: dict[str, str] = {}
        while True:
            page = self._ask("GET", CLIENTS, params={**filters, "limit": "200", **cursor})
            found += page["entries"]
            if page["next_cursor"] is None:
                return found
            cursor = {"cursor": page["next_cursor"]}

    def read(self, client_id: str) -> dict[str, Any]:
        """Raises: Refused for one that is not there."""
        return self._ask("GET", f"{CLIENTS}/{client_id}")

    def register(self, body: Mapping[str, object]) -> dict[str, Any]:
        """Raises: Refused with every reason."""
        return self._ask("POST", CLIENTS, body)

    def act(self, client_id: str, action: str, body: Mapping[str, object] | None = None) -> dict[str, Any]:
        """Do something to a client: `release`, `suspension`, `keys` ... Raises: Refused."""
        return self._ask("POST", f"{CLIENTS}/{client_id}/{action}", body)

    def _ask(
        self,
        method: str,
        path: str,
        body: Mapping[str, object] | None = None,
        params: Mapping[str, str] | None = None,
    ) -> dict[str, Any]:
        headers = {
            "Authorization": f"Bearer {self.token}",
            "Accept-Language": "en",
            "Idempotency-Key": secrets.token_hex(16),
        }
        try:
            answer = httpx.request(
                method, self.gateway + path, json=body, params=params, headers=headers, timeout=20
            )
            told: dict[str, Any] = answer.json()
        except (httpx.HTTPError, ValueError) as error:
            raise Refused(f"{self.gateway} does not answer as a gateway does: {error}") from error
        if answer.is_success:
            return told
        raise Refused(_reason(told))


def _reason(problem: Mapping[str, Any]) -> str:
    slug = str(problem.get("type", "")).rpartition("/")[2]
    said = [str(problem[name]) for name in ("title", "detail") if problem.get(name)]
    if slug in _CURES:
        said.append(_CURES[slug])
    faults = [f"\n  {each['pointer']}: {each['detail']}" for each in problem.get("errors", ())]
    return "; ".join(said) + "".join(faults)


def new_key(file: Path) -> dict[str, str]:
    """Make a key pair: the private half into a file that only its owner reads; return the public half.

    Raises: Refused where the file exists.
    """
    if file.exists():
        raise Refused(f"{file} exists; a key is never overwritten: name another file")
    if not file.absolute().parent.is_dir():
        raise Refused(f"{file.absolute().parent} is no folder; make it first")
    pem = ec.generate_private_key(ec.SECP256R1()).private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    write_private(file.absolute(), pem)
    return public_jwk(file)


def read_public_jwk(file: Path) -> dict[str, str]:
    """Read a public JWK. Raises: Refused, above all for a private key."""
    try:
        text = file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise Refused(f"{file} cannot be read: {error}") from error
    if "PRIVATE KEY" in text:
        raise Refused(f"{file} is a private key, which never leaves its owner; give the public JWK instead")
    try:
        jwk = json.loads(text)
    except ValueError as error:
        raise Refused(f"{file} is no JWK (JSON); `tongban client new-key` prints one") from error
    if not isinstance(jwk, dict) or "d" in jwk:
        raise Refused(f"{file} is not one public JWK; a private half (`d`) never leaves its owner")
    return jwk
