"""Every page, in both languages, passes the checks of `tests.browser.checks`."""

import pytest
from playwright.async_api import expect

from tests.browser.checks import assert_fits, check_page, enlarged_text, tab_stops, violations
from tests.browser.conftest import OpenPage, Suite
from tests.browser.signing_in import button, enter, says

EVERYTHING = (
    "openid profile phone offline_access registration.filing.submit registration.filing.read "
    "credit.subject.read licensing.application.submit hotline.ticket.submit matters.matter.submit"
)
in_both_languages = pytest.mark.parametrize("language", ["zh-CN", "en-GB"])


@in_both_languages
async def test_the_login_page(suite: Suite, open_page: OpenPage, language: str) -> None:
    page = await open_page(language)

    await page.goto(suite.asked().url())

    await expect(page.get_by_role("heading", name=says(language)["sign_in"])).to_be_visible()
    await check_page(page)


@in_both_languages
async def test_the_login_page_after_a_wrong_password(
    suite: Suite, open_page: OpenPage, language: str
) -> None:
    page = await open_page(language)

    await enter(page, suite.asked(), f"nobody-{language}", "wrong", language=language)

    await expect(page.get_by_role("alert")).to_be_visible()
    await check_page(page)


@in_both_languages
async def test_the_consent_page(suite: Suite, open_page: OpenPage, language: str) -> None:
    page = await open_page(language)

    await enter(page, suite.asked(EVERYTHING), "zhangsan", language=language)

    await expect(button(page, says(language)["allow"])).to_be_visible()
    await check_page(page)


@in_both_languages
async def test_the_page_that_refuses_to_send_a_person_on(
    suite: Suite, open_page: OpenPage, language: str
) -> None:
    page = await open_page(language)

    await page.goto("/oauth2/authorize?client_id=nobody")

    await expect(page.get_by_role("heading", name=says(language)["error"])).to_be_visible()
    await check_page(page)


@in_both_languages
async def test_the_pages_around_signing_out(suite: Suite, open_page: OpenPage, language: str) -> None:
    text = says(language)
    page = await open_page(language)
    await enter(page, suite.asked(EVERYTHING), "lisi", language=language)

    await page.goto("/oauth2/signed-in")
    await check_page(page)
    await page.goto("/oauth2/logout")
    await check_page(page)
    await button(page, text["sign_out"]).click()

    await expect(page.get_by_role("heading", name=text["signed_out"])).to_be_visible()
    await check_page(page)


async def test_the_checks_find_what_is_wrong(suite: Suite, open_page: OpenPage) -> None:
    page = await open_page()
    await page.goto(suite.asked().url())

    await page.evaluate(
        """() => {
          document.querySelector('label[for=password]').remove();
          document.querySelector('h1').style.color = '#ccc';
          document.querySelector('button').style.cssText = 'outline: none; min-width: 25rem';
        }"""
    )

    found = " ".join(await violations(page))
    assert "label" in found
    assert "color-contrast" in found
    with pytest.raises(AssertionError, match="at 320 px"):
        await assert_fits(page, width=320)
    with pytest.raises(AssertionError, match="not visible"):
        await tab_stops(page)
    async with enlarged_text(page):
        assert await page.evaluate("getComputedStyle(document.documentElement).fontSize") == "32px"
