"""Reads the region pack as rules: the industries of the directory and what each asks for."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from graphlib import CycleError, TopologicalSorter

from services.licensing.domain.rules import (
    AgencyName,
    CertificateKind,
    CommitmentOffer,
    Industry,
    IndustryUnknown,
    MaterialRule,
    Mode,
    Onsite,
    PermitRule,
    Wording,
)
from shared.region import (
    Agency,
    Certificate,
    IndustryScheme,
    NotInRegionPack,
    PermitItem,
    RegionPack,
    Text,
)

ISSUING_DUTY = "issue_comprehensive_permits"
_CANCELLED = Wording("该许可事项已取消，无需办理。", "This permit has been abolished; nothing is needed.")


@dataclass(eq=False)
class NeedsInARing(ValueError):
    """Permit items need each other in a ring: none of them could ever be granted; the process does not start."""

    items: tuple[str, ...]

    def __str__(self) -> str:
        return "permit items need each other in a ring: " + " -> ".join(self.items)


def scheme_of(region: RegionPack, code: str) -> IndustryScheme:
    """Find a scheme; raises IndustryUnknown."""
    try:
        return region.scheme(code)
    except NotInRegionPack as missing:
        raise IndustryUnknown(code) from missing


def industry_for(region: RegionPack, code: str, answers: Mapping[str, bool | int]) -> Industry:
    """What an industry asks for, given complete answers; raises IndustryUnknown."""
    scheme = scheme_of(region, code)
    required, waived = [], []
    for component in scheme.component_permits:
        rule = permit_rule(region, component.item)
        if rule.mode is Mode.CANCEL:
            waived.append((rule, _CANCELLED))
        elif component.is_required(answers) or component.not_required_reason is None:
            required.append(rule)
        else:
            waived.append((rule, wording(component.not_required_reason)))
    items = {rule.item for rule in required}
    ordered = tuple(replace(rule, needs=tuple(n for n in rule.needs if n in items)) for rule in required)
    return _industry(region, scheme, ordered, tuple(waived))


def industry_as_accepted(region: RegionPack, code: str, items: Sequence[str]) -> Industry:
    """An industry with the permits that an application was accepted for, whatever a newer pack would ask."""
    required = tuple(permit_rule(region, item) for item in items)
    return _industry(region, scheme_of(region, code), required, ())


def check_order(region: RegionPack) -> None:
    """Raises NeedsInARing where items would wait for each other without end."""
    order = TopologicalSorter({item.key: item.needs for item in region.permit_items})
    try:
        order.prepare()
    except CycleError as error:
        raise NeedsInARing(tuple(error.args[1])) from error


def permit_rule(region: RegionPack, item: str) -> PermitRule:
    """The rule of one permit item; raises NotInRegionPack."""
    return _rule(region, region.permit_item(item))


def _industry(
    region: RegionPack,
    scheme: IndustryScheme,
    required: tuple[PermitRule, ...],
    not_required: tuple[tuple[PermitRule, Wording], ...],
) -> Industry:
    return Industry(
        code=scheme.key,
        name=wording(scheme.name),
        lead=agency_name(region.agency(scheme.lead_agency)),
        issuer=agency_name(_issuer(region, scheme)),
        certificate=_certificate(region, scheme.certificate),
        required=required,
        not_required=not_required,
    )


def rules_of(region: RegionPack, scheme: IndustryScheme) -> tuple[PermitRule, ...]:
    """All permits of a scheme, whatever the answers."""
    return tuple(permit_rule(region, permit.item) for permit in scheme.component_permits)


def agency_name(agency: Agency) -> AgencyName:
    """An agency by credit code and name."""
    return AgencyName(agency.uscc, wording(agency.name))


def wording(text: Text) -> Wording:
    """A text of the pack as a domain value."""
    return Wording(text.zh, text.en)


def _issuer(region: RegionPack, scheme: IndustryScheme) -> Agency:
    """The agency whose duty it is (LIC-11, LIC-33), else the one that leads the industry."""
    for agency in region.agencies:
        if agency.has_duty(ISSUING_DUTY):
            return agency
    return region.agency(scheme.lead_agency)


def _rule(region: RegionPack, item: PermitItem) -> PermitRule:
    offer, premises = item.commitment, item.premises
    return PermitRule(
        item=item.key,
        name=wording(item.name),
        agency=agency_name(region.agency(item.agency)),
        mode=Mode(item.mode.value),
        statutory=item.statutory.limit,
        promised=item.promised.limit,
        onsite=Onsite(item.onsite.timing.value),
        onsite_within=item.onsite.within.limit if item.onsite.within else None,
        conditions=tuple(wording(condition) for condition in item.conditions),
        materials=tuple(
            MaterialRule(each.key, wording(each.name), each.is_main, each.shared_from)
            for each in item.materials
        ),
        legal_basis=item.legal_basis,
        valid_years=item.valid_years,
        offer=CommitmentOffer(wording(offer.text), offer.minimum_grade) if offer else None,
        exclusions=item.exclusions,
        certificate=_certificate(region, item.certificate),
        form_fields=item.form_fields,
        needs=item.needs,
        is_bound_to_premises=premises is None or premises.are_bound,
        apply_within=premises.apply_within.limit if premises and premises.apply_within else None,
    )


def _certificate(region: RegionPack, certificate: Certificate) -> CertificateKind:
    definer = region.agency_by_uscc(certificate.type_code[:18])
    return CertificateKind(
        certificate.type_code,
        wording(certificate.name),
        definer.name.zh if definer else certificate.type_code[:18],
    )
