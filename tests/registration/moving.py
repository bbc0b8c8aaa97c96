"""Two registrars, each with a service of its own, that exchange files; and an enterprise that moves between them."""

import json
import shutil
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import yaml

from deploy.local.postgres import Cluster
from shared.calendar import local_date
from shared.certificates import canonical_json
from shared.identifiers import compose_uscc, organisation_body
from shared.security.keys import SigningKey, decode_base64url, encode_base64url
from tests.registration.builders import ANN, BOB, FILINGS, REGISTRAR, filing, id_number
from tests.support.identities import agency_token, officer_token
from tests.support.service import REGION_PACK, ServiceUnderTest, service_under_test

HEJIN = compose_uscc(
    authority="1", body_type="1", division_code="140882", organisation_body=organisation_body("MB", 990)
)
PREFIX = "cn.tongban.registration."
RELOCATIONS = "/registration/v1/relocations"
ENTERPRISES = "/registration/v1/enterprises"
EXCHANGE = "registration.relocation.exchange"
OF_YONGJI = agency_token("yongji-registrar", REGISTRAR, EXCHANGE)
OF_HEJIN = agency_token("hejin-registrar", HEJIN, EXCHANGE)
OFFICER_OF_YONGJI = officer_token(
    "olga", REGISTRAR, EXCHANGE, "registration.filing.decide", "registration.filing.read"
)
OFFICER_OF_HEJIN = officer_token(
    "hedda", HEJIN, EXCHANGE, "registration.filing.decide", "registration.filing.read"
)
REASON = {"reason_zh": "不能证明", "reason_en": "not proven"}


@dataclass(frozen=True)
class TwoRegistrars:
    """The old one and the new one."""

    yongji: ServiceUnderTest
    hejin: ServiceUnderTest


@asynccontextmanager
async def two_registrars(cluster: Cluster, directory: Path) -> AsyncIterator[TwoRegistrars]:
    """Both know each other by code and key."""
    keys = {name: SigningKey.generate() for name in ("yongji", "hejin")}
    yongji, hejin = directory / "yongji", directory / "hejin"
    _pack(yongji, {"hejin": keys["hejin"]}, HEJIN, "140882")
    _pack(hejin, {"yongji": keys["yongji"]}, REGISTRAR, "140881")
    _make_it_hejin(hejin)
    settings = {}
    for name, pack in (("yongji", yongji), ("hejin", hejin)):
        (pack.parent / f"{name}.pem").write_bytes(keys[name].to_pem())
        settings[name] = {"region_pack": pack, "signing_key_file": pack.parent / f"{name}.pem"}
    async with (
        service_under_test("registration", cluster, directory / "a", settings=settings["yongji"]) as one,
        service_under_test("registration", cluster, directory / "b", settings=settings["hejin"]) as other,
    ):
        yield TwoRegistrars(one, other)


def _pack(pack: Path, other: Mapping[str, SigningKey], code: str, division: str) -> None:
    shutil.copytree(REGION_PACK, pack)
    [(name, key)] = other.items()
    file = pack / "registration.yaml"
    written = yaml.safe_load(file.read_text())
    jwk = key.public_jwk()
    written["registration"]["changes"]["other_registrars"] = [
        {
            "uscc": code,
            "name": {"zh": name, "en": name},
            "division": division,
            "keys": [{part: jwk[part] for part in ("kty", "crv", "x", "y", "kid")}],
            "src": "made up for a test",
        }
    ]
    file.write_text(yaml.safe_dump(written, allow_unicode=True))


def _make_it_hejin(pack: Path) -> None:
    """Another city with the same rules: its code and towns, its registrar, its own block of codes."""
    region, agencies, rules = (pack / f"{name}.yaml" for name in ("region", "agencies", "registration"))
    head, mark, divisions = region.read_text().partition("\ndivisions:\n")
    head = head.replace('"140881', '"140882').replace("永济", "河津")
    region.write_text(head + mark + divisions)
    agencies.write_text(agencies.read_text().replace('"140881', '"140882').replace(REGISTRAR, HEJIN))
    rules.write_text(rules.read_text().replace("永济", "河津").replace("prefix: MAE", "prefix: MAF"))


async def an_enterprise(registration: ServiceUnderTest, **changes: Any) -> dict[str, Any]:
    """A company that ann established; what the register says of it."""
    made = (await registration.post(FILINGS, filing(**changes), ANN)).json()
    assert made["status"] == "approved", made["findings"]
    found: dict[str, Any] = (await registration.get(f"{ENTERPRISES}/{made['uscc']}")).json()
    return found


def moving_in(service: ServiceUnderTest, enterprise: Mapping[str, Any], **changes: Any) -> dict[str, Any]:
    """A filing at the new registrar for an enterprise of the old one."""
    return {
        "kind": "relocation",
        "uscc": enterprise["uscc"],
        "domicile": {"division_code": "140882001", "street": "龙门大道1号", "commitment": True},
        "moves_on": (local_date(service.clock()) + timedelta(days=20)).isoformat(),
        "coming_from": {
            "registrar_uscc": REGISTRAR,
            "name": enterprise["name"],
            "enterprise_kind": "limited_company",
            "representative_name": "张三丰",
            "representative_id_number": id_number(1),
        },
    } | changes


async def requested(registrars: TwoRegistrars, enterprise: dict[str, Any], **changes: Any) -> dict[str, Any]:
    """The filing at the new registrar, and the request that came of it."""
    filed = await registrars.hejin.post(FILINGS, moving_in(registrars.hejin, enterprise, **changes), BOB)
    assert filed.status_code == 201, filed.text
    [event] = [
        e
        for e in await registrars.hejin.events(f"{PREFIX}relocation.requested.v1")
        if e["data"]["filing_id"] == filed.json()["id"]
    ]
    return {"filing": filed.json(), "request": event["data"]}


async def ask_as_hejin(registrars: TwoRegistrars, relocation_id: str) -> Any:
    """What the courier of the new registrar does: reads the request there, asks the old registrar for the file."""
    asked = (await registrars.hejin.get(f"{RELOCATIONS}/{relocation_id}", OF_YONGJI)).json()
    wanted = {
        "reference": asked["id"],
        "uscc": asked["uscc"],
        "name": asked["name"],
        "division_code": asked["division_code"],
        "address": asked["address"],
        **asked["applicant"],
    }
    return await registrars.yongji.post(RELOCATIONS, wanted, OF_HEJIN)


async def moved(registrars: TwoRegistrars, enterprise: dict[str, Any]) -> dict[str, Any]:
    """What was asked for, and handed over by the old registrar and entered by the new one."""
    made = await requested(registrars, enterprise)
    given = (await ask_as_hejin(registrars, made["request"]["relocation_id"])).json()
    path = f"{RELOCATIONS}/{made['request']['relocation_id']}/dossier"
    taken = await registrars.hejin.post(path, {"dossier": given["dossier"]}, OF_YONGJI)
    assert taken.status_code == 200, taken.text
    return made | {"given": given}


def signed_anew(registrars: TwoRegistrars, dossier: str, **parts: Any) -> str:
    """The file with other parts, and a sound signature of the old registrar's."""
    header, content, _ = dossier.split(".")
    changed = canonical_json(json.loads(decode_base64url(content)) | parts)
    signing_input = f"{header}.{encode_base64url(changed)}"
    signature = registrars.yongji.app.state.desk.keys.signing.sign(signing_input.encode())
    return f"{signing_input}.{encode_base64url(signature)}"
