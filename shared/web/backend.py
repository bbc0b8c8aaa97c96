"""What an app's routes work with, built once in `build_app` and found on the app's state."""

from collections.abc import Mapping
from dataclasses import dataclass

from nats.aio.client import Client
from starlette.requests import Request

from shared.clock import Clock
from shared.database.unit_of_work import UnitOfWorkFactory
from shared.security.possession import PossessionChecker
from shared.security.tokens import TokenVerifier
from shared.web.problems import ProblemType


@dataclass
class Backend:
    """Shared machinery of one app."""

    service: str
    transactions: UnitOfWorkFactory
    verifier: TokenVerifier
    possession: PossessionChecker
    clock: Clock
    problems: Mapping[type[Exception], ProblemType]
    cursor_secret: bytes
    broker: Client | None = None
    broker_monitoring: str | None = None


def backend_of(request: Request) -> Backend:
    """Return the backend of the app that serves this request."""
    backend: Backend = request.app.state.backend
    return backend
