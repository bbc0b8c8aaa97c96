"""The steps of a person at the pages, by what the person sees, in either language."""

from playwright.async_api import Locator, Page

from gateway.identity.api.wording import wording
from tests.gateway.browser import Asked
from tests.gateway.seed import PASSWORD


def says(language: str) -> dict[str, str]:
    """What the pages say to a browser of this language."""
    return wording(english=language.startswith("en"))


def button(page: Page, name: str) -> Locator:
    """A button by exactly what it says."""
    return page.get_by_role("button", name=name, exact=True)


async def enter(
    page: Page, asked: Asked, username: str, password: str = PASSWORD, *, language: str = "zh-CN"
) -> None:
    """Go to what the client asks for, and sign in."""
    text = says(language)
    await page.goto(asked.url())
    await page.get_by_label(text["username"], exact=True).fill(username)
    await page.get_by_label(text["password"], exact=True).fill(password)
    await button(page, text["sign_in"]).click()
