"""The region pack's rules for enterprises that leave, turned into what the domain goes by."""

from services.registration.domain.exit_policy import CountsFrom, ExitPolicy, OrdinaryPolicy, SimplePolicy
from shared.region import RegionPack


def exit_policy(pack: RegionPack) -> ExitPolicy:
    """Read the section; times are the pack's named limits."""
    rules = pack.registration.exits
    simple, ordinary = rules.simple, rules.ordinary
    return ExitPolicy(
        simple=SimplePolicy(
            notice=pack.limit(simple.notice).limit,
            application=pack.limit(simple.application).limit,
            warning=pack.limit(simple.warning).limit,
            hearing=pack.limit(simple.hearing).limit,
            decision=pack.limit(simple.decision).limit,
            counts_from=CountsFrom(simple.decision_counts_from),
            tries=simple.tries,
        ),
        ordinary=OrdinaryPolicy(
            group_notice=pack.limit(ordinary.group_notice).limit,
            claims=pack.limit(ordinary.claims).limit,
            claims_of_sole_proprietor=pack.limit(ordinary.claims_of_sole_proprietor).limit,
            application=pack.limit(ordinary.application).limit,
            application_of_partners=pack.limit(ordinary.application_of_partners).limit,
            decision=pack.limit(ordinary.decision).limit,
        ),
        tax_uscc=pack.agency(rules.tax_agency).uscc,
    )
