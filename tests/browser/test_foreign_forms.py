"""A form on another site decides nothing, even in the browser of a person who is signed in."""

import pytest
from playwright.async_api import Page, expect

from tests.browser.conftest import OpenPage, Suite
from tests.browser.signing_in import button, enter, says
from tests.gateway.seed import PASSWORD

TEXT = says("zh-CN")
# Another port of the same host is the same site, so the browser sends the cookies along; another name is not.
elsewhere = pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])


async def _own_fields(page: Page) -> dict[str, str]:
    hidden = page.locator("form input[type=hidden]")
    fields: dict[str, str] = await hidden.evaluate_all(
        "inputs => Object.fromEntries(inputs.map(i => [i.name, i.value]))"
    )
    return fields


async def _win(page: Page, suite: Suite, host: str, path: str, fields: dict[str, str]) -> None:
    suite.portal.holds_form(f"{suite.url}{path}", fields)
    await page.goto(suite.portal.url.replace("127.0.0.1", host))
    await page.get_by_role("button", name="win").click()
    await page.wait_for_url(f"{suite.url}/**")


@elsewhere
async def test_a_foreign_form_signs_nobody_in(suite: Suite, open_page: OpenPage, host: str) -> None:
    page = await open_page()
    await page.goto(suite.asked().url())
    fields = await _own_fields(page) | {"username": "zhaoliu", "password": PASSWORD}

    await _win(page, suite, host, "/login", fields)

    await expect(page.get_by_role("alert")).to_have_text(TEXT["stale_form"])
    names = {cookie.get("name") for cookie in await page.context.cookies()}
    assert names == {"tongban_form"}


@elsewhere
async def test_a_foreign_form_consents_to_nothing(suite: Suite, open_page: OpenPage, host: str) -> None:
    page = await open_page()
    await enter(page, suite.asked(prompt="consent"), "zhangsan")
    await expect(button(page, TEXT["allow"])).to_be_visible()
    fields = await _own_fields(page) | {"decision": "allow"}
    before = list(suite.portal.answers)

    await _win(page, suite, host, "/consent", fields)

    await expect(page.get_by_role("heading", level=1)).to_be_visible()
    assert suite.portal.answers == before


@elsewhere
async def test_a_foreign_form_signs_nobody_out(suite: Suite, open_page: OpenPage, host: str) -> None:
    page = await open_page()
    await enter(page, suite.asked(prompt="consent"), "lisi")
    await expect(button(page, TEXT["allow"])).to_be_visible()

    await _win(page, suite, host, "/oauth2/logout", await _own_fields(page))
    await page.goto(suite.asked(prompt="consent").url())

    await expect(button(page, TEXT["allow"])).to_be_visible()
