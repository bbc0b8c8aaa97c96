"""Each act's filing as JSON; `kind` says which one it is."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from services.registration.api.acts.base import ContentIn
from services.registration.api.acts.establishment import EstablishmentFilingIn, EstablishmentIn
from services.registration.domain.filing_kinds import FilingKind

AnyContentIn = EstablishmentIn
"""What a filing says."""
AnyFilingIn = EstablishmentFilingIn
"""A new filing: what it says and how it comes in."""

SHAPES: Final[Mapping[FilingKind, type[ContentIn]]] = MappingProxyType(
    {FilingKind.ESTABLISHMENT: EstablishmentIn}
)
