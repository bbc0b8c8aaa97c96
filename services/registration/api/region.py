"""The region pack's section on registration, turned into the rules that the domain goes by."""

from collections.abc import Sequence
from typing import Final

from services.registration.api.authority_region import authority_policy
from services.registration.api.change_region import change_policy
from services.registration.api.exit_region import exit_policy
from services.registration.api.name_region import name_policy
from services.registration.api.publicity_region import publicity_policy
from services.registration.domain.establishment_policy import (
    EstablishmentPolicy,
    NegativeListEntry,
    RegistrationMode,
)
from services.registration.domain.kinds import EnterpriseKind, KindVariant, Role
from services.registration.domain.licence import LicencePolicy, MergedFiling
from services.registration.domain.policy import (
    CodeBlock,
    KindPolicy,
    PermitNeed,
    Registrar,
    RegistryPolicy,
    ReviewPolicy,
    RolePolicy,
    ScopeEntry,
    VariantPolicy,
    Wording,
)
from services.registration.domain.suspension import SuspensionPolicy
from shared import region
from shared.identifiers import parse_uscc

# Region packs name some kinds by the words of the company law; the published language is older than they are.
_KINDS: Final = {
    "limited_liability_company": EnterpriseKind.LIMITED_COMPANY,
    "sole_proprietorship": EnterpriseKind.SOLE_PROPRIETOR_ENTERPRISE,
    "farmers_cooperative": EnterpriseKind.COOPERATIVE,
    "joint_stock_limited_company": EnterpriseKind.JOINT_STOCK_COMPANY,
}


def registry_policy(pack: region.RegionPack) -> RegistryPolicy:
    """Read what the register needs from the pack; raises ValueError for a kind or role that nobody knows."""
    rules = pack.registration
    registrar = pack.agency(rules.registrar)
    return RegistryPolicy(
        division_code=pack.region.code,
        division_name=pack.region.name.zh,
        registrar=Registrar(parse_uscc(registrar.uscc), _wording(registrar.name)),
        kinds={_kind(entry.key): _kind_policy(entry) for entry in rules.kinds},
        names=name_policy(pack),
        scope={entry.code: _scope_entry(pack, entry) for entry in rules.scope_entries},
        towns={town.code: town.name for town in pack.region.towns},
        known_divisions={entry.code: entry.name for entry in pack.divisions.entries},
        province_codes=frozenset(pack.divisions.province_codes),
        successors={entry.code: entry.successor for entry in pack.divisions.historic if entry.successor},
        codes=CodeBlock(
            rules.organisation_codes.prefix, rules.organisation_codes.first, rules.organisation_codes.last
        ),
        licence=_licence(pack),
        zones=pack.zones,
        publicity=publicity_policy(pack),
        establishment=_establishment(pack),
        changes=change_policy(pack),
        exits=exit_policy(pack),
        authority=authority_policy(pack),
        suspension=SuspensionPolicy(
            maximum=pack.limit("registration.suspension_maximum").limit,
            extension_window=pack.limit("registration.suspension_extension_window").limit,
            resumption_notice=pack.limit("registration.resumption_notice").limit,
            ahead=pack.limit("registration.suspension_ahead").limit,
        ),
        review=ReviewPolicy(
            pack.limit("registration.review_limit").limit,
            pack.limit("registration.review_extension").limit,
            pack.limit("registration.untouched_limit").limit,
        ),
    )


def _licence(pack: region.RegionPack) -> LicencePolicy:
    rules = pack.registration.business_licence
    return LicencePolicy(
        type_code=rules.type_code,
        name=rules.name.zh,
        defined_by=rules.defined_by.zh,
        merged_filings=tuple(
            MergedFiling(filing.key, _wording(filing.name), parse_uscc(pack.agency(filing.agency).uscc))
            for filing in pack.registration.merged_filings
        ),
        longest_copy=pack.limit(rules.longest_copy).limit,
    )


def _wording(text: region.Text) -> Wording:
    return Wording(text.zh, text.en)


def _kind(key: str) -> EnterpriseKind:
    return _KINDS[key] if key in _KINDS else EnterpriseKind(key)


def _kind_policy(entry: region.EnterpriseKind) -> KindPolicy:
    return KindPolicy(
        kind=_kind(entry.key),
        name=_wording(entry.name),
        body_type=entry.uscc_prefix[1],
        forms=entry.organisation_forms,
        roles=_roles(entry.roles),
        variants={
            KindVariant(each.key): VariantPolicy(
                KindVariant(each.key), _wording(each.name), _roles(each.roles), each.minimum_people
            )
            for each in entry.variants
        },
        minimum_people=entry.minimum_people,
        minimum_capital_fen=entry.minimum_capital_fen,
        maximum_capital_fen=entry.maximum_capital_fen,
        decided_at_level=entry.decided_at_level,
        is_instant=entry.is_instant,
    )


def _roles(roles: Sequence[region.Role]) -> tuple[RolePolicy, ...]:
    return tuple(
        RolePolicy(Role(role.key), _wording(role.name), role.minimum, role.maximum) for role in roles
    )


def _establishment(pack: region.RegionPack) -> EstablishmentPolicy:
    rules = pack.registration.establishment
    return EstablishmentPolicy(
        mode=RegistrationMode(rules.mode.value),
        precedent_answer=pack.limit(rules.precedent_answer).limit,
        negative_list=tuple(
            NegativeListEntry(entry.scope, _wording(entry.measure)) for entry in rules.negative_list
        ),
    )


def _scope_entry(pack: region.RegionPack, entry: region.ScopeEntry) -> ScopeEntry:
    return ScopeEntry(
        code=entry.code,
        text=_wording(entry.text),
        industry_code=entry.gbt4754,
        permits=tuple(PermitNeed(item, _wording(pack.permit_item(item).name)) for item in entry.permit_items),
        permit_first=_wording(entry.permit_first) if entry.permit_first else None,
        touches_public_safety=entry.public_safety,
    )
