"""A person signs in, consents or not, and signs out, in a real browser and without a mouse."""

import re

from playwright.async_api import expect

from tests.browser.checks import tab_to
from tests.browser.conftest import OpenPage, Suite
from tests.browser.signing_in import button, enter, says
from tests.gateway.browser import exchange
from tests.gateway.seed import PASSWORD

TEXT = says("zh-CN")


async def test_the_whole_sign_in_is_done_with_the_keyboard(suite: Suite, open_page: OpenPage) -> None:
    page = await open_page()
    asked = suite.asked("openid profile registration.filing.read")

    await page.goto(asked.url())
    await expect(page.get_by_label(TEXT["username"])).to_be_focused()
    await page.keyboard.type("zhangsan")
    await tab_to(page, page.get_by_label(TEXT["password"]))
    await page.keyboard.type(PASSWORD)
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("heading", name=TEXT["consent"])).to_be_visible()
    listed = await page.get_by_role("list").get_by_role("listitem").all_inner_texts()
    await tab_to(page, button(page, TEXT["allow"]))
    await page.keyboard.press("Enter")
    await page.wait_for_url(f"{suite.portal.callback}?*")

    answer = suite.portal.answers[-1]
    assert (answer["state"], answer["iss"]) == (asked.state, suite.url)
    assert "查看您的企业登记申请" in listed
    tokens = await exchange(suite.service.client, answer["code"], asked)
    assert tokens.status_code == 200, tokens.text


async def test_the_first_tab_offers_to_skip_to_the_main_content(suite: Suite, open_page: OpenPage) -> None:
    page = await open_page()
    await enter(page, suite.asked(prompt="consent"), "lisi")
    await expect(button(page, TEXT["allow"])).to_be_visible()

    await page.keyboard.press("Tab")
    skip = page.get_by_role("link", name=TEXT["skip"])
    await expect(skip).to_be_focused()
    await expect(skip).to_be_in_viewport(ratio=1)
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("main")).to_be_focused()
    await page.keyboard.press("Tab")

    await expect(button(page, TEXT["allow"])).to_be_focused()


async def test_a_wrong_password_is_announced_and_the_name_need_not_be_typed_again(
    suite: Suite, open_page: OpenPage
) -> None:
    page = await open_page()

    await enter(page, suite.asked(), "zhaoliu", "not-the-password")

    await expect(page.get_by_role("alert")).to_have_text(TEXT["wrong"])
    password = page.get_by_label(TEXT["password"])
    await expect(password).to_be_focused()
    await expect(password).to_have_accessible_description(TEXT["wrong"])
    await expect(password).to_have_value("")
    await expect(page.get_by_label(TEXT["username"])).to_have_value("zhaoliu")
    await page.keyboard.type(PASSWORD)
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("heading", name=TEXT["consent"])).to_be_visible()


async def test_who_does_not_allow_it_is_back_at_the_client_without_a_code(
    suite: Suite, open_page: OpenPage
) -> None:
    page = await open_page()
    asked = suite.asked(prompt="consent")

    await enter(page, asked, "zhangsan")
    await tab_to(page, button(page, TEXT["deny"]))
    await page.keyboard.press("Enter")
    await page.wait_for_url(f"{suite.portal.callback}?*")

    answer = suite.portal.answers[-1]
    assert (answer["error"], answer["state"]) == ("access_denied", asked.state)
    assert "code" not in answer


async def test_who_consented_before_goes_straight_from_the_password_to_the_client(
    suite: Suite, open_page: OpenPage
) -> None:
    first, second = await open_page(), await open_page()
    await enter(first, suite.asked("openid"), "wangwu")
    await button(first, TEXT["allow"]).click()
    await first.wait_for_url(f"{suite.portal.callback}?*")
    asked = suite.asked("openid")

    await enter(second, asked, "wangwu")
    await second.wait_for_url(f"{suite.portal.callback}?*")

    assert suite.portal.answers[-1]["state"] == asked.state
    assert suite.portal.answers[-1]["code"]


async def test_the_language_is_switched_on_the_page_and_kept(suite: Suite, open_page: OpenPage) -> None:
    page = await open_page("zh-CN")
    english = says("en-GB")

    await page.goto(suite.asked().url())
    await expect(page.locator("html")).to_have_attribute("lang", "zh-CN")
    await tab_to(page, page.get_by_role("link", name=TEXT["switch"]))
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("heading", name=english["sign_in"])).to_be_visible()
    await enter(page, suite.asked(prompt="consent"), "lisi", language="en-GB")

    await expect(page.locator("html")).to_have_attribute("lang", "en")
    await expect(page).to_have_title(re.compile(english["consent"]))
    await page.get_by_role("link", name=english["switch"]).click()
    await expect(page.get_by_role("heading", name=TEXT["consent"])).to_be_visible()


async def test_after_signing_out_the_next_request_asks_for_the_password_again(
    suite: Suite, open_page: OpenPage
) -> None:
    page = await open_page()
    await enter(page, suite.asked(prompt="consent"), "zhangsan")

    await page.goto("/oauth2/logout")
    await tab_to(page, button(page, TEXT["sign_out"]))
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("heading", name=TEXT["signed_out"])).to_be_visible()
    await page.goto(suite.asked().url())

    await expect(page.get_by_label(TEXT["password"])).to_be_visible()
