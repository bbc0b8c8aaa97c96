"""Sign-in with an electronic business licence, as far as a browser without the telephone gets."""

from collections.abc import AsyncIterator

import httpx
import pytest
import pytest_asyncio
from playwright.async_api import expect

from gateway.identity.licence_wallets import LicenceWalletClient
from tests.browser.checks import check_page, tab_to
from tests.browser.conftest import OpenPage, Suite
from tests.browser.signing_in import button, says
from tests.gateway.identity.licence_wallet import TOKEN, WalletService
from tests.gateway.serving import served


@pytest_asyncio.fixture(loop_scope="session")
async def wallet(suite: Suite) -> AsyncIterator[WalletService]:
    """A wallet to which the gateway is connected while the test runs."""
    outside, service = suite.service.app.state.outside, WalletService()
    async with served(service) as port, httpx.AsyncClient(trust_env=False) as http:
        outside.wallet = LicenceWalletClient(http, f"http://127.0.0.1:{port}", TOKEN)
        yield service
        outside.wallet = None


@pytest.mark.parametrize("language", ["zh-CN", "en-GB"])
async def test_the_way_from_the_login_page_to_the_code_and_back(
    suite: Suite, open_page: OpenPage, wallet: WalletService, language: str
) -> None:
    text, page = says(language), await open_page(language)

    await page.goto(suite.asked().url())
    await check_page(page)
    await tab_to(page, button(page, text["sign_in_with_licence"]))
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("img", name=text["licence_qr"])).to_be_visible()
    await check_page(page)
    await page.get_by_role("link", name=text["licence_shown"]).click()
    await expect(page.get_by_role("status")).to_have_text(text["licence_waiting"])
    wallet.answer = {"state": "refused"}
    await page.get_by_role("link", name=text["licence_look_by_itself"].format(seconds=5)).click()
    await expect(page.get_by_role("alert")).to_have_text(text["fed_licence_declined"])
    await check_page(page)
    await page.get_by_role("link", name=text["sign_in_again"]).click()

    await expect(page.get_by_label(text["username"], exact=True)).to_be_visible()
