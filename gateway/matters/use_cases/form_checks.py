"""Is the form as its theme asks? Every fault at once, each with its place in the request."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from jsonschema import Draft202012Validator, FormatChecker
from jsonschema.exceptions import ValidationError
from jsonschema.validators import extend

from gateway.matters.domain.filing_request import KIND
from shared.region import Matter, RegionPack
from shared.web.problems import FieldFault
from shared.web.validation import fault

MAX_FAULTS: Final = 50


@dataclass(eq=False)
class FormNotAccepted(Exception):
    """The form lacks something or holds what it may not."""

    faults: tuple[FieldFault, ...] = field(default=())


def _is_integer(_: object, value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


_Validator: Final = extend(  # type: ignore[no-untyped-call]
    Draft202012Validator, type_checker=Draft202012Validator.TYPE_CHECKER.redefine("integer", _is_integer)
)
_TYPES: Final = {
    "string": "string_type",
    "integer": "int_type",
    "boolean": "bool_type",
    "array": "list_type",
    "object": "dict_type",
}


def check_form(
    pack: RegionPack, theme: Matter, form: Mapping[str, Any], commitments: tuple[str, ...]
) -> None:
    """Raises: FormNotAccepted."""
    faults = form_faults(pack, theme, form, commitments)
    if faults:
        raise FormNotAccepted(faults)


def form_faults(
    pack: RegionPack, theme: Matter, form: Mapping[str, Any], commitments: tuple[str, ...]
) -> tuple[FieldFault, ...]:
    """The one list of what is missing or wrong, in the order of the places."""
    validator = _Validator(pack.matter_form(theme.key), format_checker=FormatChecker())
    faults = [found for error in validator.iter_errors(dict(form)) for found in _explained(error)]
    if not faults:
        faults = [*_scheme_faults(pack, theme, form, commitments), *_kind_faults(pack, theme, form)]
    return tuple(sorted(faults, key=lambda each: each.pointer)[:MAX_FAULTS])


def check_confidential(form: Mapping[str, Any], names: tuple[str, ...]) -> None:
    """Raises: FormNotAccepted."""
    if faults := confidential_faults(form, names):
        raise FormNotAccepted(faults)


def confidential_faults(form: Mapping[str, Any], names: tuple[str, ...]) -> tuple[FieldFault, ...]:
    """What is to be kept must be there to be kept."""
    return tuple(
        FieldFault(
            f"/confidential_fields/{place}",
            "not-in-form",
            "表单中没有此字段",
            "the form holds no such field",
        )
        for place, name in enumerate(names)
        if name not in form
    )


def permit_sections(pack: RegionPack, theme: Matter) -> Mapping[str, Any]:
    """The sections of the theme's form, by permit item."""
    permits: Mapping[str, Any] = pack.matter_form(theme.key)["properties"].get("permits", {})
    sections: Mapping[str, Any] = permits.get("properties", {})
    return sections


def field_of_source(pack: RegionPack, names: Iterable[str], source: str) -> str:
    """The field among `names` that the suite knows from `source`. Raises: LookupError where there is none."""
    for name in names:
        if pack.form_field(name).source == source:
            return name
    raise LookupError(f"no field with the source {source!r}")


def _scheme_faults(
    pack: RegionPack, theme: Matter, form: Mapping[str, Any], commitments: tuple[str, ...]
) -> Iterator[FieldFault]:
    """What depends on the answers: a section for each permit that they call for, and no other."""
    if theme.scheme is None:
        return
    required = [permit.item for permit in pack.scheme(theme.scheme).required_permits(form["answers"])]
    for item in permit_sections(pack, theme):
        if item in required and item not in form["permits"]:
            yield fault(f"/form/permits/{item}", "missing")
        if item not in required and item in form["permits"]:
            yield FieldFault(
                f"/form/permits/{item}",
                "not-called-for",
                "按您的回答无需办理此项",
                "your answers do not call for this permit",
            )
    for place, item in enumerate(commitments):
        if item not in required or pack.permit_item(item).commitment is None:
            yield FieldFault(
                f"/commitments/{place}",
                "no-commitment",
                "此项不适用告知承诺",
                "this permit cannot be had by notification-and-commitment",
            )


def _kind_faults(pack: RegionPack, theme: Matter, form: Mapping[str, Any]) -> Iterator[FieldFault]:
    if not theme.makes_enterprise:
        return
    name = field_of_source(pack, theme.shared_fields, KIND)
    if form[name] not in theme.enterprise_kinds:
        yield fault(f"/form/{name}", "enum", expected=", ".join(theme.enterprise_kinds))


def _explained(error: ValidationError) -> Iterator[FieldFault]:
    place = "/form" + "".join("/" + _escaped(part) for part in error.absolute_path)
    limit: Any = error.validator_value
    instance: Any = error.instance
    schema: Any = error.schema
    match error.validator:
        case "required":
            # The validator raises one error per missing name, and each message begins with its own.
            missing = next(name for name in limit if error.message.startswith(f"{name!r}"))
            yield fault(f"{place}/{missing}", "missing")
        case "additionalProperties":
            for name in set(instance) - set(schema.get("properties", ())):
                yield fault(f"{place}/{_escaped(name)}"[:500], "extra_forbidden")
        case "type":
            yield fault(place, _TYPES.get(str(limit), "invalid"))
        case "enum":
            yield fault(place, "enum", expected=", ".join(map(str, limit)))
        case "pattern":
            yield fault(place, "string_pattern_mismatch", pattern=limit)
        case "format":
            yield fault(place, "date_parsing")
        case "minLength" | "maxLength" | "minimum" | "maximum" | "minItems" | "maxItems" as rule:
            code, name = _BOUNDS[rule]
            yield fault(place, code, **{name: limit})
        case "uniqueItems":
            yield FieldFault(place, "unique", "有重复的项", "an entry stands twice")
        case _:
            yield fault(place, "invalid")


_BOUNDS: Final = {
    "minLength": ("string_too_short", "min_length"),
    "maxLength": ("string_too_long", "max_length"),
    "minimum": ("greater_than_equal", "ge"),
    "maximum": ("less_than_equal", "le"),
    "minItems": ("too_short", "min_length"),
    "maxItems": ("too_long", "max_length"),
}


def _escaped(part: object) -> str:
    return str(part).replace("~", "~0").replace("/", "~1")
