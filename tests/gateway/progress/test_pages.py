"""The pages about one's cases: for a person who signed in here, without any application."""

from collections.abc import AsyncIterator

import httpx
import pytest_asyncio

from tests.gateway.acting import subject_of
from tests.gateway.browser import browser, hidden_fields
from tests.gateway.progress.conftest import City
from tests.gateway.seed import PASSWORD
from tests.support.service import ServiceUnderTest


@pytest_asyncio.fixture(loop_scope="session")
async def person(gateway: ServiceUnderTest) -> AsyncIterator[httpx.AsyncClient]:
    """A browser in which nobody is signed in."""
    async with browser(gateway.app) as client:
        yield client


async def _log_in(person: httpx.AsyncClient, path: str, username: str = "zhangsan") -> httpx.Response:
    away = await person.get(path)
    page = await person.get(away.headers["location"])
    form = hidden_fields(page) | {"username": username, "password": PASSWORD}
    back = await person.post("/login", data=form)
    return await person.get(back.headers["location"])


async def test_what_waits_for_the_person_stands_first(person: httpx.AsyncClient, city: City) -> None:
    zhangsan = await subject_of(city.gateway, "zhangsan")
    waiting, running = await city.filed(zhangsan), await city.filed(zhangsan)
    await city.returned(waiting)
    await city.until(zhangsan, "returned", waiting["case_no"])
    await city.until(zhangsan, "submitted", running["case_no"])

    page = await _log_in(person, "/my/cases")
    case = await person.get(f"/my/cases/{waiting['case_no']}")
    english = await person.get(f"/my/cases/{waiting['case_no']}", params={"lang": "en"})

    assert page.status_code == case.status_code == 200
    assert page.text.index(waiting["case_no"]) < page.text.index(running["case_no"])
    assert page.headers["cache-control"] == "no-store"
    for shown in ("需要您做的", "字号缺少", "退回补正", "设立登记：永济市蒲津渡餐饮有限公司"):
        assert shown in case.text
    assert "What you have to do" in english.text
    assert "no distinctive part" in english.text


async def test_who_is_not_signed_in_signs_in_first_and_anothers_case_is_none(
    person: httpx.AsyncClient, city: City
) -> None:
    lisi = await subject_of(city.gateway, "lisi")
    filing = await city.filed(lisi)
    await city.until(lisi, "submitted", filing["case_no"])

    away = await person.get("/my/cases")
    await _log_in(person, "/my/cases")
    strange = await person.get(f"/my/cases/{filing['case_no']}")
    account = await person.get("/account")

    assert (away.status_code, away.headers["location"]) == (303, "/login?then=cases")
    assert strange.status_code == 404
    assert "未找到此办件" in strange.text
    assert 'href="/my/cases"' in account.text
