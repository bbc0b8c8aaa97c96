"""The region pack's rules on changes of a registered enterprise, as the domain goes by them."""

from services.registration.domain.change_policy import ChangePolicy, OtherRegistrar
from services.registration.domain.wording import Wording
from shared.region import RegionPack
from shared.region import changes as written


def change_policy(pack: RegionPack) -> ChangePolicy:
    """Read the section; times are the pack's named limits."""
    rules = pack.registration.changes
    return ChangePolicy(
        alteration=pack.limit(rules.alteration_limit).limit,
        permit_lost=pack.limit(rules.permit_lost_limit).limit,
        creditor_notice=pack.limit(rules.creditor_notice).limit,
        record=pack.limit(rules.record_limit).limit,
        cooperative_members=pack.limit(rules.cooperative_members_limit).limit,
        hand_over=pack.limit(rules.hand_over_limit).limit,
        paper_files=pack.limit(rules.paper_files_limit).limit,
        refusal_reasons={
            reason.key: Wording(reason.text.zh, reason.text.en) for reason in rules.refusal_reasons
        },
        other_registrars={other.uscc: _registrar(other) for other in rules.other_registrars},
    )


def _registrar(other: written.OtherRegistrar) -> OtherRegistrar:
    return OtherRegistrar(
        uscc=other.uscc,
        name=Wording(other.name.zh, other.name.en),
        division_code=other.division,
        keys=tuple(key.model_dump() for key in other.keys),
    )
