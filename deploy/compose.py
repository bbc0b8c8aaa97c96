"""Writes `docker-compose.yml` and `deploy/nats/nats.conf` from what the code declares: `python -m deploy.compose`.

The compose file runs the suite on managed parts: PostgreSQL, three NATS nodes with streams R3, HAProxy in front.
It is written, not edited, so that it cannot drift from the settings; a test compares.
"""

import io
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Final

from ruamel.yaml import YAML

from deploy.local.blueprint import http_of
from deploy.local.broker import publish_permissions, service_permissions
from deploy.local.declared import declared_followers
from deploy.local.environment import PERSON_REFERENCE_PARTS
from shared.messaging.subscribers import OUTSIDE

ROOT: Final = Path(__file__).parents[1]
SERVICES: Final = ("registration", "credit", "licensing", "hotline")
PARTS: Final = (*SERVICES, "gateway")
SIGNING: Final = ("registration", "licensing", "gateway")
NODES: Final = ("nats-1", "nats-2", "nats-3")
# The gateways believe one address what it says of callers' addresses: HAProxy's, which no other container can be
# given, as the engine takes theirs from the upper half.
INSIDE: Final = "172.31.94.0/24"
INSIDE_TAKEN_FROM: Final = "172.31.94.128/25"
HAPROXY: Final = "172.31.94.10"

_NATS_HEAD = """\
# Written by `python -m deploy.compose` from the consumers that the code declares; changes here are lost.
# Passwords come from the environment. Three nodes; streams are made with three replicas by the provisioner.
server_name: $NATS_SERVER_NAME
listen: "0.0.0.0:4222"
http: "0.0.0.0:8222"               # inside the compose network only
max_payload: 1MB                   # the outbox refuses rows over 256 kB, so that nothing can be unpublishable
ping_interval: "20s"
ping_max: 3
write_deadline: "10s"
jetstream {
  store_dir: "/data"
  sync_interval: always            # an acknowledgement is as durable as its fsync
  max_file_store: 20GB
  max_memory_store: 64MB
}
cluster {
  name: tongban
  listen: "0.0.0.0:6222"
  authorization { user: route, password: $TONGBAN_NATS_ROUTE_PASSWORD }
  routes: [ROUTES]
}
"""


def nats_configuration() -> str:
    """The configuration that all three nodes share."""
    followers = declared_followers()
    users = [
        _user(part, f"$TONGBAN_{part.upper()}_NATS_PASSWORD", service_permissions(part, followers))
        for part in PARTS
    ]
    users += [
        _user(name, f"$TONGBAN_SUBSCRIBER_{name.upper()}_NATS_PASSWORD", publish_permissions(None, followed))
        for name, followed in OUTSIDE.items()
    ]
    users.append("  { user: provisioner, password: $TONGBAN_PROVISIONER_PASSWORD }")
    # NATS puts a variable in place of a whole value only, so that each route is a variable of its own.
    head = _NATS_HEAD.replace("ROUTES", ", ".join(f"${_route_variable(node)}" for node in NODES))
    return head + "accounts { TONGBAN { jetstream: enabled, users: [\n" + ",\n".join(users) + "\n] } }\n"


def _route_variable(node: str) -> str:
    return f"TONGBAN_ROUTE_TO_{node.replace('-', '_').upper()}"


def _user(name: str, password: str, permissions: Iterable[str]) -> str:
    allowed = ",\n        ".join(f'"{subject}"' for subject in permissions)
    return (
        f"  {{ user: {name}, password: {password}, permissions: {{\n"
        f"      publish: {{ allow: [\n        {allowed}\n      ] }}\n"
        f'      subscribe: {{ allow: ["_INBOX_{name}.>"] }} }} }}'
    )


def compose_document() -> dict[str, Any]:
    """The compose file as data."""
    services: dict[str, Any] = {"postgres": _postgres(), **{node: _nats(node) for node in NODES}}
    services["provision"] = _provision()
    for part in PARTS:
        services[f"{part}-migrate"] = _migrate(part)
        services[f"{part}-api"] = _api(part)
        services[f"{part}-worker"] = _worker(part)
    services["haproxy"] = _haproxy()
    return {
        "name": "tongban",
        "services": services,
        "networks": {
            "inside": {
                "internal": True,
                "ipam": {"config": [{"subnet": INSIDE, "ip_range": INSIDE_TAKEN_FROM}]},
            },
            "outside": {},
        },
        "volumes": {name: {} for name in ("postgres-data", *(f"{node}-data" for node in NODES))},
        "secrets": {
            f"{part}-signing-key": {"file": f"${{TONGBAN_SECRETS_DIR:?}}/{part}.pem"} for part in SIGNING
        }
        | {
            "tls": {"file": "${TONGBAN_SECRETS_DIR:?}/tongban.pem"},
            "first-client": {"file": "${TONGBAN_SECRETS_DIR:?}/first-client.json"},
        },
    }


def _needed(variable: str) -> str:
    """A value that must be set by the operator: compose refuses to start without it."""
    return f"${{{variable}:?}}"


def _postgres() -> dict[str, Any]:
    passwords = [f"TONGBAN_{part.upper()}_DATABASE_PASSWORD" for part in PARTS]
    return {
        "image": "postgres:18",
        "command": ["postgres", "-c", "max_connections=200", "-c", "log_min_error_statement=panic"],
        "environment": {
            "POSTGRES_PASSWORD": _needed("TONGBAN_POSTGRES_PASSWORD"),
            "POSTGRES_INITDB_ARGS": "--data-checksums",
        }
        | {name: _needed(name) for name in passwords},
        "volumes": [
            "postgres-data:/var/lib/postgresql",
            "./deploy/postgres/create-roles.sh:/docker-entrypoint-initdb.d/create-roles.sh:ro",
        ],
        "healthcheck": {"test": ["CMD", "pg_isready", "-U", "postgres"], "interval": "2s", "retries": 30},
        "networks": ["inside"],
        "restart": "unless-stopped",
    }


def _nats(node: str) -> dict[str, Any]:
    users = ["TONGBAN_PROVISIONER_PASSWORD", *(f"TONGBAN_{part.upper()}_NATS_PASSWORD" for part in PARTS)]
    users += [f"TONGBAN_SUBSCRIBER_{name.upper()}_NATS_PASSWORD" for name in OUTSIDE]
    return {
        "image": "nats:2.12-alpine",
        "command": ["--config", "/etc/nats/nats.conf"],
        "environment": {"NATS_SERVER_NAME": node}
        | {name: _needed(name) for name in (*users, "TONGBAN_NATS_ROUTE_PASSWORD")}
        | {
            _route_variable(
                other
            ): f"nats-route://route:{_needed('TONGBAN_NATS_ROUTE_PASSWORD')}@{other}:6222"
            for other in NODES
        },
        "volumes": [f"{node}-data:/data", "./deploy/nats/nats.conf:/etc/nats/nats.conf:ro"],
        "healthcheck": {
            "test": ["CMD", "wget", "-qO-", "http://127.0.0.1:8222/healthz"],
            "interval": "2s",
            "retries": 30,
        },
        "networks": ["inside"],
        "restart": "unless-stopped",
    }


def _provision() -> dict[str, Any]:
    return {
        "build": {"context": ".", "dockerfile": "deploy/images/provision.Dockerfile"},
        "image": "tongban/provision",
        "command": ["python", "-m", "deploy.local.provision"],
        "environment": {
            "TONGBAN_NATS_URL": _nats_url(),
            "TONGBAN_PROVISIONER_REPLICAS": "3",
            "TONGBAN_PROVISIONER_PASSWORD": _needed("TONGBAN_PROVISIONER_PASSWORD"),
        },
        "depends_on": {node: {"condition": "service_healthy"} for node in NODES},
        "networks": ["inside"],
        "restart": "on-failure",
    }


def _nats_url() -> str:
    return ",".join(f"nats://{node}:4222" for node in NODES)


def _database_url(part: str) -> str:
    password = _needed(f"TONGBAN_{part.upper()}_DATABASE_PASSWORD")
    return f"postgresql+asyncpg://{part}:{password}@postgres:5432/{part}"


def _package(part: str) -> str:
    return part if part == "gateway" else f"services.{part}"


def _image(part: str) -> dict[str, Any]:
    if part == "gateway":
        return {
            "build": {"context": ".", "dockerfile": "deploy/images/gateway.Dockerfile"},
            "image": "tongban/gateway",
        }
    build = {"context": ".", "dockerfile": "deploy/images/service.Dockerfile", "args": {"SERVICE": part}}
    return {"build": build, "image": f"tongban/{part}"}


def _environment(part: str) -> dict[str, str]:
    own = f"TONGBAN_{part.upper()}_"
    made = {
        "TONGBAN_MODE": "production",
        "TONGBAN_NATS_URL": _nats_url(),
        "TONGBAN_NATS_MONITORING_URL": ",".join(f"http://{node}:8222" for node in NODES),
        "TONGBAN_PUBLIC_URL": _needed("TONGBAN_PUBLIC_URL"),
        "TONGBAN_IDENTITY_URL": "http://gateway-api:8000",
        f"{own}DATABASE_URL": _database_url(part),
        f"{own}NATS_USER": part,
        f"{own}NATS_PASSWORD": _needed(f"{own}NATS_PASSWORD"),
        f"{own}SECRET": _needed(f"{own}SECRET"),
    }
    if part in PERSON_REFERENCE_PARTS:
        made["TONGBAN_PERSON_REFERENCE_KEY"] = _needed("TONGBAN_PERSON_REFERENCE_KEY")
    if part in SIGNING:
        made[f"{own}SIGNING_KEY_FILE"] = f"/run/secrets/{part}-signing-key"
    if part == "gateway":
        made |= {f"{own}{service.upper()}_URL": f"http://{service}-api:8000" for service in SERVICES}
        made[f"{own}FIRST_CLIENT_FILE"] = "/run/secrets/first-client"
        made[f"{own}TRUSTED_PROXIES"] = HAPROXY
    return made


def _migrate(part: str) -> dict[str, Any]:
    return {
        **_image(part),
        "command": ["python", "-m", "shared.database.migrate", _package(part), _database_url(part)],
        "depends_on": {"postgres": {"condition": "service_healthy"}},
        "networks": ["inside"],
        "restart": "on-failure",
    }


def _process(part: str) -> dict[str, Any]:
    made = {
        **_image(part),
        "environment": _environment(part),
        "depends_on": {
            f"{part}-migrate": {"condition": "service_completed_successfully"},
            "provision": {"condition": "service_completed_successfully"},
        },
        "networks": ["inside"],
        "restart": "unless-stopped",
        "stop_grace_period": "20s",
        "read_only": True,
        "tmpfs": ["/tmp"],  # noqa: S108 - inside the container
        "cap_drop": ["ALL"],
        "security_opt": ["no-new-privileges:true"],
    }
    if part in SIGNING:
        made["secrets"] = [f"{part}-signing-key", *(["first-client"] if part == "gateway" else [])]
    return made


def _api(part: str) -> dict[str, Any]:
    probe = "import urllib.request as u; u.urlopen('http://127.0.0.1:8000/readyz', timeout=3)"
    return {
        **_process(part),
        "command": [
            "python", "-m", "uvicorn", f"{_package(part)}.app:create_app", "--factory", "--host", "0.0.0.0",  # noqa: S104
            "--port", "8000", "--http", http_of(part), "--no-server-header", "--no-proxy-headers", "--no-access-log",
            "--timeout-keep-alive", "5", "--timeout-graceful-shutdown", "15", "--backlog", "512", "--ws", "none",
        ],
        "healthcheck": {"test": ["CMD", "python", "-c", probe], "interval": "5s", "retries": 12},
        **({"deploy": {"replicas": 2}} if part == "gateway" else {}),
    }  # fmt: skip


def _worker(part: str) -> dict[str, Any]:
    return {**_process(part), "command": ["python", "-m", f"{_package(part)}.worker"]}


def _haproxy() -> dict[str, Any]:
    return {
        "image": "haproxy:3.2-alpine",
        "ports": ["443:8443", "80:8080"],
        "volumes": ["./deploy/haproxy/haproxy.cfg:/usr/local/etc/haproxy/haproxy.cfg:ro"],
        "secrets": [{"source": "tls", "target": "/etc/haproxy/tls/tongban.pem"}],
        "depends_on": {"gateway-api": {"condition": "service_healthy"}},
        "networks": {"inside": {"ipv4_address": HAPROXY}, "outside": {}},
        "restart": "unless-stopped",
    }


def compose_text() -> str:
    """The compose file's content."""
    yaml = YAML()
    yaml.default_flow_style = False
    yaml.width = 200
    out = io.StringIO()
    out.write(
        "# Written by `python -m deploy.compose`; changes here are lost. See docs/runbook.md for the variables.\n"
    )
    yaml.dump(compose_document(), out)
    return out.getvalue()


def main() -> None:
    """Write both files."""
    (ROOT / "docker-compose.yml").write_text(compose_text())
    (ROOT / "deploy" / "nats" / "nats.conf").write_text(nats_configuration())


if __name__ == "__main__":
    main()
