"""The region pack's rules for names, turned into what the domain goes by."""

from typing import Final

from services.registration.domain.name_likeness import Likeness
from services.registration.domain.name_policy import (
    DisputePolicy,
    LikenessPolicy,
    NamePolicy,
    ReservationPolicy,
    Weighing,
)
from services.registration.domain.names import name_key
from services.registration.domain.wording import Wording
from shared.region import RegionPack
from shared.region import registration as pack_rules

_NO_NAME: Final = "市辖区"  # what stands where a prefecture has no county of the name


def name_policy(pack: RegionPack) -> NamePolicy:
    """Read what the register needs of names from the pack."""
    rules = pack.registration.names
    forms = {name_key(form) for kind in pack.registration.kinds for form in kind.organisation_forms}
    reservation = pack.limit(rules.reservation_limit).limit
    return NamePolicy(
        region_prefixes=rules.region_prefixes,
        division_names=frozenset(
            [entry.name for entry in pack.divisions.entries]
            + [entry.name for entry in pack.divisions.historic if entry.name != _NO_NAME]
        ),
        minimum_length=rules.trade_name_min_length,
        maximum_length=rules.trade_name_max_length,
        reservation=reservation,
        conflict_window=pack.limit(rules.conflict_window).limit,
        forbidden={word.word: Wording(word.reason.zh, word.reason.en) for word in rules.forbidden_words},
        trades={entry.word: frozenset(entry.gbt4754) for entry in rules.trade_words},
        forms=tuple(sorted(forms | {"股份有限公司", "分公司"}, key=len, reverse=True)),
        branch_endings=rules.branch_endings,
        likeness=LikenessPolicy(
            similar_from=float(rules.likeness.similar_from),
            same_trade=_weighing(rules.likeness.same_trade),
            neighbouring_trade=_weighing(rules.likeness.neighbouring_trade),
        ),
        reservations=ReservationPolicy(
            most=rules.reservations.most,
            usual=reservation,
            with_permit=pack.limit(rules.reservations.with_permit_limit).limit,
            reminder=pack.limit(rules.reservations.reminder).limit,
        ),
        disputes=DisputePolicy(
            acceptance=pack.limit(rules.disputes.acceptance_limit).limit,
            ruling=pack.limit(rules.disputes.ruling_limit).limit,
            change=pack.limit(rules.disputes.change_limit).limit,
        ),
    )


def _weighing(rules: pack_rules.Weighing) -> Weighing:
    return Weighing(
        referred=frozenset(Likeness(key) for key in rules.referred),
        noted=frozenset(Likeness(key) for key in rules.noted),
    )
