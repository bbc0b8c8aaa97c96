"""The task desk in both languages: an officer takes a task, keeps a file, completes it, or sends it back."""

import time
from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Page, expect

from gateway.matters.api.desk_wording import DESK_WORDING
from shared.security.principal import Facts
from shared.security.tokens import access_claims, issue_token
from tests.browser.checks import check_page, tab_to
from tests.browser.conftest import OpenPage, Suite
from tests.browser.signing_in import button
from tests.browser.test_account_pages import log_in
from tests.gateway.matters.forms import THEME, restaurant_form
from tests.gateway.matters.services import fake_services
from tests.support.files import pdf
from tests.support.identities import SIGNING_KEY
from tests.support.waiting import eventually

in_both_languages = pytest.mark.parametrize("language", ["zh-CN", "en-GB"])
OFFICER = "zhouqi"


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def more_settings() -> AsyncIterator[dict[str, Any]]:
    """Registration and licensing are stood in for."""
    async with fake_services() as services:
        yield {"registration_url": services.url, "licensing_url": services.url}


def says(language: str) -> dict[str, str]:
    """What the desk says to a browser of this language."""
    return {key: pair[language.startswith("en")] for key, pair in DESK_WORDING.items()}


def applicant_of(suite: Suite) -> str:
    """A person's token as this gateway would issue it."""
    claims = access_claims(
        issuer=suite.service.settings.issuer,
        subject="ann",
        client_id="portal",
        audience=("gateway",),
        scopes=("matters.matter.submit", "matters.matter.read"),
        now=int(time.time()),
        facts=Facts(),
    )
    return issue_token(claims, SIGNING_KEY)


async def a_task(suite: Suite) -> str:
    """A task of the police, in a matter whose enterprise is registered."""
    person = applicant_of(suite)
    body = {"theme": THEME, "form": restaurant_form(), "channel": "portal"}
    opened = await suite.service.post("/matters/v1/matters", body, person)
    assert opened.status_code == 201, opened.text
    matter: dict[str, Any] = opened.json()

    async def assigned() -> str | None:
        read = await suite.service.get(f"/matters/v1/matters/{matter['id']}", person)
        assert read.status_code == 200, read.text
        seal = next(task for task in read.json()["tasks"] if task["kind"] == "seal")
        return str(seal["id"]) if seal["state"] == "assigned" else None

    found = await eventually(assigned)
    assert found is not None
    return found


async def to_task(page: Page, task: str, language: str) -> None:
    """Sign in, and go from the queue to the task."""
    await log_in(page, OFFICER, then="desk", language=language)
    await expect(page.get_by_role("heading", name=says(language)["desk"])).to_be_visible()
    await page.locator(f'a[href="/desk/tasks/{task}"]').click()
    await expect(page.get_by_role("heading", name=says(language)["facts"])).to_be_visible()


@in_both_languages
async def test_a_task_is_taken_and_completed_with_a_file(
    suite: Suite, open_page: OpenPage, language: str
) -> None:
    task, text, page = await a_task(suite), says(language), await open_page(language)
    await log_in(page, OFFICER, then="desk", language=language)
    await check_page(page)
    await to_task(page, task, language)
    await check_page(page)

    await tab_to(page, button(page, text["take"]))
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("status")).to_have_text(text["done_taken"])
    await check_page(page)
    await page.get_by_label(text["result_file"]).set_input_files(
        {"name": "seal.pdf", "mimeType": "application/pdf", "buffer": pdf("seal")}
    )
    await button(page, text["add_result"]).click()
    await expect(page.get_by_role("link", name="seal.pdf")).to_be_visible()
    async with page.expect_download() as downloading:
        await page.get_by_role("link", name="seal.pdf").click()
    assert (await downloading.value).suggested_filename == "seal.pdf"
    await page.get_by_label(text["result_number"]).fill("1408810012345")
    await button(page, text["complete"]).click()

    await expect(page.get_by_role("status")).to_have_text(text["done_completed"])
    await expect(page.get_by_text("1408810012345")).to_be_visible()
    await check_page(page)


@in_both_languages
async def test_a_task_is_sent_back_with_the_keyboard(
    suite: Suite, open_page: OpenPage, language: str
) -> None:
    task, text, page = await a_task(suite), says(language), await open_page(language)
    await to_task(page, task, language)
    await button(page, text["take"]).click()

    await tab_to(page, page.locator("#reason"))
    await page.keyboard.type("需补正")
    await tab_to(page, page.locator("#what_1"))
    await page.locator("#what_1").select_option("field:seal_kinds")
    await tab_to(page, page.locator("#why_1"))
    await page.keyboard.type("请增加财务章")
    await tab_to(page, button(page, text["send_back"]))
    await page.keyboard.press("Enter")

    await expect(page.get_by_role("status")).to_have_text(text["done_returned"])
    await expect(page.get_by_text(text["state_returned"], exact=True)).to_be_visible()
    await check_page(page)
