"""What may be registered: every reason against a client or a key, so that one answer names them all."""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Final
from urllib.parse import urlsplit

from gateway.identity.domain.clients import Client, ClientKey, ClientKind, Environment, RateTier
from gateway.identity.domain.entitlements import refused_scopes
from gateway.identity.domain.flaws import Flaw

_RESERVED_ID: Final = re.compile(r"self|(tongban|gateway)(-.*)?")
_LOOPBACK: Final = frozenset({"127.0.0.1", "::1"})
_PLAIN_URI: Final = re.compile(r"[!$%&'()+,\-./0-9:;=?@A-Z\[\]_a-z~]{1,500}")
_SCOPE_REFUSED: Final[Mapping[str, tuple[str, str]]] = {
    "not_of_this_agency": ("该部门不能拥有此权限", "is no scope that a client of this agency may hold"),
    "not_for_test_clients": (
        "测试接入方只能查询和提交",
        "is not for test clients, which read and submit only",
    ),
}


def flaws_of(client: Client, duties: Collection[str] | None, *, region_is_known: bool) -> Iterator[Flaw]:
    """Yield every reason against a client; `duties` are its agency's, None for one that is not in the region."""
    if _RESERVED_ID.fullmatch(client.client_id):
        yield Flaw("/client_id", "reserved", "该标识为系统保留", "is reserved")
    if not region_is_known:
        yield Flaw("/region_code", "unknown_division", "没有这个行政区划", "there is no such division")
    if duties is None:
        yield Flaw("/agency", "unknown_agency", "没有这个部门", "there is no such agency in this region")
    else:
        yield from _scope_flaws(client, duties)
    yield from _key_flaws(client)
    yield from _tier_flaws(client)
    yield from redirect_flaws(client)


def _scope_flaws(client: Client, duties: Collection[str]) -> Iterator[Flaw]:
    for scope, code in sorted(refused_scopes(client, duties).items()):
        zh, en = _SCOPE_REFUSED[code]
        yield Flaw("/scopes", code, f"{scope}：{zh}", f"{scope} {en}")


def _key_flaws(client: Client) -> Iterator[Flaw]:
    if client.is_public and client.kind is not ClientKind.APP:
        yield Flaw("/jwks", "missing", "须提供公钥", "only an app can do without a key")
    kids = [key.kid for key in client.keys]
    points = [_point(key.jwk) for key in client.keys]
    for place, (kid, point) in enumerate(zip(kids, points, strict=True)):
        if kid in kids[:place] or point in points[:place]:
            yield Flaw(f"/jwks/{place}", "repeated", "密钥重复", "is given twice")


def _tier_flaws(client: Client) -> Iterator[Flaw]:
    if client.environment is Environment.TEST and client.tier is not RateTier.SMALL:
        yield Flaw(
            "/tier", "not_for_test_clients", "测试接入方只用 small 档", "a test client's tier is small"
        )
    if client.tier is RateTier.INTERNAL and client.kind is not ClientKind.SERVICE:
        yield Flaw("/tier", "services_only", "internal 档仅限系统", "the tier internal is for services")


def redirect_flaws(client: Client) -> Iterator[Flaw]:
    """Yield what is wrong with the addresses to which people are sent back."""
    if client.kind is not ClientKind.APP and (client.redirect_uris or client.post_logout_redirect_uris):
        yield Flaw("/redirect_uris", "apps_only", "仅应用可登记回调地址", "only an app sends people back")
    if client.is_public and not client.redirect_uris:
        yield Flaw("/redirect_uris", "missing", "须登记回调地址", "an app without a key needs one")
    listed = {
        "redirect_uris": client.redirect_uris,
        "post_logout_redirect_uris": client.post_logout_redirect_uris,
    }
    for name, uris in listed.items():
        yield from _uri_flaws(name, uris, client.environment)


def _uri_flaws(name: str, uris: Sequence[str], environment: Environment) -> Iterator[Flaw]:
    for place, uri in enumerate(uris):
        if not is_sound_redirect(uri, environment):
            yield Flaw(
                f"/{name}/{place}",
                "unsound_redirect",
                "须为完整的 https 地址，不含片段、通配符和用户信息；测试接入方也可用 http 回环地址",
                "must be a whole https address without fragment, wildcard or user; a test client's may be http on a"
                " loopback address",
            )
        elif uri in uris[:place]:
            yield Flaw(f"/{name}/{place}", "repeated", "地址重复", "is given twice")


def is_sound_redirect(uri: str, environment: Environment) -> bool:
    """Tell whether people may be sent to an address. Source: RFC 9700 section 2.1; RFC 8252 section 7.3."""
    if not _PLAIN_URI.fullmatch(uri):
        return False
    try:
        parts = urlsplit(uri)
        host, _ = parts.hostname, parts.port
    except ValueError:
        return False
    if not host or "@" in parts.netloc or {".", ".."} & set(parts.path.split("/")):
        return False
    return parts.scheme == "https" or (
        parts.scheme == "http" and environment is Environment.TEST and host in _LOOPBACK
    )


def flaws_of_key(client: Client, key: ClientKey, now: datetime) -> Iterator[Flaw]:
    """Yield every reason against a further key; one that was removed is not taken again."""
    if client.is_public:
        yield Flaw(
            "/jwk", "public_client", "该应用不使用密钥", "the client has no keys and proves itself by PKCE"
        )
    if any(known.kid == key.kid or _point(known.jwk) == _point(key.jwk) for known in client.keys):
        yield Flaw(
            "/jwk", "known_key", "该密钥或其标识已使用过", "this key, or its kid, was registered before"
        )
    if key.not_after is not None and key.not_after <= max(now, key.not_before):
        yield Flaw(
            "/not_after", "already_over", "失效时间须晚于生效时间和现在", "must lie after not_before and now"
        )


def _point(jwk: Mapping[str, str]) -> tuple[str | None, str | None]:
    return jwk.get("x"), jwk.get("y")
