"""What every page must pass. Source: WCAG 2.2 level AA, as far as a machine can tell; axe-core's best practice.

`check_page(page)` is all that a test of a new page needs to call. It leaves the page as it found it, but for
the focus.
"""

import json
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any, Final, Literal

from axe_playwright_python.base import AXE_SCRIPT
from playwright.async_api import Locator, Page

_AXE_OPTIONS: Final = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa", "best-practice"],
    # Off by default in axe-core, though its tag is asked for.
    "rules": {"target-size": {"enabled": True}},
}
_SCHEMES: Final[Sequence[Literal["light", "dark"]]] = ("light", "dark")
# 320 CSS pixels is a screen of 1280 at 400 %. Source: WCAG 2.2, 1.4.10.
_NARROW: Final = 320
_MOST_STOPS: Final = 60
_FOCUSED: Final = """() => {
  const found = document.activeElement;
  if (!found || found === document.body) return null;
  const style = getComputedStyle(found), box = found.getBoundingClientRect();
  const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
  const above = document.elementFromPoint(x, y);
  return {
    name: found.id || found.name || found.textContent.trim(),
    outlined: style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2,
    reachable: above !== null && (found.contains(above) || above.contains(found)),
  };
}"""
# A group of radio buttons is one stop.
_STOPS_TO_EXPECT: Final = """() => {
  const controls = 'a[href], button, input:not([type=hidden]), select, textarea, summary';
  const shown = [...document.querySelectorAll(controls)].filter(e => !e.disabled && e.checkVisibility());
  return new Set(shown.map((e, i) => e.type === 'radio' ? `radio ${e.name}` : i)).size;
}"""
_WIDER_THAN_SEEN: Final = """() => {
  const seen = document.documentElement.clientWidth;
  return [...document.querySelectorAll('body *')]
    .filter(e => e.getBoundingClientRect().right > seen + 1 && e.getBoundingClientRect().width > 0)
    .map(e => e.tagName + ' ' + e.textContent.trim().slice(0, 40));
}"""


async def check_page(page: Page) -> None:
    """Hold the page that is open against everything below; raises AssertionError with what is wrong."""
    for scheme in _SCHEMES:
        await page.emulate_media(color_scheme=scheme)
        assert await violations(page) == [], f"{page.url} ({scheme})"
    await page.emulate_media(color_scheme="light")
    await assert_fits(page, width=_NARROW)
    async with enlarged_text(page):
        await assert_fits(page, width=1280)
        await assert_fits(page, width=_NARROW)
    stops = await tab_stops(page)
    expected = await page.evaluate(_STOPS_TO_EXPECT)
    assert len(stops) == expected, f"{page.url}: the Tab key stops at {stops}, not at all {expected}"


async def violations(page: Page) -> list[str]:
    """Return what axe-core finds; contrast that it cannot judge counts as found.

    The driver runs the script in the page from outside, so the page's own policy stays in force.
    """
    await page.evaluate(AXE_SCRIPT)
    results: dict[str, Any] = await page.evaluate(f"axe.run({json.dumps(_AXE_OPTIONS)})")
    unsure = [rule for rule in results["incomplete"] if rule["id"] == "color-contrast"]
    return [
        f"{rule['id']}: {rule['help']}: {node['html']}"
        for rule in (*results["violations"], *unsure)
        for node in rule["nodes"]
    ]


async def assert_fits(page: Page, *, width: int) -> None:
    """Nothing reaches beyond a window of this width, so nobody has to scroll sideways."""
    before = page.viewport_size
    assert before is not None
    await page.set_viewport_size({"width": width, "height": 640})
    assert await page.evaluate(_WIDER_THAN_SEEN) == [], f"{page.url} at {width} px"
    overflow = await page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    assert overflow <= 0, f"{page.url} at {width} px scrolls sideways by {overflow} px"
    await page.set_viewport_size(before)


@asynccontextmanager
async def enlarged_text(page: Page) -> AsyncIterator[None]:
    """The browser of a person who set the text to twice its size. Source: WCAG 2.2, 1.4.4."""
    session = await page.context.new_cdp_session(page)
    await session.send("Page.setFontSizes", {"fontSizes": {"standard": 32, "fixed": 26}})
    try:
        yield
    finally:
        await session.send("Page.setFontSizes", {"fontSizes": {"standard": 16, "fixed": 13}})
        await session.detach()


async def tab_stops(page: Page) -> list[str]:
    """Walk the whole page with Tab and return where it stops; each stop must show and be in sight."""
    await page.evaluate("document.activeElement.blur()")
    await page.locator("html").evaluate("html => { html.tabIndex = -1; html.focus(); html.blur(); }")
    stops: list[str] = []
    for _ in range(_MOST_STOPS):
        name = await _next_stop(page)
        if name is None or (stops and name == stops[0]):
            return stops
        stops.append(name)
    raise AssertionError(f"{page.url}: Tab does not come to an end: {stops}")


async def tab_to(page: Page, target: Locator) -> None:
    """Press Tab until the target has the focus; every stop on the way must show where it is."""
    passed: list[str | None] = []
    for _ in range(_MOST_STOPS):
        passed.append(await _next_stop(page))
        if await target.evaluate("element => element === document.activeElement"):
            return
    raise AssertionError(f"{page.url}: Tab never reaches it, only {passed}")


async def _next_stop(page: Page) -> str | None:
    await page.keyboard.press("Tab")
    stop: dict[str, Any] | None = await page.evaluate(_FOCUSED)
    if stop is None:
        return None
    assert stop["outlined"], f"{page.url}: the focus on {stop['name']!r} is not visible"
    assert stop["reachable"], f"{page.url}: the focus on {stop['name']!r} is hidden"
    return str(stop["name"])
