"""Each act's filing as JSON; `kind` says which one it is."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Annotated, Final

from pydantic import Field

from services.registration.api.acts.alteration import AlterationFilingIn, AlterationIn
from services.registration.api.acts.base import ContentIn
from services.registration.api.acts.deregistration import DeregistrationFilingIn, DeregistrationIn
from services.registration.api.acts.establishment import EstablishmentFilingIn, EstablishmentIn
from services.registration.api.acts.record import RecordFilingIn, RecordIn
from services.registration.api.acts.relocation import RelocationFilingIn, RelocationIn
from services.registration.api.acts.simple_deregistration import (
    SimpleDeregistrationFilingIn,
    SimpleDeregistrationIn,
)
from services.registration.api.acts.suspension import (
    ResumptionFilingIn,
    ResumptionIn,
    SuspensionFilingIn,
    SuspensionIn,
)
from services.registration.domain.filing_kinds import FilingKind

AnyContentIn = Annotated[
    EstablishmentIn
    | AlterationIn
    | RecordIn
    | RelocationIn
    | SimpleDeregistrationIn
    | DeregistrationIn
    | SuspensionIn
    | ResumptionIn,
    Field(discriminator="kind"),
]
"""What a filing says."""
AnyFilingIn = Annotated[
    EstablishmentFilingIn
    | AlterationFilingIn
    | RecordFilingIn
    | RelocationFilingIn
    | SimpleDeregistrationFilingIn
    | DeregistrationFilingIn
    | SuspensionFilingIn
    | ResumptionFilingIn,
    Field(discriminator="kind"),
]
"""A new filing: what it says and how it comes in."""

SHAPES: Final[Mapping[FilingKind, type[ContentIn]]] = MappingProxyType(
    {
        FilingKind.ESTABLISHMENT: EstablishmentIn,
        FilingKind.ALTERATION: AlterationIn,
        FilingKind.RECORD: RecordIn,
        FilingKind.RELOCATION: RelocationIn,
        FilingKind.SIMPLE_DEREGISTRATION: SimpleDeregistrationIn,
        FilingKind.DEREGISTRATION: DeregistrationIn,
        FilingKind.SUSPENSION: SuspensionIn,
        FilingKind.RESUMPTION: ResumptionIn,
    }
)
