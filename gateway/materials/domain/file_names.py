"""The name of a file in a header, both ways. Source: RFC 6266 section 4.1, RFC 8187 section 3.2."""

import re
from typing import Final
from urllib.parse import quote, unquote

LONGEST: Final = 120
_EXTENDED: Final = re.compile(r"filename\*\s*=\s*UTF-8''([A-Za-z0-9!#$&+.^_`|~%-]+)", re.IGNORECASE)
_PLAIN: Final = re.compile(r'filename\s*=\s*"([\x20\x21\x23-\x5b\x5d-\x7e]+)"', re.IGNORECASE)
_NOT_IN_NAMES: Final = re.compile(r"[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


def name_in(disposition: str | None, otherwise: str) -> str:
    """Return the file's name from a Content-Disposition header, or what to call it otherwise."""
    found = _EXTENDED.search(disposition or "")
    if found is not None:
        return clean_name(unquote(found[1], errors="replace"), otherwise)
    plain = _PLAIN.search(disposition or "")
    return clean_name(plain[1] if plain else "", otherwise)


def clean_name(name: str, otherwise: str) -> str:
    """A name without a path, without what no screen shows, and not too long."""
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    return _NOT_IN_NAMES.sub("", last).strip()[-LONGEST:] or otherwise


def disposition_of(name: str) -> str:
    """Let the browser save the file under this name, and never show it as a page of ours."""
    plain = re.sub(r'[^\x20-\x7e]|["\\]', "_", name)
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"
