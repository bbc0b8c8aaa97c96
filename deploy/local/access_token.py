"""The client credentials grant with `private_key_jwt`."""

import base64
import json
import secrets
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature

from deploy.local.environment import Surroundings
from deploy.local.refusals import Refused
from deploy.local.secrets import client_key_file
from deploy.local.seed import read_client

ASSERTION_SECONDS: Final = 60
ASSERTION_TYPE: Final = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"


@dataclass(frozen=True)
class Credentials:
    """A client, and the private key by which it proves itself."""

    client_id: str
    pem: Path
    kid: str


def request_token(around: Surroundings, client_id: str, scopes: tuple[str, ...]) -> dict[str, Any]:
    """Return the token endpoint's answer to a client of the local seed. Raises: Refused."""
    client = read_client(around.data, client_id)
    if client.jwk is None:
        raise Refused(f"{client_id!r} is a public client: it signs people in, it has no token of its own")
    credentials = Credentials(client_id, client_key_file(around.data, client_id), client.jwk["kid"])
    return fetch_token(around.public_url, around.public_url, credentials, scopes or client.scopes)


def fetch_token(gateway: str, issuer: str, credentials: Credentials, scopes: Sequence[str]) -> dict[str, Any]:
    """Return the token endpoint's answer. Raises: Refused with the endpoint's own reason."""
    form = {
        "grant_type": "client_credentials",
        "scope": " ".join(scopes),
        "client_assertion_type": ASSERTION_TYPE,
        "client_assertion": client_assertion(
            credentials.pem, credentials.client_id, credentials.kid, audience=issuer
        ),
    }
    request = urllib.request.Request(  # noqa: S310 - the gateway that the operator names
        f"{gateway}/oauth2/token", data=urllib.parse.urlencode(form).encode()
    )
    try:
        with urllib.request.urlopen(request, timeout=10) as response:  # noqa: S310
            answer: dict[str, Any] = json.load(response)
            return answer
    except urllib.error.HTTPError as error:
        raise Refused(f"the gateway refuses: {_reason(error)}") from error
    except OSError as error:
        raise Refused(f"the gateway does not answer: {error}") from error


def _reason(error: urllib.error.HTTPError) -> str:
    """What an OAuth error (RFC 6749) or a problem document says; the status where there is neither."""
    try:
        document = json.loads(error.read(4096))
        stated = [
            document[name] for name in ("error", "error_description", "title", "detail") if name in document
        ]
    except (ValueError, TypeError):
        stated = []
    return ": ".join(map(str, stated)) or f"HTTP {error.code}"


def client_assertion(pem: Path, client_id: str, kid: str, *, audience: str) -> str:
    """A signed statement of the client about itself, good once and for a minute.

    Source: RFC 7523 section 3; the audience is the issuer alone (draft-ietf-oauth-rfc7523bis).
    """
    issued_at = int(time.time())
    header = {"alg": "ES256", "kid": kid, "typ": "client-authentication+jwt"}
    claims = {
        "iss": client_id,
        "sub": client_id,
        "aud": audience,
        "iat": issued_at,
        "exp": issued_at + ASSERTION_SECONDS,
        "jti": secrets.token_urlsafe(16),
    }
    signed = f"{_part(header)}.{_part(claims)}"
    key = serialization.load_pem_private_key(pem.read_bytes(), password=None)
    if not isinstance(key, ec.EllipticCurvePrivateKey):
        raise Refused(f"{pem} is not an EC key")
    r, s = decode_dss_signature(key.sign(signed.encode(), ec.ECDSA(hashes.SHA256())))
    return f"{signed}.{_encoded(r.to_bytes(32, 'big') + s.to_bytes(32, 'big'))}"


def _part(members: dict[str, Any]) -> str:
    return _encoded(json.dumps(members, separators=(",", ":")).encode())


def _encoded(octets: bytes) -> str:
    return base64.urlsafe_b64encode(octets).rstrip(b"=").decode()
