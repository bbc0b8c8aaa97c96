"""The region pack's rules for acts against an enterprise's will, turned into what the domain goes by."""

from typing import Final

from services.registration.domain.authority_policy import (
    AuthorityPolicy,
    FalseRegistrationPolicy,
    ForcedExitPolicy,
)
from shared.calendar import LimitUnit
from shared.region import RegionPack

# Source: 公司法 art. 241: notice of at least sixty days.
LEAST_NOTICE_DAYS: Final = 60


def authority_policy(pack: RegionPack) -> AuthorityPolicy:
    """Read the section; raises ValueError for a notice that is shorter than the law allows."""
    rules = pack.registration.authority_acts
    notice = pack.limit(rules.forced_notice).limit
    if notice.unit is not LimitUnit.CALENDAR_DAY or notice.value < LEAST_NOTICE_DAYS:
        raise ValueError(f"{rules.forced_notice}: at least {LEAST_NOTICE_DAYS} calendar days")
    return AuthorityPolicy(
        forced_exit=ForcedExitPolicy(
            after=pack.limit(rules.forced_after).limit,
            notice=notice,
            restoration=pack.limit(rules.forced_restoration).limit,
        ),
        false_registration=FalseRegistrationPolicy(
            acceptance=pack.limit(rules.acceptance).limit,
            investigation=pack.limit(rules.investigation).limit,
            extension=pack.limit(rules.investigation_extension).limit,
            publication=pack.limit(rules.publication).limit,
        ),
        courts=frozenset(pack.agency(key).uscc for key in rules.courts),
    )
