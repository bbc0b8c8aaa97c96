"""The catalogue of services (服务目录): what stands behind the gateway, and what a token may call there."""

from typing import Annotated, Self

from fastapi import APIRouter, Path, Query, Request, Response
from pydantic import Field

from gateway.reference.api.dependencies import InReference, serve_document
from gateway.reference.api.problems import DOCUMENT_UNAVAILABLE, SERVICE_UNKNOWN
from gateway.reference.documents import Standing
from gateway.reference.offered import OfferedOperation
from gateway.reference.services import Service
from shared.security.access import public
from shared.web.fields import ResponseModel
from shared.web.openapi import refuses
from shared.web.paging import Page, Paged
from shared.web.problems import Refusal
from shared.web.routes import Caller, ServiceRoute

router = APIRouter(prefix="/catalogue", route_class=ServiceRoute, tags=["catalogue"])

_READERS = public("developers read it before they have a client")
_ANY_TOKEN = public("any good token may ask what it opens; without one the answer is 401")
_NAME = r"^[a-z][a-z_]*$"
_RETRY = {"Retry-After": "3"}


class ServiceOut(ResponseModel):
    """A service behind the gateway (服务), or the gateway itself."""

    name: Annotated[str, Field(examples=["registration"])]
    title_zh: Annotated[str, Field(examples=["企业登记"])]
    title_en: Annotated[str, Field(examples=["Enterprise registration"])]
    version: Annotated[str | None, Field(examples=["1.0.0"], description="Null until it has answered once")]
    path_prefix: Annotated[str, Field(examples=["/registration/v1"])]
    openapi: Annotated[str, Field(examples=["/catalogue/services/registration/openapi.json"])]
    answered_last: Annotated[bool, Field(examples=[True], description="It answered when it was last asked")]

    @classmethod
    def of(cls, service: Service, standing: Standing) -> Self:
        """Shape a service."""
        told = standing.told.document if standing.told else {}
        return cls(
            name=service.name,
            title_zh=service.title_zh,
            title_en=service.title_en,
            version=told.get("info", {}).get("version"),
            path_prefix=service.path_prefix,
            openapi=f"/catalogue/services/{service.name}/openapi.json",
            answered_last=standing.answered_last,
        )


class AllowedOut(ResponseModel):
    """An operation that the token may call (可调用接口)."""

    service: Annotated[str, Field(examples=["registration"])]
    method: Annotated[str, Field(examples=["GET"])]
    path: Annotated[str, Field(examples=["/registration/v1/filings"])]
    summary: Annotated[str, Field(examples=["List filings (登记申请列表)"])]
    scope: Annotated[
        str | None, Field(examples=["registration.filing.read"], description="Null: open to everybody")
    ]
    acr: Annotated[
        str | None,
        Field(
            examples=["urn:tongban:acr:two-factor"], description="How strongly a person must be identified"
        ),
    ]

    @classmethod
    def of(cls, operation: OfferedOperation) -> Self:
        """Shape an operation."""
        return cls(
            service=operation.service,
            method=operation.method,
            path=operation.path,
            summary=operation.summary,
            scope=operation.scope,
            acr=operation.acr,
        )


class AllowedPage(Page[AllowedOut]):
    """One page of what may be called, and of which services nothing is known at present."""

    unreachable: Annotated[list[str], Field(examples=[[]])]


@router.get("/services", dependencies=[_READERS], summary="List services (服务目录)")
async def list_services(reference: InReference, paged: Paged, response: Response) -> Page[ServiceOut]:
    """List the services by name: where each is reached, which version it is, whether it answered last."""
    after = str(paged.after[0]) if paged.after else ""
    standings = await reference.standings()
    later = [service for service in reference.services if service.name > after]
    shown = [ServiceOut.of(service, standings[service.name]) for service in later[: paged.fetch]]
    return paged.page(shown, lambda service: (service.name,), response)


@router.get(
    "/services/{name}/openapi.json",
    dependencies=[_READERS],
    summary="Read a service's OpenAPI document (接口文档)",
    response_class=Response,
    responses={
        200: {"description": "OpenAPI 3.1", "content": {"application/json": {"schema": {"type": "object"}}}},
        304: {"description": "The caller has this very document (If-None-Match)"},
    },
)
@refuses(SERVICE_UNKNOWN, DOCUMENT_UNAVAILABLE)
async def show_document(
    name: Annotated[str, Path(max_length=40, pattern=_NAME)], reference: InReference, request: Request
) -> Response:
    """Return the document as the service itself wrote it; while it is away, the last one that it told."""
    service = reference.service(name)
    if service is None:
        raise Refusal(SERVICE_UNKNOWN)
    standing = await reference.standing(service)
    if standing.told is None:
        raise Refusal(DOCUMENT_UNAVAILABLE, headers=_RETRY, values={"service": name})
    return serve_document(request, standing.told)


@router.get("/allowed", dependencies=[_ANY_TOKEN], summary="List what the token may call (可调用接口清单)")
async def list_allowed(
    caller: Caller,
    reference: InReference,
    paged: Paged,
    response: Response,
    service: Annotated[
        str | None, Query(max_length=40, pattern=_NAME, description="Only of this service (服务名称)")
    ] = None,
) -> AllowedPage:
    """List the operations whose access rule the caller's token fulfils, by service and path.

    Whose records may be seen through them is decided by each service on each record.
    """
    operations, unreachable = await reference.operations()
    after = tuple(paged.after) if paged.after else ()
    later = [
        AllowedOut.of(operation)
        for operation in operations
        if operation.key > after and operation.is_open_to(caller) and service in (None, operation.service)
    ]
    page = paged.page(later[: paged.fetch], lambda each: (each.service, each.path, each.method), response)
    missing = [name for name in unreachable if service in (None, name)]
    return AllowedPage(entries=page.entries, next_cursor=page.next_cursor, unreachable=missing)
