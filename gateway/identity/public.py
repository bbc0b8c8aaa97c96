"""What the identity part declares to the rest of the gateway: routes, refusals, events, work by the clock.

Another part that acts for a person holds an `Issuer` (`issuer_from(settings)`) and asks it for a
`delegated_token`. A part that shows pages of its own to people takes `suite_pages`.
"""

from fastapi import APIRouter

from gateway.identity.api import (
    account_pages,
    accounts,
    clients,
    discovery,
    face_pages,
    federation,
    introspection,
    licence_pages,
    linked_identities,
    login,
    mandates,
    own_account,
    own_client,
    pushed_requests,
    recovery,
    second_factor_pages,
    second_step,
    sign_in,
    signing_keys,
    suite_pages,
    systems,
    tokens,
    trusted_issuers,
    withdrawals,
)
from gateway.identity.api.parameters import FORM_MEDIA_TYPE
from gateway.identity.api.problems import PROBLEMS
from gateway.identity.consumers import CONSUMERS
from gateway.identity.domain.clients import RateTier
from gateway.identity.face_checkers import face_checker_from
from gateway.identity.use_cases.admit_first_client import admit_first_client, read_first_client
from gateway.identity.use_cases.contacts import Contact, contact_of, persons_behind
from gateway.identity.use_cases.end_mandate import expire_mandates
from gateway.identity.use_cases.follow_origins import FollowedOrigins
from gateway.identity.use_cases.follow_systems import count_all_systems
from gateway.identity.use_cases.follow_tiers import FollowedTiers
from gateway.identity.use_cases.follow_withdrawals import FollowedWithdrawals, Refresh, keep_up
from gateway.identity.use_cases.forget_expired import forget_expired
from gateway.identity.use_cases.issuing import MATTERS_CLIENT, Issuer, issuer_from
from gateway.identity.use_cases.load_seed import load_seed, read_seed
from gateway.identity.use_cases.outside_identities import OutsideIdentities
from gateway.identity.use_cases.passwords import Passwords
from gateway.identity.use_cases.read_mandates import ResponsibleHelper, responsible_helper
from gateway.identity.use_cases.signing_keys import TendKeyRing
from gateway.settings import GatewaySettings
from shared.messaging.contracts import Published
from shared.region import RegionPack
from shared.worker import Errand, Sweep

__all__ = [
    "CONSUMERS",
    "FORM_MEDIA",
    "MATTERS_CLIENT",
    "PROBLEMS",
    "PUBLISHED",
    "ROUTERS",
    "Contact",
    "FollowedOrigins",
    "FollowedTiers",
    "FollowedWithdrawals",
    "Issuer",
    "OutsideIdentities",
    "Passwords",
    "RateTier",
    "Refresh",
    "ResponsibleHelper",
    "admit_first_client",
    "contact_of",
    "count_all_systems",
    "errands",
    "face_checker_from",
    "issuer_from",
    "keep_up",
    "load_seed",
    "persons_behind",
    "read_first_client",
    "read_seed",
    "responsible_helper",
    "suite_pages",
    "sweeps",
]

ROUTERS: tuple[APIRouter, ...] = (
    discovery.router,
    mandates.router,
    sign_in.router,
    login.router,
    federation.router,
    licence_pages.router,
    linked_identities.router,
    second_step.router,
    face_pages.router,
    recovery.router,
    account_pages.router,
    second_factor_pages.router,
    accounts.router,
    own_account.router,
    tokens.router,
    pushed_requests.router,
    introspection.router,
    tokens.userinfo_router,
    withdrawals.router,
    signing_keys.router,
    trusted_issuers.router,
    own_client.router,
    clients.router,
    systems.router,
)
PUBLISHED: tuple[Published, ...] = ()

# Paths whose bodies are forms, as browsers and the OAuth protocol send them.
FORM_MEDIA: dict[str, tuple[str, ...]] = dict.fromkeys(
    ("/oauth2/", "/login", "/consent", "/account", "/my", "/desk"), (FORM_MEDIA_TYPE,)
)


def sweeps(settings: GatewaySettings, _region: RegionPack) -> tuple[Sweep, ...]:
    """What this part does by the clock."""
    return (
        Sweep("forget_expired_identities", 3600.0, forget_expired),
        Sweep("expire_mandates", 30.0, expire_mandates),
        Sweep("tend_signing_keys", 20.0, TendKeyRing(settings)),
    )


def errands(_settings: GatewaySettings, _region: RegionPack) -> tuple[Errand, ...]:
    """What this part does by calling out."""
    return ()
