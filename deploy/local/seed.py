"""The clients and accounts that a local suite knows from its first start. All persons are made up."""

import base64
import hashlib
import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from enum import StrEnum
from pathlib import Path
from typing import Final

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

from deploy.local.layout import DataDirectory
from deploy.local.refusals import Refused
from deploy.local.secrets import LocalSecrets, client_key_file, write_private
from gateway.identity.domain.entitlements import SCOPES_OF_PEOPLE

LOOPBACK_REDIRECT: Final = "http://127.0.0.1:8765/callback"

CITIZEN_SCOPES: Final = tuple(sorted(SCOPES_OF_PEOPLE))
# What any agency that takes part may do with its own client.
AGENCY_SCOPES: Final = (
    "registration.enterprise.read",
    "registration.objection.submit",
    "registration.clearance.submit",
    "credit.subject.read",
    "credit.record.write",
    "hotline.ticket.read",
    "hotline.ticket.handle",
    "matters.matter.read",
    "progress.record.read",
    "matters.task.handle",
    "catalogue.grant.read",
    "catalogue.resource.manage",
    "catalogue.request.manage",
    "catalogue.correction.submit",
    "catalogue.item.manage",
    "powers.delegation.read",
    "subscriptions.subscription.manage",
    "audit.record.read",
    "events.read",
    "integrations.event.send",
    "integrations.record.read",
    "identity.client.self",
    "identity.system.read",
    "identity.system.report",
)
COMPONENT_AUTHORITY: Final = (
    "licensing.application.read",
    "licensing.component.decide",
    "powers.delegation.manage",
)
# The comprehensive window of a service hall: it accepts for every department, and decides what is decided on the spot.
WINDOW_SCOPES: Final = (
    "registration.filing.submit",
    "registration.filing.read",
    "registration.filing.decide",
    "licensing.application.submit",
    "licensing.application.read",
    "licensing.component.decide",
    "materials.file.submit",
    "matters.matter.submit",
    "deliveries.delivery.handle",
)
# What an agency may do beyond that, by its key in the region pack.
SCOPES_BY_AGENCY: Final[dict[str, tuple[str, ...]]] = {
    "administrative_approval": (
        "registration.filing.read",
        "registration.filing.decide",
        "registration.register.import",
        "registration.relocation.exchange",
        "licensing.application.read",
        "licensing.application.decide",
        "licensing.component.decide",
        "powers.delegation.manage",
        "deliveries.delivery.handle",
    ),
    "market_supervision": (
        "registration.filing.read",
        "registration.register.import",
        "registration.listing.decide",
        *COMPONENT_AUTHORITY,
    ),
    "bank": ("matters.matter.submit",),
    "court": ("registration.ruling.enter",),
    "fire_rescue": COMPONENT_AUTHORITY,
    "urban_management": COMPONENT_AUTHORITY,
    "health": COMPONENT_AUTHORITY,
    "tobacco": COMPONENT_AUTHORITY,
    "police": COMPONENT_AUTHORITY,
    "housing_construction": COMPONENT_AUTHORITY,
    "ecology": COMPONENT_AUTHORITY,
    "hotline_center": ("hotline.ticket.submit", "hotline.ticket.manage"),
    # A zone: what it takes in at its own counters, and decides as far as it is delegated to it.
    "development_zone": WINDOW_SCOPES,
    "data_bureau": (
        "catalogue.grant.manage",
        "progress.exception.manage",
        "identity.account.manage",
        "powers.delegation.manage",
        "identity.client.manage",
        "identity.key.manage",
        "identity.trust.manage",
        "uplink.record.manage",
        "uplink.record.read",
        "payments.reconciliation.read",
        "notices.dispatch.read",
        "identity.system.manage",
    ),
}


class ClientKind(StrEnum):
    AGENCY = "agency"
    APP = "app"
    SERVICE = "service"


@dataclass(frozen=True)
class SeedAgency:
    """An agency of the region pack, as far as the seed needs it."""

    key: str
    name: str


@dataclass(frozen=True)
class SeedClient:
    """A client of the gateway; a public client has no key."""

    client_id: str
    name: str
    kind: ClientKind
    agency: str | None
    jwk: dict[str, str] | None
    scopes: tuple[str, ...]
    redirect_uris: tuple[str, ...] = ()


@dataclass(frozen=True)
class SeedOffice:
    """Where an officer works: the region's division code, at any of the five levels, and the posts there."""

    region: str
    posts: tuple[str, ...] = ()


@dataclass(frozen=True)
class Person:
    """A made-up person who may sign in; officers have an agency."""

    username: str
    display_name: str
    citizen_id: str
    phone: str
    agency: str | None = None
    duties: tuple[str, ...] = ()
    """Scopes of this officer's own post, which colleagues do not have."""
    office: SeedOffice | None = None


# Numbers are made up, with right check digits (GB 11643) so that forms accept them.
PERSONS: Final = (
    Person("zhangsan", "张三", "140881199001010010", "13900000001"),
    Person("lisi", "李四", "140881199202020020", "13900000002"),
    Person(
        "wangwu",
        "王五",
        "140881198503030033",
        "13900000003",
        agency="administrative_approval",
        office=SeedOffice("140881"),
    ),
    Person(
        "zhaoliu",
        "赵六",
        "140881198804040040",
        "13900000004",
        agency="hotline_center",
        duties=("hotline.identity.read",),
        office=SeedOffice("140881"),
    ),
    Person(
        "chenyi",
        "陈一",
        "140881197905050059",
        "13900000005",
        agency="administrative_approval",
        office=SeedOffice("140881001"),
    ),
    Person(
        "liner",
        "林二",
        "14088119930606006X",
        "13900000006",
        agency="administrative_approval",
        duties=(*WINDOW_SCOPES, "identity.account.recover"),
        office=SeedOffice("140881001001", ("comprehensive_window",)),
    ),
    Person(
        "hesan",
        "何三",
        "14088219820707007X",
        "13900000007",
        agency="administrative_approval",
        office=SeedOffice("140882"),
    ),
    Person(
        "guosi",
        "郭四",
        "140881199108080086",
        "13900000008",
        agency="development_zone",
        office=SeedOffice("140881102"),
    ),
    # Whose agency has no system in the suite: at the task desk.
    Person("zhouqi", "周七", "140881199309090096", "13900000009", agency="police"),
)
USERNAMES: Final = tuple(person.username for person in PERSONS)


def scopes_of_agency(key: str) -> tuple[str, ...]:
    return tuple(sorted({*AGENCY_SCOPES, *SCOPES_BY_AGENCY.get(key, ())}))


def scopes_of_person(person: Person) -> tuple[str, ...]:
    if person.agency is None:
        return CITIZEN_SCOPES
    return tuple(sorted({*scopes_of_agency(person.agency), "identity.account.self", *person.duties}))


def write_seed(
    data: DataDirectory, agencies: Iterable[SeedAgency], secrets: LocalSecrets, public_url: str
) -> Path:
    """Write seed.json for the gateway; the private keys stay in the data directory's `keys`."""
    clients = [
        SeedClient(
            client_id=agency.key,
            name=agency.name,
            kind=ClientKind.AGENCY,
            agency=agency.key,
            jwk=public_jwk(client_key_file(data, agency.key)),
            scopes=scopes_of_agency(agency.key),
        )
        for agency in agencies
    ]
    clients.append(_portal(public_url))
    accounts = [_account(person, secrets.accounts[person.username]) for person in PERSONS]
    seed = {"clients": [asdict(client) for client in clients], "accounts": accounts}
    write_private(data.seed_file, json.dumps(seed, ensure_ascii=False, indent=2).encode())
    return data.seed_file


def _account(person: Person, password: str) -> dict[str, object]:
    """As the gateway reads it: what a person may do is told as scopes alone."""
    told = {name: value for name, value in asdict(person).items() if name != "duties"}
    return told | {"password": password, "scopes": scopes_of_person(person)}


def _portal(public_url: str) -> SeedClient:
    """The public client of people and officers; a person's own scopes bound what a session gets."""
    scopes = sorted({scope for person in PERSONS for scope in scopes_of_person(person)})
    return SeedClient(
        client_id="portal",
        name="通办门户",
        kind=ClientKind.APP,
        agency=None,
        jwk=None,
        scopes=tuple(scopes),
        redirect_uris=(f"{public_url}/demo/callback", LOOPBACK_REDIRECT),
    )


def read_client(data: DataDirectory, client_id: str) -> SeedClient:
    """Raises: Refused for a client that the seed does not have, naming those that it has."""
    if not data.seed_file.is_file():
        raise Refused(f"{data.root} holds no suite yet; start one with `tongban up`")
    known = {client["client_id"]: client for client in json.loads(data.seed_file.read_text())["clients"]}
    if client_id not in known:
        raise Refused(f"no client {client_id!r}; there are {', '.join(sorted(known))}")
    return SeedClient(**known[client_id])


def public_jwk(pem: Path) -> dict[str, str]:
    """The public half as a JWK, named by its thumbprint (RFC 7638)."""
    key = serialization.load_pem_private_key(pem.read_bytes(), password=None)
    if not isinstance(key, ec.EllipticCurvePrivateKey):
        raise Refused(f"{pem} is not an EC key; remove it, a new one is made at the next start")
    numbers = key.public_key().public_numbers()
    members = {"crv": "P-256", "kty": "EC", "x": _b64(numbers.x), "y": _b64(numbers.y)}
    thumbprint = hashlib.sha256(json.dumps(members, sort_keys=True, separators=(",", ":")).encode()).digest()
    kid = base64.urlsafe_b64encode(thumbprint).rstrip(b"=").decode()
    return members | {"kid": kid, "alg": "ES256", "use": "sig"}


def _b64(coordinate: int) -> str:
    return base64.urlsafe_b64encode(coordinate.to_bytes(32, "big")).rstrip(b"=").decode()
