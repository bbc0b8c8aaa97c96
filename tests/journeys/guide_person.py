"""The person in the guide who opens the printed address in a browser, signs in and consents."""

import threading
from html.parser import HTMLParser
from urllib.parse import urljoin

import httpx


class Person:
    """Watches what the terminal prints; an address to sign in at is opened at once."""

    def __init__(self, username: str, password: str) -> None:
        self._credentials = {"username": username, "password": password}
        self._browsing: list[threading.Thread] = []

    def watch(self, line: str) -> None:
        """Open the address that a line holds."""
        if line.startswith("http") and "/oauth2/authorize?" in line:
            thread = threading.Thread(target=self._sign_in, args=(line,), daemon=True)
            thread.start()
            self._browsing.append(thread)

    def has_signed_in(self) -> bool:
        """Whether there was an address to open, and the browser has come to the end of it."""
        for thread in self._browsing:
            thread.join(10)
        return bool(self._browsing) and not any(thread.is_alive() for thread in self._browsing)

    def _sign_in(self, address: str) -> None:
        with httpx.Client(follow_redirects=True, timeout=20) as browser:
            page = browser.get(address)
            while (form := _Form.on(page)) is not None:
                filled = self._credentials if form.asks_password else {"decision": "allow"}
                page = browser.post(urljoin(str(page.url), form.action), data=form.hidden | filled)


class _Form(HTMLParser):
    """A page's form, as far as a browser sends it by itself."""

    def __init__(self) -> None:
        super().__init__()
        self.action: str | None = None
        self.hidden: dict[str, str] = {}
        self.asks_password = False

    @classmethod
    def on(cls, page: httpx.Response) -> "_Form | None":
        """The page's form; None for a page without one, which is where the way ends."""
        form = cls()
        form.feed(page.text)
        return form if form.action is not None else None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Take note of the form's address and fields."""
        found = dict(attrs)
        if tag == "form" and self.action is None:
            self.action = found.get("action") or ""
        if tag == "input" and found.get("type") == "hidden":
            self.hidden[str(found["name"])] = found.get("value") or ""
        self.asks_password = self.asks_password or (tag == "input" and found.get("type") == "password")
