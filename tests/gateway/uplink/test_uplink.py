"""What is marked for a platform above reaches it, in order and once, however often that platform is away."""

import hashlib
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest
import pytest_asyncio
from hypothesis import given
from hypothesis import strategies as st
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from gateway.uplink.domain.records import FIRST_DELAY, LONGEST_DELAY, TRANSITIONS, RecordState, delay_after
from gateway.uplink.use_cases.read_upstreams import read_upstreams
from shared.identifiers.uuid7 import new_uuid7
from shared.security.keys import SigningKey, decode_base64url
from shared.security.tokens import split_token
from tests.gateway.serving import served
from tests.support.identities import agency_token
from tests.support.service import ServiceUnderTest
from tests.support.waiting import eventually

RECORDS = "/uplink/v1/records"
KEY = SigningKey.generate()
USCC = "91140881MAE000002E"
FILING = "cn.tongban.registration.filing."
LICENCE = "1.2.156.3005.2.11100000MB0183627F14.91140881MAE000002E.001.5"


@dataclass
class Above:
    """A platform above; answers with `status`, remembers what it took."""

    status: int = 200
    url: str = ""
    taken: list[dict[str, Any]] = field(default_factory=list)
    keys: list[str] = field(default_factory=list)

    async def receive(self, request: Request) -> Response:
        """Take a record whose sender is proven for exactly this body."""
        body = await request.body()
        token = request.headers["authorization"].removeprefix("Bearer ")
        _, claims = split_token(token)
        signed, _, signature = token.rpartition(".")
        assert KEY.verification_key().verify(decode_base64url(signature), signed.encode())
        assert claims["body_sha256"] == hashlib.sha256(body).hexdigest()
        assert (claims["iss"], claims["aud"]) == ("yongji", self.url)
        if self.status == 200:
            self.keys.append(request.headers["idempotency-key"])
            self.taken.append(json.loads(body))
        return Response("no such item" if self.status == 422 else "", status_code=self.status)

    def told_of(self, subject: str) -> list[str]:
        """What it was told of a case or a licence, in order."""
        contents = [record["content"] for record in self.taken]
        return [
            each.get("status", "licence")
            for each in contents
            if subject in (each.get("case_id"), each.get("certificate_identifier"))
        ]


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def above() -> AsyncIterator[Above]:
    """The province, on a real socket."""
    platform = Above()
    app = Starlette(routes=[Route("/records", platform.receive, methods=["POST"])])
    async with served(app) as port:
        platform.url = f"http://127.0.0.1:{port}/records"
        yield platform


@pytest.fixture(scope="module")
def extra_settings(above: Above, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """The province takes filings and business licences of this region; the nation is never there."""
    directory = tmp_path_factory.mktemp("uplinks")
    (directory / "city.pem").write_bytes(KEY.to_pem())
    common = {"client_id": "yongji", "key_file": "city.pem", "region": "140881"}
    upstreams = [
        {
            "key": "province",
            "url": above.url,
            "items": ["registration.filing", "registration.licence"],
            **common,
        },
        {"key": "nation", "url": "http://127.0.0.1:9/records", "items": ["licensing.permit"], **common},
        {
            "key": "elsewhere",
            "url": above.url,
            "items": ["registration.filing"],
            **common,
            "region": "140802",
        },
    ]
    file = directory / "uplinks.yaml"
    file.write_text(json.dumps({"upstreams": upstreams}))
    return {"uplinks_file": file}


def bureau(gateway: ServiceUnderTest) -> str:
    """A token of the data bureau."""
    uscc = gateway.app.state.region.agency("data_bureau").uscc
    return agency_token("data_bureau", uscc, "uplink.record.read", "uplink.record.manage")


async def filed(gateway: ServiceUnderTest, *verbs: str) -> str:
    """Let the gateway hear how a filing goes."""
    filing = str(new_uuid7())
    for verb in verbs:
        said = {"filing_id": filing, "matter_id": None, "applicant": "person:ann", "reason_zh": "张三未到场"}
        if verb == "approved":
            said |= {"uscc": USCC, "licence_identifier": f"{LICENCE}{filing[-4:]}"}
        await gateway.hear(f"{FILING}{verb}.v1", filing, said)
    return filing


async def record_of(gateway: ServiceUnderTest, subject: str, **expected: Any) -> dict[str, Any]:
    """Wait until a record is as expected, and return it as the API shows it."""

    async def found() -> dict[str, Any] | None:
        page = (await gateway.get(RECORDS, bureau(gateway), limit=200)).json()
        of_it = [each for each in page["entries"] if each["subject"] == subject]
        good = [each for each in of_it if all(each[name] == value for name, value in expected.items())]
        return good[0] if good else None

    record = await eventually(found)
    assert record is not None
    return record


async def test_case_status_and_licence_reach_the_platform_above_in_order_and_without_persons(
    gateway: ServiceUnderTest, above: Above
) -> None:
    above.status = 200
    filing = await filed(gateway, "submitted", "returned", "approved")

    licence = await record_of(gateway, f"{LICENCE}{filing[-4:]}", state="sent")

    assert above.told_of(filing) == ["submitted", "returned", "approved"]
    assert above.told_of(licence["subject"]) == ["licence"]
    assert (licence["kind"], licence["content"]["uscc"]) == ("licence", USCC)
    assert "ann" not in str(above.taken)
    assert "张三" not in str(above.taken)
    assert {record["region"] for record in above.taken} == {"140881"}


async def test_while_it_is_away_records_wait_visibly_and_then_go_out_once(
    gateway: ServiceUnderTest, above: Above
) -> None:
    above.status = 503
    filing = await filed(gateway, "submitted", "refused")

    waiting = await record_of(gateway, filing, state="pending", attempts=1)
    above.status = 200
    gateway.clock.advance(timedelta(hours=1))
    sent = await record_of(gateway, filing, state="sent")

    async def both() -> bool:
        return above.told_of(filing) == ["submitted", "refused"]

    assert waiting["last_fault"] == "503"
    assert waiting["next_attempt_at"] is not None
    assert sent["attempts"] == 2
    assert await eventually(both)
    assert len(above.keys) == len(set(above.keys))


async def test_what_it_refuses_waits_for_somebody_and_holds_up_nothing(
    gateway: ServiceUnderTest, above: Above
) -> None:
    above.status = 422
    filing = await filed(gateway, "submitted")
    refused = await record_of(gateway, filing, state="refused")
    above.status = 200
    other = await filed(gateway, "submitted")
    await record_of(gateway, other, state="sent")
    path = f"{RECORDS}/{refused['record_id']}/retry"

    stale = await gateway.post(path, None, bureau(gateway), If_Match='"99"')
    retried = await gateway.post(path, None, bureau(gateway), If_Match=f'"{refused["version"]}"')
    await record_of(gateway, filing, state="sent")
    again = await gateway.post(path, None, bureau(gateway), If_Match="*")

    assert "no such item" in refused["last_fault"]
    assert [answer.status_code for answer in (stale, retried, again)] == [412, 200, 409]


async def test_a_platform_that_is_away_holds_up_its_own_records_only(
    gateway: ServiceUnderTest, above: Above
) -> None:
    above.status = 200
    permit = {"certificate_identifier": "1.2.156.3005.2.P", "permit_number": "ZH-1", "uscc": USCC}
    await gateway.hear("cn.tongban.licensing.permit.issued.v1", "1.2.156.3005.2.P", permit)
    waiting = await record_of(gateway, "1.2.156.3005.2.P", upstream="nation", attempts=1)
    filing = await filed(gateway, "submitted")

    sent = await record_of(gateway, filing, state="sent")

    assert (waiting["state"], waiting["last_fault"]) == ("pending", "ConnectError")
    assert sent["upstream"] == "province"


async def test_only_the_data_bureau_looks_after_the_uplink(gateway: ServiceUnderTest) -> None:
    tax = agency_token("tax", gateway.app.state.region.agency("tax").uscc, "uplink.record.read")

    foreign = await gateway.get(RECORDS, tax)
    nobody = await gateway.get(RECORDS)

    assert (foreign.status_code, nobody.status_code) == (403, 401)


@given(st.integers(1, 10_000))
def test_the_delay_grows_and_is_bounded(attempts: int) -> None:
    assert FIRST_DELAY <= delay_after(attempts) <= delay_after(attempts + 1) <= LONGEST_DELAY


def test_a_record_that_was_taken_is_never_sent_again() -> None:
    assert all(state is not RecordState.SENT for state, _ in TRANSITIONS)


def test_a_file_with_an_unknown_item_stops_the_start(tmp_path: Any) -> None:
    file = tmp_path / "uplinks.yaml"
    listed = {"key": "p", "url": "https://a.example", "client_id": "c", "key_file": "k", "region": "140881"}
    file.write_text(json.dumps({"upstreams": [listed | {"items": ["everything"]}]}))

    with pytest.raises(ValueError, match="items are"):
        read_upstreams(file, "140881")
