"""Cursor paging: `limit`, an opaque signed `cursor`, `Link: rel="next"`; no offset.

A cursor holds the sort key of the last row shown and is bound to the route and its filters: a foreign or altered one
is refused with 400.
"""

import base64
import binascii
import hashlib
import hmac
import json
from dataclasses import dataclass
from typing import Annotated, Any, Generic, TypeVar

from fastapi import Depends, Query, Request, Response
from pydantic import BaseModel, ConfigDict

from shared.web.backend import backend_of
from shared.web.problems import INVALID_INPUT, Refusal
from shared.web.validation import fault

MAX_LIMIT = 200
T = TypeVar("T")


class Page(BaseModel, Generic[T]):
    """One page of a list."""

    model_config = ConfigDict(frozen=True)

    entries: list[T]
    next_cursor: str | None


@dataclass(frozen=True)
class PageRequest:
    """Which page is asked for: how many entries, after which sort key."""

    limit: int
    after: tuple[Any, ...] | None
    _secret: bytes
    _scope: str
    _path: str

    def page(self, rows: list[T], key: Any, response: Response) -> Page[T]:
        """Cut `limit` of `limit + 1` fetched rows; `key(row)` is the tuple that the rows are sorted by."""
        if len(rows) <= self.limit:
            return Page(entries=rows, next_cursor=None)
        shown = rows[: self.limit]
        cursor = _seal(list(key(shown[-1])), self._secret, self._scope)
        response.headers["Link"] = (
            f'<{self._path}{"&" if "?" in self._path else "?"}cursor={cursor}>; rel="next"'
        )
        return Page(entries=shown, next_cursor=cursor)

    @property
    def fetch(self) -> int:
        """How many rows to fetch: one more than is shown, to know whether there is a next page."""
        return self.limit + 1


async def _page_request(
    request: Request,
    limit: Annotated[int, Query(ge=1, le=MAX_LIMIT, description="Entries per page (每页条数)")] = 50,
    cursor: Annotated[
        str | None, Query(min_length=8, max_length=1024, description="From `next_cursor` (下一页游标)")
    ] = None,
) -> PageRequest:
    filters = sorted((k, v) for k, v in request.query_params.multi_items() if k not in ("cursor", "limit"))
    scope = request.url.path + json.dumps(filters, ensure_ascii=False)
    secret = backend_of(request).cursor_secret
    query = str(
        request.query_params.__class__(
            [(k, v) for k, v in request.query_params.multi_items() if k != "cursor"]
        )
    )
    path = request.url.path + (f"?{query}" if query else "")
    return PageRequest(limit, _open(cursor, secret, scope) if cursor else None, secret, scope, path)


Paged = Annotated[PageRequest, Depends(_page_request)]


def _mac(body: bytes, secret: bytes, scope: str) -> bytes:
    return hmac.new(secret, body + b"\x1f" + scope.encode(), hashlib.sha256).digest()[:12]


def _seal(key: list[Any], secret: bytes, scope: str) -> str:
    body = json.dumps(key, ensure_ascii=False, default=str, separators=(",", ":")).encode()
    return base64.urlsafe_b64encode(_mac(body, secret, scope) + body).decode().rstrip("=")


def _open(cursor: str, secret: bytes, scope: str) -> tuple[Any, ...]:
    try:
        raw = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True)
        if not hmac.compare_digest(raw[:12], _mac(raw[12:], secret, scope)):
            raise ValueError
        return tuple(json.loads(raw[12:]))
    except (binascii.Error, ValueError) as error:
        raise Refusal(INVALID_INPUT, faults=[fault("query:cursor", "cursor")]) from error
