"""What the part's routes take from the app, among it the directory of event types, fresh for each request."""

from collections.abc import Callable, Coroutine
from typing import Annotated, Any

from fastapi import Depends, Request
from starlette.responses import Response

from gateway.settings import GatewaySettings
from gateway.subscriptions.clients import ContractDirectory
from gateway.subscriptions.contracts import OWN_TYPES
from gateway.subscriptions.domain.event_type import Directory
from shared.region import RegionPack
from shared.web.backend import Backend, backend_of
from shared.web.routes import ServiceRoute


class DirectoryRoute(ServiceRoute):
    """A route that needs the event types: services are asked before the transaction, never inside it."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Refresh the directory, then serve."""
        serve = super().get_route_handler()

        async def refreshed(request: Request) -> Response:
            await _contracts(request).refresh()
            return await serve(request)

        return refreshed


def _contracts(request: Request) -> ContractDirectory:
    """The app's one directory, made when it is first needed."""
    state = request.app.state
    if not hasattr(state, "contract_directory"):
        settings: GatewaySettings = state.settings
        state.contract_directory = ContractDirectory(settings.upstreams, OWN_TYPES)
    directory: ContractDirectory = state.contract_directory
    return directory


async def _known(request: Request) -> Directory:
    return _contracts(request).known()


async def _region(request: Request) -> RegionPack:
    region: RegionPack = request.app.state.region
    return region


async def _app(request: Request) -> Backend:
    return backend_of(request)


EventTypes = Annotated[Directory, Depends(_known)]
RegionInUse = Annotated[RegionPack, Depends(_region)]
App = Annotated[Backend, Depends(_app)]
