"""One OpenAPI document out of the gateway's and the services': schemas keep apart what has the same name."""

from collections.abc import Mapping
from typing import Any

from shared.web.openapi import PROBLEMS_KEY

_SHARED_SCHEMA = "Problem"
_REFERENCE = "#/components/schemas/"

Document = dict[str, Any]


def merge(own: Document, services: Mapping[str, Document], missing: list[str]) -> Document:
    """Return the document of the whole suite; services that could not be asked are named."""
    merged: Document = {
        **own,
        "info": {
            "title": "Tongban (通办)",
            "version": own.get("info", {}).get("version", "1.0.0"),
            "description": "All APIs of the suite, as reached through the gateway (经统一网关访问的全部接口)."
            " Errors are RFC 9457 problems; times are RFC 3339 UTC.",
        },
        "paths": dict(own.get("paths", {})),
        "components": {**own.get("components", {})},
    }
    schemas = dict(merged["components"].get("schemas", {}))
    for name, document in sorted(services.items()):
        prefix = name.capitalize()
        listed = document.get("components", {}).get("schemas", {})
        renamed = {key: key if key == _SHARED_SCHEMA else f"{prefix}{key}" for key in listed}
        for key, schema in listed.items():
            schemas[renamed[key]] = _rewritten(schema, renamed)
        for path, operations in document.get("paths", {}).items():
            merged["paths"][path] = _named(_rewritten(operations, renamed), name)
    merged["components"]["schemas"] = schemas
    explained = [document.get(PROBLEMS_KEY, {}) for document in (own, *services.values())]
    merged[PROBLEMS_KEY] = {slug: kind for kinds in reversed(explained) for slug, kind in kinds.items()}
    if missing:
        merged["x-unavailable"] = missing
    return merged


def _named(operations: Document, service: str) -> Document:
    """Make operation ids unique across services."""
    return {
        method: {**operation, "operationId": f"{service}_{operation['operationId']}"}
        if isinstance(operation, dict) and "operationId" in operation
        else operation
        for method, operation in operations.items()
    }


def _rewritten(node: Any, renamed: Mapping[str, str]) -> Any:
    if isinstance(node, dict):
        return {key: _reference(key, value, renamed) for key, value in node.items()}
    if isinstance(node, list):
        return [_rewritten(each, renamed) for each in node]
    return node


def _reference(key: str, value: Any, renamed: Mapping[str, str]) -> Any:
    if isinstance(value, str) and value.startswith(_REFERENCE):
        name = value.removeprefix(_REFERENCE)
        return f"{_REFERENCE}{renamed.get(name, name)}"
    return _rewritten(value, renamed)
