"""A person signs in once and every client of the suite knows who it is."""

from urllib.parse import parse_qs, urlsplit

import pytest

from shared.security.tokens import TokenRefused, TokenVerifier, split_token
from tests.gateway.browser import (
    Asked,
    browser,
    callback,
    consent,
    exchange,
    get_code,
    hidden_fields,
    sign_in,
    tokens_of,
)
from tests.gateway.seed import OTHER_REDIRECT, PASSWORD
from tests.support.identities import ISSUER, KEYS, bearer
from tests.support.service import ServiceUnderTest


async def test_a_person_signs_in_consents_and_the_client_learns_who_it_is(gateway: ServiceUnderTest) -> None:
    async with browser(gateway.app) as person:
        asked = Asked(scope="openid profile phone matters.matter.submit")

        consent_page = await sign_in(person, asked)
        back = callback(await consent(person, consent_page))
        tokens = (await exchange(person, back["code"], asked)).json()
        userinfo = await person.get("/oauth2/userinfo", headers=bearer(tokens["access_token"]))

    assert consent_page.status_code == 200
    assert "张三" in consent_page.text
    assert (back["state"], back["iss"]) == (asked.state, ISSUER)
    _, id_token = split_token(tokens["id_token"])
    assert (id_token["nonce"], id_token["aud"], id_token["iss"]) == (asked.nonce, "portal", ISSUER)
    assert userinfo.json() == {
        "sub": id_token["sub"],
        "name": "张三",
        "preferred_username": "zhangsan",
        "phone_number": "13900000001",
    }


async def test_the_access_token_is_good_at_each_service_that_its_scopes_touch(
    gateway: ServiceUnderTest,
) -> None:
    async with browser(gateway.app) as person:
        asked = Asked(scope="openid registration.filing.read credit.subject.read")
        tokens = await tokens_of(person, asked)

    for service in ("gateway", "registration", "credit"):
        verifier = TokenVerifier(issuer=ISSUER, audience=service, keys=KEYS)
        principal = await verifier.verify(tokens["access_token"])
        assert principal.scopes == {"openid", "registration.filing.read", "credit.subject.read"}
    with pytest.raises(TokenRefused):
        await TokenVerifier(issuer=ISSUER, audience="hotline", keys=KEYS).verify(tokens["access_token"])
    for token in (tokens["id_token"], tokens["refresh_token"]):
        with pytest.raises(TokenRefused):
            await TokenVerifier(issuer=ISSUER, audience="gateway", keys=KEYS).verify(token)


async def test_an_officers_token_names_the_agency_and_no_more_than_the_officer_may_do(
    gateway: ServiceUnderTest,
) -> None:
    async with browser(gateway.app) as officer:
        asked = Asked(scope="openid registration.filing.decide hotline.ticket.manage")
        tokens = await tokens_of(officer, asked, "wangwu")

    principal = await TokenVerifier(issuer=ISSUER, audience="gateway", keys=KEYS).verify(
        tokens["access_token"]
    )
    agency = gateway.app.state.region.agency("administrative_approval")
    assert principal.agency == agency.uscc
    assert principal.scopes == {"openid", "registration.filing.decide"}
    assert tokens["scope"] == "openid registration.filing.decide"


async def test_one_sign_in_serves_a_second_client_without_a_password(gateway: ServiceUnderTest) -> None:
    async with browser(gateway.app) as person:
        await tokens_of(person, Asked())
        second = Asked(client_id="other", redirect_uri=OTHER_REDIRECT, scope="openid credit.subject.read")

        page = await person.get(second.url())
        tokens = (await exchange(person, callback(await consent(person, page))["code"], second)).json()

    assert page.status_code == 200
    assert "名称 other" in page.text
    assert tokens["scope"] == "credit.subject.read openid"


async def test_consent_is_asked_once_and_again_only_for_more(gateway: ServiceUnderTest) -> None:
    async with browser(gateway.app) as person:
        await tokens_of(person, Asked(scope="openid hotline.ticket.read"), "lisi")

        again = await person.get(Asked(scope="openid hotline.ticket.read").url())
        more = await person.get(Asked(scope="openid hotline.ticket.read hotline.ticket.submit").url())
        asked_for = await person.get(Asked(scope="openid", extra={"prompt": "consent"}).url())

    assert callback(again)["code"]
    assert (more.status_code, asked_for.status_code) == (200, 200)


async def test_who_does_not_consent_is_sent_back_with_access_denied(gateway: ServiceUnderTest) -> None:
    async with browser(gateway.app) as person:
        asked = Asked(extra={"prompt": "consent"})
        page = await sign_in(person, asked)

        back = callback(await consent(person, page, "deny"))

    assert (back["error"], back["state"], back["iss"]) == ("access_denied", asked.state, ISSUER)
    assert "code" not in back


async def test_a_wrong_password_and_an_unknown_name_look_the_same(gateway: ServiceUnderTest) -> None:
    pages = []
    for username in ("zhaoliu", "nobody-of-this-name"):
        async with browser(gateway.app) as person:
            pages.append(await sign_in(person, Asked(), username, "wrong"))

    assert [page.status_code for page in pages] == [403, 403]
    texts = [page.text.split("<main")[1].split("<form")[0] for page in pages]
    assert texts[0] == texts[1]
    assert 'role="alert"' in texts[0]
    assert all("wrong" not in hidden_fields(page).values() for page in pages)


async def test_after_several_failures_even_the_right_password_must_wait(gateway: ServiceUnderTest) -> None:
    for _ in range(4):
        async with browser(gateway.app) as guesser:
            await sign_in(guesser, Asked(), "lisi", "guess")

    async with browser(gateway.app) as person:
        refused = await sign_in(person, Asked(), "lisi", PASSWORD)
        [failure] = await gateway.rows(
            "SELECT failures, retry_at > now() AS waits FROM identity_sign_in_failure WHERE failures > 0"
            " AND retry_at > now()"
        )
        await gateway.rows_changed("UPDATE identity_sign_in_failure SET retry_at = now()")
        admitted = await sign_in(person, Asked(), "lisi", PASSWORD)

    assert refused.status_code == 429
    assert int(refused.headers["retry-after"]) >= 1
    assert failure["failures"] == 4
    assert admitted.status_code in (200, 303)


async def test_a_form_from_elsewhere_signs_nobody_in(gateway: ServiceUnderTest) -> None:
    async with browser(gateway.app) as person:
        page = await person.get((await person.get(Asked().url())).headers["location"])
        form = hidden_fields(page) | {"username": "zhangsan", "password": PASSWORD}

        forged = await person.post("/login", data=form | {"form_token": "0" * 64})
        foreign = await person.post("/login", data=form, headers={"Origin": "https://evil.example"})
    async with browser(gateway.app) as other_browser:
        moved = await other_browser.post("/login", data=form)

    assert [answer.status_code for answer in (forged, foreign, moved)] == [403, 403, 403]
    assert all("session" not in str(answer.headers) for answer in (forged, foreign, moved))


async def test_the_session_cookie_is_out_of_reach_of_scripts_and_foreign_forms(
    gateway: ServiceUnderTest,
) -> None:
    async with browser(gateway.app) as person:
        page = await person.get((await person.get(Asked().url())).headers["location"])
        form = hidden_fields(page) | {"username": "zhangsan", "password": PASSWORD}

        answer = await person.post("/login", data=form)

    cookie = next(c for c in answer.headers.get_list("set-cookie") if c.startswith("tongban_session"))
    assert "HttpOnly" in cookie
    assert "samesite=lax" in cookie.lower()
    value = cookie.split("=", 1)[1].split(";")[0]
    assert not await gateway.rows("SELECT 1 FROM identity_session WHERE id_digest = :v", v=value)


async def test_pages_load_nothing_run_nothing_and_cannot_be_framed(gateway: ServiceUnderTest) -> None:
    async with browser(gateway.app) as person:
        page = await person.get((await person.get(Asked().url())).headers["location"])

    policy = page.headers["content-security-policy"]
    assert policy.startswith("default-src 'none'; style-src 'nonce-")
    assert "frame-ancestors 'none'" in policy
    assert "form-action 'self' https://app.example;" in policy
    assert "<script" not in page.text
    assert '<label for="username">' in page.text
    assert page.headers["cache-control"] == "no-store"


async def test_pages_speak_the_callers_language_and_can_be_switched(gateway: ServiceUnderTest) -> None:
    async with browser(gateway.app) as person:
        location = (await person.get(Asked().url())).headers["location"]

        by_default = await person.get(location)
        by_header = await person.get(location, headers={"Accept-Language": "en-GB,en;q=0.9"})
        switched = await person.get(location + "&lang=en")
        remembered = await person.get(location)

    assert '<html lang="zh-CN">' in by_default.text
    for page in (by_header, switched, remembered):
        assert '<html lang="en">' in page.text
        assert "Sign in to continue to" in page.text


async def test_what_a_person_typed_is_shown_as_text(gateway: ServiceUnderTest) -> None:
    async with browser(gateway.app) as person:
        page = await sign_in(person, Asked(), '"><script>alert(1)</script>', "x")

    assert "<script>" not in page.text
    assert "&lt;script&gt;" in page.text


async def test_a_silent_request_is_answered_without_a_page(gateway: ServiceUnderTest) -> None:
    async with browser(gateway.app) as person:
        nobody = callback(await person.get(Asked(extra={"prompt": "none"}).url()))
        await tokens_of(person, Asked(scope="openid"))
        somebody = callback(await person.get(Asked(scope="openid", extra={"prompt": "none"}).url()))
        not_allowed = callback(
            await person.get(
                Asked(
                    client_id="other",
                    redirect_uri=OTHER_REDIRECT,
                    scope="openid phone",
                    extra={"prompt": "none"},
                ).url()
            )
        )

    assert nobody["error"] == "login_required"
    assert somebody["code"]
    assert not_allowed["error"] == "consent_required"


async def test_a_fresh_sign_in_can_be_demanded(gateway: ServiceUnderTest) -> None:
    async with browser(gateway.app) as person:
        await tokens_of(person, Asked(scope="openid"))

        for extra in ({"prompt": "login"}, {"max_age": "0"}):
            asked = Asked(scope="openid", extra=dict(extra))
            back = callback(await sign_in(person, asked))
            assert back["code"]


async def test_signing_out_ends_the_session_and_its_tokens(gateway: ServiceUnderTest) -> None:
    async with browser(gateway.app) as person:
        asked = Asked(scope="openid")
        tokens = await tokens_of(person, asked)

        page = await person.get("/oauth2/logout")
        forged = await person.post("/oauth2/logout", data={"form_token": "0" * 64})
        done = await person.post("/oauth2/logout", data=hidden_fields(page))
        after = await person.get(asked.url())
        refreshed = await person.post(
            "/oauth2/token",
            data={
                "grant_type": "refresh_token",
                "refresh_token": tokens["refresh_token"],
                "client_id": "portal",
            },
        )

    assert (page.status_code, forged.status_code, done.status_code) == (200, 403, 200)
    assert "/login" in after.headers["location"]
    assert refreshed.json()["error"] == "invalid_grant"


async def test_the_client_that_shows_the_id_token_signs_the_person_out_at_once(
    gateway: ServiceUnderTest,
) -> None:
    async with browser(gateway.app) as person:
        asked = Asked(scope="openid")
        tokens = await tokens_of(person, asked)
        altered = tokens["id_token"][:-4] + "AAAA"

        asked_first = await person.get("/oauth2/logout", params={"id_token_hint": altered})
        done = await person.get("/oauth2/logout", params={"id_token_hint": tokens["id_token"]})
        after = await person.get(asked.url())

    assert "<form" in asked_first.text
    assert "<form" not in done.text
    assert "/login" in after.headers["location"]


async def test_secrets_are_kept_as_digests_only(gateway: ServiceUnderTest) -> None:
    async with browser(gateway.app) as person:
        asked = Asked(scope="openid")
        code = await get_code(person, asked)
        tokens = (await exchange(person, code, asked)).json()

    for table in ("identity_code", "identity_refresh_token", "identity_session"):
        rows = str(await gateway.rows(f"SELECT * FROM {table}"))  # noqa: S608 - names of our own
        for secret in (code, tokens["refresh_token"], tokens["access_token"]):
            assert secret not in rows
    [account] = await gateway.rows("SELECT password_hash FROM identity_account WHERE username = 'zhangsan'")
    assert account["password_hash"].startswith("$argon2id$")


async def test_a_client_may_sign_out_by_a_form_and_only_with_its_own_hint(gateway: ServiceUnderTest) -> None:
    async with browser(gateway.app) as person:
        tokens = await tokens_of(person, Asked(scope="openid"))
        hint = {"id_token_hint": tokens["id_token"]}

        foreign = await person.get("/oauth2/logout", params=hint | {"client_id": "other"})
        sent_on = await person.post("/oauth2/logout", data=hint | {"client_id": "portal"})
        still = callback(await person.get(Asked(scope="openid").url()))
        out = await person.get(sent_on.headers["location"])
        gone = await person.get(Asked(scope="openid").url())

    assert foreign.status_code == 200
    assert sent_on.status_code == 303
    assert "code" in still
    assert out.status_code == 200
    assert gone.headers["location"].startswith("/login")


async def test_the_request_behind_the_login_page_must_be_one_that_could_be_answered(
    gateway: ServiceUnderTest,
) -> None:
    async with browser(gateway.app) as person:
        asked = Asked()
        location = (await person.get(asked.url())).headers["location"]
        request = parse_qs(urlsplit(location).query)["request"][0]
        evil = request.replace("app.example", "evil.example")

        answers = [
            await person.get("/login", params={"request": evil}),
            await person.post("/login", data={"request": evil}),
            await person.post("/consent", data={"request": evil, "decision": "allow"}),
        ]

    assert [answer.status_code for answer in answers] == [400, 400, 400]
    assert all("location" not in answer.headers for answer in answers)
