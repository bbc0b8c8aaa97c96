"""The operations of an app, read from its own OpenAPI document: what each needs, and what it may answer."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from shared.identifiers import compose_uscc, organisation_body
from tests.security.wire import Answer

JSON = "application/json"
FORM = "application/x-www-form-urlencoded"
PROBLEM = "application/problem+json"
NEIGHBOURS_AWAY = b"/problems/event-types-unavailable"
"""What the gateway says of the types of services that a test of the gateway does not start."""
ABSENT_UUID = "01900000-0000-7000-8000-00000000dead"
ABSENT_NUMBER = "999999999999"
ABSENT_USCC = compose_uscc(
    authority="9", body_type="1", division_code="140881", organisation_body=organisation_body("XX", 1)
)
_ABSENT_CANDIDATES = (
    *("absent", "ABSENT-0000001", "absent.absent", "cn.tongban.no.such.v1"),
    *("FO-140881-20260102-000001-0", "1.2.156.3005.2.ABSENT", "0000000000", "0"),
)
_BY_FORMAT = {"uuid": ABSENT_UUID, "date": "2026-01-02", "date-time": "2026-01-02T03:04:05Z"}
Schema = Mapping[str, Any]


@dataclass(frozen=True)
class Operation:
    """One method of one path."""

    method: str
    path: str
    described: Mapping[str, Any]
    components: Mapping[str, Any]

    @property
    def name(self) -> str:
        """How faults name it."""
        return f"{self.method} {self.path}"

    @property
    def is_secured(self) -> bool:
        """Whether it asks for a token with a scope."""
        return bool(self.described.get("security"))

    @property
    def scope(self) -> str | None:
        """The scope that it asks for."""
        found: str | None = self.described["x-tongban-access"].get("scope")
        return found

    def parameters(self, place: str) -> list[Mapping[str, Any]]:
        """Its parameters in the path, the query or the headers."""
        return [each for each in self.described.get("parameters", ()) if each["in"] == place]

    def names(self, place: str) -> list[str]:
        """Names of its parameters in a place."""
        return [each["name"] for each in self.parameters(place)]

    @property
    def body(self) -> Schema | None:
        """Schema of its JSON body."""
        content = self.described.get("requestBody", {}).get("content", {})
        found: Schema | None = content.get(JSON, {}).get("schema")
        return self.resolved(found) if found is not None else None

    @property
    def takes_form(self) -> bool:
        """Whether it takes a form."""
        return FORM in self.described.get("requestBody", {}).get("content", {})

    def resolved(self, schema: Schema) -> Schema:
        """Follow a reference into the components."""
        while "$ref" in schema:
            schema = self.components["schemas"][schema["$ref"].rsplit("/", 1)[1]]
        return schema

    def sample_body(self) -> Any:
        """A body as the document's examples have it."""
        return sample(self.body, self) if self.body is not None else None

    def headers(self, *, key: str) -> dict[str, str]:
        """The headers that it requires."""
        needed = {name.lower() for name in self.names("header")}
        sent = {"Idempotency-Key": key} if "idempotency-key" in needed else {}
        return sent | ({"If-Match": "*"} if "if-match" in needed else {})

    def absent(self, name: str) -> str:
        """A well-formed value of a path parameter that names nothing."""
        return next(absent(each) for each in self.parameters("path") if each["name"] == name)

    def target(self, values: Mapping[str, str] | None = None, **query: str) -> str:
        """Its address: given values of path parameters, absent ones otherwise, what the query requires."""
        filled = {each["name"]: absent(each) for each in self.parameters("path")} | dict(values or {})
        path = re.sub(r"\{(\w+)\}", lambda found: quote(filled[found[1]], safe=""), self.path)
        return path + self.query(query)

    def query(self, given: Mapping[str, str]) -> str:
        """The query with every required parameter, and the given ones (already encoded)."""
        required = {
            each["name"]: quote(str(sample({**each["schema"], **each}, self)))
            for each in self.parameters("query")
            if each.get("required")
        }
        pairs = "&".join(f"{name}={value}" for name, value in (required | dict(given)).items())
        return f"?{pairs}" if pairs else ""

    def fault_of(self, answer: Answer) -> str | None:
        """What is wrong with an answer by the document: status, media type, shape of the refusal."""
        told = f"{self.name} -> {answer.status} {answer.media} {answer.body[:200]!r}"
        documented = self.described["responses"].get(str(answer.status))
        failed = answer.status >= 500 and NEIGHBOURS_AWAY not in answer.body
        if documented is None or failed:
            return f"not documented or a failure: {told}"
        media = documented.get("content", {})
        if media and answer.media not in media:
            return f"not a documented media type: {told}"
        if answer.media == PROBLEM:
            problem = json.loads(answer.body)
            if problem["status"] != answer.status or not problem["type"].startswith("/problems/"):
                return f"not a problem: {told}"
        elif answer.status >= 400 and not self.path.startswith("/oauth2/"):
            return f"a refusal that is no problem: {told}"
        return None


def operations_of(document: Mapping[str, Any]) -> list[Operation]:
    """All operations of a document."""
    found = list(_operations(document))
    assert found
    return found


def _operations(document: Mapping[str, Any]) -> Iterator[Operation]:
    for path, methods in document["paths"].items():
        for method, described in methods.items():
            yield Operation(method.upper(), path, described, document["components"])


def absent(parameter: Mapping[str, Any]) -> str:
    """A well-formed value of a path parameter that names nothing."""
    schema = parameter["schema"]
    if schema.get("format") == "uuid":
        return ABSENT_UUID
    if schema.get("type") == "integer":
        return ABSENT_NUMBER
    for candidate in (ABSENT_USCC, *_ABSENT_CANDIDATES):
        long_enough = schema.get("minLength", 0) <= len(candidate) <= schema.get("maxLength", 999)
        if long_enough and re.search(schema.get("pattern", ""), candidate):
            return candidate
    raise AssertionError(f"no absent value fits {parameter}")


def sample(schema: Schema, operation: Operation) -> Any:
    """A value of a schema: its example, or the simplest that its rules allow."""
    schema = operation.resolved(schema)
    if schema.get("examples"):
        found = schema["examples"]
        return found[0] if isinstance(found, list) else next(iter(found.values()))["value"]
    if "example" in schema:
        return schema["example"]
    for key in ("const", "default"):
        if schema.get(key) is not None:
            return schema[key]
    if "enum" in schema:
        return schema["enum"][0]
    for key in ("anyOf", "oneOf", "allOf"):
        if key in schema:
            return sample(next(each for each in schema[key] if each.get("type") != "null"), operation)
    return _plain(schema, operation)


def _plain(schema: Schema, operation: Operation) -> Any:
    match schema.get("type"):
        case "object":
            inner = schema.get("properties", {})
            return {name: sample(inner[name], operation) for name in schema.get("required", ())}
        case "array":
            return [sample(schema["items"], operation)] * max(1, schema.get("minItems", 0))
        case "integer" | "number":
            return schema.get("minimum", 1)
        case "boolean":
            return True
        case _:
            return _text(schema)


def _text(schema: Schema) -> str:
    written = _BY_FORMAT.get(schema.get("format", ""))
    if written is not None:
        return written
    if schema.get("minLength") == 18:
        return ABSENT_USCC
    shortest: int = schema.get("minLength", 1)
    return "x" * max(1, shortest)
