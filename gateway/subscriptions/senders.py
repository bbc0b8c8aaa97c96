"""Webhooks over HTTP: the address that was checked is the one connected to, and no redirect is followed."""

import asyncio
import socket
from collections.abc import Iterable
from datetime import timedelta
from http import HTTPStatus
from types import TracebackType
from typing import Any, Final, Self

import httpcore

from gateway.subscriptions.domain.destination import Answer, Reception
from gateway.subscriptions.domain.targets import Target, TargetFault, TargetNotAllowed, TargetRules
from shared.outbound import trusted_authorities

_TIMEOUT: Final = {"connect": 3.0, "read": 10.0, "write": 10.0, "pool": 3.0}
_MOST_READ: Final = 64 * 1024
_RESOLVE_SECONDS: Final = 3.0
_LONGEST_WAIT: Final = timedelta(hours=24)
# Of these a target says that it will not have this message; anything else says that it is not in order itself.
_OF_THE_MESSAGE: Final = (
    HTTPStatus.BAD_REQUEST,
    HTTPStatus.CONFLICT,
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
    HTTPStatus.UNPROCESSABLE_ENTITY,
)


async def resolve(target: Target) -> list[str]:
    """The addresses of a target's host; empty where there are none."""
    try:
        async with asyncio.timeout(_RESOLVE_SECONDS):
            found = await asyncio.get_running_loop().getaddrinfo(
                target.host, target.port, type=socket.SOCK_STREAM
            )
    except (OSError, UnicodeError, TimeoutError):
        return []
    return [str(address[0]) for *_, address in found]


async def check_target(url: str, rules: TargetRules) -> Target:
    """Check a target where it is named. Raises: TargetNotAllowed."""
    target = rules.parse(url)
    rules.choose(await resolve(target))
    return target


class _Guarded(httpcore.AsyncNetworkBackend):
    """Connects to the checked address of a host; TLS still asks for the host by its name."""

    def __init__(self, rules: TargetRules) -> None:
        self._rules = rules
        self._inner = httpcore.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """Resolve, check and connect."""
        chosen = self._rules.choose(await resolve(Target("", "", host, port, "")))
        return await self._inner.connect_tcp(chosen, port, timeout, local_address, socket_options)


class WebhookSender:
    """Sends messages; what fails is told as an answer, nothing raises."""

    def __init__(self, rules: TargetRules) -> None:
        self._rules = rules
        self._pool = httpcore.AsyncConnectionPool(
            ssl_context=trusted_authorities(),
            max_connections=32,
            max_keepalive_connections=16,
            keepalive_expiry=15.0,
            network_backend=_Guarded(rules),
        )

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._pool.aclose()

    async def send(self, url: str, body: bytes, headers: dict[str, str]) -> Answer:
        """Post a message to a target."""
        try:
            target = self._rules.parse(url)
            asyncio_timeout = sum(_TIMEOUT.values())
            async with (
                asyncio.timeout(asyncio_timeout),
                self._pool.stream(
                    "POST",
                    target.url,
                    headers=[*headers.items(), ("Host", _host_header(target))],
                    content=body,
                    extensions={"timeout": _TIMEOUT},
                ) as answer,
            ):
                read = 0
                async for part in answer.aiter_stream():
                    read += len(part)
                    if read > _MOST_READ:
                        break
                return _answer(answer)
        except TargetNotAllowed as refusal:
            fault = refusal.fault
            is_away = fault is TargetFault.UNRESOLVABLE
            return Answer(Reception.AWAY, "its name is not known" if is_away else f"target: {fault.value}")
        except (httpcore.NetworkError, httpcore.TimeoutException, httpcore.ProtocolError) as error:
            return Answer(Reception.AWAY, type(error).__name__)
        except (OSError, TimeoutError) as error:
            return Answer(Reception.AWAY, type(error).__name__)


def _answer(answer: httpcore.Response) -> Answer:
    status = answer.status
    if HTTPStatus.OK <= status < HTTPStatus.MULTIPLE_CHOICES:
        return Answer(Reception.TAKEN)
    if status == HTTPStatus.GONE:
        return Answer(Reception.GONE, "410")
    wait = _retry_after(answer)
    if status in _OF_THE_MESSAGE and wait is None:
        return Answer(Reception.REFUSED, str(status))
    return Answer(Reception.AWAY, str(status), wait)


def _retry_after(answer: httpcore.Response) -> timedelta | None:
    """Whole seconds that the target asks for; dates are not read."""
    for name, value in answer.headers:
        if name.lower() == b"retry-after" and value.isdigit() and len(value) <= 6:
            return min(timedelta(seconds=int(value)), _LONGEST_WAIT)
    return None


def _host_header(target: Target) -> str:
    usual = {"https": 443, "http": 80}[target.scheme]
    host = f"[{target.host}]" if ":" in target.host else target.host
    return host if target.port == usual else f"{host}:{target.port}"
