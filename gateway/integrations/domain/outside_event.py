"""An event of a system outside: checked against its contract, known again when it comes twice."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from jsonschema import Draft202012Validator, FormatChecker
from jsonschema.exceptions import ValidationError

from gateway.integrations.domain.contract import SentEvent
from shared.certificates.canonical import canonical_json, sha256_hex

SOURCE_OF_FILES: Final = "dedicated_network"
"""How what came in a file is marked (DS-24)."""


@dataclass(frozen=True)
class OutsideEvent:
    """What came: a CloudEvent's attributes and data."""

    id: str
    source: str
    type: str
    subject: str
    time: datetime
    data: Mapping[str, Any]
    origin_region: str | None = None
    """Where a record that is managed above comes back to (回流, DS-10)."""

    def digest(self) -> str:
        """By which the same event is told from another one under its id."""
        stated = {
            "id": self.id,
            "source": self.source,
            "type": self.type,
            "subject": self.subject,
            "time": self.time.isoformat(),
            "data": dict(self.data),
            "origin_region": self.origin_region,
        }
        return sha256_hex(canonical_json(stated))


@dataclass(frozen=True)
class DataFault:
    """What is wrong with an event's data, and where (JSON pointer)."""

    pointer: str
    code: str
    expected: str


_formats: Final = FormatChecker(formats=())


@_formats.checks("date", raises=ValueError)
def _is_date(value: object) -> bool:
    return not isinstance(value, str) or (bool(date.fromisoformat(value)) and len(value) == len("2026-01-02"))


@_formats.checks("uuid", raises=ValueError)
def _is_uuid(value: object) -> bool:
    return not isinstance(value, str) or bool(UUID(value))


def faults_of(event: OutsideEvent, contract: SentEvent) -> list[DataFault]:
    """Everything that the contract does not allow."""
    schema = contract.schema()
    validator = Draft202012Validator(schema, format_checker=_formats)
    errors = validator.iter_errors(dict(event.data))
    faults = list(dict.fromkeys(fault for error in errors for fault in _told(error, schema)))
    key = event.data.get(contract.subject)
    if not faults and str(key) != event.subject:
        faults.append(DataFault("/subject", "not_the_key", f"the same as /data/{contract.subject}"))
    return sorted(faults, key=lambda fault: fault.pointer)


def _told(error: ValidationError, schema: Mapping[str, Any]) -> Iterator[DataFault]:
    pointer = "".join(f"/{step}" for step in ("data", *error.absolute_path))
    given: Any = error.instance
    if error.validator == "required":
        for name in schema["required"]:
            if name not in given:
                yield DataFault(f"{pointer}/{name}", "missing", "must be there")
    elif error.validator == "additionalProperties":
        for name in sorted(set(given) - set(schema["properties"])):
            yield DataFault(f"{pointer}/{name}", "unknown", "not in the contract")
    else:
        yield DataFault(pointer, str(error.validator), f"{error.validator}: {error.validator_value}")
