"""Puts the gateway together: the proxy in front, the front office behind it."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

from fastapi import FastAPI
from starlette.datastructures import State
from starlette.routing import Router
from starlette.types import Receive, Scope, Send

from gateway.audit import public as audit
from gateway.catalogue.data import public as data_catalogue
from gateway.identity import public as identity
from gateway.integrations import public as integrations
from gateway.materials import public as materials
from gateway.matters import public as matters
from gateway.parts import PROBLEMS, ROUTERS
from gateway.proxy.caller import TakeStraight
from gateway.proxy.paths import RouteTable
from gateway.proxy.peers import TrustedProxies
from gateway.proxy.problems import PROXY_PROBLEMS
from gateway.proxy.proxy import Proxy
from gateway.proxy.rate import UNLIMITED, Rate, RateOf, TokenBuckets
from gateway.proxy.upstream import UpstreamClient
from gateway.proxy.verification import RememberingVerifier
from gateway.reference.public import serve_reference
from gateway.settings import GatewaySettings
from gateway.subscriptions import public as subscriptions
from shared.app import Startup, build_app
from shared.clock import Clock, system_clock
from shared.region import load_region_pack
from shared.security.tokens import KeySource
from shared.web.problems import CORE_PROBLEMS


class Gateway:
    """The ASGI app: the proxy; `router` and `state` are the front office's, as of any FastAPI app."""

    def __init__(self, front_office: FastAPI, proxy: Proxy) -> None:
        self.front_office = front_office
        self._proxy = proxy

    @property
    def router(self) -> Router:
        """The front office's router, which also holds the lifespan of the whole."""
        return self.front_office.router

    @property
    def straight(self) -> TakeStraight:
        """The proxy's shorter way, for the gateway's HTTP protocol."""
        return self._proxy.straight

    @property
    def state(self) -> State:
        """What the front office's routes work with."""
        return self.front_office.state

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve a request or a lifespan event."""
        await self._proxy(scope, receive, send)


def create_app(
    settings: GatewaySettings | None = None, *, clock: Clock = system_clock, keys: KeySource | None = None
) -> Gateway:
    """Build the app; settings come from the environment unless given (a test)."""
    settings = settings or GatewaySettings()
    region = load_region_pack(settings.region_pack)
    issuer = identity.issuer_from(settings)
    known_keys = keys or issuer.keys
    routes = RouteTable(settings.upstreams)
    upstream = UpstreamClient(
        connect_seconds=settings.connect_seconds, answer_seconds=settings.answer_seconds
    )
    withdrawals, tiers = identity.FollowedWithdrawals(), identity.FollowedTiers()
    origins = identity.FollowedOrigins()
    verifier = RememberingVerifier(
        issuer=settings.issuer, audience="gateway", keys=known_keys, withdrawals=withdrawals
    )
    front_office = build_app(
        service="gateway",
        package="gateway",
        title="Gateway (统一网关)",
        settings=settings,
        region_code=region.region.code,
        routers=ROUTERS,
        problem_table=PROBLEMS,
        state={
            "region": region,
            "issuer": issuer,
            "passwords": identity.Passwords(settings.password_hashing),
            "face_checker": identity.face_checker_from(settings),
            "outside": identity.OutsideIdentities(settings),
        },
        keys=known_keys,
        clock=clock,
        startup=[_prepare_keys, _fill_catalogue, *_populating(settings)],
        measures=[
            subscriptions.measure_parked,
            audit.MeasureInterval(timedelta(seconds=settings.audit_interval_seconds)),
        ],
        larger_bodies=dict.fromkeys(
            (materials.UPLOAD_PATH, *matters.UPLOAD_PATHS, integrations.FILES), settings.material_max_bytes
        ),
        other_media={
            **identity.FORM_MEDIA,
            materials.UPLOAD_PATH: materials.MEDIA_TYPES,
            **matters.FILE_MEDIA,
            **integrations.OTHER_MEDIA,
        },
    )
    front_office.state.backend.verifier = verifier
    serve_reference(front_office, settings.upstreams, (*CORE_PROBLEMS, *PROXY_PROBLEMS, *PROBLEMS.values()))
    _run_beside(front_office, upstream, withdrawals.refresh, issuer.refresh, tiers.refresh, origins.refresh)
    proxy = Proxy(
        front_office,
        routes=routes,
        verifier=verifier,
        upstream=upstream,
        buckets=TokenBuckets(
            settings.rate_per_second, settings.rate_burst, rate_of=_rate_of(settings, tiers)
        ),
        trusted=TrustedProxies(settings.trusted_proxies),
        is_registered=origins.holds,
    )
    return Gateway(front_office, proxy)


def _rate_of(settings: GatewaySettings, tiers: identity.FollowedTiers) -> RateOf:
    """How much a client may send, by its tier."""
    standard = Rate(settings.rate_per_second, settings.rate_burst)
    rates = {
        identity.RateTier.SMALL: standard.times(settings.rate_small),
        identity.RateTier.STANDARD: standard,
        identity.RateTier.LARGE: standard.times(settings.rate_large),
        identity.RateTier.INTERNAL: UNLIMITED,
    }
    return lambda client_id: rates[tiers.of(client_id)]


def _populating(settings: GatewaySettings) -> list[Startup]:
    """Who is known from the start: a local suite's clients and accounts, a new installation's first client."""
    found: list[Startup] = [_load_seed] if settings.seed_file is not None else []
    return [*found, _admit_first_client] if settings.first_client_file is not None else found


async def _admit_first_client(app: FastAPI) -> None:
    """Register the client that registers all others, while there is none."""
    state = app.state
    first = identity.read_first_client(state.settings.first_client_file)
    await state.backend.transactions.run(
        lambda uow: identity.admit_first_client(first, state.region, uow, uow.now)
    )


async def _prepare_keys(app: FastAPI) -> None:
    """Read the keys that sign tokens, and make them where there are none."""
    await app.state.backend.transactions.run(app.state.issuer.keys.prepare)


async def _fill_catalogue(app: FastAPI) -> None:
    """Bring the region pack's data resources into the catalogue."""
    state = app.state
    await state.backend.transactions.run(lambda uow: data_catalogue.seed_resources(state.region, uow))


async def _load_seed(app: FastAPI) -> None:
    """Load a local suite's clients and accounts; the settings allow a seed in local mode only."""
    state = app.state
    seed = identity.read_seed(state.settings.seed_file)
    await state.backend.transactions.run(
        lambda uow: identity.load_seed(seed, state.region, state.passwords, uow, uow.now)
    )


def _run_beside(front_office: FastAPI, upstream: UpstreamClient, *news: identity.Refresh) -> None:
    """Add to the app's lifespan what runs as long as it does: connections, news of withdrawals and keys."""
    inner = front_office.router.lifespan_context

    @asynccontextmanager
    async def lifespan(app: Any) -> AsyncIterator[Mapping[str, Any]]:
        async with upstream, front_office.state.outside, inner(app) as state:
            following = asyncio.create_task(identity.keep_up(app.state.backend.transactions, *news))
            try:
                yield state or {}
            finally:
                following.cancel()
                with contextlib.suppress(asyncio.CancelledError):
                    await following

    front_office.router.lifespan_context = lifespan
