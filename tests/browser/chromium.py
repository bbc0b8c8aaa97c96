"""Finds the machine's Chromium and starts it; a browser is never downloaded."""

import os
import shutil
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Final

from playwright.async_api import Browser, async_playwright

_NAMES: Final = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
WHAT_TO_INSTALL: Final = (
    "No Chromium was found, and these tests open pages in a real one. On Debian or Ubuntu: "
    "apt-get install chromium fonts-noto-cjk. Elsewhere install Chromium or Chrome, and if it is not on "
    "the PATH name it: make test-browser CHROMIUM=<its path>"
)


def find_chromium(environment: Mapping[str, str] = os.environ) -> str | None:
    """Return the browser that `CHROMIUM` names, else the first known name on the path; None without one."""
    names = (environment["CHROMIUM"],) if environment.get("CHROMIUM") else _NAMES
    found = (shutil.which(name, path=environment.get("PATH", "")) for name in names)
    return next((path for path in found if path), None)


@asynccontextmanager
async def launched() -> AsyncIterator[Browser]:
    """Start the browser without a window; names beyond this machine do not resolve in it."""
    async with async_playwright() as driver:
        browser = await driver.chromium.launch(
            executable_path=find_chromium(),
            args=["--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost"],
        )
        try:
            yield browser
        finally:
            await browser.close()
