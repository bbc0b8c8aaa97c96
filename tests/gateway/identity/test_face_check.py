"""A face check: asked of a service that speaks HTTP, bound to the session, counted once; or a demonstration."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest
import pytest_asyncio
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.types import Receive, Scope, Send

from gateway.identity.face_checkers import FaceDemonstration, HttpFaceChecker
from gateway.settings import GatewaySettings
from shared.security.strength import Strength
from shared.security.tokens import split_token
from tests.gateway.browser import Asked, browser, callback, consent, exchange, hidden_fields, sign_in
from tests.gateway.identity.authenticator import alert_on, enrol, follow
from tests.gateway.serving import served
from tests.support.service import ServiceUnderTest

FACE = {"acr_values": Strength.FACE.acr}


@dataclass
class FaceService:
    """Somebody else's face-check service: keeps what it was asked, answers as told."""

    result: str = "same"
    page_url: str | None = None
    broken: bool = False
    asked: list[dict[str, Any]] = field(default_factory=list)
    tokens: list[str | None] = field(default_factory=list)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer as an ASGI app."""
        request = Request(scope, receive)
        self.tokens.append(request.headers.get("authorization"))
        response: Response
        if self.broken:
            response = Response("oh", status_code=500)
        else:
            if request.method == "POST":
                self.asked.append(await request.json())
            told = {"check_id": f"c-{len(self.asked)}", "result": self.result}
            page = {"page_url": self.page_url} if self.page_url else {}
            response = JSONResponse(told | page, status_code=201 if request.method == "POST" else 200)
        await response(scope, receive, send)


@asynccontextmanager
async def _checked_by(gateway: ServiceUnderTest, service: FaceService) -> AsyncIterator[None]:
    state = gateway.app.state
    before = state.face_checker
    async with served(service) as port:
        state.face_checker = HttpFaceChecker(f"http://127.0.0.1:{port}", "their-token")
        try:
            yield
        finally:
            state.face_checker = before


@pytest_asyncio.fixture(loop_scope="session")
async def person(gateway: ServiceUnderTest) -> AsyncIterator[httpx.AsyncClient]:
    """A browser in which zhangsan is signed in with two factors."""
    for table in ("identity_recovery_code", "identity_second_factor", "identity_sign_in_failure"):
        await gateway.rows_changed(f"DELETE FROM {table}")  # noqa: S608 - names of our own
    async with browser(gateway.app) as client:
        await enrol(client, gateway, "zhangsan")
        yield client


async def _begin(client: httpx.AsyncClient, asked: Asked) -> httpx.Response:
    page = await follow(client, await client.get(asked.url()))
    assert 'action="/login/face"' in page.text
    return await client.post("/login/face", data=hidden_fields(page))


async def _claims(client: httpx.AsyncClient, answer: httpx.Response, asked: Asked) -> dict[str, Any]:
    page = await follow(client, answer)
    back = await consent(client, page) if page.status_code == 200 else page
    tokens = (await exchange(client, callback(back)["code"], asked)).json()
    _, claims = split_token(tokens["access_token"])
    return dict(claims)


async def test_a_face_that_the_service_knows_makes_the_session_as_strong_as_can_be(
    gateway: ServiceUnderTest, person: httpx.AsyncClient
) -> None:
    service, asked = FaceService(), Asked(scope="openid", extra={**FACE})

    async with _checked_by(gateway, service):
        claims = await _claims(person, await _begin(person, asked), asked)

    assert (claims["acr"], claims["amr"]) == (Strength.FACE.acr, ["pwd", "otp", "face"])
    assert [(told["name"], told["citizen_id"]) for told in service.asked] == [("张三", "140881199001010010")]
    assert service.tokens == ["Bearer their-token"]


async def test_another_face_is_refused_and_recorded(
    gateway: ServiceUnderTest, person: httpx.AsyncClient
) -> None:
    asked = Asked(scope="openid", extra={**FACE})

    async with _checked_by(gateway, FaceService(result="different")):
        refused = await _begin(person, asked)

    assert (refused.status_code, alert_on(refused)) == (403, "人脸核验未通过。")
    events = await gateway.events("cn.tongban.gateway.access.recorded.v1")
    told = [event["data"]["result"] for event in events if event["data"]["fields"] == ["face_refused"]]
    assert told == ["denied"]


async def test_a_check_on_the_services_own_page_counts_once_and_in_this_session_only(
    gateway: ServiceUnderTest, person: httpx.AsyncClient
) -> None:
    service = FaceService(result="pending", page_url="https://face.example/c-1")
    asked = Asked(scope="openid", extra={**FACE})

    async with _checked_by(gateway, service), browser(gateway.app) as thief:
        leaving = await _begin(person, asked)
        parts = urlsplit(service.asked[0]["return_url"])
        way_back = f"{parts.path}?{parts.query}"
        early = await person.get(way_back)
        service.result = "same"
        await enrol(thief, gateway, "lisi")
        stolen = await thief.get(way_back)
        claims = await _claims(person, await person.get(way_back), asked)
        again = await person.get(way_back)

    assert 'href="https://face.example/c-1"' in leaving.text
    assert "核验尚未完成" in early.text
    assert (stolen.status_code, again.status_code) == (400, 400)
    assert claims["acr"] == Strength.FACE.acr


async def test_a_service_that_does_not_answer_as_agreed_is_told_as_such(
    gateway: ServiceUnderTest, person: httpx.AsyncClient
) -> None:
    asked = Asked(scope="openid", extra={**FACE})

    for service in (
        FaceService(broken=True),
        FaceService(result="perhaps"),
        FaceService(page_url="javascript:1"),
    ):
        async with _checked_by(gateway, service):
            answer = await _begin(person, asked)

        assert (answer.status_code, alert_on(answer)) == (503, "人脸核验服务暂不可用，请稍后重试。")


async def test_the_face_comes_after_two_factors_never_in_their_place(
    gateway: ServiceUnderTest, person: httpx.AsyncClient
) -> None:
    async with browser(gateway.app) as weak:
        page = await follow(weak, await sign_in(weak, Asked(scope="openid", extra={**FACE}), "lisi"))
        skipped = await weak.post("/login/face", data=hidden_fields(page))

    assert 'action="/login/face"' not in page.text
    assert skipped.headers["location"].startswith("/login")


async def test_the_local_demonstration_says_that_it_compares_nothing(
    gateway: ServiceUnderTest, person: httpx.AsyncClient
) -> None:
    asked = Asked(scope="openid", extra={**FACE})
    page = await follow(person, await person.get(asked.url()))
    claims = await _claims(person, await _begin(person, asked), asked)

    assert isinstance(gateway.app.state.face_checker, FaceDemonstration)
    assert "本地演示：此处不比对人脸" in page.text
    assert claims["acr"] == Strength.FACE.acr


async def test_without_a_checker_the_strength_is_not_offered(
    gateway: ServiceUnderTest, person: httpx.AsyncClient
) -> None:
    state, asked = gateway.app.state, Asked(scope="openid", extra={**FACE})
    before, state.face_checker = state.face_checker, None
    try:
        page = await follow(person, await person.get(asked.url()))
        offered = (await person.get("/.well-known/openid-configuration")).json()["acr_values_supported"]
    finally:
        state.face_checker = before

    assert page.status_code == 503
    assert re.search("未接入人脸核验服务", page.text)
    assert Strength.FACE.acr not in offered


@pytest.mark.parametrize(
    ("url", "token", "mode"),
    [("https://face.example", None, "local"), ("http://face.example", "t" * 40, "production")],
)
def test_names_and_numbers_go_to_nobody_in_the_open(
    gateway: ServiceUnderTest, url: str, token: str | None, mode: str
) -> None:
    secrets = {"secret": "0123456789abcdefghijklmnop", "nats_password": "p0123456789abcdefghijklmno"}
    kept = gateway.settings.model_dump(exclude={"seed_file", *secrets})

    with pytest.raises(ValueError, match="face_check_url"):
        GatewaySettings(**{**kept, **secrets, "mode": mode, "face_check_url": url, "face_check_token": token})
