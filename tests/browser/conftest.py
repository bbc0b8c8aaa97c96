"""The browser of the run; and per module a gateway with a client, each on a real socket."""

import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page
from starlette.types import ASGIApp, Receive, Scope, Send

from deploy.local.postgres import Cluster
from tests.browser.chromium import WHAT_TO_INSTALL, find_chromium, launched
from tests.browser.portal import Portal
from tests.browser.watching import Watch
from tests.gateway.browser import Asked
from tests.gateway.conftest import gateway_settings
from tests.gateway.seed import seed_document
from tests.gateway.serving import served
from tests.support.service import ServiceUnderTest, service_under_test

OpenPage = Callable[..., Awaitable[Page]]


def pytest_configure(config: pytest.Config) -> None:
    """Say what to install before anything else is started."""
    if not config.option.collectonly and find_chromium() is None:
        raise pytest.UsageError(WHAT_TO_INSTALL)


@dataclass
class _Door:
    """A socket that is open before the app behind it, which must know its public address when it is made."""

    app: ASGIApp | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Hand over to the app."""
        assert self.app is not None
        await self.app(scope, receive, send)


@dataclass(frozen=True)
class Suite:
    """The gateway where browsers reach it, and the client that persons come from."""

    url: str
    service: ServiceUnderTest
    portal: Portal

    def asked(self, scope: str = "openid profile", **extra: str) -> Asked:
        """An authorization request of the client."""
        return Asked(redirect_uri=self.portal.callback, scope=scope, extra=dict(extra))


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def chromium() -> AsyncIterator[Browser]:
    """The browser of the run."""
    async with launched() as browser:
        yield browser


@pytest.fixture(scope="module")
def more_settings() -> dict[str, Any]:
    """Settings that a module wants otherwise: it defines a fixture of this name."""
    return {}


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def suite(
    cluster: Cluster, tmp_path_factory: pytest.TempPathFactory, more_settings: dict[str, Any]
) -> AsyncIterator[Suite]:
    """The gateway's app and worker, and the client, on the loopback address."""
    directory = tmp_path_factory.mktemp("browser")
    portal, door = Portal(), _Door()
    async with AsyncExitStack() as stack:
        url = f"http://127.0.0.1:{await stack.enter_async_context(served(door))}"
        portal.url = f"http://127.0.0.1:{await stack.enter_async_context(served(portal))}"
        settings = gateway_settings(directory) | {
            "public_url": url,
            "jwks_url": f"{url}/.well-known/jwks.json",
            **more_settings,
        }
        seed = seed_document()
        client = next(client for client in seed["clients"] if client["client_id"] == "portal")
        client["redirect_uris"] = [portal.callback]
        settings["seed_file"].write_text(json.dumps(seed, ensure_ascii=False))
        service = await stack.enter_async_context(
            service_under_test("gateway", cluster, directory, package="gateway", settings=settings)
        )
        door.app = service.app
        yield Suite(url, service, portal)


@pytest_asyncio.fixture(loop_scope="session")
async def open_page(chromium: Browser, suite: Suite) -> AsyncIterator[OpenPage]:
    """Open a page in a fresh browser: `await open_page("en-GB")`, Chinese unless told."""
    watches: list[Watch] = []
    async with AsyncExitStack() as stack:

        async def opened(language: str = "zh-CN") -> Page:
            context = await chromium.new_context(base_url=suite.url, locale=language)
            stack.push_async_callback(context.close)
            context.set_default_timeout(10_000)
            watch = Watch(suite.url, (suite.url, *suite.portal.origins))
            watch.follow(context)
            watches.append(watch)
            return await context.new_page()

        yield opened
    for watch in watches:
        watch.assert_clean()
