"""The account pages in both languages: the second factor from enrolment to sign-in, and what a person ends."""

import base64

import pytest
from playwright.async_api import Page, expect

from gateway.identity.domain.one_time_code import code_at, step_at
from gateway.identity.use_cases.secret_texts import digest_of, new_secret
from shared.security.strength import Strength
from tests.browser.checks import check_page, tab_to
from tests.browser.conftest import OpenPage, Suite
from tests.browser.signing_in import button, enter, says
from tests.gateway.seed import PASSWORD

in_both_languages = pytest.mark.parametrize("language", ["zh-CN", "en-GB"])
STEP_SECONDS = 30


async def log_in(page: Page, username: str, *, then: str, language: str = "zh-CN") -> None:
    """Sign in to a page of the suite's own."""
    text = says(language)
    await page.goto(f"/login?then={then}&again=1")
    await page.get_by_label(text["username"], exact=True).fill(username)
    await page.get_by_label(text["password"], exact=True).fill(PASSWORD)
    await button(page, text["sign_in"]).click()


async def forget_second_factors(suite: Suite) -> None:
    """Begin as if nobody had enrolled."""
    for table in ("identity_recovery_code", "identity_second_factor", "identity_sign_in_failure"):
        await suite.service.rows_changed(f"DELETE FROM {table}")  # noqa: S608 - names of our own


def code_now(suite: Suite, secret: bytes) -> str:
    """What the person's authenticator shows."""
    return code_at(secret, step_at(suite.service.clock()))


@in_both_languages
async def test_a_client_that_asks_for_more_leads_through_enrolment_and_back(
    suite: Suite, open_page: OpenPage, language: str
) -> None:
    await forget_second_factors(suite)
    text, page = says(language), await open_page(language)

    await enter(
        page, suite.asked("openid", acr_values=Strength.TWO_FACTOR.acr), "zhangsan", language=language
    )
    await expect(page.get_by_role("heading", name=text["second_factor"])).to_be_visible()
    await check_page(page)
    await tab_to(page, button(page, text["begin_enrolment"]))
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("img", name=text["qr"])).to_be_visible()
    await check_page(page)
    shown = await page.locator("#key").inner_text()
    secret = base64.b32decode(shown.replace(" ", ""))
    await page.get_by_label(text["one_time_code"]).fill(code_now(suite, secret))
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("heading", name=text["recovery_codes"])).to_be_visible()
    await check_page(page)
    await expect(page.get_by_role("list").get_by_role("listitem")).to_have_count(10)
    await page.get_by_role("link", name="portal").click()
    await _allow_if_asked(page, text["allow"])
    await page.wait_for_url(f"{suite.portal.callback}?*")
    assert suite.portal.answers[-1]["code"]

    await page.goto(suite.asked("openid", acr_values=Strength.FACE.acr).url())
    await expect(page.get_by_role("heading", name=text["face"])).to_be_visible()
    await check_page(page)
    await button(page, text["face_confirm"]).click()
    await page.wait_for_url(f"{suite.portal.callback}?*")
    assert suite.portal.answers[-1]["code"]


@in_both_languages
async def test_the_code_page_is_worked_with_the_keyboard_and_tells_what_is_wrong(
    suite: Suite, open_page: OpenPage, language: str
) -> None:
    await forget_second_factors(suite)
    text, enrolling, page = says(language), await open_page(language), await open_page(language)
    await log_in(enrolling, "lisi", then="second_factor", language=language)
    await button(enrolling, text["begin_enrolment"]).click()
    secret = base64.b32decode((await enrolling.locator("#key").inner_text()).replace(" ", ""))
    await enrolling.get_by_label(text["one_time_code"]).fill(code_now(suite, secret))
    await button(enrolling, text["confirm"]).click()
    await expect(enrolling.get_by_role("heading", name=text["recovery_codes"])).to_be_visible()

    await log_in(page, "lisi", then="account", language=language)
    code = page.get_by_label(text["code"], exact=True)
    await expect(code).to_be_focused()
    await check_page(page)
    await code.focus()
    await page.keyboard.type("000000")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("alert")).to_have_text(text["wrong_code"])
    await expect(page.get_by_label(text["code"], exact=True)).to_be_focused()
    await check_page(page)
    next_code = code_at(secret, step_at(suite.service.clock()) + 1)
    await page.get_by_label(text["code"], exact=True).fill(next_code)
    await page.keyboard.press("Enter")

    await expect(page.get_by_role("heading", name=text["account"])).to_be_visible()
    await check_page(page)


@in_both_languages
async def test_the_account_page_ends_a_session_and_takes_a_permission_back(
    suite: Suite, open_page: OpenPage, language: str
) -> None:
    await forget_second_factors(suite)
    text, elsewhere, page = says(language), await open_page(language), await open_page(language)
    await enter(elsewhere, suite.asked("openid hotline.ticket.read"), "wangwu", language=language)
    await _allow_if_asked(elsewhere, text["allow"])
    await elsewhere.wait_for_url(f"{suite.portal.callback}?*")

    await log_in(page, "wangwu", then="account", language=language)
    await expect(page.get_by_text(f"· {text['this_session']}")).to_be_visible()
    await check_page(page)
    before = await page.get_by_role("button", name=text["end_session"]).count()
    await page.get_by_role("button", name=text["end_session"]).first.click()
    await expect(page.get_by_role("button", name=text["end_session"])).to_have_count(before - 1)
    await page.get_by_role("button", name=text["withdraw_consent"]).click()
    await expect(page.get_by_text(text["no_applications"])).to_be_visible()
    await check_page(page)


@in_both_languages
async def test_the_pages_about_passwords(suite: Suite, open_page: OpenPage, language: str) -> None:
    await forget_second_factors(suite)
    text, page = says(language), await open_page(language)

    await page.goto("/login")
    await page.get_by_role("link", name=text["forgotten_link"]).click()
    await expect(page.get_by_role("heading", name=text["forgotten"], exact=True)).to_be_visible()
    await check_page(page)
    await page.goto("/login/set-password?link=" + "x" * 43)
    await expect(page.get_by_role("heading", name=text["link_not_good"])).to_be_visible()
    await check_page(page)
    link = new_secret()
    await suite.service.rows_changed(
        "INSERT INTO identity_account_link SELECT subject, :digest, 'activation', false, now() + interval '1 h'"
        " FROM identity_account WHERE username = 'lisi'"
        " ON CONFLICT (subject) DO UPDATE SET link_digest = EXCLUDED.link_digest",
        digest=digest_of(link),
    )
    await page.goto(f"/login/set-password?link={link}")
    await expect(page.get_by_role("heading", name=text["activate"])).to_be_visible()
    await check_page(page)
    await log_in(page, "zhangsan", then="password", language=language)
    await page.get_by_label(text["current_password"]).fill("not-the-password")
    for label in ("new_password", "repeated_password"):
        await page.get_by_label(text[label], exact=True).fill("twelve-green-boats")
    await check_page(page)
    await button(page, text["set_password"]).click()

    await expect(page.get_by_role("alert")).to_have_text(text["current_wrong"])
    await check_page(page)


async def _allow_if_asked(page: Page, allow: str) -> None:
    if await button(page, allow).count():
        await button(page, allow).click()
