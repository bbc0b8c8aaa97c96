"""The wallet to which electronic business licences (电子营业执照) are shown, over HTTP."""

from http import HTTPStatus
from typing import Any, Final
from urllib.parse import quote

import httpx

from gateway.identity.domain.licence_sign_in import (
    LicenceFault,
    LicenceSignInRefused,
    WalletAnswer,
    WalletSession,
    WalletState,
)
from gateway.settings import GatewaySettings
from shared.identifiers.uuid7 import new_uuid7

_TIMEOUT: Final = httpx.Timeout(5.0, connect=2.0)
_LONGEST_ID: Final = 200
_LONGEST_CONTENT: Final = 500  # the browser carries it in a cookie, and a camera must read it
_LONGEST_ASSERTION: Final = 8192


class LicenceWalletClient:
    """A wallet, or a small bridge to one, that speaks the contract in docs/federation.md."""

    def __init__(self, http: httpx.AsyncClient, url: str, token: str) -> None:
        self._http = http
        self._sessions = f"{url.rstrip('/')}/sessions"
        self._headers = {"Authorization": f"Bearer {token}"}

    async def begin(self, audience: str) -> WalletSession:
        """Let it wait for a licence; its word is to be for `audience`. Raises: LicenceSignInRefused."""
        body = {"request_id": str(new_uuid7()), "audience": audience}
        told = await self._call("POST", self._sessions, (HTTPStatus.OK, HTTPStatus.CREATED), body)
        return WalletSession(
            _text(told, "session_id", _LONGEST_ID), _text(told, "qr_content", _LONGEST_CONTENT)
        )

    async def result(self, session_id: str) -> WalletAnswer:
        """Return what has come of a session; raises LicenceSignInRefused."""
        url = f"{self._sessions}/{quote(session_id, safe='')}"
        told = await self._call("GET", url, (HTTPStatus.OK,))
        if told.get("state") not in list(WalletState):
            raise _away("an unknown state")
        state = WalletState(told["state"])
        is_shown = state is WalletState.SHOWN
        return WalletAnswer(state, _text(told, "assertion", _LONGEST_ASSERTION) if is_shown else "")

    async def _call(
        self, method: str, url: str, good: tuple[HTTPStatus, ...], body: dict[str, str] | None = None
    ) -> dict[str, Any]:
        try:
            answer = await self._http.request(
                method, url, json=body, headers=self._headers, timeout=_TIMEOUT, follow_redirects=False
            )
            told: Any = answer.json() if answer.status_code in good else None
        except (httpx.HTTPError, ValueError) as error:
            raise _away(type(error).__name__) from error
        if not isinstance(told, dict):
            raise _away(f"status {answer.status_code}")
        return told


def licence_wallet_from(settings: GatewaySettings, http: httpx.AsyncClient) -> LicenceWalletClient | None:
    """Return the configured wallet, or None: sign-in with a licence is not offered."""
    if settings.licence_wallet_url is None or settings.licence_wallet_token is None:
        return None
    token = settings.licence_wallet_token.get_secret_value()
    return LicenceWalletClient(http, settings.licence_wallet_url, token)


def _text(told: dict[str, Any], name: str, longest: int) -> str:
    value = told.get(name)
    if not isinstance(value, str) or not 0 < len(value) <= longest:
        raise _away(f"no {name}")
    return value


def _away(why: str) -> LicenceSignInRefused:
    return LicenceSignInRefused(LicenceFault.WALLET_AWAY, why)
