"""Accounts by API: opened without a password, changed, closed with everything, reopened; by the data bureau only."""

from typing import Any
from urllib.parse import urlsplit

import pytest

from shared.identifiers.citizen_id import examine_citizen_id
from shared.security.strength import Strength
from tests.gateway.browser import Asked, browser, hidden_fields, sign_in, tokens_of
from tests.gateway.identity.authenticator import alert_on, follow, log_in
from tests.gateway.seed import PASSWORD
from tests.support.identities import agency_token, bearer, officer_token
from tests.support.service import ServiceUnderTest
from tests.support.waiting import eventually

ACCOUNTS = "/identity/v1/accounts"
BUREAU = "11140881MB9Y00155B"
MANAGE = "identity.account.manage"
BUREAU_CLIENT = agency_token("data_bureau", BUREAU, MANAGE)
OPERATOR = officer_token("olga", BUREAU, MANAGE, strength=Strength.TWO_FACTOR)
NEW = "twelve-green-boats"
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


def citizen_id(number: int) -> str:
    """A made-up number with its right check digit (GB 11643)."""
    body = f"14088119930101{number:03d}"
    check = "10X98765432"[sum(int(d) * w for d, w in zip(body, _WEIGHTS, strict=True)) % 11]
    assert not examine_citizen_id(body + check)
    return body + check


def account(name: str, number: int, **more: Any) -> dict[str, Any]:
    """What an operator sends to open an account."""
    told = {
        "username": name,
        "display_name": "钱一",
        "citizen_id": citizen_id(number),
        "phone": "13900000199",
    }
    return told | more


async def opened(gateway: ServiceUnderTest, name: str, number: int, **more: Any) -> dict[str, Any]:
    """Open an account; returns the link."""
    answer = await gateway.post(ACCOUNTS, account(name, number, **more), BUREAU_CLIENT)
    assert answer.status_code == 201, answer.text
    link: dict[str, Any] = answer.json()
    return link


async def activated(gateway: ServiceUnderTest, name: str, number: int, **more: Any) -> str:
    """Open an account and let the person set the password; returns the subject."""
    link = await opened(gateway, name, number, **more)
    parts = urlsplit(link["url"])
    async with browser(gateway.app) as person:
        page = await person.get(f"{parts.path}?{parts.query}")
        form = hidden_fields(page) | {"new_password": PASSWORD, "repeated": PASSWORD}
        assert (await person.post("/login/set-password", data=form)).status_code == 200
    return str(link["subject"])


async def test_a_person_opened_by_api_sets_the_password_by_the_link_and_signs_in(
    gateway: ServiceUnderTest,
) -> None:
    link = await opened(gateway, "qianyi", 1)
    async with browser(gateway.app) as person:
        before = await sign_in(person, Asked(), "qianyi", "nobody's password")
        parts = urlsplit(link["url"])
        page = await person.get(f"{parts.path}?{parts.query}")
        form = hidden_fields(page) | {"new_password": PASSWORD, "repeated": PASSWORD}
        await person.post("/login/set-password", data=form)
        after = await tokens_of(person, Asked(scope="openid matters.matter.submit"), "qianyi")

    assert (link["purpose"], before.status_code) == ("activation", 403)
    assert after["scope"] == "matters.matter.submit openid"
    stored = str(await gateway.rows("SELECT * FROM identity_account_link")) + str(
        await gateway.rows("SELECT body FROM idempotency_key")
    )
    assert parts.query.removeprefix("link=") not in stored


async def test_what_is_on_file_is_shown_masked(gateway: ServiceUnderTest) -> None:
    subject = await activated(gateway, "qianer", 2)

    shown = (await gateway.get(f"{ACCOUNTS}/{subject}", BUREAU_CLIENT)).json()
    found = await gateway.post(f"{ACCOUNTS}/search", {"username": "qianer"}, BUREAU_CLIENT)

    assert (shown["display_name"], shown["phone"]) == ("钱*", "139******99")
    assert shown["citizen_id"] == citizen_id(2)[:4] + "*" * 12 + citizen_id(2)[-2:]
    assert (shown["standing"], shown["is_activated"], shown["has_second_factor"]) == ("open", True, False)
    assert [each["subject"] for each in found.json()["entries"]] == [subject]


async def test_accounts_are_listed_page_by_page(gateway: ServiceUnderTest) -> None:
    first = (await gateway.get(ACCOUNTS, BUREAU_CLIENT, limit=3)).json()
    second = (await gateway.get(ACCOUNTS, BUREAU_CLIENT, limit=3, cursor=first["next_cursor"])).json()

    subjects = [each["subject"] for page in (first, second) for each in page["entries"]]
    assert len(subjects) == len(set(subjects)) == 6
    assert subjects == sorted(subjects)


@pytest.mark.parametrize(
    ("body", "status", "pointer"),
    [
        (account("zhangsan", 3), 409, None),
        (account("qiansan", 3, citizen_id="140881199001010010"), 409, None),
        (account("qiansan", 3, citizen_id="140881199001010011"), 400, "/citizen_id"),
        (account("qiansan", 3, scopes=["hotline.ticket.manage"]), 400, "/scopes"),
        (account("qiansan", 3, agency=BUREAU, scopes=["licensing.application.decide"]), 400, "/scopes"),
        (account("qiansan", 3, agency="91140881MAE000002E"), 400, "/agency"),
        (account("qian san", 3), 400, "/username"),
    ],
)
async def test_what_cannot_be_opened_is_refused_with_its_reason(
    gateway: ServiceUnderTest, body: dict[str, Any], status: int, pointer: str | None
) -> None:
    answer = await gateway.post(ACCOUNTS, body, BUREAU_CLIENT)

    assert answer.status_code == status, answer.text
    pointers = [each["pointer"] for each in answer.json().get("errors", ())]
    assert pointers == ([pointer] if pointer else [])


async def test_an_officer_gets_what_the_agency_may_do_and_loses_it_at_once(
    gateway: ServiceUnderTest,
) -> None:
    given = ["hotline.ticket.handle", "hotline.ticket.read"]
    subject = await activated(gateway, "qiansi", 4, agency=BUREAU, scopes=given)
    async with browser(gateway.app) as officer:
        asked = Asked(scope="openid hotline.ticket.handle hotline.ticket.read")
        tokens = await tokens_of(officer, asked, "qiansi")
    path = f"{ACCOUNTS}/{subject}"
    etag = (await gateway.get(path, BUREAU_CLIENT)).headers["etag"]

    async def change(body: dict[str, Any], if_match: str | None) -> int:
        headers = bearer(OPERATOR) | ({"If-Match": if_match} if if_match else {})
        return (await gateway.client.patch(path, json=body, headers=headers)).status_code

    statuses = [
        await change({"scopes": given[:1]}, None),
        await change({"scopes": ["licensing.application.decide"]}, etag),
        await change({"scopes": given[:1]}, etag),
        await change({"scopes": given}, etag),
    ]

    assert statuses == [428, 400, 200, 412]
    assert tokens["scope"] == "hotline.ticket.handle hotline.ticket.read openid"
    assert await _is_refused(gateway, tokens["access_token"])


async def test_a_closed_account_is_out_everywhere_until_it_is_reopened(gateway: ServiceUnderTest) -> None:
    subject = await activated(gateway, "qianwu", 5)
    async with browser(gateway.app) as person:
        asked = Asked(scope="openid")
        tokens = await tokens_of(person, asked, "qianwu")

        closed = await gateway.post(f"{ACCOUNTS}/{subject}/closing", None, OPERATOR)
        again = await gateway.post(f"{ACCOUNTS}/{subject}/closing", None, OPERATOR)
        page = await person.get("/account")
        refused = await sign_in(person, asked, "qianwu")
        grant = {"grant_type": "refresh_token", "client_id": "portal"}
        refresh = await person.post("/oauth2/token", data=grant | {"refresh_token": tokens["refresh_token"]})
        felt = await _is_refused(gateway, tokens["access_token"])
        on_file = await gateway.get(f"{ACCOUNTS}/{subject}", OPERATOR)
        stranger = await gateway.get(f"{ACCOUNTS}/{subject}", officer_token("otto", BUREAU))
        kept = await gateway.events("cn.tongban.gateway.access.recorded.v1", subject)
        reopened = await gateway.post(f"{ACCOUNTS}/{subject}/reopening", None, OPERATOR)
        admitted = await sign_in(person, asked, "qianwu")

    assert (closed.json()["standing"], again.status_code) == ("closed", 409)
    assert (page.status_code, refused.status_code, refresh.status_code, felt) == (303, 403, 400, True)
    assert (on_file.status_code, on_file.json()["standing"], stranger.status_code) == (200, "closed", 403)
    assert [event["data"]["fields"][0] for event in kept] == ["opened", "password_changed", "closed"]
    assert (reopened.json()["standing"], admitted.status_code in (200, 303)) == ("open", True)
    events = await gateway.events("cn.tongban.gateway.access.recorded.v1", subject)
    done = [event["data"]["fields"][0] for event in events]
    assert done == ["opened", "password_changed", "closed", "reopened"]


async def test_an_operator_demands_a_new_password_at_the_next_sign_in(gateway: ServiceUnderTest) -> None:
    subject = await activated(gateway, "qianliu", 6)
    path = f"{ACCOUNTS}/{subject}"
    demanded = await gateway.client.patch(
        path, json={"must_change_password": True}, headers=bearer(OPERATOR) | {"If-Match": "*"}
    )
    async with browser(gateway.app) as person:
        page = await log_in(person, "qianliu")
        early = [cookie for cookie in person.cookies if "session" in cookie]

        async def give(new: str) -> Any:
            form = hidden_fields(page) | {"new_password": new, "repeated": new}
            return await follow(person, await person.post("/login/new-password", data=form))

        same = await give(PASSWORD)
        done = await give(NEW)

    assert demanded.json()["must_change_password"] is True
    assert "请设置新密码" in page.text
    assert early == []
    assert alert_on(same) == "新密码不能与当前密码相同。"
    assert "我的账户" in done.text
    assert not (await gateway.get(path, BUREAU_CLIENT)).json()["must_change_password"]


@pytest.mark.parametrize(
    ("token", "status", "problem"),
    [
        (officer_token("olga", BUREAU, MANAGE), 401, "stronger-sign-in-needed"),
        (
            officer_token("otto", "11140881MB9Y00083J", MANAGE, strength=Strength.TWO_FACTOR),
            403,
            "identity-authority-only",
        ),
        (officer_token("olga", BUREAU, strength=Strength.TWO_FACTOR), 403, "insufficient-scope"),
    ],
)
async def test_only_the_data_bureau_manages_accounts(
    gateway: ServiceUnderTest, token: str, status: int, problem: str
) -> None:
    answer = await gateway.post(ACCOUNTS, account("qianqi", 7), token)

    assert (answer.status_code, answer.json()["type"]) == (status, f"/problems/{problem}")


async def _is_refused(gateway: ServiceUnderTest, token: str) -> bool:
    async def refused() -> bool:
        return (await gateway.client.get("/oauth2/userinfo", headers=bearer(token))).status_code == 401

    return await eventually(refused, within=5)
