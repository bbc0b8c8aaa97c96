"""A second factor: turned on by the person, asked for ever after, good once, and hard to guess."""

from collections.abc import AsyncIterator
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest_asyncio

from shared.security.strength import Strength
from shared.security.tokens import split_token
from tests.gateway.browser import Asked, browser, callback, consent, exchange, hidden_fields, sign_in
from tests.gateway.identity.authenticator import (
    STEP,
    Authenticator,
    alert_on,
    enrol,
    follow,
    give_code,
    key_on,
    log_in,
    recovery_codes_on,
    sign_in_with_code,
)
from tests.support.service import ServiceUnderTest

STRONG = {"acr_values": Strength.TWO_FACTOR.acr}


@pytest_asyncio.fixture(loop_scope="session")
async def person(gateway: ServiceUnderTest) -> AsyncIterator[httpx.AsyncClient]:
    """A browser; what earlier tests left of second factors is gone."""
    for table in ("identity_recovery_code", "identity_second_factor", "identity_sign_in_failure"):
        await gateway.rows_changed(f"DELETE FROM {table}")  # noqa: S608 - names of our own
    async with browser(gateway.app) as client:
        yield client


async def _tokens(client: httpx.AsyncClient, page: httpx.Response, asked: Asked) -> dict[str, str]:
    answer = await consent(client, page) if page.status_code == 200 else page
    claims: dict[str, str] = (await exchange(client, callback(answer)["code"], asked)).json()
    return claims


async def test_after_enrolment_every_sign_in_asks_for_the_code_and_is_stronger(
    gateway: ServiceUnderTest, person: httpx.AsyncClient
) -> None:
    app, codes = await enrol(person, gateway, "zhangsan")
    asked = Asked(scope="openid")

    async with browser(gateway.app) as elsewhere:
        page = await sign_in(elsewhere, asked)
        early = [cookie for cookie in elsewhere.cookies if "session" in cookie]
        through = await give_code(elsewhere, page, app.next_code())
        tokens = await _tokens(elsewhere, through, asked)

    _, claims = split_token(tokens["access_token"])
    _, identity = split_token(tokens["id_token"])
    assert early == []
    assert len(set(codes)) == 10
    assert (claims["acr"], claims["amr"]) == (Strength.TWO_FACTOR.acr, ["pwd", "otp"])
    assert (identity["acr"], identity["amr"]) == (claims["acr"], claims["amr"])


async def test_the_secret_and_the_recovery_codes_are_not_to_be_read_in_the_database(
    gateway: ServiceUnderTest, person: httpx.AsyncClient
) -> None:
    app, codes = await enrol(person, gateway, "zhangsan")

    [factor] = await gateway.rows("SELECT sealed_secret, subject FROM identity_second_factor")
    kept = await gateway.rows("SELECT code_digest FROM identity_recovery_code")

    assert app.secret not in factor["sealed_secret"]
    assert not {row["code_digest"] for row in kept} & set(codes)
    assert len(kept) == 10


async def test_a_code_is_good_once_and_for_a_step_before_and_after(
    gateway: ServiceUnderTest, person: httpx.AsyncClient
) -> None:
    app, _ = await enrol(person, gateway, "zhangsan")
    used_at_enrolment = app.code()

    async def tries(code: str) -> httpx.Response:
        async with browser(gateway.app) as elsewhere:
            return await give_code(elsewhere, await log_in(elsewhere, "zhangsan"), code)

    replayed = await tries(used_at_enrolment)
    code = app.next_code()
    gateway.clock.advance(STEP)
    late = await tries(code)
    again = await tries(code)
    old = app.code()
    gateway.clock.advance(2 * STEP)
    too_late = await tries(old)

    assert [page.status_code for page in (replayed, late, again, too_late)] == [403, 200, 403, 403]
    assert "验证码不正确" in alert_on(again)


async def test_a_recovery_code_takes_the_place_of_the_device_once(
    gateway: ServiceUnderTest, person: httpx.AsyncClient
) -> None:
    _, codes = await enrol(person, gateway, "zhangsan")

    async with browser(gateway.app) as elsewhere:
        admitted = await give_code(elsewhere, await log_in(elsewhere, "zhangsan"), codes[0].upper())
    async with browser(gateway.app) as elsewhere:
        refused = await give_code(elsewhere, await log_in(elsewhere, "zhangsan"), codes[0])

    assert admitted.status_code == 200
    assert "还有 9 个恢复码可用" in admitted.text
    assert refused.status_code == 403


async def test_guessing_codes_is_slowed_down_like_guessing_passwords(
    gateway: ServiceUnderTest, person: httpx.AsyncClient
) -> None:
    app, _ = await enrol(person, gateway, "zhangsan")

    async with browser(gateway.app) as thief:
        page = await log_in(thief, "zhangsan")
        for _ in range(4):
            page = await give_code(thief, page, "000000")
        slowed = await give_code(thief, page, app.code())

    assert page.status_code == 403
    assert slowed.status_code == 429
    assert int(slowed.headers["retry-after"]) >= 1


async def test_a_half_finished_sign_in_is_bound_to_its_browser_and_ends_after_five_minutes(
    gateway: ServiceUnderTest, person: httpx.AsyncClient
) -> None:
    app, _ = await enrol(person, gateway, "zhangsan")
    async with browser(gateway.app) as first, browser(gateway.app) as second:
        page = await log_in(first, "zhangsan")
        own_form = hidden_fields(await second.get("/login"))

        moved = await second.post("/login/code", data=own_form | {"code": app.next_code()})
        gateway.clock.advance(11 * STEP)
        late = await first.post("/login/code", data=hidden_fields(page) | {"code": app.code()})

    assert moved.headers["location"].startswith("/login")
    assert late.headers["location"].startswith("/login")


async def test_who_is_signed_in_and_enrolled_is_asked_for_the_code_only_and_keeps_the_session(
    gateway: ServiceUnderTest, person: httpx.AsyncClient
) -> None:
    weak = Asked(scope="openid")
    await _tokens(person, await sign_in(person, weak, "lisi"), weak)
    async with browser(gateway.app) as elsewhere:
        app, _ = await enrol(elsewhere, gateway, "lisi")
    before = dict(person.cookies)["tongban_session"]
    strong = Asked(scope="openid", extra={**STRONG})

    page = await follow(person, await person.get(strong.url()))
    through = await give_code(person, page, app.next_code())
    tokens = await _tokens(person, through, strong)

    _, claims = split_token(tokens["access_token"])
    assert 'name="code"' in page.text
    assert 'name="password"' not in page.text
    assert claims["acr"] == Strength.TWO_FACTOR.acr
    assert dict(person.cookies)["tongban_session"] != before
    sessions = await gateway.rows(
        "SELECT s.methods, count(g.grant_id) AS granted FROM identity_session s"
        " JOIN identity_grant g ON g.session_digest = s.id_digest JOIN identity_account a ON a.subject = s.subject"
        " WHERE a.username = 'lisi' GROUP BY s.session_id, s.methods"
    )
    assert [(row["methods"], row["granted"]) for row in sessions] == [(["pwd", "otp"], 2)]


async def test_who_has_no_second_factor_yet_is_led_through_enrolment_and_back_to_the_client(
    gateway: ServiceUnderTest, person: httpx.AsyncClient
) -> None:
    asked = Asked(scope="openid", extra={**STRONG})

    page = await follow(person, await sign_in(person, asked, "wangwu"))
    form = await person.post("/account/second-factor/enrolment", data=hidden_fields(page))
    app = Authenticator(gateway, key_on(form))
    wrong = await person.post("/account/second-factor", data=hidden_fields(form) | {"code": "000000"})
    shown = await person.post("/account/second-factor", data=hidden_fields(wrong) | {"code": app.code()})
    back = urlsplit(shown.text.split('href="/oauth2/authorize?')[1].split('"')[0].replace("&amp;", "&")).path
    tokens = await _tokens(person, await person.get("/oauth2/authorize?" + back), asked)

    _, claims = split_token(tokens["access_token"])
    assert "名称 portal" in page.text
    assert 'action="/account/second-factor/enrolment"' in page.text
    assert wrong.status_code == 403
    assert key_on(wrong) == app.secret
    assert len(recovery_codes_on(shown)) == 10
    assert claims["acr"] == Strength.TWO_FACTOR.acr


async def test_a_fresh_sign_in_asks_for_password_and_code_again(
    gateway: ServiceUnderTest, person: httpx.AsyncClient
) -> None:
    app, _ = await enrol(person, gateway, "zhangsan")
    asked = Asked(scope="openid", extra={"prompt": "login"})

    location = (await person.get(asked.url())).headers["location"]
    page = await person.get(location)
    through = await sign_in_with_code(person, asked, "zhangsan", app)
    tokens = await _tokens(person, through, asked)

    _, claims = split_token(tokens["access_token"])
    assert parse_qs(urlsplit(location).query)["again"] == ["1"]
    assert 'name="password"' in page.text
    assert claims["auth_time"] == claims["iat"] or claims["iat"] - claims["auth_time"] < 30


async def test_a_second_factor_is_removed_by_a_fresh_and_strong_sign_in_only(
    gateway: ServiceUnderTest, person: httpx.AsyncClient
) -> None:
    await enrol(person, gateway, "zhangsan")
    page = await person.get("/account/second-factor")
    form = hidden_fields(page)

    gateway.clock.advance(21 * STEP)
    stale = await person.post("/account/second-factor/removal", data=form)
    still = await gateway.rows("SELECT 1 FROM identity_second_factor WHERE confirmed_at IS NOT NULL")
    gateway.clock.advance(-21 * STEP)
    forged = await person.post("/account/second-factor/removal", data={"form_token": "0" * 64})
    removed = await person.post("/account/second-factor/removal", data=form)
    after = await log_in(person, "zhangsan")

    assert stale.headers["location"].startswith("/login?")
    assert len(still) == 1
    assert (forged.status_code, removed.headers["location"]) == (403, "/account")
    assert "两步验证未开启" in after.text
    told = await gateway.events("cn.tongban.gateway.access.recorded.v1")
    assert ["second_factor_removed"] in [event["data"]["fields"] for event in told]
