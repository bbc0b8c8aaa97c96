"""A single-page app signs a person in and calls APIs from its own origin; a page of nobody's app learns nothing."""

from collections.abc import AsyncIterator
from typing import Any

import pytest_asyncio
from playwright.async_api import Browser, Page

from tests.browser.conftest import Suite
from tests.browser.signing_in import button, enter, says
from tests.gateway.browser import Asked

TEXT = says("zh-CN")

# What an app's script does: redeems the code with a key that never leaves the browser, and calls with token and proof.
REDEEM_AND_CALL = """
async ({gateway, form}) => {
  const text = bytes => btoa(String.fromCharCode(...new Uint8Array(bytes)))
    .replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
  const encode = value => text(new TextEncoder().encode(value));
  const algorithm = {name: "ECDSA", namedCurve: "P-256", hash: "SHA-256"};
  const pair = await crypto.subtle.generateKey(algorithm, false, ["sign", "verify"]);
  const {kty, crv, x, y} = await crypto.subtle.exportKey("jwk", pair.publicKey);
  const proof = async (htm, htu, token) => {
    const claims = {htm, htu, iat: Math.floor(Date.now() / 1000), jti: crypto.randomUUID()};
    if (token) claims.ath = text(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(token)));
    const head = {alg: "ES256", typ: "dpop+jwt", jwk: {kty, crv, x, y}};
    const signed = encode(JSON.stringify(head)) + "." + encode(JSON.stringify(claims));
    const signature = await crypto.subtle.sign(algorithm, pair.privateKey, new TextEncoder().encode(signed));
    return signed + "." + text(signature);
  };
  const discovered = await (await fetch(gateway + "/.well-known/openid-configuration")).json();
  const redeemed = await fetch(discovered.token_endpoint, {
    method: "POST", body: new URLSearchParams(form),
    headers: {DPoP: await proof("POST", discovered.token_endpoint)},
  });
  const {access_token: token, token_type: kind} = await redeemed.json();
  const call = async (address) => fetch(address, {
    headers: {Authorization: "DPoP " + token, DPoP: await proof("GET", address, token)},
  });
  const person = await (await call(discovered.userinfo_endpoint)).json();
  const allowed = await call(gateway + "/catalogue/allowed");
  const elsewhere = await call(gateway + "/registration/v1/filings");
  const stolen = await fetch(discovered.userinfo_endpoint, {headers: {Authorization: "Bearer " + token}});
  return {
    kind, name: person.name, allowed: allowed.status, requestId: allowed.headers.get("x-request-id"),
    elsewhere: [elsewhere.status, (await elsewhere.json()).type, elsewhere.headers.get("x-tongban-origin")],
    stolen: [stolen.status, stolen.headers.get("www-authenticate")],
  };
}
"""
TRY_TO_READ = """
async (addresses) => Promise.all(addresses.map(address =>
  fetch(address, {headers: {Authorization: "Bearer x"}}).then(() => "read", () => "kept from it")))
"""


@pytest_asyncio.fixture(loop_scope="session")
async def page(chromium: Browser, suite: Suite) -> AsyncIterator[Page]:
    """A page in a fresh browser; what it asks other origins for is what is tried here."""
    context = await chromium.new_context(base_url=suite.url, locale="zh-CN")
    context.set_default_timeout(10_000)
    yield await context.new_page()
    await context.close()


async def _signed_in(page: Page, suite: Suite, asked: Asked) -> str:
    await enter(page, asked, "zhangsan")
    await button(page, TEXT["allow"]).click()
    await page.wait_for_url(f"{suite.portal.callback}?*")
    return suite.portal.answers[-1]["code"]


async def test_a_page_redeems_its_code_and_calls_apis_with_a_bound_token(suite: Suite, page: Page) -> None:
    asked = suite.asked("openid profile registration.filing.read")
    code = await _signed_in(page, suite, asked)
    form = {
        "grant_type": "authorization_code",
        "code": code,
        "client_id": asked.client_id,
        "redirect_uri": asked.redirect_uri,
        "code_verifier": asked.verifier,
    }

    told: dict[str, Any] = await page.evaluate(REDEEM_AND_CALL, {"gateway": suite.url, "form": form})

    assert (told["kind"], told["allowed"]) == ("DPoP", 200)
    assert told["name"]
    assert told["requestId"]
    assert told["elsewhere"] == [502, "/problems/upstream-unreachable", "gateway"]
    assert told["stolen"] == [401, 'DPoP error="invalid_token", algs="ES256"']


async def test_a_page_of_no_registered_app_cannot_read_what_it_asks_for(suite: Suite, page: Page) -> None:
    paths = ("/oauth2/userinfo", "/catalogue/services", "/registration/v1/filings", "/login")
    addresses = [f"{suite.url}{path}" for path in paths]

    await page.goto(suite.portal.origins[0])
    as_the_app = await page.evaluate(TRY_TO_READ, addresses)
    await page.goto(suite.portal.origins[1])
    as_a_stranger = await page.evaluate(TRY_TO_READ, addresses)

    assert as_the_app == ["read", "read", "read", "kept from it"]
    assert as_a_stranger == ["kept from it"] * 4
