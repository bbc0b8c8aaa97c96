"""Notes what a browser does while a test runs, so that no page loads, runs or reports what it must not."""

from dataclasses import dataclass, field
from urllib.parse import urlsplit

from playwright.async_api import BrowserContext, ConsoleMessage, Request, Response, WebError

# A browser reports a page that came with an error status as if it were an asset that failed.
_STATUS_OF_PAGE = "Failed to load resource: the server responded with a status of"


@dataclass
class Watch:
    """Requests, console errors and policies of one browser context."""

    gateway: str
    own: tuple[str, ...]
    strangers: list[str] = field(default_factory=list)
    assets: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    weak_policies: list[str] = field(default_factory=list)

    def follow(self, context: BrowserContext) -> None:
        """Begin to watch."""
        context.on("request", self._saw_request)
        context.on("response", self._saw_response)
        context.on("console", self._saw_console)
        context.on("weberror", self._saw_error)

    def assert_clean(self) -> None:
        """Fail where a page did what none may do."""
        assert self.strangers == [], "requests to other hosts"
        assert self.assets == [], "pages loaded more than themselves"
        assert self.errors == [], "console errors"
        assert self.weak_policies == [], "pages without a strict content security policy"

    def _saw_request(self, request: Request) -> None:
        if _origin(request.url) not in self.own:
            self.strangers.append(request.url)
        elif request.resource_type != "document":
            self.assets.append(request.url)

    def _saw_response(self, response: Response) -> None:
        is_page = response.headers.get("content-type", "").startswith("text/html")
        if not is_page or _origin(response.url) != self.gateway:
            return
        policy = response.headers.get("content-security-policy", "")
        if not policy.startswith("default-src 'none'; ") or "unsafe" in policy:
            self.weak_policies.append(f"{response.url}: {policy}")

    def _saw_console(self, message: ConsoleMessage) -> None:
        if message.type == "error" and not message.text.startswith(_STATUS_OF_PAGE):
            self.errors.append(message.text)

    def _saw_error(self, error: WebError) -> None:
        self.errors.append(str(error.error))


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"
