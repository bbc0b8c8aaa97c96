"""Check records against the schema of a resource, and forms against what is collected already."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from jsonschema import Draft202012Validator, FormatChecker
from jsonschema.exceptions import ValidationError

from gateway.catalogue.data.domain.refusals import FormAsksAgain, SharingNotPossible
from gateway.catalogue.data.store.resources import ResourceStore
from gateway.catalogue.data.use_cases.read_resources import read_entry
from shared.database.unit_of_work import UnitOfWork
from shared.web.problems import FieldFault
from shared.web.validation import fault

MAX_FAULTS: Final = 50
MAX_SIZES: Final = {"maxLength": "max_length", "minLength": "min_length"}


async def check_records(key: str, records: Sequence[Mapping[str, Any]], on: date, uow: UnitOfWork) -> int:
    """Return the number of the schema's version. Raises: ResourceNotFound; SharingNotPossible, field by field."""
    found = await read_entry(key, on, uow)
    faults = list(record_faults(found.version.entry.record_schema, records))
    if faults:
        raise SharingNotPossible(tuple(faults[:MAX_FAULTS]))
    return found.version.number


def record_faults(schema: Mapping[str, Any], records: Sequence[Mapping[str, Any]]) -> Iterator[FieldFault]:
    """Yield what is wrong with each record, with its place; the values themselves are not repeated."""
    validator = Draft202012Validator(dict(schema), format_checker=FormatChecker())
    for place, record in enumerate(records):
        for error in validator.iter_errors(dict(record)):
            yield from _explained(f"/records/{place}", error)


def _explained(pointer: str, error: ValidationError) -> Iterator[FieldFault]:
    place = pointer + "".join(f"/{part}" for part in error.absolute_path)
    limit: Any = error.validator_value
    instance: Any = error.instance
    schema: Any = error.schema
    match error.validator:
        case "required":
            yield from (fault(f"{place}/{name}", "missing") for name in limit if name not in instance)
        case "additionalProperties":
            for name in sorted(set(instance) - set(schema.get("properties", ()))):
                yield fault(f"{place}/{name}"[:500], "extra_forbidden")
        case "type":
            what = f"应为 {limit}", f"must be of the type {limit}"
            yield FieldFault(place, "type", *what)
        case "maxLength" | "minLength" as rule:
            yield fault(
                place, f"string_too_{'long' if rule == 'maxLength' else 'short'}", **{MAX_SIZES[rule]: limit}
            )
        case "enum":
            yield fault(place, "enum", expected=", ".join(map(str, limit)))
        case _:
            yield fault(place, str(error.validator))


@dataclass(frozen=True)
class AskedField:
    """A field of a form: what it is called, which datum it asks for if it says so, from where it is filled in."""

    key: str
    title_zh: str
    datum: str | None = None
    source: str | None = None


async def check_form(fields: Sequence[AskedField], uow: UnitOfWork) -> None:
    """A form asks for nothing that somebody collects already, but where it is filled in from there.

    A field is known by the datum that it names, else by its title. Raises: FormAsksAgain, naming each collector.
    Source: DS-04 (一口采集、充分共享); 政务数据共享条例 (国令809) art. 19.
    """
    asked = [(place, field) for place, field in enumerate(fields) if field.source is None]
    store = ResourceStore(uow.session)
    by_datum = await store.collectors(field.datum for _, field in asked if field.datum)
    by_title = await store.collected_as(field.title_zh for _, field in asked if field.datum is None)
    faults = []
    for place, field in asked:
        known = by_datum.get(field.datum) if field.datum else by_title.get(field.title_zh)
        if known is not None:
            zh = f"该数据已由 {known.owner_uscc} 采集（{known.datum}），应共享获取"
            en = f"is collected by {known.owner_uscc} as {known.datum}: take it from there"
            faults.append(FieldFault(f"/fields/{place}", "collected_already", zh, en))
    if faults:
        raise FormAsksAgain(tuple(faults))
