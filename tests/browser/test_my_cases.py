"""The pages about one's cases in both languages: what waits first, one case from the list to its end and back."""

from playwright.async_api import expect

from gateway.progress.api.words import WORDS
from tests.browser.checks import check_page, tab_to
from tests.browser.conftest import OpenPage, Suite
from tests.browser.test_account_pages import forget_second_factors, in_both_languages, log_in
from tests.gateway.acting import subject_of
from tests.gateway.progress.conftest import City, a_case_no
from tests.support.waiting import eventually


async def _stand(suite: Suite, wanted: dict[str, str]) -> None:
    """Wait until the cases are known, each in its state."""

    async def known() -> bool:
        rows = await suite.service.rows("SELECT case_no, state FROM progress_case")
        return wanted.items() <= {row["case_no"]: row["state"] for row in rows}.items()

    await eventually(known)


@in_both_languages
async def test_a_person_finds_what_waits_for_them_and_follows_it(
    suite: Suite, open_page: OpenPage, language: str
) -> None:
    await forget_second_factors(suite)
    english, city = language.startswith("en"), City(suite.service)
    text = {key: pair[english] for key, pair in WORDS.items()}
    person = await subject_of(suite.service, "zhangsan")
    waiting, running = await city.filed(person), await city.filed(person)
    await city.returned(waiting)
    ticket = a_case_no("HT")
    told = {"ticket_number": ticket, "applicant": person, "kind": "consult"}
    for verb in ("received", "closed"):
        await city.tell(f"hotline.ticket.{verb}", ticket, told)
    await _stand(
        suite, {waiting["case_no"]: "returned", running["case_no"]: "submitted", ticket: "completed"}
    )
    page = await open_page(language)

    await log_in(page, "zhangsan", then="account", language=language)
    await page.get_by_role("link", name=text["my_cases"], exact=True).click()

    headings = page.get_by_role("heading", level=2)
    await expect(headings).to_have_text([text["waits_for_you"], text["under_way"], text["ended"]])
    await check_page(page)
    first = page.get_by_role("link", name=text["act"]).first
    await tab_to(page, first)
    await page.keyboard.press("Enter")
    await expect(page.get_by_text(text["to_do"])).to_be_visible()
    await expect(page.get_by_text("no distinctive part" if english else "字号缺少").first).to_be_visible()
    await check_page(page)
    await page.get_by_role("link", name=text["to_cases"]).click()
    await expect(page.get_by_role("heading", name=text["my_cases"])).to_be_visible()


async def test_a_case_of_somebody_else_is_none_on_the_page_too(suite: Suite, open_page: OpenPage) -> None:
    await forget_second_factors(suite)
    city, page = City(suite.service), await open_page("zh-CN")
    other = await city.filed("somebody-else")
    await _stand(suite, {other["case_no"]: "submitted"})
    await log_in(page, "zhangsan", then="cases")

    await page.goto(f"/my/cases/{other['case_no']}")

    await expect(page.get_by_role("heading", name=WORDS["no_such_case"][0])).to_be_visible()
    await check_page(page)
