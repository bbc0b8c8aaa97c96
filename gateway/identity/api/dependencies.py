"""What the part's routes work with, from the app's state, typed."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends
from starlette.requests import Request

from gateway.identity.domain.face_checks import FaceChecker
from gateway.identity.use_cases.issuing import Issuer
from gateway.identity.use_cases.passwords import Passwords
from gateway.identity.use_cases.second_factor import SEALED_FOR
from gateway.settings import GatewaySettings
from shared.region import RegionPack
from shared.security.sealing import Sealer


@dataclass(frozen=True)
class Identity:
    """The issuer, the password hasher, and where the suite is reached."""

    issuer: Issuer
    passwords: Passwords
    settings: GatewaySettings
    face_checker: FaceChecker | None

    @property
    def is_https(self) -> bool:
        """True where browsers reach the suite over TLS."""
        return self.issuer.url.startswith("https://")

    @property
    def sealer(self) -> Sealer:
        """Seals the secrets of one-time codes."""
        return Sealer(self.settings.secret.get_secret_value().encode(), SEALED_FOR)

    def cookie_name(self, name: str) -> str:
        """Over TLS a cookie is bound to the host by its name. Source: RFC 6265bis section 4.1.3.2."""
        return f"__Host-tongban_{name}" if self.is_https else f"tongban_{name}"


async def identity_of(request: Request) -> Identity:
    """Return the identity part of the app that serves this request."""
    state = request.app.state
    return Identity(state.issuer, state.passwords, state.settings, state.face_checker)


InIdentity = Annotated[Identity, Depends(identity_of)]


async def _region(request: Request) -> RegionPack:
    region: RegionPack = request.app.state.region
    return region


RegionInUse = Annotated[RegionPack, Depends(_region)]
