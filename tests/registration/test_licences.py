"""The electronic business licence over HTTP: its versions, its page, copies of it, and every way to verify it."""

import base64
import itertools
import json
from datetime import timedelta
from typing import Any

import pytest
import pytest_asyncio

from services.registration.domain.kinds import EnterpriseState
from services.registration.domain.register_acts import RegisterAct
from shared.certificates import (
    LocalSealProvider,
    certificate_from_json,
    issue_certificate,
    open_file,
    open_jws,
)
from shared.security.keys import SigningKey, VerificationKey
from tests.registration.builders import ANN, BOB, FILINGS, TAX, TAX_CLIENT, filing, person
from tests.registration.changing import altered
from tests.registration.test_reading import ACCESS, a_grant
from tests.support.identities import person_token
from tests.support.service import ServiceUnderTest

ENTERPRISES = "/registration/v1/enterprises"
_serials = itertools.count(101)
VERIFY = "/registration/v1/verify"
ISSUED = "cn.tongban.registration.licence.issued.v1"
MERGED = "cn.tongban.registration.merged_filing.sent.v1"
ENDED = "cn.tongban.registration.licence.ended.v1"
REQUIRED = (
    "certificate_identifier",
    "certificate_name",
    "certificate_type_name",
    "certificate_type_code",
    "certificate_number",
    "certificate_version",
    "issuing_authority_name",
    "issuing_authority_code",
    "issuing_date",
    "area_code",
    "holder_name",
    "holder_code",
    "holder_code_type",
)


@pytest_asyncio.fixture
async def uscc(registration: ServiceUnderTest) -> str:
    """An enterprise of Ann's, with its licence; its code. Nobody else stands for it: who let one down is barred."""
    people = [person("legal_representative", "shareholder", serial=next(_serials))]
    made: str = (await registration.post(FILINGS, filing(people=people), ANN)).json()["uscc"]
    return made


async def a_licence(registration: ServiceUnderTest, uscc: str) -> dict[str, Any]:
    """The licence as its owner reads it."""
    found: dict[str, Any] = (await registration.get(f"{ENTERPRISES}/{uscc}/licence", ANN)).json()
    return found


async def a_copy(registration: ServiceUnderTest, uscc: str, **asked: Any) -> dict[str, Any]:
    """A copy for a bank, good for ten days unless asked otherwise."""
    body = {
        "recipient": "永济示例商业银行支行",
        "purpose": "开立单位银行结算账户",
        "expires_at": (registration.clock() + timedelta(days=10)).isoformat(),
    }
    answer = await registration.post(f"{ENTERPRISES}/{uscc}/licence/copies", body | asked, ANN)
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()
    return made


async def shown(registration: ServiceUnderTest, **body: Any) -> Any:
    """Verify what somebody was shown, as anybody may."""
    return await registration.client.post(VERIFY, json=body)


def failed(answer: dict[str, Any]) -> list[str]:
    """The checks that did not pass."""
    return [check["check"] for check in answer["checks"] if not check["passed"]]


async def test_a_licence_carries_the_metadata_of_the_standard_and_verifies_by_the_key_set(
    registration: ServiceUnderTest, uscc: str
) -> None:
    licence = await a_licence(registration, uscc)
    [jwk] = (await registration.get("/registration/v1/keys")).json()["keys"]

    content = open_jws(licence["jws"])
    written = json.loads(content.payload)

    assert all(written[member] for member in REQUIRED)
    assert written["holder_code_type_name"] == ["统一社会信用代码"]
    assert written["define_authority_name"] == "国家市场监督管理总局"
    assert written["extend_info"]["registered_capital_in_words"] == "壹拾万元整"
    assert VerificationKey.from_jwk(jwk).verify(content.signature, content.signing_input)
    assert "未经依法设立" in licence["seal"]["zh"]


async def test_the_licence_lists_the_filings_that_it_stands_for(
    registration: ServiceUnderTest, uscc: str
) -> None:
    licence = await a_licence(registration, uscc)

    merged = [each["zh"] for each in licence["merged_filings"]]

    assert "社会保险登记" in merged
    assert json.loads(open_jws(licence["jws"]).payload)["extend_info"]["merged_filings"] == merged


async def test_each_merged_filing_is_sent_to_its_department_once_without_any_application(
    registration: ServiceUnderTest, uscc: str
) -> None:
    licence = await a_licence(registration, uscc)
    rules = registration.app.state.region.registration.merged_filings

    sent = [event["data"] for event in await registration.events(MERGED, uscc)]

    of = registration.app.state.region.agency
    assert [(each["filing"], each["agency_uscc"]) for each in sent] == [
        (r.key, of(r.agency).uscc) for r in rules
    ]
    assert [each["name_zh"] for each in sent] == [each["zh"] for each in licence["merged_filings"]]
    assert {each["licence_identifier"] for each in sent} == {licence["identifier"]}


async def test_its_page_carries_the_signed_content_and_is_for_whoever_may_see_the_representative(
    registration: ServiceUnderTest, uscc: str
) -> None:
    path = f"{ENTERPRISES}/{uscc}/licence/pdf"

    own = await registration.get(path, ANN, form="original", size="a3")
    foreign = await registration.get(path, BOB)
    grant = await a_grant(registration)
    granted = await registration.get(path, TAX_CLIENT, purpose=grant["purpose"])

    assert (own.status_code, own.headers["content-type"]) == (200, "application/pdf")
    assert own.headers["cache-control"] == "no-store"
    assert open_file(own.content).jws == (await a_licence(registration, uscc))["jws"]
    assert (foreign.status_code, foreign.json()["type"]) == (403, "/problems/reading-refused")
    assert granted.status_code == 200
    assert (await registration.get(path)).status_code == 401


async def test_a_page_is_verified_with_every_byte_of_it(registration: ServiceUnderTest, uscc: str) -> None:
    page = (await registration.get(f"{ENTERPRISES}/{uscc}/licence/pdf", ANN)).content
    drawn = page.index(b"stream\n") + 20

    sound = await shown(registration, pdf=base64.b64encode(page).decode())
    altered = await shown(
        registration,
        pdf=base64.b64encode(page[:drawn] + bytes([page[drawn] ^ 1]) + page[drawn + 1 :]).decode(),
    )
    broken = await shown(registration, pdf=base64.b64encode(page[:9000]).decode())

    assert (sound.status_code, sound.json()["is_valid"]) == (200, True)
    assert "file" in [check["check"] for check in sound.json()["checks"]]
    assert failed(altered.json()) == ["file"]
    assert (broken.status_code, broken.json()["type"]) == (400, "/problems/licence-unreadable")


async def test_signed_content_is_verified_as_it_was_shown(registration: ServiceUnderTest, uscc: str) -> None:
    jws = (await a_licence(registration, uscc))["jws"]
    certificate = certificate_from_json(open_jws(jws).payload)
    forged = issue_certificate(certificate, SigningKey.generate(), LocalSealProvider()).jws
    head, payload, signature = jws.split(".")
    renamed = base64.urlsafe_b64encode(
        base64.urlsafe_b64decode(payload + "==").replace("餐饮".encode(), "旅馆".encode())
    )

    sound = (await shown(registration, jws=jws)).json()
    wrong_key = (await shown(registration, jws=forged)).json()
    altered = (await shown(registration, jws=f"{head}.{renamed.decode().rstrip('=')}.{signature}")).json()
    both = await shown(registration, jws=jws, pdf="JVBERi0xLjcKJeLjz9MK")
    nonsense = await shown(registration, jws="abc.def.ghi.jkl.mno.pqr")
    huge = await shown(registration, jws="a" * 2**20)

    assert sound["is_valid"]
    assert failed(wrong_key) == ["issuer_trusted", "signature"]
    assert failed(altered) == ["signature", "digest"]
    assert (both.status_code, nonsense.status_code, huge.status_code) == (400, 400, 413)
    assert nonsense.json()["type"] == "/problems/licence-unreadable"


async def test_a_new_face_makes_a_new_version_and_the_old_one_lapses(
    registration: ServiceUnderTest, uscc: str
) -> None:
    first = await a_licence(registration, uscc)

    await altered(registration, uscc, RegisterAct.ALTERED, domicile_text="永济市城东街道银杏路1号")

    second = await a_licence(registration, uscc)
    old = (await registration.get(first["verify_path"])).json()
    new = (await registration.get(second["verify_path"])).json()
    log = (await registration.get(f"{ENTERPRISES}/{uscc}/licence/operations", ANN)).json()["operations"]
    assert (second["version"], second["associated_identifier"]) == (2, first["identifier"])
    assert second["identifier"].split(".")[7] == first["identifier"].split(".")[7]
    assert (failed(old), old["state"]) == (["state", "version"], "05")
    assert failed(await _json(shown(registration, jws=first["jws"]))) == ["state", "version"]
    assert new["is_valid"]
    assert [(each["version"], each["operation"], each["state"]) for each in log] == [
        (1, "01", "01"),
        (1, "09", "05"),
        (2, "09", "01"),
    ]
    told = [event["data"] for event in await registration.events(ISSUED, uscc)]
    assert [(each["version"], each["operation"]) for each in told] == [(1, "01"), (2, "09")]


async def test_what_is_not_on_the_face_leaves_the_licence_as_it_is(
    registration: ServiceUnderTest, uscc: str
) -> None:
    first = await a_licence(registration, uscc)

    await altered(registration, uscc, RegisterAct.SUSPENDED, state=EnterpriseState.SUSPENDED)

    assert await a_licence(registration, uscc) == first
    assert len(await registration.events(ISSUED, uscc)) == 1


@pytest.mark.parametrize(
    ("act", "state", "code"),
    [
        (RegisterAct.DEREGISTERED, EnterpriseState.DEREGISTERED, "04"),
        (RegisterAct.LICENCE_REVOKED, EnterpriseState.REVOKED, "07"),
        (RegisterAct.REGISTRATION_REVOKED, EnterpriseState.ANNULLED, "03"),
        (RegisterAct.MOVED_OUT, EnterpriseState.MOVED_OUT, "06"),
    ],
)
async def test_a_licence_ends_with_the_enterprise_and_is_issued_anew_when_it_comes_back(
    registration: ServiceUnderTest, uscc: str, act: RegisterAct, state: EnterpriseState, code: str
) -> None:
    copy = await a_copy(registration, uscc)

    await altered(registration, uscc, act, state=state)

    ended = await a_licence(registration, uscc)
    refused = await registration.post(
        f"{ENTERPRISES}/{uscc}/licence/copies",
        {"recipient": "银行", "purpose": "开户", "expires_at": "2039-01-01T00:00:00Z"},
        ANN,
    )
    assert ended["state"] == code
    assert failed((await registration.get(ended["verify_path"])).json()) == ["state"]
    assert failed((await registration.get(copy["verify_path"])).json()) == ["state"]
    assert (refused.status_code, refused.json()["type"]) == (409, "/problems/licence-not-in-force")
    [told] = await registration.events(ENDED, uscc)
    assert (told["data"]["state"], told["data"]["operation"]) == (code, "05")

    await altered(registration, uscc, RegisterAct.RESTORED, state=EnterpriseState.ACTIVE)

    again = await a_licence(registration, uscc)
    assert (again["version"], again["associated_identifier"]) == (2, ended["identifier"])
    assert (await registration.get(again["verify_path"])).json()["is_valid"]


async def test_a_copy_says_for_whom_and_for_what_until_it_expires(
    registration: ServiceUnderTest, uscc: str
) -> None:
    copy = await a_copy(registration, uscc)
    page = await registration.get(f"{ENTERPRISES}/{uscc}/licence/copies/{copy['identifier']}/pdf", ANN)

    before = (await registration.get(copy["verify_path"])).json()
    by_page = (await shown(registration, pdf=base64.b64encode(page.content).decode())).json()
    registration.clock.advance(timedelta(days=10))
    try:
        after = (await registration.get(copy["verify_path"])).json()
    finally:
        registration.clock.advance(timedelta(days=-10))

    assert before["is_valid"]
    assert (before["copy_mark"]["recipient"], before["copy_mark"]["purpose"]) == (
        "永济示例商业银行支行",
        "开立单位银行结算账户",
    )
    assert (by_page["is_valid"], by_page["identifier"]) == (True, copy["identifier"])
    assert failed(after) == ["copy"]
    written = json.loads(open_jws(copy["jws"]).payload)
    assert written["copy_cause"] == "开立单位银行结算账户"
    assert written["certificate_identifier"] == copy["licence_identifier"]


async def test_a_copy_that_was_taken_back_serves_no_more(registration: ServiceUnderTest, uscc: str) -> None:
    copies = f"{ENTERPRISES}/{uscc}/licence/copies"
    first, second = await a_copy(registration, uscc), await a_copy(registration, uscc)
    path = f"{copies}/{first['identifier']}/revocation"

    foreign = await registration.post(path, None, BOB)
    taken = await registration.post(path, None, ANN)
    again = await registration.post(path, None, ANN)

    page = (await registration.get(copies, ANN, limit=1)).json()
    rest = (await registration.get(copies, ANN, limit=1, cursor=page["next_cursor"])).json()
    assert (foreign.status_code, taken.status_code) == (403, 200)
    assert (again.status_code, again.json()["type"]) == (409, "/problems/licence-copy-over")
    assert failed((await registration.get(first["verify_path"])).json()) == ["copy"]
    assert (await registration.get(second["verify_path"])).json()["is_valid"]
    listed = [*page["entries"], *rest["entries"]]
    assert [each["identifier"] for each in listed] == [second["identifier"], first["identifier"]]


async def test_copies_are_the_owners_and_no_longer_than_the_region_allows(
    registration: ServiceUnderTest, uscc: str
) -> None:
    copies = f"{ENTERPRISES}/{uscc}/licence/copies"
    now = registration.clock()

    def body(days: float) -> dict[str, Any]:
        expires = (now + timedelta(days=days)).isoformat()
        return {"recipient": "银行", "purpose": "开户", "expires_at": expires}

    foreign = await registration.post(copies, body(1), BOB)
    listed = await registration.get(copies, BOB)
    past = await registration.post(copies, body(-0.01), ANN)
    long = await registration.post(copies, body(200), ANN)
    unknown = await registration.get(
        f"{VERIFY}/{(await a_licence(registration, uscc))['identifier']}-0123456789AB"
    )

    assert (foreign.status_code, listed.status_code) == (403, 403)
    assert [answer.json()["type"] for answer in (past, long)] == ["/problems/licence-copy-too-long"] * 2
    assert (unknown.status_code, unknown.json()["type"]) == (404, "/problems/licence-copy-not-found")


async def test_a_department_that_states_its_matter_is_recorded_and_gets_the_basic_facts(
    registration: ServiceUnderTest, uscc: str
) -> None:
    path = (await a_licence(registration, uscc))["verify_path"]

    public = (await registration.get(path)).json()
    unstated = (await registration.get(path, TAX_CLIENT)).json()
    unscoped = (await registration.get(path, person_token("eve"), use_cause="好奇")).json()
    recorded_before = await registration.events(ACCESS, uscc)
    asked = (await registration.get(path, TAX_CLIENT, use_cause="办理税务登记")).json()

    assert [each["enterprise"] for each in (public, unstated, unscoped)] == [None] * 3
    assert recorded_before == []
    assert asked["enterprise"]["name"] == asked["holder_name"]
    assert asked["enterprise"]["scope"] == [{"code": "H6210-01", "text": "餐饮服务"}]
    [record] = await registration.events(ACCESS, uscc)
    assert (record["data"]["purpose"], record["data"]["agency_uscc"]) == ("办理税务登记", TAX)
    assert record["data"]["resource"] == "registration.licence"


async def test_the_qr_code_leads_people_to_a_page_in_their_language(
    registration: ServiceUnderTest, uscc: str
) -> None:
    path = (await a_licence(registration, uscc))["verify_path"]
    headers = {"Accept": "text/html,*/*;q=0.8", "Accept-Language": "en"}

    english = await registration.client.get(path, headers=headers)
    chinese = await registration.client.get(path, headers=headers, params={"language": "zh"})

    assert english.headers["content-type"] == "text/html; charset=utf-8"
    assert "default-src 'none'" in english.headers["content-security-policy"]
    assert "Genuine and in force" in english.text
    assert ("真实有效" in chinese.text, "张三丰" in chinese.text) == (True, False)


async def _json(answering: Any) -> dict[str, Any]:
    answer: dict[str, Any] = (await answering).json()
    return answer
