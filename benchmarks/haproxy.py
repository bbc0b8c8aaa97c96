"""HAProxy as the proxy's peer, checking the same ES256 token; and as an upstream that costs nothing."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from cryptography.hazmat.primitives import serialization

from deploy.local.layout import HOST

COMMON: Final = """\
global
    nbthread 1                        # one thread, as the gateway's API is one process
    maxconn 1000
defaults
    mode http
    timeout connect 2s
    timeout client 30s
    timeout server 30s
    http-reuse safe
"""

CHECKING: Final = """\
frontend checking_{name}
    bind {host}:{port}
    http-request set-var(txn.alg) http_auth_bearer,jwt_header_query('$.alg')
    http-request set-var(txn.iss) http_auth_bearer,jwt_payload_query('$.iss')
    http-request set-var(txn.exp) http_auth_bearer,jwt_payload_query('$.exp','int')
    http-request set-var(txn.now) date()
    http-request deny deny_status 401 unless {{ var(txn.alg) -m str ES256 }}
    http-request deny deny_status 401 unless {{ var(txn.iss) -m str {issuer} }}
    http-request deny deny_status 401 if {{ var(txn.exp),sub(txn.now) -m int le 0 }}
    http-request deny deny_status 401 unless {{ http_auth_bearer,jwt_verify(txn.alg,"{key}") -m int 1 }}
    default_backend upstream_{name}
backend upstream_{name}
    server only {host}:{upstream}
"""

CONSTANT: Final = """\
frontend constant
    bind {host}:{port}
    http-request return status 200 content-type application/json string '{answer}'
"""


@dataclass(frozen=True)
class CheckedRoute:
    """A port that forwards to another one what carries a good token."""

    name: str
    port: int
    upstream: int


def checking_configuration(routes: tuple[CheckedRoute, ...], *, issuer: str, public_key: Path) -> str:
    """Signature, algorithm, issuer and end of the token are checked on every request."""
    fronts = (
        CHECKING.format(
            name=route.name,
            host=HOST,
            port=route.port,
            upstream=route.upstream,
            issuer=issuer,
            key=public_key,
        )
        for route in routes
    )
    return COMMON + "".join(fronts)


def constant_configuration(port: int, answer: str) -> str:
    """An upstream that gives one answer from memory."""
    return COMMON + CONSTANT.format(host=HOST, port=port, answer=answer)


def command(program: Path, configuration: Path) -> list[str]:
    """In the foreground, one process."""
    return [str(program), "-db", "-q", "-f", str(configuration)]


def write_public_key(private_pem: Path, public_pem: Path) -> None:
    """The public half of a private key, as HAProxy reads it."""
    key = serialization.load_pem_private_key(private_pem.read_bytes(), password=None)
    public_pem.write_bytes(
        key.public_key().public_bytes(
            serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
        )
    )
