"""A forgotten password, a link from the counter, and guessing from one address."""

from collections.abc import AsyncIterator
from datetime import timedelta
from urllib.parse import urlsplit

import httpx
import pytest
import pytest_asyncio

from gateway.identity.domain.accounts import FREE_FAILURES_OF_PEER
from shared.security.office import Office
from shared.security.strength import Strength
from tests.gateway.browser import Asked, browser, hidden_fields, sign_in, tokens_of
from tests.gateway.identity.authenticator import Authenticator, alert_on, enrol, give_code, log_in
from tests.gateway.seed import PASSWORD
from tests.support.identities import agency_token, bearer, officer_token
from tests.support.service import ServiceUnderTest
from tests.support.waiting import eventually

BUREAU = "11140881MB9Y00155B"
HALL = "11140881MB9Y00083J"
RECOVER = "identity.account.recover"
OPERATOR = officer_token("olga", BUREAU, RECOVER, strength=Strength.TWO_FACTOR)
NEW = "twelve-green-boats"
CHECKED = {"checked_in_person": True}


@pytest_asyncio.fixture(loop_scope="session")
async def person(gateway: ServiceUnderTest) -> AsyncIterator[httpx.AsyncClient]:
    """A browser; passwords are those of the seed again, and nothing is held against anybody."""
    for table in ("identity_recovery_code", "identity_second_factor", "identity_sign_in_failure"):
        await gateway.rows_changed(f"DELETE FROM {table}")  # noqa: S608 - names of our own
    kept = await gateway.app.state.passwords.hash(PASSWORD)
    await gateway.rows_changed("UPDATE identity_account SET password_hash = :kept", kept=kept)
    async with browser(gateway.app) as client:
        yield client


async def _subject(gateway: ServiceUnderTest, username: str) -> str:
    [row] = await gateway.rows("SELECT subject FROM identity_account WHERE username = :name", name=username)
    return str(row["subject"])


async def _link(gateway: ServiceUnderTest, username: str, **stated: bool) -> httpx.Response:
    subject = await _subject(gateway, username)
    return await gateway.post(f"/identity/v1/accounts/{subject}/recovery", CHECKED | stated, OPERATOR)


def _path(link: httpx.Response) -> str:
    assert link.status_code == 201, link.text
    parts = urlsplit(link.json()["url"])
    return f"{parts.path}?{parts.query}"


async def _set(client: httpx.AsyncClient, page: httpx.Response, new: str = NEW) -> httpx.Response:
    form = hidden_fields(page) | {"new_password": new, "repeated": new}
    return await client.post("/login/set-password", data=form)


async def _recover(client: httpx.AsyncClient, username: str, code: str, recovery_code: str) -> httpx.Response:
    page = await client.get("/login/forgotten")
    given = {
        "username": username,
        "code": code,
        "recovery_code": recovery_code,
        "new_password": NEW,
        "repeated": NEW,
    }
    return await client.post("/login/forgotten", data=hidden_fields(page) | given)


async def test_authenticator_and_recovery_code_together_set_a_new_password_and_end_everything(
    gateway: ServiceUnderTest, person: httpx.AsyncClient
) -> None:
    app, codes = await enrol(person, gateway, "zhangsan")
    asked = Asked(scope="openid")
    tokens = await tokens_of(person, asked)
    async with browser(gateway.app) as elsewhere:
        done = await _recover(elsewhere, "zhangsan", app.next_code(), codes[3])
        page = await log_in(elsewhere, "zhangsan", NEW)
        in_again = await give_code(elsewhere, page, app.next_code())

    async def refused() -> bool:
        answer = await gateway.client.get("/oauth2/userinfo", headers=bearer(tokens["access_token"]))
        return answer.status_code == 401

    assert (done.status_code, in_again.status_code) == (200, 200)
    assert "重设密码 (验证码)" in in_again.text
    assert (await person.get("/account")).status_code == 303
    assert await eventually(refused, within=5)


async def test_one_of_the_two_is_not_enough_and_neither_is_used_up(
    gateway: ServiceUnderTest, person: httpx.AsyncClient
) -> None:
    app, codes = await enrol(person, gateway, "zhangsan")
    gateway.clock.advance(timedelta(seconds=30))
    async with browser(gateway.app) as elsewhere:
        answers = [
            await _recover(elsewhere, "zhangsan", "000000", codes[0]),
            await _recover(elsewhere, "zhangsan", app.code(), "aaaa-aaaa-aaaa-aaaa"),
            await _recover(elsewhere, "nobody-of-this-name", app.code(), codes[0]),
        ]
        both = await _recover(elsewhere, "zhangsan", app.code(), codes[0])

    assert [answer.status_code for answer in answers] == [403, 403, 403]
    assert {alert_on(answer) for answer in answers} == {"提供的信息不正确，密码没有更改。"}
    assert both.status_code == 200


async def test_recovery_is_guessed_at_as_slowly_as_a_password(
    gateway: ServiceUnderTest, person: httpx.AsyncClient
) -> None:
    answers = [await _recover(person, "nobody", "000000", "aaaa-aaaa-aaaa-aaaa") for _ in range(5)]

    assert [answer.status_code for answer in answers] == [403, 403, 403, 403, 429]
    assert int(answers[-1].headers["retry-after"]) >= 1


async def test_an_officers_link_sets_a_password_once_and_within_half_an_hour(
    gateway: ServiceUnderTest, person: httpx.AsyncClient
) -> None:
    path = _path(await _link(gateway, "lisi"))
    page = await person.get(path)
    weak = await _set(person, page, "Password123")
    done = await _set(person, page)
    again = await person.get(path)

    assert "lisi" in page.text
    assert alert_on(weak).startswith("这是一个常见密码")
    assert (done.status_code, again.status_code) == (200, 410)
    assert (await sign_in(person, Asked(), "lisi", NEW)).status_code in (200, 303)
    late = _path(await _link(gateway, "lisi"))
    gateway.clock.advance(timedelta(minutes=31))
    assert (await person.get(late)).status_code == 410
    gateway.clock.advance(-timedelta(minutes=31))
    replaced = _path(await _link(gateway, "lisi"))
    await _link(gateway, "lisi")
    assert (await person.get(replaced)).status_code == 410
    events = await gateway.events("cn.tongban.gateway.access.recorded.v1")
    issued = [event["data"] for event in events if event["data"]["fields"] == ["link_issued"]]
    assert issued[0]["reader"] == "person:olga"
    assert issued[0]["owner_subject"] == await _subject(gateway, "lisi")


async def test_a_lost_authenticator_is_removed_with_the_link_only_where_the_officer_says_so(
    gateway: ServiceUnderTest, person: httpx.AsyncClient
) -> None:
    app, _ = await enrol(person, gateway, "zhangsan")
    async with browser(gateway.app) as elsewhere:
        await _set(elsewhere, await elsewhere.get(_path(await _link(gateway, "zhangsan"))))
        still = await log_in(elsewhere, "zhangsan", NEW)
        link = await _link(gateway, "zhangsan", lost_second_factor=True)
        await _set(elsewhere, await elsewhere.get(_path(link)), NEW + "!")
        gone = await log_in(elsewhere, "zhangsan", NEW + "!")

    assert isinstance(app, Authenticator)
    assert 'name="code"' in still.text
    assert "两步验证未开启" in gone.text


@pytest.mark.parametrize(
    ("token", "body", "status", "problem"),
    [
        (officer_token("olga", BUREAU, RECOVER), CHECKED, 401, "stronger-sign-in-needed"),
        (agency_token("data_bureau", BUREAU, RECOVER), CHECKED, 403, "counter-only"),
        (officer_token("otto", HALL, RECOVER, strength=Strength.TWO_FACTOR), CHECKED, 403, "counter-only"),
        (
            officer_token(
                "wanda",
                HALL,
                RECOVER,
                office=Office("140881001", frozenset({"comprehensive_window"})),
                strength=Strength.TWO_FACTOR,
            ),
            CHECKED,
            201,
            None,
        ),
        (OPERATOR, {"checked_in_person": False}, 400, "account-not-possible"),
    ],
)
async def test_a_link_is_issued_at_a_counter_to_who_was_checked(
    gateway: ServiceUnderTest, token: str, body: dict[str, bool], status: int, problem: str | None
) -> None:
    subject = await _subject(gateway, "lisi")

    answer = await gateway.post(f"/identity/v1/accounts/{subject}/recovery", body, token)

    assert answer.status_code == status, answer.text
    assert answer.json().get("type") == (f"/problems/{problem}" if problem else None)


async def test_many_names_from_one_address_make_the_address_wait_and_no_other(
    gateway: ServiceUnderTest, person: httpx.AsyncClient
) -> None:
    async def attempt(name: str, password: str, address: str) -> httpx.Response:
        async with browser(gateway.app, address=address) as guesser:
            page = await guesser.get("/login")
            form = hidden_fields(page) | {"username": name, "password": password}
            return await guesser.post("/login", data=form)

    first = await attempt("name0", "guess-guess", "2001:db8::1")
    await gateway.rows_changed(
        "UPDATE identity_sign_in_failure SET failures = :most", most=FREE_FAILURES_OF_PEER - 1
    )
    more = [await attempt(f"name{number}", "guess-guess", "2001:db8::2:1") for number in (1, 2)]
    slowed = await attempt("lisi", PASSWORD, "2001:db8::3")
    elsewhere = await attempt("lisi", PASSWORD, "2001:db8:0:1::1")
    gateway.clock.advance(timedelta(hours=2))
    forgotten = await attempt("lisi", PASSWORD, "2001:db8::1")
    gateway.clock.advance(-timedelta(hours=2))

    assert [answer.status_code for answer in (first, *more, slowed)] == [403, 403, 403, 429]
    assert [elsewhere.status_code, forgotten.status_code] == [303, 303]
    digests = str(await gateway.rows("SELECT name_digest FROM identity_sign_in_failure"))
    assert "2001" not in digests


async def test_the_holder_and_the_audit_chain_learn_of_ten_failures_in_a_row(
    gateway: ServiceUnderTest, person: httpx.AsyncClient
) -> None:
    for before in (8, 9, 10):
        assert (await sign_in(person, Asked(), "wangwu", "guess-guess")).status_code == 403
        await gateway.rows_changed(
            "UPDATE identity_sign_in_failure SET failures = :before, retry_at = now() - interval '1 s'",
            before=before,
        )

    account = await log_in(person, "wangwu")

    assert "多次尝试登录失败" in account.text
    events = await gateway.events("cn.tongban.gateway.access.recorded.v1")
    [told] = [event["data"] for event in events if event["data"]["fields"] == ["guessed_at"]]
    assert (told["owner_subject"], told["result"]) == (await _subject(gateway, "wangwu"), "denied")
    failures = await gateway.rows("SELECT failures FROM identity_sign_in_failure WHERE failures >= 10")
    assert len(failures) == 1  # of the address; nothing is held against the name any more
