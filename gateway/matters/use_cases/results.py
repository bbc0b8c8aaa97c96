"""What a matter brought (办理结果): items, permits still needed, filings merged in, the start-up package."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from gateway.matters.domain.beginning import DONE
from gateway.matters.domain.life_cycles import MatterState
from gateway.matters.domain.model import CONSOLIDATION, Case, Json, Part, Title
from gateway.matters.domain.register_facts import MergedFiling
from gateway.matters.use_cases.case_parts import scope_of
from gateway.matters.use_cases.themes import title_of
from shared import region
from shared.region import PackageSection, RegionPack

_ENDED_WELL = (MatterState.COMPLETED, MatterState.PARTLY_COMPLETED)


@dataclass(frozen=True)
class ResultItem:
    """What one part came to; `free` is what the applicant got without paying."""

    key: str
    title: Title
    agency_uscc: str
    result: Json
    free: tuple[Title, ...]
    handed_out_at: datetime | None


@dataclass(frozen=True)
class PermitNeeded:
    """An operating permit that the scope calls for (涉企经营许可事项). Source: REG-20 (青海证照分离 二)."""

    item: str
    title: Title
    agency_uscc: str
    scope_codes: tuple[str, ...]


@dataclass(frozen=True)
class PackagePart:
    """One of the five sections of the package."""

    section: PackageSection
    items: tuple[ResultItem, ...]


@dataclass(frozen=True)
class StartUpPackage:
    """What a newly founded enterprise gets (创业礼包). Source: REG-09 (晋城城区方案 #16)."""

    parts: tuple[PackagePart, ...]
    policies: tuple[region.PolicyDocument, ...]


@dataclass(frozen=True)
class MatterResult:
    """`cost_fen` is all that the applicant pays; what concerns a new enterprise is None before it is registered."""

    items: tuple[ResultItem, ...]
    cost_fen: int
    permits_needed: tuple[PermitNeeded, ...] | None
    merged_filings: tuple[MergedFiling, ...]
    package: StartUpPackage | None


def result_of(case: Case, pack: RegionPack) -> MatterResult:
    """As the matter stands."""
    theme = next((each for each in pack.matters if each.key == case.matter.theme), None)
    is_new = case.makes_enterprise and case.matter.uscc is not None and theme is not None
    has_package = is_new and case.matter.state in _ENDED_WELL
    return MatterResult(
        items=tuple(_item(part, case) for part in case.parts if part.state in DONE),
        cost_fen=sum(part.fee_fen for part in case.parts),
        permits_needed=_permits_needed(case, theme, pack) if is_new and theme else None,
        merged_filings=case.matter.merged_filings if is_new else (),
        package=_package(case, theme, pack) if has_package and theme else None,
    )


def _item(part: Part, case: Case) -> ResultItem:
    free = getattr(part, "free", ())
    return ResultItem(part.key, part.title, part.agency_uscc, part.result, free, case.matter.handed_out_at)


def _permits_needed(case: Case, theme: region.Matter, pack: RegionPack) -> tuple[PermitNeeded, ...]:
    codes = scope_of(pack, theme, case.matter.form)
    by_item: dict[str, list[str]] = {}
    for code in codes:
        entry = pack.registration.scope_entry(code)
        for item in entry.permit_items if entry else ():
            by_item.setdefault(item, []).append(code)
    return tuple(
        PermitNeeded(
            item=item,
            title=title_of(pack.permit_item(item).name),
            agency_uscc=pack.agency(pack.permit_item(item).agency).uscc,
            scope_codes=tuple(because),
        )
        for item, because in by_item.items()
    )


def _package(case: Case, theme: region.Matter, pack: RegionPack) -> StartUpPackage:
    sections = {part.key: part.package_section for part in theme.parts}
    done = [part for part in case.parts if part.state in DONE and part.key != CONSOLIDATION]
    parts = tuple(
        PackagePart(section, tuple(_item(part, case) for part in done if sections.get(part.key) is section))
        for section in PackageSection
    )
    industries = _industries(pack, scope_of(pack, theme, case.matter.form))
    policies = tuple(each for each in pack.handling.policy_documents if each.is_for(industries))
    return StartUpPackage(parts, policies)


def _industries(pack: RegionPack, codes: Sequence[str]) -> frozenset[str]:
    entries = (pack.registration.scope_entry(code) for code in codes)
    return frozenset(entry.gbt4754 for entry in entries if entry is not None)
