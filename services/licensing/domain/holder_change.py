"""What a permit makes of a new name or address of its holder (变更)."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from services.licensing.domain.permit import Permit
from services.licensing.domain.rules import PermitRule, Wording

PREMISES_CHANGED: Final = Wording(
    "持证主体的登记住所已变更。本许可按证载经营场所准予，不随住所变更，仅对该场所有效；"
    "在新场所经营的，应当依法申请变更或者重新申请（行政许可法第四十九条）。",
    "The registered address of the holder has changed. This permit was given for the premises that it names; it does "
    "not move with the holder and is good for those premises only. Who does business elsewhere applies for a change "
    "or anew (Administrative Licensing Law art. 49).",
)


@dataclass(frozen=True)
class HolderTold:
    """Name and address of an enterprise after an act of the register, and since when."""

    uscc: str
    name: str
    address: str | None
    effective_on: date


@dataclass(frozen=True)
class Followed:
    """What a permit is to say from now on, and whether its certificate or its standing differs from before."""

    permit: Permit
    is_signed_anew: bool
    is_marked: bool


def is_bound(rules: Iterable[PermitRule]) -> bool:
    """Whether a permit that holds these items was given for its premises: one that is bound binds the whole."""
    return any(rule.is_bound_to_premises for rule in rules)


def follow_holder(permit: Permit, told: HolderTold, *, bound: bool, apply_by: date | None) -> Followed:
    """Take the name over, and the address where the permit is not bound to its premises.

    A bound one keeps its premises and is marked while its holder is elsewhere; whoever comes back is marked no more.
    Source: 行政许可法 art. 49; 贵州省优化营商环境条例 art. 20 (permits outlive a move unless the law says otherwise).
    """
    moved = told.address is not None and bool(permit.premises) and told.address != permit.premises
    after = replace(permit, holder_name=told.name)
    if told.address is not None and not bound:
        after = replace(after, premises=told.address)
    elif not moved and told.address is not None:
        after = replace(after, premises_changed_on=None, apply_by=None)
    elif moved and permit.is_at_its_premises:
        after = replace(after, premises_changed_on=told.effective_on, apply_by=apply_by)
    return Followed(
        permit=after,
        is_signed_anew=(after.holder_name, after.premises) != (permit.holder_name, permit.premises),
        is_marked=after.premises_changed_on != permit.premises_changed_on,
    )
