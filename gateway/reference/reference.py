"""Answers what developers look up, from the gateway's own tables and the services' documents."""

from collections.abc import Callable, Iterable, Mapping

from gateway.reference.documents import Document, Rendered, ServiceDocuments, Standing, rendered
from gateway.reference.merging import merge
from gateway.reference.offered import OfferedOperation, offered
from gateway.reference.problem_pages import ExplainedProblem, declared, explained
from gateway.reference.services import GATEWAY, Service, services_of
from shared.web.problems import ProblemType


class Reference:
    """The documents of all services and of the gateway itself, and what follows from them."""

    def __init__(
        self, urls: Mapping[str, str], own: Callable[[], Document], known: Iterable[ProblemType]
    ) -> None:
        self.services = services_of(urls)
        self._documents = ServiceDocuments(self.services)
        self._own_document = own
        self._own: Rendered | None = None
        self._merged: tuple[tuple[str | None, ...], Rendered] | None = None
        self._known = explained(known)

    def service(self, name: str) -> Service | None:
        """Find a service by name."""
        return next((service for service in self.services if service.name == name), None)

    async def standing(self, service: Service) -> Standing:
        """Return what a service told of itself; the gateway has always answered."""
        if service.name == GATEWAY:
            return Standing(self._rendered_own(), answered_last=True)
        return await self._documents.of(service.name)

    async def standings(self) -> dict[str, Standing]:
        """Return what each service told of itself, the gateway included."""
        own = Standing(self._rendered_own(), answered_last=True)
        return {GATEWAY: own, **await self._documents.all()}

    async def merged(self) -> Rendered:
        """Return the OpenAPI document of the whole suite; made anew only where a service's has changed."""
        standings = await self._documents.all()
        version = tuple(standing.told.etag if standing.told else None for standing in standings.values())
        if self._merged is None or self._merged[0] != version:
            told = {name: standing.told.document for name, standing in standings.items() if standing.told}
            missing = [name for name in standings if name not in told]
            self._merged = version, rendered(merge(self._own_document(), told, missing))
        return self._merged[1]

    async def operations(self) -> tuple[list[OfferedOperation], list[str]]:
        """Return every operation in order, and the services of which none are known."""
        standings = await self.standings()
        found = [
            operation
            for name, standing in standings.items()
            if standing.told is not None
            for operation in offered(name, standing.told.document)
        ]
        unreachable = sorted(name for name, standing in standings.items() if standing.told is None)
        return sorted(found, key=lambda operation: operation.key), unreachable

    async def problem(self, slug: str) -> ExplainedProblem | None:
        """Explain a problem type of the gateway or of a service."""
        known = self._known.get(slug)
        if known is not None:
            return known
        standings = await self.standings()
        told = {name: standing.told.document for name, standing in standings.items() if standing.told}
        return declared(told).get(slug)

    def _rendered_own(self) -> Rendered:
        if self._own is None:
            self._own = rendered(self._own_document())
        return self._own
