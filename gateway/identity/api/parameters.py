"""Parameters of the protocol, each at most once, from query or form. Source: RFC 6749 section 3.1."""

from collections.abc import Iterable, Mapping
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from starlette.requests import Request

from gateway.identity.domain.refusals import OAuthError, OAuthRefusal

_MOST_PARAMETERS = 40
_LONGEST_VALUE = 16_384
FORM_MEDIA_TYPE = "application/x-www-form-urlencoded"
_ASKED_BY_PROMPT_AT_SIGN_IN = frozenset({"login", "select_account"})


def query_of(request: Request) -> Mapping[str, str]:
    """Return the query's parameters; raises OAuthRefusal for one that comes twice."""
    return _once(request.query_params.multi_items())


async def form_of(request: Request) -> Mapping[str, str]:
    """Return the form's parameters; raises OAuthRefusal for anything but a small form."""
    media = request.headers.get("content-type", "").split(";")[0].strip().lower()
    if media != FORM_MEDIA_TYPE:
        raise OAuthRefusal(OAuthError.INVALID_REQUEST, f"send {FORM_MEDIA_TYPE}")
    try:
        return parse_parameters((await request.body()).decode())
    except UnicodeDecodeError as error:
        raise OAuthRefusal(OAuthError.INVALID_REQUEST, "the form is not UTF-8") from error


def parse_parameters(text: str) -> Mapping[str, str]:
    """Parse a query string or form; raises OAuthRefusal."""
    try:
        pairs = parse_qsl(text, keep_blank_values=True, errors="strict", max_num_fields=_MOST_PARAMETERS)
    except ValueError as error:
        raise OAuthRefusal(OAuthError.INVALID_REQUEST, "the parameters cannot be read") from error
    return _once(pairs)


def _once(pairs: Iterable[tuple[str, str]]) -> Mapping[str, str]:
    found: dict[str, str] = {}
    for name, value in pairs:
        if name in found:
            raise OAuthRefusal(OAuthError.INVALID_REQUEST, "a parameter came twice")
        if "\x00" in value or len(value) > _LONGEST_VALUE:
            raise OAuthRefusal(OAuthError.INVALID_REQUEST, "a parameter has a value that cannot be")
        found[name] = value
    return {name: value for name, value in found.items() if value}


def without_sign_in(parameters: Mapping[str, str]) -> str:
    """Return the authorization request as it goes on after a sign-in: it asks for none again."""
    kept = {name: value for name, value in parameters.items() if name not in {"prompt", "max_age", "lang"}}
    prompts = [p for p in parameters.get("prompt", "").split() if p not in _ASKED_BY_PROMPT_AT_SIGN_IN]
    return urlencode(kept | ({"prompt": " ".join(prompts)} if prompts else {}))


def with_parameters(uri: str, parameters: Mapping[str, str | None]) -> str:
    """Add parameters to a registered URI, keeping its own."""
    parts = urlsplit(uri)
    added = urlencode({name: value for name, value in parameters.items() if value is not None})
    return urlunsplit(parts._replace(query=f"{parts.query}&{added}" if parts.query else added))
