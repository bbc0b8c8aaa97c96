"""The pages in a real Chromium, run by `make test-browser` and never by `make test`.

A test takes the fixture `suite` (the gateway and a client of its own, each on a real socket) and `open_page`
(a fresh browser of a person who reads Chinese or English). `open_page` watches what the browser does: after
each test there was no request to any other host, no console error, and no page without a strict policy.

Whoever adds a page adds one test that calls `check_page(page)` of `tests.browser.checks` on it in both
languages; it holds the page against WCAG 2.2 AA by axe-core in light and dark, narrow and enlarged.
"""
