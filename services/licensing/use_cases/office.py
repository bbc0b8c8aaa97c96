"""What every use case works with: the region's rules, its calendar, and the key that signs certificates."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Self

from shared.calendar import OfficeSpan, WorkingCalendar
from shared.certificates import LocalSealProvider, SealProvider, TrustedKey
from shared.identifiers import Uscc
from shared.region import RegionPack
from shared.security.keys import SigningKey


@dataclass(frozen=True)
class Office:
    """Built once per process from settings and region pack, and passed down."""

    region: RegionPack
    calendar: WorkingCalendar
    signing_key: SigningKey = field(repr=False)
    seals: SealProvider
    public_url: str
    credit_wait: timedelta

    @classmethod
    def open(
        cls, region: RegionPack, *, signing_key_file: Path, public_url: str, credit_wait_minutes: int
    ) -> Self:
        """Read the key and build the calendar; raises UnusableKey, OSError."""
        spans = region.region.office_hours.spans
        calendar = WorkingCalendar.national(
            local_closures=frozenset(closure.date for closure in region.region.closures),
            office_hours=tuple(OfficeSpan(span.opens, span.closes) for span in spans),
        )
        return cls(
            region=region,
            calendar=calendar,
            signing_key=SigningKey.from_pem(signing_key_file.read_bytes()),
            seals=LocalSealProvider(),
            public_url=public_url.rstrip("/"),
            credit_wait=timedelta(minutes=credit_wait_minutes),
        )

    @property
    def trusted_keys(self) -> Mapping[str, TrustedKey]:
        """The key of this service may sign for every agency of the region."""
        issuers = frozenset(Uscc(agency.uscc) for agency in self.region.agencies)
        key = self.signing_key.verification_key()
        return {key.kid: TrustedKey(key, issuers)}

    @property
    def grades(self) -> tuple[str, ...]:
        """The region's credit grades from the best down."""
        return tuple(step.grade for step in self.region.scorecard.grades)
