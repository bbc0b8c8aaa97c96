"""The checkers of faces: a real service over HTTP, and a demonstration for local suites that compares nothing."""

import logging
from http import HTTPStatus
from typing import Any, Final
from urllib.parse import quote, urlsplit

import httpx

from gateway.identity.domain.face_checks import (
    FaceAnswer,
    FaceChecker,
    FaceCheckerAway,
    FaceQuestion,
    FaceResult,
)
from gateway.settings import GatewaySettings
from shared.settings import Mode

log = logging.getLogger(__name__)

_TIMEOUT: Final = httpx.Timeout(8.0, connect=2.0)
_LONGEST: Final = 2000


class HttpFaceChecker:
    """A service that speaks the contract in docs/accounts.md."""

    is_demonstration = False

    def __init__(self, url: str, token: str) -> None:
        self._checks = f"{url.rstrip('/')}/checks"
        self._headers = {"Authorization": f"Bearer {token}"}

    async def begin(self, question: FaceQuestion) -> FaceAnswer:
        """Ask about a person; the same request id asks the same question once."""
        body = {
            "request_id": str(question.request_id),
            "name": question.name,
            "citizen_id": question.citizen_id,
            "return_url": question.return_url,
        }
        told = await self._call("POST", self._checks, (HTTPStatus.OK, HTTPStatus.CREATED), body)
        return FaceAnswer(_text(told, "check_id"), _result(told), _page(told))

    async def result(self, check_id: str) -> FaceResult:
        """Return what has come of a check."""
        return _result(
            await self._call("GET", f"{self._checks}/{quote(check_id, safe='')}", (HTTPStatus.OK,))
        )

    async def _call(
        self, method: str, url: str, good: tuple[HTTPStatus, ...], body: dict[str, str] | None = None
    ) -> dict[str, Any]:
        try:
            async with httpx.AsyncClient(trust_env=False, timeout=_TIMEOUT, headers=self._headers) as http:
                answer = await http.request(method, url, json=body)
            told: Any = answer.json() if answer.status_code in good else None
        except (httpx.HTTPError, ValueError) as error:
            raise FaceCheckerAway(type(error).__name__) from error
        if not isinstance(told, dict):
            raise FaceCheckerAway(f"status {answer.status_code}")
        return told


class FaceDemonstration:
    """Compares nothing: the page says so and the person confirms on it. For local suites only."""

    is_demonstration = True

    async def begin(self, question: FaceQuestion) -> FaceAnswer:
        """Take the confirmation on the page for an answer."""
        log.warning("face_check_demonstrated", extra={"request_id": str(question.request_id)})
        return FaceAnswer(str(question.request_id), FaceResult.SAME)

    async def result(self, check_id: str) -> FaceResult:
        """Nothing is ever pending."""
        return FaceResult.SAME


def face_checker_from(settings: GatewaySettings) -> FaceChecker | None:
    """Return the configured checker, the demonstration in local mode, or None: no face check is offered."""
    if settings.face_check_url is not None and settings.face_check_token is not None:
        return HttpFaceChecker(settings.face_check_url, settings.face_check_token.get_secret_value())
    return FaceDemonstration() if settings.mode is Mode.LOCAL else None


def _result(told: dict[str, Any]) -> FaceResult:
    try:
        return FaceResult(_text(told, "result"))
    except ValueError as error:
        raise FaceCheckerAway("an unknown result") from error


def _text(told: dict[str, Any], name: str) -> str:
    value = told.get(name)
    if not isinstance(value, str) or not 0 < len(value) <= _LONGEST:
        raise FaceCheckerAway(f"no {name}")
    return value


def _page(told: dict[str, Any]) -> str | None:
    if told.get("page_url") is None:
        return None
    page = _text(told, "page_url")
    if urlsplit(page).scheme not in ("https", "http"):
        raise FaceCheckerAway("a page that is no web address")
    return page
