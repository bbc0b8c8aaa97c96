"""The services' public APIs, called for the applicant: every answer becomes an outcome, nothing raises."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from http import HTTPStatus
from typing import Any, Final

import httpx

from gateway.matters.domain.model import Finding
from gateway.matters.domain.outcomes import (
    Accepted,
    Done,
    NoAnswer,
    Outcome,
    SentBack,
    TakenBack,
    TurnedDown,
)

TIMEOUT: Final = httpx.Timeout(20.0, connect=2.0)
_IN_CHINESE: Final = {"Accept-Language": "zh-CN"}
_NOT_NOW: Final = (HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.UNAUTHORIZED)


@dataclass(frozen=True)
class Order:
    """One command: for which matter's step, as whom, under which idempotency key."""

    found_by: str
    token: str
    key: str

    @property
    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}", "Idempotency-Key": self.key, **_IN_CHINESE}


class FilingClient:
    """Filings at registration (登记申请)."""

    def __init__(self, http: httpx.AsyncClient, base_url: str) -> None:
        self._http = http
        self._filings = f"{base_url}/registration/v1/filings"

    async def submit(self, body: Mapping[str, Any], order: Order) -> Outcome:
        """File for the first time."""
        answer = await _call(self._http, "POST", self._filings, order, json_body=body)
        return _filing_outcome(answer, order) if isinstance(answer, dict) else answer

    async def resubmit(self, filing_id: str, body: Mapping[str, Any], order: Order) -> Outcome:
        """Correct a returned filing and submit it again; what was submitted before is only read."""
        url = f"{self._filings}/{filing_id}"
        filing = await _call(self._http, "GET", url, order)
        if not isinstance(filing, dict):
            return filing
        if filing.get("status") in ("returned", "draft"):
            headers = {"If-Match": f'"{filing.get("version")}"'}
            changed = await _call(self._http, "PUT", url, order, json_body=body, headers=headers)
            if not isinstance(changed, dict):
                return changed
            submitted = await _call(self._http, "POST", f"{url}/submission", order)
            return _filing_outcome(submitted, order) if isinstance(submitted, dict) else submitted
        return _filing_outcome(filing, order)

    async def withdraw(self, filing_id: str, order: Order) -> Outcome:
        answer = await _call(self._http, "POST", f"{self._filings}/{filing_id}/withdrawal", order)
        if isinstance(answer, dict):
            return TakenBack()
        if isinstance(answer, NoAnswer):
            return answer
        filing = await _call(self._http, "GET", f"{self._filings}/{filing_id}", order)
        return _filing_outcome(filing, order) if isinstance(filing, dict) else NoAnswer("withdrawal refused")


class ExitNoticeClient:
    """Notices before simple deregistrations at registration (简易注销公告)."""

    def __init__(self, http: httpx.AsyncClient, base_url: str) -> None:
        self._http = http
        self._notices = f"{base_url}/registration/v1/notices"

    async def give(self, body: Mapping[str, Any], order: Order) -> Outcome:
        answer = await _call(self._http, "POST", self._notices, order, json_body=body)
        return Accepted(str(answer["id"])) if isinstance(answer, dict) else answer

    async def withdraw(self, notice_id: str, order: Order) -> Outcome:
        """Take it back; one that has ended meanwhile stands as it is, and simply serves nobody."""
        url = f"{self._notices}/{notice_id}"
        notice = await _call(self._http, "GET", url, order)
        if not isinstance(notice, dict):
            return notice
        headers = {"If-Match": f'"{notice.get("version")}"'}
        answer = await _call(self._http, "POST", f"{url}/withdrawal", order, headers=headers)
        return answer if isinstance(answer, NoAnswer) else TakenBack()


class ApplicationClient:
    """Applications at licensing (许可申请)."""

    def __init__(self, http: httpx.AsyncClient, base_url: str) -> None:
        self._http = http
        self._applications = f"{base_url}/licensing/v1/applications"

    async def submit(self, body: Mapping[str, Any], order: Order) -> Outcome:
        answer = await _call(self._http, "POST", self._applications, order, json_body=body)
        return _application_outcome(answer, order) if isinstance(answer, dict) else answer


def _filing_outcome(filing: Mapping[str, Any], order: Order) -> Outcome:
    reference = str(filing["id"])
    match filing.get("status"):
        case "approved":
            result = {"filing_id": reference, "uscc": filing["uscc"]}
            if filing.get("licence_identifier"):
                result["licence_identifier"] = filing["licence_identifier"]
            return Done(reference, result, uscc=filing["uscc"], established_on=_date(filing))
        case "returned":
            findings = _findings(filing.get("findings"), order.found_by)
            if filing.get("reason") or not findings:
                findings = (*findings, *_reasons(filing, order.found_by))
            return SentBack(reference, findings)
        case "refused":
            return TurnedDown(reference, _reasons(filing, order.found_by))
        case "withdrawn":
            return TakenBack()
        case _:
            return Accepted(reference)


def _application_outcome(application: Mapping[str, Any], order: Order) -> Outcome:
    reference = str(application["id"])
    match application.get("status"):
        case "approved":
            permit = str(application.get("permit_number") or "")
            return Done(reference, {"application_id": reference, "permit_number": permit})
        case "returned":
            return SentBack(reference, _findings(application.get("findings"), order.found_by))
        case "refused":
            return TurnedDown(reference, _reasons(application, order.found_by))
        case _:
            return Accepted(reference)


async def _call(
    http: httpx.AsyncClient,
    method: str,
    url: str,
    order: Order,
    *,
    json_body: Mapping[str, Any] | None = None,
    headers: Mapping[str, str] | None = None,
) -> dict[str, Any] | SentBack | NoAnswer:
    """Return the body of a success; otherwise what the refusal means for the matter."""
    try:
        response = await http.request(
            method, url, json=json_body, headers={**order.headers, **(headers or {})}, timeout=TIMEOUT
        )
        body: Any = response.json() if response.content else {}
    except (httpx.HTTPError, json.JSONDecodeError, UnicodeDecodeError) as error:
        return NoAnswer(
            type(error).__name__
        )  # away, cut off or not its own answer: asked again under one key
    if response.is_success and isinstance(body, dict):
        return body
    return _refusal(response, body if isinstance(body, dict) else {}, order)


def _refusal(response: httpx.Response, problem: Mapping[str, Any], order: Order) -> SentBack | NoAnswer:
    wait = _seconds(response.headers.get("retry-after"))
    slug = str(problem.get("type", "")).rpartition("/")[2] or f"http-{response.status_code}"
    away = response.is_server_error or response.status_code in _NOT_NOW
    if away or wait is not None or response.status_code == HTTPStatus.PRECONDITION_FAILED:
        return NoAnswer(slug, wait)
    faults = problem.get("errors") or [{"pointer": "", "code": slug, "detail": _wording(problem)}]
    return SentBack(
        None,
        tuple(
            Finding(
                order.found_by,
                str(fault.get("code", slug)),
                str(fault.get("pointer", "")),
                str(fault.get("detail") or _wording(problem)),
                str(fault.get("detail_en") or fault.get("detail") or _wording(problem)),
            )
            for fault in faults
        ),
    )


def _findings(written: Any, found_by: str) -> tuple[Finding, ...]:
    return tuple(
        Finding(
            found_by,
            str(each.get("rule", "")),
            str(each.get("pointer", "")),
            str(each.get("text_zh") or each.get("text") or ""),
            str(each.get("text_en") or each.get("text") or ""),
        )
        for each in written or ()
        if each.get("outcome", "fault") == "fault"
    )


def _reasons(decided: Mapping[str, Any], found_by: str) -> tuple[Finding, ...]:
    reason = decided.get("reason") or {}
    zh, en = str(reason.get("zh") or "未予通过"), str(reason.get("en") or "not granted")
    return (Finding(found_by, "decision", "", zh, en),)


def _wording(problem: Mapping[str, Any]) -> str:
    return str(problem.get("detail") or problem.get("title") or "不符合要求")


def _date(filing: Mapping[str, Any]) -> date | None:
    written = filing.get("established_on")
    return date.fromisoformat(written) if isinstance(written, str) else None


def _seconds(header: str | None) -> float | None:
    return float(header) if header is not None and header.isdigit() else None
