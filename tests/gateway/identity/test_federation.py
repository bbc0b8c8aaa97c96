"""A person signs in here through an upper platform: a second suite, and one that does not answer as it should."""

import json
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass
from html import unescape
from pathlib import Path
from re import search
from typing import Any
from urllib.parse import parse_qs, urljoin, urlsplit

import httpx
import pytest
import pytest_asyncio
from joserfc import jws as outside_jws
from joserfc.jwk import RSAKey

from deploy.local.layout import free_port
from deploy.local.postgres import Cluster
from gateway.identity.domain.outside_signatures import Algorithm, CompactJws, is_signed_by, key_from_jwk
from shared.security.keys import SigningKey
from shared.security.strength import Strength
from shared.security.tokens import TokenVerifier, split_token
from tests.gateway.browser import Asked, exchange, hidden_fields
from tests.gateway.conftest import gateway_settings
from tests.gateway.identity.upper_platform import CLIENT_ID, UpperPlatform
from tests.gateway.matters.forms import THEME, restaurant_form
from tests.gateway.seed import PASSWORD, seed_document
from tests.gateway.serving import served
from tests.registration.builders import id_number
from tests.support.identities import KEYS, bearer
from tests.support.service import ServiceUnderTest, service_under_test
from tests.support.waiting import eventually

CHANNEL_REDIRECT = "https://channel.example/callback"
UPPER_KEY, LOWER_KEY = SigningKey.generate(), SigningKey.generate()
EVENT = "cn.tongban.gateway.access.recorded.v1"
HIGH = "urn:upper:high"


@dataclass
class Suites:
    """The suite of this city, the province's, and a platform that is not of this suite."""

    lower: ServiceUnderTest
    upper: ServiceUnderTest
    other: UpperPlatform

    @property
    def url(self) -> str:
        """Where the city's suite is."""
        return str(self.lower.settings.public_url)

    def start(self, asked: Asked) -> str:
        """Where an app of the city sends the browser."""
        return self.url + asked.url()


def seed(directory: Path, *, without: str | None = None, client: dict[str, Any] | None = None) -> Path:
    """The seed of the run, with a client more or an account less."""
    document = seed_document()
    document["clients"] += [client] if client else []
    document["accounts"] = [each for each in document["accounts"] if each["username"] != without]
    file = directory / "seed.json"
    file.write_text(json.dumps(document, ensure_ascii=False))
    return file


def providers(directory: Path, upper: str, other: str) -> Path:
    """The city's file of upper platforms; the province's word alone opens no account that is here already."""
    key = directory / "city.pem"
    key.write_bytes(LOWER_KEY.to_pem())
    common = {"client_id": CLIENT_ID, "key_file": "city.pem", "scopes": ["openid", "profile", "real_name"]}
    names = {"zh": "省政务服务网", "en": "Provincial services"}
    platforms = [
        {"key": "province", "issuer": upper, "names": names, **common},
        {
            "key": "other",
            "issuer": other,
            "names": {"zh": "国家平台", "en": "National platform"},
            "strengths": {HIGH: "two_factor"},
            "trusted_for_linking": True,
            **common,
        },
        {"key": "gone", "issuer": "http://127.0.0.1:9", "names": names, **common},
    ]
    file = directory / "providers.yaml"
    file.write_text(json.dumps({"upper_platforms": platforms}, ensure_ascii=False))
    return file


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def suites(cluster: Cluster, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Suites]:
    """Two gateways with databases and issuers of their own, on real sockets; hosts differ, so do their cookies."""
    above, below = tmp_path_factory.mktemp("upper"), tmp_path_factory.mktemp("lower")
    ports = [free_port() for _ in range(3)]
    upper, lower, other = (
        f"http://localhost:{ports[0]}",
        f"http://127.0.0.1:{ports[1]}",
        f"http://127.0.0.1:{ports[2]}",
    )
    client = {
        "client_id": CLIENT_ID,
        "name": "永济市通办",
        "kind": "app",
        "agency": None,
        "jwk": LOWER_KEY.public_jwk(),
        "scopes": ["real_name"],
        "redirect_uris": [f"{lower}/login/with/province/return"],
    }
    channel = {
        "client_id": "channel",
        "name": "三晋通·永济频道",
        "kind": "app",
        "agency": None,
        "jwk": None,
        "scopes": ["matters.matter.read"],
        "redirect_uris": [CHANNEL_REDIRECT],
    }
    of_upper = gateway_settings(above) | {"public_url": upper, "seed_file": seed(above, client=client)}
    (above / "gateway.pem").write_bytes(UPPER_KEY.to_pem())
    of_lower = gateway_settings(below) | {
        "public_url": lower,
        "seed_file": seed(below, without="lisi", client=channel),
        "providers_file": providers(below, upper, other),
    }
    platform = UpperPlatform(other)
    async with (
        service_under_test(
            "gateway", cluster, above, package="gateway", settings=of_upper, worker=False, keys=None
        ) as province,
        service_under_test("gateway", cluster, below, package="gateway", settings=of_lower) as city,
        served(province.app, port=ports[0]),
        served(city.app, port=ports[1]),
        served(platform.app(), port=ports[2]),
    ):
        yield Suites(city, province, platform)


@pytest.fixture(autouse=True)
def honest(suites: Suites) -> None:
    """Every test begins with a platform that does as it should, and somebody new."""
    suites.other.as_it_should()


def is_app(target: str) -> bool:
    """Whether the browser is on its way to an app of the city."""
    return (urlsplit(target).hostname or "").endswith(".example")


async def follow(browser: httpx.AsyncClient, url: str) -> httpx.Response:
    """Go where redirects and pages that lead on by themselves lead, up to a page or to the app."""
    for _ in range(12):
        answer = await browser.get(url)
        onward = search(r'id="onward" href="([^"]+)"', answer.text)
        if answer.status_code == 303:
            target = answer.headers["location"]
        elif onward:
            target = unescape(onward[1])
        else:
            return answer
        if is_app(target):
            return answer
        url = urljoin(str(answer.url), target)
    raise AssertionError("going round in circles")


async def send(
    browser: httpx.AsyncClient, page: httpx.Response, action: str, **fields: str
) -> httpx.Response:
    """Send a page's form and go where that leads."""
    answer = await browser.post(urljoin(str(page.url), action), data=hidden_fields(page) | fields)
    if answer.status_code != 303:
        return answer
    target = urljoin(str(page.url), answer.headers["location"])
    return answer if is_app(target) else await follow(browser, target)


def link_in(page: httpx.Response, beginning: str) -> str:
    """The first link of a page that begins so."""
    found = search(rf'href="({beginning}[^"]*)"', page.text)
    assert found, page.text
    return urljoin(str(page.url), unescape(found[1]))


def way(page: httpx.Response, platform: str) -> str:
    """The link of the login page to an upper platform."""
    return link_in(page, f"/login/with/{platform}")


async def to_the_app(browser: httpx.AsyncClient, page: httpx.Response) -> dict[str, str]:
    """Consent where that is asked for; the parameters with which the app is called."""
    if page.status_code == 200 and "/consent" in page.text:
        page = await send(browser, page, "/consent", decision="allow")
    assert page.status_code == 303, page.text
    return {name: each[0] for name, each in parse_qs(urlsplit(page.headers["location"]).query).items()}


async def through(suites: Suites, browser: httpx.AsyncClient, platform: str, asked: Asked) -> httpx.Response:
    """From the app over the login page to what the upper platform's answer brings."""
    login = await follow(browser, suites.start(asked))
    return await follow(browser, way(login, platform))


async def tokens(
    browser: httpx.AsyncClient, suites: Suites, page: httpx.Response, asked: Asked
) -> dict[str, Any]:
    """Go from the page to the app and to its tokens."""
    code = (await to_the_app(browser, page))["code"]
    browser.base_url = httpx.URL(suites.url)
    answer = await exchange(browser, code, asked)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def sign_in_above(browser: httpx.AsyncClient, page: httpx.Response, username: str) -> httpx.Response:
    """Sign in at the upper suite and allow the city to learn who it is."""
    after = await send(browser, page, "/login", username=username, password=PASSWORD)
    return await send(browser, after, "/consent", decision="allow") if "/consent" in after.text else after


async def subject_of(service: ServiceUnderTest, username: str) -> str:
    """The account's subject."""
    [row] = await service.rows("SELECT subject FROM identity_account WHERE username = :u", u=username)
    return str(row["subject"])


async def test_whoever_has_no_account_here_signs_in_above_and_gets_one(suites: Suites) -> None:
    async with httpx.AsyncClient(timeout=20) as browser:
        asked = Asked(scope="openid profile matters.matter.read")
        above = await through(suites, browser, "province", asked)
        asks_for = await send(browser, above, "/login", username="lisi", password=PASSWORD)
        here = await send(browser, asks_for, "/consent", decision="allow")
        first = await tokens(browser, suites, here, asked)
        who = await browser.get("/oauth2/userinfo", headers=bearer(first["access_token"]))

    assert "localhost" in str(above.url)
    assert "查看您的姓名和公民身份号码" in asks_for.text
    assert who.json()["name"] == "李四"
    assert who.json()["preferred_username"].startswith("province-")
    assert "citizen_id" not in who.json()
    _, claims = split_token(first["id_token"])
    assert (claims["amr"], claims["acr"]) == (["fed"], Strength.PASSWORD.acr)
    [account] = await suites.lower.rows("SELECT * FROM identity_account WHERE subject = :s", s=claims["sub"])
    assert (account["citizen_id"], account["password_hash"]) == ("140881199202020020", None)
    told = await suites.upper.events(EVENT, await subject_of(suites.upper, "lisi"))
    assert [event["data"]["fields"] for event in told] == [["citizen_id"]]


async def test_the_same_person_through_two_apps_is_the_same_account_with_the_same_cases(
    suites: Suites,
) -> None:
    subjects, cases = [], []
    for client_id, redirect, scope in (
        ("portal", Asked().redirect_uri, "openid matters.matter.submit matters.matter.read"),
        ("channel", CHANNEL_REDIRECT, "openid matters.matter.read"),
    ):
        async with httpx.AsyncClient(timeout=20) as browser:
            asked = Asked(client_id=client_id, redirect_uri=redirect, scope=scope)
            above = await through(suites, browser, "province", asked)
            here = await sign_in_above(browser, above, "lisi")
            got = await tokens(browser, suites, here, asked)
            if client_id == "portal":
                matter = {"theme": THEME, "form": restaurant_form(), "channel": "portal"}
                opened = await suites.lower.post("/matters/v1/matters", matter, got["access_token"])
                assert opened.status_code == 201, opened.text
            subjects.append(split_token(got["id_token"])[1]["sub"])

            async def listed(token: str = got["access_token"]) -> list[str]:
                answer = await suites.lower.get("/matters/v1/mine", token)
                return [case["id"] for case in answer.json()["entries"]]

            cases.append(await eventually(listed))

    assert subjects[0] == subjects[1]
    assert cases == [[opened.json()["id"]]] * 2


async def test_whoever_has_an_account_here_proves_it_once_and_is_linked(suites: Suites) -> None:
    asked = Asked(scope="openid")
    async with httpx.AsyncClient(timeout=20) as browser:
        above = await through(suites, browser, "province", asked)
        explained = await sign_in_above(browser, above, "zhangsan")
        login = await follow(browser, link_in(explained, r"/login\?"))
        confirm = await send(browser, login, "/login", username="zhangsan", password=PASSWORD)
        linked = await send(browser, confirm, "/login/link")
        first = await tokens(browser, suites, linked, asked)
    async with httpx.AsyncClient(timeout=20) as browser:
        second = Asked(scope="openid")
        above = await through(suites, browser, "province", second)
        again = await tokens(browser, suites, await sign_in_above(browser, above, "zhangsan"), second)

    assert "您在本市已有账户" in explained.text
    subjects = [split_token(each["id_token"])[1]["sub"] for each in (first, again)]
    assert subjects == [await subject_of(suites.lower, "zhangsan")] * 2
    assert split_token(again["id_token"])[1]["amr"] == ["fed"]


async def test_another_account_than_the_persons_own_is_not_linked(suites: Suites) -> None:
    async with httpx.AsyncClient(timeout=20) as browser:
        above = await through(suites, browser, "province", Asked(scope="openid"))
        explained = await sign_in_above(browser, above, "wangwu")
        login = await follow(browser, link_in(explained, r"/login\?"))
        refused = await send(browser, login, "/login", username="zhaoliu", password=PASSWORD)
        forced = await browser.post(f"{suites.url}/login/link", data=hidden_fields(login))

    assert "不属于同一人" in refused.text
    assert forced.status_code == 303
    links = "SELECT 1 FROM identity_linked_identity WHERE subject = ANY(:s)"
    both = [await subject_of(suites.lower, name) for name in ("wangwu", "zhaoliu")]
    assert not await suites.lower.rows(links, s=both)


async def test_a_trusted_platforms_word_links_at_once_but_never_reaches_an_officer(suites: Suites) -> None:
    citizen, officer = id_number(801), "140881198503030033"
    suites.other.person |= {"citizen_id": citizen, "name": "钱七"}
    asked = Asked(scope="openid")
    async with httpx.AsyncClient(timeout=20) as browser:
        opened = await tokens(browser, suites, await through(suites, browser, "other", asked), asked)
    suites.other.as_it_should()
    suites.other.person |= {"citizen_id": citizen, "acr": HIGH}
    linked_twice = Asked(scope="openid")
    async with httpx.AsyncClient(timeout=20) as browser:
        second_identity = await through(suites, browser, "other", linked_twice)
    suites.other.as_it_should()
    suites.other.person |= {"citizen_id": officer, "acr": HIGH}
    async with httpx.AsyncClient(timeout=20) as browser:
        asks_proof = await through(suites, browser, "other", Asked(scope="openid"))

    assert opened["id_token"]
    assert (second_identity.status_code, "linked_otherwise" in second_identity.text) == (403, True)
    assert "您在本市已有账户" in asks_proof.text


async def test_only_what_the_platform_calls_strong_counts_as_strong(suites: Suites) -> None:
    strengths = []
    suites.other.person |= {"citizen_id": id_number(811)}
    for acr in (HIGH, "urn:upper:unheard-of", None):
        suites.other.claims = {"acr": acr}
        asked = Asked(scope="openid")
        async with httpx.AsyncClient(timeout=20) as browser:
            got = await tokens(browser, suites, await through(suites, browser, "other", asked), asked)
        verifier = TokenVerifier(issuer=suites.url, audience="gateway", keys=KEYS)
        strengths.append((await verifier.verify(got["access_token"])).strength)

    assert strengths == [Strength.TWO_FACTOR, Strength.PASSWORD, Strength.PASSWORD]


NOW = int(time.time())
ALTERED: dict[str, dict[str, Any]] = {
    "wrong nonce": {"claims": {"nonce": "another"}},
    "no nonce": {"claims": {"nonce": None}},
    "another issuer": {"claims": {"iss": "http://evil.example"}},
    "for another client": {"claims": {"aud": "another"}},
    "for several without azp": {"claims": {"aud": [CLIENT_ID, "another"]}},
    "asked for by another": {"claims": {"azp": "another"}},
    "expired": {"claims": {"iat": NOW - 400, "exp": NOW - 60}},
    "without end": {"claims": {"exp": None}},
    "of the future": {"claims": {"iat": NOW + 3600, "exp": NOW + 7200}},
    "another access token's": {"claims": {"at_hash": "AAAAAAAAAAAAAAAAAAAAAA"}},
    "another key": {"signs_with": SigningKey.generate()},
    "an unknown key": {"header": {"kid": "unheard-of"}},
    "unsigned": {"header": {"alg": "none"}},
    "keyed by the public key": {"header": {"alg": "HS256"}},
    "brings its key": {"header": {"jwk": SigningKey.generate().public_jwk()}},
    "points to a key": {"header": {"jku": "http://evil.example/keys"}},
    "tells of somebody else": {"told": {"sub": "another"}},
    "an impossible citizen number": {"claims": {"citizen_id": "140881199001010011"}},
}


@pytest.mark.parametrize("what", ALTERED)
async def test_an_answer_that_is_not_the_platforms_word_for_this_sign_in_is_refused(
    suites: Suites, what: str
) -> None:
    suites.other.person |= {"citizen_id": id_number(821)}
    for name, value in ALTERED[what].items():
        setattr(suites.other, name, value)

    async with httpx.AsyncClient(timeout=20) as browser:
        page = await through(suites, browser, "other", Asked(scope="openid"))

    assert page.status_code == 403
    assert "<code>bad_token</code>" in page.text
    assert "tongban_session" not in browser.cookies
    assert not await suites.lower.rows(
        "SELECT 1 FROM identity_account WHERE citizen_id = :c", c=id_number(821)
    )
    assert (await suites.lower.events(EVENT, "other"))[-1]["data"]["fields"] == ["bad_token"]


@pytest.mark.parametrize(
    ("answer", "code", "status"),
    [
        ({"iss": "http://evil.example"}, "mixed_up", 403),
        ({"iss": None}, "mixed_up", 403),
        ({"state": "another"}, "not_begun_here", 400),
        ({"state": None}, "not_begun_here", 400),
        ({"code": None, "error": "access_denied"}, "denied", 403),
        ({"code": None, "error": "server_error"}, "refused", 403),
    ],
)
async def test_a_return_that_is_not_an_answer_to_this_browser_is_refused(
    suites: Suites, answer: dict[str, Any], code: str, status: int
) -> None:
    suites.other.answer = answer

    async with httpx.AsyncClient(timeout=20) as browser:
        page = await through(suites, browser, "other", Asked(scope="openid"))

    assert (page.status_code, f"<code>{code}</code>" in page.text) == (status, True)
    assert "tongban_session" not in browser.cookies


async def test_a_return_is_good_once_and_only_in_the_browser_that_began(suites: Suites) -> None:
    suites.other.person |= {"citizen_id": id_number(831)}
    async with httpx.AsyncClient(timeout=20) as browser:
        login = await follow(browser, suites.start(Asked(scope="openid")))
        leave = await browser.get(way(login, "other"))
        back = (await browser.get(leave.headers["location"])).headers["location"]
        before = dict(browser.cookies)
        async with httpx.AsyncClient(timeout=20) as stranger:
            elsewhere = await stranger.get(back)
        first = await browser.get(back)
        async with httpx.AsyncClient(cookies=before, timeout=20) as thief:
            replayed = await thief.get(back)

    assert (elsewhere.status_code, first.status_code, replayed.status_code) == (400, 200, 400)
    assert "session" not in str(replayed.headers.get_list("set-cookie"))


async def test_a_platform_that_is_away_or_unknown_is_said_so_on_a_page(suites: Suites) -> None:
    async with httpx.AsyncClient(headers={"Accept-Language": "en"}, timeout=20) as browser:
        login = await follow(browser, suites.start(Asked(scope="openid")))
        away = await browser.get(way(login, "gone"))
        unknown = await browser.get(f"{suites.url}/login/with/unheard-of")
        back = await follow(browser, link_in(away, "/login"))

    assert (away.status_code, unknown.status_code) == (503, 404)
    assert "does not answer at the moment" in away.text
    assert 'name="password"' in back.text


async def test_whoever_the_platform_does_not_name_gets_no_account(suites: Suites) -> None:
    async with httpx.AsyncClient(timeout=20) as browser:
        page = await through(suites, browser, "other", Asked(scope="openid"))

    assert (page.status_code, "<code>no_citizen_id</code>" in page.text) == (403, True)


async def test_a_link_is_taken_away_but_not_the_only_way_in(suites: Suites) -> None:
    suites.other.person |= {"citizen_id": id_number(841)}
    async with httpx.AsyncClient(timeout=20) as browser:
        await through(suites, browser, "other", Asked(scope="openid"))
        listed = await browser.get(f"{suites.url}/account/identities")
        issuer = {"issuer": suites.other.issuer}
        kept = await send(browser, listed, "/account/identities", **issuer)
        await suites.lower.rows_changed(
            "UPDATE identity_account SET password_hash = 'x' WHERE citizen_id = :c", c=id_number(841)
        )
        gone = await send(browser, listed, "/account/identities", **issuer)

    assert "国家平台" in listed.text
    assert (kept.status_code, "唯一的登录方式" in kept.text) == (409, True)
    assert (gone.status_code, "没有关联" in gone.text) == (200, True)


@pytest.mark.parametrize("algorithm", ["RS256", "PS256"])
def test_rsa_signatures_of_an_outside_library_are_verified_with_the_pinned_algorithm_only(
    algorithm: str,
) -> None:
    key = RSAKey.generate_key(2048, {"kid": "k"})
    text = outside_jws.serialize_compact({"alg": algorithm}, b"{}", key, algorithms=[algorithm])

    jws = CompactJws.read(text, longest=2000)
    public = key_from_jwk({str(name): value for name, value in key.as_dict(private=False).items()})

    good = {each for each in Algorithm if is_signed_by(public, each, jws.signature, jws.signed)}
    assert good == {Algorithm(algorithm)}
    assert not is_signed_by(public, Algorithm(algorithm), jws.signature, jws.signed + b"x")
