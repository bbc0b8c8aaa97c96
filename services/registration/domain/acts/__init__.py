"""One module per act, in the statute's words: what its filing says, and the rules it is reviewed by."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from services.registration.domain.acts.alteration import Alteration
from services.registration.domain.acts.deregistration import Deregistration
from services.registration.domain.acts.record import Record
from services.registration.domain.acts.relocation import Relocation
from services.registration.domain.acts.simple_deregistration import SimpleDeregistration
from services.registration.domain.acts.suspension import Resuming, Suspending
from services.registration.domain.establishment import Establishment
from services.registration.domain.filing_kinds import FilingContent, FilingKind

CONTENTS: Final[Mapping[FilingKind, type[FilingContent]]] = MappingProxyType(
    {
        content.kind: content
        for content in (
            Establishment,
            Alteration,
            Record,
            Relocation,
            SimpleDeregistration,
            Deregistration,
            Suspending,
            Resuming,
        )
    }
)
"""What a filing of each kind says; a kind that is not here is not offered yet."""
