"""The platforms above this city to which it reports."""

from dataclasses import dataclass, field

from shared.security.keys import SigningKey


@dataclass(frozen=True)
class Upstream:
    """A platform above, what is marked for it, and how this city proves itself there."""

    key: str
    url: str
    client_id: str
    signing_key: SigningKey = field(repr=False)
    region_code: str
    items: frozenset[str]
