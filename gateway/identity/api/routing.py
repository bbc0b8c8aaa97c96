"""The route class of the protocol's pages and endpoints, which take forms and answer in their own ways."""

from collections.abc import Callable, Coroutine
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from shared.database.engine import is_transient
from shared.web.backend import backend_of
from shared.web.routes import ServiceRoute

_ATTEMPTS = 3


class ProtocolRoute(ServiceRoute):
    """Opens a unit of work and commits it with whatever answer the endpoint returns, refusals too.

    A wrong password must be counted and a stolen code's tokens withdrawn although the answer is a refusal;
    only an exception rolls back. No idempotency key: codes, assertions and refresh tokens are good once.
    """

    reads_token = False

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Serve with a transaction, and without the conventions of the JSON APIs."""
        handler = super(ServiceRoute, self).get_route_handler()

        async def serve(request: Request) -> Response:
            request.scope["tongban.route"] = self.path_format
            request.state.principal = None
            await request.body()
            transactions = backend_of(request).transactions
            for attempt in range(1, _ATTEMPTS + 1):
                try:
                    async with transactions.open() as uow:
                        request.state.uow = uow
                        response = await handler(request)
                        await uow.commit()
                        return response
                except Exception as error:
                    if attempt == _ATTEMPTS or not is_transient(error):
                        raise
            raise AssertionError("unreachable")

        return serve
