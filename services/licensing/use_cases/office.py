"""What every use case works with: the region's rules, its calendar, and the keys of certificates."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Self

from services.licensing.settings import LicensingSettings
from services.licensing.use_cases.rulebook import check_order
from shared.calendar import WorkingCalendar
from shared.certificates import KeyRing, LocalSealProvider, SealProvider, TrustedKey
from shared.identifiers import Uscc
from shared.region import RegionPack


@dataclass(frozen=True)
class Office:
    """Built once per process from settings and region pack, and passed down."""

    region: RegionPack
    calendar: WorkingCalendar
    keys: KeyRing
    seals: SealProvider
    public_url: str
    credit_wait: timedelta
    renewal_opens: timedelta

    @classmethod
    def open(cls, region: RegionPack, settings: LicensingSettings) -> Self:
        """Read the keys and build the calendar; raises UnusableKey, UnusableOlderKey, NeedsInARing, OSError."""
        check_order(region)
        return cls(
            region=region,
            calendar=region.calendar(),
            keys=KeyRing.open(settings.signing_key_file, settings.older_keys),
            seals=LocalSealProvider(),
            public_url=settings.public_url.rstrip("/"),
            credit_wait=timedelta(minutes=settings.credit_wait_minutes),
            renewal_opens=timedelta(days=int(region.limit("licensing.renewal_opens").limit.value)),
        )

    @property
    def trusted_keys(self) -> Mapping[str, TrustedKey]:
        """The keys of this service may have signed for every agency of the region."""
        return self.keys.trusted_for(frozenset(Uscc(agency.uscc) for agency in self.region.agencies))

    @property
    def grades(self) -> tuple[str, ...]:
        """The region's credit grades from the best down."""
        return tuple(step.grade for step in self.region.scorecard.grades)
