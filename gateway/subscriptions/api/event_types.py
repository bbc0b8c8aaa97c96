"""The types of events that the suite publishes (事件类型)."""

from typing import Annotated

from fastapi import APIRouter, Request
from pydantic import Field
from starlette.responses import JSONResponse

from gateway.subscriptions.api.dependencies import DirectoryRoute, EventTypes
from gateway.subscriptions.asyncapi import document
from gateway.subscriptions.domain.entitlement import is_open, is_own_only
from shared.security.access import public
from shared.web.fields import ResponseModel

router = APIRouter(prefix="/subscriptions/v1/event-types", route_class=DirectoryRoute, tags=["subscriptions"])


class EventTypeOut(ResponseModel):
    """A type of event, where it is published and how it looks."""

    type: Annotated[str, Field(examples=["cn.tongban.registration.enterprise.registered.v1"])]
    nats_subject: Annotated[str, Field(examples=["events.registration.enterprise.registered.v1"])]
    schema_path: Annotated[str, Field(examples=["/registration/v1/contracts/enterprise.registered.v1.json"])]
    summary: Annotated[str, Field(examples=["An enterprise was registered (企业登记)"])]
    is_open: Annotated[bool, Field(examples=[True], description="Agencies may follow it")]
    is_own_only: Annotated[
        bool, Field(examples=[False], description="An agency gets only what is addressed to it")
    ]


class EventTypesOut(ResponseModel):
    """All types; those of a service that cannot be asked may be missing."""

    event_types: list[EventTypeOut]
    unreachable: Annotated[list[str], Field(examples=[[]])]


@router.get(
    "",
    dependencies=[public("a contract says how events look, not what they hold")],
    summary="List types of events (事件类型目录)",
)
async def list_event_types(directory: EventTypes) -> EventTypesOut:
    """List every published type by name, with its NATS subject and the path of its JSON Schema."""
    return EventTypesOut(
        event_types=[
            EventTypeOut(
                type=declared.name,
                nats_subject=declared.nats_subject,
                schema_path=declared.schema_path,
                summary=declared.summary,
                is_open=is_open(declared.name),
                is_own_only=is_own_only(declared.name),
            )
            for declared in directory.types
        ],
        unreachable=list(directory.unreachable),
    )


asyncapi_router = APIRouter(prefix="/subscriptions/v1", route_class=DirectoryRoute, tags=["subscriptions"])


@asyncapi_router.get(
    "/asyncapi.json",
    dependencies=[public("a contract says how events look, not what they hold")],
    response_class=JSONResponse,
    summary="All events as AsyncAPI 3.0 (AsyncAPI 文档)",
)
async def show_asyncapi(request: Request, directory: EventTypes) -> JSONResponse:
    """Channels, messages with their JSON Schemas, and the ways to follow them."""
    return JSONResponse(document(directory, request.app.state.settings.public_url.rstrip("/")))
