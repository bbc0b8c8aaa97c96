"""The other ways to sign in that the login page offers."""

from dataclasses import dataclass

from starlette.requests import Request

from gateway.identity.api.dependencies import Identity
from gateway.identity.api.onward import Onward
from gateway.identity.api.pages import speaks_english
from gateway.identity.use_cases.outside_identities import OutsideIdentities


@dataclass(frozen=True)
class OtherWay:
    """A link on the login page."""

    name: str
    url: str


def other_ways(request: Request, identity: Identity, onward: Onward) -> list[OtherWay]:
    """Return a link for every upper platform of this city."""
    outside: OutsideIdentities = request.app.state.outside
    english = speaks_english(request, identity)
    return [
        OtherWay(platform.names.of(english), onward.through(f"/login/with/{key}"))
        for key, platform in outside.providers.platforms.items()
    ]


def offers_licence(request: Request) -> bool:
    """Whether this city is connected to a wallet to which licences are shown."""
    outside: OutsideIdentities = request.app.state.outside
    return outside.wallet is not None
