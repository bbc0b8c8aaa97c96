"""What the identity part declares to the rest of the gateway: routes, refusals, events, work by the clock.

Another part that acts for a person holds an `Issuer` (`issuer_from(settings)`) and asks it for a
`delegated_token`.
"""

from fastapi import APIRouter

from gateway.identity.api import discovery, login, sign_in, tokens, withdrawals
from gateway.identity.api.parameters import FORM_MEDIA_TYPE
from gateway.identity.use_cases.follow_withdrawals import FollowedWithdrawals
from gateway.identity.use_cases.forget_expired import forget_expired
from gateway.identity.use_cases.issuing import MATTERS_CLIENT, Issuer, issuer_from
from gateway.identity.use_cases.load_seed import load_seed, read_seed
from gateway.identity.use_cases.passwords import Passwords
from gateway.settings import GatewaySettings
from shared.messaging.contracts import Published
from shared.messaging.topology import Consumer
from shared.region import RegionPack
from shared.web.problems import ProblemTable
from shared.worker import Errand, Sweep

__all__ = [
    "CONSUMERS",
    "FORM_MEDIA",
    "MATTERS_CLIENT",
    "PROBLEMS",
    "PUBLISHED",
    "ROUTERS",
    "FollowedWithdrawals",
    "Issuer",
    "Passwords",
    "errands",
    "issuer_from",
    "load_seed",
    "read_seed",
    "sweeps",
]

ROUTERS: tuple[APIRouter, ...] = (
    discovery.router,
    sign_in.router,
    login.router,
    tokens.router,
    tokens.userinfo_router,
    withdrawals.router,
)
PROBLEMS: ProblemTable = {}
PUBLISHED: tuple[Published, ...] = ()
CONSUMERS: tuple[Consumer, ...] = ()

# Paths whose bodies are forms, as browsers and the OAuth protocol send them.
FORM_MEDIA: dict[str, tuple[str, ...]] = dict.fromkeys(("/oauth2/", "/login", "/consent"), (FORM_MEDIA_TYPE,))


def sweeps(_settings: GatewaySettings, _region: RegionPack) -> tuple[Sweep, ...]:
    """What this part does by the clock."""
    return (Sweep("forget_expired_identities", 3600.0, forget_expired),)


def errands(_settings: GatewaySettings, _region: RegionPack) -> tuple[Errand, ...]:
    """What this part does by calling out."""
    return ()
