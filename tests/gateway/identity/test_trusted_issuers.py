"""A signature made with a certificate counts at every service if its issuer is on the trust list."""

import base64
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.identity.domain.shown_signatures import (
    AlgorithmNotSupported,
    SignatureNotReadable,
    SignatureNotValid,
    read_cms,
)
from tests.gateway.identity.certificates import Holder, certified, cms_of, jws_of
from tests.support.identities import agency_token
from tests.support.service import ServiceUnderTest

ISSUERS = "/identity/v1/trusted-issuers"
VERIFY = "/identity/v1/signatures/verify"
BID = "投标文件 第 1 号".encode()
RSA = rsa.generate_private_key(65537, 2048)


def bureau(gateway: ServiceUnderTest) -> str:
    """A token of the data bureau."""
    return agency_token(
        "data_bureau", gateway.app.state.region.agency("data_bureau").uscc, "identity.trust.manage"
    )


async def listed(gateway: ServiceUnderTest, holder: Holder) -> dict[str, Any]:
    """Put an issuer on the list."""
    body = {"name": "测试数字证书认证中心", "certificate_pem": holder.pem}
    answer = await gateway.post(ISSUERS, body, bureau(gateway))
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def check(gateway: ServiceUnderTest, signature: str | bytes, content: bytes = BID) -> httpx.Response:
    """Have a signature verified, with nobody's token."""
    shown = (
        {"jws": signature} if isinstance(signature, str) else {"cms": base64.b64encode(signature).decode()}
    )
    body = {"content": base64.b64encode(content).decode(), **shown}
    return await gateway.client.post(VERIFY, json=body)


def refusal(answer: httpx.Response) -> tuple[int, str]:
    """Status and problem of a refusal."""
    return answer.status_code, str(answer.json()["type"]).removeprefix("/problems/")


async def test_a_signature_with_a_certificate_of_a_listed_issuer_is_accepted_in_every_form(
    gateway: ServiceUnderTest,
) -> None:
    root = certified("山西CA", ca=True)
    middle = certified("山西CA 二级", root, ca=True)
    builder, with_rsa = certified("某建筑公司", middle), certified("某监理公司", root, key=RSA)
    issuer = await listed(gateway, root)

    answers = [
        await check(gateway, jws_of(builder, BID, middle)),
        await check(gateway, jws_of(builder, BID, middle, detached=False)),
        await check(gateway, jws_of(with_rsa, BID)),
        await check(gateway, cms_of(builder, BID, middle)),
        await check(gateway, cms_of(with_rsa, BID)),
        await check(gateway, cms_of(with_rsa, BID, attributes=False)),
    ]

    assert [answer.status_code for answer in answers] == [200] * 6, [answer.text for answer in answers]
    assert {answer.json()["issuer_id"] for answer in answers} == {issuer["issuer_id"]}
    assert [answer.json()["algorithm"] for answer in answers] == [
        *("ES256", "ES256", "RS256", "ES256", "RS256", "RS256")
    ]
    assert answers[0].json()["signer"] == "CN=某建筑公司"


async def test_an_issuer_that_is_not_on_the_list_yields_422_also_under_the_name_of_one_that_is(
    gateway: ServiceUnderTest,
) -> None:
    await listed(gateway, certified("可信CA", ca=True))
    stranger = certified("陌生CA", ca=True)
    namesake = certified("可信CA", ca=True)

    answers = [
        await check(gateway, jws_of(certified("甲", stranger), BID, stranger)),
        await check(gateway, cms_of(certified("乙", namesake), BID, namesake)),
        await check(gateway, jws_of(certified("丙"), BID)),
    ]

    assert [refusal(answer) for answer in answers] == [(422, "issuer-not-trusted")] * 3


async def test_who_holds_a_certificate_cannot_issue_others(gateway: ServiceUnderTest) -> None:
    root = certified("根CA", ca=True, path_length=0)
    await listed(gateway, root)
    holder = certified("持证人", root)
    deeper = certified("越级CA", root, ca=True)

    forged = await check(gateway, jws_of(certified("冒名", holder), BID, holder))
    too_deep = await check(gateway, jws_of(certified("越级", deeper), BID, deeper))

    assert [refusal(answer) for answer in (forged, too_deep)] == [(422, "issuer-not-trusted")] * 2


async def test_a_signature_over_something_else_or_by_another_key_is_not_valid(
    gateway: ServiceUnderTest,
) -> None:
    root = certified("有效CA", ca=True)
    await listed(gateway, root)
    holder = certified("丁", root)
    impostor = Holder(certified("x").key, holder.certificate)

    answers = [
        await check(gateway, jws_of(holder, BID), BID + b"!"),
        await check(gateway, jws_of(holder, BID, detached=False), BID + b"!"),
        await check(gateway, cms_of(holder, BID), BID + b"!"),
        await check(gateway, cms_of(holder, BID, attributes=False), BID + b"!"),
        await check(gateway, jws_of(impostor, BID)),
        await check(gateway, cms_of(impostor, BID)),
    ]

    assert [refusal(answer) for answer in answers] == [(422, "signature-not-valid")] * 6


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"days": (-30, -1)}, "expired"),
        ({"days": (1, 30)}, "not_yet_valid"),
        ({"signs": False}, "key_usage"),
        ({"ca": True}, "authority"),
    ],
)
async def test_a_certificate_out_of_time_or_for_another_use_signs_nothing(
    gateway: ServiceUnderTest, changes: dict[str, Any], reason: str
) -> None:
    root = certified("用途CA", ca=True)
    await listed(gateway, root)

    answer = await check(gateway, jws_of(certified("戊", root, **changes), BID))

    assert refusal(answer) == (422, "signer-certificate-not-valid")
    assert reason in answer.json()["detail"]


async def test_what_cannot_be_verified_here_is_refused_by_name(gateway: ServiceUnderTest) -> None:
    root = certified("算法CA", ca=True)
    await listed(gateway, root)
    holder = certified("己", root)

    sm2 = await check(gateway, jws_of(holder, BID, alg="SM2SM3"))
    none = await check(gateway, jws_of(holder, BID, alg="none"))
    sha512 = await check(gateway, cms_of(holder, BID, digest=hashes.SHA512()))
    critical = await check(gateway, jws_of(holder, BID, crit=["b64"], b64=False))
    unreadable = await check(gateway, "a.b.c")

    assert [refusal(answer) for answer in (sm2, none, sha512)] == [(422, "unsupported-algorithm")] * 3
    assert "SM2" in sm2.json()["detail"]
    assert [refusal(answer) for answer in (critical, unreadable)] == [(400, "signature-not-readable")] * 2


async def test_a_withdrawn_issuer_counts_until_the_day_and_stays_in_the_history(
    gateway: ServiceUnderTest,
) -> None:
    root = certified("将撤CA", ca=True)
    issuer = await listed(gateway, root)
    path = f"{ISSUERS}/{issuer['issuer_id']}"
    signature = jws_of(certified("庚", root), BID)
    body = {"reason": "许可已注销", "effective_from": (datetime.now(UTC) + timedelta(hours=1)).isoformat()}

    stale = await gateway.post(f"{path}/withdrawal", body, bureau(gateway), If_Match='"7"')
    withdrawn = await gateway.post(f"{path}/withdrawal", body, bureau(gateway), If_Match='"1"')
    again = await gateway.post(f"{path}/withdrawal", body, bureau(gateway), If_Match="*")
    before = await check(gateway, signature)
    gateway.clock.advance(timedelta(hours=2))
    after = await check(gateway, signature)
    shown = await gateway.get(path)
    history = await gateway.get(ISSUERS, state="withdrawn")
    relisted = await gateway.post(ISSUERS, {"name": "x", "certificate_pem": root.pem}, bureau(gateway))
    gateway.clock.advance(-timedelta(hours=2))

    assert (stale.status_code, withdrawn.status_code) == (412, 200)
    assert refusal(again) == (409, "issuer-withdrawn-already")
    assert (before.status_code, refusal(after)) == (200, (422, "issuer-not-trusted"))
    assert (shown.json()["state"], shown.json()["withdrawn_because"]) == ("withdrawn", "许可已注销")
    assert issuer["issuer_id"] in [each["issuer_id"] for each in history.json()["entries"]]
    assert refusal(relisted) == (409, "issuer-listed-already")
    told = await gateway.events("cn.tongban.gateway.access.recorded.v1", issuer["issuer_id"])
    assert [event["data"]["fields"] for event in told] == [["listed"], ["withdrawn"]]


async def test_only_the_data_bureau_lists_and_only_authorities_are_listed(gateway: ServiceUnderTest) -> None:
    region = gateway.app.state.region
    tax = agency_token("tax", region.agency("tax").uscc, "identity.trust.manage")
    root = certified("谁列CA", ca=True)

    foreign = await gateway.post(ISSUERS, {"name": "x", "certificate_pem": root.pem}, tax)
    refused = [
        await gateway.post(ISSUERS, {"name": "x", "certificate_pem": pem}, bureau(gateway))
        for pem in (
            certified("不是CA").pem,
            certified("过期CA", ca=True, days=(-30, -1)).pem,
            "-----BEGIN CERTIFICATE-----\n" + "A" * 64 + "\n-----END CERTIFICATE-----\n",
        )
    ]

    assert refusal(foreign) == (403, "identity-authority-only")
    assert [refusal(answer) for answer in refused] == [(400, "certificate-not-usable")] * 3


async def test_the_list_is_public_and_paged(gateway: ServiceUnderTest) -> None:
    names = {
        (await listed(gateway, certified(f"分页CA {number}", ca=True)))["issuer_id"] for number in range(3)
    }

    seen, cursor = set(), None
    while True:
        page = (
            await gateway.get(ISSUERS, limit=2, state="listed", **({"cursor": cursor} if cursor else {}))
        ).json()
        seen |= {each["issuer_id"] for each in page["entries"]}
        cursor = page["next_cursor"]
        if cursor is None:
            break

    assert names <= seen


_ROOT = certified("性质CA", ca=True)
_CMS = cms_of(certified("性质", _ROOT), BID)


@settings(max_examples=600)
@given(st.integers(0, len(_CMS) - 1), st.integers(1, 255))
def test_no_altered_byte_makes_another_good_signature_or_breaks_the_reader(place: int, flip: int) -> None:
    altered = bytearray(_CMS)
    altered[place] ^= flip

    try:
        shown = read_cms(bytes(altered), BID)
        shown.check()
    except (SignatureNotReadable, SignatureNotValid, AlgorithmNotSupported):
        return
    original = read_cms(_CMS, BID)
    assert shown.signed == original.signed
    assert shown.certificate.public_key() == original.certificate.public_key()
