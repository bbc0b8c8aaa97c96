"""An upstream platform over HTTP: one record at a time, signed for, under the record's own key."""

import hashlib
import json
import secrets
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Final

import httpx

from gateway.uplink.domain.records import OutboundRecord, Outcome, RecordAction
from gateway.uplink.domain.upstreams import Upstream
from shared.security.tokens import issue_token

TIMEOUT: Final = httpx.Timeout(10.0, connect=2.0)
_TOKEN_TYPE: Final = "uplink+jwt"  # noqa: S105 - a media type
_FOR_ANOTHER_TIME: Final = frozenset(
    {
        HTTPStatus.UNAUTHORIZED,
        HTTPStatus.FORBIDDEN,
        HTTPStatus.NOT_FOUND,
        HTTPStatus.REQUEST_TIMEOUT,
        HTTPStatus.TOO_MANY_REQUESTS,
    }
)


class UpstreamClient:
    """Sends records to one upstream."""

    def __init__(self, http: httpx.AsyncClient, upstream: Upstream) -> None:
        self._http = http
        self._upstream = upstream

    async def send(self, record: OutboundRecord, now: datetime) -> Outcome:
        """Send a record; nothing raises: what fails is tried again, what is refused waits for somebody."""
        body = json.dumps(self._told(record), ensure_ascii=False).encode()
        headers = {
            "Content-Type": "application/json",
            "Authorization": f"Bearer {self._proof(body, now)}",
            "Idempotency-Key": str(record.record_id),
        }
        try:
            answer = await self._http.post(self._upstream.url, content=body, headers=headers, timeout=TIMEOUT)
        except httpx.HTTPError as error:
            return Outcome(RecordAction.FAIL, type(error).__name__)
        if answer.is_success:
            return Outcome(RecordAction.ACCEPT)
        fault = f"{answer.status_code} {answer.text[:500]}".replace("\x00", "").strip()
        is_final = answer.is_client_error and answer.status_code not in _FOR_ANOTHER_TIME
        return Outcome(RecordAction.REFUSE if is_final else RecordAction.FAIL, fault)

    def _told(self, record: OutboundRecord) -> dict[str, object]:
        return {
            "record_id": str(record.record_id),
            "region": self._upstream.region_code,
            "kind": record.fact.kind.value,
            "item": record.fact.item,
            "occurred_at": record.occurred_at.astimezone(UTC).isoformat().replace("+00:00", "Z"),
            "content": dict(record.fact.content),
        }

    def _proof(self, body: bytes, now: datetime) -> str:
        """Who sends, to whom, and what: bound to the body by its digest, good for a minute."""
        seconds = int(now.timestamp())
        claims = {
            "iss": self._upstream.client_id,
            "sub": self._upstream.client_id,
            "aud": self._upstream.url,
            "iat": seconds,
            "exp": seconds + 60,
            "jti": secrets.token_urlsafe(16),
            "body_sha256": hashlib.sha256(body).hexdigest(),
        }
        return issue_token(claims, self._upstream.signing_key, token_type=_TOKEN_TYPE)
