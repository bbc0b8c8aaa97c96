"""Show the one form (一张表单) of an industry, prefilled with what registration's events told."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from services.licensing.domain.enterprise import Enterprise
from services.licensing.use_cases.act_for_enterprise import act_for_enterprise
from services.licensing.use_cases.office import Office
from services.licensing.use_cases.rulebook import scheme_of
from shared.database.unit_of_work import UnitOfWork
from shared.region import RegionPack, typed_fields


@dataclass(frozen=True)
class PrefilledForm:
    """The form's JSON Schema, the values that nobody types again, and pointers to what is left to fill."""

    industry_code: str
    schema: dict[str, Any]
    prefilled: dict[str, Any]
    sources: dict[str, str]
    remaining: tuple[str, ...]


async def prefill_form(
    industry_code: str, uscc: str, acting_as: str | None, uow: UnitOfWork, office: Office
) -> PrefilledForm:
    """For who may act for the enterprise. Raises IndustryUnknown, EnterpriseUnknown, EnterpriseNotFound."""
    scheme = scheme_of(office.region, industry_code)
    enterprise = await act_for_enterprise(uscc, acting_as, uow)
    schema = office.region.scheme_form(scheme.key)
    prefilled = known_values(schema, enterprise)
    left = {name: part for name, part in schema["properties"].items() if name not in prefilled}
    sections = typed_fields(left.pop("permits"), "/permits")
    return PrefilledForm(
        industry_code=industry_code,
        schema=schema,
        prefilled=prefilled,
        sources={name: schema["properties"][name]["x-source"] for name in prefilled},
        remaining=(*(f"/{name}" for name in left), *sections),
    )


def known_values(schema: Mapping[str, Any], enterprise: Enterprise) -> dict[str, Any]:
    """Values of the form's fields that registration's events told, by the source that the field names."""
    established = enterprise.established_on
    told: dict[str, Any] = {
        "registration.uscc": enterprise.uscc,
        "registration.name": enterprise.name,
        "registration.kind": enterprise.kind,
        "registration.address": enterprise.address,
        "registration.division_code": enterprise.division_code[:6],
        "registration.scope_codes": list(enterprise.scope_codes),
        "registration.established_on": established and established.isoformat(),
        "registration.capital_fen": enterprise.registered_capital_fen,
    }
    return {
        name: told[part["x-source"]]
        for name, part in schema["properties"].items()
        if told.get(part.get("x-source")) is not None
    }


def protected_fields(region: RegionPack) -> frozenset[str]:
    """Fields of forms whose source the region classes as shared or personal."""
    classed = {
        f"{resource.key.partition('.')[0]}.{field.name}"
        for resource in region.resources
        for field in resource.fields
        if field.field_class.value != "public"
    }
    return frozenset(field.key for field in region.form_fields if field.source in classed)
