"""The suite's events as an AsyncAPI 3.0 document: channels, messages with their schemas, ways to follow them."""

from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import urlsplit

from gateway.subscriptions.domain.entitlement import is_open, is_own_only
from gateway.subscriptions.domain.event_type import DeclaredType, Directory

_CLOUD_EVENT: Final[Mapping[str, Any]] = {
    "type": "object",
    "required": ["specversion", "id", "source", "type", "subject", "time", "sequence", "data"],
    "properties": {
        "specversion": {"const": "1.0"},
        "id": {
            "type": "string",
            "format": "uuid",
            "description": "UUIDv7; the same event always has the same",
        },
        "source": {"type": "string", "description": "/<region>/<service>"},
        "type": {"type": "string"},
        "subject": {"type": "string", "description": "Business key: credit code, ticket, task ..."},
        "time": {"type": "string", "format": "date-time"},
        "datacontenttype": {"const": "application/json"},
        "dataschema": {"type": "string", "format": "uri-reference"},
        "sequence": {"type": "string", "description": "Counts without gaps per aggregate and subject"},
        "sequencetype": {"const": "Integer"},
        "actor": {"type": "string", "description": "Who did it: ids only"},
        "traceparent": {"type": "string", "description": "W3C trace context"},
    },
}


def document(directory: Directory, public_url: str) -> dict[str, Any]:
    """Describe every event type that the services declare."""
    types = directory.types
    return {
        "asyncapi": "3.0.0",
        "id": "urn:tongban:events",
        "info": {
            "title": "Tongban events (通办事件)",
            "version": "1.0.0",
            "description": (
                "CloudEvents 1.0 in structured JSON, the same over every way. Types marked x-tongban-open may be"
                " followed by agencies of the region; x-tongban-own-only ones reach only whom they are addressed to."
            ),
            "license": {"name": "Apache-2.0"},
        },
        "defaultContentType": "application/cloudevents+json",
        "servers": _servers(public_url),
        "channels": {_key(each): _channel(each) for each in types},
        "operations": {f"follow.{_key(each)}": _operation(each) for each in types},
        "components": {
            "messages": {_key(each): _message(each, public_url) for each in types},
            "schemas": {"CloudEvent": dict(_CLOUD_EVENT)},
            "securitySchemes": _security(public_url),
        },
    }


def _servers(public_url: str) -> dict[str, Any]:
    parts = urlsplit(public_url)
    http = {"host": parts.netloc, "protocol": parts.scheme, "security": [_security_ref("token")]}
    return {
        "nats": {
            "host": f"{parts.hostname}:4222",
            "protocol": "nats",
            "description": "JetStream; each agency has a user of its own and durable consumers",
            "security": [_security_ref("nats")],
        },
        "eventStream": http
        | {
            "pathname": "/subscriptions/v1/events",
            "description": "Server-sent events, resumable by Last-Event-ID",
        },
        "webhooks": http
        | {
            "pathname": "/subscriptions/v1/subscriptions",
            "description": "Delivered by POST to the agency's own target, signed by Standard Webhooks",
        },
    }


def _security(public_url: str) -> dict[str, Any]:
    scope = "subscriptions.subscription.manage"
    return {
        "nats": {"type": "userPassword", "description": "The agency's NATS user"},
        "token": {
            "type": "oauth2",
            "description": "Client credentials with private_key_jwt",
            "flows": {
                "clientCredentials": {
                    "tokenUrl": f"{public_url}/oauth2/token",
                    "availableScopes": {scope: "Follow events"},
                }
            },
            "scopes": [scope],
        },
    }


def _channel(declared: DeclaredType) -> dict[str, Any]:
    key = _key(declared)
    return {
        "address": declared.nats_subject,
        "title": declared.name,
        "summary": declared.summary,
        "messages": {key: {"$ref": f"#/components/messages/{key}"}},
    }


def _operation(declared: DeclaredType) -> dict[str, Any]:
    key = _key(declared)
    return {
        "action": "send",
        "channel": {"$ref": f"#/channels/{key}"},
        "summary": declared.summary,
        "messages": [{"$ref": f"#/channels/{key}/messages/{key}"}],
    }


def _message(declared: DeclaredType, public_url: str) -> dict[str, Any]:
    data = {"$ref": f"{public_url}{declared.schema_path}"}
    return {
        "name": declared.name,
        "title": declared.name,
        "summary": declared.summary,
        "contentType": "application/cloudevents+json",
        "payload": {
            "allOf": [
                {"$ref": "#/components/schemas/CloudEvent"},
                {"type": "object", "properties": {"type": {"const": declared.name}, "data": data}},
            ]
        },
        "x-tongban-open": is_open(declared.name),
        "x-tongban-own-only": is_own_only(declared.name),
    }


def _security_ref(name: str) -> dict[str, str]:
    return {"$ref": f"#/components/securitySchemes/{name}"}


def _key(declared: DeclaredType) -> str:
    """A component's name; dots are allowed there."""
    return declared.name.removeprefix("cn.tongban.")
