"""The account page: what a person sees of the own account, and ends."""

from collections.abc import AsyncIterator

import httpx
import pytest
import pytest_asyncio

from tests.gateway.browser import Asked, browser, hidden_fields, sign_in, tokens_of
from tests.gateway.identity.authenticator import alert_on, enrol, log_in
from tests.gateway.seed import PASSWORD
from tests.support.identities import bearer
from tests.support.service import ServiceUnderTest
from tests.support.waiting import eventually

CHROME = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/140.0 Safari/537.36"
SELF = "openid identity.account.self"
NEW = "twelve-green-boats"


@pytest_asyncio.fixture(loop_scope="session")
async def person(gateway: ServiceUnderTest) -> AsyncIterator[httpx.AsyncClient]:
    """A browser; nobody is signed in anywhere, and no second factor is left of earlier tests."""
    for table in ("identity_recovery_code", "identity_second_factor", "identity_sign_in_failure"):
        await gateway.rows_changed(f"DELETE FROM {table}")  # noqa: S608 - names of our own
    await gateway.rows_changed("UPDATE identity_session SET ended_at = now()")
    async with browser(gateway.app) as client:
        client.headers["User-Agent"] = CHROME
        yield client


async def _refused(gateway: ServiceUnderTest, token: str) -> bool:
    async def refused() -> bool:
        return (await gateway.client.get("/oauth2/userinfo", headers=bearer(token))).status_code == 401

    return await eventually(refused, within=5)


async def test_a_person_sees_who_they_are_masked_and_where_they_are_signed_in(
    person: httpx.AsyncClient, gateway: ServiceUnderTest
) -> None:
    page = await log_in(person, "zhangsan")

    assert page.status_code == 200
    for shown in ("张三", "zhangsan", "1408************10", "139******01", "Chrome · Windows", "当前设备"):
        assert shown in page.text
    for hidden in ("140881199001010010", "13900000001", "127.0.0.1"):
        assert hidden not in page.text
    assert "登录 (密码)" in page.text
    assert page.headers["cache-control"] == "no-store"


@pytest.mark.parametrize("path", ["/account", "/account/password", "/account/second-factor"])
async def test_who_is_not_signed_in_signs_in_first_and_comes_back(
    person: httpx.AsyncClient, gateway: ServiceUnderTest, path: str
) -> None:
    away = await person.get(path)
    page = await person.get(away.headers["location"])
    form = hidden_fields(page) | {"username": "zhangsan", "password": PASSWORD}
    back = await person.post("/login", data=form)

    assert away.headers["location"].startswith("/login?then=")
    assert back.headers["location"] == path


async def test_nobody_is_sent_on_to_an_address_that_came_with_the_request(
    person: httpx.AsyncClient, gateway: ServiceUnderTest
) -> None:
    for then in ("https://evil.example", "//evil.example", "/../evil"):
        page = await person.get("/login", params={"then": then})
        form = hidden_fields(page) | {"username": "zhangsan", "password": PASSWORD, "then": then}
        answer = await person.post("/login", data=form)

        assert answer.headers["location"] == "/oauth2/signed-in"


async def test_another_session_is_ended_with_its_tokens_and_this_one_stays(
    person: httpx.AsyncClient, gateway: ServiceUnderTest
) -> None:
    async with browser(gateway.app) as elsewhere:
        tokens = await tokens_of(elsewhere, Asked(scope="openid"))
        page = await log_in(person, "zhangsan")
        form = hidden_fields(page)

        done = await person.post("/account/sessions", data=form)
        there = await elsewhere.get("/account")
        here = await person.get("/account")

    assert "session_id" in form
    assert done.headers["location"] == "/account#sessions"
    assert there.status_code == 303
    assert here.status_code == 200
    assert "退出其他设备" in here.text
    assert await _refused(gateway, tokens["access_token"])


async def test_all_other_sessions_are_ended_at_once(
    person: httpx.AsyncClient, gateway: ServiceUnderTest
) -> None:
    async with browser(gateway.app) as second, browser(gateway.app) as third:
        for each in (second, third):
            await log_in(each, "lisi")
        page = await log_in(person, "lisi")
        token = hidden_fields(page)["form_token"]

        forged = await person.post("/account/sessions", data={"form_token": "0" * 64})
        await person.post("/account/sessions", data={"form_token": token})
        statuses = [(await each.get("/account")).status_code for each in (person, second, third)]

    assert forged.status_code == 403
    assert statuses == [200, 303, 303]


async def test_an_applications_permission_is_taken_back_and_felt_within_seconds(
    person: httpx.AsyncClient, gateway: ServiceUnderTest
) -> None:
    asked = Asked(scope="openid hotline.ticket.read")
    tokens = await tokens_of(person, asked)
    page = await person.get("/account")

    await person.post("/account/consents", data=hidden_fields(page) | {"client_id": "portal"})
    again = await person.get(asked.url())

    assert "名称 portal" in page.text
    assert "查看 12345 工单" in page.text
    assert "<form" in again.text
    assert await _refused(gateway, tokens["access_token"])


async def test_an_app_sees_a_persons_matters_only_while_the_person_consents(
    person: httpx.AsyncClient, gateway: ServiceUnderTest
) -> None:
    without = (await tokens_of(person, Asked(scope="openid")))["access_token"]
    token = (await tokens_of(person, Asked(scope="openid matters.matter.read")))["access_token"]

    unasked = await gateway.get("/matters/v1/mine", without)
    agreed = await gateway.get("/matters/v1/mine", token)
    page = await person.get("/account")
    await person.post("/account/consents", data=hidden_fields(page) | {"client_id": "portal"})

    async def taken_back() -> bool:
        return (await gateway.get("/matters/v1/mine", token)).status_code == 401

    assert (unasked.status_code, unasked.json()["type"]) == (403, "/problems/insufficient-scope")
    assert agreed.status_code == 200
    assert await eventually(taken_back, within=5)


async def test_a_mobile_back_end_reads_and_ends_sessions_and_consents_for_the_person(
    person: httpx.AsyncClient, gateway: ServiceUnderTest
) -> None:
    async with browser(gateway.app) as elsewhere:
        await log_in(elsewhere, "zhangsan")
    token = (await tokens_of(person, Asked(scope=SELF)))["access_token"]

    sessions = (await gateway.get("/identity/v1/sessions", token)).json()["sessions"]
    other = next(each for each in sessions if not each["is_current"])
    ended = await gateway.client.delete(f"/identity/v1/sessions/{other['session_id']}", headers=bearer(token))
    again = await gateway.client.delete(f"/identity/v1/sessions/{other['session_id']}", headers=bearer(token))
    [consent] = (await gateway.get("/identity/v1/consents", token)).json()["consents"]
    back = await gateway.client.delete("/identity/v1/consents/portal", headers=bearer(token))

    assert [each["is_current"] for each in sessions].count(True) == 1
    assert (ended.status_code, again.status_code, back.status_code) == (204, 404, 204)
    assert (consent["client_id"], set(SELF.split()) <= set(consent["scopes"])) == ("portal", True)
    assert await _refused(gateway, token)


async def test_a_changed_password_ends_every_other_session(
    person: httpx.AsyncClient, gateway: ServiceUnderTest
) -> None:
    async with browser(gateway.app) as elsewhere:
        tokens = await tokens_of(elsewhere, Asked(scope="openid"), "zhaoliu")
        page = await log_in(person, "zhaoliu", then="password")

        async def change(current: str, new: str, repeated: str) -> httpx.Response:
            given = {"current_password": current, "new_password": new, "repeated": repeated}
            return await person.post("/account/password", data=hidden_fields(page) | given)

        refusals = [
            await change("wrong", NEW, NEW),
            await change(PASSWORD, NEW, NEW + "!"),
            await change(PASSWORD, "short", "short"),
            await change(PASSWORD, "Password123", "Password123"),
            await change(PASSWORD, "zhaoliu2026", "zhaoliu2026"),
        ]
        done = await change(PASSWORD, NEW, NEW)
        there = await elsewhere.get("/account")
        here = await person.get("/account")

    assert [alert_on(refusal)[:8] for refusal in refusals] == [
        "当前密码不正确。",
        "两次输入的新密码",
        "新密码至少需要 ",
        "这是一个常见密码",
        "新密码不能与用户",
    ]
    assert (done.status_code, there.status_code, here.status_code) == (200, 303, 200)
    assert await _refused(gateway, tokens["access_token"])
    async with browser(gateway.app) as fresh:
        assert (await sign_in(fresh, Asked(), "zhaoliu", PASSWORD)).status_code == 403
        assert (await sign_in(fresh, Asked(), "zhaoliu", NEW)).status_code in (200, 303)


async def test_what_protects_the_account_is_changed_after_a_fresh_sign_in_only(
    person: httpx.AsyncClient, gateway: ServiceUnderTest
) -> None:
    await log_in(person, "lisi")
    async with browser(gateway.app) as elsewhere:
        await enrol(elsewhere, gateway, "lisi")

    weak = await person.get("/account/password")
    shown = await person.get("/account")

    assert weak.headers["location"].startswith("/login?then=password&again=1")
    assert shown.status_code == 200
