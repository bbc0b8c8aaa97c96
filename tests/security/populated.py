"""Each service with at least one record of somebody's per kind, and tokens of those whom it concerns not at all."""

import secrets
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx

from deploy.local.postgres import Cluster
from shared.region import load_region_pack
from shared.security.keys import SigningKey
from shared.security.strength import Strength
from tests.credit import builders as credit
from tests.gateway.acting import a_uscc, given, owner_token, subject_of, terms
from tests.gateway.browser import Asked, browser, tokens_of
from tests.gateway.catalogue import sharing
from tests.gateway.conftest import gateway_settings
from tests.gateway.identity.certificates import certified
from tests.gateway.identity.registering import ADMINISTRATOR, CLIENTS, a_system, registered
from tests.gateway.items.builders import standard
from tests.gateway.materials.handing_in import hand, handed_in
from tests.gateway.matters.forms import THEME, restaurant_form
from tests.gateway.matters.services import fake_services
from tests.hotline import steps as hotline
from tests.licensing.restaurant import Restaurants, agency
from tests.licensing.test_permits import granted
from tests.registration import builders as registration
from tests.registration import leaving, moving, reporting
from tests.security.operations import Operation, operations_of
from tests.security.told_and_sent import payment_delivery_and_notice
from tests.security.wire import Answer, ask
from tests.support.files import PDF
from tests.support.identities import agency_token, bearer, officer_token, person_token
from tests.support.service import REGION_PACK, ServiceUnderTest, service_under_test
from tests.support.waiting import eventually

SERVICES = ("registration", "credit", "licensing", "hotline", "gateway")
# The agency whose officer passes the service's own doors.
INSIDE = {
    "registration": registration.REGISTRAR,
    "credit": credit.MARKET,
    "licensing": "11140881MB9Y00083J",
    "hotline": hotline.CENTRE,
    "gateway": "11140881MB9Y00155B",
}


@dataclass(frozen=True)
class Populated:
    """A running service with its operations and records, by the name of the path parameter that takes them."""

    service: ServiceUnderTest
    operations: list[Operation]
    records: dict[str, str]

    @property
    def scopes(self) -> tuple[str, ...]:
        """Every scope that any operation asks for."""
        return tuple(sorted({each.scope for each in self.operations if each.scope is not None}))

    @property
    def insider(self) -> str:
        """An officer with every scope, of the agency that runs the service."""
        return officer_token("olga", INSIDE[self.service.name], *self.scopes, strength=Strength.TWO_FACTOR)

    @property
    def strangers(self) -> dict[str, str]:
        """A person and an agency with every scope and no relation to any record."""
        return {
            "person": person_token("stranger", *self.scopes, strength=Strength.TWO_FACTOR),
            "agency": agency_token("ecology", hotline.ECOLOGY, *self.scopes),
        }

    async def ask(
        self,
        operation: Operation,
        target: str,
        token: str | None,
        body: bytes | None = None,
        media: str = "application/json",
    ) -> Answer:
        """Send an operation's request with what its headers need."""
        headers = operation.headers(key=secrets.token_hex(16))
        headers |= {} if token is None else bearer(token)
        headers |= {} if body is None else {"Content-Type": media}
        return await ask(self.service.app, operation.method, target, headers, body)


def _made(answer: httpx.Response) -> dict[str, Any]:
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def _a_licence_copy(service: ServiceUnderTest, uscc: str) -> str:
    asked = {
        "recipient": "永济示例商业银行支行",
        "purpose": "开立单位银行结算账户",
        "expires_at": (service.clock() + timedelta(days=10)).isoformat(),
    }
    path = f"/registration/v1/enterprises/{uscc}/licence/copies"
    return str(_made(await service.post(path, asked, registration.ANN))["identifier"])


async def _a_reserved_name(service: ServiceUnderTest) -> str:
    filed = registration.filing()
    asked = {key: filed[key] for key in ("name", "enterprise_kind", "scope")}
    return str(
        _made(await service.post("/registration/v1/names/reservations", asked, registration.ANN))["id"]
    )


async def _a_name_dispute(service: ServiceUnderTest, uscc: str) -> str:
    other = _made(await service.post(registration.FILINGS, registration.filing(), registration.BOB))
    asked = {"claimant_uscc": uscc, "respondent_uscc": other["uscc"], "grounds": "字号近似"}
    return str(_made(await service.post("/registration/v1/names/disputes", asked, registration.ANN))["id"])


async def _a_difference(service: ServiceUnderTest) -> dict[str, str]:
    """A reconciliation, and the number of what it found."""
    path = "/registration/v1/reconciliations"
    about = {"source": "outside register", "sha256": "cd" * 32, "total_lines": 2}
    started = _made(await service.post(path, about, registration.IMPORTER))
    rows = {"first_line": 2, "rows": [registration.row(7300)]}
    await service.post(f"{path}/{started['id']}/batches", rows, registration.IMPORTER)
    [found] = await service.rows("SELECT min(number) AS number FROM reconciliation_difference")
    return {"reconciliation_id": started["id"], "number": str(found["number"])}


async def _an_abnormal_enterprise(service: ServiceUnderTest) -> dict[str, str]:
    """Its report, something that it made known, and its entry on the list."""
    code = await reporting.enterprise(service, 7200)
    report = _made(await reporting.filed(service, code, year=service.clock().year - 1))
    told = {"kind": "permit", "statement": "取得食品经营许可", "arose_on": "2026-03-02"}
    path = f"/registration/v1/enterprises/{code}/disclosures"
    disclosure = _made(await service.post(path, told, reporting.own(code)))
    market = agency_token("market", reporting.POLICY.authority_uscc, "registration.listing.decide")
    found = {"uscc": code, "cause": "false_publicity", "reason_zh": "核查属实", "reason_en": "found to be so"}
    listing = _made(await service.post("/registration/v1/abnormal-list", found, market))
    return {"report_id": report["id"], "disclosure_id": disclosure["id"], "listing_id": listing["id"]}


async def _an_enterprise_on_its_way(service: ServiceUnderTest) -> dict[str, str]:
    """Another registrar asked for its file, for somebody who does not stand for it."""
    one = await moving.an_enterprise(service)
    asked = {
        "reference": "request-1",
        "uscc": one["uscc"],
        "name": one["name"],
        "representative_name": "李四",
        "representative_id_number": registration.id_number(7),
        "division_code": "140882001",
        "address": "河津市城区街道龙门大道1号",
    }
    return {"relocation_id": _made(await service.post(moving.RELOCATIONS, asked, moving.OF_HEJIN))["id"]}


async def _enterprises_that_leave(service: ServiceUnderTest) -> dict[str, str]:
    """A notice with an objection, a bar, and a liquidation."""
    today = service.clock().date().isoformat()
    code = await leaving.enterprise(service)
    asked = {"uscc": code, "commitments": leaving.commitments(1, on="2020-01-01")}
    notice = _made(await service.post(leaving.NOTICES, asked, registration.ANN))
    objected = _made(await leaving.objected(service, notice["id"]))
    bar = {"kind": "lawsuit", "reference": "（2026）晋0881民初88号"}
    path = f"/registration/v1/enterprises/{code}/exit-bars"
    entered = _made(await service.post(path, bar, leaving.TAX_AGENCY))
    group = {"formed_on": today, "members": [{"name": "张三丰", "is_head": True}]}
    ended = {
        "uscc": await leaving.enterprise(service),
        "reason": "resolution",
        "decided_on": today,
        "group": group,
    }
    liquidation = _made(await service.post(leaving.LIQUIDATIONS, ended, registration.ANN))
    return {
        "notice_id": notice["id"],
        "objection_id": objected["objections"][0]["id"],
        "bar_id": entered["id"],
        "liquidation_id": liquidation["id"],
    }


async def _what_a_registrar_looks_at(service: ServiceUnderTest) -> dict[str, str]:
    """An appeal against a refusal, a bar on a person, an address to be looked at."""
    post, base = service.post, "/registration/v1"
    body = registration.filing(name__trade="曲艺")
    waiting = _made(await post(registration.FILINGS, body, registration.ANN))
    why = {"reason_zh": "行业表述不规范", "reason_en": "the trade is not a standard one"}
    await post(f"{registration.FILINGS}/{waiting['id']}/refusal", why, registration.OFFICER)
    precedent = {"region": "运城市盐湖区", "item": "企业设立登记", "words": "盐湖区已登记同类企业"}
    appeal = await post(f"{registration.FILINGS}/{waiting['id']}/appeals", precedent, registration.ANN)
    about = {"basis": "失信被执行人", "decided_by": "永济市人民法院", "since": "2026-01-05", "kind": "debt"}
    barred = {"id_number": registration.id_number(990)} | about
    bar = _made(await post(f"{base}/person-bars", barred, registration.OFFICER))
    await post(registration.FILINGS, registration.filing(domicile__street="虞乡镇大街1号"), registration.ANN)
    [check] = await service.rows("SELECT id FROM follow_up LIMIT 1")
    return {
        "appeal_id": _made(appeal)["id"],
        "person_bar_id": bar["id"],
        "check_id": str(check["id"]),
    }


async def _what_authorities_do(service: ServiceUnderTest) -> dict[str, str]:
    """A forced deregistration that is due, and a registration that is looked into."""
    people = [registration.person("legal_representative", "shareholder", serial=991)]
    code = await leaving.enterprise(service, registration.filing(people=people))
    about = {"decision_no": "永市监罚〔2020〕12号", "decided_on": "2020-01-06"}
    about |= {"decided_by": "永济市市场监督管理局", "basis": "《公司法》第二百六十条"}
    penalty = {"penalty": "licence_revoked", "representative_is_responsible": False} | about
    path = f"/registration/v1/enterprises/{code}/closures"
    established = "UPDATE enterprise SET established_on = '2019-01-07' WHERE uscc = :u"
    await service.rows_changed(established, u=code)
    await service.post(path, penalty, registration.OFFICER)
    exits = "/registration/v1/forced-exits"
    due = _made(await service.post(exits, {"uscc": code}, registration.OFFICER))
    said = {"uscc": code, "target_version": 1, "statement": "本人身份被冒用"}
    cases = "/registration/v1/false-registrations"
    case = _made(await service.post(cases, said, registration.BOB))
    return {"exit_id": due["id"], "case_id": case["id"]}


async def _register(service: ServiceUnderTest) -> dict[str, str]:
    filing = _made(await service.post(registration.FILINGS, registration.filing(), registration.ANN))
    batch = {"file_name": "register.csv", "sha256": "ab" * 32, "total_lines": 2}
    started = _made(await service.post("/registration/v1/imports", batch, registration.IMPORTER))
    copy = await _a_licence_copy(service, filing["uscc"])
    return {
        "filing_id": filing["id"],
        "uscc": filing["uscc"],
        "import_id": started["id"],
        "reservation_id": await _a_reserved_name(service),
        "dispute_id": await _a_name_dispute(service, filing["uscc"]),
        "copy_identifier": copy,
        **await _a_difference(service),
        **await _an_abnormal_enterprise(service),
        **await _enterprises_that_leave(service),
        **await _what_a_registrar_looks_at(service),
        **await _what_authorities_do(service),
        **await _an_enterprise_on_its_way(service),
    }


async def _rate(service: ServiceUnderTest) -> dict[str, str]:
    return {"uscc": await credit.an_open_subject(service)}


async def _licence(service: ServiceUnderTest) -> dict[str, str]:
    makes = Restaurants(service)
    application = _made(await makes.apply(await makes.registered()))
    permit = await granted(service, makes)
    asked = {"uscc": permit["uscc"], "scope_code": "F5213-04", "case_number": "永市监罚〔2026〕17号"}
    check = _made(await service.post("/licensing/v1/scope-checks", asked, agency(INSIDE["licensing"])))
    return {
        "application_id": application["id"],
        "item": "fire_check",
        "number": permit["permit_number"],
        "check_id": check["id"],
    }


async def _call(service: ServiceUnderTest) -> dict[str, str]:
    return {"number": (await hotline.submit(service))["number"]}


async def _serve(service: ServiceUnderTest) -> dict[str, str]:
    pack = load_region_pack(REGION_PACK)
    person = person_token("ann", "matters.matter.submit", "matters.matter.read")
    material = (await handed_in(service, PDF, hand("ann")))["material_id"]
    opened = {"theme": THEME, "form": restaurant_form(), "channel": "portal", "materials": [material]}
    matter = _made(await service.post("/matters/v1/matters", opened, person))
    task = await _a_task_of(service, matter["id"], person)
    bureau = agency_token("data_bureau", INSIDE["gateway"], "catalogue.grant.manage")
    terms = {
        "agency": registration.TAX,
        "resource": "registration.enterprise",
        "fields": ["contact_phone"],
        "purpose": "tax_registration",
        "valid_until": "2039-12-31T16:00:00Z",
    }
    grant = _made(await service.post("/catalogue/v1/grants", terms, bureau))
    types = {"event_types": ["cn.tongban.gateway.task.assigned.v1"]}
    tax = agency_token("tax", pack.agency("tax").uscc, "subscriptions.subscription.manage")
    subscription = _made(await service.post("/subscriptions/v1/subscriptions", types, tax))
    return {
        "matter_id": matter["id"],
        "draft_id": await _a_draft(service, person),
        "task_id": task,
        "material_id": material,
        "case_no": matter["id"],
        **await _an_enterprise_and_an_exception(service),
        "grant_id": grant["grant_id"],
        "system": "tax",
        "consent_id": await _a_consent(service),
        "subscription_id": subscription["subscription_id"],
        "position": "1",
        "number": "1",
        "delegation_id": await _a_delegation(service),
        **await _an_item_and_a_proof(service),
        **await _shared_data(service),
        **await payment_delivery_and_notice(service),
        "mandate_id": await _a_mandate(service),
        "issuer_id": await _a_trusted_issuer(service),
        "record_id": await _an_outbound_record(service),
        **await _a_signed_in_person(service),
        **await _a_client_with_its_system(service),
    }


async def _an_enterprise_and_an_exception(service: ServiceUnderTest) -> dict[str, str]:
    """What is filed under a code, and a fact without a sound one."""
    uscc = a_uscc()
    await service.hear("cn.tongban.registration.enterprise.registered.v1", uscc, {"uscc": uscc})
    unsound = await service.hear(
        "cn.tongban.credit.record.entered.v1", "r-1", {"record_id": "r-1", "uscc": "?"}
    )

    async def filed() -> bool:
        return len(await service.rows("SELECT 1 FROM progress_record")) == 2

    await eventually(filed)
    return {"uscc": uscc, "event_id": str(unsound["id"])}


async def _shared_data(service: ServiceUnderTest) -> dict[str, str]:
    """An entry in work, a request, a need and a correction, all of agencies that are none of the strangers."""
    await sharing.done(await service.post(sharing.RESOURCES, sharing.entry(), sharing.FIRE_CLIENT), 201)
    request = await sharing.asked(service)
    need = _made(await service.post(sharing.NEEDS, sharing.need(), sharing.TAX_CLIENT))
    correction = _made(await service.post(sharing.CORRECTIONS, sharing.doubt(), sharing.TAX_CLIENT))
    return {
        "key": "fire.inspection",
        "request_id": request["request_id"],
        "need_id": need["need_id"],
        "correction_id": correction["correction_id"],
    }


async def _a_consent(service: ServiceUnderTest) -> str:
    asked = {
        "agency": registration.TAX,
        "resource": "registration.enterprise",
        "fields": ["contact_phone"],
        "purpose": "tax_registration",
        "valid_until": (service.clock() + timedelta(days=30)).isoformat(),
        **dict.fromkeys(("content", "method", "use", "scope", "rights_notice"), "已告知"),
    }
    person = person_token("ann", "catalogue.consent.manage")
    return str(_made(await service.post("/catalogue/v1/consents", asked, person))["consent_id"])


async def _a_signed_in_person(service: ServiceUnderTest) -> dict[str, str]:
    async with browser(service.app) as person:
        await tokens_of(person, Asked(scope="openid"), "lisi")
    [session] = await service.rows("SELECT subject, session_id FROM identity_session")
    return {"subject": session["subject"], "session_id": str(session["session_id"])}


async def _a_mandate(service: ServiceUnderTest) -> str:
    person = await subject_of(service, "zhangsan")
    offer = await given(service, owner_token(person), terms(service.clock()))
    return str(offer["mandate_id"])


async def _a_client_with_its_system(service: ServiceUnderTest) -> dict[str, str]:
    client = await registered(service, SigningKey.generate(), environment="live")
    [key] = (await service.get(f"{CLIENTS}/{client}", ADMINISTRATOR)).json()["keys"]
    return {"client_id": client, "kid": key["kid"], "system_id": await a_system(service, client_id=client)}


async def _an_outbound_record(service: ServiceUnderTest) -> str:
    record_id = "01900000-0000-7000-8000-0000000000aa"
    await service.rows_changed(
        "INSERT INTO uplink_record (record_id, upstream, kind, item, subject, content, occurred_at, state, version)"
        " VALUES (:id, 'province', 'licence', 'licensing.permit', 'x', '{}', now(), 'refused', 1)",
        id=record_id,
    )
    return record_id


async def _a_trusted_issuer(service: ServiceUnderTest) -> str:
    bureau = agency_token("data_bureau", INSIDE["gateway"], "identity.trust.manage")
    listed = {"name": "测试CA", "certificate_pem": certified("测试CA", ca=True).pem}
    return str(_made(await service.post("/identity/v1/trusted-issuers", listed, bureau))["issuer_id"])


async def _an_item_and_a_proof(service: ServiceUnderTest) -> dict[str, str]:
    bureau = agency_token("data_bureau", INSIDE["gateway"], "catalogue.item.manage")
    drafted = {"code": "urban.populated", "standard": standard()}
    proof = {
        "code": "populated",
        "title": {"zh": "同意证明"},
        "legal_basis": "民法典第二百七十九条",
        "requesting_unit": "永济市城市管理局",
        "issuing_unit": "相邻业主",
        "guide": {"zh": "由相邻业主签字"},
    }
    item = _made(await service.post("/catalogue/v1/items", drafted, bureau))
    listed = _made(await service.post("/catalogue/v1/proofs", proof, bureau))
    return {"item_code": str(item["code"]), "proof_code": str(listed["code"])}


async def _a_delegation(service: ServiceUnderTest) -> str:
    bureau = agency_token("data_bureau", INSIDE["gateway"], "powers.delegation.manage")
    terms = {
        "item": "licensing.food_operation",
        "zone": "11140881MB9Y001711",
        "regions": ["140881102"],
        "legal_basis": "行政许可法第二十四条",
    }
    made = _made(await service.post("/powers/v1/delegations", terms, bureau))
    return str(made["delegation_id"])


async def _a_draft(service: ServiceUnderTest, person: str) -> str:
    typed = {"theme": THEME, "form": {}}
    return str(_made(await service.post("/matters/v1/drafts", typed, person))["id"])


async def _a_task_of(service: ServiceUnderTest, matter_id: str, person: str) -> str:
    async def assigned() -> str | None:
        matter = (await service.get(f"/matters/v1/matters/{matter_id}", person)).json()
        return next((task["id"] for task in matter["tasks"]), None)

    found = await eventually(assigned)
    assert found is not None
    return found


_FILLED: dict[str, Callable[[ServiceUnderTest], Awaitable[dict[str, str]]]] = {
    "registration": _register,
    "credit": _rate,
    "licensing": _licence,
    "hotline": _call,
    "gateway": _serve,
}


@asynccontextmanager
async def populated(name: str, cluster: Cluster, directory: Path) -> AsyncIterator[Populated]:
    """Start a service and fill it; the gateway's neighbours are stood in for."""
    async with fake_services() as neighbours:
        if name == "gateway":
            here = {f"{each}_url": neighbours.url for each in ("registration", "licensing")}
            settings, package = gateway_settings(directory) | here, "gateway"
        else:
            settings, package = _signing(name, directory), f"services.{name}"
        async with service_under_test(
            name, cluster, directory, package=package, settings=settings
        ) as service:
            document = getattr(service.app, "front_office", service.app).openapi()
            records = await _FILLED[name](service)
            yield Populated(service, operations_of(document), records)


def _signing(name: str, directory: Path) -> dict[str, Any]:
    if name not in ("registration", "licensing"):
        return {}
    key = directory / "signing-key.pem"
    key.write_bytes(SigningKey.generate().to_pem())
    return {"signing_key_file": key}
